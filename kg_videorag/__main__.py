"""`python -m kg_videorag` is `kg-videorag`."""

from kg_videorag.cli import main

main()

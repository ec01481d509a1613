"""`kg-videorag`, also as `python -m kg_videorag`."""

from __future__ import annotations

import sys


def main() -> None:
    """The console script: what no command caught ends in one line, not in a traceback."""
    try:
        from kg_videorag.cli import app

        app()
    except KeyboardInterrupt:
        sys.exit("interrupted")
    except OSError as error:  # most often stdout: a full disk behind it
        _drop_output()
        sys.exit(f"error: {error}")


def _drop_output() -> None:
    """Python would flush what cannot be written once more at its end, with a traceback."""
    import os

    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    main()

"""What becomes of the arguments of `ingest`: files, folders, patterns, addresses, arrivals."""

FETCH = "fetch"  # the stage in which an address is brought

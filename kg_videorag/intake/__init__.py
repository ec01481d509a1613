"""What becomes of the arguments of `ingest`: files, folders, patterns, addresses, arrivals."""

"""Rules of English that turn a text parsed by spaCy into entities and relations."""

VERSION = "2"  # raise it when the rules would read a text otherwise: videos are then ingested anew

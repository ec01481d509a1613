"""Media to graph: decode, transcribe, segment, extract, embed, write."""

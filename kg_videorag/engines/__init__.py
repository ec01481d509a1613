"""One adapter per file; each owns its library and translates its errors."""

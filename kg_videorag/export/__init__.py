"""What others read: tables of results as files."""

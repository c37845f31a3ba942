"""A lesson as a file: read, checked, shown to each audience, and found in the library. No database here."""

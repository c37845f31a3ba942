"""Pages that join rooms: the start page, a class, a school; it owns no tables."""

"""A new school year: every class at once, looked at before it happens, and undone until the day after."""

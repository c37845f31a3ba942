"""The desk of IOK: what waits, and the lists of the region; and the desk of a school's coordinator."""

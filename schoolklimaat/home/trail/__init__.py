"""The audit trail as people read it: of a school, and of the region."""

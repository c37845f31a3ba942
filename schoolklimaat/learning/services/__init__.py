"""What can be asked of and done with lessons, assignments and answers; a file a noun. Nothing here commits."""

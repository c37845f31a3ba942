"""Learning: lessons as pupils meet them, their answers, and their ideas that reach the roadmap."""

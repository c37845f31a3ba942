"""What we keep of one person: shown to that person, handed over, and let go."""

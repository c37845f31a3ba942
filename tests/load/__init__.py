"""Load on a real server: a class that signs in at once, and three hundred pupils who hand in beside ten live grids."""

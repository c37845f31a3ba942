"""Schools: where they stand, their rooms and hours, their classes, and who belongs to them."""

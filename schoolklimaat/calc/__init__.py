"""Pure functions: what the figures mean. No Flask, no database, no sensors."""

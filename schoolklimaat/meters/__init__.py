"""Meters: grid connections, their tariffs, and imports of consumption exports."""

"""The demo: a region with five invented schools, their people and kits, thirteen months of history, and live readings.

Everything in it is made up and marked so (`School.simulated`); only the names and codes of municipalities are facts.
"""

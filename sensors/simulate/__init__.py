"""A plausible school that never was: weather, classes, rooms and meters, as history in bulk and as live kits.

Everything is a function of a seed and the moment, so that history and live kits tell one story and a second run goes
on where the first stopped. Nothing here is a measurement; whoever stores it says that it is simulated.
"""

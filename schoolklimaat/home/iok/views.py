"""The pages of the desk; importing a file adds its routes, so each is named here."""

from schoolklimaat.home.iok import kits, people, reference, schools, start
from schoolklimaat.home.iok.blueprint import blueprint

__all__ = ["blueprint", "kits", "people", "reference", "schools", "start"]

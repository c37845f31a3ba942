"""Pages of people, a file a noun; importing a file adds its routes, so each is named here."""

from schoolklimaat.people.views import account, devices, external, reset, second_step, sign_in, tokens
from schoolklimaat.people.views.blueprint import blueprint

__all__ = ["account", "blueprint", "devices", "external", "reset", "second_step", "sign_in", "tokens"]

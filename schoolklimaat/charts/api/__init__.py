"""The JSON API: what an account may see, for a program with a token. It reads only; its shape stands in `openapi.py`."""

from schoolklimaat.charts.api import places, series
from schoolklimaat.charts.api.blueprint import account_of_token, blueprint

__all__ = ["account_of_token", "blueprint", "places", "series"]

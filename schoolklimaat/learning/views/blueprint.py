"""The one blueprint that all pages of learning hang on."""

from pathlib import Path
from typing import Final

from flask import Blueprint

from schoolklimaat.learning import models

STATIC: Final = Path(__file__).resolve().parents[1] / "static"
TABLES: Final = models.__all__  # importing them gave the database their tables

blueprint = Blueprint("learning", __name__, template_folder="../templates")

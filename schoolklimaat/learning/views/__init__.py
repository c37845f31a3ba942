"""Pages of learning, one file a noun; all hang on one blueprint."""

from flask import Blueprint

from schoolklimaat.learning import models

blueprint = Blueprint("learning", __name__, template_folder="../templates")
TABLES = models.__all__  # importing them gave the database their tables

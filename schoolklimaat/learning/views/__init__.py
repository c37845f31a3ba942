"""Pages of learning, one file a noun; all hang on one blueprint."""

from flask import Blueprint

blueprint = Blueprint("learning", __name__, template_folder="../templates")

"""The blueprint that every file of views here adds its routes to."""

from flask import Blueprint

blueprint = Blueprint("schools", "schoolklimaat.schools", template_folder="templates")

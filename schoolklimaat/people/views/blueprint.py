"""The blueprint that every file of views here adds its routes to."""

from flask import Blueprint

blueprint = Blueprint("people", "schoolklimaat.people", template_folder="templates")

"""The blueprint that every file of views here adds its routes to."""

from flask import Blueprint

blueprint = Blueprint("iok", "schoolklimaat.home.iok", template_folder="../templates")

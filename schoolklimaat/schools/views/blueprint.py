"""The blueprint that every file of views here adds its routes to."""

from flask import Blueprint

from schoolklimaat.schools.avatars import avatar_name

blueprint = Blueprint("schools", "schoolklimaat.schools", template_folder="templates")
blueprint.add_app_template_filter(avatar_name)

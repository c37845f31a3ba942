"""The pages of a room's air and of a school's energy, with the JSON and CSV of every chart on them."""

from flask import Blueprint

blueprint = Blueprint("charts", __name__, template_folder="templates", static_folder=None)

"""`schoolklimaat migrate`: brings the database and the reading store to this version."""

import argparse
import sys

from flask_migrate import upgrade

from schoolklimaat.app import create_app
from schoolklimaat.core.bundled import bundled
from schoolklimaat.kits.readings import store

NAME = "migrate"
HELP = "brengt de databank en de opslag van metingen op orde; mag altijd opnieuw"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take no arguments."""


def run(arguments: argparse.Namespace) -> int:  # noqa: ARG001 - this verb takes none
    """Migrate, and make the store's bucket where it has one."""
    app = create_app()
    with app.app_context():
        upgrade(directory=str(bundled("migrations")))
        prepare = getattr(store(), "prepare", None)
        if prepare is not None:
            prepare()
    print("De databank is klaar.", file=sys.stderr)
    return 0

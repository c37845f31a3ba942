"""`schoolklimaat worker`: carries out what takes longer than a request."""

import argparse
import signal
import sys

from schoolklimaat.app import create_app
from schoolklimaat.core import jobs

NAME = "worker"
HELP = "voert het werk uit dat langer duurt dan een pagina, zoals een import"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take no arguments."""


def run(arguments: argparse.Namespace) -> int:  # noqa: ARG001 - this verb takes none
    """Work until a signal comes."""
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(0))
    app = create_app()
    jobs.run_nightly(app)  # the computer of a small site may be off at night
    consumer = jobs.queue(app).create_consumer(workers=1, initial_delay=0.05, max_delay=0.5, periodic=True)
    consumer.run()
    return 0

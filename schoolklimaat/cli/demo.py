"""`schoolklimaat demo`: a region of five invented schools with live kits, on this machine, in one go."""

import argparse
import os
import sys
from pathlib import Path

from schoolklimaat.cli.ports import PortTakenError, require_free
from schoolklimaat.demo.plans import LIVE_PACE_S
from schoolklimaat.demo.run import HOST, Wish
from schoolklimaat.demo.run import run as run_demo
from schoolklimaat.demo.state import DemoError
from schoolklimaat.settings import Settings

NAME = "demo"
HELP = "start alles met een verzonnen regio: vijf scholen, een jaar metingen en kits die live meten"
HISTORY_DAYS = 396  # thirteen months: a year and the month before it to compare with


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the port, the folder, and how much and how fast is simulated."""
    parser.add_argument("--port", type=int, default=8000, help="poort van de site (standaard %(default)s)")
    parser.add_argument(
        "--data", metavar="DIR", help="map voor alle gegevens (standaard: SCHOOLKLIMAAT_DATA of instance)"
    )
    parser.add_argument(
        "--json", action="store_true", help="één regel JSON op standaarduitvoer zodra alles klaar is, voor programma's"
    )
    parser.add_argument(
        "--days", type=_days, default=HISTORY_DAYS, metavar="N",
        help="dagen geschiedenis bij de eerste start (standaard %(default)s)",
    )  # fmt: skip
    parser.add_argument(
        "--pace", type=_pace, default=LIVE_PACE_S, metavar="S",
        help="seconden tussen live metingen van een lokaal (standaard %(default)g)",
    )  # fmt: skip


def run(arguments: argparse.Namespace) -> int:
    """Run until Ctrl-C or SIGTERM: 0; 1 with a message when it cannot."""
    environ = dict(os.environ)
    if arguments.data:
        environ["SCHOOLKLIMAAT_DATA"] = str(Path(arguments.data).absolute())
    try:
        require_free(HOST, arguments.port, "--port (bij make: PORT=…)")
        settings = Settings.from_environ(environ)
        run_demo(Wish(arguments.port, arguments.days, arguments.pace, arguments.json), settings)
    except (PortTakenError, DemoError) as problem:
        print(f"schoolklimaat demo: {problem}", file=sys.stderr)
        return 1
    return 0


def _days(text: str) -> int:
    days = int(text)
    if not 1 <= days <= 3650:  # noqa: PLR2004 - ten years
        raise argparse.ArgumentTypeError("kies 1 tot 3650 dagen")
    return days


def _pace(text: str) -> float:
    pace = float(text)
    if not 0.5 <= pace <= 3600:  # noqa: PLR2004 - an hour
        raise argparse.ArgumentTypeError("kies 0.5 tot 3600 seconden")
    return pace

"""`schoolklimaat ingest`: takes in what kits publish."""

import argparse
import logging
import sys
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from schoolklimaat.settings import Settings
from sensors.ingest import Ingester
from sensors.journal import Journal
from sensors.store.opening import open_store

NAME = "ingest"
HELP = "leest de berichten van de kits en bewaart de metingen"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the zone of kits that state a time without one."""
    parser.add_argument(
        "--timezone", default="Europe/Brussels", metavar="TZ",
        help="tijdzone van kits die een uur zonder zone melden (standaard %(default)s; leeg: tijd van ontvangst)",
    )  # fmt: skip


def run(arguments: argparse.Namespace) -> int:
    """Ingest until a signal comes."""
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    try:
        zone = ZoneInfo(arguments.timezone) if arguments.timezone else None
    except (ZoneInfoNotFoundError, ValueError):
        print(f"schoolklimaat ingest: tijdzone {arguments.timezone!r} bestaat niet.", file=sys.stderr)
        return 1
    settings = Settings.from_environ()
    store = open_store(settings.readings_url)
    return Ingester(settings.mqtt_url, Journal(settings.ingest_log_path, store), store, timezone=zone).run()

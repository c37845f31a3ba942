"""`schoolklimaat serve`: the site, on Granian (docs/decisions/002)."""

import argparse
import os
import sys

from granian.constants import Interfaces
from granian.server import Server

from schoolklimaat.cli.ports import PortTakenError, require_free

NAME = "serve"
HELP = "start de site"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the address and the number of workers."""
    parser.add_argument("--host", default="127.0.0.1", help="adres om op te luisteren (standaard %(default)s)")
    parser.add_argument("--port", type=int, default=8000, help="poort (standaard %(default)s)")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="aantal processen (standaard: kernen)")


def run(arguments: argparse.Namespace) -> int:
    """Serve until a signal comes."""
    try:
        require_free(arguments.host, arguments.port, "--port")
    except PortTakenError as taken:
        print(f"schoolklimaat serve: {taken}", file=sys.stderr)
        return 1
    Server(
        "schoolklimaat.app:create_app",
        factory=True,
        address=arguments.host,
        port=arguments.port,
        interface=Interfaces.WSGI,
        workers=arguments.workers,
        blocking_threads=1,
        log_access=False,
        respawn_failed_workers=True,
        workers_kill_timeout=3,
    ).serve()
    return 0

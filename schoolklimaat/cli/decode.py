"""`schoolklimaat decode`: says what captured messages hold."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sensors.capture import answers

NAME = "decode"
HELP = "zegt wat opgenomen MQTT-berichten bevatten, één regel JSON per bericht; bewaart niets"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the capture and a zone."""
    parser.add_argument("capture", metavar="CAPTURE", help="JSON Lines met topic en payload; - leest van stdin")
    parser.add_argument("--timezone", metavar="TZ", help="zone van tijden zonder zone, bijvoorbeeld Europe/Brussels")


def run(arguments: argparse.Namespace) -> int:
    """Answer each line on stdout; say on stderr which lines are broken."""
    try:
        zone = ZoneInfo(arguments.timezone) if arguments.timezone else None
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: a folder of zones, such as Europe
        print(f"schoolklimaat decode: tijdzone {arguments.timezone!r} bestaat niet.", file=sys.stderr)
        return 1
    from_stdin = arguments.capture == "-"
    try:
        lines = sys.stdin.buffer if from_stdin else Path(arguments.capture).open("rb")  # noqa: SIM115 - closed below
    except OSError as problem:
        print(f"schoolklimaat decode: {arguments.capture}: {problem.strerror}. Kijk de naam na.", file=sys.stderr)
        return 1
    broken = False
    with lines:
        for answer, fault in answers(lines, Path.cwd() if from_stdin else Path(arguments.capture).parent, zone):
            if answer is None:
                broken = True
                print(f"schoolklimaat decode: {fault}", file=sys.stderr)
            else:
                # Flushed per line, so that a live feed on stdin is answered at once.
                print(_line(answer), flush=from_stdin)
    return 1 if broken else 0


def _line(answer: dict[str, Any]) -> str:
    """Write an answer readably; escaped where a name holds what the output cannot write."""
    text = json.dumps(answer, ensure_ascii=False, allow_nan=False)
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        return json.dumps(answer, allow_nan=False)
    return text

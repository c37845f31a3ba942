"""`schoolklimaat lessons check`: reads lessons and names the file and line of every fault."""

import argparse
import sys
from pathlib import Path

from schoolklimaat.core.bundled import bundled
from schoolklimaat.learning.lesson.check import check_folder
from schoolklimaat.learning.lesson.files import lesson_files
from schoolklimaat.learning.lesson.model import Severity

NAME = "lessons"
HELP = "kijkt lessen na en noemt van elke fout het bestand en de regel"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take what to do, and the folder."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    check = actions.add_parser("check", help=HELP, description=HELP)
    check.add_argument(
        "folder", nargs="?", metavar="DIR", help="map met lessen of met één les; zonder: de eigen lessen"
    )


def run(arguments: argparse.Namespace) -> int:
    """Print one line per fault; 1 when one of them is an error, or when there is nothing to check."""
    try:
        folder = Path(arguments.folder) if arguments.folder else bundled("lessons")
    except FileNotFoundError:
        return _refuse("de eigen lessen staan niet bij dit programma. Noem de map erbij: lessons check DIR.")
    if not folder.exists():
        return _refuse(f"{folder}: deze map is er niet. Kijk de naam na.")
    count = len(lesson_files(folder))
    if not count:
        return _refuse(f"{folder}: hier staan geen lessen. Een les heet <map>/les.nl.md.")
    faults = check_folder(folder)
    for fault in faults:
        print(_writable(str(fault)))
    errors = sum(fault.fault.severity is Severity.ERROR for fault in faults)
    files = "1 bestand" if count == 1 else f"{count} bestanden"
    print(f"{files} nagekeken: {_counted(errors, len(faults) - errors)}.", file=sys.stderr)
    return 1 if errors else 0


def _counted(errors: int, warnings: int) -> str:
    parts = [
        f"{errors} {'fout' if errors == 1 else 'fouten'}",
        f"{warnings} {'waarschuwing' if warnings == 1 else 'waarschuwingen'}",
    ]
    return " en ".join(parts)


def _writable(text: str) -> str:
    """Return a line as this output can write it; a path may hold anything."""
    encoding = sys.stdout.encoding or "utf-8"
    return text.encode(encoding, "backslashreplace").decode(encoding)


def _refuse(sentence: str) -> int:
    print(f"schoolklimaat lessons check: {sentence}", file=sys.stderr)
    return 1

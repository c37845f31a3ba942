"""`schoolklimaat analyse`: analyses consumption exports without a database."""

import argparse
import json
import sys
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from schoolklimaat.cli.progress import ProgressBar
from schoolklimaat.meters.analysis import (
    AnalysisInputError,
    Subject,
    analyse,
    mean_temperatures,
    read_holidays,
    subjects,
)
from schoolklimaat.meters.exports import ExportError, read_export_file

NAME = "analyse"
HELP = "ontleedt verbruiksexports, zonder databank"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the files and what they are held against."""
    parser.add_argument("files", nargs="+", metavar="FILE", help="export van Fluvius (CSV, XLSX, .gz) of start_utc,kwh")
    parser.add_argument("--weather", metavar="FILE", help="CSV met start_utc,temp_c of local_time,temp_c")
    parser.add_argument("--holidays", metavar="FILE", help="CSV met name,start,end of name,first_day,last_day")
    parser.add_argument(
        "--timezone", default="Europe/Brussels", metavar="TZ", help="lokale tijd (standaard %(default)s)"
    )
    parser.add_argument("--year", type=int, metavar="Y", help="kalenderjaar (standaard het laatste in het bestand)")
    parser.add_argument("--json", action="store_true", help="antwoord als JSON")


def run(arguments: argparse.Namespace) -> int:
    """Analyse every file; 1 when one could not be read, the others still answered."""
    try:
        zone = ZoneInfo(arguments.timezone)
    except (ZoneInfoNotFoundError, ValueError):
        return _say(f"tijdzone {arguments.timezone!r} bestaat niet; schrijf ze als Europe/Brussels")
    try:
        weather = mean_temperatures(Path(arguments.weather), zone) if arguments.weather else None
        holidays = read_holidays(Path(arguments.holidays)) if arguments.holidays else None
    except AnalysisInputError as problem:
        return _say(str(problem))
    failed = False
    exports = []
    for file in arguments.files:
        bar = ProgressBar(Path(file).name[:40])
        try:
            export = read_export_file(Path(file), bar)
        except ExportError as problem:
            failed = True
            _say(str(problem))
            continue
        finally:
            bar.end()
        for row in export.rejected[:20]:
            _say(f"{file}: regel {row.line}: {row.reason}")
        if len(export.rejected) > 20:  # noqa: PLR2004 - enough to see the pattern
            _say(f"{file}: en nog {len(export.rejected) - 20} andere regels")
        exports.append((file, export))
    found = [_one(subject, zone, arguments.year, weather, holidays) for subject in subjects(exports)]
    if arguments.json:
        print(json.dumps(found, ensure_ascii=False, indent=1, allow_nan=False))
    else:
        for one in found:
            _tell(one)
    return 1 if failed else 0


def _one(
    subject: Subject, zone: ZoneInfo, year: int | None, weather: dict[date, float] | None, holidays: set[date] | None
) -> dict[str, Any]:
    return analyse(subject, zone, year=year, mean_temperatures_c=weather, free_days=holidays)


def _say(problem: str) -> int:
    print(f"schoolklimaat analyse: {problem}", file=sys.stderr)
    return 1


def _number(value: float | None, unit: str, decimals: int = 1) -> str:
    if value is None:
        return "onbekend"
    return f"{value:,.{decimals}f}".replace(",", "\u202f").replace(".", ",") + f" {unit}"


def _tell(one: dict[str, Any]) -> None:
    carrier = {"electricity": "elektriciteit", "gas": "gas"}.get(one["carrier"], "drager onbekend")
    print(f"{one['ean'] or one['file']} ({carrier}), {one['year']}")
    rows = [
        ("Verbruik", _number(one["annual_kwh"], "kWh", 0)),
        ("Injectie", _number(one["injection_kwh"], "kWh", 0)) if one["injection_kwh"] is not None else None,
        ("Gemeten", _percent(one["coverage"])),
        ("Geschat", _percent(one["estimated_share"])),
        ("Nachtverbruik (mediaan)", _number(one["baseload_kw_night_median"], "kW", 2)),
        (
            "Hoogste vermogen",
            _number(one["peak_kw"], "kW", 2) + (f" op {one['peak_start']}" if one["peak_start"] else ""),
        ),
        ("Buiten de schooluren", _percent(one["share_outside_school_hours"])),
        ("  zonder vakanties te kennen", _percent(one["share_outside_school_hours_calendar"])),
        ("In het weekend", _percent(one["weekend_share"])),
    ]
    for row in rows:
        if row is not None:
            print(f"  {row[0]:<30} {row[1]}")
    for warning in one["warnings"]:
        print(f"  Let op: {warning}")
    print()


def _percent(share: float | None) -> str:
    return "onbekend" if share is None else f"{share * 100:.1f}".replace(".", ",") + " %"

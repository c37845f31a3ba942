"""`schoolklimaat analyse`: analyses consumption exports without a database."""

import argparse
import json
import sys
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from schoolklimaat.cli.progress import ProgressBar
from schoolklimaat.meters.analysis import analyse, subjects
from schoolklimaat.meters.analysis_inputs import AnalysisInputError, Weather, read_holidays, read_weather
from schoolklimaat.meters.exports import Export, ExportError, read_export, read_export_file

NAME = "analyse"
HELP = "ontleedt verbruiksexports, zonder databank"
_SHOWN_ROWS: Final = 20
_CARRIERS: Final = {"electricity": "elektriciteit", "gas": "gas"}
_WEEKDAYS: Final = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")
_MONTHS: Final = ("jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
_OTHERS: Final = (("injection_kwh", "Injectie"), ("production_kwh", "Opgewekt"))
_DAY_KINDS: Final = (("school_days", "schooldagen"), ("all_days", "alle dagen"))
Found = TypeVar("Found")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the files and what they are held against."""
    parser.add_argument(
        "files",
        nargs="+",
        metavar="FILE",
        help="export van Fluvius (CSV, XLSX, .gz) of start_utc,kwh; - leest van stdin",
    )
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
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return _say(f"tijdzone {arguments.timezone!r} bestaat niet; schrijf ze als Europe/Brussels")
    if arguments.year is not None and not 1970 <= arguments.year <= 2200:  # noqa: PLR2004 - years a meter can know
        return _say(f"{arguments.year} is geen jaar waarvan er metingen zijn; schrijf het als 2026")
    weather = _read(arguments.weather, lambda path: read_weather(path, zone))
    holidays = _read(arguments.holidays, read_holidays)
    failed = (weather is None and arguments.weather) or (holidays is None and arguments.holidays)
    exports = []
    for file in arguments.files:
        export = _read_export(file)
        if export is None:
            failed = True
        else:
            exports.append((file, export))
    found = [
        analyse(subject, zone, year=arguments.year, weather=_or_nothing(weather, arguments.weather), free_days=holidays)
        for subject in subjects(exports)
    ]
    if arguments.json:
        print(json.dumps(found, ensure_ascii=False, indent=1, allow_nan=False))
    else:
        for one in found:
            _tell(one)
    return 1 if failed else 0


def _read(file: str | None, read: Callable[[Path], Found]) -> Found | None:
    if file is None:
        return None
    try:
        return read(Path(file))
    except AnalysisInputError as problem:
        _say(str(problem))
        return None


def _or_nothing(weather: Weather | None, asked: str | None) -> Weather | None:
    """Keep `heating` in the answer, refused, when the weather that was asked for could not be read."""
    if weather is None and asked is not None:
        return Weather({}, (f"Het weerbestand {Path(asked).name} kon niet gelezen worden: er is geen stooklijn.",))
    return weather


def _read_export(file: str) -> Export | None:
    """Read one file, telling what is wrong with it; None when nothing of it can be used."""
    bar = ProgressBar(Path(file).name[:40])
    try:
        export = read_export(sys.stdin.buffer, "stdin", bar) if file == "-" else read_export_file(Path(file), bar)
    except ExportError as problem:
        _say(str(problem))
        return None
    finally:
        bar.end()
    for row in export.rejected[:_SHOWN_ROWS]:
        _say(f"{file}: regel {row.line}: {row.reason}")
    if len(export.rejected) > _SHOWN_ROWS:
        _say(f"{file}: en nog {len(export.rejected) - _SHOWN_ROWS} andere regels")
    if not export.connections:
        _say(f"{file}: geen enkele rij is bruikbaar; hierboven staat waarom. Download de export opnieuw.")
        return None
    return export


def _say(problem: str) -> int:
    print(f"schoolklimaat analyse: {problem}", file=sys.stderr)
    return 1


def _number(value: float | None, unit: str, decimals: int = 1) -> str:
    if value is None:
        return "onbekend"
    return f"{value:,.{decimals}f}".replace(",", "\u202f").replace(".", ",") + f" {unit}"


def _percent(share: float | None) -> str:
    return "onbekend" if share is None else _number(share * 100, "%")


def _moment(text: str) -> str:
    at = datetime.fromisoformat(text)
    return f"{_WEEKDAYS[at.weekday()]} {at.day} {_MONTHS[at.month - 1]} {at.year} om {at.hour}.{at.minute:02d} uur"


def _tell(one: dict[str, Any]) -> None:
    year = "" if one["year"] is None else f", {one['year']}"
    print(f"{one['ean'] or one['file']} ({_CARRIERS.get(one['carrier'], 'energiedrager onbekend')}){year}")
    for label, text in _lines(one):
        print(f"  {label:<30} {text}")
    for warning in one["warnings"]:
        print(f"  Let op: {warning}")
    print()


def _lines(one: dict[str, Any]) -> list[tuple[str, str]]:
    """Return what a coordinator reads first, in their words."""
    if one["first"] is None:
        return [(label, _number(one[name], "kWh", 0)) for name, label in _OTHERS if one[name] is not None]
    peak = _number(one["peak_kw"], "kW", 2)
    lines = [
        ("Verbruik", _number(one["annual_kwh"], "kWh", 0)),
        *((label, _number(one[name], "kWh", 0)) for name, label in _OTHERS if one[name] is not None),
        ("Gemeten deel van het jaar", _percent(one["coverage"])),
        ("Geschat deel daarvan", _percent(one["estimated_share"])),
        ("Nachtverbruik (mediaan)", _number(one["baseload_kw_night_median"], "kW", 2)),
        ("Hoogste vermogen", f"{peak}, {_moment(one['peak_start'])}" if one["peak_start"] else peak),
        ("Buiten de schooluren", _percent(one["share_outside_school_hours"])),
        ("  vakantie als gewone dag", _percent(one["share_outside_school_hours_calendar"])),
        ("In het weekend", _percent(one["weekend_share"])),
    ]
    for month, kwh in one["monthly_kwh"].items():
        at = date.fromisoformat(f"{month}-01")
        peak = f", piek {_number(one['monthly_peak_kw'][month], 'kW', 2)}" if month in one["monthly_peak_kw"] else ""
        lines.append((f"  {_MONTHS[at.month - 1]} {at.year}", _number(kwh, "kWh", 0) + peak))
    for kind, words in _DAY_KINDS:
        line = one.get("heating", {}).get(kind)
        if line:
            fixed, slope = (
                _number(line["a_kwh_per_day"], "kWh per dag", 0),
                _number(line["b_kwh_per_degree_day"], "kWh"),
            )
            fit = _number(line["r2"], "", 2).strip()
            text = f"{fixed} + {slope} per graaddag (R² {fit}, {line['n']} dagen)"
            lines.append((f"Stooklijn {words}", text))
    return lines

"""`schoolklimaat import`: brings a consumption export into a connection."""

import argparse
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Final

from sqlalchemy import select
from sqlalchemy.exc import OperationalError, ProgrammingError

from schoolklimaat.app import create_app
from schoolklimaat.cli.progress import ProgressBar
from schoolklimaat.core.db import db
from schoolklimaat.meters.exports import MAX_BYTES, ExportError
from schoolklimaat.meters.models import Connection, ConsumptionImport, ImportState
from schoolklimaat.meters.preview import ImportRefusedError, Preview, compare, read_for
from schoolklimaat.meters.readings import store
from schoolklimaat.meters.services import digest_of, earlier_import, prepare_writing, write_points
from sensors.store import Point, StoreError

NAME = "import"
HELP = "brengt een verbruiksexport binnen bij een aansluiting"
_SHOWN: Final = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the file, the connection, and how far to go."""
    parser.add_argument("file", metavar="FILE", help="export van Fluvius (CSV, XLSX, .gz); - leest van stdin")
    parser.add_argument("--connection", required=True, metavar="EAN", help="EAN van de aansluiting")
    parser.add_argument("--dry-run", action="store_true", help="zeg wat er zou gebeuren en schrijf niets")
    parser.add_argument(
        "--replace", action="store_true", help="laat waarden uit het bestand bewaarde waarden vervangen"
    )


def run(arguments: argparse.Namespace) -> int:
    """Preview, and write unless asked not to; 1 for bad input or conflicts without --replace."""
    app = create_app()
    with app.app_context(), tempfile.TemporaryDirectory() as folder:
        try:
            connection = db.session.scalar(select(Connection).where(Connection.ean == arguments.connection))
        except (OperationalError, ProgrammingError):
            return _refuse(
                "de databank antwoordt niet of heeft nog geen tabellen. Voer eerst `schoolklimaat migrate` uit, met dezelfde"
                " SCHOOLKLIMAAT_DATA of SCHOOLKLIMAAT_DATABASE_URL."
            )
        if connection is None:
            return _refuse(f"aansluiting {arguments.connection} is niet gekend. Voeg ze eerst toe bij de school.")
        path, name = Path(arguments.file), Path(arguments.file).name
        if arguments.file == "-":
            path, name = Path(folder) / "stdin", "stdin"
            with path.open("wb") as kept:
                kept.write(sys.stdin.buffer.read(MAX_BYTES + 1))
        else:
            path = _copied(path, Path(folder))
        bar = ProgressBar(name[:40])
        try:
            points, preview = read_for(connection, path, name, bar)
        except (ExportError, ImportRefusedError) as problem:
            return _refuse(str(problem))
        finally:
            bar.end()
        compare(store(), points, preview)
        _tell(preview)
        if preview.conflicting and not arguments.replace:
            return _refuse(
                f"{preview.conflicting} waarden in het bestand verschillen van wat bewaard is; er is niets geschreven."
                " Met --replace vervangen ze die; de oude blijven bij de import bewaard."
            )
        if not points:
            return _refuse("er is geen enkele bruikbare rij; er is niets geschreven.")
        if arguments.dry_run:
            print("Niets geschreven (--dry-run).")
            return 0
        digest = digest_of(path)
        if not preview.new and not preview.conflicting:
            already = "Dit bestand is al ingelezen" if earlier_import(connection, digest) else "Alles is al bewaard"
            print(f"{already}; er verandert niets.")
            return 0
        record = ConsumptionImport(connection=connection, file_name=name[:255], sha256=digest)
        return _write(record, points, preview, replace=arguments.replace)


def _copied(path: Path, folder: Path) -> Path:
    """Take a copy, so that what is previewed, written and signed is one and the same; a huge or absent file stays put."""
    try:
        if path.stat().st_size > MAX_BYTES:
            return path
        return Path(shutil.copyfile(path, folder / path.name))
    except OSError:
        return path


def _write(record: ConsumptionImport, points: list[Point], preview: Preview, *, replace: bool) -> int:
    """Write what was previewed; what it replaces is committed first."""
    prepare_writing(record, points, preview, replace=replace)
    db.session.commit()
    bar = ProgressBar(record.file_name[:40])
    try:
        write_points(store(), points, replace=replace, progress=bar)
    except StoreError as problem:
        record.state, record.problem = ImportState.FAILED, str(problem)[:1000]
        record.report = {**record.report, "partly": True}
        db.session.commit()
        return _refuse(f"{problem} Een deel kan al bewaard zijn; voer het bevel opnieuw uit om het af te maken.")
    finally:
        bar.end()
    record.state, record.progress = ImportState.DONE, 1.0
    db.session.commit()
    print(f"Ingelezen: {preview.new} nieuwe waarden, {preview.conflicting} vervangen.")
    return 0


def _tell(preview: Preview) -> None:
    print(
        f"Nieuw: {preview.new}   gelijk: {preview.identical}   anders: {preview.conflicting}"
        f"   geweigerd: {preview.rejected}   zonder gegevens: {preview.ignored}"
    )
    for row in preview.rejected_rows[:_SHOWN]:
        print(f"  regel {row.line}: {row.reason}", file=sys.stderr)
    if preview.rejected > _SHOWN:
        print(f"  en nog {preview.rejected - _SHOWN} andere regels", file=sys.stderr)


def _refuse(problem: str) -> int:
    print(f"schoolklimaat import: {problem}", file=sys.stderr)
    return 1

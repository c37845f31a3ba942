"""`schoolklimaat import`: brings a consumption export into a connection."""

import argparse
import sys
import tempfile
from pathlib import Path

from sqlalchemy import select

from schoolklimaat.app import create_app
from schoolklimaat.cli.progress import ProgressBar
from schoolklimaat.core.db import db
from schoolklimaat.kits.readings import store
from schoolklimaat.meters.exports import ExportError
from schoolklimaat.meters.models import Connection, ConsumptionImport, ImportState
from schoolklimaat.meters.services import (
    ImportRefusedError,
    Preview,
    compare,
    digest_of,
    earlier_import,
    points_of,
    read_for,
    write_import,
)

NAME = "import"
HELP = "brengt een verbruiksexport binnen bij een aansluiting"
_SHOWN = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the file, the connection, and how far to go."""
    parser.add_argument("file", metavar="FILE", help="export van Fluvius (CSV, XLSX, .gz); - leest van stdin")
    parser.add_argument("--connection", required=True, metavar="EAN", help="EAN van de aansluiting")
    parser.add_argument("--dry-run", action="store_true", help="zeg wat er zou gebeuren en schrijf niets")
    parser.add_argument("--replace", action="store_true", help="laat waarden uit het bestand bewaarde waarden vervangen")


def run(arguments: argparse.Namespace) -> int:
    """Preview, and write unless asked not to; 1 for bad input or conflicts without --replace."""
    app = create_app()
    with app.app_context(), tempfile.TemporaryDirectory() as folder:
        path = Path(arguments.file)
        if arguments.file == "-":
            path = Path(folder) / "stdin.csv"
            path.write_bytes(sys.stdin.buffer.read())
        connection = db.session.scalar(select(Connection).where(Connection.ean == arguments.connection))
        if connection is None:
            return _refuse(f"aansluiting {arguments.connection} is niet gekend. Voeg ze eerst toe bij de school.")
        bar = ProgressBar(path.name[:40])
        try:
            intervals, preview = read_for(connection, path, path.name, bar)
        except (ExportError, ImportRefusedError) as problem:
            return _refuse(str(problem))
        finally:
            bar.end()
        points = list(points_of(connection, intervals))
        replaced = compare(store(), points, preview)
        _tell(preview)
        if arguments.dry_run:
            return 1 if preview.conflicting and not arguments.replace else 0
        if preview.conflicting and not arguments.replace:
            return _refuse(
                f"{preview.conflicting} waarden in het bestand verschillen van wat bewaard is; er is niets geschreven."
                " Met --replace vervangen ze die; de oude blijven bij de import bewaard."
            )
        if not points:
            return _refuse("er is geen enkele bruikbare rij; er is niets geschreven.")
        digest = digest_of(path)
        if earlier_import(connection, digest) and not preview.new and not preview.conflicting:
            print("Dit bestand is al ingelezen; er verandert niets.")
            return 0
        record = ConsumptionImport(connection=connection, file_name=path.name, sha256=digest, state=ImportState.WRITING)
        write_import(store(), record, points, preview, replaced, replace=arguments.replace)
        db.session.commit()
        print(f"Ingelezen: {preview.new} nieuwe waarden, {preview.conflicting} vervangen.")
    return 0


def _tell(preview: Preview) -> None:
    print(
        f"Nieuw: {preview.new}   gelijk: {preview.identical}   anders: {preview.conflicting}"
        f"   geweigerd: {preview.rejected}   zonder verbruik: {preview.ignored}"
    )
    for row in preview.rejected_rows[:_SHOWN]:
        print(f"  regel {row.line}: {row.reason}", file=sys.stderr)
    if preview.rejected > _SHOWN:
        print(f"  en nog {preview.rejected - _SHOWN} andere regels", file=sys.stderr)


def _refuse(problem: str) -> int:
    print(f"schoolklimaat import: {problem}", file=sys.stderr)
    return 1

"""Small exports of our own, in the layouts of the grid operator."""

from datetime import datetime, timedelta

import openpyxl

from schoolklimaat.meters.exports import read_export_file

NL_2024 = "Van Datum;Van Tijdstip;Tot Datum;Tot Tijdstip;EAN;Meter;Metertype;Register;Volume;Eenheid;Validatiestatus"
NL_2025 = NL_2024.replace("Datum", "datum").replace("Tijdstip", "tijdstip").replace("EAN", "EAN-code")
NL_2026 = "Van (datum);Van (tijdstip);Tot (datum);Tot (tijdstip);EAN-code;Meter;Metertype;Register;Volume;Eenheid;Validatiestatus;Omschrijving"
EN_2025 = "From (date);From (time);Until (date);Until (time);EAN code;Meter;Meter type;Register;Volume;Unit;Validation status;Description"
GAS = NL_2026.replace(";Omschrijving", ";Calorische bovenwaarde;Omschrijving")
EAN = "541448800000009997"
QUARTER = timedelta(minutes=15)
HOUR = timedelta(hours=1)
NOON = datetime(2026, 3, 2, 12)


def row(start, end, volume, register="Afname Dag", unit="kWh", status="Gevalideerd", day="%d-%m-%Y", ean=EAN):
    return (
        f'{start.strftime(day)};{start:%H:%M:%S};{end.strftime(day)};{end:%H:%M:%S};="{ean}";1SAG;Digitale meter;'
        f"{register};{volume};{unit};{status};"
    )


def quarters(count, volume="1,000", start=NOON, **more):
    return [row(start + n * QUARTER, start + (n + 1) * QUARTER, volume, **more) for n in range(count)]


def write(path, rows, header=NL_2026, newline="\n", bom=True):
    path.write_bytes((("\ufeff" if bom else "") + newline.join([header, *rows])).encode())
    return path


def autumn_rows(first=1, second=2, register="Afname Nacht"):
    """The night of 25 October 2026, as Fluvius writes it: both passes of the doubled hour interleaved."""
    rows, at = [], datetime(2026, 10, 25, 1)
    while at < datetime(2026, 10, 25, 4):
        after = at + QUARTER
        if at.hour == 2:
            rows.append(row(at, after if after.hour == 2 else at.replace(minute=0), f"{first},000", register))
        rows.append(row(at, after, f"{second if at.hour == 2 else first},000", register))
        at = after
    return rows


def intervals(path):
    export = read_export_file(path)
    assert not export.rejected, export.rejected
    return export.connections[0].intervals


def sheet(path, *rows):
    book = openpyxl.Workbook()
    for cells in rows:
        book.active.append(cells)
    book.save(path)
    return path

"""Consumption exports as schools download them: files in, intervals out. No database, no Flask."""

from schoolklimaat.meters.exports.interval import (
    AMOUNTS,
    ConnectionExport,
    Export,
    ExportError,
    Interval,
    RejectedRow,
)
from schoolklimaat.meters.exports.reading import MAX_BYTES, read_export, read_export_file

__all__ = [
    "AMOUNTS",
    "MAX_BYTES",
    "ConnectionExport",
    "Export",
    "ExportError",
    "Interval",
    "RejectedRow",
    "read_export",
    "read_export_file",
]

"""Finds the folders that travel with the package: packaged, else those of the checkout."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]


def bundled(name: str) -> Path:
    """Return the folder `lessons` or `migrations`; raises FileNotFoundError when neither place has it."""
    for folder in (_PACKAGE / "bundled" / name, _PACKAGE.parent / name):
        if folder.is_dir():
            return folder
    raise FileNotFoundError(f"The folder {name} is missing; install the package again.")

"""House rules that a linter does not know; each failure says what to do."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CODE = ("*.py", "*.html", "*.css", "*.js")


def tracked(*patterns):
    listed = subprocess.run(
        ["git", "ls-files", *patterns], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.split("\n")
    files = [ROOT / name for name in listed if name and (ROOT / name).is_file()]
    return files or [
        path for pattern in patterns for part in ("schoolklimaat", "sensors") for path in (ROOT / part).rglob(pattern)
    ]


def test_colours_live_in_one_file():
    for path in tracked("*.css", "*.html", "schoolklimaat/**/*.js"):
        if path.name == "tokens.css":
            continue
        found = re.findall(
            r"(?<![\w&/])#(?:[0-9a-fA-F]{6}|[0-9a-fA-F]{3})\b(?!;?\w)",
            re.sub(r"(?:href|url)\([^)]*\)|href=\"[^\"]*\"", "", path.read_text()),
        )
        assert not found, f"{path.name}: {found}: put the colour in tokens.css and use its name"


def test_no_script_inside_pages():
    for path in tracked("*.html"):
        text = path.read_text()
        assert not re.search(r"<script(?![^>]*\b(?:src|type=\"application/json\"))", text), (
            f"{path}: move the script to a module"
        )
        assert not re.search(r"\son[a-z]+=\"", text), f"{path}: listen in a module instead"
        assert 'style="' not in text, f"{path}: give it a class"


def test_files_stay_small_enough_to_read():
    for path in tracked("schoolklimaat/**/*.py", "sensors/**/*.py"):
        lines = len(path.read_text().splitlines())
        assert lines <= 400, f"{path.relative_to(ROOT)} has {lines} lines: split it by its nouns"


def test_no_rooms_for_odds_and_ends():
    for path in tracked("*.py"):
        assert not re.search(r"(?:^|_)(?:utils?|helpers?|manager|data)(?:_|$)", path.stem), (
            f"{path}: name it after what it is"
        )


def test_one_way_to_the_wall_clock():
    # Pages ask core.clock, so that a test can hold the time still.
    for path in tracked("schoolklimaat/**/*.py"):
        relative = path.relative_to(ROOT / "schoolklimaat").as_posix()
        if relative.startswith(("core/clock.py", "demo/", "cli/")):
            continue
        assert "datetime.now(" not in path.read_text(), f"{relative}: use core.clock.now()"

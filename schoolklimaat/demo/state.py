"""What the demo must remember between runs: when its story began, and the kits' secrets."""

import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

FILE_NAME: Final = "demo.json"


class DemoError(Exception):
    """The demo cannot start or go on; the message says what, where and what to do."""


@dataclass(frozen=True)
class DemoState:
    """`origin_s` is where history begins, `began_s` the moment of the first run (seconds UTC); secrets by kit id."""

    origin_s: int
    began_s: int
    secrets: dict[str, str]


def load(folder: Path) -> DemoState | None:
    """What an earlier run in this folder left, or None; raises `DemoError` when it cannot be read."""
    path = folder / FILE_NAME
    try:
        return DemoState(**json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError) as problem:
        raise DemoError(
            f"{path} kan niet gelezen worden ({problem}). Zet die map opzij en begin opnieuw,"
            " of kies een andere map met --data."
        ) from problem


def begin(folder: Path, now_s: int, days: int, kits: list[str]) -> DemoState:
    """Begin a new story that goes back so many days, and keep it; only the owner can read it."""
    state = DemoState(
        origin_s=(now_s - days * 86_400) // 86_400 * 86_400,
        began_s=now_s,
        secrets={kit: secrets.token_urlsafe(12) for kit in kits},
    )
    write_private(folder / FILE_NAME, json.dumps(asdict(state), indent=1))
    return state


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read, whole or not at all."""
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    part.replace(path)

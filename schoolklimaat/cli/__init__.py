"""The `schoolklimaat` command: one file a verb, each with NAME, HELP, add_arguments and run.

Only the verb that is asked for is loaded: the ingester then takes half the memory, and nothing of the site.
"""

import argparse
import os
import sys
import traceback
from collections.abc import Iterable, Sequence
from importlib import import_module
from typing import Final

from schoolklimaat.settings import SettingsError
from sensors.store.protocol import StoreError

VERBS: Final = (
    "demo",
    "serve",
    "ingest",
    "worker",
    "migrate",
    "decode",
    "analyse",
    "import",
    "readings",
    "lessons",
    "account",
)


def parser(names: Iterable[str] = VERBS) -> argparse.ArgumentParser:
    """Return the command's arguments, for these verbs."""
    command = argparse.ArgumentParser(
        prog="schoolklimaat",
        description="Van het bericht van een sensor tot de grafiek van een leerling.",
        epilog="Instellingen staan in de omgeving (SCHOOLKLIMAAT_…); zie README.md.",
    )
    verbs = command.add_subparsers(dest="verb", metavar="VERB", required=True)
    for name in names:
        module = import_module(f"schoolklimaat.cli.{name}{'_' if name == 'import' else ''}")
        verb = verbs.add_parser(module.NAME, help=module.HELP, description=module.HELP)
        module.add_arguments(verb)
        verb.set_defaults(run=module.run)
    return command


def main(argv: Sequence[str] | None = None) -> int:
    """Carry out one verb: 0 done, 1 bad input (said on stderr), 2 wrong usage."""
    words = list(sys.argv[1:] if argv is None else argv)
    arguments = parser(words[:1] if words[:1] and words[0] in VERBS else VERBS).parse_args(words)
    try:
        return int(arguments.run(arguments))
    except KeyboardInterrupt:
        return 0 if arguments.verb in {"demo", "serve", "ingest", "worker"} else 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except (SettingsError, StoreError) as problem:
        print(f"schoolklimaat: {problem}", file=sys.stderr)
        return 1
    except Exception as problem:  # noqa: BLE001 - a person gets a sentence, not a traceback
        if os.environ.get("SCHOOLKLIMAAT_DEBUG"):
            traceback.print_exc()
        else:
            print(
                f"schoolklimaat {arguments.verb}: {type(problem).__name__}: {problem}\n"
                "Dit hadden we niet verwacht. Met SCHOOLKLIMAAT_DEBUG=1 ervoor zie je waar het misging.",
                file=sys.stderr,
            )
        return 1

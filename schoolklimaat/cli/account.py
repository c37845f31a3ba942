"""`schoolklimaat account`: the first account of a new region, and help for who is shut out."""

import argparse
import sys
from typing import Final

from schoolklimaat.app import create_app
from schoolklimaat.core.context import settings
from schoolklimaat.core.db import db
from schoolklimaat.people.services import second_factor, sessions
from schoolklimaat.people.services.accounts import find_account, normal_address
from schoolklimaat.schools.models import Role
from schoolklimaat.schools.services.invitations import invite

NAME = "account"
HELP = "nodigt een beheerder of expert van IOK uit, of helpt wie niet meer binnen raakt"
_ROLES: Final = {"beheerder": Role.IOK_ADMIN, "expert": Role.IOK_EXPERT}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take an address and what to do for it."""
    parser.add_argument("email", metavar="E-MAILADRES")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--nodig-uit", choices=sorted(_ROLES), help="mail een uitnodiging voor deze rol bij IOK")
    what.add_argument(
        "--tweede-stap-uit",
        action="store_true",
        help="voor wie telefoon en herstelcodes kwijt is; kijk eerst na wie het is",
    )
    what.add_argument("--meld-af", action="store_true", help="meld alle toestellen van dit account af")


def run(arguments: argparse.Namespace) -> int:
    """Do it, and say so; 1 when there is no such account."""
    app = create_app()
    address = normal_address(arguments.email)
    if "@" not in address:
        print(f"{address} is geen e-mailadres.", file=sys.stderr)
        return 1
    with app.test_request_context(base_url=app.extensions["schoolklimaat_settings"].site_url):
        if arguments.nodig_uit:
            invite(address, _ROLES[arguments.nodig_uit])
            db.session.commit()
            where = settings().mail_url.partition("@")[2] or settings().mail_url
            print(
                f"{address} is uitgenodigd als {arguments.nodig_uit} bij IOK. De mail ging naar {where}.",
                file=sys.stderr,
            )
            return 0
        account = find_account(address)
        if account is None:
            print(f"{address} heeft hier geen account. Kijk het adres na.", file=sys.stderr)
            return 1
        if arguments.tweede_stap_uit:
            second_factor.switch_off(account)
            said = "De tweede stap staat uit. Heeft de rol er een nodig, dan stelt de site er bij het aanmelden een nieuwe in."
        else:
            said = "Alle toestellen zijn afgemeld."
        sessions.end_sessions(account)
        db.session.commit()
        print(said, file=sys.stderr)
    return 0

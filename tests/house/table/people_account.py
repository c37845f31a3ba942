"""Who reaches the routes of one's own account, and of a forgotten password."""

from tests.house.table import OPEN

OWN = "302 200 200 200 200 200 200 200 200 403 403"
OWN_BAD = "401 400 400 400 400 400 400 400 400 403 403"  # let in, and told what is missing
OWN_FACTOR = "401 400 400 303 303 303 303 303 303 403 403"  # who has none is led to set it up
TABLE = {
    "/wachtwoord/vergeten": ("/wachtwoord/vergeten", OPEN),
    "POST /wachtwoord/vergeten": ("/wachtwoord/vergeten", OPEN.replace("200", "400")),
    "/wachtwoord/verstuurd": ("/wachtwoord/verstuurd", OPEN),
    "/wachtwoord/nieuw/<token>": ("/wachtwoord/nieuw/verzonnen", OPEN.replace("200", "404")),
    "POST /wachtwoord/nieuw/<token>": ("/wachtwoord/nieuw/verzonnen", OPEN.replace("200", "404")),
    "/aanmelden/tweede-stap": ("/aanmelden/tweede-stap", OPEN.replace("200", "303")),
    "POST /aanmelden/tweede-stap": ("/aanmelden/tweede-stap", OPEN.replace("200", "303")),
    "/account": ("/account", OWN),
    "POST /account": ("/account", OWN_BAD),
    "/account/wachtwoord": ("/account/wachtwoord", OWN),
    "POST /account/wachtwoord": ("/account/wachtwoord", OWN_BAD),
    "/account/tweede-stap": ("/account/tweede-stap", OWN),
    "POST /account/tweede-stap": ("/account/tweede-stap", OWN_BAD),
    "POST /account/tweede-stap/codes": ("/account/tweede-stap/codes", OWN_FACTOR),
    "POST /account/tweede-stap/uit": ("/account/tweede-stap/uit", OWN_FACTOR),
    "/account/toestellen": ("/account/toestellen", OWN),
    "POST /account/toestellen/<int:number>/afmelden": ("/account/toestellen/99/afmelden", "401 " + "404 " * 9 + "404"),
    "POST /account/toestellen/andere/afmelden": (
        "/account/toestellen/andere/afmelden",
        "401 303 303 303 303 303 303 303 303 403 403",
    ),
    "/aanmelden/met/<name>": ("/aanmelden/met/onbekend", OPEN.replace("200", "404")),
    "/aanmelden/met/<name>/terug": ("/aanmelden/met/onbekend/terug", OPEN.replace("200", "404")),
    "/aanmelden/nieuw": ("/aanmelden/nieuw", OPEN.replace("200", "303")),
    "POST /aanmelden/nieuw": ("/aanmelden/nieuw", OPEN.replace("200", "303")),
    "/account/koppelen": ("/account/koppelen", OWN.replace("200", "303")),
    "POST /account/koppelen": ("/account/koppelen", OWN_BAD.replace("400", "303")),
    "POST /account/koppelingen/<int:number>/los": ("/account/koppelingen/99/los", "401 " + "404 " * 9 + "404"),
}

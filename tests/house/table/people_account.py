"""Who reaches the routes of one's own account, and of a forgotten password."""

from tests.house.table import OPEN

OWN = "302 200 200 200 200 200 200 200 200 403 403"
OWN_BAD = "401 400 400 400 400 400 400 400 400 403 403"  # let in, and told what is missing
TABLE = {
    "/wachtwoord/vergeten": ("/wachtwoord/vergeten", OPEN),
    "POST /wachtwoord/vergeten": ("/wachtwoord/vergeten", OPEN.replace("200", "400")),
    "/wachtwoord/verstuurd": ("/wachtwoord/verstuurd", OPEN),
    "/wachtwoord/nieuw/<token>": ("/wachtwoord/nieuw/verzonnen", OPEN.replace("200", "404")),
    "POST /wachtwoord/nieuw/<token>": ("/wachtwoord/nieuw/verzonnen", OPEN.replace("200", "404")),
    "/account": ("/account", OWN),
    "POST /account": ("/account", OWN_BAD),
    "/account/wachtwoord": ("/account/wachtwoord", OWN),
    "POST /account/wachtwoord": ("/account/wachtwoord", OWN_BAD),
}

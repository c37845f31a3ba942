"""Who applies, decides, invites and hands over."""

from tests.house.table import OPEN, S

AT_IOK = "302 200 200 403 403 403 403 403 403 403 403"
RUNS = "302 200 403 403 404 200 403 403 404 403 404"
ONE = AT_IOK.replace("403", "404")  # the numbers of applications are IOK's alone
DECIDES = "401 400 400 404 404 404 404 404 404 404 404"
INVITES = "401 400 403 403 404 400 403 403 404 403 404"
DONE = "401 303 403 403 404 303 403 403 404 403 404"
TABLE = {
    "/klimaatschool-worden": ("/klimaatschool-worden", OPEN),
    "POST /klimaatschool-worden": ("/klimaatschool-worden", OPEN.replace("200", "400")),
    "/klimaatschool-worden/bedankt": ("/klimaatschool-worden/bedankt", OPEN),
    "/iok/aanvragen": ("/iok/aanvragen", AT_IOK),
    "/iok/aanvragen/<int:number>": ("/iok/aanvragen/1", ONE),
    # without a reason nothing is declined; the expert to choose is missing
    "POST /iok/aanvragen/<int:number>/aanvaard": ("/iok/aanvragen/1/aanvaard", DECIDES),
    "POST /iok/aanvragen/<int:number>/weiger": ("/iok/aanvragen/1/weiger", DECIDES),
    "/uitnodiging/<token>": ("/uitnodiging/bestaat-niet", OPEN.replace("200", "404")),
    "POST /uitnodiging/<token>": ("/uitnodiging/bestaat-niet", OPEN.replace("200", "404")),
    "/scholen/<slug>/mensen": (f"{S}/mensen", RUNS),
    "POST /scholen/<slug>/mensen": (f"{S}/mensen", INVITES),
    "POST /scholen/<slug>/mensen/<int:number>/weg": (f"{S}/mensen/6/weg", DONE),  # the last coordinator stays
    "POST /scholen/<slug>/mensen/<int:number>/overdragen": (f"{S}/mensen/6/overdragen", DONE),
    "POST /scholen/<slug>/uitnodigingen/<int:number>/intrekken": (f"{S}/uitnodigingen/1/intrekken", DONE),
    "POST /scholen/<slug>/uitnodigingen/<int:number>/opnieuw": (f"{S}/uitnodigingen/1/opnieuw", DONE),
}

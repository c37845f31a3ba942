"""The reviewed table, a file a room: route -> (a path of it, the status codes of all personas in the order of PERSONAS).

Codes: 200 seen, 302 asked to sign in (or sent on), 303 done, 400 let in and told what is missing, 401 a program is told to
sign in, 403 known but not allowed, 404 does not exist for them.
"""

PERSONAS = ("nobody", "beheerder", "expert", "gemeente", "gemeente2", "coordinator", "technicus", "leerkracht", "coordinator2",
            "leerling", "leerling2")  # fmt: skip
SEE = "302 200 200 200 404 200 200 200 404 200 404"
SEE_JSON = SEE.replace("302", "401")
SEE_KITS = "302 200 200 403 404 200 200 200 404 403 404"
SEE_ASIDE = "302 200 200 403 404 200 200 403 404 403 404"
SEE_IMPORTS = "302 200 200 200 404 200 200 403 404 403 404"
MAY_IMPORT = "401 400 403 403 404 400 400 403 404 403 404"  # 400: let in, and told that no file came along
MAY_DECIDE = "401 303 403 403 404 303 303 403 404 403 404"
OPEN = "200 " * 10 + "200"
PUPILS = "302 403 403 403 403 403 403 403 403 200 200"
S, E = "/scholen/heide", "/scholen/heide/aansluitingen/541448800000009997"

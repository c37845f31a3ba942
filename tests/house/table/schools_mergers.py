"""Only IOK's administrator moves and merges schools and municipalities."""

from tests.house.table.schools_batches import IOK

# Only IOK's administrator learns at this address which schools there are.
SCHOOL = IOK.replace("403", "404")
UNFILLED = SCHOOL.replace("302", "401").replace("200", "400")
TABLE = {
    "/iok/scholen/<slug>": ("/iok/scholen/heide", SCHOOL),
    "POST /iok/scholen/<slug>/verhuis": ("/iok/scholen/heide/verhuis", UNFILLED),
    "POST /iok/scholen/<slug>/samenvoegen": ("/iok/scholen/heide/samenvoegen", UNFILLED),
    "/iok/gemeenten": ("/iok/gemeenten", IOK),
    "/iok/gemeenten/<nis_code>": ("/iok/gemeenten/13008", SCHOOL),
    "POST /iok/gemeenten/<nis_code>": ("/iok/gemeenten/13008", UNFILLED),
}

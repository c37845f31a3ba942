"""Readings of a room and energy of a connection, as columns: a start for each bucket, null where nothing was measured."""

from typing import Final

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from schoolklimaat.charts.api.asking import bad_request, grid_asked, heading
from schoolklimaat.charts.api.blueprint import answer, blueprint
from schoolklimaat.charts.energy import FLOWS, amounts
from schoolklimaat.charts.series import Channels, Grid, room_columns
from schoolklimaat.core.clock import now
from schoolklimaat.core.guard import needs
from schoolklimaat.kits.readings import store
from schoolklimaat.kits.services import kits_in_rooms
from schoolklimaat.meters.models import Carrier, Connection
from schoolklimaat.meters.policy import SEE_IMPORTS
from schoolklimaat.meters.services import find_connection
from schoolklimaat.schools.models import Room
from schoolklimaat.schools.policy import BELONG_TO_SCHOOL
from schoolklimaat.schools.services import find_room
from sensors.periods import Step, from_ms, to_ms

QUANTITIES: Final = {"co2": "ppm", "temperature": "°C", "humidity": "%"}
DIRECTIONS: Final = ("offtake", "injection")


@blueprint.get("/schools/<slug>/rooms/<room>/readings")
@needs(BELONG_TO_SCHOOL, on=find_room)
def readings(room: Room) -> ResponseReturnValue:
    """Return the mean of a quantity in a room, per bucket."""
    quantity = request.args.get("quantity", "co2")
    if quantity not in QUANTITIES:
        bad_request(_("quantity is %(choices)s.", choices=" / ".join(QUANTITIES)))
    grid, step = grid_asked(("minute", "quarter", "hour", "day"), "hour")
    placed = kits_in_rooms([room.id], from_ms(grid.starts[0]), from_ms(grid.end_ms)).get(room.id, [])
    columns = room_columns(Channels(store()), placed, quantity, grid)
    return answer({
        "school": heading(room.school), "room": {"slug": room.slug, "name": room.name}, "quantity": quantity,
        "unit": QUANTITIES[quantity], "step": step, "start_ms": columns.starts, "mean": columns.values,
    })  # fmt: skip


@blueprint.get("/schools/<slug>/connections/<ean>/energy")
@needs(SEE_IMPORTS, on=find_connection)
def energy(connection: Connection) -> ResponseReturnValue:
    """Return what went through a connection, per bucket, and how much of it is estimated."""
    direction = request.args.get("direction", "offtake")
    if direction not in DIRECTIONS:
        bad_request(_("direction is %(choices)s.", choices=" / ".join(DIRECTIONS)))
    asked = "production" if connection.carrier is Carrier.PV else direction
    if (connection.carrier, asked) not in FLOWS:
        bad_request(_("Deze aansluiting heeft geen injection."))
    grid, step = grid_asked(("quarter", "hour", "day", "month"), "day")
    days = grid if step != "month" else Grid.over(grid.starts[0], grid.end_ms, Step.DAY)
    found = amounts(Channels(store()), [connection], asked, days, to_ms(now()))
    found = found if step != "month" else found.grouped(Step.MONTH)
    return answer({
        "school": heading(connection.school), "connection": {"ean": connection.ean, "name": connection.name},
        "carrier": connection.carrier.value, "direction": asked, "unit": found.unit, "step": step,
        "start_ms": found.starts, "amount": found.amount, "estimated": found.estimated, "covered_s": found.covered_s,
    })  # fmt: skip

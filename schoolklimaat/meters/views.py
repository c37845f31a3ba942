"""Pages of a school's connections and of bringing exports in."""

from flask import Blueprint, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from schoolklimaat.core.guard import current_actor, may, needs
from schoolklimaat.core.pages import page, page_number
from schoolklimaat.meters.forms import ConfirmForm, ConnectionForm, UploadForm
from schoolklimaat.meters.imports import (
    begin_import,
    cancel_import,
    confirm_import,
    find_import,
    is_stuck,
    take_back,
    try_again,
)
from schoolklimaat.meters.models import Carrier, Connection, ConsumptionImport, ImportState
from schoolklimaat.meters.policy import IMPORT_CONSUMPTION, OPEN_IMPORT, SEE_IMPORTS
from schoolklimaat.meters.services import (
    add_connection,
    connections_of,
    find_connection,
    imports_of,
    is_partly_written,
    is_undoable,
)
from schoolklimaat.schools.models import School
from schoolklimaat.schools.services import find_school

blueprint = Blueprint("meters", __name__, template_folder="templates", static_folder=None)
_PER_PAGE = 20
_BASE = "/scholen/<slug>/aansluitingen"


def _import_url(record: ConsumptionImport) -> str:
    connection = record.connection
    return url_for(".consumption_import", slug=connection.school.slug, ean=connection.ean, number=record.id)


@blueprint.get(_BASE)
@needs(SEE_IMPORTS, on=find_school)
def connections(school: School) -> ResponseReturnValue:
    """List the connections of a school."""
    return page(
        "meters/connections.html",
        school=school,
        connections=connections_of(school),
        may_import=may(OPEN_IMPORT, school),
    )


@blueprint.get(f"{_BASE}/nieuw")
@needs(OPEN_IMPORT, on=find_school)
def new_connection(school: School) -> ResponseReturnValue:
    """Show the form to add a connection."""
    return page("meters/new_connection.html", school=school, form=ConnectionForm())


@blueprint.post(f"{_BASE}/nieuw")
@needs(IMPORT_CONSUMPTION, on=find_school)
def create_connection(school: School) -> ResponseReturnValue:
    """Add a connection and go on to bring its first export in."""
    form = ConnectionForm()
    if form.validate():
        added = add_connection(school, form.ean.data, Carrier(form.carrier.data), form.name.data)
        if added is not None:
            return redirect(url_for(".connection_imports", slug=school.slug, ean=added.ean), 303)
        form.ean.errors = (
            _(
                "Deze aansluiting is er al. Staat ze niet bij jouw school? Vraag het aan IOK: misschien hoort ze bij een ander."
            ),
        )
    return page("meters/new_connection.html", 400, school=school, form=form)


@blueprint.get(f"{_BASE}/<ean>")
@needs(SEE_IMPORTS, on=find_connection)
def connection_imports(connection: Connection) -> ResponseReturnValue:
    """Show a connection, the form to bring an export in, and the imports there were."""
    return _connection_page(connection, UploadForm())


@blueprint.post(f"{_BASE}/<ean>")
@needs(IMPORT_CONSUMPTION, on=find_connection)
def upload(connection: Connection) -> ResponseReturnValue:
    """Take an export."""
    form = UploadForm()
    if not form.validate():
        return _connection_page(connection, form, 400)
    return redirect(_import_url(begin_import(connection, form.file.data, current_actor())), 303)


def _connection_page(connection: Connection, form: UploadForm, status: int = 200) -> ResponseReturnValue:
    number = page_number()
    imports = imports_of(connection, page=number, per_page=_PER_PAGE + 1)
    return page(
        "meters/connection.html", status, connection=connection, school=connection.school, form=form,
        imports=imports[:_PER_PAGE], number=number, has_more=len(imports) > _PER_PAGE,
        may_import=may(OPEN_IMPORT, connection),
    )  # fmt: skip


@blueprint.get(f"{_BASE}/<ean>/import/<int:number>")
@needs(SEE_IMPORTS, on=find_import)
def consumption_import(record: ConsumptionImport) -> ResponseReturnValue:
    """Show how far an import is: being read, to be looked at, being written, done, or refused."""
    return page(
        "meters/import.html", record=record, connection=record.connection, school=record.connection.school,
        form=ConfirmForm(), states=ImportState, may_import=may(OPEN_IMPORT, record), undoable=is_undoable(record),
        stuck=is_stuck(record), partly=is_partly_written(record),
    )  # fmt: skip


@blueprint.get(f"{_BASE}/<ean>/import/<int:number>/stand.json")
@needs(SEE_IMPORTS, on=find_import)
def import_progress(record: ConsumptionImport) -> ResponseReturnValue:
    """Say how far an import is."""
    return jsonify(state=record.state.value, progress=record.progress)


@blueprint.post(f"{_BASE}/<ean>/import/<int:number>")
@needs(IMPORT_CONSUMPTION, on=find_import)
def decide(record: ConsumptionImport) -> ResponseReturnValue:
    """Write an import that was looked at, throw it away, undo it, or ask a worker that was stopped to go on."""
    connection = record.connection
    match request.form.get("doe"):
        case "bewaar":
            confirm_import(record, replace=request.form.get("replace") == "y")
        case "annuleer":
            cancel_import(record)
            return redirect(url_for(".connection_imports", slug=connection.school.slug, ean=connection.ean), 303)
        case "herstel":
            take_back(record)
        case "opnieuw":
            try_again(record)
        case _:
            pass  # nothing was chosen: show the import again
    return redirect(_import_url(record), 303)

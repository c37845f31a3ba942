"""Bringing in tables of schools (IOK) and of staff (a school): looked at first, then written, and undone as a whole."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from schoolklimaat.core import csv_in
from schoolklimaat.core.forms import Form
from schoolklimaat.core.guard import current_actor, needs
from schoolklimaat.core.pages import page
from schoolklimaat.schools.forms.batches import TableForm
from schoolklimaat.schools.models import BatchKind, ImportBatch, School
from schoolklimaat.schools.policy import ADMINISTER_SCHOOL, RUN_REGION
from schoolklimaat.schools.services import batches, find_school, school_rows, staff_rows
from schoolklimaat.schools.services.judging import ColumnSpec, Judged, counts_of
from schoolklimaat.schools.views.blueprint import blueprint


@dataclass(frozen=True, slots=True)
class _Sort:
    """One sort of table: whose, what it holds, how its rows are judged and written."""

    kind: BatchKind
    school: School | None
    columns: Sequence[ColumnSpec]
    judge: Callable[[csv_in.Table, dict[str, int | None]], list[Judged]]
    write: Callable[[list[Judged], str], ImportBatch]
    url: str

    def batch_url(self, batch: ImportBatch) -> str:
        """Return the address of a batch of this sort."""
        return f"{self.url}/{batch.id}"


def _schools() -> _Sort:
    return _Sort(
        BatchKind.SCHOOLS, None, school_rows.COLUMNS, school_rows.judge_schools,
        lambda rows, name: batches.write_schools(rows, name, current_actor()), url_for("schools.import_schools"),
    )  # fmt: skip


def _staff(school: School) -> _Sort:
    return _Sort(
        BatchKind.STAFF, school, staff_rows.COLUMNS, lambda table, places: staff_rows.judge_staff(school, table, places),
        lambda rows, name: batches.write_staff(school, rows, name, current_actor()),
        url_for("schools.import_staff", slug=school.slug),
    )  # fmt: skip


@blueprint.route("/iok/scholen/invoer", methods=["GET", "POST"])
@needs(RUN_REGION)
def import_schools() -> ResponseReturnValue:
    """Bring a table of schools in."""
    return _import(_schools())


@blueprint.route("/scholen/<slug>/mensen/invoer", methods=["GET", "POST"])
@needs(ADMINISTER_SCHOOL, on=find_school)
def import_staff(school: School) -> ResponseReturnValue:
    """Bring a table of people to invite in."""
    return _import(_staff(school))


@blueprint.get("/iok/scholen/invoer/<int:number>")
@needs(RUN_REGION, on=batches.find_school_batch)
def school_batch(batch: ImportBatch) -> ResponseReturnValue:
    """Show what an import of schools made."""
    return _batch_page(_schools(), batch)


@blueprint.get("/scholen/<slug>/mensen/invoer/<int:number>")
@needs(ADMINISTER_SCHOOL, on=batches.find_staff_batch)
def staff_batch(batch: ImportBatch) -> ResponseReturnValue:
    """Show whom an import invited."""
    assert batch.school is not None  # noqa: S101 - the loader asks for it
    return _batch_page(_staff(batch.school), batch)


@blueprint.post("/iok/scholen/invoer/<int:number>/ongedaan")
@needs(RUN_REGION, on=batches.find_school_batch)
def undo_school_batch(batch: ImportBatch) -> ResponseReturnValue:
    """Undo an import of schools."""
    return _undo(_schools(), batch)


@blueprint.post("/scholen/<slug>/mensen/invoer/<int:number>/ongedaan")
@needs(ADMINISTER_SCHOOL, on=batches.find_staff_batch)
def undo_staff_batch(batch: ImportBatch) -> ResponseReturnValue:
    """Undo an import of staff."""
    assert batch.school is not None  # noqa: S101 - the loader asks for it
    return _undo(_staff(batch.school), batch)


def _import(sort: _Sort) -> ResponseReturnValue:
    form = TableForm()
    if request.method != "POST":
        return _start(sort, form)
    form.validate()
    content, name = form.content()
    if content is None:
        return _start(sort, form, _("Kies een bestand of plak de cellen."))
    try:
        if isinstance(content, bytes) and len(content) > 4 * csv_in.MOST_SIGNS:
            raise csv_in.TableError("long")  # noqa: TRY301
        text = csv_in.decode(content) if isinstance(content, bytes) else str(content)
        table = csv_in.read_table(text)
    except csv_in.TableError as problem:
        return _start(sort, form, _table_words(problem.reason))
    guessed = csv_in.guess_columns(table.heads, {column.key: column.names for column in sort.columns})
    places = {key: _chosen(key, at, len(table.heads)) for key, at in guessed.items()}
    missing = [column.label for column in sort.columns if column.required and places[column.key] is None]
    rows = [] if missing else sort.judge(table, places)
    counts = counts_of(rows)
    name = name or request.form.get("name", "")[:255]
    if request.form.get("doe") == "bevestig" and counts["new"]:
        batch = sort.write(rows, name)
        flash(_("De invoer is klaar."))
        return redirect(sort.batch_url(batch), 303)
    return page(
        "schools/import_check.html", 400 if missing else 200, school=sort.school, sort=sort, form=form, text=text, name=name,
        table=table, places=places, missing=missing, rows=rows, counts=counts, heading=_counted(sort, counts["new"]),
        per_sort=sort.kind.value,
    )  # fmt: skip


def _chosen(key: str, guessed: int | None, columns: int) -> int | None:
    """Return the column that somebody chose for a key: what was guessed while nothing was chosen."""
    said = request.form.get(f"kolom-{key}")
    if said is None:
        return guessed
    return int(said) if said.isascii() and said.isdigit() and int(said) < columns else None


def _table_words(reason: str) -> str:
    words = {
        "empty": _(
            "Hier staan geen rijen in. De eerste rij zijn de koppen, daaronder komt één rij per school of persoon."
        ),
        "wide": _("Dit zijn meer dan 60 kolommen. Houd alleen de nodige over."),
        "long": _("Dit is te lang. Voer hoogstens 1000 rijen tegelijk in."),
    }
    return str(words.get(reason) or _("Dit bestand is niet te lezen als tabel. Bewaar het opnieuw als CSV."))


def _counted(sort: _Sort, new: int) -> str:
    if sort.kind is BatchKind.SCHOOLS:
        return str(ngettext("%(num)s school komt erbij", "%(num)s scholen komen erbij", new))
    return str(ngettext("%(num)s persoon krijgt een uitnodiging", "%(num)s mensen krijgen een uitnodiging", new))


def _start(sort: _Sort, form: TableForm, fault: str = "") -> ResponseReturnValue:
    return page("schools/import_start.html", 400 if fault else 200, school=sort.school, sort=sort, form=form, fault=fault,
                per_sort=sort.kind.value, earlier=batches.batches_of(sort.kind, sort.school))  # fmt: skip


def _batch_page(sort: _Sort, batch: ImportBatch) -> ResponseReturnValue:
    made: list[tuple[str, Any]] = list(batches.made_by(batch))
    return page("schools/import_batch.html", school=sort.school, sort=sort, batch=batch, made=made,
                per_sort=sort.kind.value, confirm=Form(formdata=None))  # fmt: skip


def _undo(sort: _Sort, batch: ImportBatch) -> ResponseReturnValue:
    if batch.undone_at is not None:
        flash(_("Deze invoer is al ongedaan gemaakt."), "error")
        return redirect(sort.batch_url(batch), 303)
    kept = batches.undo(batch)
    flash(_("De invoer is ongedaan gemaakt."))
    if kept:
        flash(_("Dit blijft, want het is intussen in gebruik: %(names)s.", names=", ".join(kept)), "error")
    return redirect(sort.batch_url(batch), 303)

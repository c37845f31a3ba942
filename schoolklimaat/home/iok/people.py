"""People and roles of the region, and who was invited."""

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.validators import ValidationError

from schoolklimaat.core.forms import Form
from schoolklimaat.core.guard import current_actor, needs
from schoolklimaat.core.pages import page
from schoolklimaat.home.iok import rights
from schoolklimaat.home.iok.blueprint import blueprint
from schoolklimaat.home.iok.listing import PER_PAGE, Cell, asked, date_word, list_file, list_page, one_page, whole
from schoolklimaat.home.iok.policy import CHANGE_REGION, READ_REGION
from schoolklimaat.home.own.removal import StillNeededError, remove_account
from schoolklimaat.people.models import Account
from schoolklimaat.schools.forms.joining import email_field
from schoolklimaat.schools.models import Invitation, Membership, Role
from schoolklimaat.schools.services.invitations import grant, invite, is_open, revoke_invitation
from schoolklimaat.schools.words import ROLE_WORDS

_INVITED = (Role.IOK_EXPERT, Role.IOK_ADMIN, Role.MUNICIPALITY_OFFICER)


class InviteForm(Form):
    """Somebody to invite to a role of the region."""

    email = email_field(_l("E-mailadres"))
    role = SelectField(_l("Rol"), choices=[(role.value, ROLE_WORDS[role]) for role in _INVITED])
    municipality = SelectField(_l("Gemeente, voor een klimaatambtenaar"), coerce=int)

    def validate_municipality(self, field: SelectField) -> None:
        """Ask for the municipality of an officer."""
        if self.role.data == Role.MUNICIPALITY_OFFICER.value and not field.data:
            raise ValidationError(_("Kies de gemeente van de klimaatambtenaar."))


def _form() -> InviteForm:
    form = InviteForm()
    form.municipality.choices = [(0, "–"), *((one.id, one.name) for one in rights.municipalities())]
    return form


def role_words(held: Membership | Invitation) -> str:
    """Return a role with where it holds."""
    where = held.school.name if held.school else held.municipality.name if held.municipality else ""
    return f"{ROLE_WORDS[held.role]}, {where}" if where else str(ROLE_WORDS[held.role])


def _cells(found: Sequence[Account]) -> list[list[Cell]]:
    held = rights.roles_of([one.id for one in found])
    return [
        [
            Cell(one.name, url_for("iok.person", number=one.id)),
            Cell(one.email),
            Cell("; ".join(role_words(role) for role in held.get(one.id, [])) or _("geen rol")),
        ]
        for one in found
    ]


def _heads() -> list[str]:
    return [_("Naam"), _("E-mailadres"), _("Rollen")]


@blueprint.get("/iok/mensen")
@needs(READ_REGION)
def people() -> ResponseReturnValue:
    """List the accounts."""
    question = asked()
    found = [row[0] for row in one_page(rights.accounts(question.word), question)]
    return list_page(
        "iok.people", _("Mensen en rollen"), _heads(), _cells(found[:PER_PAGE]), question, more=len(found) > PER_PAGE,
        empty=_("Zoek op een naam of een e-mailadres."),
    )  # fmt: skip


@blueprint.get("/iok/mensen.csv")
@needs(READ_REGION)
def people_csv() -> ResponseReturnValue:
    """Send the list as a file."""
    return list_file("mensen", _heads(), _cells([row[0] for row in whole(rights.accounts(asked().word))]))


@blueprint.get("/iok/mensen/<int:number>")
@needs(READ_REGION, on=rights.find_account)
def person(account: Account) -> ResponseReturnValue:
    """Show somebody's roles and what can be done with them."""
    held = rights.roles_of([account.id]).get(account.id, [])
    guides = any(one.role is Role.IOK_EXPERT for one in held)
    return page(
        "home/iok_person.html",
        account=account,
        held=[(one.id, role_words(one)) for one in held],
        taken=[(one.entry_id, f"{ROLE_WORDS[one.role]}{', ' + one.school.name if one.school else ''}")
               for one in rights.taken_lately(account)],
        schools=rights.schools_to_assign(account) if guides else [],
        form=Form(formdata=None),
    )  # fmt: skip


@blueprint.post("/iok/mensen/<int:number>")
@needs(CHANGE_REGION, on=rights.find_account)
def change_person(account: Account) -> ResponseReturnValue:
    """Give an expert a school, give a role back that was just taken, or remove the account."""
    back = redirect(url_for(".person", number=account.id), 303)
    match request.form.get("doe"):
        case "school":
            wanted = request.form.get("school", type=int)
            school = next((one for one in rights.schools_to_assign(account) if one.id == wanted), None)
            held = rights.roles_of([account.id]).get(account.id, [])
            if school is None or not any(one.role is Role.IOK_EXPERT for one in held):
                flash(_("Kies een school uit de lijst."), "error")
            else:
                grant(account, Role.IOK_EXPERT, school_id=school.id)
                flash(_("%(name)s begeleidt nu %(school)s.", name=account.name, school=school.name))
        case "terug":
            taken = rights.give_back(account, request.form.get("regel", 0, type=int))
            flash(_("De rol is terug.") if taken else _("Dit kan niet meer ongedaan gemaakt worden."))
        case "verwijder" if request.form.get("zeker") == "ja":
            return _remove(account) or back
        case _:
            flash(_("Er is niets veranderd. Kies wat je wilt doen."), "error")
    return back


def _remove(account: Account) -> ResponseReturnValue | None:
    if account.id == current_actor().id:
        flash(_("Je eigen account verwijder je op de pagina van je account."), "error")
        return None
    try:
        remove_account(account)
    except StillNeededError as needed:
        names = ", ".join(school.name for school in needed.schools) or "IOK"
        flash(_("Draag eerst over: zonder dit account heeft %(names)s niemand meer.", names=names), "error")
        return None
    flash(_("Het account is verwijderd."))
    return redirect(url_for(".people"), 303)


@blueprint.post("/iok/mensen/<int:number>/rollen/<int:role>/weg")
@needs(CHANGE_REGION, on=rights.find_role)
def take_region_role(membership: Membership) -> ResponseReturnValue:
    """Take a role away."""
    number = membership.account_id
    try:
        rights.take(membership)
    except rights.LastCoordinatorError:
        flash(_("Dit is de laatste klimaatcoördinator. Draag de school eerst over aan een collega."), "error")
    except rights.LastAdministratorError:
        flash(_("Dit is de laatste beheerder van IOK. Nodig eerst een collega uit."), "error")
    else:
        flash(_("De rol is weggenomen. Tot morgen kun je ze teruggeven."))
    return redirect(url_for(".person", number=number), 303)


@blueprint.get("/iok/uitnodigingen")
@needs(READ_REGION)
def invitations() -> ResponseReturnValue:
    """List who was invited and did not answer, with the form to invite somebody."""
    return _invitations(_form())


@blueprint.post("/iok/uitnodigingen")
@needs(CHANGE_REGION)
def invite_somebody() -> ResponseReturnValue:
    """Invite somebody to a role of the region."""
    form = _form()
    if not form.validate():
        return _invitations(form, 400)
    role = Role(form.role.data)
    town = next((one for one in rights.municipalities() if one.id == form.municipality.data), None)
    invite(form.email.data, role, municipality=town if role is Role.MUNICIPALITY_OFFICER else None, by=current_actor())
    flash(_("De uitnodiging is verstuurd. De link werkt twee weken."))
    return redirect(url_for(".invitations"), 303)


@blueprint.post("/iok/uitnodigingen/<int:number>")
@needs(CHANGE_REGION, on=rights.find_invitation)
def change_invitation(invitation: Invitation) -> ResponseReturnValue:
    """Send an invitation again, or make its link useless."""
    if request.form.get("doe") == "opnieuw":
        invite(
            invitation.email, invitation.role, school=invitation.school, municipality=invitation.municipality,
            by=current_actor(),
        )  # fmt: skip
        flash(_("Er is een nieuwe link verstuurd."))
    else:
        revoke_invitation(invitation)
        flash(_("De uitnodiging is ingetrokken."))
    return redirect(url_for(".invitations"), 303)


@blueprint.get("/iok/uitnodigingen.csv")
@needs(READ_REGION)
def invitations_csv() -> ResponseReturnValue:
    """Send the open invitations as a file."""
    found: list[Any] = [row[0] for row in whole(rights.invitations(asked().word))]
    rows = [[Cell(one.email), Cell(role_words(one)), Cell(date_word(one.expires_at))] for one in found]
    return list_file("uitnodigingen", [_("E-mailadres"), _("Rol"), _("Werkt tot")], rows)


def _invitations(form: InviteForm, status: int = 200) -> ResponseReturnValue:
    question = asked()
    found = [row[0] for row in one_page(rights.invitations(question.word), question)]
    return page(
        "home/iok_invitations.html", status, form=form, confirm=Form(formdata=None), question=question,
        rows=[(one, role_words(one), is_open(one)) for one in found[:PER_PAGE]], more=len(found) > PER_PAGE,
        sent=request.method == "POST",
    )  # fmt: skip

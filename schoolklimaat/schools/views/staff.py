"""The people of a school: who is what, invitations, and handing over."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from schoolklimaat.core.forms import Form
from schoolklimaat.core.guard import current_actor, needs
from schoolklimaat.core.pages import page
from schoolklimaat.schools.forms.joining import HandOverForm, InviteForm
from schoolklimaat.schools.models import Invitation, Membership, Role, School
from schoolklimaat.schools.policy import ADMINISTER_SCHOOL, OPEN_ADMINISTRATION
from schoolklimaat.schools.services import find_school, invitations
from schoolklimaat.schools.views.blueprint import blueprint
from schoolklimaat.schools.words import ROLE_WORDS


@blueprint.get("/scholen/<slug>/mensen")
@needs(OPEN_ADMINISTRATION, on=find_school)
def staff(school: School) -> ResponseReturnValue:
    """List who holds which role at a school and who was invited."""
    return _staff_page(school, InviteForm())


@blueprint.post("/scholen/<slug>/mensen")
@needs(ADMINISTER_SCHOOL, on=find_school)
def invite_staff(school: School) -> ResponseReturnValue:
    """Invite somebody to a role."""
    form = InviteForm()
    if not form.validate():
        return _staff_page(school, form, 400)
    invitations.invite(form.email.data, Role(form.role.data), school=school, by=current_actor())
    flash(_("De uitnodiging is verstuurd. De link werkt twee weken."))
    return redirect(url_for(".staff", slug=school.slug), 303)


@blueprint.post("/scholen/<slug>/mensen/<int:number>/weg")
@needs(ADMINISTER_SCHOOL, on=invitations.find_membership)
def take_role(membership: Membership) -> ResponseReturnValue:
    """Take a role away."""
    school = membership.school
    assert school is not None  # noqa: S101 - the loader joins it
    try:
        invitations.take_role(membership)
    except invitations.LastCoordinatorError:
        flash(_("Dit is de laatste klimaatcoördinator. Draag de school eerst over aan een collega."), "error")
    else:
        flash(_("%(name)s is geen %(role)s meer.", name=membership.account.name, role=ROLE_WORDS[membership.role]))
    return redirect(url_for(".staff", slug=school.slug), 303)


@blueprint.post("/scholen/<slug>/mensen/<int:number>/overdragen")
@needs(ADMINISTER_SCHOOL, on=invitations.find_membership)
def hand_over(membership: Membership) -> ResponseReturnValue:
    """Make a colleague the coordinator in somebody's place."""
    school = membership.school
    assert school is not None  # noqa: S101 - the loader joins it
    form = HandOverForm()
    colleagues = {one.account_id: one.account for one in invitations.staff_of(school)}
    colleagues.pop(membership.account_id, None)
    form.to.choices = [(number, account.name) for number, account in colleagues.items()]
    if membership.role is Role.CLIMATE_COORDINATOR and form.validate():
        invitations.hand_over(membership, colleagues[form.to.data])
        flash(_("%(name)s is nu klimaatcoördinator.", name=colleagues[form.to.data].name))
        if membership.account_id == getattr(current_actor(), "id", None):
            return redirect(url_for("home.start"), 303)
    else:
        flash(_("Kies een collega die al bij deze school hoort."), "error")
    return redirect(url_for(".staff", slug=school.slug), 303)


@blueprint.post("/scholen/<slug>/uitnodigingen/<int:number>/intrekken")
@needs(ADMINISTER_SCHOOL, on=invitations.find_open_invitation)
def revoke_invitation(invitation: Invitation) -> ResponseReturnValue:
    """Make an invitation's link useless."""
    invitations.revoke_invitation(invitation)
    flash(_("De uitnodiging is ingetrokken."))
    return _back(invitation)


@blueprint.post("/scholen/<slug>/uitnodigingen/<int:number>/opnieuw")
@needs(ADMINISTER_SCHOOL, on=invitations.find_open_invitation)
def resend_invitation(invitation: Invitation) -> ResponseReturnValue:
    """Send a fresh link; the earlier one stops working."""
    invitations.invite(invitation.email, invitation.role, school=invitation.school, by=current_actor())
    flash(_("Er is een nieuwe link verstuurd."))
    return _back(invitation)


def _back(invitation: Invitation) -> ResponseReturnValue:
    assert invitation.school is not None  # noqa: S101 - the loader joins it
    return redirect(url_for(".staff", slug=invitation.school.slug), 303)


def _staff_page(school: School, form: InviteForm, status: int = 200) -> ResponseReturnValue:
    held = invitations.staff_of(school)
    hand_over_form = HandOverForm(formdata=None)
    hand_over_form.to.choices = sorted({(one.account_id, one.account.name) for one in held}, key=lambda one: one[1])
    return page(
        "schools/staff.html", status, school=school, held=held, invitations=invitations.open_invitations(school), form=form,
        hand_over_form=hand_over_form, confirm=Form(formdata=None), words=ROLE_WORDS, is_open=invitations.is_open,
        sent=request.method == "POST",
    )  # fmt: skip

"""A forgotten password: ask a link, and choose a new password by it."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from schoolklimaat.core.guard import open_to_all
from schoolklimaat.core.pages import page
from schoolklimaat.people.forms import ForgottenForm, NewPasswordForm
from schoolklimaat.people.services.passwords import own_words
from schoolklimaat.people.services.resets import PATH, ask_reset, find_reset, use_reset
from schoolklimaat.people.services.sessions import end_sessions
from schoolklimaat.people.views.blueprint import blueprint


@blueprint.route("/wachtwoord/vergeten", methods=["GET", "POST"])
@open_to_all("who forgot the password cannot sign in")
def forgotten() -> ResponseReturnValue:
    """Take an address; the answer is the same for every address."""
    form = ForgottenForm()
    if form.validate_on_submit():
        ask_reset(form.email.data.strip())
        return redirect(url_for(".link_sent"), 303)
    return page("people/forgotten.html", 400 if form.errors else 200, form=form)


@blueprint.get("/wachtwoord/verstuurd")
@open_to_all("who forgot the password cannot sign in")
def link_sent() -> ResponseReturnValue:
    """Say what happens next, without saying whether the address has an account."""
    return page("people/link_sent.html")


@blueprint.route(f"{PATH}/<token>", methods=["GET", "POST"])
@open_to_all("the token in the link is the key")
def choose_password(token: str) -> ResponseReturnValue:
    """Take a new password by a link that works once."""
    link = find_reset(token)
    if link is None:
        return page("people/link_spent.html", 404)
    form = NewPasswordForm(own=own_words(link.account))
    if form.validate_on_submit():
        if not use_reset(link, form.password.data):
            return page("people/link_spent.html", 404)
        end_sessions(link.account)
        flash(_("Je nieuwe wachtwoord is bewaard. Meld je er nu mee aan."))
        return redirect(url_for(".sign_in"), 303)
    return page("people/choose_password.html", 400 if form.errors else 200, form=form, email=link.account.email)

"""One's own account: name, language and password."""

from flask import flash, redirect, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from schoolklimaat.core.context import settings
from schoolklimaat.core.db import keep_even_on_error
from schoolklimaat.core.guard import needs
from schoolklimaat.core.i18n import clock_time
from schoolklimaat.core.pages import page
from schoolklimaat.people.forms import AccountForm, ChangePasswordForm
from schoolklimaat.people.policy import CHANGE_OWN_ACCOUNT
from schoolklimaat.people.services import external, sessions
from schoolklimaat.people.services.accounts import knows_password, set_password
from schoolklimaat.people.services.passwords import own_words
from schoolklimaat.people.services.tries import PausedError
from schoolklimaat.people.views.blueprint import blueprint
from schoolklimaat.people.views.entering import own_account


@blueprint.route("/account", methods=["GET", "POST"])
@needs(CHANGE_OWN_ACCOUNT)
def account() -> ResponseReturnValue:
    """Show the account, and take name and language."""
    owner = own_account()
    form = AccountForm(obj=owner, language=owner.language or "")
    if form.validate_on_submit():
        owner.name, owner.language = form.name.data.strip(), form.language.data or None
        session.pop("lang", None)
        if owner.language:
            session["lang"] = owner.language
        flash(_("Bewaard."))
        return redirect(url_for(".account"), 303)
    linked = {one.provider: one for one in external.identities_of(owner)}
    return page(
        "people/account.html", 400 if form.errors else 200, form=form, providers=settings().providers, linked=linked
    )


@blueprint.route("/account/wachtwoord", methods=["GET", "POST"])
@needs(CHANGE_OWN_ACCOUNT)
def change_password() -> ResponseReturnValue:
    """Take the password of now and a new one."""
    owner = own_account()
    form = ChangePasswordForm(own=own_words(owner))
    if form.validate_on_submit():
        problem = _("Dit is niet je wachtwoord van nu. Kijk na of Caps Lock uit staat.")
        try:
            known = knows_password(owner, form.current.data)
        except PausedError as paused:
            known = False
            problem = _(
                "Er waren te veel pogingen voor dit account. Probeer het opnieuw na %(time)s.",
                time=clock_time(paused.until),
            )
        if known:
            set_password(owner, form.password.data, "changed")
            sessions.end_sessions(owner, but=sessions.here())
            flash(_("Je nieuwe wachtwoord is bewaard."))
            return redirect(url_for(".account"), 303)
        keep_even_on_error()
        form.current.errors = [problem]
    return page("people/change_password.html", 400 if form.errors else 200, form=form, email=owner.email)

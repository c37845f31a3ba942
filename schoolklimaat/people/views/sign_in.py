"""Signing in and out, for adults."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from schoolklimaat.core import identity
from schoolklimaat.core.context import settings
from schoolklimaat.core.db import keep_even_on_error
from schoolklimaat.core.guard import current_actor, open_to_all, safe_next
from schoolklimaat.core.i18n import clock_time
from schoolklimaat.core.pages import page
from schoolklimaat.people.forms import SignInForm
from schoolklimaat.people.services import PausedError, authenticate
from schoolklimaat.people.views.blueprint import blueprint
from schoolklimaat.people.views.entering import enter


@blueprint.route("/aanmelden", methods=["GET", "POST"])
@open_to_all("signing in is for who is not yet in")
def sign_in() -> ResponseReturnValue:
    """Show and take the sign-in form."""
    form = SignInForm(next=request.args.get("next"))
    problem = None
    if form.validate_on_submit():
        try:
            account = authenticate(form.email.data, form.password.data)
        except PausedError as paused:
            account = None
            problem = _(
                "Er waren te veel pogingen voor dit account. Probeer het opnieuw na %(time)s.",
                time=clock_time(paused.until),
            )
        if account is not None:
            return enter(account, form.next.data)
        keep_even_on_error()
        problem = problem or _("Dit e-mailadres en dit wachtwoord horen niet bij elkaar. Kijk ze allebei na.")
    elif request.method == "GET" and current_actor().is_authenticated:
        return redirect(safe_next(request.args.get("next")) or url_for("home.start"))
    return page(
        "people/sign_in.html",
        400 if request.method == "POST" else 200,
        form=form,
        problem=problem,
        providers=settings().providers,
    )


@blueprint.post("/afmelden")
@open_to_all("who is not signed in loses nothing by signing out")
def sign_out() -> ResponseReturnValue:
    """End the session."""
    identity.sign_out()
    return redirect(url_for("home.start"))

"""The second step of signing in, and switching it on and off."""

from typing import Final

from flask import abort, flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from schoolklimaat.core.db import keep_even_on_error
from schoolklimaat.core.guard import current_actor, needs, open_to_all, safe_next, wants_json
from schoolklimaat.core.i18n import clock_time
from schoolklimaat.core.pages import page
from schoolklimaat.core.sealed import UnreadableError, open_text, seal_text
from schoolklimaat.people.forms import CodeForm
from schoolklimaat.people.models import Account
from schoolklimaat.people.policy import CHANGE_OWN_ACCOUNT
from schoolklimaat.people.services import PausedError
from schoolklimaat.people.services.second_factor import (
    PURPOSE,
    Proof,
    codes_left,
    is_required,
    new_seed,
    picture,
    prove,
    renew_codes,
    set_up,
    switch_off,
)
from schoolklimaat.people.views.blueprint import blueprint
from schoolklimaat.people.views.entering import finish, own_account, waiting

_SEED: Final = "seed"
_BEFORE_ANYTHING: Final = frozenset({"people.second_factor", "people.sign_out", "people.sign_in"})


@blueprint.before_app_request
def lead_to_set_up() -> ResponseReturnValue | None:
    """Lead whoever must have a second factor and has none to where it is set up, before anything else."""
    endpoint = request.endpoint or "static"
    if endpoint in _BEFORE_ANYTHING or endpoint.endswith("static") or endpoint.startswith(("files.", "health.")):
        return None
    actor = current_actor()
    if getattr(actor, "kind", None) != "staff" or actor.has_second_factor or not is_required(actor):
        return None
    if wants_json():
        return abort(403)
    return redirect(url_for("people.second_factor", next=request.full_path.rstrip("?")), 303)


@blueprint.route("/aanmelden/tweede-stap", methods=["GET", "POST"])
@open_to_all("whoever gave a first proof is not yet in")
def second_step() -> ResponseReturnValue:
    """Take a code of the app, or one on paper."""
    half_in = waiting()
    if half_in is None:
        return redirect(url_for(".sign_in"), 303)
    account, onward = half_in
    form = CodeForm()
    if form.validate_on_submit():
        proof = _proof(account, form)
        if proof is not None:
            answer = finish(account, onward)
            if proof is Proof.PAPER:
                _say_how_many_are_left(account)
            return answer
    return page("people/second_step.html", 400 if form.errors else 200, form=form)


@blueprint.route("/account/tweede-stap", methods=["GET", "POST"])
@needs(CHANGE_OWN_ACCOUNT)
def second_factor() -> ResponseReturnValue:
    """Set the second factor up, or show that it is on."""
    owner = own_account()
    form = CodeForm()
    if owner.has_second_factor:
        return page(
            "people/second_factor_on.html",
            400 if request.method == "POST" else 200,
            form=form, required=is_required(owner), left=codes_left(owner),
        )  # fmt: skip
    seed = _seed_of_this_visit()
    if form.validate_on_submit():
        codes = set_up(owner, seed, form.code.data)
        if codes is not None:
            session.pop(_SEED, None)
            return page("people/recovery_codes.html", codes=codes, onward=safe_next(request.args.get("next")))
        form.code.errors = [
            _(
                "Deze code klopt niet. Wacht op de volgende code in de app, en kijk na of de klok van je toestel juist staat."
            )
        ]
    return page(
        "people/second_factor_off.html",
        400 if form.errors else 200,
        form=form, picture=Markup(picture(owner, seed)), seed=seed, required=is_required(owner),  # noqa: S704 - our own drawing
    )  # fmt: skip


@blueprint.post("/account/tweede-stap/codes")
@needs(CHANGE_OWN_ACCOUNT)
def new_recovery_codes() -> ResponseReturnValue:
    """Make new codes on paper, for who shows a code."""
    owner = own_account()
    form = CodeForm()
    if form.validate_on_submit() and _proof(owner, form) is not None:
        return page("people/recovery_codes.html", codes=renew_codes(owner), onward=None)
    return _still_on(owner, form)


@blueprint.post("/account/tweede-stap/uit")
@needs(CHANGE_OWN_ACCOUNT)
def switch_off_second_factor() -> ResponseReturnValue:
    """Switch the second factor off, for who shows a code; who must have one is then led to set up another."""
    owner = own_account()
    form = CodeForm()
    if form.validate_on_submit() and _proof(owner, form) is not None:
        switch_off(owner)
        if is_required(owner):
            return redirect(url_for(".second_factor"), 303)
        flash(_("De tweede stap staat uit. Voortaan volstaat je wachtwoord."))
        return redirect(url_for(".account"), 303)
    return _still_on(owner, form)


def _still_on(owner: Account, form: CodeForm) -> ResponseReturnValue:
    if not owner.has_second_factor:
        return redirect(url_for(".second_factor"), 303)
    return page("people/second_factor_on.html", 400, form=form, required=is_required(owner), left=codes_left(owner))


def _proof(account: Account, form: CodeForm) -> Proof | None:
    """Try the code of a form; a wrong one is counted, and said at the field."""
    problem = _("Deze code klopt niet, of is al gebruikt. Wacht op de volgende code in de app.")
    try:
        proof = prove(account, form.code.data)
    except PausedError as paused:
        proof = None
        problem = _("Er waren te veel pogingen. Probeer het opnieuw na %(time)s.", time=clock_time(paused.until))
    if proof is None:
        keep_even_on_error()
        form.code.errors = [problem]
    return proof


def _say_how_many_are_left(account: Account) -> None:
    left = codes_left(account)
    flash(
        ngettext(
            "Je gebruikte een herstelcode. Er is er nog %(num)s. Maak nieuwe bij Mijn account.",
            "Je gebruikte een herstelcode. Er zijn er nog %(num)s. Nieuwe maak je bij Mijn account.",
            left,
        )
    )


def _seed_of_this_visit() -> str:
    """Return the seed that is being shown: the same while the visit lasts, so that a second look needs no new scan."""
    try:
        return open_text(session[_SEED], PURPOSE)
    except (KeyError, UnreadableError):
        seed = new_seed()
        session[_SEED] = seal_text(seed, PURPOSE)
        return seed

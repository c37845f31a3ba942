"""One's own tokens for programs."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import DataRequired, Length

from schoolklimaat.core.forms import Form
from schoolklimaat.core.guard import current_actor, needs
from schoolklimaat.core.pages import page
from schoolklimaat.people.models import ApiToken
from schoolklimaat.people.policy import CHANGE_OWN_ACCOUNT, END_OWN, SEE_OWN_ACCOUNT
from schoolklimaat.people.services import tokens
from schoolklimaat.people.views.blueprint import blueprint


class TokenForm(Form):
    """A token by the name of the program that gets it."""

    name = StringField(
        _l("Waarvoor is de sleutel?"),
        validators=[DataRequired(), Length(max=80)],
        description=_l("Bijvoorbeeld: dashboard van de gemeente."),
        render_kw={"autocomplete": "off"},
    )


@blueprint.get("/account/sleutels")
@needs(SEE_OWN_ACCOUNT)
def api_tokens() -> ResponseReturnValue:
    """List the tokens that still work."""
    return _tokens_page(TokenForm())


@blueprint.post("/account/sleutels")
@needs(CHANGE_OWN_ACCOUNT)
def make_api_token() -> ResponseReturnValue:
    """Make a token and show it, this once."""
    form = TokenForm()
    if not form.validate():
        return _tokens_page(form, 400)
    try:
        _token, text = tokens.make_token(current_actor(), form.name.data)
    except tokens.TooManyTokensError:
        flash(_("Je hebt al tien sleutels. Trek er eerst een in."), "error")
        return _tokens_page(form, 400)
    return _tokens_page(TokenForm(formdata=None), text=text)


@blueprint.post("/account/sleutels/<int:number>/intrekken")
@needs(END_OWN, on=tokens.find_token)
def revoke_api_token(token: ApiToken) -> ResponseReturnValue:
    """End one of one's own tokens."""
    tokens.revoke_token(token)
    flash(_("De sleutel werkt niet meer."))
    return redirect(url_for(".api_tokens"), 303)


def _tokens_page(form: TokenForm, status: int = 200, text: str | None = None) -> ResponseReturnValue:
    kept = tokens.tokens_of(current_actor())
    return page("people/tokens.html", status, form=form, tokens=kept, text=text, confirm=Form(formdata=None))

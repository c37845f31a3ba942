"""How pupils come in: class code, then avatar and PIN."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from schoolklimaat.core import identity
from schoolklimaat.core.db import keep_even_on_error
from schoolklimaat.core.guard import current_actor, open_to_all
from schoolklimaat.core.i18n import clock_time
from schoolklimaat.core.pages import page
from schoolklimaat.people.services import PausedError
from schoolklimaat.schools.avatars import avatar_name
from schoolklimaat.schools.forms import ClassCodeForm, PupilSignInForm
from schoolklimaat.schools.services.pupils import authenticate_pupil, find_class
from schoolklimaat.schools.views.blueprint import blueprint


@blueprint.route("/klas/aanmelden", methods=["GET", "POST"])
@open_to_all("pupils come in here")
def pupil_sign_in() -> ResponseReturnValue:
    """Ask the class code, then show the avatars of that class and ask the PIN."""
    if request.method == "GET" and getattr(current_actor(), "kind", None) == "pupil":
        return redirect(url_for("home.class_start"))
    form = PupilSignInForm()
    problem = None
    tried = request.method == "POST" and "pin" in request.form
    if tried and form.validate():
        try:
            pupil = authenticate_pupil(form.code.data, form.avatar.data, form.pin.data)
        except PausedError as paused:
            pupil = None
            problem = _(
                "Er is te vaak een andere pincode ingetikt. Wacht tot %(time)s, of vraag hulp aan je leerkracht.",
                time=clock_time(paused.until),
            )
        if pupil is not None:
            identity.sign_in(pupil)
            return redirect(url_for("home.class_start"))
        keep_even_on_error()
        problem = problem or _("Die pincode hoort niet bij jouw dier. Kijk op je kaartje en probeer het nog eens.")
    code = form.code.data or request.args.get("code")
    class_group = find_class(code) if code else None
    if class_group is None:
        if code:
            problem = _("Die klascode kennen we niet. Kijk op je kaartje: de code bestaat uit letters en cijfers.")
        status = 400 if request.method == "POST" else 200
        return page("schools/class_code.html", status, form=ClassCodeForm(formdata=None, code=code), problem=problem)
    form.code.data = class_group.code
    form.avatar.choices = [(pupil.avatar, avatar_name(pupil.avatar)) for pupil in class_group.pupils]
    return page(
        "schools/pupil_sign_in.html",
        400 if tried else 200,
        form=form,
        class_group=class_group,
        problem=problem,
    )

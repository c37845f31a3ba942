"""The audit trail as people read it: every action has words, no page tells what another school did."""

import ast
import re
from pathlib import Path

import pytest

from schoolklimaat.app import create_app
from schoolklimaat.core import audit
from schoolklimaat.core.audit_words import ACTION_WORDS
from schoolklimaat.core.db import db
from schoolklimaat.people.models import Account
from schoolklimaat.schools.models import Membership, Pupil, Role, School
from tests.browser import world
from tests.schools.class_world import staff

PACKAGE = Path(__file__).resolve().parents[2] / "schoolklimaat"
HEIDE = "/scholen/demoschool-heide"


def patterns_of(node):
    """Every action that an expression can be, as regular expressions; None for what only a caller knows."""
    if isinstance(node, ast.Constant):
        return [re.escape(node.value)]
    if isinstance(node, ast.IfExp):
        return patterns_of(node.body) + patterns_of(node.orelse)
    if isinstance(node, ast.JoinedStr):
        return ["".join(re.escape(part.value) if isinstance(part, ast.Constant) else ".+" for part in node.values)]
    return []


def recorded():
    """Every (place, pattern) of an action that the code keeps, also through a function that hands its own first on."""
    trees = {path: ast.parse(path.read_text()) for path in PACKAGE.rglob("*.py")}
    handing_on = {"record"}
    for tree in trees.values():
        for function in ast.walk(tree):
            if isinstance(function, ast.FunctionDef) and function.args.args and function.args.args[0].arg == "action":
                handing_on.add(function.name)
    for path, tree in trees.items():
        for call in ast.walk(tree):
            if isinstance(call, ast.Call) and call.args:
                name = getattr(call.func, "id", getattr(call.func, "attr", ""))
                if name in handing_on:
                    for pattern in patterns_of(call.args[0]):
                        yield f"{path.relative_to(PACKAGE)}:{call.lineno}", pattern


def test_every_action_has_words():
    found = list(recorded())
    assert len(found) > 40
    wordless = [
        (place, pattern) for place, pattern in found if not any(re.fullmatch(pattern, one) for one in ACTION_WORDS)
    ]
    assert not wordless, "give these actions words in core/audit_words.py"


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    site = create_app(world.settings_in(tmp_path_factory.mktemp("trail")), testing=True)
    with site.app_context():
        db.create_all()
        world.people_and_places()
        heide, ven = db.session.query(School).order_by(School.id).all()
        teacher = db.session.query(Account).filter_by(email="leerkracht@demo.example").one()
        pupil = db.session.query(Pupil).first()
        db.session.add(Membership(account=teacher, role=Role.CLIMATE_COORDINATOR, school_id=heide.id))
        for _ in range(55):
            audit.record("class.code", "class_group:1", school_id=heide.id)
        audit.record("pupil.leave", f"pupil:{pupil.id}", school_id=heide.id)
        audit.record("role.grant", f"staff:{teacher.id}", school_id=heide.id, role="teacher")
        audit.record("kit.register", "kit:ven-kit", school_id=ven.id)
        db.session.commit()
    return site


@pytest.fixture(scope="module")
def coordinator(app):
    return staff(app, "leerkracht")


def test_the_trail_is_read_newest_first_in_words(coordinator):
    page = coordinator.get(f"{HEIDE}/logboek").text
    page = page[page.index("<tbody>") :]
    assert page.index("gaf een rol") < page.index("liet een leerling de klas verlaten") < page.index("nieuwe code")
    assert "Lea, leerkracht" in page
    assert "paarse uil" in page
    assert "De site zelf" in page
    assert "class.code" not in page


def test_pages_follow_each_other_and_keep_the_filter(coordinator):
    first = coordinator.get(f"{HEIDE}/logboek?wat=class.code").text
    assert "gaf een rol</td>" not in first
    assert first.count("<td>gaf een klas een nieuwe code</td>") == 50
    assert "pagina=2&amp;wat=class.code" in first
    second = coordinator.get(f"{HEIDE}/logboek?wat=class.code&pagina=2").text
    assert second.count("<td>gaf een klas een nieuwe code</td>") == 5


def test_the_file_holds_everything_and_another_school_is_absent(coordinator):
    text = coordinator.get(f"{HEIDE}/logboek.csv").text
    assert text.count("\r\n") == 58
    assert "ven-kit" not in text
    assert coordinator.get("/scholen/demoschool-ven/logboek").status_code == 404

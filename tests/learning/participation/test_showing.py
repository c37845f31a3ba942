"""Badges and certificates, the Green Flag file, and stories of before and after."""

import re
import zlib
from dataclasses import replace

import pytest
from sqlalchemy import select

from schoolklimaat.core.clock import now
from schoolklimaat.core.context import SETTINGS
from schoolklimaat.core.db import db
from schoolklimaat.learning.models import Attempt, Proposal, ProposalState, Story, Survey
from schoolklimaat.learning.services.eco_school import STEPS
from schoolklimaat.schools.models import Room
from tests.learning import class_at_work
from tests.learning.class_at_work import Visitor, give

H = "/scholen/heide"
TOLD = {
    "title": "Slapende automaten", "before_text": "Ze draaiden elke nacht.", "after_text": "Een timer zet ze uit.",
    "figure_name": "Stroom in de nacht", "before_figure": "4,6", "after_figure": "3,9", "unit": "kW",
    "source": "eigen meter, oktober 2026", "licence": "CC-BY-4.0",
}  # fmt: skip


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    site = class_at_work.build(tmp_path_factory.mktemp("showing"))
    site.extensions[SETTINGS] = replace(site.extensions[SETTINGS], front_end=tmp_path_factory.mktemp("nothing"))
    return site


@pytest.fixture(scope="module")
def coordinator(app):
    return Visitor(app, "staff:2")


def written(answer):
    """The pages of a PDF as the text they show, in reading order; of a site without npm's typeface it stands plainly."""
    assert answer.status_code == 200
    assert answer.mimetype == "application/pdf"
    pages = []
    for raw in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", answer.data, re.DOTALL):
        drawn = zlib.decompress(raw).decode("latin-1")
        if " Tj" in drawn:
            found = re.findall(r"\(((?:[^()\\]|\\.)*)\) Tj", drawn)
            pages.append(" ".join(re.sub(r"\\(.)", r"\1", one) for one in found))
    return pages


def test_three_lessons_of_half_the_class_make_a_badge(app):
    pupil = Visitor(app, "pupil:1")
    url = f"{H}/klassen/1/insignes"
    assert pupil.get(f"{url}/lessen/oorkonde.pdf").status_code == 404
    for _ in range(3):
        number = give(app)
        with app.app_context():
            db.session.add(Attempt(assignment_id=number, pupil_id=1, handed_in_at=now()))  # one of the two pupils
            db.session.commit()
    with app.app_context():
        assert db.session.scalar(select(Attempt.id).where(Attempt.pupil_id.is_(None))) is None
    page = pupil.get(url).text
    assert "5B verdiende samen 1 insigne" in page
    answer = pupil.get(f"{url}/lessen/oorkonde.pdf")
    assert re.search(rb"/MediaBox \[0 0 841\.\d+ 595\.\d+\]", answer.data)  # A4 on its side
    (words,) = written(answer)
    for part in ("Oorkonde", "Drie lessen samen", "5B", "Heide"):
        assert part in words
    assert "uil" not in words


def test_an_answered_idea_counts_for_class_and_school(app, coordinator):
    def earned(url):
        return coordinator.get(url).text.count("insigne behaald")

    before = earned(f"{H}/klassen/1/insignes")
    with app.app_context():
        db.session.get(Proposal, 1).state = ProposalState.ANSWERED_NO
        db.session.commit()
    assert earned(f"{H}/klassen/1/insignes") == before + 1  # a no is an answer too
    assert coordinator.get(f"{H}/insignes/bestaat-niet/oorkonde.pdf").status_code == 404


def test_the_file_for_the_green_flag_holds_seven_steps_with_evidence(app, coordinator):
    with app.app_context():
        room = db.session.scalar(select(Room.id).where(Room.slug == "heide-5b"))
        db.session.add(Survey(room_id=room, class_group_id=1, answers={"warmte": "koud"}))
        db.session.commit()
    answer = coordinator.post(
        f"{H}/eco-school", {"stap": "3", "stand": "busy", "nota": "Wij doven de lichten – élke dag"}
    )
    assert answer.status_code == 303
    page = coordinator.get(f"{H}/eco-school").text
    assert "De tekst van MOS gaat altijd voor" in page
    assert "rondgang in 1 lokaal" in page
    assert "0 van de 7 stappen" in page
    words = " ".join(written(coordinator.get(f"{H}/eco-school/dossier.pdf")))
    assert len(STEPS) == 7
    for number, step in STEPS.items():
        assert f"Stap {number}: {step.name}" in words
    assert "Wij doven de lichten" in words
    assert "MOS" in words
    for wrong in ({}, {"stap": "8", "stand": "done"}, {"stap": "1", "stand": "super"}):
        assert coordinator.post(f"{H}/eco-school", wrong).status_code == 400
    assert coordinator.get("/scholen/ven/eco-school").status_code == 404


def test_a_story_is_public_only_when_published(app, coordinator):
    nobody = app.test_client()
    answer = coordinator.post(f"{H}/verhalen/nieuw", TOLD)
    assert answer.status_code == 303
    public = "/verhalen/heide/slapende-automaten"
    assert nobody.get(public).status_code == 404
    assert Visitor(app, "pupil:1").get(answer.location).status_code == 403
    assert coordinator.post(answer.location, {"doe": "publiceer"}).status_code == 303
    page = nobody.get(public)
    assert page.status_code == 200
    for part in ("4,6", "3,9", "kW", "eigen meter, oktober 2026", "CC-BY-4.0", "Een timer zet ze uit."):
        assert part in page.text
    edited = coordinator.post(f"{answer.location}/tekst", {**TOLD, "after_text": "Twee timers."})
    assert edited.status_code == 303
    assert nobody.get(public).status_code == 404  # a changed text is looked at again
    coordinator.post(answer.location, {"doe": "publiceer"})
    coordinator.post(answer.location, {"doe": "terug"})
    assert nobody.get(public).status_code == 404
    again = coordinator.post(f"{H}/verhalen/nieuw", TOLD)
    assert again.location.endswith("/slapende-automaten-2")


@pytest.mark.parametrize("wrong", [{"source": ""}, {"unit": ""}, {"after_figure": ""}])
def test_figures_need_their_unit_and_source(coordinator, wrong):
    url = coordinator.post(f"{H}/verhalen/nieuw", {**TOLD, **wrong}).location
    answer = coordinator.post(url, {"doe": "publiceer"})
    assert answer.status_code == 400
    assert "de eenheid en de bron" in answer.text


def test_names_are_looked_at_before_everybody_reads_them(app, coordinator):
    url = coordinator.post(f"{H}/verhalen/nieuw", {**TOLD, "after_text": "Jan Janssens hing hem op."}).location
    assert coordinator.post(url, {"doe": "publiceer"}).status_code == 400
    with app.app_context():
        assert all(one.published_at is None for one in db.session.scalars(select(Story)))
    assert coordinator.post(url, {"doe": "publiceer", "nagekeken": "1"}).status_code == 303


def test_a_figure_that_is_none_is_said_and_the_text_stays(coordinator):
    answer = coordinator.post(f"{H}/verhalen/nieuw", {**TOLD, "before_figure": "veel"})
    assert answer.status_code == 400
    assert "Ze draaiden elke nacht." in answer.text

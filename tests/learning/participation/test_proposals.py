"""Ideas of pupils: read by the teacher first, voted for in counts, answered by the school, followed to the end."""

import pytest
from sqlalchemy import func, select

from schoolklimaat.core.audit import AuditEntry
from schoolklimaat.core.db import db
from schoolklimaat.learning.models import Proposal, ProposalEvent, ProposalState, ProposalVote
from schoolklimaat.learning.services.forgetting import forget_pupil
from schoolklimaat.learning.services.proposal_lists import accepted_proposals, path_of, votes_for
from schoolklimaat.schools.models import ClassGroup, Pupil, School
from tests.learning import class_at_work
from tests.learning.class_at_work import Visitor, give

TEACHER, COORDINATOR, TECHNICAL, OTHER_TEACHER = "staff:1", "staff:2", "staff:3", "staff:4"
IDEA = {"title": "Een timer", "what": "Op de automaat", "why": "Hij draait elke nacht", "who": "de klusjesman",
        "theme": "energie"}  # fmt: skip
CLASS, SCHOOL = "/scholen/heide/klassen/1/voorstellen", "/scholen/heide/voorstellen"


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    return class_at_work.build(tmp_path_factory.mktemp("proposals"))


@pytest.fixture(scope="module")
def people(app):
    return {who: Visitor(app, who) for who in ("pupil:1", "pupil:3", "pupil:2", TEACHER, COORDINATOR, OTHER_TEACHER)}


def newest(app):
    with app.app_context():
        return db.session.scalar(select(func.max(Proposal.id)))


def state_of(app, number):
    with app.app_context():
        return db.session.get(Proposal, number).state


@pytest.fixture
def handed_in(app, people):
    answer = people["pupil:1"].post("/klas/voorstellen/nieuw", {**IDEA, "doe": "dien-in"})
    assert answer.status_code == 303
    return newest(app)


@pytest.fixture
def listed(people, handed_in):
    for verb in ("laat-toe", "zet-op-lijst"):
        assert people[TEACHER].post(f"{CLASS}/{handed_in}", {"doe": verb}).status_code == 303
    return handed_in


def test_others_read_an_idea_only_after_the_teacher(app, people, handed_in):
    assert "Een timer" in people["pupil:1"].get(f"/klas/voorstellen/{handed_in}").text
    assert people["pupil:3"].get(f"/klas/voorstellen/{handed_in}").status_code == 404
    assert people[COORDINATOR].get(f"{SCHOOL}/{handed_in}").status_code == 404
    assert people[TEACHER].post(f"{CLASS}/{handed_in}", {"doe": "laat-toe"}).status_code == 303
    assert people["pupil:3"].get(f"/klas/voorstellen/{handed_in}").status_code == 200
    assert people["pupil:2"].get(f"/klas/voorstellen/{handed_in}").status_code == 404
    assert people[COORDINATOR].get(f"{SCHOOL}/{handed_in}").status_code == 404
    people[TEACHER].post(f"{CLASS}/{handed_in}", {"doe": "toch-niet"})
    assert people["pupil:3"].get(f"/klas/voorstellen/{handed_in}").status_code == 404
    with app.app_context():
        states = [one.state.value for one in db.session.get(Proposal, handed_in).events]
        noted = list(db.session.scalars(select(AuditEntry.action).where(AuditEntry.subject == f"proposal:{handed_in}")))
    assert states == ["draft", "handed_in", "released", "handed_in"]
    assert noted == ["proposal.write", "proposal.hand-in", "proposal.release", "proposal.undo-release"]


def test_a_name_must_be_looked_at_and_can_be_taken_out(app, people):
    named = {**IDEA, "what": "Vraag het aan Jan Janssens in de keuken"}
    warned = people["pupil:1"].post("/klas/voorstellen/nieuw", {**named, "doe": "dien-in"})
    assert warned.status_code == 400
    assert "Laat namen en nummers weg" in warned.text
    assert "Jan Janssens" in warned.text  # nothing typed is lost
    people["pupil:1"].post("/klas/voorstellen/nieuw", {**named, "doe": "dien-in", "toch": "1"})
    number = newest(app)
    refused = people[TEACHER].post(f"{CLASS}/{number}", {"doe": "laat-toe"})
    assert refused.status_code == 400
    assert state_of(app, number) is ProposalState.HANDED_IN
    edited = {**IDEA, "what": "Vraag het in de keuken", "doe": "bewaar"}
    assert people[TEACHER].post(f"{CLASS}/{number}", edited).status_code == 303
    assert people[TEACHER].post(f"{CLASS}/{number}", {"doe": "laat-toe"}).status_code == 303
    assert "Janssens" not in people["pupil:3"].get(f"/klas/voorstellen/{number}").text


def test_given_back_with_a_note_and_handed_in_again(app, people, handed_in):
    assert people[TEACHER].post(f"{CLASS}/{handed_in}", {"doe": "geef-terug", "uitleg": "nee"}).status_code == 400
    said = "Schrijf nog wie dit kan doen."
    assert people[TEACHER].post(f"{CLASS}/{handed_in}", {"doe": "geef-terug", "uitleg": said}).status_code == 303
    assert said in people["pupil:1"].get(f"/klas/voorstellen/{handed_in}").text
    answer = people["pupil:1"].post(f"/klas/voorstellen/{handed_in}", {**IDEA, "title": "Beter", "doe": "dien-in"})
    assert answer.status_code == 303
    assert state_of(app, handed_in) is ProposalState.HANDED_IN
    late = people["pupil:1"].post(f"/klas/voorstellen/{handed_in}", {**IDEA, "title": "Te laat", "doe": "dien-in"})
    assert late.status_code == 409
    assert "Te laat" in late.text


def test_the_class_follows_an_answer_to_the_end(app, people, listed):
    url = f"{SCHOOL}/{listed}"
    assert people[COORDINATOR].post(url, {"doe": "ja", "uitleg": "ok"}).status_code == 400
    assert people[COORDINATOR].post(url, {"doe": "plan"}).status_code == 409  # no answer yet
    said = "Ja, we hangen een timer op. Fijn gezien!"
    wrong = people[COORDINATOR].post(url, {"doe": "ja", "uitleg": said, "maatregel": "een timer"})
    assert wrong.status_code == 400
    assert said in wrong.text
    assert people[COORDINATOR].post(url, {"doe": "ja", "uitleg": said, "maatregel": "el-01"}).status_code == 303
    for verb in ("plan", "begin"):
        assert people[COORDINATOR].post(url, {"doe": verb}).status_code == 303
    people[COORDINATOR].post(url, {"doe": "nagemeten", "uitleg": "Het scheelt 0,7 kilowatt per nacht."})
    page = people["pupil:3"].get("/klas/voorstellen").text
    for word in (said, "Voorgesteld", "Nagekeken", "Ingepland", "In uitvoering", "Nagemeten"):
        assert word in page
    with app.app_context():
        found = accepted_proposals(db.session.scalar(select(School).where(School.slug == "heide")))
        mine = next(one for one in found if one.id == listed)
    assert (mine.class_name, mine.measure_hint, mine.state.value) == ("5B", "EL-01", "verified")
    with pytest.raises(AttributeError):
        mine.title = "x"


def test_whoever_is_not_meant_cannot_answer_or_let_through(app, people, handed_in):
    assert people[OTHER_TEACHER].post(f"{CLASS}/{handed_in}", {"doe": "laat-toe"}).status_code == 404
    assert people["pupil:1"].post(f"{CLASS}/{handed_in}", {"doe": "laat-toe"}).status_code == 403
    assert people[TEACHER].post(f"{CLASS}/{handed_in}", {"doe": "ja", "uitleg": "Ja dat is goed."}).status_code == 400
    people[TEACHER].post(f"{CLASS}/{handed_in}", {"doe": "laat-toe"})
    people[TEACHER].post(f"{CLASS}/{handed_in}", {"doe": "zet-op-lijst"})
    assert people[TEACHER].post(f"{SCHOOL}/{handed_in}", {"doe": "ja", "uitleg": "Ja dat is goed."}).status_code == 403
    assert people["pupil:2"].post(f"{SCHOOL}/{handed_in}/stem", {"voor": "1"}).status_code == 404
    assert state_of(app, handed_in) is ProposalState.LISTED


def test_one_vote_each_and_small_numbers_stay_unsaid(app, people, listed):
    for _ in range(2):
        assert people["pupil:1"].post(f"{SCHOOL}/{listed}/stem", {"voor": "1"}).status_code == 303
    people["pupil:3"].post(f"{SCHOOL}/{listed}/stem", {"voor": "1"})
    people["pupil:3"].post(f"{SCHOOL}/{listed}/stem", {"voor": "0"})
    with app.app_context():
        assert db.session.scalar(select(func.count()).where(ProposalVote.proposal_id == listed)) == 1
    page = people[COORDINATOR].get(f"{SCHOOL}/{listed}").text
    assert "Stemmen voor dit idee: minder dan 10" in page
    with app.test_request_context():
        group = db.session.get(ClassGroup, 1)
        other = db.session.scalar(select(ClassGroup).where(ClassGroup.code == "HEIDE6"))
        db.session.add_all([ProposalVote(proposal_id=listed, class_group_id=group.id) for _ in range(8)])
        db.session.commit()
        proposal = db.session.get(Proposal, listed)
        assert votes_for([proposal])[listed].in_words == "minder dan 10"  # nine
        db.session.add(ProposalVote(proposal_id=listed, class_group_id=group.id))
        db.session.commit()
        ten = votes_for([proposal])[listed]
        assert (ten.in_words, ten.classes) == ("10", (("5B", "10"),))
        db.session.add_all([ProposalVote(proposal_id=listed, class_group_id=other.id) for _ in range(3)])
        db.session.commit()
        # The total less 5B's ten would tell that 6A has three: then no class is shown by itself.
        assert votes_for([proposal])[listed].classes == ()


def test_a_lesson_makes_one_idea_until_the_teacher_has_it(app, people):
    assignment = give(app)
    first = {"titel": ["Deur dicht"], "wat": ["Een dranger"], "waarom": ["Warmte"], "wie": [""]}
    assert people["pupil:1"].send(assignment, "v-idee", "k1", **first).json["outcome"] == "taken"
    number = newest(app)
    people["pupil:1"].send(assignment, "v-idee", "k2", **{**first, "titel": ["Deuren dicht"]})
    assert newest(app) == number
    with app.app_context():
        made = db.session.get(Proposal, number)
        assert (made.title, made.state, made.pupil_id) == ("Deuren dicht", ProposalState.HANDED_IN, 1)
    people[TEACHER].post(f"{CLASS}/{number}", {"doe": "laat-toe"})
    people["pupil:1"].send(assignment, "v-idee", "k3", **{**first, "titel": ["Stiekem anders"]})
    with app.app_context():
        made = db.session.get(Proposal, number)
        assert (made.title, made.state) == ("Deuren dicht", ProposalState.RELEASED)


def test_two_teachers_at_once_do_not_both_decide(people, handed_in):
    assert people[TEACHER].post(f"{CLASS}/{handed_in}", {"doe": "laat-toe"}).status_code == 303
    again = people[COORDINATOR].post(
        f"{CLASS}/{handed_in}", {"doe": "geef-terug", "uitleg": "Schrijf nog wie dit doet."}
    )
    assert again.status_code == 409
    assert "was je voor" in again.text


def test_a_pupil_who_goes_takes_what_nobody_saw_along(app, people, listed):
    people["pupil:1"].post("/klas/voorstellen/nieuw", {**IDEA, "title": "Weg", "doe": "bewaar"})
    draft = newest(app)
    with app.app_context():
        forget_pupil(1)
        assert db.session.get(Proposal, draft) is None
        assert db.session.get(Proposal, listed) is not None
        db.session.rollback()
        assert db.session.get(Pupil, 1) is not None


def test_history_only_grows(app, people, listed):
    def count():
        with app.app_context():
            return db.session.scalar(select(func.count()).where(ProposalEvent.proposal_id == listed))

    before = count()
    for verb in ("haal-van-lijst", "toch-niet", "trek-in", "haal-terug"):
        assert people[TEACHER].post(f"{CLASS}/{listed}", {"doe": verb}).status_code == 303
    assert count() == before + 4


def test_pages_in_english(people, listed):
    assert "The path of this idea" in people[COORDINATOR].get(f"{SCHOOL}/{listed}?lang=en").text
    people[COORDINATOR].get("/hoe-meten-we?lang=nl")


def test_a_school_with_a_public_page_keeps_its_pupils_ideas_to_itself(app, people, listed):
    with app.app_context():
        school = db.session.scalar(select(School).where(School.slug == "heide"))
        school.is_public = True
        db.session.commit()
    nobody = app.test_client()
    for path in (SCHOOL, f"{SCHOOL}/{listed}", "/scholen/heide/insignes", "/scholen/heide/eco-school"):
        assert nobody.get(path).status_code == 302, path
        assert people[OTHER_TEACHER].get(path).status_code == 404, path
        assert people[COORDINATOR].get(path).status_code == 200, path


@pytest.mark.parametrize(
    ("state", "here", "done"),
    [("handed_in", "Nagekeken", 1), ("released", "Op de lijst van de school", 2), ("listed", "Antwoord", 3),
     ("answered_yes", "Ingepland", 4), ("answered_later", "Antwoord: later", 3), ("planned", "Ingepland", 4),
     ("in_progress", "In uitvoering", 5), ("verified", None, 7), ("done", None, 7), ("answered_no", None, 4)],
)  # fmt: skip
def test_the_path_says_where_an_idea_stands(app, state, here, done):
    with app.test_request_context():
        path = path_of(Proposal(state=ProposalState(state), class_group=db.session.get(ClassGroup, 1), events=[]))
        assert [stop.name for stop in path if stop.stand == "nu"] == ([here] if here else [])
        assert sum(stop.stand == "af" for stop in path) == done
        db.session.rollback()

"""Whatever people press in whatever order: no idea is read by others before its teacher, and none jumps a step."""

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import func, select

from schoolklimaat.core.db import db
from schoolklimaat.learning.models import Proposal, ProposalEvent
from tests.learning import class_at_work
from tests.learning.class_at_work import Visitor

CLASS, SCHOOL = "/scholen/heide/klassen/1/voorstellen", "/scholen/heide/voorstellen"
# Written out by hand, apart from the code: verb -> {from: to}.
TEACHERS = {
    "geef-terug": {"handed_in": "returned"},
    "laat-toe": {"handed_in": "released"},
    "toch-niet": {"released": "handed_in"},
    "zet-op-lijst": {"released": "listed"},
    "haal-van-lijst": {"listed": "released"},
    "trek-in": dict.fromkeys(("handed_in", "returned", "released", "listed"), "withdrawn"),
    "haal-terug": {"withdrawn": "handed_in"},
}
WAITING = ("listed", "answered_yes", "answered_no", "answered_later")
SCHOOLS = {
    "ja": dict.fromkeys(WAITING, "answered_yes"),
    "nee": dict.fromkeys(WAITING, "answered_no"),
    "later": dict.fromkeys(WAITING, "answered_later"),
    "plan": {"answered_yes": "planned"},
    "begin": {"planned": "in_progress"},
    "nagemeten": {"in_progress": "verified"},
    "sluit": {"in_progress": "done", "verified": "done"},
}
SEEN_BY_SCHOOL = {*WAITING, "planned", "in_progress", "verified", "done"}
SEEN_BY_CLASS = SEEN_BY_SCHOOL | {"released"}
VERBS = st.sampled_from([*TEACHERS, *SCHOOLS, "dien-in", "onzin"])
NOTE = "Dit is een hele zin."


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    app = class_at_work.build(tmp_path_factory.mktemp("machine"))
    who = {"author": "pupil:1", "mate": "pupil:3", "stranger": "pupil:2", "guest": "guest:1", "teacher": "staff:1",
           "coordinator": "staff:2", "technical": "staff:3", "other": "staff:4"}  # fmt: skip
    return app, {name: Visitor(app, each) for name, each in who.items()}


def test_no_path_skips_the_teacher(site):
    app, people = site

    class Machine(RuleBasedStateMachine):
        @initialize()
        def written(self):
            idea = {"title": "Idee", "what": "w", "theme": "energie", "doe": "bewaar"}
            assert people["author"].post("/klas/voorstellen/nieuw", idea).status_code == 303
            with app.app_context():
                self.number = db.session.scalar(select(func.max(Proposal.id)))
            self.state, self.events, self.let_through = "draft", 1, False

        def moved(self, to):
            self.state, self.events = to, self.events + 1
            self.let_through = self.let_through or to == "released"

        @rule()
        def author_hands_in(self):
            answer = people["author"].post(
                f"/klas/voorstellen/{self.number}", {"title": "Idee", "theme": "energie", "doe": "dien-in"}
            )
            if self.state in {"draft", "returned"}:
                assert answer.status_code == 303
                self.moved("handed_in")
            else:
                assert answer.status_code == 409

        @rule(verb=VERBS, who=st.sampled_from(["teacher", "teacher", "coordinator"]))
        def teacher_presses(self, verb, who):
            answer = people[who].post(f"{CLASS}/{self.number}", {"doe": verb, "uitleg": NOTE})
            if self.state == "draft":
                assert answer.status_code == 404  # not even the teacher reads a draft
            elif verb not in TEACHERS:
                assert answer.status_code == 400
            elif self.state in TEACHERS[verb]:
                assert answer.status_code == 303
                self.moved(TEACHERS[verb][self.state])
            else:
                assert answer.status_code == 409

        @rule(verb=VERBS)
        def coordinator_answers(self, verb):
            answer = people["coordinator"].post(f"{SCHOOL}/{self.number}", {"doe": verb, "uitleg": NOTE})
            if self.state not in SEEN_BY_SCHOOL:
                assert answer.status_code == 404
            elif verb not in SCHOOLS:
                assert answer.status_code == 400
            elif self.state in SCHOOLS[verb]:
                assert answer.status_code == 303
                self.moved(SCHOOLS[verb][self.state])
            else:
                assert answer.status_code == 409

        @rule(verb=VERBS, who=st.sampled_from(["mate", "stranger", "guest", "technical", "other", "author"]))
        def others_press_all_they_want(self, verb, who):
            for url in (f"{CLASS}/{self.number}", f"{SCHOOL}/{self.number}"):
                assert people[who].post(url, {"doe": verb, "uitleg": NOTE}).status_code in {403, 404}

        @invariant()
        def who_reads_what(self):
            if not hasattr(self, "number"):
                return
            expected = 200 if self.state in SEEN_BY_CLASS else 404
            assert people["mate"].get(f"/klas/voorstellen/{self.number}").status_code == expected
            expected = 200 if self.state in SEEN_BY_SCHOOL else 404
            assert people["technical"].get(f"{SCHOOL}/{self.number}").status_code == expected
            for who in ("stranger", "other"):
                assert people[who].get(f"{SCHOOL}/{self.number}").status_code == 404
            with app.app_context():
                states = list(
                    db.session.scalars(
                        select(ProposalEvent.state).where(ProposalEvent.proposal_id == self.number).order_by("id")
                    )
                )
                assert db.session.get(Proposal, self.number).state.value == self.state == states[-1].value
                assert len(states) == self.events
                if self.state in SEEN_BY_CLASS:
                    assert self.let_through

    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=12, stateful_step_count=14, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )

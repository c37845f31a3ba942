"""The demo's classes have lessons, some half done; doing it again adds nothing."""

from sqlalchemy import func, select

from schoolklimaat.core.db import db
from schoolklimaat.demo.ideas import give_ideas
from schoolklimaat.demo.lessons import give_lessons
from schoolklimaat.learning.models import (
    Answer,
    Assignment,
    Attempt,
    Proposal,
    ProposalEvent,
    ProposalState,
    ProposalVote,
)
from schoolklimaat.schools.models import Pupil
from tests.learning import class_at_work


def test_lessons_are_given_once_and_half_done(tmp_path):
    app = class_at_work.build(tmp_path)
    with app.app_context():
        db.session.query(Assignment).delete()
        animals = ("egel-groen", "haas-oranje", "kikker-blauw")
        db.session.add_all(
            Pupil(class_group_id=1, avatar=one, list_number=at, pin_hash="x") for at, one in enumerate(animals, start=5)
        )
        db.session.commit()
        give_lessons()
        give_lessons()
        assert db.session.scalar(select(func.count(Assignment.id))) == 6  # two for each of three classes
        assert db.session.scalar(select(func.count(Attempt.id))) > 3
        assert db.session.scalar(select(func.count(Answer.id))) > 3


def test_ideas_are_on_their_way_and_given_once(tmp_path):
    app = class_at_work.build(tmp_path)
    with app.app_context():
        for table in (ProposalVote, ProposalEvent, Proposal):
            db.session.query(table).delete()
        db.session.commit()
        give_ideas()
        give_ideas()
        ideas = list(db.session.scalars(select(Proposal).order_by(Proposal.id)))
        assert [one.state for one in ideas] == [
            ProposalState.IN_PROGRESS,
            ProposalState.LISTED,
            ProposalState.HANDED_IN,
        ]
        assert ideas[0].answer.startswith("Ja, dat doen we.")
        assert ideas[1].answer is None

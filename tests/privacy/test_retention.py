"""What is kept no longer than needed, held to a clock that stands still: a day before nothing goes, a day after it does."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from schoolklimaat.app import create_app
from schoolklimaat.core import jobs
from schoolklimaat.core.audit import AuditEntry
from schoolklimaat.core.clock import frozen
from schoolklimaat.core.db import Model, db
from schoolklimaat.learning.models import Answer, AnswerState, Assignment, Attempt
from schoolklimaat.learning.services.library import library
from schoolklimaat.learning.services.versions import version_of
from schoolklimaat.people.models import ApiToken, PasswordReset, StaffSession
from schoolklimaat.schools.models import Application, ApplicationState, ClassGroup, Guest, Invitation, Pupil, Role
from tests.browser import world

START = datetime(2026, 7, 1, 10, tzinfo=UTC)
DAY = timedelta(days=1)
KEPT = {
    "pupil": 30, "invitation": 14 + 90, "staff_session": 14, "password_reset": 0, "api_token": 10 + 90,
    "application": 365, "guest": 0,
}  # fmt: skip


@pytest.fixture
def site(tmp_path):
    app = create_app(world.settings_in(tmp_path), testing=True)
    with app.app_context(), frozen(START):
        db.create_all()
        world.people_and_places()
        left = Pupil(class_group_id=1, avatar="ree-blauw", list_number=9, pin_hash="x", left_at=START)
        reset = PasswordReset(account_id=1, token_hash="r", expires_at=START)
        invited = Invitation(email="a@x.example", role=Role.TEACHER, token_hash="i", expires_at=START + 14 * DAY)
        device = StaffSession(account_id=1, token_hash="s", device="x", created_at=START, seen_at=START)
        token = ApiToken(account_id=1, name="x", token_hash="t", expires_at=START + 10 * DAY)
        declined = Application(
            school_name="N", institution_number="012345", municipality_id=1, level="b", network="v", board_name="B",
            contact_name="C", contact_email="c@x.example", engagement_version="1", agreed_by="D",
            agreed_on=START.date(), state=ApplicationState.DECLINED, decided_at=START,
        )  # fmt: skip
        guest = Guest(class_group_id=1, avatar="vos-geel", expires_at=START)
        db.session.add_all([left, reset, invited, device, token, declined, guest])
        db.session.commit()
    return app


def count(table):
    return db.session.scalar(select(func.count()).select_from(Model.metadata.tables[table]))


def test_each_kind_goes_when_its_time_is_over_and_not_before(site):
    with site.app_context():
        before = {table: count(table) for table in KEPT}
    for table, days in sorted(KEPT.items(), key=lambda pair: pair[1]):
        if days:
            with frozen(START + days * DAY - timedelta(hours=1)):
                jobs.run_nightly(site)
            with site.app_context():
                assert count(table) == before[table], f"{table} went too early"
        with frozen(START + days * DAY + timedelta(hours=1)):
            jobs.run_nightly(site)
        with site.app_context():
            assert count(table) == before[table] - 1, f"{table} stayed"
    with site.app_context():
        noted = dict(
            db.session.execute(
                select(AuditEntry.action, func.count())
                .where(AuditEntry.action.like("retention.%"), AuditEntry.actor == "system")
                .group_by(AuditEntry.action)
            ).all()
        )
    assert noted == dict.fromkeys([f"retention.{one}" for one in (
        "applications", "guests", "invitations", "leavers", "resets", "sessions", "tokens")], 1)  # fmt: skip


def test_a_class_that_ended_loses_its_pupils_and_their_answers_after_thirty_days(site):
    with site.app_context(), frozen(START):
        lesson = library().get("de-klas-ademt")
        given = Assignment(class_group_id=1, lesson_version=version_of(lesson), opens_at=START)
        moved = ClassGroup(school_id=1, name="6B", code="X2Y3Z4", school_year="2027-2028")
        taken_along = Pupil(class_group=moved, avatar="uil-geel", list_number=1, pin_hash="x")
        db.session.add_all([given, taken_along])
        db.session.flush()
        for pupil_id in (1, taken_along.id):
            attempt = Attempt(assignment=given, pupil_id=pupil_id)
            attempt.answers.append(
                Answer(item_id="a", client_key=str(pupil_id), number=1, value="b", state=AnswerState.RIGHT)
            )
            db.session.add(attempt)
        db.session.get(ClassGroup, 1).archived_at = START
        db.session.commit()
        stays = taken_along.id
    with frozen(START + 29 * DAY):
        jobs.run_nightly(site)
    with site.app_context():
        assert count("answer") == 2
    with frozen(START + 31 * DAY):
        jobs.run_nightly(site)
    with site.app_context():
        assert count("answer") == count("attempt") == 0
        assert list(db.session.scalars(select(Pupil.id))) == [stays]


def test_one_failure_keeps_no_other_from_its_turn(site, caplog):
    done = []

    def fails():
        raise ValueError("broken on purpose")

    def goes_on():
        done.append(True)

    known = list(jobs._NIGHTLY)
    try:
        jobs._NIGHTLY[:] = []
        jobs.nightly(fails)
        jobs.nightly(goes_on)
        jobs.run_nightly(site)
    finally:
        jobs._NIGHTLY[:] = known
    assert done == [True]
    assert "nightly" in caplog.text

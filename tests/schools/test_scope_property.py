"""Predicate and query filter are one rule: they agree on random worlds of schools, roles, classes and visitors."""

import pytest
from flask import g
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from schoolklimaat.app import create_app
from schoolklimaat.core.db import db
from schoolklimaat.people.models import Account
from schoolklimaat.schools.models import ClassGroup, Membership, Municipality, Pupil, Role, School, Teaching
from schoolklimaat.schools.policy import class_scope_of, scope_of
from tests.browser import world

TOWNS, SCHOOLS, CLASSES, PEOPLE = 2, 4, 6, 3
at_school = st.tuples(
    st.integers(0, PEOPLE - 1), st.sampled_from([*Role]), st.integers(0, SCHOOLS - 1), st.integers(0, TOWNS - 1)
)
worlds = st.fixed_dictionaries(
    {
        "towns": st.lists(st.integers(0, TOWNS - 1), min_size=SCHOOLS, max_size=SCHOOLS),
        "classes": st.lists(st.integers(0, SCHOOLS - 1), min_size=CLASSES, max_size=CLASSES),
        "held": st.lists(at_school, max_size=6, unique=True),
        "teaches": st.lists(
            st.tuples(st.integers(0, PEOPLE - 1), st.integers(0, CLASSES - 1)), max_size=6, unique=True
        ),
        "sits": st.integers(0, CLASSES - 1),
        "roles": st.sets(st.sampled_from([*Role])),
    }
)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    app = create_app(world.settings_in(tmp_path_factory.mktemp("worlds")), testing=True)
    with app.app_context():
        db.create_all()
    return app


@given(made=worlds)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_may_i_and_which_may_i_see_agree(site, made):
    with site.test_request_context():
        try:
            check(made)
        finally:
            db.session.rollback()


def check(made):
    towns = [Municipality(nis_code=str(n), name=str(n)) for n in range(TOWNS)]
    schools = [
        School(slug=f"s{n}", name=f"s{n}", municipality=towns[town], level="x", network="x")
        for n, town in enumerate(made["towns"])
    ]
    groups = [
        ClassGroup(school=schools[school], name=f"{n}", code=f"C{n}", school_year="2026-2027")
        for n, school in enumerate(made["classes"])
    ]
    people = [Account(email=f"{n}@x.example", name="x", password_hash="x") for n in range(PEOPLE)]
    pupil = Pupil(class_group=groups[made["sits"]], avatar="uil-paars", list_number=1, pin_hash="x")
    db.session.add_all([*towns, *schools, *groups, *people, pupil])
    db.session.flush()
    for who, role, school, town in made["held"]:
        where = (
            {"municipality_id": towns[town].id}
            if role is Role.MUNICIPALITY_OFFICER
            else {"school_id": schools[school].id}
        )
        db.session.add(Membership(account=people[who], role=role, **({} if role is Role.IOK_ADMIN else where)))
    db.session.add_all(Teaching(account=people[who], class_group=groups[n]) for who, n in made["teaches"])
    db.session.flush()
    roles = frozenset(made["roles"])
    for actor in (*people, pupil, None):
        g.pop("memberships", None)
        for scope in (scope_of(actor), scope_of(actor, roles)):
            listed = set(db.session.scalars(select(School.id).where(scope.filter())))
            assert listed == {one.id for one in schools if scope.holds(one)}
        if actor is None:
            continue
        for scope in (
            class_scope_of(actor),
            class_scope_of(actor, roles),
            class_scope_of(actor, frozenset(), pupils=True),
        ):
            listed = set(db.session.scalars(select(ClassGroup.id).where(scope.filter())))
            assert listed == {one.id for one in groups if scope.holds(one)}
        # Whoever reaches a class knows of its school: nothing can be reached behind a door that is shut.
        known = scope_of(actor)
        assert all(known.holds(one.school) for one in groups if class_scope_of(actor).holds(one))

"""A site with two schools and their people, and browsers without a screen to ask things with."""

import re

from sqlalchemy import select

from schoolklimaat.core.audit import AuditEntry
from schoolklimaat.core.db import db
from schoolklimaat.schools.models import ClassGroup, Membership, Pupil, Role, School
from schoolklimaat.schools.services.pupil_secrets import secret_of
from tests.browser import world

HEIDE = "/scholen/demoschool-heide/klassen"


def token_of(page):
    return re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)[1]


class Visitor:
    """A test client that sends the CSRF token along by itself."""

    def __init__(self, app):
        self.client = app.test_client()

    def get(self, path, **options):
        return self.client.get(path, **options)

    def post(self, path, **data):
        source = self.client.get("/klas/aanmelden?lang=nl", follow_redirects=True).text
        return self.client.post(path, data=data | {"csrf_token": token_of(source)})


def staff(app, name):
    visitor = Visitor(app)
    assert visitor.post("/aanmelden", email=f"{name}@demo.example", password=world.PASSWORD).status_code == 302
    return visitor


def make(visitor, name, pupils=3, kind="pin", where=HEIDE, year="2026-2027"):
    answer = visitor.post(
        f"{where}/nieuw", name=name, pupils=str(pupils), school_year=year, grade="L5", room="", secret_kind=kind
    )
    assert answer.status_code == 303, answer.text
    return answer.location


def kept(app, url):
    """Number, code and (number, avatar, secret) per pupil of the class at a URL, as the database has them."""
    with app.app_context():
        group = db.session.get(ClassGroup, int(url.rsplit("/", 1)[1]))
        pupils = [(one.id, one.avatar, secret_of(one)) for one in group.pupils if one.left_at is None]
        return group.id, group.code, pupils


def noted(app, action):
    with app.app_context():
        return [
            (entry.actor, entry.subject, entry.detail)
            for entry in db.session.scalars(select(AuditEntry).where(AuditEntry.action == action))
        ]


def also_teaches_at(app, email, slug):
    with app.app_context():
        school = db.session.scalar(select(School).where(School.slug == slug))
        membership = db.session.scalars(
            select(Membership).join(Membership.account).where(Membership.account.has(email=email))
        ).first()
        db.session.add(Membership(account_id=membership.account_id, role=Role.TEACHER, school_id=school.id))
        db.session.commit()


def change_pupil(app, number, **values):
    with app.app_context():
        pupil = db.session.get(Pupil, number)
        for name, value in values.items():
            setattr(pupil, name, value)
        db.session.commit()

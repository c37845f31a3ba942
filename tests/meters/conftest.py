"""A school with two connections, somebody who may import, and what is stored."""

import io
import re

import pytest

from schoolklimaat.app import create_app
from schoolklimaat.core.db import Model, db
from schoolklimaat.meters.models import Carrier, Connection, ConsumptionImport, ImportState
from schoolklimaat.meters.preview import compare, read_for
from schoolklimaat.meters.readings import store
from schoolklimaat.meters.services import prepare_writing, write_points
from schoolklimaat.people.models import Account
from schoolklimaat.people.services import hash_password
from schoolklimaat.schools.models import Membership, Municipality, Role, School
from sensors.store import Series
from tests.browser import world
from tests.meters.exports import EAN

GAS_EAN = "541448800000008884"
PAGE = f"/scholen/heide/aansluitingen/{EAN}"
SERIES = Series(f"ean:{EAN}", "Afname Dag", "offtake_energy")


@pytest.fixture
def site(tmp_path, monkeypatch):
    monkeypatch.setenv("SCHOOLKLIMAAT_DATA", str(tmp_path / "data"))
    app = create_app(world.settings_in(tmp_path / "data"), testing=True)
    with app.app_context():
        Model.metadata.create_all(db.engine)
        school = School(
            slug="heide", name="Heide", municipality=Municipality(nis_code="13008", name="Geel"), level="basis",
            network="vrij",
        )  # fmt: skip
        hashed = hash_password(world.PASSWORD)
        coordinator = Account(email="coordinator@demo.example", name="Ann", password_hash=hashed)
        teacher = Account(email="leerkracht@demo.example", name="Lea", password_hash=hashed)
        db.session.add_all(
            [
                Connection(school=school, ean=EAN, carrier=Carrier.ELECTRICITY, name="Hoofdgebouw"),
                Connection(school=school, ean=GAS_EAN, carrier=Carrier.GAS, name="Ketel"),
                coordinator,
                teacher,
            ]
        )
        db.session.flush()
        for account, role in ((coordinator, Role.CLIMATE_COORDINATOR), (teacher, Role.TEACHER)):
            db.session.add(Membership(account=account, role=role, school_id=school.id))
        db.session.commit()
    return app


class Person:
    def __init__(self, site, email="coordinator@demo.example"):
        self.client = site.test_client()
        self.post("/aanmelden", {"email": email, "password": world.PASSWORD}, form_on="/aanmelden")

    def post(self, url, fields, *, form_on):
        form = self.client.get(form_on).text
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', form)
        return self.client.post(url, data={**fields, "csrf_token": token[1] if token else ""})

    def upload(self, path, name=None):
        fields = {"file": (io.BytesIO(path.read_bytes()), name or path.name)}
        answer = self.post(PAGE, fields, form_on=PAGE)
        assert answer.status_code == 303, answer.text
        return answer.location

    def decide(self, url, what, **more):
        return self.post(url, {"doe": what, **more}, form_on=url)

    def see(self, url):
        answer = self.client.get(url)
        assert answer.status_code == 200
        return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


@pytest.fixture
def coordinator(site):
    return Person(site)


def stored(site, series=SERIES):
    with site.app_context():
        return [(point.value, point.quality) for point in store().points(series, 0, 2**50)]


def looked_at(connection, path):
    points, preview = read_for(connection, path, path.name)
    compare(store(), points, preview)
    return points, preview


def bring(connection, path, *, replace=True):
    points, preview = looked_at(connection, path)
    record = ConsumptionImport(connection=connection, file_name=path.name, sha256=path.name)
    prepare_writing(record, points, preview, replace=replace)
    write_points(store(), points, replace=replace)
    record.state = ImportState.DONE
    db.session.flush()
    return record

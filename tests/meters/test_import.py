"""Bringing an export in: preview, write, replace, undo — on the page and by the command."""

import io
import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from schoolklimaat.app import MAX_UPLOAD_BYTES, create_app
from schoolklimaat.charts.energy import amounts
from schoolklimaat.charts.series import Channels, Grid
from schoolklimaat.cli import main
from schoolklimaat.core.clock import frozen
from schoolklimaat.core.db import Model, db
from schoolklimaat.meters import imports
from schoolklimaat.meters.models import Carrier, Connection, ConsumptionImport, ImportState, ReplacedValue
from schoolklimaat.meters.preview import Preview, compare, read_for
from schoolklimaat.meters.readings import store
from schoolklimaat.meters.services import is_undoable, prepare_writing, undo_import, write_points
from schoolklimaat.people.models import Account
from schoolklimaat.people.services import hash_password
from schoolklimaat.schools.models import Membership, Municipality, Role, School
from sensors.periods import Step
from sensors.store import Point, Quality, Series, StoreError
from tests.browser import world
from tests.meters.exports import EAN, GAS, HOUR, NOON, quarters, row, write

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


def test_nothing_is_written_before_somebody_looked(site, coordinator, tmp_path):
    rows = [*quarters(3), row(NOON + HOUR, NOON + HOUR, "1,000")]
    url = coordinator.upload(write(tmp_path / "a.csv", rows))
    page = coordinator.see(url)
    assert "Dit zou er veranderen" in page
    assert "Nieuw 3 Al bewaard, gelijk 0 Al bewaard, anders 0 Geweigerd 1" in page
    assert "het einde ligt voor het begin" in page
    assert "Het bestand loopt van ma 2 mrt 2026 tot en met ma 2 mrt 2026" in page
    assert stored(site) == []
    assert coordinator.client.get(f"{url}/stand.json").json == {"state": "preview", "progress": 1.0}
    coordinator.decide(url, "bewaar")
    assert "Het bestand is ingelezen" in coordinator.see(url)
    assert stored(site) == [(1.0, Quality.MEASURED)] * 3
    assert not list((site.extensions["schoolklimaat_settings"].data / "uploads").iterdir())


def test_it_can_be_thrown_away(site, coordinator, tmp_path):
    url = coordinator.upload(write(tmp_path / "a.csv", quarters(2)))
    assert coordinator.decide(url, "annuleer").location.endswith(PAGE)
    assert coordinator.client.get(url).status_code == 404
    assert stored(site) == []


def test_a_second_import_never_overwrites_silently(site, coordinator, tmp_path):
    first = coordinator.upload(write(tmp_path / "a.csv", quarters(4, status="Geschat")))
    coordinator.decide(first, "bewaar")
    changed = [*quarters(2, status="Geschat"), *quarters(3, "2,000", NOON + HOUR / 2)]
    url = coordinator.upload(write(tmp_path / "b.csv", changed))
    page = coordinator.see(url)
    assert "Nieuw 1 Al bewaard, gelijk 2 Al bewaard, anders 2" in page
    assert "1,000 kWh (geschat) 2,000 kWh " in page
    coordinator.decide(url, "bewaar")  # no tick: what is stored stays
    assert [value for value, _quality in stored(site)] == [1, 1, 1, 1, 2]
    again = coordinator.upload(tmp_path / "b.csv")
    assert "Dit bestand is al eens ingelezen" in coordinator.see(again)
    coordinator.decide(again, "bewaar", replace="y")
    assert stored(site) == [(1, Quality.ESTIMATED)] * 2 + [(2, Quality.MEASURED)] * 3
    with site.app_context():
        kept = db.session.scalars(select(ReplacedValue)).all()
        assert [(old.value, old.quality) for old in kept] == [(1.0, Quality.ESTIMATED)] * 2


def test_undoing_gives_back_what_was(site, coordinator, tmp_path):
    first = coordinator.upload(write(tmp_path / "a.csv", quarters(4)))
    coordinator.decide(first, "bewaar")
    before = stored(site)
    second = coordinator.upload(write(tmp_path / "b.csv", quarters(6, "3,000", NOON - HOUR / 2)))
    coordinator.decide(second, "bewaar", replace="y")
    assert stored(site) == [(3, Quality.MEASURED)] * 6
    assert "Maak deze import ongedaan" not in coordinator.see(first)  # only the newest: others build on it
    coordinator.decide(first, "herstel")
    assert stored(site) == [(3, Quality.MEASURED)] * 6
    coordinator.decide(second, "herstel")
    assert stored(site) == before
    assert "De waarden van voor deze import staan er weer" in coordinator.see(second)
    coordinator.decide(second, "herstel")  # twice changes nothing
    assert stored(site) == before
    coordinator.decide(first, "herstel")
    assert stored(site) == []


def test_who_may_only_look_and_who_may_not_even_that(site, coordinator, tmp_path):
    url = coordinator.upload(write(tmp_path / "a.csv", quarters(2)))
    teacher = Person(site, "leerkracht@demo.example")
    assert teacher.client.get(url).status_code == 403
    assert teacher.decide(url, "bewaar").status_code in {400, 403}
    assert stored(site) == []


@pytest.mark.parametrize(
    ("rows", "header", "words"),
    [
        (quarters(2, ean="541448800000001014"), None, "is van aansluiting 541448800000001014"),
        (quarters(2) + quarters(2, ean="541448800000001014"), None, "bevat 2 aansluitingen"),
        (quarters(2, register="Afname", unit="m³"), GAS, "gaat over gas"),
        (["1;2;3"], "a;b;c", "geen verbruiksexport"),
        ([row(NOON, NOON, "1,000")], None, "geen enkele rij"),
    ],
)
def test_a_file_that_does_not_belong_here_is_refused_in_words(site, coordinator, tmp_path, rows, header, words):
    url = coordinator.upload(write(tmp_path / "fout.csv", rows, **({"header": header} if header else {})))
    page = coordinator.see(url)
    assert "Niets is veranderd" in page
    assert words in page
    assert "fout.csv" in page
    assert stored(site) == []


def test_a_file_above_fifty_megabytes_is_refused_unread(site, coordinator):
    form = coordinator.client.get(PAGE).text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', form)[1]
    huge = {"csrf_token": token, "file": (io.BytesIO(bytes(MAX_UPLOAD_BYTES + 200_000)), "groot.csv")}
    answer = coordinator.client.post(PAGE, data=huge)
    assert answer.status_code == 413
    assert "50 MB" in answer.text
    with site.app_context():
        assert db.session.scalars(select(ConsumptionImport)).all() == []


def test_no_file_is_said_on_the_form(coordinator):
    answer = coordinator.post(PAGE, {}, form_on=PAGE)
    assert answer.status_code == 400
    assert "Kies eerst een bestand" in answer.text


def test_an_import_whose_worker_was_stopped_can_be_tried_again(site, coordinator, tmp_path, monkeypatch):
    url = coordinator.upload(write(tmp_path / "a.csv", quarters(2)))
    with monkeypatch.context() as stopped:
        stopped.setattr(imports, "enqueue", lambda *_job: None)
        coordinator.decide(url, "bewaar")
    assert "Probeer opnieuw" not in coordinator.see(url)
    assert stored(site) == []
    with frozen(datetime.now(UTC) + timedelta(minutes=11)):
        assert "Probeer opnieuw" in coordinator.see(url)
        coordinator.decide(url, "opnieuw")
    assert "Het bestand is ingelezen" in coordinator.see(url)
    assert len(stored(site)) == 2


class BreakingStore:
    """A store whose disk fills up: the second write fails."""

    def __init__(self, real):
        self._real, self.writes = real, 0

    def __getattr__(self, name):
        return getattr(self._real, name)

    def write(self, points, on_conflict):
        self.writes += 1
        if self.writes > 1:
            raise StoreError("De schijf is vol.")
        return self._real.write(points, on_conflict)


def test_what_is_replaced_is_kept_before_the_store_is_touched(site, tmp_path, monkeypatch):
    monkeypatch.setattr("schoolklimaat.meters.services._WRITTEN_AT_ONCE", 2)
    with site.app_context():
        connection = db.session.scalar(select(Connection).where(Connection.ean == EAN))
        bring(connection, write(tmp_path / "a.csv", quarters(4)))
        points, preview = looked_at(connection, write(tmp_path / "b.csv", quarters(6, "5,000")))
        record = ConsumptionImport(connection=connection, file_name="b.csv", sha256="b")
        prepare_writing(record, points, preview, replace=True)
        db.session.commit()
        with pytest.raises(StoreError):
            write_points(BreakingStore(store()), points, replace=True)
        db.session.rollback()
        assert [value for value, _quality in stored(site)] == [5, 5, 1, 1]
        assert len(db.session.scalars(select(ReplacedValue)).all()) == 4
        record.state, record.report = ImportState.FAILED, {**record.report, "partly": True}
        assert is_undoable(record)
        undo_import(store(), record)
        assert [value for value, _quality in stored(site)] == [1, 1, 1, 1]


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


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    before=st.dictionaries(st.integers(0, 11), st.integers(0, 2), max_size=12),
    file=st.dictionaries(st.integers(0, 11), st.integers(0, 2), min_size=1, max_size=12),
)
def test_an_import_that_is_undone_leaves_no_trace(site, tmp_path, before, file):
    def rows(values):
        return [quarters(1, f"{value},000", NOON + at * HOUR / 4)[0] for at, value in values.items()]

    with site.app_context():
        store().delete(SERIES, 0, 2**50)
        connection = db.session.scalar(select(Connection).where(Connection.ean == EAN))
        if before:
            bring(connection, write(tmp_path / "a.csv", rows(before)))
        was = stored(site)
        points, preview = looked_at(connection, write(tmp_path / "b.csv", rows(file)))
        assert preview.new == len(file.keys() - before.keys())
        assert preview.identical == sum(before.get(at) == value for at, value in file.items())
        assert preview.new + preview.identical + preview.conflicting == len(points) == len(file)
        record = bring(connection, tmp_path / "b.csv")
        expected = sorted((before | file).items())
        assert [value for value, _quality in stored(site)] == [value for _at, value in expected]
        undo_import(store(), record)
        assert stored(site) == was
        db.session.rollback()


def test_day_totals_beside_quarters_are_kept_and_count_once(site, tmp_path):
    day, after = datetime(2026, 3, 2), datetime(2026, 3, 3)
    with site.app_context():
        connection = db.session.scalar(select(Connection).where(Connection.ean == EAN))
        bring(connection, write(tmp_path / "q.csv", quarters(96, "0,500", day)))
        totals = [row(day, after, "48,000"), row(after, after + (after - day), "30,000")]
        bring(connection, write(tmp_path / "d.csv", totals))
        assert [register.channel for register in connection.registers] == ["Afname Dag", "Afname Dag (dag)"]
        start = datetime(2026, 3, 1, 23, tzinfo=UTC)
        grid = Grid.over(*(round(at.timestamp() * 1000) for at in (start, start + timedelta(days=2))), Step.DAY)
        shown = amounts(Channels(store()), [connection], "offtake", grid, grid.end_ms)
        assert shown.amount == [48.0, 30.0]


def test_gas_in_two_units_stays_two_quantities(site, tmp_path):
    with site.app_context():
        connection = db.session.scalar(select(Connection).where(Connection.ean == GAS_EAN))
        both = [
            row(NOON, NOON + HOUR, "1,000", "Afname", "m³", ean=GAS_EAN),
            row(NOON, NOON + HOUR, "11,350", "Afname", "kWh", ean=GAS_EAN),
            row(NOON + HOUR, NOON + 2 * HOUR, "", "Afname", "kWh", "Geen verbruik", ean=GAS_EAN),
        ]
        bring(connection, write(tmp_path / "gas.csv", both, GAS))
        energy = Series(f"ean:{GAS_EAN}", "Afname", "offtake_energy")
        assert stored(site, energy) == [(11.35, Quality.MEASURED), (None, Quality.NO_CONSUMPTION)]
        assert stored(site, energy._replace(quantity="offtake_volume")) == [(1.0, Quality.MEASURED)]


def test_an_empty_volume_beside_a_stored_value_is_a_conflict_not_a_zero(site, tmp_path):
    with site.app_context():
        connection = db.session.scalar(select(Connection).where(Connection.ean == EAN))
        bring(connection, write(tmp_path / "a.csv", quarters(1)))
        _points, preview = looked_at(connection, write(tmp_path / "b.csv", quarters(1, "", status="Geen verbruik")))
        assert (preview.conflicting, preview.conflicts[0]["stored"], preview.conflicts[0]["file"]) == (1, 1.0, None)


def test_the_same_value_with_another_quality_is_not_identical(site, tmp_path):
    with site.app_context():
        connection = db.session.scalar(select(Connection).where(Connection.ean == EAN))
        bring(connection, write(tmp_path / "a.csv", quarters(1, status="Geschat")))
        _points, preview = looked_at(connection, write(tmp_path / "b.csv", quarters(1)))
        assert (preview.identical, preview.conflicting) == (0, 1)


def test_comparing_nothing_changes_nothing(site):
    with site.app_context():
        preview = Preview()
        compare(store(), [], preview)
        assert preview == Preview()


def test_the_command(site, tmp_path, capsys, monkeypatch):
    path = write(tmp_path / "a.csv", quarters(4))
    assert main(["import", str(path), "--connection", EAN, "--dry-run"]) == 0
    assert "Nieuw: 4" in capsys.readouterr().out
    assert stored(site) == []
    assert main(["import", str(path), "--connection", EAN]) == 0
    assert len(stored(site)) == 4
    assert main(["import", str(path), "--connection", EAN]) == 0
    assert "al ingelezen" in capsys.readouterr().out
    other = write(tmp_path / "b.csv", quarters(5, "2,000"))
    assert main(["import", str(other), "--connection", EAN]) == 1
    assert "4 waarden in het bestand verschillen" in capsys.readouterr().err
    assert [value for value, _quality in stored(site)] == [1, 1, 1, 1]
    assert main(["import", str(other), "--connection", EAN, "--dry-run", "--replace"]) == 0
    assert [value for value, _quality in stored(site)] == [1, 1, 1, 1]
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(other.read_bytes())))
    assert main(["import", "-", "--connection", EAN, "--replace"]) == 0
    assert [value for value, _quality in stored(site)] == [2, 2, 2, 2, 2]
    with site.app_context():
        assert [old.value for old in db.session.scalars(select(ReplacedValue))] == [1, 1, 1, 1]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["import", "{here}/a.csv", "--connection", "1"], "aansluiting 1 is niet gekend"),
        (["import", "{here}/a.csv", "--connection", GAS_EAN], f"is van aansluiting {EAN}"),
        (["import", "{here}/weg.csv", "--connection", EAN], "Kijk de naam"),
        (["import", "{here}/leeg.csv", "--connection", EAN], "leeg.csv: het bestand is leeg"),
    ],
)
def test_the_command_refuses_in_words(site, tmp_path, capsys, arguments, words):
    write(tmp_path / "a.csv", quarters(4))
    (tmp_path / "leeg.csv").write_bytes(b"")
    assert main([argument.replace("{here}", str(tmp_path)) for argument in arguments]) == 1
    assert words in capsys.readouterr().err
    assert stored(site) == []


def test_the_command_before_there_is_a_database_says_what_to_do(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("SCHOOLKLIMAAT_DATA", str(tmp_path / "nieuw"))
    assert main(["import", str(write(tmp_path / "a.csv", quarters(1))), "--connection", EAN]) == 1
    assert "schoolklimaat migrate" in capsys.readouterr().err


def test_the_point_of_an_interval(site, tmp_path):
    with site.app_context():
        connection = db.session.scalar(select(Connection).where(Connection.ean == EAN))
        points, _preview = read_for(connection, write(tmp_path / "a.csv", quarters(1)), "a.csv")
        noon_ms = round(datetime(2026, 3, 2, 11, tzinfo=UTC).timestamp() * 1000)
        assert points == [Point(SERIES, noon_ms, 1.0, 900, Quality.MEASURED)]

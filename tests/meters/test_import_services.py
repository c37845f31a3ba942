"""What an import does to the store, and that undoing it leaves no trace."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from schoolklimaat.charts.energy import amounts
from schoolklimaat.charts.series import Channels, Grid
from schoolklimaat.core.db import db
from schoolklimaat.meters.models import Connection, ConsumptionImport, ImportState, ReplacedValue
from schoolklimaat.meters.preview import Preview, compare, read_for
from schoolklimaat.meters.readings import store
from schoolklimaat.meters.services import is_undoable, prepare_writing, undo_import, write_points
from sensors.periods import Step
from sensors.store import Point, Quality, Series, StoreError
from tests.meters.conftest import GAS_EAN, SERIES, bring, looked_at, stored
from tests.meters.exports import EAN, GAS, HOUR, NOON, quarters, row, write


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


def test_the_point_of_an_interval(site, tmp_path):
    with site.app_context():
        connection = db.session.scalar(select(Connection).where(Connection.ean == EAN))
        points, _preview = read_for(connection, write(tmp_path / "a.csv", quarters(1)), "a.csv")
        noon_ms = round(datetime(2026, 3, 2, 11, tzinfo=UTC).timestamp() * 1000)
        assert points == [Point(SERIES, noon_ms, 1.0, 900, Quality.MEASURED)]

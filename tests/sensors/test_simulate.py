"""The simulated school: plausible, the same for the same seed, and one story whichever window is asked."""

from datetime import UTC, date, datetime, timedelta
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensors.periods import BRUSSELS, day_start_ms
from sensors.simulate.clock import day_of, local_time
from sensors.simulate.history import Window, export_history, kit_history, senses
from sensors.simulate.kits import Fault, KitSpec, SensedPlace
from sensors.simulate.meters import minute_shape, quarters
from sensors.simulate.noise import normal, smooth, uniform
from sensors.simulate.rooms import PIECE_S, air
from sensors.simulate.senses import MeterSenses
from sensors.simulate.spec import MeterSpec, RoomSpec, SchoolSpec
from sensors.simulate.weather import weather
from sensors.store.protocol import Point

DAY = 86_400


def _days(first: date, last: date) -> set[date]:
    return {first + timedelta(days=n) for n in range((last - first).days + 1)}


FREE = frozenset(
    _days(date(2025, 10, 27), date(2025, 11, 2))
    | {date(2025, 11, 11)}
    | _days(date(2025, 12, 22), date(2026, 1, 4))
    | _days(date(2026, 2, 16), date(2026, 2, 22))
    | _days(date(2026, 4, 6), date(2026, 4, 19))
    | {date(2026, 5, 1), date(2026, 5, 14), date(2026, 5, 15), date(2026, 5, 25)}
    | _days(date(2026, 7, 1), date(2026, 8, 31))
)
START = int(datetime(2025, 9, 1, tzinfo=UTC).timestamp())
END = int(datetime(2026, 9, 1, tzinfo=UTC).timestamp())
METER = MeterSpec(
    "hoofd", kitchen_kw=6, evening_kw=5, heat_loss_kw_per_k=2.2, hot_water_kw=3, litres_per_pupil=9, pv_kwp=25
)
SCHOOL = SchoolSpec(
    "proef",
    seed=20260901,
    origin_s=START,
    free_days=FREE,
    rooms=(
        RoomSpec("gewoon"),
        RoomSpec("wakker", opens_at_ppm=1100),
        RoomSpec("ventilatie", mechanical_ach=3.0),
        RoomSpec("bedompt", volume_m3=150, people=25, airs_at_break=0.1, door_ach=0.4),
    ),
    meters=(METER,),
)


def _at(year: int, month: int, day: int) -> int:
    return int(datetime(year, month, day, tzinfo=UTC).timestamp())


@cache
def _year():
    return quarters(SCHOOL, METER, START, END)


@cache
def _winter():
    """Rooms from 5 January to 13 February 2026: six weeks of school."""
    return air(
        SCHOOL, int(datetime(2026, 1, 5, tzinfo=UTC).timestamp()), int(datetime(2026, 2, 14, tzinfo=UTC).timestamp())
    )


def test_noise_has_the_deviation_it_promises_and_does_not_depend_on_the_window() -> None:
    index = np.arange(50_000)
    assert abs(uniform(1, "a", index).mean() - 0.5) < 0.01
    assert abs(normal(1, "a", index).std() - 1) < 0.02
    assert np.array_equal(normal(1, "a", index)[100:200], normal(1, "a", index[100:200]))
    assert not np.array_equal(normal(1, "a", index), normal(2, "a", index))
    assert abs(np.corrcoef(normal(1, "a", index), normal(1, "b", index))[0, 1]) < 0.02
    seconds = np.arange(0, 30 * DAY, 600)
    assert np.array_equal(smooth(1, "a", seconds, 3600)[77:99], smooth(1, "a", seconds[77:99], 3600))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_weather_is_that_of_middle_belgium(seed: int) -> None:
    seconds = np.arange(START, START + 3 * 365 * DAY, 1800)
    out = weather(seed, seconds)
    assert 9.5 < out.temperature.mean() < 12.5
    assert -18 < out.temperature.min() < 0
    assert 25 < out.temperature.max() < 41
    daily = out.temperature.reshape(-1, 48).mean(axis=1)
    # Synergrid's normal year (1991-2020) has 2252 degree days.
    assert 1900 < np.maximum(0, 16.5 - daily).sum() / 3 < 2650
    # Global irradiation of Uccle is about 1050 kWh/m2 a year.
    assert 900 < out.irradiance.sum() / 2000 / 3 < 1200
    assert out.irradiance.max() < 1000
    assert out.humidity.min() >= 28
    assert out.humidity.max() <= 100


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**31), st.integers(START, END), st.integers(1, 400))
def test_any_window_of_weather_is_part_of_the_whole(seed: int, start: int, length: int) -> None:
    seconds = start + 600 * np.arange(400)
    whole, part = weather(seed, seconds), weather(seed, seconds[:length])
    assert np.allclose(whole.temperature[:length], part.temperature, atol=1e-9)
    assert np.allclose(whole.irradiance[:length], part.irradiance, atol=1e-9)


def test_the_night_is_dark() -> None:
    seconds = np.arange(START, END, 900)
    hour = seconds % DAY / 3600
    assert weather(5, seconds).irradiance[(hour < 2) | (hour > 22)].max() == 0


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 23), (date(2025, 10, 26), 25), (date(2026, 1, 8), 24)])
def test_clock_change_days_have_23_or_25_hours(day: date, hours: int) -> None:
    seconds = np.arange(START, END, 900)
    clock = local_time(seconds)
    rows = [day_of(int(number)) == day for number in clock.day]
    assert sum(rows) == hours * 4
    start = day_start_ms(day) // 1000
    assert seconds[rows][0] == start
    q = quarters(SCHOOL, METER, start, start + hours * 3600)
    assert len(q.start) == hours * 4
    noon = local_time(np.array([int(datetime(day.year, day.month, day.day, 12, tzinfo=BRUSSELS).timestamp())]))
    assert noon.second[0] == 12 * 3600


def test_carbon_dioxide_is_plausible_and_care_for_air_shows() -> None:
    _, true = _winter()
    assert true.co2.min() >= 419.9
    assert true.co2.max() < 6000
    occupied = true.people > 0
    median = [float(np.median(true.co2[occupied[:, room], room])) for room in range(4)]
    plain, watching, mechanical, stuffy = median
    assert mechanical < 900 < plain < stuffy
    assert watching < plain
    assert 900 < plain < 2200
    night = local_time(_winter()[0]).hour
    assert true.co2[(night > 3) & (night < 5)].max() < 800


def test_carbon_dioxide_balances() -> None:
    """With a steady class and closed windows it climbs to the level of the textbook: C_out + G / (n V)."""
    room = RoomSpec(
        "dicht", people=20, litres_per_hour=18, volume_m3=200, leak_ach=1.0, door_ach=0, airs_at_break=0, used=1
    )
    all_day = SchoolSpec("x", 3, START, timetable=(((0, 1440),),) * 5, rooms=(room,))
    start = int(datetime(2026, 1, 7, tzinfo=UTC).timestamp())
    moments, true = air(all_day, start, start + 12 * 3600)
    steady = 420 + true.people[-1, 0] * 18 / 200 * 1000 / 1.0
    assert true.people[-1, 0] > 10
    # The wind changes the leakage by a quarter at most.
    assert steady * 0.7 < true.co2[-1, 0] < steady * 1.35
    assert len(moments) == 12 * 12 + 1


def test_rooms_are_warm_when_there_is_class_and_cool_down_after() -> None:
    seconds, true = _winter()
    occupied = true.people[:, 0] > 0
    assert 19 < np.median(true.temperature[occupied, 0]) < 23
    clock = local_time(seconds)
    deep = (clock.weekday == 6) & (clock.hour < 6)
    assert true.temperature[deep, 0].mean() < true.temperature[occupied, 0].mean() - 2
    assert true.temperature.min() > 8
    assert 15 < np.median(true.humidity) < 70


def test_nobody_is_there_at_weekends_on_holidays_or_at_night() -> None:
    seconds, true = air(SCHOOL, _at(2025, 12, 15), _at(2026, 1, 12))
    clock = local_time(seconds)
    holiday = np.array([day_of(int(day)) in FREE for day in clock.day])
    assert true.people[(clock.weekday >= 5) | holiday].max() == 0
    assert true.people[(clock.hour < 8.4) | (clock.hour > 15.6)].max() == 0
    assert true.people[~holiday & (clock.weekday < 5) & (clock.hour > 9) & (clock.hour < 10)].max() > 15
    wednesday = (clock.weekday == 2) & (clock.hour > 12.1)
    assert true.people[wednesday].max() == 0


def test_a_window_of_air_is_part_of_a_longer_one() -> None:
    end = START + 60 * DAY
    late, whole = air(SCHOOL, end - 2 * DAY, end)
    early, longer = air(SCHOOL, end - 30 * DAY, end)
    assert np.array_equal(late, early[-len(late) :])
    assert np.array_equal(whole.co2, longer.co2[-len(late) :])
    assert np.array_equal(whole.temperature, longer.temperature[-len(late) :])


def test_there_is_no_seam_where_two_pieces_meet() -> None:
    first = -(-_at(2026, 5, 10) // PIECE_S) * PIECE_S  # without heating a room remembers longest
    for seam in range(first, _at(2026, 9, 1), PIECE_S):  # at 2 o'clock at night: nothing else happens then
        _, true = air(SCHOOL, seam - 3600, seam + 3600)
        assert np.abs(np.diff(true.temperature, axis=0)).max() < 0.12
        assert np.abs(np.diff(true.co2, axis=0)).max() < 12


def test_electricity_is_that_of_a_primary_school() -> None:
    q = _year()
    clock = local_time(q.start)
    used_kw = q.used_kwh * 4
    # Two English primary schools of about this size use 47 and 64 MWh; this one is smaller.
    assert 15_000 < q.used_kwh.sum() < 60_000
    free = np.array([day_of(int(day)) in FREE for day in clock.day])
    school = (clock.weekday < 5) & ~free
    lesson = school & (clock.hour >= 9) & (clock.hour < 11.5)
    night = clock.hour < 5
    assert np.median(used_kw[lesson]) > 3 * np.median(used_kw[night])
    assert used_kw[night].min() > 0.5
    assert used_kw[clock.weekday >= 5].mean() < 0.5 * used_kw[school].mean()
    assert used_kw[free & (clock.weekday < 5)].mean() < 0.6 * used_kw[school].mean()
    club = school & (clock.weekday == 1) & (clock.hour >= 19) & (clock.hour < 22)
    quiet = school & (clock.weekday == 0) & (clock.hour >= 19) & (clock.hour < 22)
    assert used_kw[club].mean() > used_kw[quiet].mean() + 2


def test_energy_balances_in_every_quarter() -> None:
    q = _year()
    assert np.allclose(q.import_kwh - q.export_kwh, q.used_kwh - q.pv_kwh, atol=1e-12)
    assert (q.import_kwh >= 0).all()
    assert (q.export_kwh >= 0).all()
    assert (q.import_kwh * q.export_kwh == 0).all()
    assert 750 < q.pv_kwh.sum() / METER.pv_kwp < 1100
    shape = minute_shape(SCHOOL.seed, "hoofd", q.start[:500])
    assert np.allclose(shape.mean(axis=1), 1)
    assert (shape > 0).all()


def test_gas_follows_the_cold_and_the_timetable() -> None:
    q = _year()
    clock = local_time(q.start)
    days = np.unique(clock.day)
    out = weather(SCHOOL.seed, q.start).temperature
    sums = np.array([q.gas_m3[clock.day == day].sum() for day in days])
    cold = np.array([np.maximum(0, 16.5 - out[clock.day == day].mean()) for day in days])
    school = np.array([day_of(int(day)).weekday() < 5 and day_of(int(day)) not in FREE for day in days])
    assert np.corrcoef(cold[school], sums[school])[0, 1] ** 2 > 0.85
    assert sums[school & (cold > 5)].mean() > 2 * sums[~school & (cold > 5)].mean()
    assert 30_000 < q.gas_m3.sum() * 11.51 < 200_000
    july = np.array([day_of(int(day)).month == 7 for day in days])
    assert sums[july].mean() < 0.1 * sums[school & (cold > 8)].mean()


def test_a_boiler_that_knows_no_weekend_is_seen() -> None:
    careless = MeterSpec("hoofd", heat_loss_kw_per_k=2.2, weekend_setback=0.0)
    start = int(datetime(2026, 1, 10, tzinfo=BRUSSELS).timestamp())  # a Saturday
    careful = quarters(SCHOOL, METER, start, start + 2 * DAY).gas_m3.sum()
    assert quarters(SCHOOL, careless, start, start + 2 * DAY).gas_m3.sum() > 2 * careful


def test_counters_only_rise_and_meet_the_quarters() -> None:
    end = START + 40 * DAY
    sensed = MeterSenses(SCHOOL, METER, end)
    q = sensed.quarters
    at = q.start[1:]
    columns = sensed.at(at)
    for name in ("import_kwh", "export_kwh", "gas_m3", "water_m3", "pv_kwh", "import_t1_kwh", "import_t2_kwh"):
        assert (np.diff(columns[name]) >= 0).all(), name
    assert np.allclose(np.diff(columns["import_kwh"]), q.import_kwh[1:-1], atol=1e-6)
    assert np.allclose(np.diff(columns["gas_m3"]), q.gas_m3[1:-1], atol=1e-6)
    seconds = np.arange(end - 7200, end, 7)
    fine = sensed.at(seconds)
    assert (np.diff(fine["import_kwh"]) >= 0).all()
    assert np.allclose(fine["power_w"], fine["import_w"] - fine["export_w"])
    assert (fine["peak_w"] <= 1000 * METER.base_kw * 40).all()
    assert (fine["peak_at_s"] <= seconds).all()


def test_a_later_run_goes_on_where_the_first_stopped() -> None:
    now = START + 30 * DAY
    first, second = MeterSenses(SCHOOL, METER, now), MeterSenses(SCHOOL, METER, now + 9 * DAY)
    at = np.array([now - 61, now - 1])
    for name, values in first.at(at).items():
        assert np.allclose(values, second.at(at)[name]), name


def _history(kit: KitSpec, days: int = 20) -> list[list[Point]]:
    end = START + 60 * DAY
    sensed = senses(SCHOOL, end - days * DAY, end)
    window = Window(end - days * DAY, end, end - 2 * DAY)
    return list(kit_history(SCHOOL, kit, sensed, window))


def test_history_is_coarse_then_fine_and_each_series_is_in_order() -> None:
    kit = KitSpec("kit-1", "s", "own", (SensedPlace("", 1, room="gewoon"),))
    series = _history(kit)
    assert [points[0].series.quantity for points in series] == ["co2", "temperature", "humidity"]
    for points in series:
        times = [point.time_ms for point in points]
        assert times == sorted(set(times))
        steps = set(np.diff(times).tolist())
        assert {900_000, 60_000} <= steps
        assert 0.97 * (18 * 96 + 2 * 1440) < len(points) <= 18 * 96 + 2 * 1440
    assert all(350 < point.value < 8000 for point in series[0])
    assert _history(kit) == series


def test_a_gap_is_a_gap_and_a_broken_kit_stops() -> None:
    end = START + 60 * DAY
    gap = (end - 10 * DAY, end - 5 * DAY)
    place = (SensedPlace("", 1, room="gewoon"),)
    [co2, *_] = _history(KitSpec("kit-1", "s", "own", place, gap_from_s=gap[0], gap_until_s=gap[1]))
    assert not [point for point in co2 if gap[0] * 1000 <= point.time_ms < gap[1] * 1000]
    assert [point for point in co2 if point.time_ms < gap[0] * 1000]
    assert [point for point in co2 if point.time_ms >= gap[1] * 1000]
    [co2, *_] = _history(KitSpec("kit-1", "s", "own", place, fault=Fault.SILENT, fault_from_s=gap[0]))
    assert max(point.time_ms for point in co2) < gap[0] * 1000


def test_meter_history_takes_each_values_own_time() -> None:
    kit = KitSpec("p1", "s", "dsmr_raw", (SensedPlace("", 1, meter="hoofd"),))
    by_name = {(points[0].series.quantity, points[0].series.channel): points for points in _history(kit, days=40)}
    peaks = by_name["peak_power", ""]
    assert [point.time_ms for point in peaks] == sorted({point.time_ms for point in peaks})
    assert len(peaks) < 100
    assert all(point.time_ms % 900_000 == 0 for point in by_name["gas", ""])
    steps = np.diff([point.value for point in by_name["electricity_import", ""]])
    assert steps.min() >= 0


def test_an_export_holds_the_quarters_of_the_same_meter() -> None:
    end = START + 60 * DAY
    window = Window(end - 20 * DAY, end, end)
    series = list(export_history(SCHOOL, "hoofd", "541448800000000000", "electricity", window))
    assert [points[0].series.channel for points in series] == [
        "Afname Dag",
        "Afname Nacht",
        "Injectie Dag",
        "Injectie Nacht",
    ]
    q = quarters(SCHOOL, METER, end - 20 * DAY, end)
    offtake = sum(point.value or 0 for points in series[:2] for point in points)
    assert offtake == pytest.approx(q.import_kwh.sum(), abs=1)
    assert len(series[0]) + len(series[1]) == 20 * 96
    volume, energy = export_history(SCHOOL, "hoofd", "541448800000000000", "gas", window)
    assert {point.duration_s for point in volume} == {3600}
    assert len(volume) == len(energy) == 20 * 24
    assert all(kwh.value == pytest.approx(m3.value * 11.51, abs=0.01) for m3, kwh in zip(volume, energy, strict=True))


def test_a_spec_survives_json() -> None:
    assert SchoolSpec.from_json(SCHOOL.to_json()) == SCHOOL
    kit = KitSpec("kit-1", "s", "zigbee2mqtt", (SensedPlace("Klas 1", 4, room="gewoon"),), fault=Fault.GARBLED)
    assert KitSpec.from_json(kit.to_json()) == kit

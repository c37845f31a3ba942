"""The calendar of a school: its hours, free days and timetables, and that a room's lessons decide when it is occupied."""

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from schoolklimaat.calc.school_calendar import BRUSSELS, Calendar, DayHours
from schoolklimaat.charts import air, words
from schoolklimaat.charts.air import DayOfAir, Shade
from schoolklimaat.charts.period import Period
from schoolklimaat.charts.series import Columns
from schoolklimaat.core.clock import frozen
from schoolklimaat.core.db import db
from schoolklimaat.schools.models import Building, FreeDay, Room, School, SchoolHours, Site
from schoolklimaat.schools.services import calendar_of, calendar_of_room
from schoolklimaat.schools.services.hours import set_lessons
from schoolklimaat.schools.services.hours_lines import Lesson, read_hours_lines, write_hours_lines
from sensors.periods import MINUTE_MS, to_ms
from tests.schools.test_joining import send, signed_in
from tests.schools.test_structure import SCHOOL, app, hashed  # noqa: F401 - fixtures

MORNING, NOON = DayHours(time(8, 30), time(10, 10)), DayHours(time(10, 30), time(12, 5))
TIMETABLE = Calendar(blocks={0: (MORNING, NOON), 6: (DayHours(time(1, 30), time(4)),)})
MONDAY = date(2026, 11, 23)


@pytest.fixture
def client(app):  # noqa: F811
    with app.app_context():
        linde = db.session.scalar(select(School).where(School.slug == "linde"))
        site = db.session.scalar(select(Site))
        db.session.add(Room(school=linde, building=Building(site=site, name="H"), slug="1a", name="Lokaal 1A"))
        db.session.commit()
    return signed_in(app, "caro@x.example")


def hours_form(**changes):
    days = {f"{edge}_{day}": "" for day in range(7) for edge in ("starts", "ends")}
    return days | {"starts_0": "08:15", "ends_0": "16:00", "starts_2": "08:15", "ends_2": "12:30"} | changes


def test_hours_per_weekday_are_kept_or_refused_whole(app, client):  # noqa: F811
    page = client.get(f"{SCHOOL}/kalender").text
    assert "5 dagen per week open" in page
    assert "gewone uren" in page
    for change, fault in (
        ({"ends_0": ""}, "Vul beide uren in"),
        ({"ends_2": "08:00"}, "later zijn dan het begin"),
        ({"starts_0": "acht", "ends_0": "16:00"}, "Schrijf het uur als 08:30"),
        ({f"{edge}_{day}": "" for edge in ("starts", "ends") for day in (0, 2)}, "minstens één dag"),
    ):
        answer = send(client, f"{SCHOOL}/kalender", **hours_form(**change))
        assert answer.status_code == 400
        assert fault in answer.text
    assert send(client, f"{SCHOOL}/kalender", **hours_form()).status_code == 303
    assert "2 dagen per week open" in client.get(f"{SCHOOL}/kalender").text
    with app.app_context():
        linde = db.session.scalar(select(School).where(School.slug == "linde"))
        assert len(db.session.scalars(select(SchoolHours)).all()) == 2
        assert calendar_of(linde).hours_on(date(2026, 11, 25)) == DayHours(time(8, 15), time(12, 30))
        assert calendar_of(linde).hours_on(date(2026, 11, 24)) is None


def test_free_days_are_added_noted_and_removed(app, client):  # noqa: F811
    with frozen(datetime(2026, 10, 1, 8, tzinfo=UTC)):
        wrong = {"name": "Studiedag", "first_day": "2026-11-27", "last_day": "2026-11-26"}
        assert "ligt voor de eerste" in send(client, f"{SCHOOL}/kalender/vrij", f"{SCHOOL}/kalender", **wrong).text
        data = wrong | {"last_day": ""}
        assert send(client, f"{SCHOOL}/kalender/vrij", f"{SCHOOL}/kalender", **data).status_code == 303
        page = client.get(f"{SCHOOL}/kalender").text
        assert "De vrije dag is toegevoegd" in page
        assert "raken aan" not in page
        data = {"name": "Brug", "first_day": "2026-11-06", "last_day": "2026-11-10"}
        send(client, f"{SCHOOL}/kalender/vrij", f"{SCHOOL}/kalender", **data)
        page = client.get(f"{SCHOOL}/kalender").text
        assert page.count("raken aan herfstvakantie") == 2  # said once, and kept beside the day
        with app.app_context():
            linde = db.session.scalar(select(School).where(School.slug == "linde"))
            assert calendar_of(linde).is_free(date(2026, 11, 27))
            number = db.session.scalar(select(FreeDay.id).where(FreeDay.name == "Studiedag"))
        assert send(client, f"{SCHOOL}/kalender/vrij/{number}/weg", f"{SCHOOL}/kalender").status_code == 303
        assert client.post("/scholen/berk/kalender/vrij/1/weg").status_code in {400, 404}
    with app.app_context():
        assert db.session.scalars(select(FreeDay.name)).all() == ["Brug"]


def test_a_timetable_is_typed_and_decides_when_the_room_is_in_use(app, client):  # noqa: F811
    path = f"{SCHOOL}/lokalen/1a/rooster"
    answer = send(client, path, lines="ma 8.30-10.10, 10.30-12.05\nxx 9-10\ndi-wo 9u-8u\nma 12-13\nma 11-12")
    assert answer.status_code == 400
    for fault in ("Regel 2: Begin met een dag", "Regel 3: ‘9u-8u’ eindigt", "Regel 5: Dit overlapt"):
        assert fault in answer.text
    assert "xx 9-10" in answer.text
    assert send(client, path, lines="ma 8.30-10.10, 10:30 – 12.05\ndi t/m do 13u30-15").status_code == 303
    assert "5 lessen per week" in client.get(f"{SCHOOL}/kalender").text
    assert "ma 08:30-10:10, 10:30-12:05" in client.get(path).text
    with app.app_context():
        room = db.session.scalar(select(Room))
        calendar = calendar_of_room(room)
        assert calendar.blocks_on(MONDAY) == (MORNING, NOON)
        assert calendar.blocks_on(date(2026, 11, 27)) == ()  # no lesson on Friday
        assert calendar.blocks_on(date(2026, 11, 2)) == ()  # autumn break
        assert calendar_of(room.school).blocks is None
    assert send(client, path, lines="  ").status_code == 303
    with app.app_context():
        assert calendar_of_room(db.session.scalar(select(Room))).blocks is None


def five_minutes(day, value_at):
    period = Period.of_day(day)
    starts = list(range(period.start_ms, period.end_ms, 5 * MINUTE_MS))
    return period, Columns(starts, [value_at(start) for start in starts])


def at(day, clock):
    return to_ms(datetime.combine(day, clock, BRUSSELS))


def test_only_the_lessons_count_for_the_share_of_good_air():
    def stuffy_at_break(start):
        return 1500.0 if at(MONDAY, time(10, 10)) <= start < at(MONDAY, time(10, 30)) else 700.0

    period, columns = five_minutes(MONDAY, stuffy_at_break)
    whole = Shade(at(MONDAY, time(8)), at(MONDAY, time(17)))
    inferred = DayOfAir(period, columns, whole, whole, period.end_ms)
    known = DayOfAir(period, columns, whole, whole, period.end_ms, tuple(air.lesson_shades(TIMETABLE, MONDAY)))
    assert inferred.occupied_share_ok() == pytest.approx(1 - 20 / 540)
    assert known.occupied_share_ok() == 1.0
    assert [len(known.shaded()), len(inferred.shaded())] == [2, 1]
    free = DayOfAir(period, columns, None, whole, period.end_ms, ())
    assert (free.occupied_share_ok(), free.shaded()) == (None, [])


def test_the_words_say_lessons_only_where_they_are_known(app):  # noqa: F811
    period, columns = five_minutes(MONDAY, lambda _start: 700.0)
    whole = Shade(at(MONDAY, time(8)), at(MONDAY, time(17)))
    with app.test_request_context():
        lessons = tuple(air.lesson_shades(TIMETABLE, MONDAY))
        assert "Tijdens de lessen" in words.day_summary(DayOfAir(period, columns, whole, whole, period.end_ms, lessons))
        assert "afgeleid uit de CO2" in words.day_summary(DayOfAir(period, columns, whole, whole, period.end_ms))


@pytest.mark.parametrize(
    ("day", "hours"),
    [
        (date(2026, 10, 25), 3.5),
        (date(2027, 3, 28), 1.5),
        (date(2026, 11, 22), 2.5),
    ],  # back, forward, an ordinary Sunday
)
def test_a_lesson_across_the_change_of_the_clock_lasts_as_long_as_it_really_does(day, hours):
    calendar = Calendar(blocks=TIMETABLE.blocks)
    if calendar.is_free(day):  # the Easter holidays begin on this Sunday: the rule decides, not the clock
        assert air.lesson_shades(calendar, day) == []
        return
    (shade,) = air.lesson_shades(calendar, day)
    assert (shade.end_ms - shade.start_ms) / 3_600_000 == hours
    period, columns = five_minutes(day, lambda start: 700.0 if start < shade.start_ms + 1_800_000 else 1000.0)
    known = DayOfAir(period, columns, Shade(*shade), shade, period.end_ms, (shade,))
    assert known.occupied_share_ok() == pytest.approx(0.5 / hours)


def test_a_room_without_lessons_on_a_day_has_a_free_row_in_its_week(monkeypatch):
    monkeypatch.setattr(air, "intervals_of", lambda _room, _period: [])
    with frozen(datetime(2026, 11, 28, 12, tzinfo=UTC)):
        week = air.week_of_air(None, 1, Period.around(air.Step.WEEK, MONDAY), Calendar(blocks={0: (MORNING,)}))
    states = {day.weekday(): [block.state for block in row] for day, row in week.days}
    assert states[0] == ["missing", "missing", "free", "free", "free", "free"]  # blocks of an hour and a half from 8
    assert set(states[1]) == {"free"}


LESSONS = st.lists(
    st.builds(
        lambda weekday, start, length: Lesson(weekday, time(start // 60, start % 60), time((start + length) // 60, (start + length) % 60)),
        st.integers(0, 6), st.integers(0, 1300), st.integers(1, 130),
    ),
    max_size=12,
)  # fmt: skip


@given(LESSONS)
def test_a_timetable_written_is_read_back(lessons):
    apart = []
    for lesson in sorted(lessons):
        if not any(
            one.weekday == lesson.weekday and lesson.starts < one.ends and one.starts < lesson.ends for one in apart
        ):
            apart.append(lesson)
    assert read_hours_lines(write_hours_lines(apart)) == (sorted(apart), [])


@given(st.lists(st.tuples(st.integers(0, 1380), st.integers(1, 59)), min_size=1, max_size=5), st.integers(0, 10_000))
def test_in_use_and_the_periods_say_the_same(parts, minute):
    blocks = tuple(
        DayHours(time(start // 60, start % 60), time((start + length) // 60, (start + length) % 60))
        for start, length in sorted(parts)
        if start + length < 24 * 60
    )
    calendar = Calendar(blocks=dict.fromkeys(range(7), blocks))
    moment = datetime.fromtimestamp(at(MONDAY, time()) / 1000 + minute * 60, UTC)
    day = moment.astimezone(BRUSSELS).date()
    inside = any(begin <= moment < end for begin, end in calendar.open_periods(day, day))
    assert calendar.in_use(moment) is inside


def test_lessons_are_replaced_whole(app):  # noqa: F811
    with app.test_request_context():
        linde = db.session.scalar(select(School))
        room = Room(school=linde, building=Building(site=db.session.scalar(select(Site)), name="H"), slug="x", name="X")
        db.session.add(room)
        db.session.flush()
        for _ in range(2):
            set_lessons(room, [Lesson(0, *MORNING), Lesson(0, *NOON)])
            db.session.flush()
        assert calendar_of_room(room).blocks == {0: (MORNING, NOON)}

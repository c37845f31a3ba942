"""`make load`: prints errors and percentiles of a real server; ends with 1 when a request failed."""

import os
import random
import re
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import requests
from flask_migrate import upgrade
from sqlalchemy import func, select

from schoolklimaat.app import create_app
from schoolklimaat.core.bundled import bundled
from schoolklimaat.core.clock import now
from schoolklimaat.core.db import db
from schoolklimaat.learning.lesson.model import Question, QuestionKind
from schoolklimaat.learning.models import Answer
from schoolklimaat.learning.services.assigning import Times, give
from schoolklimaat.learning.services.library import library
from schoolklimaat.people.models import Account
from schoolklimaat.people.services import hash_password
from schoolklimaat.schools.models import (
    Building,
    Membership,
    Municipality,
    PupilSecret,
    Role,
    Room,
    School,
    Site,
    Teaching,
)  # fmt: skip
from schoolklimaat.schools.services.classes import make_class, school_year
from schoolklimaat.schools.services.pupil_secrets import secret_of
from schoolklimaat.schools.services.sign_in import card_token
from schoolklimaat.settings import Settings
from tests import servers

CLASSES, PUPILS, GRIDS = 13, 24, 10
STORM_PUPILS, STORM_S = 30, 10.0
HANDING_IN, HAND_IN_S = 300, 60.0
POLL_S = 5.0
PASSWORD = "vier gewone woorden samen"
LESSON = "de-klas-ademt"


@dataclass
class Measured:
    """Durations in seconds and what went wrong, from many threads."""

    seconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def ask(self, what: str, request: Callable[[], requests.Response], good: set[int]) -> requests.Response | None:
        begin = time.perf_counter()
        try:
            answer = request()
        except requests.RequestException as problem:
            self.errors.append(f"{what}: {problem}")
            return None
        self.seconds.append(time.perf_counter() - begin)
        if answer.status_code not in good:
            self.errors.append(f"{what}: {answer.status_code} {answer.text[:200]}")
        return answer

    def say(self, name: str) -> None:
        ordered = sorted(self.seconds) or [0.0]
        p50, p95 = (1000 * ordered[min(len(ordered) - 1, int(len(ordered) * share))] for share in (0.5, 0.95))
        print(
            f"{name}: {len(ordered)} requests, {len(self.errors)} errors,"
            f" p50 {p50:.0f} ms, p95 {p95:.0f} ms, slowest {1000 * ordered[-1]:.0f} ms"
        )
        for error in self.errors[:5]:
            print("  ", error)


@dataclass(frozen=True)
class Somebody:
    """A pupil as the load needs them."""

    code: str
    avatar: str
    pin: str
    card: str
    assignment: int


def token_of(page: str) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found, page[:300]
    return found[1]


def furnish(app) -> tuple[list[Somebody], list[int], str]:
    """A school with thirteen classes of 24, a teacher each, and a lesson for each class; and an open question of it."""
    with app.app_context(), app.test_request_context():
        upgrade(directory=str(bundled("migrations")))
        geel = Municipality(nis_code="13008", name="Geel")
        school = School(slug="last", name="Last", municipality=geel, level="basis", network="vrij", simulated=True)
        building = Building(site=Site(school=school, name="Dorp"), name="Blok")
        rooms = [Room(school=school, building=building, slug=f"l{n}", name=f"Lokaal {n}") for n in range(CLASSES)]
        hashed = hash_password(PASSWORD)
        teachers = [Account(email=f"t{n}@last.example", name=f"T{n}", password_hash=hashed) for n in range(CLASSES)]
        db.session.add_all([school, *rooms, *teachers])
        db.session.flush()
        db.session.add_all(Membership(account=one, role=Role.TEACHER, school_id=school.id) for one in teachers)
        lesson = library().get(LESSON, "nl")
        item = next(one for one in lesson.items("basis") if isinstance(one, Question) and one.kind is QuestionKind.OPEN)
        pupils, given = [], []
        for number, (room, teacher) in enumerate(zip(rooms, teachers, strict=True)):
            group = make_class(school, f"K{number}", year=school_year(), pupils=PUPILS, kind=PupilSecret.PIN, room=room)
            db.session.add(Teaching(account=teacher, class_group=group))
            db.session.flush()
            assignment = give(lesson, group, teacher, Times(now()))
            given.append(assignment.id)
            pupils += [
                Somebody(group.code, one.avatar, secret_of(one), card_token(one), assignment.id) for one in group.pupils
            ]
        db.session.commit()
        return pupils, given, item.id


def session_of(app, path: str, data: dict[str, str] | None = None) -> requests.Session:
    """Sign in without a server and take the cookie along."""
    client = app.test_client()
    answer = client.post(path, data={"csrf_token": token_of(client.get(path).text), **(data or {})})
    assert answer.status_code == 302, answer.text[:300]
    session = requests.Session()
    cookie = client.get_cookie("sessie")
    session.cookies.set("sessie", cookie.value, domain="127.0.0.1", path="/")
    return session


def storm(url: str, pupils: list[Somebody]) -> Measured:
    """Thirty pupils of one and a bit classes, on shared wifi, within ten seconds."""
    measured = Measured()

    def come_in(pupil: Somebody, after: float) -> None:
        time.sleep(after)
        session = requests.Session()
        path = f"{url}/klas/aanmelden"
        grid = measured.ask("grid", lambda: session.get(f"{path}?code={pupil.code}"), {200})
        if grid is None:
            return
        data = {
            "csrf_token": token_of(grid.text),
            "code": pupil.code,
            "avatar": pupil.avatar,
            "pin": pupil.pin,
            "stap": "2",
        }
        measured.ask("sign in", lambda: session.post(path, data=data, allow_redirects=False), {302})
        measured.ask("class", lambda: session.get(f"{url}/klas"), {200})

    chance = random.Random(7)
    with ThreadPoolExecutor(STORM_PUPILS) as pool:
        for pupil in pupils[:STORM_PUPILS]:
            pool.submit(come_in, pupil, chance.uniform(0, STORM_S))
    return measured


def hand_in(app, url: str, pupils: list[Somebody], given: list[int], item: str) -> tuple[Measured, Measured]:
    """Three hundred pupils send an answer within a minute, while ten teachers watch their grids."""
    sessions = [session_of(app, f"/klas/kaart/{one.card}") for one in pupils[:HANDING_IN]]
    teachers = [
        session_of(app, "/aanmelden", {"email": f"t{n}@last.example", "password": PASSWORD}) for n in range(GRIDS)
    ]
    answers, grids = Measured(), Measured()
    over = threading.Event()

    def send(session: requests.Session, pupil: Somebody, after: float) -> None:
        time.sleep(after)
        path = f"{url}/klas/opdracht/{pupil.assignment}"
        standing = session.get(f"{path}/stand.json")
        body = {
            "item": item,
            "client_key": str(uuid4()),
            "filled_in": {"antwoord": ["We zetten om 10 uur een raam open."]},
        }
        headers = {"X-CSRFToken": standing.json()["csrf"]}
        answers.ask("answer", lambda: session.post(f"{path}/antwoord", json=body, headers=headers), {200})

    def watch(session: requests.Session, assignment: int) -> None:
        tag = ""
        while not over.is_set():
            address = f"{url}/opdrachten/{assignment}/volgen.json"
            headers = {"If-None-Match": tag} if tag else {}
            answer = grids.ask("grid", lambda: session.get(address, headers=headers), {200, 304})  # noqa: B023
            tag = answer.headers.get("ETag", "") if answer is not None else ""
            over.wait(POLL_S)

    chance = random.Random(11)
    watchers = [threading.Thread(target=watch, args=one) for one in zip(teachers, given[:GRIDS], strict=True)]
    for one in watchers:
        one.start()
    with ThreadPoolExecutor(HANDING_IN) as pool:
        for session, pupil in zip(sessions, pupils, strict=False):
            pool.submit(send, session, pupil, chance.uniform(0, HAND_IN_S))
    over.set()
    for one in watchers:
        one.join()
    return answers, grids


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        port = servers.free_port()
        url = f"http://127.0.0.1:{port}"
        environ = {"SCHOOLKLIMAAT_DATA": folder, "SCHOOLKLIMAAT_SITE_URL": url}
        app = create_app(Settings.from_environ(environ))
        pupils, given, item = furnish(app)
        command = [sys.executable, "-m", "schoolklimaat.cli", "serve", "--port", str(port)]
        with servers.running(command, Path(folder) / "serve.log", env=os.environ | environ):
            servers.wait_until(lambda: servers.listens(port), "the site")
            time.sleep(2)
            warm = requests.get(f"{url}/klas/aanmelden?code={pupils[0].code}", timeout=30)
            assert warm.status_code == 200, warm.text[:300]
            measured = storm(url, pupils)
            measured.say(f"{STORM_PUPILS} pupils sign in within {STORM_S:.0f} s")
            answers, grids = hand_in(app, url, pupils, given, item)
            answers.say(f"{HANDING_IN} pupils hand in within {HAND_IN_S:.0f} s")
            grids.say(f"beside {GRIDS} live grids, each {POLL_S:.0f} s")
            with app.app_context():
                kept = db.session.scalar(select(func.count()).select_from(Answer))
            print(f"answers kept: {kept}")
        return 1 if measured.errors or answers.errors or grids.errors else 0


if __name__ == "__main__":
    sys.exit(main())

"""Work that takes longer than a request: a queue in the data folder, carried out by `schoolklimaat worker`.

A room marks a function with `@task` and calls it later with `enqueue(function, …)`; arguments are plain values (ids,
not objects). The worker commits after each job that ends well and undoes what failed.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from flask import Flask, current_app
from huey import SqliteHuey, crontab

from schoolklimaat.core.db import db

_TASKS: dict[str, Callable[..., None]] = {}
_NIGHTLY: list[Callable[[], None]] = []
_EXTENSION = "schoolklimaat_jobs"
Job = TypeVar("Job", bound=Callable[..., None])
Nightly = TypeVar("Nightly", bound=Callable[[], None])


def task(function: Job) -> Job:
    """Make a function something that can be enqueued."""
    _TASKS[_name(function)] = function
    return function


def enqueue(function: Callable[..., None], *arguments: Any) -> None:
    """Ask the worker to call a task; the request's own changes are committed first, so that the job sees them."""
    db.session.commit()
    current_app.extensions[_EXTENSION].run(_name(function), arguments)


def later(function: Callable[..., None], *arguments: Any, retries: int = 0, retry_delay_s: int = 60) -> None:
    """Ask the worker to call a task, from where everything is committed already (`db.after_commit`).

    A task that fails is tried again, `retries` times, with `retry_delay_s` seconds between.
    """
    kept: _Queue = current_app.extensions[_EXTENSION]
    job = kept.run.s(_name(function), arguments)
    job.retries, job.retry_delay = retries, retry_delay_s
    kept.huey.enqueue(job)


def nightly(function: Nightly) -> Nightly:
    """Let the worker call a function once a night, and when it starts: it must do no harm when called twice."""
    if function not in _NIGHTLY:
        _NIGHTLY.append(function)
    return function


def run_nightly(app: Flask) -> None:
    """Call every nightly function, each committed by itself; what fails is logged and keeps no other from its turn."""
    for function in _NIGHTLY:
        with app.app_context():
            try:
                function()
                db.session.commit()
            except Exception:
                db.session.rollback()
                app.logger.exception("nightly %s failed", _name(function))


def queue(app: Flask) -> SqliteHuey:
    """Return the queue of this site, for the worker to consume."""
    return app.extensions[_EXTENSION].huey


def init_app(app: Flask, data: Path, *, immediate: bool = False) -> None:
    """Give the site its queue; `immediate` carries jobs out at once, for tests."""
    huey = SqliteHuey(name="schoolklimaat", filename=str(data / "jobs.sqlite"), results=False, immediate=immediate)

    @huey.task(name="run")  # type: ignore[untyped-decorator]
    def run(name: str, arguments: tuple[Any, ...]) -> None:
        with app.app_context():
            try:
                _TASKS[name](*arguments)
                db.session.commit()
            except BaseException:
                db.session.rollback()
                raise

    @huey.periodic_task(crontab(hour="2", minute="17"), name="nightly")  # type: ignore[untyped-decorator]
    def night() -> None:
        run_nightly(app)

    app.extensions[_EXTENSION] = _Queue(huey, run)


class _Queue:
    def __init__(self, huey: SqliteHuey, run: Callable[..., Any]) -> None:
        self.huey = huey
        self.run: Any = run


def _name(function: Callable[..., Any]) -> str:
    return f"{function.__module__}.{function.__qualname__}"

"""Work that takes longer than a request: a queue in the data folder, carried out by `schoolklimaat worker`.

A room marks a function with `@task` and calls it later with `enqueue(function, …)`; arguments are plain values (ids,
not objects). The worker commits after each job that ends well and undoes what failed.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from flask import Flask, current_app
from huey import SqliteHuey

from schoolklimaat.core.db import db

_TASKS: dict[str, Callable[..., None]] = {}
_EXTENSION = "schoolklimaat_jobs"
Job = TypeVar("Job", bound=Callable[..., None])


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

    app.extensions[_EXTENSION] = _Queue(huey, run)


class _Queue:
    def __init__(self, huey: SqliteHuey, run: Callable[..., Any]) -> None:
        self.huey = huey
        self.run: Any = run


def _name(function: Callable[..., Any]) -> str:
    return f"{function.__module__}.{function.__qualname__}"

"""The seal: no route gets in without saying whom it lets in."""

import pytest
from flask import Flask

from schoolklimaat.core.guard import Permission, UnsealedError, needs, open_to_all, safe_next, seal

READ = Permission("read", allows=lambda _actor, _thing: True)
WRITE = Permission("write", allows=lambda _actor, _thing: True, writes=True)


@pytest.fixture
def app():
    return Flask("sealed", static_folder=None)


def refuses(app, words):
    with pytest.raises(UnsealedError, match=words):
        seal(app)


def test_a_route_that_says_nothing_keeps_the_site_shut(app):
    app.add_url_rule("/x", "x", lambda: "")
    refuses(app, "says not who may use it")


def test_a_reading_permission_cannot_guard_a_writing_method(app):
    app.add_url_rule("/x", "x", needs(READ)(lambda: ""), methods=["POST"])
    refuses(app, "only reads")


def test_an_id_in_the_url_needs_a_loader(app):
    app.add_url_rule("/x/<int:number>", "x", needs(READ)(lambda number: ""))
    refuses(app, "no loader")


def test_what_is_declared_is_let_in(app):
    app.add_url_rule("/a", "a", open_to_all("a test")(lambda: ""))
    app.add_url_rule("/b/<number>", "b", needs(WRITE, on=lambda number: number)(lambda thing: ""), methods=["POST"])
    seal(app)


@pytest.mark.parametrize(
    ("target", "safe"),
    [
        ("/klas", True), ("/scholen/x?jaar=2026", True), ("https://elders.example/", False), ("//elders.example", False),
        ("/\\elders.example", False), ("javascript:alert(1)", False), ("", False), (None, False), ("/a\nb", False),
    ],
)  # fmt: skip
def test_after_signing_in_one_stays_on_this_site(target, safe):
    assert (safe_next(target) is not None) is safe

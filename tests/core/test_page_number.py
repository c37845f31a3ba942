"""Which page of a list is asked for: always one that a database can count to."""

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from schoolklimaat.core.pages import page_number
from tests.house.test_routes import clients as clients  # noqa: PLC0414 - a fixture
from tests.house.test_routes import site as site  # noqa: PLC0414 - a fixture

BARE = Flask(__name__)


@given(st.text(max_size=30) | st.integers().map(str))
def test_whatever_is_asked_is_a_page(asked):
    with BARE.test_request_context("/", query_string={"pagina": asked}):
        assert 1 <= page_number() <= 1_000_000


@pytest.mark.parametrize(
    ("asked", "number"), [("1", 1), ("12", 12), ("0", 1), ("-3", 1), ("", 1), ("x", 1), ("1" + "0" * 20, 1_000_000)]
)
def test_a_page_by_its_number(asked, number):
    with BARE.test_request_context(f"/?pagina={asked}"):
        assert page_number() == number


@pytest.mark.parametrize(
    "path", ["/", "/opdrachten", "/scholen/heide/klassen", "/scholen/heide/logboek", "/iok/aanvragen", "/iok/scholen"]
)
def test_far_beyond_the_last_page_is_an_empty_page(clients, path):
    assert clients["beheerder"].get(f"{path}?pagina=100000000000000000000").status_code == 200

"""Numbers in addresses: one that no row can have is no address, and no error of ours."""

import pytest

from schoolklimaat.app import create_app
from schoolklimaat.core.db import db
from tests.browser import world


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    app = create_app(world.settings_in(tmp_path_factory.mktemp("addresses")), testing=True)
    with app.app_context():
        db.create_all()
    return app.test_client()


@pytest.mark.parametrize("number", [2**31, 10**20, "9" * 4000])
def test_a_number_too_large_for_a_row_is_no_address(client, number):
    assert client.get(f"/opdrachten/{number}").status_code == 404
    assert client.get(f"/scholen/heide/klassen/{number}").status_code == 404


def test_the_largest_number_of_a_row_is_one(client):
    assert client.get(f"/opdrachten/{2**31 - 1}").status_code == 302  # to sign in, as for any other

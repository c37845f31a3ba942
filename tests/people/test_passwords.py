"""A password is refused for a reason that helps, and only for length and being guessable."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schoolklimaat.app import create_app
from schoolklimaat.people.services import MAX_LENGTH, MIN_LENGTH, weakness
from tests.browser import world
from tests.people.conftest import ADDRESS, PASSWORD

OWN = (ADDRESS, "Lien Peeters", "Basisschool De Heide", "Geel")


@pytest.fixture(scope="module")
def speaking(tmp_path_factory):
    app = create_app(world.settings_in(tmp_path_factory.mktemp("words")), testing=True)
    with app.test_request_context():
        yield


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("kort", "nog minstens 8 tekens nodig"),
        ("elf tekens!", "nog minstens 1 teken nodig"),
        ("welkom123456", "vaak gebruikt"),
        ("wachtwoord123", "vaak gebruikt"),
        ("schoolklimaat2026", "vaak gebruikt"),
        ("Password1234!", "vaak gebruikt"),
        ("aaaaaaaaaaaaaaaa", "herhalen"),
        ("abcabcabcabcabc", "herhalen"),
        ("qwertyuiop[]asdf", "rij toetsen"),
        ("123456789012345", "vaak gebruikt"),
        ("acegikmoqsuw", "reeks"),
        ("14-02-1987 1", "datum"),
        ("lien.peeters@school.example", "lienpeeters"),
        ("Paarse PEETERS danst graag", "peeters"),
        ("heide en zand en dennen", "heide"),
        ("lïen zingt in de ochtend", "lien"),
        ("a" * 1001, "hoogstens 1000"),
    ],
)
def test_a_weak_password_is_refused_with_its_reason(speaking, password, said):
    assert said in weakness(password, OWN)


@pytest.mark.parametrize(
    "password", [PASSWORD, "correct horse battery staple", "kaaskroket99 op zolder", "x7#Kp2!mQz9w"]
)
def test_a_good_password_needs_no_signs_or_capitals(speaking, password):
    assert weakness(password, OWN) is None


def cost(password):
    """The cheapest of three looks at a password, in CPU seconds."""
    costs = []
    for _ in range(3):
        start = time.process_time()
        weakness(password, OWN)
        costs.append(time.process_time() - start)
    return min(costs)


def test_a_long_password_costs_no_more_than_its_beginning(speaking):
    for hard in ("4@8({[<369&#!1/|0$5+7%2" * 50, "ab" * 500, "azerty1998" * 100, "é" * 1000, "1" * 1000):
        assert cost(hard[:MAX_LENGTH]) < 3 * cost(hard[:40]) + 0.05


@given(st.text(max_size=60))
@settings(deadline=None, max_examples=60)
def test_any_text_gets_an_answer_and_short_ones_never_pass(speaking, password):
    reason = weakness(password, OWN)
    assert reason is None or reason
    assert reason or len(password) >= MIN_LENGTH

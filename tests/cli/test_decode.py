"""`schoolklimaat decode`: one answer per line, faults on stderr, whatever the capture holds."""

import base64
import io
import json
import sys

import pytest

from schoolklimaat.cli import main

SCD40 = {"Time": "2026-01-15T10:30:00", "SCD40": {"CarbonDioxide": 812}}


@pytest.fixture
def decode(tmp_path, capsys):
    def run(*lines, arguments=()):
        capture = tmp_path / "capture.jsonl"
        capture.write_bytes(
            b"\n".join(line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines)
        )
        code = main(["decode", str(capture), *arguments])
        said = capsys.readouterr()
        return code, [json.loads(line) for line in said.out.splitlines()], said.err

    return run


def heard(topic, payload):
    return {"topic": topic, "payload": payload if isinstance(payload, str) else json.dumps(payload)}


def test_an_answer_is_complete(decode):
    code, answers, fault = decode(heard("tele/klas/SENSOR", SCD40), arguments=("--timezone", "Europe/Brussels"))
    assert (code, fault) == (0, "")
    assert answers == [
        {
            "n": 1, "topic": "tele/klas/SENSOR", "family": "tasmota", "kind": "reading",
            "readings": [
                {"device": "klas", "channel": "SCD40", "quantity": "co2", "value": 812.0, "unit": "ppm",
                 "time": "2026-01-15T09:30:00Z", "time_basis": "naive_local"}
            ],
            "rejected": [],
        }
    ]  # fmt: skip


def test_milliseconds_are_written_only_where_there_are_any(decode):
    _, answers, _ = decode(*[heard("zigbee2mqtt/k", {"co2": 800, "last_seen": at}) for at in (1e12 + 7, 1e12)])
    assert [answer["readings"][0]["time"] for answer in answers] == ["2001-09-09T01:46:40.007Z", "2001-09-09T01:46:40Z"]


def test_a_naive_time_needs_a_zone(decode):
    assert decode(heard("tele/klas/SENSOR", SCD40))[1][0]["readings"][0]["time"] is None


def test_payloads_come_as_text_base64_or_a_file(decode, tmp_path):
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "one.bin").write_bytes(b"812")
    topic = "klas/sensor/co2/state"
    code, answers, _ = decode(
        {"topic": topic, "payload": "812"},
        {"topic": topic, "payload_base64": base64.b64encode(b"812").decode(), "retain": True},
        {"topic": topic, "file": "deep/one.bin", "heard_at": "2026-01-15T09:30:00Z"},
    )
    assert code == 0
    assert [answer["readings"][0]["value"] for answer in answers] == [812, 812, 812]


@pytest.mark.parametrize(
    ("line", "word"),
    [
        (b"{", "JSON"),
        (b"[]", "JSON-object"),
        (b'"x"', "JSON-object"),
        (b"\xff\xfe", "JSON"),
        (b"[" * 100_000, "JSON"),
        (b"9" * 10_000, "JSON"),
        ({"payload": "1"}, "topic"),
        ({"topic": "", "payload": "1"}, "topic"),
        ({"topic": "t"}, "payload"),
        ({"topic": "t", "payload": "1", "file": "x"}, "payload"),
        ({"topic": "t", "payload": 5}, "payload"),
        ({"topic": "t", "payload_base64": "a*b"}, "base64"),
        ({"topic": "t", "file": "absent.json"}, "absent.json"),
        ({"topic": "t", "file": "."}, "kan niet gelezen worden"),
        ({"topic": "t", "file": "a\0b"}, "kan niet gelezen worden"),
        ({"topic": "t", "payload": "1", "heard_at": "yesterday"}, "heard_at"),
        ({"topic": "t", "payload": "1", "heard_at": "2026-01-15T09:30:00"}, "zone"),
        ({"define": {"opensensemap": 5}}, "define"),
        ({"define": {"other": {}}}, "other"),
    ],
)
def test_a_broken_line_is_named_and_the_rest_is_done(decode, line, word):
    good = heard("klas/sensor/co2/state", "812")
    code, answers, fault = decode(good, line, b"", good)
    assert code == 1
    assert [answer["n"] for answer in answers] == [1, 4]
    assert "regel 2" in fault
    assert word in fault
    assert "Traceback" not in fault


def test_messages_that_say_nothing_are_no_fault_of_the_capture(decode):
    code, answers, fault = decode(heard("nobody/knows", "1"), heard("tele/a/SENSOR", "{"))
    assert (code, fault) == (0, "")
    assert [answer["kind"] for answer in answers] == ["reject", "reject"]
    assert all(one["reason"] for answer in answers for one in answer["rejected"])


def test_what_a_definition_gives_counts_from_there_on(decode):
    message = heard("osem/box", [{"sensor": "5f0000000000000000000001", "value": "21.5"}])
    defined = {"define": {"opensensemap": {"5f0000000000000000000001": {"quantity": "temperature", "unit": "C"}}}}
    _, answers, _ = decode(message, defined, message)
    assert answers[0]["kind"] == "reject"
    assert answers[1] == {"n": 2, "kind": "metadata", "readings": [], "rejected": []}
    assert answers[2]["readings"][0]["value"] == 21.5


POWER = "klas/sensor/power/state"
IN_KW = {"stat_t": POWER, "unit_of_meas": "kW", "dev_cla": "power"}


def test_one_kit_learns_no_units_from_another(decode):
    _, answers, _ = decode(
        heard("kits/a/homeassistant/sensor/klas/power/config", IN_KW),
        heard(f"kits/a/{POWER}", "1.5"),
        heard(f"kits/b/{POWER}", "1.5"),
    )
    assert answers[1]["readings"][0]["value"] == 1500
    assert "unit unknown" in answers[2]["rejected"][0]["reason"]


@pytest.mark.parametrize(("told", "asked"), [("", "kits/a/"), ("kits/a/", "")])
def test_what_is_said_outside_any_root_is_shared(decode, told, asked):
    _, answers, _ = decode(
        heard(f"{told}homeassistant/sensor/klas/power/config", IN_KW), heard(f"{asked}{POWER}", "1.5")
    )
    assert answers[1]["readings"][0]["value"] == 1500


def test_names_that_cannot_be_written_are_escaped(decode):
    _, answers, _ = decode(heard("kl\ud800s/sensor/co2/state", "812"), heard("zigbee2mqtt/Klas – CO₂", {"co2": 800}))
    assert answers[0]["readings"][0]["device"] == "kl\ud800s"
    assert answers[1]["readings"][0]["device"] == "Klas – CO₂"


@pytest.mark.parametrize("zone", ["Europe/Nowhere", "Europe", "../../etc/passwd"])
def test_an_unknown_zone(decode, zone):
    code, answers, fault = decode(heard("t", "1"), arguments=("--timezone", zone))
    assert (code, answers) == (1, [])
    assert zone in fault


def test_stdin_and_a_capture_that_is_not_there(monkeypatch, capsys, tmp_path):
    line = json.dumps(heard("klas/sensor/co2/state", "812")).encode()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(line)))
    assert main(["decode", "-"]) == 0
    assert json.loads(capsys.readouterr().out)["readings"][0]["value"] == 812
    assert main(["decode", str(tmp_path / "absent.jsonl")]) == 1
    assert "absent.jsonl" in capsys.readouterr().err

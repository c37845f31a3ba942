"""Finding the family of a message, families of other packages, and messages made to keep a decoder busy."""

import time
from importlib.metadata import EntryPoint

import pytest

from sensors import kits
from sensors.kits import BUILT_IN, decode, families, is_gateway, split_root
from sensors.kits.family import MemoryContext, Message
from sensors.kits.parsing import Collector, metadata
from sensors.reading import MessageKind
from tests.sensors.kits.hearing import HEARD, Kit, read, reasons


@pytest.mark.parametrize(
    ("topic", "expected"),
    [
        ("kits/k1/tele/x/SENSOR", ("k1", "tele/x/SENSOR")),
        ("kits/k1/r", ("k1", "r")),
        ("kits/k1/", ("k1", "")),
        ("kits/k1", (None, "kits/k1")),
        ("kits//x", (None, "kits//x")),
        ("tele/kits/k1/SENSOR", (None, "tele/kits/k1/SENSOR")),
    ],
)
def test_the_root_of_a_kit(topic, expected):
    assert split_root(topic) == expected


def test_every_family_has_its_own_name_and_says_what_it_is():
    assert len({family.name for family in BUILT_IN}) == len(BUILT_IN)
    assert {family.name for family in BUILT_IN if is_gateway(family.name)} >= {"zigbee2mqtt", "homeassistant", "ttn_v3"}
    one_device = {"own", "tasmota", "esphome", "shelly_gen1", "shelly_gen2", "homewizard", "dsmr_raw"}
    assert not any(is_gateway(name) for name in one_device)
    assert not is_gateway(None)
    sure = {family.name for family in BUILT_IN if not family.best_effort}
    assert {"own", "shelly_gen1", "shelly_gen2", "homewizard", "homeassistant"} <= sure
    assert not sure & {"tasmota", "esphome", "zigbee2mqtt", "ttn_v3", "airgradient"}


class Brought:
    """A family of another package."""

    name = "brought"
    gateway = False
    best_effort = False

    def claims(self, topic):
        if topic == "trouble/claim":
            raise RuntimeError(topic)
        return topic.startswith(("brought/", "trouble/", "klas/sensor/"))

    def decode(self, message, context):
        if message.topic.startswith("trouble/"):
            raise RuntimeError(message.topic)
        if message.topic.startswith("klas/"):
            return None
        collector = Collector(self.name, "d")
        collector.add("co2", message.payload.decode(), "ppm")
        return collector.decoded()


FAMILY = Brought()


@pytest.fixture
def brought(monkeypatch):
    points = [
        EntryPoint(name, f"{__name__}:{attribute}", kits.ENTRY_POINTS)
        for name, attribute in (("broken", "ABSENT"), ("brought", "FAMILY"))
    ]
    monkeypatch.setattr(kits, "entry_points", lambda group: [point for point in points if point.group == group])
    families.cache_clear()
    kits._claimants.cache_clear()
    yield
    monkeypatch.undo()
    families.cache_clear()
    kits._claimants.cache_clear()


@pytest.mark.usefixtures("brought")
def test_a_family_of_another_package_is_asked_first_and_does_no_harm():
    assert [family.name for family in families()][:2] == ["brought", "own"]
    assert read("brought/x", "812").readings[0].value == 812
    assert read("klas/sensor/co2/state", "812").family == "esphome"
    assert "the decoder failed" in reasons(read("trouble/x", "812"))
    assert read("trouble/claim", "812").kind is MessageKind.REJECT


@pytest.mark.parametrize("topic", ["r", "s", "status", "online", "status/em:0", "events/rpc", "sensor/co2/state"])
def test_without_a_root_a_topic_of_the_kit_itself_is_nobodys(topic):
    assert decode(Message(topic, b'{"v":1,"co2":812}', HEARD), MemoryContext()).family is None


@pytest.mark.parametrize("topic", ["klas/STATE", "klas/RESULT", "klas/LWT", "SENSOR", "klas/INFO1"])
def test_words_of_tasmota_without_its_prefix(topic):
    assert read(topic, "{}").family != "tasmota"


@pytest.mark.parametrize("deep", range(6))
def test_a_mark_of_a_test_counts_near_the_top(deep):
    said = {"co2": 812}
    inner = said
    for _ in range(deep):
        inner["x"] = {}
        inner = inner["x"]
    inner["simulated"] = True
    assert (read("zigbee2mqtt/klas", said).kind is MessageKind.REJECT) == (deep <= 3)


def test_a_topic_that_nobody_knows_is_said():
    decoded = read("nobody/knows", "812")
    assert (decoded.family, decoded.kind) == (None, MessageKind.REJECT)
    assert "no kit family" in reasons(decoded)
    assert metadata("x").readings == ()


@pytest.mark.parametrize(
    "template",
    ["{{ value" + " | float     " * 200 + "x", "{{ value_json" + ".a" * 5_000, "{{ value_json" + "['a' ]" * 3_000 + "}}x",
     "{{ value | round(" + "(" * 5_000, "{{" + " " * 20_000],
)  # fmt: skip
def test_a_template_made_to_keep_us_busy(template):
    kit = Kit()
    began = time.perf_counter()
    kit.says("homeassistant/sensor/a/b/config", {"stat_t": "x/y", "val_tpl": template, "unit_of_meas": "kW"})
    kit.says("x/y", "5")
    assert time.perf_counter() - began < 0.5


@pytest.mark.parametrize(
    "part", ["a/", "sensor/", "status/", "tele/", "toMQTT/", "a_", "1", "events/rpc/", "homie/", "é"]
)
@pytest.mark.parametrize("shape", ["{}", "{}x", "x/{}state", "zigbee2mqtt/{}", "tele/{}SENSOR", "kits/k/{}status/em:0"])
def test_a_topic_made_to_keep_us_busy(part, shape):
    topic = shape.format(part * (60_000 // len(part.encode())))
    began = time.perf_counter()
    for payload in (b"5", b"{}", b'{"co2":812,"temperature_' + b"1" * 50_000 + b'":5}'):
        decode(Message(split_root(topic)[1], payload, HEARD), MemoryContext())
    assert time.perf_counter() - began < 1

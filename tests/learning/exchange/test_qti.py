"""QTI 2.1 packages: well formed, built as the standard says, and marked there as here."""

import io
import zipfile
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from schoolklimaat.learning.exchange.qti import qti_from_lesson
from schoolklimaat.learning.lesson.files import lesson_files, read_lesson
from schoolklimaat.learning.lesson.model import Measurement, Question
from schoolklimaat.learning.marking import mark
from tests.learning.exchange.lessons import everything

QTI = "{http://www.imsglobal.org/xsd/imsqti_v2p1}"
CP = "{http://www.imsglobal.org/xsd/imscp_v1p1}"
PICTURES = {"kaars.png": b"\x89PNG\r\n\x1a\n", "elders.png": b"x"}
SEQUENCE = ["responseDeclaration", "outcomeDeclaration", "itemBody", "responseProcessing", "modalFeedback"]
INTERACTIONS = {
    "q-gezond": "choiceInteraction", "q-bron": "choiceInteraction", "q-kleur": "inlineChoiceInteraction",
    "q-graden": "textEntryInteraction", "q-woord": "textEntryInteraction", "q-uitleg": "extendedTextInteraction",
    "q-mening": "choiceInteraction", "q-volgorde": "orderInteraction", "m-temp": "textEntryInteraction",
}  # fmt: skip


def read(content):
    return ET.fromstring(content)  # noqa: S314 - our own


def opened(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module")
def members():
    return opened(qti_from_lesson(everything(), PICTURES))


@pytest.fixture(scope="module")
def items(members):
    return {
        name.removesuffix(".xml"): read(content)
        for name, content in members.items()
        if name.endswith(".xml") and name != "imsmanifest.xml"
    }


def test_the_manifest_lists_exactly_what_is_in_the_package(members):
    manifest = read(members["imsmanifest.xml"])
    assert manifest.tag == f"{CP}manifest"
    assert [child.tag.removeprefix(CP) for child in manifest] == ["metadata", "organizations", "resources"]
    resources = manifest.findall(f"{CP}resources/{CP}resource")
    assert {one.get("type") for one in resources} == {"imsqti_item_xmlv2p1"}
    listed = {file.get("href") for one in resources for file in one.findall(f"{CP}file")}
    assert listed == set(members) - {"imsmanifest.xml"}
    assert "elders.png" not in members
    names = [one.get("identifier") for one in resources]
    assert len(names) == len(set(names)) == 9


def test_one_item_for_each_question_with_its_interaction(items):
    assert set(items) == set(INTERACTIONS)
    for name, root in items.items():
        assert root.tag == f"{QTI}assessmentItem"
        assert (root.get("identifier"), root.get("adaptive"), root.get("timeDependent")) == (name, "false", "false")
        order = [SEQUENCE.index(child.tag.removeprefix(QTI)) for child in root]
        assert order == sorted(order)
        interactions = [one for one in root.iter() if one.tag.endswith("Interaction")]
        assert [one.tag.removeprefix(QTI) for one in interactions] == [INTERACTIONS[name]]
        assert interactions[0].get("responseIdentifier") == "RESPONSE"
        declared = {one.get("identifier") for one in root if one.tag.endswith("Declaration")}
        used = {
            one.get("identifier")
            for one in root.iter()
            if one.tag.removeprefix(QTI) in {"variable", "setOutcomeValue", "mapResponse", "correct"}
        }
        assert used <= declared
        assert {one.get("outcomeIdentifier") for one in root.findall(f"{QTI}modalFeedback")} <= declared
        for value in root.iter(f"{QTI}value"):
            if value.text and value.text.startswith("choice-"):
                assert root.find(f".//*[@identifier='{value.text}']") is not None


def test_words_and_pictures(items, members):
    body = items["q-gezond"].find(f"{QTI}itemBody")
    assert body.find(f"{QTI}p/{QTI}strong").text == "gezondst"
    assert body.find(f".//{QTI}simpleChoice[@identifier='choice-2']").text == "700 ppm & minder"
    assert items["q-bron"].find(f".//{QTI}img").get("src") == "kaars.png"
    without = read(opened(qti_from_lesson(everything()))["q-bron.xml"])
    assert without.find(f".//{QTI}img") is None
    assert "een kaars" in "".join(without.itertext())
    assert "GEHEIM" not in "".join(content.decode("utf-8", "replace") for content in members.values())
    assert items["q-mening"].find(f".//{QTI}choiceInteraction").get("class") == "likert"
    assert items["q-mening"].find(f".//{QTI}correctResponse") is None


def test_an_order_does_not_give_itself_away(items):
    shown = [one.text for one in items["q-volgorde"].iter(f"{QTI}simpleChoice")]
    assert shown == sorted(shown)
    assert items["q-volgorde"].find(f".//{QTI}orderInteraction").get("shuffle") == "true"


def score(root, response):
    """A small reader of response processing, made after the standard and not after our writer."""
    declared = root.find(f"{QTI}responseDeclaration")
    correct = [one.text for one in declared.findall(f"{QTI}correctResponse/{QTI}value")]
    chosen = response if isinstance(response, list) else [response]

    def value(node):
        tag = node.tag.removeprefix(QTI)
        if tag == "baseValue":
            return float(node.text)
        if tag == "mapResponse":
            mapping = declared.find(f"{QTI}mapping")
            total = 0.0
            for one in set(chosen):
                entry = next(
                    (one_entry for one_entry in mapping if one_entry.get("mapKey") == one
                     or (one_entry.get("caseSensitive") == "false" and one_entry.get("mapKey").lower() == one.lower())), None,
                )  # fmt: skip
                total += float(entry.get("mappedValue") if entry is not None else mapping.get("defaultValue"))
            return min(float(mapping.get("upperBound")), max(float(mapping.get("lowerBound")), total))
        raise AssertionError(tag)

    def holds(node):
        tag = node.tag.removeprefix(QTI)
        if tag == "and":
            return all(map(holds, node))
        if tag == "not":
            return not holds(node[0])
        if tag == "isNull":
            return not response
        if tag == "match":
            return chosen == correct if declared.get("cardinality") != "multiple" else set(chosen) == set(correct)
        given, edge = Decimal(response), Decimal(node[1].text)
        return given >= edge if tag == "gte" else given <= edge

    for condition in root.findall(f"{QTI}responseProcessing/{QTI}responseCondition"):
        test, outcome = condition[0]
        assert outcome.get("identifier") == "SCORE"
        if holds(test):
            return value(outcome[0])
    return 0.0


@pytest.mark.parametrize(
    ("item", "ours", "theirs"),
    [
        ("q-gezond", "2", "choice-2"), ("q-gezond", "1", "choice-1"), ("q-kleur", "2", "choice-2"), ("q-kleur", "3", "choice-3"),
        ("q-bron", ["1", "3"], ["choice-1", "choice-3"]), ("q-bron", ["1"], ["choice-1"]), ("q-bron", ["1", "2"], ["choice-1", "choice-2"]),
        ("q-bron", ["1", "2", "3"], ["choice-1", "choice-2", "choice-3"]), ("q-graden", "21", "21"), ("q-graden", "20,5", "20.5"),
        ("q-graden", "21,5", "21.5"), ("q-graden", "21,51", "21.51"), ("q-graden", "20,49", "20.49"), ("q-woord", "Ramen Open", "Ramen Open"),
        ("q-woord", "verluchten", "verluchten"), ("q-woord", "boek", "boek"),
        ("q-volgorde", ["2", "1", "3"], ["choice-2", "choice-1", "choice-3"]), ("q-volgorde", ["3", "2", "1"], None),
    ],
)  # fmt: skip
def test_marked_there_as_here(items, item, ours, theirs):
    question = everything().item(item)
    if theirs is None:
        assert score(items[item], [f"choice-{key}" for key in ours]) == 0.0
    else:
        assert score(items[item], theirs) == pytest.approx(mark(question, ours).score * question.points)


def test_the_same_lesson_gives_the_same_bytes():
    assert qti_from_lesson(everything(), PICTURES) == qti_from_lesson(everything(), PICTURES)


def test_all_our_own_lessons():
    for file in lesson_files(Path(__file__).resolve().parents[3] / "lessons"):
        lesson, _ = read_lesson(file)
        if lesson is not None:
            found = opened(qti_from_lesson(lesson))
            for content in found.values():
                read(content)
            assert len(found) == 1 + sum(isinstance(item, Question | Measurement) for item in lesson.items())

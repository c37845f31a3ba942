"""A lesson's questions as QTI 2.1: one item per question in a package with its manifest, for another learning platform."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Final
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from schoolklimaat.learning.exchange.html_tree import tree
from schoolklimaat.learning.exchange.package import zipped
from schoolklimaat.learning.lesson.model import Lesson, Measurement, Option, Question, QuestionKind

ITEM_NAMESPACE: Final = "http://www.imsglobal.org/xsd/imsqti_v2p1"
MANIFEST_NAMESPACE: Final = "http://www.imsglobal.org/xsd/imscp_v1p1"
_SCHEMA: Final = f"{ITEM_NAMESPACE} http://www.imsglobal.org/xsd/qti/qtiv2p1/imsqti_v2p1.xsd"
_XHTML: Final = frozenset(
    {
        "p",
        "br",
        "strong",
        "em",
        "code",
        "pre",
        "a",
        "img",
        "ul",
        "ol",
        "li",
        "blockquote",
        "hr",
        "div",
        "span",
        "sub",
        "sup",
    }
    | {"h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td"}
)


def qti_from_lesson(lesson: Lesson, files: Mapping[str, bytes] | None = None) -> bytes:
    """Return a ZIP with `imsmanifest.xml` and one item for each question and measurement.

    `files` are the lesson's pictures by path; a picture that is not among them becomes its description. An order is all
    or nothing there, a near miss in spelling is not right, and teacher notes, hints, texts and charts stay behind.
    """
    pictures = files or {}
    members: dict[str, bytes] = {}
    resources: list[tuple[str, list[str]]] = []
    for item in lesson.items():
        if isinstance(item, Question | Measurement):
            root = _item(item, lesson.language, pictures)
            used = sorted({src for image in root.iter("img") if (src := image.get("src", "")) in pictures})
            members[f"{item.id}.xml"] = _written(root)
            members |= {name: pictures[name] for name in used}
            resources.append((item.id, used))
    return zipped(members | {"imsmanifest.xml": _written(_manifest(lesson.slug, resources))})


def _manifest(slug: str, resources: Iterable[tuple[str, list[str]]]) -> Element:
    root = Element("manifest", {"xmlns": MANIFEST_NAMESPACE, "identifier": f"manifest-{slug}"})
    metadata = SubElement(root, "metadata")
    SubElement(metadata, "schema").text = "QTIv2.1 Package"
    SubElement(metadata, "schemaversion").text = "1.0.0"
    SubElement(root, "organizations")
    listed = SubElement(root, "resources")
    for identity, used in resources:
        resource = SubElement(
            listed,
            "resource",
            {"identifier": f"item-{identity}", "type": "imsqti_item_xmlv2p1", "href": f"{identity}.xml"},
        )
        for name in (f"{identity}.xml", *used):
            SubElement(resource, "file", {"href": name})
    return root


def _written(root: Element) -> bytes:
    if root.tag == "manifest":  # in an item a space can be a word's
        indent(root)
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _item(item: Question | Measurement, language: str, pictures: Mapping[str, bytes]) -> Element:
    title = item.prompt_text if isinstance(item, Question) else item.prompt
    root = Element(
        "assessmentItem",
        {
            "xmlns": ITEM_NAMESPACE,
            "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
            "xsi:schemaLocation": _SCHEMA,
            "identifier": item.id,
            "title": title[:120],
            "adaptive": "false",
            "timeDependent": "false",
            "xml:lang": language,
        },
    )
    if isinstance(item, Measurement):
        _response(root, "single", "float")
        body = SubElement(root, "itemBody")
        SubElement(body, "p").text = item.prompt
        _entry(body, item.unit)
        return root
    _QuestionItem(root, item, pictures).write()
    return root


def _response(root: Element, cardinality: str, base_type: str, correct: Iterable[str] = ()) -> Element:
    declared = SubElement(
        root, "responseDeclaration", {"identifier": "RESPONSE", "cardinality": cardinality, "baseType": base_type}
    )
    values = list(correct)
    if values:
        holder = SubElement(declared, "correctResponse")
        for value in values:
            SubElement(holder, "value").text = value
    return declared


def _entry(body: Element, unit: str) -> None:
    line = SubElement(body, "p")
    SubElement(
        line, "textEntryInteraction", {"responseIdentifier": "RESPONSE", "expectedLength": "15"}
    ).tail = f" {unit}".rstrip()


class _QuestionItem:
    """One question being written; QTI wants declarations, body, processing and feedback in that order."""

    def __init__(self, root: Element, question: Question, pictures: Mapping[str, bytes]) -> None:
        self._root = root
        self._question = question
        self._pictures = pictures
        self._points = Decimal(repr(question.points))

    def write(self) -> None:
        question = self._question
        self._declare_response()
        if question.is_marked:
            score = SubElement(
                self._root,
                "outcomeDeclaration",
                {
                    "identifier": "SCORE",
                    "cardinality": "single",
                    "baseType": "float",
                    "normalMaximum": _plain(self._points),
                },
            )
            SubElement(SubElement(score, "defaultValue"), "value").text = "0"
        speaking = [option for option in question.options if option.feedback]
        if speaking:
            cardinality = "multiple" if question.kind is QuestionKind.MANY else "single"
            self._outcome("FEEDBACK", cardinality)
        if question.explanation:
            self._outcome("EXPLANATION", "single")
        body = SubElement(self._root, "itemBody")
        self._html(body, question.prompt_html)
        self._interaction(body)
        processing = SubElement(self._root, "responseProcessing")
        if question.is_marked:
            self._score(processing)
        if speaking:
            SubElement(
                SubElement(processing, "setOutcomeValue", {"identifier": "FEEDBACK"}),
                "variable",
                {"identifier": "RESPONSE"},
            )
        if question.explanation:
            told = SubElement(processing, "setOutcomeValue", {"identifier": "EXPLANATION"})
            SubElement(told, "baseValue", {"baseType": "identifier"}).text = "explanation"
        if not len(processing):
            self._root.remove(processing)
        for option in speaking:
            self._feedback("FEEDBACK", _choice_id(option), option.feedback)
        if question.explanation:
            self._feedback("EXPLANATION", "explanation", question.explanation)

    def _declare_response(self) -> None:
        question, root = self._question, self._root
        right = [_choice_id(option) for option in question.options if option.right]
        match question.kind:
            case QuestionKind.ONE | QuestionKind.DROPDOWN:
                _response(root, "single", "identifier", right)
            case QuestionKind.MANY:
                declared = _response(root, "multiple", "identifier", right)
                share = self._points / max(1, len(right))
                entries = [(_choice_id(one), share if one.right else -share) for one in question.options]
                self._mapping(declared, entries)
            case QuestionKind.POLL:
                _response(root, "single", "identifier")
            case QuestionKind.ORDER:
                _response(root, "ordered", "identifier", map(_choice_id, question.options))
            case QuestionKind.TEXT:
                declared = _response(root, "single", "string", question.accepted[:1])
                self._mapping(declared, [(word, self._points) for word in question.accepted], caseSensitive="false")
            case QuestionKind.NUMBER if question.number:
                middle = (Decimal(repr(question.number.low)) + Decimal(repr(question.number.high))) / 2
                _response(root, "single", "float", [_plain(middle)])
            case _:
                _response(root, "single", "string")

    def _mapping(self, declared: Element, entries: Iterable[tuple[str, Decimal]], **more: str) -> None:
        mapping = SubElement(
            declared, "mapping", {"lowerBound": "0", "upperBound": _plain(self._points), "defaultValue": "0"}
        )
        for key, value in entries:
            SubElement(mapping, "mapEntry", {"mapKey": key, "mappedValue": _plain(value)} | more)

    def _outcome(self, identifier: str, cardinality: str) -> None:
        SubElement(
            self._root,
            "outcomeDeclaration",
            {"identifier": identifier, "cardinality": cardinality, "baseType": "identifier"},
        )

    def _interaction(self, body: Element) -> None:
        question = self._question
        names = {"responseIdentifier": "RESPONSE"}
        shuffle = "true" if question.shuffle else "false"
        match question.kind:
            case QuestionKind.ONE | QuestionKind.MANY | QuestionKind.POLL:
                most = "0" if question.kind is QuestionKind.MANY else "1"
                if question.kind is QuestionKind.POLL:
                    names["class"] = "likert"
                self._choices(
                    SubElement(
                        body, "choiceInteraction", names | {"shuffle": shuffle, "minChoices": "0", "maxChoices": most}
                    ),
                    question.options,
                )
            case QuestionKind.ORDER:
                # By key, which is by alphabet: a platform that does not shuffle would give the order away.
                options = sorted(question.options, key=lambda option: (len(option.key), option.key))
                self._choices(SubElement(body, "orderInteraction", names | {"shuffle": "true"}), options)
            case QuestionKind.DROPDOWN:
                inline = SubElement(SubElement(body, "p"), "inlineChoiceInteraction", names | {"shuffle": shuffle})
                for option in question.options:
                    SubElement(inline, "inlineChoice", {"identifier": _choice_id(option)}).text = option.text
            case QuestionKind.OPEN:
                SubElement(body, "extendedTextInteraction", names | {"expectedLines": str(question.lines)})
            case _:
                _entry(body, question.number.unit if question.number else "")

    def _choices(self, interaction: Element, options: Iterable[Option]) -> None:
        for option in options:
            choice = SubElement(interaction, "simpleChoice", {"identifier": _choice_id(option)})
            if option.html:
                self._html(choice, option.html)
            else:
                choice.text = option.text

    def _score(self, processing: Element) -> None:
        question = self._question
        if question.kind in {QuestionKind.MANY, QuestionKind.TEXT}:
            condition, score = self._condition(processing)
            SubElement(SubElement(condition, "not"), "isNull").append(_variable())
            SubElement(score, "mapResponse", {"identifier": "RESPONSE"})
        else:
            condition, score = self._condition(processing)
            if question.number:
                both = SubElement(condition, "and")
                for name, edge in (("gte", question.number.low), ("lte", question.number.high)):
                    compared = SubElement(both, name)
                    compared.append(_variable())
                    SubElement(compared, "baseValue", {"baseType": "float"}).text = _plain(Decimal(repr(edge)))
            else:
                matched = SubElement(condition, "match")
                matched.append(_variable())
                SubElement(matched, "correct", {"identifier": "RESPONSE"})
            SubElement(score, "baseValue", {"baseType": "float"}).text = _plain(self._points)
        # A condition comes before what it sets.
        condition.append(score)

    @staticmethod
    def _condition(processing: Element) -> tuple[Element, Element]:
        holder = SubElement(processing, "responseCondition")
        return SubElement(holder, "responseIf"), Element("setOutcomeValue", {"identifier": "SCORE"})

    def _feedback(self, outcome: str, identifier: str, html: str) -> None:
        modal = SubElement(
            self._root, "modalFeedback", {"outcomeIdentifier": outcome, "identifier": identifier, "showHide": "show"}
        )
        self._html(modal, html)

    def _html(self, parent: Element, html: str) -> None:
        root = tree(html)
        for element in [*root.iter()][1:]:
            self._allow(element)
        parent.text = root.text
        parent.extend(root)

    def _allow(self, element: Element) -> None:
        if element.tag == "img" and element.get("src") not in self._pictures:
            element.tag, element.text = "span", element.get("alt", "")
            element.attrib.clear()
        elif element.tag not in _XHTML or (element.tag == "a" and not element.get("href")):
            element.tag = "span"
            element.attrib.clear()
        element.attrib.pop("start", None)


def _variable() -> Element:
    return Element("variable", {"identifier": "RESPONSE"})


def _choice_id(option: Option) -> str:
    return f"choice-{option.key}"


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}" if value else "0"

"""A look at free text before it is kept: personal details that a pupil had better leave out."""

import re
from typing import Final

from flask_babel import gettext as _

_LONGEST: Final = 8000
_MAIL: Final = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{2,63})+")
_PHONE: Final = re.compile(
    r"(?<![\w,.+])(?:(?:\+|00)32[ ./-]?(?:\(0\)[ ]?)?|0)[1-9](?:[ ./-]{0,2}[0-9]){7,8}(?![ ./-]?[0-9])"
)
_NATIONAL: Final = re.compile(
    r"(?<![\w.,])([0-9]{2})([. ]?)([0-9]{2})\2([0-9]{2})([-. ]?)([0-9]{3})([-. ]?)([0-9]{2})(?![\w,]|\.[0-9])"
)
_STREET_NAME: Final = (
    r"(?:\w{3,}(?:straat|steenweg|dreef|laan)|[A-ZÀ-Þ]\w{2,}(?:weg|plein|lei|baan|hof|kaai|dijk|pad|markt|berg))"
)
_UNITS: Final = r"(?:km|m|cm|keer|ppm|meter|kilometer|graden|°|%|kWh|uur|minuten|procent|auto|bomen|fietsers)"
_STREET: Final = re.compile(
    rf"\b{_STREET_NAME},? (?:nr\.? ?|nummer )?[0-9]{{1,4}}[a-zA-Z]?(?: bus [0-9a-zA-Z]{{1,4}})?\b(?! ?{_UNITS})"
)
_CAPITAL: Final = r"[A-ZÀ-Þ][a-zà-ÿ]+(?:-[A-ZÀ-Þ][a-zà-ÿ]+)?"
_PARTICLE: Final = r"(?:(?:[Vv]an|[Dd]e|[Dd]en|[Dd]er|[Vv]er|[Tt]en|[Tt]er|[Ee]l|[Aa]l|[Bb]en|[Vv]anden|'t) ){0,3}"
_FULL_NAME: Final = re.compile(rf"(?P<first>{_CAPITAL}) (?P<particle>{_PARTICLE})(?P<last>{_CAPITAL})\b")
_TITLE_NAME: Final = re.compile(
    rf"\b(?:[Mm]eneer|[Mm]ijnheer|[Mm]evrouw|[Dd]hr\.?|[Mm]evr\.?|[Jj]uf|[Mm]eester) {_PARTICLE}{_CAPITAL}\b"
)
_START: Final = re.compile(r"(?:^|[.!?:;\n•*\"'“„‘«(\[-])[ \t]*\Z")
# Words with a capital that name no person: places, institutions, and what is called after them.
_NOT_PEOPLE: Final = """
    Antwerpen Arendonk Baarle Balen Beerse België Belgie Brussel Dessel Europa Europese Geel Gent Grobbendonk Herentals
    Herenthout Herselt Hoogstraten Hulshout Kasterlee Kempen Kempische Laakdal Lille Limburg Meerhout Merksplas Mol Nete
    Nederland Olen Oost Noord Zuid West Ravels Retie Rijkevorsel Turnhout Turnhoutse Vlaanderen Vlaams Vlaamse Vorselaar
    Vosselaar Westerlo Leuven Brugge Belgische Nederlandse Antwerpse Engelse Franse Duitse Amerikaanse Afrika Azië
    Amerika Noordzee Hoge Lage Grote Kleine Oude Nieuwe Rode Groene Groen Witte Blauwe Sint Heilig Heilige Don Bosco
    Basisschool School Middenschool Atheneum College Instituut Lyceum Unie Kruis Markt Mijn Fluvius Green Deal Google
    Energy Sparks Energie Klimaat Plan Parijs Akkoord Commissie Regering Gemeente Stad Provincie Raad Zaal Blok Gebouw
    Lokaal Klas Campus Januari Februari Maart April Mei Juni Juli Augustus September Oktober November December Maandag
    Dinsdag Woensdag Donderdag Vrijdag Zaterdag Zondag Kerstmis Pasen Verenigde Naties Staten Wereld Aarde Maan Zon
    De Het Een En Of Maar Want Als Dan Toen Omdat Wij We Ik Jij Je Hij Zij Ze Onze Ons Jullie Hun Deze Dit Die Dat Er
    In Op Aan Bij Met Van Voor Naar Uit Om Tot Door Over Onder Na Tijdens Volgens Ook Niet Geen Alle Elke Veel Meer
    Wat Wie Waar Wanneer Waarom Hoe Beste Dag Dus Nu Daarna Eerst Misschien
    """
_NO_NAMES: Final = frozenset(_NOT_PEOPLE.split())
_OFTEN_GIVEN: Final = """
    Adam Ahmed Aya Amber Anna Anke An Ann Arne Arthur Bart Bert Bram Bilal Charlotte Dirk Daan Elena Elise Ella Emma Els
    Eva Evelien Fatima Felix Fien Filip Finn Frank Geert Gert Hannah Hanne Hamza Ibrahim Ilse Imane Ines Jan Jana Jens
    Jef Joris Jonas Josefien Julie Jules Kaat Karel Karim Katrien Kato Kobe Koen Kevin Kim Kris Lander Lars Laura Lena
    Leen Leon Lien Liam Lies Lisa Lore Lotte Louis Louise Lucas Luc Lukas Maarten Marie Mark Mathias Matteo Mats Mia Mila
    Milan Mohamed Mohammed Nathan Nele Nina Noah Noor Nora Olivia Omar Oscar Patrick Paul Peter Pieter Rik Robbe Ruben
    Sam Samira Sander Sara Sarah Senne Sofie Sofia Stan Stijn Tom Tim Thomas Tine Tuur Victor Vince Warre Wout Wim Xander
    Yasmine Youssef Yusuf Zoë
    """
_FIRST_NAMES: Final = frozenset(_OFTEN_GIVEN.split())


def personal_details(text: str) -> list[str]:
    """Return advice, one Dutch sentence for each kind of personal detail that a text seems to hold; empty when none.

    It is advice: nothing is refused for it, since a word with a capital can be anything.
    """
    looked = text[:_LONGEST] if isinstance(text, str) else ""
    national = [found[0] for found in _NATIONAL.finditer(looked) if _is_national_number(found)]
    without = looked
    for number in national:
        without = without.replace(number, " ")
    found_names = bool(_TITLE_NAME.search(looked)) or any(
        _is_full_name(name, looked) for name in _FULL_NAME.finditer(looked)
    )
    advice = []
    if _MAIL.search(looked):
        advice.append(_("Laat e-mailadressen weg. Je leerkracht weet al van wie dit is."))
    if _PHONE.search(without):
        advice.append(_("Laat telefoonnummers weg. Je hebt ze hier niet nodig."))
    if national:
        advice.append(_("Laat rijksregisternummers weg. Die zijn alleen van jou."))
    if any(_STREET.finditer(looked)):
        advice.append(_("Laat adressen weg. Schrijf liever 'een huis in onze straat'."))
    if found_names:
        advice.append(_("Laat namen en nummers weg. Schrijf liever 'een leerling' of 'een leerkracht'."))
    return advice


def _is_national_number(found: re.Match[str]) -> bool:
    year, dots, month, day, dash, serial, end, check = found.groups()
    if int(month) % 20 > 12 or int(day) > 31:  # noqa: PLR2004 - a foreigner's number counts 20 or 40 with the month
        return False
    if dots == "." and (dash or end):
        return True
    digits = year + month + day + serial
    return int(check) in {97 - int(digits) % 97, 97 - int("2" + digits) % 97}


def _is_full_name(found: re.Match[str], text: str) -> bool:
    first, last = found["first"], found["last"]
    if first in _NO_NAMES or last in _NO_NAMES or _is_called_after(last):
        return False
    begins_sentence = bool(_START.search(text[max(0, found.start() - 20) : found.start()]))
    return first in _FIRST_NAMES or not (begins_sentence or found["particle"])


def _is_called_after(word: str) -> bool:
    return word.lower().endswith(("straat", "laan", "plein", "weg", "school", "park", "bos", "dag", "week", "huis"))

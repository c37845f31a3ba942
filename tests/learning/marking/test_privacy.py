"""Personal details in free text: found when they are there, and silent when they are not."""

import pytest

from schoolklimaat.learning.marking import personal_details


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Bel 0470 12 34 56 maar.", "telefoon"), ("bel 0470/12.34.56", "telefoon"), ("0470123456", "telefoon"),
        ("+32 470 12 34 56", "telefoon"), ("+32470123456", "telefoon"), ("0032 14 12 34 56", "telefoon"),
        ("014 12 34 56", "telefoon"), ("02 123 45 67", "telefoon"), ("03/123.45.67", "telefoon"),
        ("+32 (0)14 12 34 56", "telefoon"), ("014-12-34-56.", "telefoon"),
        ("mail naar jan.peeters@school.be", "e-mail"), ("een_leerling+x@gmail.com", "e-mail"),
        ("93.05.18-223.61", "rijksregister"), ("93051822361", "rijksregister"), ("930518-223-61", "rijksregister"),
        ("93 05 18 223 61", "rijksregister"), ("mijn nummer is 17.07.30-033.84", "rijksregister"),
        ("Ik woon in de Kerkstraat 12.", "adres"), ("kerkstraat 12 bus 3", "adres"), ("Turnhoutsebaan 5", "adres"),
        ("Stationsplein 1", "adres"), ("Antwerpsesteenweg 144", "adres"), ("Kapellelaan nr 7", "adres"),
        ("het idee van Lotte Peeters", "namen"), ("Lotte Peeters zei dat", "namen"), ("samen met Noah Van den Broeck", "namen"),
        ("Youssef El Amrani en ik", "namen"), ("Vraag het aan meneer Janssens.", "namen"), ("juf Els zei het", "namen"),
        ("dat zei Anneleen Verhoeven ook", "namen"), ("volgens Marie-Claire Dubois", "namen"),
    ],
)  # fmt: skip
def test_found(text, word):
    assert any(word in advice for advice in personal_details(text)), text


@pytest.mark.parametrize(
    "text",
    [
        "", "De CO2 stijgt als iedereen binnen is.", "Het was 0,125 kWh en 1200 ppm op 2025-11-03.",
        "600, 750, 900, 1050", "0 10 20 30 40 50 60", "01-02-2025 om 8.30 uur", "541448820012345678", "1 200 000 kWh",
        "In de Hoge Kempen is het droog.", "wij gaan naar Oud Turnhout", "de Europese Unie beslist", "het Rode Kruis helpt",
        "de Vlaamse Regering wil minder gas", "Wij openen het raam. Daarna dalen we.", "Op Maandag Meten We",
        "de snelweg 12 km verder", "in onze straat 5 bomen", "speelplein 3 keer per dag", "We tellen 12 auto's in de Kerkstraat.",
        "In de straat 12 telden we er 40", "Gisteren Turnhout, vandaag Geel.", "de Grote Markt is warm", "de Green Deal",
        "Mijn Fluvius toont het verbruik", "wij gebruiken @school", "3 @ 5 euro", "12345678901", "20.11.03 12:00", "de Sint Pieter",
        "'Ramen Open' is onze regel", "CO2 Meter", "de IOK Kempen", "1. Ramen open\n2. Deur open", "0123", "0,14 0,15 0,16 0,17",
        "de Zwarte Nete", "93.05.18",
    ],
)  # fmt: skip
def test_silent(text):
    assert personal_details(text) == [], text


def test_each_kind_is_told_once():
    advice = personal_details("Lotte Peeters en Jan Maes, 0470 12 34 56, 0471 12 34 56, a@b.be, c@d.be")
    assert len(advice) == len(set(advice)) == 3


def test_anything_at_all():
    assert personal_details(None) == []
    assert personal_details("A" * 100_000 + "@") == []

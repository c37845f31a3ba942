"""A lesson with one of everything, as its author wrote it."""

from schoolklimaat.learning.lesson.parse import parse

SOURCE = """---
schoolklimaat: 1
id: van-alles
titel: Waarom word je suf & moe?
samenvatting: Je meet CO2 en zoekt wat jouw klas kan doen.
versie: 1.2.0
taal: nl-BE
licentie: CC-BY-SA-4.0
auteurs: [IOK Kempen]
leeftijd: 10-12
duur: 50
thema: lucht
leerdoelen: [Ik kan een grafiek lezen]
---

{#start .lezen duur=5}
## Lees: wat is CO2?

> [!TIP]
> Buiten is er ongeveer 420 ppm CO2.

::: leerkracht
GEHEIM: doe de ramen vooraf dicht.
:::

```grafiek
meting: co2
ruimte: eigen-klas
periode: vorige-week
vergelijk: geen
vorm: lijn
```

{#q-gezond pogingen=3 punten=2 schudden=ja}
Welke waarde is het **gezondst**?

- [( )] 2500 ppm
  > Dat is veel: daar word je suf van.
- [(X)] 700 ppm & minder
- [( )] 0 ppm
- [[?]] Kijk naar de groene lijn.

***
Onder 900 ppm is de lucht fris genoeg.

- echt waar
***

{#q-bron}
Wat maakt CO2?

![een kaars](kaars.png)

- [[X]] mensen
  > Ja!
- [[ ]] een boek
- [[X]] een kaars

{#q-kleur}
De waarde was gisteren

[[ te laag | (goed) | te hoog ]]

{#q-graden punten=3}
Hoe warm was het om 10 uur?

[[# 21 ± 0,5 °C]]

{#q-woord}
Wat doe je als de meter rood wordt?

[[ramen open; venster open; verluchten]]

{#q-uitleg}
Leg uit in je eigen woorden.

[[___ ___ ___]]

{#q-mening}
Wat vind jij?

- [(1)] te koud
- [(2)] net goed
- [(3)] te warm

```volgorde
id: q-volgorde
vraag: Zet in de juiste volgorde.
juist: [Iedereen komt binnen, De CO2 stijgt, We openen het raam]
```

```meting
id: m-temp
vraag: Hoe warm is het nu?
grootheid: temperatuur
eenheid: °C
bereik: -5..45
```

::: niveau verdieping
Bereken hoeveel de CO2 per minuut stijgt.
:::

```voorstel
id: v-lucht
vraag: Wat kan onze school doen?
thema: lucht
```
"""


def everything():
    lesson, faults = parse(SOURCE, slug="van-alles", language="nl")
    assert lesson is not None, faults
    return lesson

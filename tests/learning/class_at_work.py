"""A class with its teacher, a pupil and a guest, and a small lesson of every kind of item that they were given."""

import re
from datetime import timedelta

from flask import session

from schoolklimaat.app import create_app
from schoolklimaat.core import identity
from schoolklimaat.core.clock import now
from schoolklimaat.core.db import db
from schoolklimaat.learning.lesson.parse import parse
from schoolklimaat.learning.models import Assignment
from schoolklimaat.learning.services.versions import version_of
from schoolklimaat.people.models import Account
from schoolklimaat.schools.models import ClassGroup, Pupil
from tests.browser import world
from tests.house.furnish import furnish

HASHED = "not-a-hash"

SOURCE = """---
schoolklimaat: 1
id: proefles
titel: Een proefles
samenvatting: Van elke soort vraag één.
versie: 1.0.0
taal: nl-BE
licentie: CC-BY-SA-4.0
auteurs: [Wij]
leeftijd: 10-12
duur: 20
thema: lucht
leerdoelen: [Ik kan iets]
minimumdoelen: []
gegevens: [co2]
materiaal: []
bronnen: ["https://example.org"]
---

{#start .lezen duur=5}
## Lees dit

Buiten is de lucht fris.

::: leerkracht
GEHEIM-NOTA voor de leerkracht.
:::

{#vragen .vragen duur=10}
## Denk na

{#q-een pogingen=2}
Welk cijfer is het?

- [( )] tien
  > FEEDBACK-TIEN Tel nog eens.
- [(X)] zeven
  > FEEDBACK-ZEVEN Goed geteld.
- [[?]] Een tip.

***
UITLEG-EEN want zo is het.
***

{#q-veel}
Wat maakt CO2?

- [[X]] mensen
- [[ ]] een boek
- [[X]] een kaars

{#q-getal pogingen=3}
Hoe warm is het?

[[# 21 ± 0,5 °C]]

{#q-woord}
Wat doe je?

[[verluchten; raamopen]]

{#q-open}
Leg uit.

[[___ ___]]

{#q-mening}
Wat vind jij?

- [(1)] te koud
- [(2)] net goed

```volgorde
id: q-volgorde
vraag: Zet op een rij.
juist: [eerst dit, dan dat, ten slotte]
```

::: niveau verdieping
Alleen voor wie meer wil.
:::

{#meten .meten duur=5}
## Meet

```meting
id: m-temp
vraag: Hoe warm is het nu?
grootheid: temperatuur
eenheid: °C
bereik: -5..45
verwacht: 17..26
herhaal: 3
ruimte: kiezen
deel: klas
```

```voorstel
id: v-idee
vraag: Wat kan de school doen?
thema: lucht
velden: [titel, wat, waarom, wie]
groepje: ja
```
"""


def small_lesson():
    lesson, faults = parse(SOURCE, slug="proefles", language="nl")
    assert lesson is not None, faults
    return lesson


def build(folder):
    """Make the site; pupil 1 and 2 and guest 1 sit in class 1 (Heide), whose teacher gave them the small lesson."""
    app = create_app(world.settings_in(folder), testing=True)
    with app.app_context():
        db.create_all()
        furnish("heide", "13008", "Geel", "HEIDE5", HASHED)
        furnish("ven", "13040", "Turnhout", "VEN6AB", HASHED)
        group = db.session.get(ClassGroup, 1)
        db.session.add(Pupil(class_group=group, avatar="das-groen", list_number=2, pin_hash=HASHED))
        db.session.add(ClassGroup(school=group.school, name="6A", code="HEIDE6", school_year="2026-2027"))
        db.session.commit()
    return app


def give(app, **how):
    """Give the small lesson to class 1; returns the number of the assignment."""
    with app.app_context():
        assignment = Assignment(
            **{
                "class_group_id": 1,
                "lesson_version": version_of(small_lesson()),
                "opens_at": now() - timedelta(hours=1),
                **how,
            }
        )
        db.session.add(assignment)
        db.session.commit()
        return assignment.id


class Visitor:
    """Somebody signed in (as `pupil:1`, `guest:1`, `staff:1`) without a password to hash."""

    def __init__(self, app, who):
        self.client = app.test_client()
        self.token = None
        if who.startswith("staff"):
            sign_in_staff(app, self.client, int(who.partition(":")[2]))
        else:
            with self.client.session_transaction() as own:
                own["_user_id"], own["_fresh"], own["ticket"] = who, True, "1"  # a pupil's first card

    def get(self, path, **options):
        answer = self.client.get(path, **options)
        found = (
            re.search(r'name="csrf_token"[^>]*value="([^"]+)"', answer.text) if answer.mimetype == "text/html" else None
        )
        self.token = found[1] if found else self.token
        return answer

    def post(self, path, data=None, **options):
        if self.token is None:
            self.get("/hoe-meten-we")
        return self.client.post(path, data={"csrf_token": self.token, **(data or {})}, **options)

    def send(self, assignment, item, key, *, draft=False, learner=None, **filled_in):
        """Send an answer as the outbox does."""
        if self.token is None:
            self.get("/hoe-meten-we")
        body = {"item": item, "client_key": key, "draft": draft, "filled_in": filled_in, "learner": learner}
        return self.client.post(
            f"/klas/opdracht/{assignment}/antwoord",
            json={name: value for name, value in body.items() if value is not None},
            headers={"X-CSRFToken": self.token, "Accept": "application/json"},
        )

    def token_for(self, assignment, step, item, text):
        """The token under which a choice is shown to this learner."""
        page = self.get(f"/klas/opdracht/{assignment}/stap/{step}").text
        part = page[page.index(f'data-item="{item}"') :]
        part = part[: part.index("</section>")]
        rows = re.findall(
            r'<label class="keuze[^>]*>.*?value="(o[0-9a-f]+)".*?<span>(.*?)</span>|value="(o[0-9a-f]+)"><span>(.*?)</span>',
            part,
            re.DOTALL,
        )
        for first, words, second, other in rows:
            if text in (words or other):
                return first or second
        raise AssertionError(f"{text} is not shown at {item}")


def sign_in_staff(app, client, number):
    with app.test_request_context():
        identity.sign_in(db.session.get(Account, number))
        db.session.commit()
        kept = dict(session)
    with client.session_transaction() as own:
        own.update(kept)

"""A school's electricity this week against last week, small: for start pages."""

from typing import Any

from flask import url_for
from flask_babel import gettext as _

from schoolklimaat.charts import energy_words as words
from schoolklimaat.charts.choice import Choice, connections_of
from schoolklimaat.charts.energy_content import bars_content
from schoolklimaat.charts.energy_read import read_amounts
from schoolklimaat.charts.period import Period
from schoolklimaat.charts.series import Channels
from schoolklimaat.core.clock import today
from schoolklimaat.meters.models import Carrier
from schoolklimaat.schools.models import School
from sensors.periods import Step, local_day


def energy_week(channels: Channels, school: School) -> dict[str, Any] | None:
    """Return the figure of this week's electricity, or None for a school without such a connection."""
    connections = connections_of(school).get(Carrier.ELECTRICITY)
    if not connections:
        return None
    choice = Choice(Carrier.ELECTRICITY, Period.around(Step.WEEK, today()))
    read = read_amounts(channels, school, connections, choice)
    found, before = read.found, read.before
    place = {"slug": school.slug, "chart": "verbruik", **choice.args()}
    return {
        "title": words.headline(choice, found, read.compared),
        "summary": words.summary(choice, found, read.compared),
        "columns": [(_("Dag"), False), (_("Deze week"), True), (_("Vorige week"), True)],
        "rows": [
            (
                " ".join(words.bar_label(choice, start)),
                words.amount(value, found.unit)
                if value is not None
                else _("nog niet")
                if local_day(start) >= today()
                else "–",
                words.amount(then, found.unit) if then is not None else "–",
            )
            for start, value, then in zip(found.starts, found.amount, before.amount if before else [], strict=False)
        ],
        "estimated": bool(found.estimated_total()),
        "content": bars_content(school, read),
        "json_url": url_for("charts.energy_chart", **place),
        "csv_url": url_for("charts.energy_csv", **place),
        "page_url": choice.url(school),
        "measured": read.measured,
    }

"""What the demo says once it runs: where it is, how to sign in, and which kits anybody may speak for."""

from typing import Any

from schoolklimaat.demo.personas import PUPILS, STAFF, STAFF_PASSWORD
from schoolklimaat.demo.schools import SCHOOLS
from schoolklimaat.demo.state import DemoState


def announcement(url: str, mqtt: str, state: DemoState) -> dict[str, Any]:
    """Address, broker, a sign-in per persona, and the kits in our own format with their secrets and topics."""
    pins = {group.code: group.pin for plan in SCHOOLS for group in plan.classes}
    staff: dict[str, dict[str, str]] = {one.persona: {"email": one.email, "password": STAFF_PASSWORD} for one in STAFF}
    pupils = {
        one.persona: {"class_code": one.class_code, "avatar": one.avatar, "pin": pins[one.class_code]} for one in PUPILS
    }
    kits = [
        {
            "id": kit.id,
            "room": room,
            "school": plan.slug,
            "user": kit.id,
            "secret": state.secrets[kit.id],
            "topic": f"kits/{kit.id}/r",
        }
        for plan in SCHOOLS
        for kit in plan.kits
        if kit.yields
        for _, room in kit.places
    ]
    return {"url": url, "mqtt": mqtt, "personas": staff | pupils, "kits": kits}


def spoken(said: dict[str, Any]) -> str:
    """The same for people."""
    lines = [
        "",
        f"  Schoolklimaat, demo met gesimuleerde gegevens:  {said['url']}",
        "",
        "  Aanmelden op /aanmelden:",
    ]
    pupils = []
    for name, how in said["personas"].items():
        if "email" in how:
            lines.append(f"    {name:<14} {how['email']:<28} {how['password']}")
        else:
            pupils.append(f"    {name:<14} code {how['class_code']:<8} avatar {how['avatar']:<12} pincode {how['pin']}")
    lines += [
        "",
        "  Als leerling op /klas/aanmelden:",
        *pupils,
        "",
        f"  MQTT: {said['mqtt']}; zelf meten als een klaskit:",
    ]
    for kit in said["kits"]:
        lines.append(f"    {kit['school']:<17} {kit['room']:<12} {kit['topic']:<20} geheim {kit['secret']}")
    return "\n".join([*lines, "", "  Ctrl-C stopt alles; wat gemeten is, blijft bewaard.", ""])

"""Who may do what with an account: everybody with their own, nobody with another's."""

from typing import Any, Final

from schoolklimaat.core.guard import Permission


def _has_account(actor: Any, _thing: Any) -> bool:
    return getattr(actor, "kind", None) == "staff"


def _owns(actor: Any, thing: Any) -> bool:
    return _has_account(actor, thing) and bool(thing.account_id == actor.id)


SEE_OWN_ACCOUNT: Final = Permission("see own account", _has_account)
CHANGE_OWN_ACCOUNT: Final = Permission("change own account", _has_account, writes=True)
END_OWN: Final = Permission("end something of one's own account", _owns, writes=True)

"""Who may do what at the desk of IOK: its administrators everything, its experts a part."""

from typing import Any, Final

from schoolklimaat.core.guard import Permission
from schoolklimaat.schools.models import Role
from schoolklimaat.schools.policy import AT_IOK, memberships_of


def _at_iok(actor: Any, _thing: Any) -> bool:
    return any(held.role in AT_IOK for held in memberships_of(actor))


def _administers(actor: Any, _thing: Any) -> bool:
    return any(held.role is Role.IOK_ADMIN for held in memberships_of(actor))


SEE_DESK: Final = Permission("see the desk of IOK", allows=_at_iok)
READ_REGION: Final = Permission("read what concerns the region", allows=_administers)
CHANGE_REGION: Final = Permission("change what concerns the region", allows=_administers, writes=True)

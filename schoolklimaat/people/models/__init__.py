"""Tables of people, a file a noun: account, reset, factor, session, external."""

from schoolklimaat.people.models.account import Account
from schoolklimaat.people.models.external import ExternalIdentity
from schoolklimaat.people.models.factor import RecoveryCode, SecondFactor
from schoolklimaat.people.models.reset import PasswordReset
from schoolklimaat.people.models.session import StaffSession

__all__ = ["Account", "ExternalIdentity", "PasswordReset", "RecoveryCode", "SecondFactor", "StaffSession"]

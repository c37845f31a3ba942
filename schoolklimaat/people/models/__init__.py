"""Tables of people, a file a noun: account, reset, factor, session, external, token."""

from schoolklimaat.people.models.account import Account
from schoolklimaat.people.models.external import ExternalIdentity
from schoolklimaat.people.models.factor import RecoveryCode, SecondFactor
from schoolklimaat.people.models.reset import PasswordReset
from schoolklimaat.people.models.session import StaffSession
from schoolklimaat.people.models.token import ApiToken

__all__ = ["Account", "ApiToken", "ExternalIdentity", "PasswordReset", "RecoveryCode", "SecondFactor", "StaffSession"]

"""Other services that vouch for staff: the way there and back, and what they said, cut down at once to what is kept.

OpenID Connect by Authlib: code flow with PKCE, state and nonce; the signature, issuer, audience, time and nonce of the
answer are checked. Smartschool speaks OAuth 2, with an answer of its own.
"""

import logging
from dataclasses import asdict, dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from authlib.integrations.flask_client import OAuth, OAuthError
from flask import Flask, session, url_for
from flask.typing import ResponseReturnValue
from joserfc.errors import JoseError
from requests import RequestException

from schoolklimaat.core.context import provide, provided, settings
from schoolklimaat.core.sealed import stamp
from schoolklimaat.settings import Provider, Settings

_REGISTRY: Final = "providers"
_TIMEOUT_S: Final = 10
_SIGNATURES: Final = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA")
_LOG: Final = logging.getLogger(__name__)


class AwayError(Exception):
    """The other service does not answer, or not in a way that makes sense."""


class RefusedError(Exception):
    """The other service, or our check of what it said, refuses. `by_them` when the person or the service said no."""

    def __init__(self, *, by_them: bool) -> None:
        super().__init__("refused by them" if by_them else "not to be believed")
        self.by_them = by_them


@dataclass(frozen=True, slots=True)
class Claim:
    """Who somebody is at another service: a keyed hash of it, and an address only when that service verified it.

    Of Smartschool's answer the school's number, the role and the class are kept too, and nothing else.
    """

    provider: str
    subject_hash: str
    email: str | None = None
    institution_number: str | None = None
    role: str | None = None
    class_name: str | None = None
    is_pupil: bool = False

    def as_kept(self) -> dict[str, Any]:
        """Return plain values for the session."""
        return asdict(self)


def init_app(app: Flask, kept: Settings) -> None:
    """Make a client for each service of the settings."""
    registry = OAuth(app)
    for one in kept.providers:
        common = {"client_id": one.client_id, "client_secret": one.client_secret}
        flow = {"default_timeout": _TIMEOUT_S, "code_challenge_method": "S256"}
        if one.is_smartschool:
            registry.register(
                one.name, **common,
                authorize_url=f"{one.issuer}/OAuth", access_token_url=f"{one.issuer}/OAuth/index/token",
                api_base_url=f"{one.issuer}/", client_kwargs=flow | {"scope": "userinfo", "token_placement": "uri", "leeway": 0},
            )  # fmt: skip
        else:
            registry.register(
                one.name, **common,
                server_metadata_url=f"{one.issuer}/.well-known/openid-configuration",
                client_kwargs=flow | {"scope": "openid email"},
            )  # fmt: skip
    provide(app, _REGISTRY, registry)


def find_provider(name: str) -> Provider | None:
    """Return the service of a URL, when the settings name it."""
    return next((one for one in settings().providers if one.name == name), None)


def lead_there(provider: Provider, *, choose: bool) -> ResponseReturnValue:
    """Send the browser to the other service; with `choose` it is asked to let the person pick an account.

    Raises `AwayError` when the service does not say where to go.
    """
    back = settings().site_url + url_for("people.back_from_provider", name=provider.name)
    for left in [key for key in session if key.startswith("_state_")]:
        del session[left]  # ways that were begun and left would fill the cookie
    asked = {"prompt": "select_account"} if choose and not provider.is_smartschool else {}
    try:
        client = _client(provider)
        answer: ResponseReturnValue = client.authorize_redirect(back, **asked)
    except (RequestException, ValueError, RuntimeError) as problem:
        raise _away(provider, problem) from problem
    return answer


def hear_back(provider: Provider) -> Claim:
    """Take the browser back and return whom the service says it is; raises `AwayError` or `RefusedError`."""
    try:
        client = _client(provider)
        if provider.is_smartschool:
            return _of_smartschool(provider, client)
        return _of_openid(provider, client)
    except OAuthError as problem:
        _LOG.warning("sign-in by %s refused: %s", provider.name, problem.error)
        raise RefusedError(by_them=problem.error not in {"mismatching_state", "missing_token"}) from problem
    except (JoseError, KeyError, TypeError, AttributeError) as problem:
        _LOG.warning("the answer of %s is not believed: %s", provider.name, type(problem).__name__)
        raise RefusedError(by_them=False) from problem
    except (RequestException, ValueError, RuntimeError) as problem:
        raise _away(provider, problem) from problem


def _client(provider: Provider) -> Any:
    """Return the client of a service, its description loaded and checked."""
    client = provided(_REGISTRY).create_client(provider.name)
    if provider.is_smartschool:
        return client
    described = client.load_server_metadata()
    issuer = str(described.get("issuer", "")).rstrip("/")
    # Microsoft describes all its schools at once with "{tenantid}" in the issuer; each token then names its own.
    shared = "{tenantid}" in issuer and urlsplit(issuer).netloc == urlsplit(provider.issuer).netloc
    if issuer != provider.issuer and not shared:
        described.pop("_loaded_at", None)  # ask again next time
        raise ValueError("the description is another issuer's")
    offered = described.get("id_token_signing_alg_values_supported") or ["RS256"]
    described["id_token_signing_alg_values_supported"] = [name for name in offered if name in _SIGNATURES]
    return client


def _of_openid(provider: Provider, client: Any) -> Claim:
    issuer = client.server_metadata["issuer"]

    def is_issuer(claims: Any, value: str) -> bool:
        return bool(value == issuer.replace("{tenantid}", str(claims.get("tid", ""))))

    token = client.authorize_access_token(
        claims_options={
            "iss": {"essential": True, "validate": is_issuer},
            "aud": {"essential": True, "values": [provider.client_id]},
        }
    )
    said = token["userinfo"]  # absent when there was no signed answer
    # Where anybody may have a corner of their own, only Microsoft's own word on the domain counts.
    verified = (
        said.get("xms_edov") in (True, "1", "true") if "{tenantid}" in issuer else said.get("email_verified") is True
    )
    email = str(said.get("email") or "").strip().lower()
    subject = stamp(f"{said['iss']}|{said['sub']}", "external-identity")
    return Claim(provider.name, subject, email if verified and "@" in email else None)


def _of_smartschool(provider: Provider, client: Any) -> Claim:
    token = client.authorize_access_token()
    answer = client.get("Api/V1/userinfo", token=token)
    answer.raise_for_status()
    said = answer.json()
    role = _short(said.get("basisrol"), 40)
    return Claim(
        provider.name,
        stamp(f"{provider.issuer}|{said['userID']}", "external-identity"),
        institution_number=_short(said.get("instellingsnummer"), 6),
        role=role,
        class_name=_short(said.get("klasnaam"), 40),
        is_pupil=str(said.get("leerling", "")).lower() in {"true", "1", "ja"} or "leerling" in (role or "").lower(),
    )


def _short(value: Any, length: int) -> str | None:
    text = str(value).strip()[:length] if isinstance(value, str | int) else ""
    return text or None


def _away(provider: Provider, problem: Exception) -> AwayError:
    _LOG.warning("%s cannot be reached or understood: %s", provider.name, type(problem).__name__)
    return AwayError(provider.name)

"""All settings, read once from the environment; every one has an embedded default."""

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

_PROVIDER = re.compile(r"SCHOOLKLIMAAT_OIDC_([A-Z0-9]+)_CLIENT_ID")
_KNOWN_PROVIDERS = {
    "google": ("Google", "https://accounts.google.com"),
    "microsoft": ("Microsoft", "https://login.microsoftonline.com/organizations/v2.0"),
    "smartschool": ("Smartschool", "https://oauth.smartschool.be"),
}
_CHECKOUT = Path(__file__).resolve().parents[1]
_SHORTEST_KEY = 32
_FEWEST_SIGNS = 10
_DEMO_WORDS = ("demo", "secret", "geheim", "change", "example", "test-key", "password", "schoolklimaat")


class SettingsError(Exception):
    """A setting or the data folder cannot be used; the message says which, why and what to do."""


@dataclass(frozen=True, slots=True)
class Provider:
    """Another service that vouches for staff: by OpenID Connect, or (`smartschool`) by OAuth 2 and Smartschool's own answer.

    `issuer` is the address of an OpenID provider, or of Smartschool.
    """

    name: str
    label: str
    issuer: str
    client_id: str
    client_secret: str = field(repr=False)

    @property
    def is_smartschool(self) -> bool:
        """Whether this one speaks Smartschool's dialect."""
        return self.name == "smartschool"


@dataclass(frozen=True, slots=True)
class Settings:
    """What the environment says. Build it with `from_environ`; tests build it by hand."""

    data: Path
    database_url: str
    readings_url: str
    mqtt_url: str
    site_url: str
    mail_url: str
    front_end: Path
    secret_key: str = field(repr=False)
    limits_url: str = ""
    kit_accounts: Path | None = None
    mqtt_public_url: str = ""
    mail_from: str = "Schoolklimaat <schoolklimaat@localhost>"
    sealing_key: str = field(default="", repr=False)
    metrics_token: str | None = field(default=None, repr=False)
    providers: tuple[Provider, ...] = ()

    @property
    def is_https(self) -> bool:
        """Whether cookies must be secure and HSTS is sent."""
        return self.site_url.startswith("https://")

    @property
    def kit_accounts_path(self) -> Path:
        """The password file to which the site adds the accounts of kits, for the broker to read."""
        return self.kit_accounts or self.data / "kit-accounts"

    @property
    def ingest_log_path(self) -> Path:
        """The file of the ingest log: the readings' own when embedded, else the journal beside it."""
        if self.readings_url.startswith("sqlite:///"):
            return Path(self.readings_url.removeprefix("sqlite:///"))
        return self.data / "journal.sqlite"

    @classmethod
    def from_environ(cls, environ: Mapping[str, str] = os.environ) -> "Settings":
        """Read the SCHOOLKLIMAAT_* variables; creates the data folder and the secret key when absent."""

        def of(name: str, default: str) -> str:
            return environ.get(f"SCHOOLKLIMAAT_{name}") or default

        data = Path(of("DATA", "instance")).absolute()
        _make_folder(data)
        return cls(
            data=data,
            database_url=of("DATABASE_URL", f"sqlite:///{data / 'schoolklimaat.sqlite'}"),
            readings_url=of("READINGS_URL", f"sqlite:///{data / 'readings.sqlite'}"),
            mqtt_url=of("MQTT_URL", "mqtt://127.0.0.1:1883"),
            site_url=of("SITE_URL", "http://127.0.0.1:8000").rstrip("/"),
            mail_url=of("MAIL_URL", (data / "mail").as_uri()),
            limits_url=of("LIMITS_URL", ""),
            mqtt_public_url=of("MQTT_PUBLIC_URL", ""),
            kit_accounts=Path(where) if (where := environ.get("SCHOOLKLIMAAT_KIT_ACCOUNTS")) else None,
            mail_from=of("MAIL_FROM", "Schoolklimaat <schoolklimaat@localhost>"),
            front_end=Path(of("FRONT_END", str(_CHECKOUT / "node_modules"))),
            secret_key=_secret(environ, "SECRET_KEY", data / "secret-key"),
            sealing_key=_secret(environ, "SEALING_KEY", data / "sealing-key"),
            metrics_token=environ.get("SCHOOLKLIMAAT_METRICS_TOKEN") or None,
            providers=_providers(environ),
        )


def _providers(environ: Mapping[str, str]) -> tuple[Provider, ...]:
    """Read SCHOOLKLIMAAT_OIDC_<NAME>_… and SCHOOLKLIMAAT_SMARTSCHOOL_…; none when none is set."""
    names = {found[1]: f"OIDC_{found[1]}" for key in environ if (found := _PROVIDER.fullmatch(key)) and environ[key]}
    if environ.get("SCHOOLKLIMAAT_SMARTSCHOOL_CLIENT_ID"):
        names["SMARTSCHOOL"] = "SMARTSCHOOL"
    return tuple(_provider(environ, name.lower(), prefix) for name, prefix in sorted(names.items()))


def _provider(environ: Mapping[str, str], name: str, prefix: str) -> Provider:
    label, known_issuer = _KNOWN_PROVIDERS.get(name, (name.title(), ""))
    address = "URL" if prefix == "SMARTSCHOOL" else "ISSUER"
    issuer = (environ.get(f"SCHOOLKLIMAAT_{prefix}_{address}") or known_issuer).rstrip("/")
    if not issuer.startswith(("https://", "http://127.0.0.1:", "http://localhost:")):
        raise SettingsError(f"SCHOOLKLIMAAT_{prefix}_{address} must be the https address of {label}; it is {issuer!r}.")
    secret = _given_secret(environ, f"SCHOOLKLIMAAT_{prefix}_CLIENT_SECRET")
    if not secret:
        raise SettingsError(f"Set SCHOOLKLIMAAT_{prefix}_CLIENT_SECRET (or …_FILE) beside its client id.")
    return Provider(
        name, environ.get(f"SCHOOLKLIMAAT_{prefix}_LABEL") or label, issuer,
        environ[f"SCHOOLKLIMAAT_{prefix}_CLIENT_ID"], secret,
    )  # fmt: skip


def _given_secret(environ: Mapping[str, str], variable: str) -> str:
    """Read a secret from its variable, or from the file that `<variable>_FILE` names."""
    secret = environ.get(variable) or ""
    if not secret and (path := environ.get(f"{variable}_FILE")):
        try:
            secret = Path(path).read_text().strip()
        except OSError as problem:
            raise SettingsError(f"{variable}_FILE={path} cannot be read: {problem.strerror}.") from problem
    return secret


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise SettingsError(
            f"The data folder {folder} cannot be made: {problem.strerror}."
            " Choose another with SCHOOLKLIMAAT_DATA, or make it and give yourself write permission."
        ) from problem
    if not os.access(folder, os.W_OK | os.X_OK):
        raise SettingsError(
            f"The data folder {folder} cannot be written to."
            " Give yourself write permission, or choose another with SCHOOLKLIMAAT_DATA."
        )


def _secret(environ: Mapping[str, str], name: str, kept: Path) -> str:
    """Take a key from its variable, else from the file that `…_FILE` names, else from the one kept in the data folder.

    A site that others reach (https) refuses a key that anybody could guess.
    """
    variable = f"SCHOOLKLIMAAT_{name}"
    key = _given_secret(environ, variable) or _kept_secret(kept)
    weak = len(key) < _SHORTEST_KEY or len(set(key)) < _FEWEST_SIGNS or any(word in key.lower() for word in _DEMO_WORDS)
    if weak and (environ.get("SCHOOLKLIMAAT_SITE_URL") or "").startswith("https://"):
        raise SettingsError(
            f"{variable} is too short or looks like a demo key, and this site is open to others."
            " Leave it out: a good one is then made once in the data folder. Or make one with"
            " python3 -c 'import secrets; print(secrets.token_urlsafe(32))'."
        )
    return key


def _kept_secret(path: Path) -> str:
    """Read the secret key, or make it once; readable by its owner only."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        kept = path.read_text().strip()
        if kept:
            return kept
        raise SettingsError(f"The secret key in {path} is empty. Remove the file; a new key is then made.") from None
    except OSError as problem:
        raise SettingsError(f"The secret key {path} cannot be written: {problem.strerror}.") from problem
    with os.fdopen(descriptor, "w") as file:
        file.write(secret := secrets.token_urlsafe(32))
    return secret

"""Mail, sent after the request's changes are kept: by SMTP, or as files in a folder (the default).

`SCHOOLKLIMAAT_MAIL_URL` is `file:///folder`, `smtp://user:secret@host:587` (STARTTLS where offered) or
`smtps://user:secret@host:465`. A mail server that does not answer is tried again by the worker, for about a day.
"""

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit
from uuid import uuid4

from schoolklimaat.core import jobs
from schoolklimaat.core.context import settings
from schoolklimaat.core.db import after_commit

_TIMEOUT_S: Final = 20
_RETRIES: Final = 144  # a day of tries, one each ten minutes
_RETRY_DELAY_S: Final = 600
_SMTP_PORT: Final = 587
_SMTPS_PORT: Final = 465


class MailError(ValueError):
    """An address or a subject that no mail can have."""


def send_mail(to: str, subject: str, text: str) -> None:
    """Send a mail once this request's changes are committed; nothing is sent when they are undone.

    Raises `MailError` for an address or subject with a line break or without an @.
    """
    if "@" not in to or any(ord(sign) < 32 for sign in to + subject):  # noqa: PLR2004 - control characters
        raise MailError(f"no mail can be sent to {len(to)} signs of an address: it is not one")
    after_commit(lambda: _hand_over(to, subject, text))


def _hand_over(to: str, subject: str, text: str) -> None:
    if urlsplit(settings().mail_url).scheme == "file":
        deliver(to, subject, text)
    else:
        jobs.later(deliver, to, subject, text, retries=_RETRIES, retry_delay_s=_RETRY_DELAY_S)


@jobs.task
def deliver(to: str, subject: str, text: str) -> None:
    """Deliver one mail now; raises OSError or smtplib.SMTPException when the server does not take it."""
    message = EmailMessage()
    message["To"], message["Subject"], message["From"] = to, subject, settings().mail_from
    message["Date"], message["Message-ID"] = formatdate(), make_msgid(domain="schoolklimaat")
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    url = urlsplit(settings().mail_url)
    if url.scheme == "file":
        folder = Path(unquote(url.path))
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        (
            folder / f"{formatdate(usegmt=True)[5:25].replace(' ', '-').replace(':', '')}-{uuid4().hex[:8]}.eml"
        ).write_bytes(message.as_bytes())
        return
    secure = ssl.create_default_context()
    host = url.hostname or "localhost"
    with (
        smtplib.SMTP_SSL(host, url.port or _SMTPS_PORT, timeout=_TIMEOUT_S, context=secure)
        if url.scheme == "smtps"
        else smtplib.SMTP(host, url.port or _SMTP_PORT, timeout=_TIMEOUT_S)
    ) as server:
        if url.scheme == "smtp" and server.has_extn("starttls"):
            server.starttls(context=secure)
        if url.username:
            server.login(unquote(url.username), unquote(url.password or ""))
        server.send_message(message)

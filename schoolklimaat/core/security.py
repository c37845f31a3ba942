"""Headers and cookies that hold on every answer."""

import secrets
from typing import Final

from flask import Flask, Response, g

_NONCE_BYTES: Final = 16
_A_YEAR_S: Final = 31_536_000


def csp_nonce() -> str:
    """Return this answer's word of trust for a script from elsewhere (`<script nonce=…>`): the CDN copy of Chart.js."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(_NONCE_BYTES)
    return str(g.csp_nonce)


def content_security_policy() -> str:
    """Return the policy of this answer: everything from this site alone, and a script elsewhere only by its nonce."""
    nonce = f" 'nonce-{g.csp_nonce}'" if "csp_nonce" in g else ""
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self'{nonce}",
            "style-src 'self'",
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self'",
            "media-src 'self'",
            "worker-src 'self'",
            "manifest-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "object-src 'none'",
            "frame-ancestors 'none'",
        )
    )


def init_app(app: Flask, *, https: bool) -> None:
    """Set cookie flags and the headers of every answer; secure cookies and HSTS exactly when the site is https."""
    app.config.update(
        SESSION_COOKIE_NAME="__Host-sessie" if https else "sessie",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=https,
        REMEMBER_COOKIE_SECURE=https,
        REMEMBER_COOKIE_HTTPONLY=True,
    )
    app.jinja_env.globals.update(csp_nonce=csp_nonce)

    def add_headers(response: Response) -> Response:
        response.headers.setdefault("Content-Security-Policy", content_security_policy())
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("X-Frame-Options", "DENY")
        response.headers.setdefault("Referrer-Policy", "same-origin")
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", "camera=(self), geolocation=(), microphone=(), payment=()")
        if https:
            response.headers.setdefault("Strict-Transport-Security", f"max-age={_A_YEAR_S}")
        # What somebody signed in may see must not stay in a shared tablet's or a proxy's cache.
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    app.after_request(add_headers)

"""Headers and cookies that hold on every answer."""

from flask import Flask, Response


def init_app(app: Flask, *, https: bool) -> None:
    """Set cookie flags and the headers of every answer; secure cookies and HSTS exactly when the site is https."""
    app.config.update(
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=https,
        REMEMBER_COOKIE_SECURE=https,
        REMEMBER_COOKIE_HTTPONLY=True,
    )

    def add_headers(response: Response) -> Response:
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("X-Frame-Options", "DENY")
        response.headers.setdefault("Referrer-Policy", "same-origin")
        if https:
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        # What somebody signed in may see must not stay in a shared tablet's or a proxy's cache.
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    app.after_request(add_headers)

"""A small OpenID provider and a Smartschool of our own, in a process apart: `python -m tests.people.openid_provider`.

It says its port on the first line. Each first part of a path is an issuer with a habit of its own (`MODES`). The person
who "signs in" stands in extra fields of the authorize address: `sub`, `email`, `verified`. It holds its clients to PKCE,
state, nonce, their secret and codes that work once.
"""

import base64
import hashlib
import json
import secrets
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

CLIENT, SECRET = "schoolklimaat", "een geheim"
MODES = (
    "good", "wrong-nonce", "no-nonce", "expired", "wrong-audience", "wrong-issuer", "bad-signature", "unsigned", "no-token",
    "shared", "shared-elsewhere", "denied", "broken", "another-description",
)  # fmt: skip
KEY = RSAKey.generate_key(2048, {"kid": "1", "use": "sig", "alg": "RS256"}, private=True)
FORGED = RSAKey.generate_key(2048, {"kid": "1", "use": "sig", "alg": "RS256"}, private=True)
PUPIL = {
    "userID": "u-7", "voornaam": "Voornaam", "naam": "Achternaam", "geboortedatum": "2012-01-02", "email": "kind@school.example",
    "klasnaam": "5B", "instellingsnummer": "012345", "basisrol": "leerling", "leerling": True,
}  # fmt: skip
TEACHER = PUPIL | {"userID": "u-8", "email": "lien.peeters@school.example", "basisrol": "leerkracht", "leerling": False}
granted = {}


class Provider(BaseHTTPRequestHandler):
    def log_message(self, *_what):
        pass

    @property
    def base(self):
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def answer(self, body, status=200, **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def do_GET(self):
        url = urlsplit(self.path)
        mode, _slash, rest = url.path.lstrip("/").partition("/")
        asked = {name: values[0] for name, values in parse_qs(url.query).items()}
        if rest == ".well-known/openid-configuration":
            self.answer(self.describe(mode))
        elif rest == "jwks":
            self.answer(KeySet([KEY]).as_dict(private=False))
        elif rest in {"authorize", "OAuth"}:
            self.authorize(mode, asked)
        elif rest == "Api/V1/userinfo":
            person = granted.get(asked.get("access_token"))
            self.answer(*((TEACHER if person == "teacher" else PUPIL, 200) if person else ({}, 401)))
        else:
            self.answer({}, 404)

    def describe(self, mode):
        issuer = f"{self.base}/{mode}"
        named = {
            "shared": f"{self.base}/{{tenantid}}/v2.0", "shared-elsewhere": "https://elders.example/{tenantid}/v2.0",
            "another-description": f"{self.base}/good",
        }  # fmt: skip
        return {
            "issuer": named.get(mode, issuer), "authorization_endpoint": f"{issuer}/authorize",
            "token_endpoint": f"{issuer}/token", "jwks_uri": f"{issuer}/jwks", "response_types_supported": ["code"],
            "id_token_signing_alg_values_supported": ["RS256", "none"],
        }  # fmt: skip

    def authorize(self, mode, asked):
        needed = {"client_id", "redirect_uri", "state", "code_challenge", "scope"} | (
            set() if mode == "smartschool" else {"nonce"}
        )
        if needed - set(asked) or asked["client_id"] != CLIENT or asked.get("code_challenge_method") != "S256":
            self.answer({"lacking": sorted(needed - set(asked))}, 400)
            return
        if mode == "denied":
            back = {"error": "access_denied", "state": asked["state"]}
        else:
            code = secrets.token_urlsafe(16)
            granted[code] = {"mode": mode, **asked}
            back = {"code": code, "state": asked["state"]}
        self.answer({}, 302, Location=f"{asked['redirect_uri']}?{urlencode(back, quote_via=quote)}")

    def do_POST(self):
        length = int(self.headers.get("Content-Length", 0))
        sent = {name: values[0] for name, values in parse_qs(self.rfile.read(length).decode()).items()}
        kept = granted.pop(sent.get("code"), None)
        basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        proven = self.headers.get("Authorization") == f"Basic {basic}"
        if kept is None or not proven or sent.get("redirect_uri") != kept["redirect_uri"]:
            self.answer({"error": "invalid_grant"}, 400)
            return
        digest = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != kept["code_challenge"]:
            self.answer({"error": "invalid_grant", "error_description": "PKCE"}, 400)
            return
        token = secrets.token_urlsafe(16)
        granted[token] = kept.get("sub")
        mode = kept["mode"]
        if mode == "broken":
            self.answer({}, 500)
            return
        given = {"access_token": token, "token_type": "Bearer", "expires_in": 60}
        if mode not in {"no-token", "smartschool"}:
            given["id_token"] = self.sign(mode, kept)
        self.answer(given)

    def sign(self, mode, kept):
        moment = int(time.time())
        issuer = f"{self.base}/{mode}"
        claims = {
            "iss": issuer, "aud": CLIENT, "sub": kept.get("sub", "s-1"), "iat": moment, "exp": moment + 300,
            "nonce": kept["nonce"], "email": kept.get("email"), "email_verified": kept.get("verified") == "true",
            "name": "Een naam die niemand bewaart",
        }  # fmt: skip
        wrong = {
            "wrong-nonce": {"nonce": "een andere"},
            "expired": {"iat": moment - 9000, "exp": moment - 8000},
            "wrong-audience": {"aud": "iemand-anders", "azp": CLIENT},
            "wrong-issuer": {"iss": f"{self.base}/good"},
            "shared": {"iss": f"{self.base}/t-1/v2.0", "tid": "t-1", "xms_edov": kept.get("edov") == "true"},
        }
        claims |= wrong.get(mode, {})
        if mode == "no-nonce":
            del claims["nonce"]
        if mode == "unsigned":
            parts = [json.dumps(part).encode() for part in ({"alg": "none", "kid": "1"}, claims)]
            return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts) + "."
        return jwt.encode({"alg": "RS256", "kid": "1"}, claims, FORGED if mode == "bad-signature" else KEY)


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    print(server.server_address[1], flush=True)
    server.serve_forever()

"""Mail goes out once what it tells of is kept, to a folder or to a real SMTP server."""

import email
import email.policy
import socketserver
import threading
from dataclasses import replace

import pytest

from schoolklimaat.app import create_app
from schoolklimaat.core.db import db
from schoolklimaat.core.mail import MailError, send_mail
from tests import servers
from tests.browser import world


def app_in(folder, **changes):
    return create_app(replace(world.settings_in(folder), **changes), testing=True)


def letters(folder):
    paths = sorted((folder / "mail").glob("*.eml"))
    return [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in paths]


def test_a_mail_is_in_the_folder_only_after_the_commit(tmp_path):
    with app_in(tmp_path, mail_url=(tmp_path / "mail").as_uri()).app_context():
        db.create_all()
        send_mail("caro@school.example", "Jouw uitnodiging voor klas 5é", "Klik op de link.\nTot dan!")
        assert letters(tmp_path) == []
        db.session.commit()
        (letter,) = letters(tmp_path)
        assert letter["Subject"] == "Jouw uitnodiging voor klas 5é"
        assert letter["To"] == "caro@school.example"
        assert "Klik op de link." in letter.get_content()
        db.session.commit()
        assert len(letters(tmp_path)) == 1


def test_what_is_undone_sends_nothing(tmp_path):
    with app_in(tmp_path, mail_url=(tmp_path / "mail").as_uri()).app_context():
        db.create_all()
        send_mail("caro@school.example", "Nee", "Nee")
        db.session.rollback()
        db.session.commit()
        assert letters(tmp_path) == []


@pytest.mark.parametrize(
    ("to", "subject"), [("geen adres", "x"), ("a@b.example\nBcc: c@d.example", "x"), ("a@b.example", "x\ny")]
)
def test_an_address_cannot_smuggle_a_header(tmp_path, to, subject):
    with app_in(tmp_path).app_context(), pytest.raises(MailError):
        send_mail(to, subject, "x")


class _Server(socketserver.StreamRequestHandler):
    """Just enough of SMTP to take one letter."""

    def handle(self):
        say = lambda line: self.wfile.write(line + b"\r\n")  # noqa: E731
        say(b"220 test")
        for raw in self.rfile:
            verb = raw.strip().split(b" ")[0].upper()
            if verb == b"DATA":
                say(b"354 go on")
                lines = []
                while (line := self.rfile.readline()) != b".\r\n":
                    lines.append(line)
                self.server.taken.append(b"".join(lines))
            elif verb == b"QUIT":
                say(b"221 bye")
                return
            say(b"250 ok")


def test_by_smtp(tmp_path):
    port = servers.free_port()
    with socketserver.TCPServer(("127.0.0.1", port), _Server) as server:
        server.taken = []
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with app_in(tmp_path, mail_url=f"smtp://127.0.0.1:{port}").app_context():
            db.create_all()
            send_mail("caro@school.example", "Hallo", "Dag Caro")
            db.session.commit()
        server.shutdown()
    (letter,) = server.taken
    assert b"Dag Caro" in letter

"""The site for any WSGI server."""

from schoolklimaat.app import create_app

application = app = create_app()

"""Forms of schools, a file a noun."""

from schoolklimaat.schools.forms.classes import ClassCodeForm, PupilSignInForm

__all__ = ["ClassCodeForm", "PupilSignInForm"]

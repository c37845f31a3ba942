"""Lessons in and out: packages, and questions as other programmes know them (GIFT, QTI, LiaScript). No database here."""

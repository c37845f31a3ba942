"""GIFT, the question format that Moodle and others read: from it to a lesson, and from a lesson to it."""

from schoolklimaat.learning.exchange.gift.importing import GiftImport, lesson_from_gift
from schoolklimaat.learning.exchange.gift.writing import gift_from_lesson

__all__ = ["GiftImport", "gift_from_lesson", "lesson_from_gift"]

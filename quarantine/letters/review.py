"""The letter with the figures of the last month, to those who answer for the policy (OPS-REVIEW). Pure."""

from config.words import say
from quarantine.letters.letter import Letter, write
from quarantine.review import forms
from quarantine.review.sections import MonthReview


def monthly(told: MonthReview, month: str) -> Letter:
    """The whole report, as text and as a page; `month` ("2026-11") is said to whoever wants it as a table."""
    how = say(told.language, "letters.review.answerable.how", month=month)
    html = forms.html(told).replace("</body>", f"<p>{how}</p>\n</body>")
    return write(
        "review.answerable", told.language, html=html, title=told.title, report=forms.text(told), how=how
    )

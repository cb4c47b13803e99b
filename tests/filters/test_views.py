"""A rule asks for what it said: the views are those of a mail, and what words wake looks at what is searched for them."""

from filters.rule import REGISTRY, Mail
from filters.ruleset import discover
from filters.trigger import Says, Theme
from filters.views import HANDLES, ByAttachments, ByContent, ByFiles, ByFilesAndLinks, ByLinks, ByText
from mail.message import Message
from tests.filters.mails import facts, plain

EXCEPTIONS = {
    "scan_request": ByFilesAndLinks,
    "theme": ByLinks,
    "urgency": ByLinks,
    "asked": ByLinks,
    "borrowed_name": ByLinks,
    "call_about_charge": ByLinks,
    # the words of leaving mail are without quotes and signature
    "absent_attachment": ByContent,
}
"""Woken by words, they ask where links lead, or whether there is a picture, before they speak."""


def names(view: type) -> set[str]:
    return {name for each in view.__mro__ for name in vars(each) if not name.startswith("_")}


def test_a_mail_has_what_every_view_promises() -> None:
    mail = Mail(Message(plain("x")), facts(direction="inbound"))
    for handle in HANDLES:
        assert names(handle) <= {*dir(mail)}
        for name in names(handle):
            view = vars(next(e for e in handle.__mro__ if name in vars(e)))[name].fget.__annotations__[
                "return"
            ]
            assert names(view) <= {*dir(getattr(mail, name)), *getattr(view, "__struct_fields__", ())}, handle


def test_whoever_is_woken_by_words_looks_at_texts() -> None:
    discover()
    of_words = {
        name: rule.sees
        for name, rule in REGISTRY.items()
        if all(isinstance(t, Says | Theme) for t in rule.wakes)
    }
    assert len(of_words) > 8
    assert {name: sees for name, sees in of_words.items() if sees is not ByText} == EXCEPTIONS


def test_only_those_who_say_so_see_files() -> None:
    discover()
    with_files = {ByAttachments, ByFiles, ByFilesAndLinks, ByContent}
    assert REGISTRY["executable"].sees in with_files
    assert REGISTRY["first_contact"].sees not in with_files
    assert all("reading" not in names(r.sees) for r in REGISTRY.values() if r.sees is ByText)

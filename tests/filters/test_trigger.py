"""Triggers in words."""

from filters.trigger import Always, Field, Finds, Given, Says, Theme, described


def test_triggers_in_words() -> None:
    assert described(Given.FILE) == "a file"
    assert described(Says(("a",))) == "its words in a text"
    assert described(Theme(("notice", "urgency"))) == "phrases of notice, urgency"
    assert described(Field(("to", "cc"), "also")) == "header fields `to`, `cc`, those of `also`"
    assert described(Finds()) == "what may be anything confidential"
    assert described(Always("it is cheap")) == "every mail: it is cheap"

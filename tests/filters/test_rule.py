"""How a function becomes a rule."""

from collections.abc import Iterator

import pytest

from config.policy import Organisation
from filters.finding import Finding
from filters.rule import REGISTRY, Mail, rule, seen
from mail.message import Message
from tests.filters.mails import ORGANISATION, facts, plain


@pytest.fixture
def sample(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.delitem(REGISTRY, "sample", raising=False)

    @rule(control="OUT-X", direction="both", then="warn", weight=3, ja="日", en="e")
    def sample(
        mail: Mail, organisation: Organisation, *, words: tuple[str, ...] = ("a",)
    ) -> Iterator[Finding]:
        """What it is."""
        for word in words:
            yield seen(word, weight=7 if word == "heavy" else 0)

    yield "sample"
    REGISTRY.pop("sample", None)


def test_keyword_only_parameters_are_settings(sample: str) -> None:
    made = REGISTRY[sample]
    assert made.settings == {"words": (tuple[str, ...], ("a",))}
    assert (made.control, made.then, made.weight, made.description) == ("OUT-X", "warn", 3, "What it is.")


def test_findings_are_stamped_and_weighed(sample: str) -> None:
    made = REGISTRY[sample]
    mail = Mail(Message(plain("x")), facts())
    found = made.look(mail, ORGANISATION, {"words": ("light", "heavy")})
    assert [(f.rule, f.control, f.weight) for f in found] == [("sample", "OUT-X", 3), ("sample", "OUT-X", 7)]
    assert [f.weight for f in made.look(mail, ORGANISATION, {"words": ("heavy",)}, 1)] == [1]


def test_two_rules_cannot_share_a_name(sample: str) -> None:
    def other(mail: Mail, organisation: Organisation) -> Iterator[Finding]:
        yield seen()

    other.__name__, other.__module__ = "sample", "elsewhere"
    with pytest.raises(ValueError, match="sample"):
        rule(control="X", direction="both", then="warn", ja="", en="")(other)


def test_each_mail_has_a_memory_of_its_own() -> None:
    one, two = (Mail(Message(plain("x")), facts()) for _ in range(2))
    one.memory["x"] = 1
    assert two.memory == {}

"""How a function becomes a rule."""

from collections.abc import Iterator

import pytest

from config.policy import Organisation
from filters.finding import Evidence, Finding, Sight
from filters.rule import REGISTRY, Mail, rule
from mail.message import Message
from tests.filters.mails import ORGANISATION, facts, plain


@pytest.fixture
def sample(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.delitem(REGISTRY, "sample", raising=False)

    @rule(control="OUT-X", direction="both", then="warn", weight=3, ja="日", en="e")
    def sample(mail: Mail, organisation: Organisation, *, words: tuple[str, ...] = ("a",)) -> Iterator[Sight]:
        """What it is."""
        for word in words:
            yield Sight((Evidence(word),), {"word": word}, 7 if word == "heavy" else 0, (1,))

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
    assert found == [
        Finding("sample", "OUT-X", (Evidence("light"),), 3, (1,), {"word": "light"}),
        Finding("sample", "OUT-X", (Evidence("heavy"),), 7, (1,), {"word": "heavy"}),
    ]
    assert [f.weight for f in made.look(mail, ORGANISATION, {"words": ("heavy",)}, 1)] == [1]


def test_two_rules_cannot_share_a_name(sample: str) -> None:
    def other(mail: Mail, organisation: Organisation) -> Iterator[Sight]:
        yield Sight()

    other.__name__, other.__module__ = "sample", "elsewhere"
    with pytest.raises(ValueError, match="sample"):
        rule(control="X", direction="both", then="warn", ja="", en="")(other)


def test_a_rule_cannot_make_findings_itself() -> None:
    def forger(mail: Mail, organisation: Organisation) -> Iterator[Finding]:
        yield Finding("another_rule", "X")

    with pytest.raises(TypeError, match="forger"):
        rule(control="X", direction="both", then="warn", ja="", en="")(forger)  # type: ignore[arg-type]
    assert "forger" not in REGISTRY


def test_each_mail_has_a_memory_of_its_own() -> None:
    one, two = (Mail(Message(plain("x")), facts()) for _ in range(2))
    one.memory["x"] = 1
    assert two.memory == {}

"""How a function becomes a rule."""

from collections.abc import Iterator

import pytest

from config.policy import Organisation
from filters.finding import Evidence, Finding, Sight
from filters.rule import REGISTRY, Mail, rule
from filters.trigger import Always, Field
from filters.views import ByFields
from mail.message import Message
from tests.filters.mails import ORGANISATION, facts, plain

ALWAYS = (Always("a test"),)


@pytest.fixture
def sample(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.delitem(REGISTRY, "sample", raising=False)

    @rule(control="OUT-X", direction="both", wakes=ALWAYS)
    def sample(mail: ByFields, organisation: Organisation, *, words: tuple[str, ...]) -> Iterator[Sight]:
        """What it is."""
        for word in words:
            yield Sight((Evidence(word),), {"word": word}, 7 if word == "heavy" else 0, (1,))

    yield "sample"
    REGISTRY.pop("sample", None)


def test_keyword_only_parameters_are_settings(sample: str) -> None:
    made = REGISTRY[sample]
    assert made.settings == {"words": tuple[str, ...]}
    assert (made.control, made.direction, made.description) == ("OUT-X", "both", "What it is.")


def test_findings_are_stamped_and_weighed(sample: str) -> None:
    made = REGISTRY[sample]
    mail = Mail(Message(plain("x")), facts())
    found = made.look(mail, ORGANISATION, {"words": ("light", "heavy")})
    assert found == [
        Finding("sample", "OUT-X", (Evidence("light"),), 0, (1,), {"word": "light"}),
        Finding("sample", "OUT-X", (Evidence("heavy"),), 7, (1,), {"word": "heavy"}),
    ]
    assert [f.weight for f in made.look(mail, ORGANISATION, {"words": ("heavy",)}, 1)] == [1]


def test_a_setting_has_no_default_in_the_code() -> None:
    def biased(mail: ByFields, organisation: Organisation, *, words: tuple[str, ...] = ()) -> Iterator[Sight]:
        yield Sight()

    with pytest.raises(TypeError, match="config/policy"):
        rule(control="X", direction="both", wakes=ALWAYS)(biased)
    assert "biased" not in REGISTRY


def test_a_rule_says_what_wakes_it() -> None:
    def sleeping(mail: ByFields, organisation: Organisation) -> Iterator[Sight]:
        yield Sight()

    with pytest.raises(TypeError, match="Always"):
        rule(control="X", direction="both", wakes=())(sleeping)
    with pytest.raises(TypeError, match="no setting also"):
        rule(control="X", direction="both", wakes=(Field(("x",), setting="also"),))(sleeping)
    assert "sleeping" not in REGISTRY


def test_a_rule_says_what_it_asks_for() -> None:
    def curious(mail: Mail, organisation: Organisation) -> Iterator[Sight]:
        yield Sight()

    with pytest.raises(TypeError, match="what it asks"):
        rule(control="X", direction="both", wakes=ALWAYS)(curious)
    assert "curious" not in REGISTRY


def test_two_rules_cannot_share_a_name(sample: str) -> None:
    def other(mail: ByFields, organisation: Organisation) -> Iterator[Sight]:
        yield Sight()

    other.__name__, other.__module__ = "sample", "elsewhere"
    with pytest.raises(ValueError, match="sample"):
        rule(control="X", direction="both", wakes=ALWAYS)(other)


def test_a_rule_cannot_make_findings_itself() -> None:
    def forger(mail: ByFields, organisation: Organisation) -> Iterator[Finding]:
        yield Finding("another_rule", "X")

    with pytest.raises(TypeError, match="forger"):
        rule(control="X", direction="both", wakes=ALWAYS)(forger)  # type: ignore[arg-type]
    assert "forger" not in REGISTRY


def test_a_mail_is_read_once_and_each_mail_on_its_own() -> None:
    one, two = (Mail(Message(plain("x")), facts()) for _ in range(2))
    assert one.reading is one.reading is not two.reading
    assert one.incoming is one.incoming is not two.incoming


def test_what_several_copies_need_is_worked_out_once_per_mail() -> None:
    calls: list[tuple[str, int]] = []

    def work(word: str, number: int) -> str | None:
        calls.append((word, number))
        return word * number or None

    one, two = (Mail(Message(plain("x")), facts()) for _ in range(2))
    assert [one.once(work, "a", 2), one.once(work, "a", 0), two.once(work, "a", 2)] == ["aa", None, "aa"]
    assert [one.once(work, "a", 2), one.once(work, "a", 0)] == ["aa", None]
    assert calls == [("a", 2), ("a", 0), ("a", 2)]


def test_work_that_failed_is_done_again() -> None:
    def work(fails: list[bool]) -> int:
        if fails.pop():
            raise ValueError
        return 1

    class Fails(list[bool]):
        __hash__ = object.__hash__  # type: ignore[assignment]

    mail, fails = Mail(Message(plain("x")), facts()), Fails([False, True])
    with pytest.raises(ValueError):
        mail.once(work, fails)
    assert mail.once(work, fails) == 1

"""Templates say nothing that is not in the language files, and no sentence is there for nothing."""

import re
from pathlib import Path

from config.words import LANGUAGES, known
from directory.account import Role
from directory.passwords import weaknesses
from mail.cause import Cause
from quarantine.item import Event, State, Status

CONSOLE = Path(__file__).parents[2] / "console"
SOURCES = "\n".join(p.read_text() for p in [*CONSOLE.rglob("*.html"), *CONSOLE.rglob("*.py")])
WORDS = {key.removeprefix("console.") for key in LANGUAGES["en"].sentences if key.startswith("console.")}


def test_templates_use_known_words_only() -> None:
    used = set(re.findall(r"""\bt(?:_of\(item,|\()\s*["']([a-z0-9_]+)["']\s*[,)]""", SOURCES))
    assert used
    assert used <= WORDS, used - WORDS


def test_no_word_is_there_for_nothing() -> None:
    made = tuple(
        f"{p}_" for p in ("status", "error", "did", "password", "passphrase", "detail", "waiting_is", "waiting_says", "unlock",
            "list", "kind", "trait", "verdict", "source", "done", "trust", "device", "file_verdict", "delegations", "version_by",)
    )  # fmt: skip

    def needed(key: str) -> bool:
        key = key.removesuffix("_inbound")
        base = key.removesuffix("_lead")
        return key.startswith(made) or (base != key and needed_by_name(base)) or needed_by_name(key)

    def needed_by_name(key: str) -> bool:
        return re.search(rf"""["']{key}["']""", SOURCES) is not None

    assert [k for k in WORDS if not needed(k)] == []


def test_names_from_data_have_words() -> None:
    for prefix, names in (
        ("state", State),
        ("recipient", Status),
        ("event", Event),
        ("role", Role),
        ("cause", Cause),
        ("remedy", Cause),
    ):
        for name in names:
            assert known("ja", f"values.{prefix}.{name.value}"), (prefix, name)
    assert known("en", "values.event.unheard_of") is None
    for reason in weaknesses("", []) + weaknesses("aaaa1984hanako", ["hanako"]):
        assert reason in WORDS

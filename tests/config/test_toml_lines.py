"""The place of each key, as the standard library reads the text."""

import tomllib
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from config.toml_lines import At, Place
from config.toml_lines import places as found_in

TEXT = '''\
# a comment with [a heading] and = signs
top = 1
"quoted \\u3042.key" = """
[not.a.heading]
x = 1 ""
"""
a.b.c = 'literal # no comment'

[table] # why
key = "with ] and } and , inside"
list = [
    1,  # one
    "two",
    { inner = 3, deeper = { deepest = [4] } },
]

[[people]]
login = "taro"
[people.name]
ja = "太郎"
[[people]]
login = "hanako"
roles = ["user",
  "approver"]
[table.below."a.b"]
c = 1979-05-27T07:32:00Z
'''


def places(value: Any, at: Place = ()) -> set[Place]:
    found = {at} if at else set()
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in pairs:
        found |= places(inner, (*at, key))
    return found


def test_each_key_has_its_line_and_column() -> None:
    found = found_in(TEXT)
    assert found.keys() == places(tomllib.loads(TEXT))
    assert {place: found[place] for place in EXPECTED} == EXPECTED


EXPECTED: dict[Place, At] = {
    ("top",): (2, 1),
    ("quoted あ.key",): (3, 1),
    ("a", "b", "c"): (7, 1),
    ("table",): (9, 2),
    ("table", "list", 0): (12, 5),
    ("table", "list", 2, "deeper", "deepest", 0): (14, 40),
    ("people",): (17, 3),
    ("people", 0, "name", "ja"): (20, 1),
    ("people", 1): (21, 3),
    ("people", 1, "roles", 1): (24, 3),
    ("table", "below", "a.b", "c"): (26, 1),
}

words = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs"], exclude_characters="\x7f"), max_size=6
)


def toml(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{quoted(k)} = {toml(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[\n" + ",\n".join(toml(v) for v in value) + "]"
    return quoted(value) if isinstance(value, str) else repr(value).lower()


def quoted(text: str) -> str:
    return '"' + "".join(f"\\u{ord(c):04x}" if ord(c) < 32 or c in '"\\' else c for c in text) + '"'


values = st.recursive(
    st.integers() | st.booleans() | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=12,
)


@given(st.dictionaries(words, values, max_size=4))
def test_nothing_that_can_be_written_is_missed(table: dict[str, object]) -> None:
    text = "\n".join(f"{quoted(key)} = {toml(value)}" for key, value in table.items())
    assert tomllib.loads(text) == table
    assert found_in(text).keys() == places(table)

"""Keys that say whose they are: each form of the list, drawn by chance, in what people send; and what only looks like one."""

import re

import pytest

from config.lists import table
from filters.detect.issued import WAKES, issued
from tests.filters.detect.drawn import drawn

LIST = table("secrets")
FORMS = [
    (f"{issuer} {tells}", re.escape(tells) + rest)
    for issuer, forms in LIST["keys"].items()
    for tells, rest in forms.items()
] + [
    (f"{issuer} {tells}", whole)
    for issuer, forms in LIST["inside"].items()
    for tells, (_, whole) in forms.items()
]
PLACES = (
    "{key}",
    "TOKEN={key}\n",
    '{{"a": "{key}", "b": 1}}',
    "こちらです：{key}。よろしく",
    "curl -H 'X-Auth: {key}' https://api.example/",
    "https://api.example/v1?k={key}&x=1",
)


def found(text: str) -> list[str]:
    return [key for _, _, key in issued(text, text.lower())]


@pytest.mark.parametrize(("name", "expression"), FORMS, ids=[name for name, _ in FORMS])
def test_each_form_is_found_wherever_it_stands(name: str, expression: str) -> None:
    for place in PLACES:
        key = drawn(expression, name + place)
        text = place.format(key=key)
        assert re.search(WAKES, text.lower()), text
        assert any(key.startswith(each[:20]) or key in each for each in found(text)), text


@pytest.mark.parametrize(
    "text",
    [
        "ghp_" + "x" * 36,
        "AKIA" + "IOSFODNN7" + "EXAMPLE",
        "sk_live_" + "your_key_here",
        "AIza... で始まる値がキーです",
        "glpat-xxxxxxxxxxxxxxxxxxxx",
        "npm_package_config_registry_and_other_variables",
        "sk-learn and key-value and live_ and re_ are words",
        "see https://hooks.slack.com/services/T00000000/B00000000/" + "X" * 24,
        "SKU 12345, pat.pending, sat.morning",
        "10:Answer, 12:All",
    ],
)
def test_places_to_fill_and_words_are_none(text: str) -> None:
    assert found(text) == []


def test_an_example_of_a_manual_is_none() -> None:
    head = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9"  # what the page about them shows; its key is no key
    assert LIST["examples"]["digests"]
    assert found(f"{head}.e30.") == []


def test_what_goes_on_is_another_word() -> None:
    key = drawn("ghp_[A-Za-z0-9]{36}", "whole")
    assert found(f"a{key}") == []
    assert found("dapi" + "0123456789abcdef" * 4) == []

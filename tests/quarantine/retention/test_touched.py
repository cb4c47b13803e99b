"""Which entries are of somebody whom a legal hold names."""

import json

import pytest

from quarantine.retention.touched import entry_touches, name, says

HELD = frozenset({"taro", "taro@example.jp", "m1"})


@pytest.mark.parametrize(
    ("changes", "touches"),
    [
        ({}, False),
        ({"actor": "Taro"}, True),
        ({"mail_id": "m1"}, True),
        ({"mail_id": "m12"}, False),
        ({"detail": {"to": ["x@example.net", "TARO+news@example.jp"]}}, True),
        ({"detail": {"outcomes": [{"recipient": "taro@example.jp"}]}}, True),
        ({"detail": {"subject": "for taro@example.jp, please"}}, False),
        ({"detail": {"taro@example.jp": 1}}, False),
        ({"detail": {"subject": "taro" * 1000, "size": 7, "none": None}}, False),
    ],
)
def test_an_entry_that_names_somebody_held(changes: dict[str, object], touches: bool) -> None:
    row = {"actor": "node1", "mail_id": "m9", "detail": {}} | changes
    assert entry_touches({**row, "detail": json.dumps(row["detail"])}, HELD) is touches


def test_a_name_is_compared_as_a_hold_has_it() -> None:
    assert name("taro+x@example.jp") == "taro@example.jp"
    assert name("taro+x") == "taro+x"
    assert says('["taro+x@example.jp"]', HELD)

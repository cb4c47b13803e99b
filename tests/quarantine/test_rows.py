"""Items as rows: nothing is lost, and no text can do harm."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.cases import Waits
from filters.examined import Summary
from quarantine.item import Item
from quarantine.rows import (
    COLUMNS,
    item_of,
    recipient_rows,
    replaced,
    row_of,
)
from storage.interfaces import StoreError
from storage.journal import clean
from tests.quarantine.items import item


def test_every_field_has_its_column() -> None:
    fields = set(Item.__struct_fields__) - {"recipients"}
    assert set(COLUMNS) == fields | {"asks", "waits", "search", "kept_as"}
    assert set(row_of(item())) == set(COLUMNS)


def test_back_and_forth() -> None:
    full = item(
        queued_at=1.5, due_at=2.5, delay=300, holds=("a", "b"), approvals=("president",), attempts=2, token=3,
        version=4, node="n", smtputf8=True, passphrase_source="address",
        original="default." + "1" * 32 + "-2", untouched=Waits("send", 2, (1.0,)),
    )  # fmt: skip
    plain = msgspec.structs.replace(
        full, summary=Summary(), findings=(), rewrites=(), holds=(), recipients=(), untouched=None
    )
    for one in (full, plain):
        assert item_of(row_of(one), recipient_rows(one)) == one


@settings(max_examples=50, deadline=None)
@given(st.text(st.characters(), max_size=50), st.text(st.characters(), max_size=50))
def test_any_text_becomes_text_that_a_database_takes(subject: str, owner: str) -> None:
    one = item(owner=owner, summary=Summary(subject=subject))
    row = row_of(one)
    for value in row.values():
        if isinstance(value, str):
            assert "\0" not in value
            value.encode()
    assert item_of(row, recipient_rows(one)).owner == clean(owner)


@pytest.mark.parametrize("key", ["blob", "original"])
def test_an_item_never_names_the_content_of_another_tenant(key: str) -> None:
    foreign = item(**{key: "acme." + "0" * 32 + "-1"})
    for write in (row_of, replaced):
        with pytest.raises(StoreError, match="another tenant"):
            write(foreign)
    assert row_of(item(tenant="acme"))["blob"].startswith("acme.")

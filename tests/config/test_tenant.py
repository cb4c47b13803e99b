"""Names of tenants: they stand in keys and in the names of chains, so little may be in them."""

import pytest

from config.tenant import DEFAULT, valid


@pytest.mark.parametrize("name", [DEFAULT, "a", "9", "acme-kk", "a" * 63])
def test_labels_name_tenants(name: str) -> None:
    assert valid(name)


@pytest.mark.parametrize("name", ["", "A", "a.b", "a/b", "a@b", "../a", "-a", "a b", "a\n", "会社", "a" * 64])
def test_nothing_else_does(name: str) -> None:
    assert not valid(name)

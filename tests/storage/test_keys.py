"""Keys: the tenant, random, the size, and nothing else passes for one."""

import pytest

from storage import keys
from storage.interfaces import StoreError


def test_a_key_tells_tenant_and_size_and_is_never_the_same() -> None:
    made = {keys.new_key("acme", 5_000_000) for _ in range(100)}
    assert len({keys.random_of(key) for key in made}) == 100
    assert {keys.size_of(key) for key in made} == {5_000_000}
    assert {keys.tenant_of(key) for key in made} == {"acme"}
    assert keys.size_of(keys.new_key("default", 0)) == 0


def test_a_sealed_one_tells_its_day() -> None:
    key = keys.new_key("acme", 31, 20_787)
    assert (keys.tenant_of(key), keys.day_of(key), keys.size_of(key)) == ("acme", 20_787, 31)
    assert keys.day_of(keys.new_key("20787", 31)) is None
    assert keys.day_of("0" * 32 + "-1f") is None


def test_a_key_from_before_there_were_tenants_is_the_default_ones() -> None:
    old = "0" * 32 + "-1f"
    assert (keys.tenant_of(old), keys.random_of(old), keys.size_of(old)) == ("default", "0" * 32, 31)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "0" * 32,
        "0" * 32 + "-g",
        "0" * 32 + "-1 ",
        "0" * 32 + "-" + "1" * 13,
        "../" + "0" * 29 + "-1",
        "../a." + "0" * 32 + "-1",
        "." + "0" * 32 + "-1",
        "-a." + "0" * 32 + "-1",
        "Acme." + "0" * 32 + "-1",
        "a" * 64 + "." + "0" * 32 + "-1",
        "a.b." + "0" * 32 + "-1",
        "a.1234." + "0" * 32 + "-1",
        "a.12345.12345." + "0" * 32 + "-1",
    ],
)
def test_anything_else_is_no_key(text: str) -> None:
    assert not keys.valid(text)
    with pytest.raises(StoreError):
        keys.size_of(text)


@pytest.mark.parametrize("tenant", ["", "A", "a/b", "a.b", "../a"])
def test_no_key_is_made_for_what_is_no_tenant(tenant: str) -> None:
    with pytest.raises(StoreError):
        keys.new_key(tenant, 1)

"""Keys: random, with the size, and nothing else passes for one."""

import pytest

from storage import keys
from storage.interfaces import StoreError


def test_a_key_tells_the_size_and_is_never_the_same() -> None:
    made = {keys.key(keys.new_token(), 5_000_000) for _ in range(100)}
    assert len(made) == 100
    assert {keys.size_of(key) for key in made} == {5_000_000}
    assert keys.size_of(keys.key(keys.new_token(), 0)) == 0


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
    ],
)
def test_anything_else_is_no_key(text: str) -> None:
    assert not keys.valid(text)
    with pytest.raises(StoreError):
        keys.size_of(text)

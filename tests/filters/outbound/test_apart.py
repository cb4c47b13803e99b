"""OUT-MISSEND: partners that never stood together."""

import pytest

from filters.facts import Acquaintances, Thread
from tests.filters.mails import plain, recalled, written_to

A, B = "mori@alpha.example", "ono@beta.example"


def memory(*together: str, ours: float = 9.0, thread: Thread | None = None) -> Acquaintances:
    return Acquaintances(
        {A: written_to("森"), B: written_to("小野")},
        {
            "alpha.example": written_to("アルファ工業", mine=9.0, ours=ours, beside=together),
            "beta.example": written_to("ベータ商会", mine=1.0, ours=ours),
        },
        thread=thread,
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("アルファ工業 森様\n単価の件です。", (B,)),
        ("ベータ商会 小野様\n単価の件です。", (A,)),
        ("単価の件です。", (B,)),
        ("アルファ工業 森様\nベータ商会 小野様\n合同会議の件です。", ()),
        ("森様、小野様\n合同会議の件です。", ()),
    ],
)
def test_the_one_that_is_not_greeted(text: str, found: tuple[str, ...]) -> None:
    sights = recalled("apart", plain(text, to=f"{A}, {B}"), A, B, memory=memory())
    assert [f.about for f in sights] == ([found] if found else [])


def test_who_stood_together_or_does_not_see_the_other() -> None:
    raw = plain("単価の件です。", to=f"{A}, {B}")
    assert not recalled("apart", raw, A, B, memory=memory("beta.example"))
    assert not recalled("apart", raw, A, B, memory=memory(ours=0.3))
    assert not recalled("apart", raw, A, B, memory=memory(thread=Thread(frozenset({A, B}))))
    assert not recalled("apart", plain("単価の件です。", to=A), A, B, memory=memory())

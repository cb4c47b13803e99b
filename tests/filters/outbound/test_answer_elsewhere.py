"""OUT-MISSEND: answers that go one letter elsewhere."""

import pytest

from filters.facts import Acquaintances, Thread
from tests.filters.mails import plain, recalled


@pytest.mark.parametrize(
    ("reply_to", "found"),
    [
        ("honda@daisetu.co.jp", True),
        ("honda@daisetsu.jp", True),
        ("hondo@daisetsu.co.jp", True),
        ("support@daisetsu.co.jp", False),
        ("honda@other.co.jp", False),
        ("", False),
    ],
)
def test_it_looks_like_the_author(reply_to: str, found: bool) -> None:
    memory = Acquaintances(thread=Thread(author="honda@daisetsu.co.jp", reply_to=reply_to))
    to = reply_to or "honda@daisetsu.co.jp"
    sights = recalled("answer_elsewhere", plain("x", to=to), to, memory=memory)
    assert [(f.about, f.meant) for f in sights] == ([((reply_to,), "honda@daisetsu.co.jp")] if found else [])


def test_whoever_answers_the_author_is_right() -> None:
    memory = Acquaintances(thread=Thread(author="honda@daisetsu.co.jp", reply_to="honda@daisetu.co.jp"))
    assert not recalled("answer_elsewhere", plain("x"), "honda@daisetsu.co.jp", memory=memory)
    assert not recalled("answer_elsewhere", plain("x"), "honda@daisetsu.co.jp", memory=Acquaintances())

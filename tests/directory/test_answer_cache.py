"""Answers are remembered for their time, never longer, and never more than so many."""

from directory.answer_cache import Recent


def test_an_answer_lives_for_its_time() -> None:
    now = [100.0]
    recent: Recent[str, str | None] = Recent(lambda: now[0])
    assert recent.get("a") is None
    recent.keep("a", None, 2)
    now[0] = 101.9
    assert recent.get("a") == (None,)
    now[0] = 102.0
    assert recent.get("a") is None


def test_the_oldest_go_first() -> None:
    recent: Recent[str, int] = Recent(lambda: 0.0, most=2)
    for number, key in enumerate(["a", "b", "a", "c"]):
        recent.keep(key, number, 1)
    assert [recent.get(k) for k in "abc"] == [(2,), None, (3,)]


def test_forgetting() -> None:
    recent: Recent[str, int] = Recent(lambda: 0.0)
    recent.keep("a", 1, 1)
    recent.keep("b", 2, 1)
    recent.forget("a")
    assert recent.get("a") is None
    assert recent.get("b") == (2,)
    recent.forget()
    assert recent.get("b") is None

"""What is worked out once."""

import pytest

from mail.cached import cached_property


class Thing:
    def __init__(self) -> None:
        self.asked = 0

    @cached_property
    def answer(self) -> int:
        """The answer."""
        self.asked += 1
        if self.asked == 1:
            raise ValueError
        return self.asked


def test_it_is_worked_out_once_for_each_object_and_not_kept_when_it_fails() -> None:
    one, other = Thing(), Thing()
    with pytest.raises(ValueError):
        _ = one.answer
    assert [one.answer, one.answer, one.asked] == [2, 2, 2]
    assert other.asked == 0


def test_the_class_shows_what_it_is() -> None:
    assert Thing.answer.__doc__ == "The answer."

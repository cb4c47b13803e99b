import pytest

from mail.reply import LOCAL_ERROR, OK, Reply


@pytest.mark.parametrize(
    ("reply", "enhanced", "positive", "permanent"),
    [
        (OK, "2.0.0", True, False),
        (LOCAL_ERROR, "4.3.0", False, False),
        (Reply(550, "no", 7, 1), "5.7.1", False, True),
        (Reply(354, "go", -1), "", True, False),
        (Reply(-1, "garbage"), "-1.0.0", False, False),
    ],
)
def test_the_class_comes_from_the_code(reply, enhanced, positive, permanent):
    assert (reply.enhanced, reply.positive, reply.permanent) == (enhanced, positive, permanent)


def test_lines():
    assert Reply(550, "first\nsecond", 7, 1, "private").lines() == ["550-5.7.1 first", "550 5.7.1 second"]
    assert Reply(220, "", -1).lines() == ["220 "]


def test_the_reason_is_private():
    assert "private" not in str(Reply(550, "no", 7, 1, "private"))

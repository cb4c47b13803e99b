import itertools
from collections import Counter
from collections.abc import Iterable

import pytest

from gateway.deliver import wire
from mail.hygiene import MAX_LINE, Hygiene, LineEnds, Unstuffer


def stuffed(content: bytes) -> bytes:
    """As the courier sends it after DATA."""
    return b"".join(wire.stuffed([content]))


FAKE_ENDS = [
    b"\n.\n",
    b"\n.\r\n",
    b"\r\n.\n",
    b"\r.\r",
    b"\r.\r\n",
    b"\n.\r",
    b"\r\n.\r",
    b"\r\n.\r\r\n",
    b"\r\n\0.\r\n",
    b"\r\n.\0\r\n",
    b"\r\r\n.\r\n\n",
    b"\n\n..\n",
]


def unstuff(stream: bytes, size: int, most: int = MAX_LINE) -> tuple[bytes, Unstuffer]:
    unstuffer = Unstuffer(most)
    out = b"".join(b"".join(unstuffer.feed(stream[at : at + size])) for at in range(0, len(stream), size))
    return out, unstuffer


@pytest.mark.parametrize("size", [1, 2, 3, 5, 1000])
@pytest.mark.parametrize("fake", FAKE_ENDS)
def test_a_fake_end_of_data_is_a_violation_however_it_is_cut(fake, size):
    stream = b"Subject: a\r\n\r\nfirst" + fake + b"MAIL FROM:<x@y.example>\r\nsecond\r\n.\r\nQUIT\r\n"
    out, unstuffer = unstuff(stream, size)
    assert unstuffer.done
    assert unstuffer.violation in ("stray-cr", "stray-lf", "nul")
    assert unstuffer.rest.endswith(b"QUIT\r\n")
    if size == 1000:
        assert out == b""


@pytest.mark.parametrize("size", [1, 2, 3, 4, 7, 100])
@pytest.mark.parametrize(
    "content", [b"", b".\r\n", b"..\r\n.a\r\n", b"a\r\n\r\n.\r\n..\r\n", b"\r\n", b"a\r\n"]
)
def test_dots_and_the_end(content, size):
    out, unstuffer = unstuff(stuffed(content) + b"MAIL", size)
    assert (out, unstuffer.rest, unstuffer.violation, unstuffer.done) == (content, b"MAIL", "", True)
    assert unstuffer.size == len(content)


def test_the_end_is_not_found_too_early():
    unstuffer = Unstuffer()
    unstuffer.feed(b"a\r\n.\r")
    assert not unstuffer.done
    unstuffer.feed(b"\n")
    assert unstuffer.done


@pytest.mark.parametrize("size", [1, 100, 65536, 10**6])
def test_line_length(size):
    most, size = 64 * 1024, size if size > 1 else 997
    short = b"x" * most + b"\r\n"
    assert unstuff(stuffed(short * 2), size, most)[1].violation == ""
    assert unstuff(stuffed(short + b"x" * (most + 1) + b"\r\n"), size, most)[1].violation == "line-too-long"
    assert unstuff(b"x" * (most + 100), size, most)[1].violation == "line-too-long"


@pytest.mark.parametrize("length", [999, 100_000, 3_000_000])
def test_a_page_without_line_breaks_comes_in_as_it_is(length):
    content = b"Subject: x\r\n\r\n" + b"<p>x</p>" * (length // 8) + b"\r\n"
    pieces, unstuffer = unstuff(stuffed(content), 65536)
    assert (pieces, unstuffer.violation) == (content, "")


def test_content_ends_at_the_violation_but_the_stream_goes_on():
    unstuffer = Unstuffer()
    assert unstuffer.feed(b"good\r\n" * 10) != []
    assert unstuffer.feed(b"bad\n\r\n") == []
    assert unstuffer.feed(b"good\r\n" * 10) == []
    assert not unstuffer.done
    unstuffer.feed(b".\r\n")
    assert unstuffer.done


@pytest.mark.parametrize(
    ("pieces", "violation"),
    [
        ([b"a\r", b"\nb\r\n"], ""),
        ([b"a\r", b"b"], "stray-cr"),
        ([b"a\r"], "stray-cr"),
        ([b"a\r\n", b"\nb"], "stray-lf"),
        ([b"a", b"\0"], "nul"),
        ([b"\r", b"\r\n"], "stray-cr"),
        ([b"", b"plain"], ""),
    ],
)
def test_hygiene_alone(pieces, violation):
    hygiene = Hygiene()
    for piece in pieces:
        hygiene.feed(piece)
    assert hygiene.end() == violation


def judged_before(pieces: Iterable[bytes]) -> str:
    """The check as it was while it took a piece apart at its line ends."""
    waiting = False
    for piece in pieces:
        if not piece:
            continue
        joined = waiting and piece[:1] == b"\n"
        before, waiting = waiting, piece[-1:] == b"\r"
        bare = b"".join(piece[joined : len(piece) - waiting].split(b"\r\n"))
        if (before and not joined) or b"\r" in bare:
            return "stray-cr"
        if b"\n" in bare:
            return "stray-lf"
        if b"\0" in piece:
            return "nul"
    return "stray-cr" if waiting else ""


def test_counting_line_ends_judges_as_taking_them_apart_did() -> None:
    """All texts of up to seven octets of the four kinds that matter, cut at each place, and at two."""
    judged = Counter[str]()
    for size in range(8):
        for octets in itertools.product(b"\r\n\0x", repeat=size):
            content = bytes(octets)
            for cut in range(size + 1):
                pieces = [content[:cut], content[cut : cut + 2], content[cut + 2 :]]
                hygiene = Hygiene()
                for piece in pieces:
                    hygiene.feed(piece)
                assert hygiene.end() == judged_before(pieces), pieces
                judged[hygiene.violation] += 1
    assert len(judged) == 4
    assert min(judged.values()) > 300


def mended(stream: bytes, size: int) -> tuple[bytes, Unstuffer]:
    unstuffer = Unstuffer(normalise=True)
    out = b"".join(b"".join(unstuffer.feed(stream[at : at + size])) for at in range(0, len(stream), size))
    return out, unstuffer


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 1000])
@pytest.mark.parametrize("fake", FAKE_ENDS)
def test_a_fake_end_of_data_stays_one_where_line_ends_are_mended(fake, size):
    stream = b"Subject: a\r\n\r\nfirst" + fake + b"MAIL FROM:<x@y.example>\r\nsecond\r\n.\r\nQUIT\r\n"
    out, unstuffer = mended(stream, size)
    assert unstuffer.done
    assert unstuffer.rest.endswith(b"QUIT\r\n")
    assert b"second" not in out or fake == b"\n\n..\n"
    assert unstuffer.violation in ("stray-cr", "nul", "false-end") or fake == b"\n\n..\n"


@pytest.mark.parametrize("size", [1, 2, 3, 4, 7, 100])
@pytest.mark.parametrize(
    ("sent", "content"),
    [
        (b"a\nb\n\nc\r\n\r\nd\r\n.\r\n", b"a\r\nb\r\n\r\nc\r\n\r\nd\r\n"),
        (b"\n\n\r\n.\r\n", b"\r\n\r\n\r\n"),
        (b"a\n..\n..b\n\r\n.\r\n", b"a\r\n.\r\n.b\r\n\r\n"),
        (b"\n\r\n.\r\n", b"\r\n\r\n"),
    ],
)
def test_an_lf_alone_is_mended_where_the_settings_say_so(sent, content, size):
    out, unstuffer = mended(sent + b"MAIL\n", size)
    assert (out, unstuffer.violation, unstuffer.done, unstuffer.rest) == (content, "", True, b"MAIL\n")


@pytest.mark.parametrize("start", [b".\n", b"\n.\n", b"a\n.\r\n", b"a\r\n.\nb\r\n"])
def test_what_another_host_takes_for_the_end_is_refused_as_before(start):
    for size in (1, 2, 1000):
        _, unstuffer = mended(start + b"more\r\n.\r\n", size)
        assert (unstuffer.violation, unstuffer.done, unstuffer.rest) == ("false-end", True, b"")


@pytest.mark.parametrize("cut", range(1, 12))
def test_line_ends_in_chunks(cut):
    sent = b"a\r\nb\n\nc\r\n\rd\n"
    ends = LineEnds()
    mended = ends.feed(sent[:cut]) + ends.feed(b"") + ends.feed(sent[cut:])
    assert mended == b"a\r\nb\r\n\r\nc\r\n\rd\r\n"


def test_mended_or_not_a_clean_stream_is_the_same():
    for pieces in itertools.product([b"\r\n", b".", b"a", b"..", b"\r\n."], repeat=4):
        stream = b"".join(pieces) + b"\r\n.\r\nNOOP\r\n"
        for size in (1, 3, 50):
            plain, one = unstuff(stream, size)
            again, other = mended(stream, size)
            assert (plain, one.rest, one.violation) == (again, other.rest, other.violation)

"""However DATA is cut into segments, the same content comes out, and clean content is never refused."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.deliver.wire import stuffed
from mail.hygiene import Hygiene, Unstuffer

LINES = st.lists(st.text(alphabet=".a \t\x7fé", max_size=6), max_size=12)
HOSTILE = st.lists(
    st.sampled_from([b"\r", b"\n", b"\r\n", b".", b"a", b"\0", b"\r\n.\r\n"]), max_size=20
).map(b"".join)


def run(stream: bytes, cuts: list[int]) -> tuple[bytes, str, bytes, bool]:
    unstuffer = Unstuffer()
    edges = sorted({0, len(stream), *(c % (len(stream) + 1) for c in cuts)})
    pieces = [p for a, b in pairwise(edges) for p in unstuffer.feed(stream[a:b])]
    return b"".join(pieces), unstuffer.violation, unstuffer.rest, unstuffer.done


@settings(max_examples=300, deadline=None)
@given(LINES, st.lists(st.integers(0, 10_000), max_size=30))
def test_clean_content_comes_out_as_it_went_in(lines, cuts):
    content = "".join(line + "\r\n" for line in lines).encode()
    assert run(b"".join(stuffed([content])) + b"QUIT\r\n", cuts) == (content, "", b"QUIT\r\n", True)


@settings(max_examples=300, deadline=None)
@given(HOSTILE, st.lists(st.integers(0, 10_000), max_size=30))
def test_a_violation_does_not_depend_on_the_segments(stream, cuts):
    whole = run(stream, [])
    cut = run(stream, cuts)
    assert bool(cut[1]) == bool(whole[1])
    assert cut[2:] == whole[2:]
    if not whole[1]:
        assert cut[0] == whole[0]


@settings(max_examples=300, deadline=None)
@given(HOSTILE, st.lists(st.integers(0, 10_000), max_size=10))
def test_what_passes_has_only_crlf_and_no_nul(data, cuts):
    hygiene = Hygiene()
    edges = sorted({0, len(data), *(c % (len(data) + 1) for c in cuts)})
    for a, b in pairwise(edges):
        hygiene.feed(data[a:b])
    rest = data.replace(b"\r\n", b"")
    assert (hygiene.end() == "") == (not set(rest) & {0, 10, 13})

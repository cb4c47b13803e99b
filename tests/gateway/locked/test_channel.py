import os
import socket
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from filters.examined import Copy, Examined
from gateway.locked import channel
from mail.compose import Edit

edits = st.builds(Edit, st.integers(0, 99), st.integers(0, 99), st.binary(max_size=20))
copies = st.lists(
    st.builds(lambda n, e: Copy((n,), edits=tuple(e)), st.integers(0, 9), st.lists(edits, max_size=4)),
    max_size=4,
)


@given(copies)
@settings(max_examples=50)
def test_an_answer_survives_its_parts(copies: list[Copy]) -> None:
    examined = Examined(copies=tuple(copies))
    answer, news = channel.parted(examined)
    assert not any(edit.new for copy in answer.examined.copies for edit in copy.edits)
    assert channel.joined(answer, memoryview(b"".join(news))) == examined


@pytest.mark.parametrize(
    ("lengths", "data"),
    [((3,), b"ab"), ((1,), b"ab"), ((1, 1), b"ab"), ((), b"ab"), ((-1,), b""), ((3, -1), b"ab")],
)
def test_parts_that_do_not_fit_are_refused(lengths: tuple[int, ...], data: bytes) -> None:
    answer = channel.Answer(Examined(copies=(Copy((0,), edits=(Edit(0, 0, b""),)),)), lengths)
    with pytest.raises(ValueError):
        channel.joined(answer, memoryview(data))


def test_frames_carry_descriptors() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs, open("/dev/null", "rb") as file:
        ours.sendmsg([channel.frame(channel.Fork())], channel.rights([file.fileno()]))
        ours.sendall(channel.frame(channel.Reap(7)))
        ours.close()
        first = channel.read_frame(theirs)
        assert first is not None
        body, fds = first
        assert msgspec.msgpack.decode(body, type=channel.Fork | channel.Reap) == channel.Fork()
        assert [os.readlink(f"/proc/self/fd/{fd}") for fd in fds] == ["/dev/null"]
        os.close(fds[0])
        second = channel.read_frame(theirs)
        assert second is not None
        assert msgspec.msgpack.decode(second[0], type=channel.Fork | channel.Reap) == channel.Reap(7)
        assert second[1] == []
        assert channel.read_frame(theirs) is None


def test_a_read_only_descriptor_cannot_write(tmp_path: Path) -> None:
    path = tmp_path / "mail"
    path.write_bytes(b"mail")
    with open(path, "r+b") as file:
        fd = channel.read_only(file.fileno())
    try:
        assert os.read(fd, 10) == b"mail"
        with pytest.raises(OSError):
            os.write(fd, b"x")
    finally:
        os.close(fd)

"""One address, one reading: what the grammar returns is what stands on the wire and what is read back."""

from hypothesis import given, settings
from hypothesis import strategies as st

from mail.address import AddressError, header_addresses, parse, path
from mail.charset import encode_mailbox, unfold

HOSTILE = st.text(alphabet='ab.@<>"\\ ()[]:,;=?-\r\n\0\x7fé日%!', max_size=30)
NAMES = st.text(max_size=40).map(lambda t: " ".join("".join(c for c in t if c.isprintable()).split()))
LOCAL = st.from_regex(r"[a-z0-9!#$%&'*+/^_`{|}~][a-z0-9.]{0,20}[a-z0-9]", fullmatch=True).filter(
    lambda t: ".." not in t
)
QUOTED = st.from_regex(r'"([ !#-\[\]-~]|\\[ -~]){0,20}"', fullmatch=True)


@settings(max_examples=500, deadline=None)
@given(HOSTILE, st.booleans())
def test_what_is_accepted_is_already_what_is_written(text, smtputf8):
    try:
        address = parse(text, smtputf8=smtputf8)
    except AddressError:
        return
    assert parse(address, smtputf8=smtputf8) == address
    assert path(f"<{address}> X=1", smtputf8=smtputf8) == (address, "X=1")
    assert not set(address) & set("\r\n\0")
    assert address.rpartition("@")[0] == text.rpartition("@")[0]
    assert address.rpartition("@")[2].isascii()


@settings(max_examples=300, deadline=None)
@given(st.one_of(LOCAL, QUOTED))
def test_every_local_part_of_the_grammar_survives(local):
    try:
        address = parse(f"{local}@b.example")
    except AddressError:
        assert len(local) > 64 or "=?" in local
        return
    assert path(f"<{address}>")[0] == f"{local}@b.example"


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=200), st.binary(max_size=200))
def test_headers_never_raise(text, data):
    header_addresses(text)
    for mailbox in header_addresses(data):
        assert 0 <= mailbox.start <= mailbox.end <= len(data)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(NAMES, LOCAL), min_size=1, max_size=4))
def test_written_mailboxes_are_read_back(people):
    wire = b",\r\n ".join(encode_mailbox(name, f"{local}@b.example") for name, local in people)
    assert [(m.name, m.address) for m in header_addresses(unfold(wire))] == [
        (n, f"{local}@b.example") for n, local in people
    ]

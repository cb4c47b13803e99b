import importlib.util
import pathlib

import pytest

from mail.message import Message
from mail.readings import MAX_READINGS, Readings, readings

_spec = importlib.util.spec_from_file_location(
    "ambiguous_mails", pathlib.Path(__file__).with_name("ambiguous_mails.py")
)
crafted = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(crafted)


@pytest.mark.parametrize(("name", "raw"), [(n, r) for n, r, must in crafted.MAILS if must])
def test_the_payload_is_among_parts_and_readings(name, raw):
    mail = Message(raw)
    everything = [*mail.parts, *readings(mail).parts]
    assert any(crafted.PAYLOAD in p.content() for p in everything), [
        (p.path, p.content_type) for p in everything
    ]


@pytest.mark.parametrize(
    ("name", "raw"), [(n, r) for n, r, must in crafted.MAILS if must and "filename" in n]
)
def test_the_dangerous_name_is_among_the_names(name, raw):
    names = [n for p in Message(raw).parts for n in p.filenames]
    assert any(n.strip("\r\n\0").endswith(".exe") or ".exe" in n for n in names)


def test_a_clean_mail_has_one_reading():
    mail = Message(crafted.MIXED + crafted.TEXT + crafted.END)
    assert readings(mail) == Readings()


def test_paths_tell_where_a_reading_comes_from():
    mail = Message(crafted.part(b"Content-Type: application/x\r\nContent-Transfer-Encoding: base-64\r\n"))
    assert "2~other-fields" in [p.path for p in readings(mail).parts]


def test_the_number_of_readings_is_bounded():
    raw = crafted.HEAD + b"\r\n" + b"".join(crafted.UU.replace(b"x.exe", b"%d.exe" % n) for n in range(500))
    assert len(readings(Message(raw)).parts) <= MAX_READINGS
    assert not readings(Message(raw)).complete


def test_a_header_value_of_a_reading_begins_no_other_field():
    raw = crafted.HEAD + b'\r\nbegin 644 x"\\.exe\r\n' + crafted.UU.split(b"\r\n", 1)[1]
    extra = readings(Message(raw)).parts
    assert [h.name for h in extra[0].headers] == ["content-type", "content-disposition"]


def test_junk_in_one_header_hides_no_reading_of_another_part():
    junk = b"".join(b"X-%d: a\r\njunk %d\r\n" % (n, n) for n in range(6))
    raw = (
        junk + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
        b"X-1: a\r\nhidden text here\r\nContent-Type: application/octet-stream\r\n\r\nx\r\n--b--\r\n"
    )
    texts = [p.content() for p in readings(Message(raw)).parts if p.path == "1~body-from-junk"]
    assert len(texts) == 1
    assert texts[0].startswith(b"hidden text here")

from mail.message import Message


def part(header: bytes, body: bytes = b"x"):
    return Message(header + b"\r\n" + body).root


def test_what_a_part_says_of_itself():
    one = part(b"Content-Type: Text/HTML; charset=UTF-8\r\nContent-Disposition: Inline; filename=a.html\r\n")
    assert (one.content_type, one.charset, one.disposition, one.filename) == (
        "text/html",
        "utf-8",
        "inline",
        "a.html",
    )
    assert one.is_attachment
    assert not one.is_multipart


def test_every_reading_of_a_name():
    one = part(
        b"Content-Type: application/pdf; name=b.pdf\r\n"
        b"Content-Disposition: attachment; filename=a.txt; filename*=utf-8''c.exe\r\n"
    )
    assert set(one.filenames) == {"a.txt", "b.pdf", "c.exe"}


def test_a_type_that_is_none_is_text():
    one = part(b"Content-Type: multi part/mixed\r\n")
    assert (one.content_type, one.problems) == ("text/plain", ["content-type-invalid"])


def test_content_and_its_damage():
    one = part(b"Content-Transfer-Encoding: base64\r\n", b"aGk=!aGk=")
    assert one.content() == b"hihi"
    assert one.problems == ["base64-after-padding"]
    assert one.decoded

"""OUT-BCC: who stands in Bcc is told in no place that the author does not see."""

import pytest

from tests.filters.mails import SENDER, attached, findings, plain

OUT, OTHER = "tanaka@partner.example", "sato@client.example"
EACH = (SENDER, OUT, OTHER)


def page(body: str, to: str = SENDER) -> bytes:
    return plain(body, to=to).replace(b"text/plain", b"text/html", 1)


@pytest.mark.parametrize(
    "body",
    [
        f"<p>Hi</p><!-- sent to {OUT} -->",
        f'<p>Hi</p><a href="mailto:{OUT}">Mr Tanaka</a>',
        '<p>Hi</p><a href="mailto:tanaka%40partner.example">Mr Tanaka</a>',
        '<p>Hi</p><a href="mailto:tanaka&#64;partner.example">Mr Tanaka</a>',
        f'<p title="{OUT.upper()}">Hi</p>',
        f'<p>Hi</p><img alt="" src="https://us.example/t.gif?to={OUT}">',
    ],
)
def test_the_source_of_a_page_names_who_is_hidden(body: str) -> None:
    (found,) = findings("named_bcc", page(body), *EACH)
    assert (found.values["what"], found.values["address"]) == ("html", OUT)
    assert not findings("named_bcc", page(body, f"{SENDER}, {OUT}"), *EACH), "To shows them"
    assert not findings("named_bcc", page(body), OUT), "nobody else gets it"
    assert not findings("named_bcc", page(body), SENDER, OTHER), "they do not get it"


def test_what_the_author_typed_is_theirs() -> None:
    typed = f'<p>Write to <a href="mailto:{OUT}">{OUT}</a></p>'
    assert not findings("named_bcc", page(typed), *EACH)
    assert not findings("named_bcc", plain(f"Write to {OUT}", to=SENDER), *EACH)


def test_a_list_of_those_who_get_it() -> None:
    many = [f"p{n}@client{n}.example" for n in range(3)]
    (found,) = findings("named_bcc", plain("\n".join(many), to=SENDER), SENDER, *many)
    assert (found.values["what"], found.values["count"]) == ("list", "3")
    assert not findings("named_bcc", plain("\n".join(many[:2]), to=SENDER), SENDER, *many)
    assert not findings("named_bcc", plain("\n".join(many), to=SENDER), SENDER, OUT), "others get it"


def test_names_of_files_and_fields() -> None:
    (found,) = findings("named_bcc", attached((f"{OUT}.csv", b"a,b\n1,2\n"), to=SENDER), SENDER, OUT)
    assert found.values["what"] == "name"
    field = plain("Hi", to=SENDER).replace(b"Subject:", f"X-To: {OUT}\r\nSubject:".encode(), 1)
    (found,) = findings("named_bcc", field, *EACH)
    assert found.evidence[0].part == "header:x-to"
    bcc = plain("Hi", to=SENDER).replace(b"Subject:", f"Bcc: {OUT}\r\nSubject:".encode(), 1)
    assert not findings("named_bcc", bcc, *EACH), "it is taken out"


def test_who_will_be_hidden_counts_as_hidden() -> None:
    many = ", ".join(f"p{n}@client{n}.example" for n in range(3))
    body = "<p>Hi</p><!-- p1@client1.example -->"
    assert findings("named_bcc", page(body, many), *many.split(", "))
    assert not findings("named_bcc", page(body, many), *many.split(", "), domains=9)

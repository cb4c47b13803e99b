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


@pytest.mark.parametrize(
    "body",
    [
        f'<p>Hi</p><div style="display: none">{OUT}</div>',
        f"<p>Hi</p><p hidden>for <b>{OUT}</b></p>",
        f'<p>Hi<span style="font-size:0;color:#fff">{OUT}</span></p>',
        f"<head><title>{OUT}</title></head><p>Hi</p>",
    ],
)
def test_a_text_that_nobody_sees_was_not_typed(body: str) -> None:
    (found,) = findings("named_bcc", page(body), *EACH)
    assert (found.values["what"], found.values["address"]) == ("html", OUT)


LINK = f'<a href="mailto:{OUT}">Tanaka Ichiro</a>'


@pytest.mark.parametrize(
    "quoted",
    [
        f'<blockquote type="cite">{LINK} wrote: hello<!-- {OUT} --></blockquote>',
        f'<div class="gmail_quote"><div dir="ltr" class="gmail_attr">On Monday &lt;{LINK}&gt; wrote:</div><blockquote>x</blockquote></div>',
        f'<div class="moz-cite-prefix">On 30.11.26, {LINK} wrote:</div><blockquote type="cite">x</blockquote>',
        f'<hr><div id="divRplyFwdMsg"><b>From:</b> {LINK}</div><div>hello {LINK}</div>',
        f'<div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0mm 0mm 0mm"><p>From: {LINK}</p></div><p>{LINK}</p>',
        f"<p>-----Original Message-----</p><p>From: {LINK}</p>",
    ],
)
def test_a_thread_that_is_moved_to_bcc_may_be_quoted(quoted: str) -> None:
    """Everybody has it. What stands beside the quotation counts as ever."""
    assert not findings("named_bcc", page(f"<p>Moving Mr Tanaka to Bcc.</p>{quoted}"), *EACH)
    assert findings("named_bcc", page(f"<p>Moving {LINK} to Bcc.</p>{quoted}"), *EACH)


def test_a_quoted_list_is_none() -> None:
    many = [f"p{n}@client{n}.example" for n in range(3)]
    quoted = "Thanks!\n\n> To: " + ", ".join(many) + "\n> Hello\n"
    assert not findings("named_bcc", plain(quoted, to=SENDER), SENDER, *many)
    seen = "".join(f"<p>{address}</p>" for address in many)
    assert findings("named_bcc", page(seen), SENDER, *many)
    assert not findings("named_bcc", page(f"<p>Hi</p><blockquote>{seen}</blockquote>"), SENDER, *many)


def test_a_colleague_in_bcc_may_be_named() -> None:
    """As the shared mailbox that gets a copy and stands in the signature."""
    ours = "info@us.example"
    signed = page(f'<p>Hi</p><p>-- <br><a href="mailto:{ours}">Sales</a></p>', OUT)
    assert not findings("named_bcc", signed, OUT, ours)
    assert not findings("named_bcc", plain(f"Hi\n{ours}", to=OUT), OUT, ours)


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

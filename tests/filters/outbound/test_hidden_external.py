"""OUT-BCC: an outsider in Bcc beside colleagues in To."""

import pytest

from tests.filters.mails import SENDER, findings, plain

OUT = "tanaka@partner.example"


@pytest.mark.parametrize(
    ("to", "recipients", "hit"),
    [
        ("hana@us.example", ("hana@us.example", OUT), True),
        (f"hana@us.example, {SENDER}", ("hana@us.example", OUT), True),
        ("hana@sister.example", ("hana@sister.example", OUT), True),
        (SENDER, (SENDER, OUT), False),
        ("hana@us.example", ("hana@us.example",), False),
        ("hana@us.example", ("hana@us.example", "x@sister.example"), False),
        (f"hana@us.example, {OUT}", ("hana@us.example", OUT), False),
        ("hana@us.example, other@partner.example", ("hana@us.example", OUT), False),
        ("undisclosed-recipients:;", (OUT,), False),
    ],
)
def test_when_it_speaks(to: str, recipients: tuple[str, ...], hit: bool) -> None:
    found = findings("hidden_external", plain("x", to=to), *recipients)
    assert bool(found) is hit
    if hit:
        assert found[0].recipients == (recipients.index(OUT),)
        assert found[0].values["address"] == OUT

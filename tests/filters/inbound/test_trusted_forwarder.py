"""IN-AUTH: why nobody was warned about a mail that fails DMARC."""

from filters.facts import Authentication
from tests.filters.inbound.arriving import look, mail
from tests.filters.mails import SHIPPED


def test_it_is_noted_who_vouched() -> None:
    found = Authentication(
        spf="fail", dmarc="fail", dmarc_policy="reject", arc="pass", forwarder="list.example"
    )
    (finding,) = look("trusted_forwarder", mail(), authentication=found)
    assert finding.values == {"forwarder": "list.example"}
    assert finding.evidence[1].quote == "ARC pass, DMARC fail"
    assert (finding.weight, SHIPPED.by_name["trusted_forwarder"].consequence.kind) == (0, "observe")


def test_without_a_failure_or_a_forwarder_there_is_nothing_to_say() -> None:
    assert not look(
        "trusted_forwarder", mail(), authentication=Authentication(dmarc="pass", forwarder="list.example")
    )
    assert not look("trusted_forwarder", mail(), authentication=Authentication(dmarc="fail", arc="pass"))

"""IN-AUTH: the checks of the sender's domain (SPF, DKIM, DMARC) say that somebody else sent the mail."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.finding import Evidence, Sight
from filters.rule import rule
from filters.trigger import Given
from filters.views import ByHeading


@rule(control="IN-AUTH", direction="inbound", wakes=(Given.DMARC_FAIL, Given.SPF_FAIL, Given.DKIM_FAIL))
def authentication_failed(mail: ByHeading, organisation: Organisation) -> Iterator[Sight]:
    """Our own checks failed, or those of a trusted host in front of us; results that others wrote into the
    mail are ignored.

    DMARC fail weighs by what the author's domain asks for: reject 6, quarantine 5, none 3. Without DMARC, SPF
    fail (3) or softfail (1) counts when no DKIM signature verified, and so does a signature that is broken
    (1) or that let others add something (2: part of the body, or a second field). What could not be checked does
    not count. An intact ARC chain of a trusted forwarder that found the mail authentic silences all of this.
    """
    incoming = mail.incoming
    found = mail.facts.authentication
    weight = 0
    if found.forwarder:
        return
    if found.dmarc == "fail":
        weight = {"reject": 6, "quarantine": 5}.get(found.dmarc_policy, 3)
    elif found.dmarc != "pass" and found.dkim != "pass":
        weight = {"fail": 3, "softfail": 1}.get(found.spf, 0)
        if found.dkim in ("fail", "policy") and not incoming.is_bulk:
            weight = max(weight, 2 if found.dkim == "policy" else 1)
    if weight:
        words = [
            f"{m} {r}" for m, r in (("DMARC", found.dmarc), ("SPF", found.spf), ("DKIM", found.dkim)) if r
        ]
        results = ", ".join(words)
        values = {"domain": incoming.domain[:60] or found.spf_domain[:60], "results": results}
        evidence = (incoming.from_field(), Evidence(results, "", -1))
        yield Sight(evidence, weight=weight, values=values)

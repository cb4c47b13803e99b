"""IN-AUTH: the checks of the sender's domain (SPF, DKIM, DMARC) say that somebody else sent the mail."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.finding import Evidence, Sight
from filters.rule import Mail, rule


@rule(control="IN-AUTH", direction="inbound")
def authentication_failed(mail: Mail, organisation: Organisation) -> Iterator[Sight]:
    """Our own checks failed, or those of a host in front of us that the settings trust; what others wrote into the mail
    counts for nothing.

    DMARC fail weighs by what the author's domain asks for: reject 6, quarantine 5, none 3. Without DMARC, SPF fail (3)
    or softfail (1) count when no DKIM signature verified, and a signature that was broken (1) or to which others could
    have added something (2: a part of the body, a field twice). What could not be checked is no sign. An intact ARC chain
    of a forwarder that the settings trust, which found the mail to be its author's, silences all of this.
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

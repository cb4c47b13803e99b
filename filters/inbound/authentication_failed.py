"""IN-AUTH: the checks of the sender's domain (SPF, DKIM, DMARC) say that somebody else sent the mail."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.finding import Evidence, Finding
from filters.incoming import incoming_of
from filters.rule import Mail, rule


@rule(
    control="IN-AUTH",
    direction="inbound",
    then="warn",
    weight=3,
    ja="差出人のドメイン（{domain}）から正しく送られたことを確認できません（{results}）",
    en="It could not be confirmed that {domain} really sent this mail ({results})",
)
def authentication_failed(mail: Mail, organisation: Organisation) -> Iterator[Finding]:
    """Our own checks failed; results written into the mail by others count for nothing.

    DMARC fail weighs by the published policy. Without DMARC, SPF fail or softfail count when no DKIM
    signature verified. What could not be checked is no sign.
    """
    incoming = incoming_of(mail)
    found = mail.facts.authentication
    weight = 0
    if found.dmarc == "fail":
        weight = {"reject": 6, "quarantine": 5}.get(found.dmarc_policy, 3)
    elif found.dmarc != "pass" and found.dkim != "pass":
        weight = {"fail": 3, "softfail": 1}.get(found.spf, 0)
        if found.dkim == "fail" and not incoming.is_bulk:
            weight = max(weight, 1)
    if weight:
        words = [
            f"{m} {r}" for m, r in (("DMARC", found.dmarc), ("SPF", found.spf), ("DKIM", found.dkim)) if r
        ]
        results = ", ".join(words)
        values = {"domain": incoming.domain[:60] or found.spf_domain[:60], "results": results}
        evidence = (incoming.from_field(), Evidence(results, "", -1))
        yield Finding("", "", evidence, weight=weight, values=values)

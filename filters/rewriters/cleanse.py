"""Fields that only we may write are removed from mail from outside (RFC 8601 §5, IN-WARN).

Otherwise a sender could vouch for himself, or tell the mail program that we found nothing.
"""

from collections.abc import Sequence

from config.policy import Policy
from filters.finding import Finding
from filters.rewrite import Reach, rewriter
from filters.rule import Mail
from mail.compose import Edit
from mail.message import Header
from mail.trace import claims

OURS = "x-sekisho-"


@rewriter("own_fields", reach=Reach("inbound", removes=(f"{OURS}*", "authentication-results")))
def own_fields(
    mail: Mail, policy: Policy, findings: Sequence[Finding], recipients: tuple[int, ...]
) -> list[Edit]:
    """Every X-Sekisho-* field, and each Authentication-Results that may be read as written under our name, a
    name in our domains, or that of a trusted host that this mail did not come through."""
    own = policy.organisation.internal
    found = mail.facts.authentication
    names = {n.lower() for n in (mail.facts.authserv_id, *found.reserved)} - {""}

    def is_ours(header: Header) -> bool:
        if header.name.startswith(OURS):
            return True
        if header.name != "authentication-results":
            return False
        return any(n in names or (own(n) and n != found.believed) for n in claims(header))

    return [Edit(*header.span, b"") for header in mail.message.headers if is_ours(header)]

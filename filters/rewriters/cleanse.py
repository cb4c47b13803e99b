"""Fields that only we may write are removed from mail that comes from outside (RFC 8601 §5, IN-WARN).

A sender could otherwise vouch for himself, or tell the mail program that we found nothing.
"""

import re
from collections.abc import Sequence

from config.policy import Policy
from filters.finding import Finding
from filters.rewrite import rewriter
from filters.rule import Mail
from mail.compose import Edit
from mail.message import Header

OURS = "x-sekisho-"
_COMMENT = re.compile(r"\s*\([^()]*\)")


@rewriter("own_fields")
def own_fields(
    mail: Mail, policy: Policy, findings: Sequence[Finding], recipients: tuple[int, ...]
) -> list[Edit]:
    """Every X-Sekisho-* field, and each Authentication-Results that bears our name or one in our domains."""
    own = policy.organisation.internal
    names = {mail.facts.authserv_id.lower()} - {""}

    def is_ours(header: Header) -> bool:
        if header.name.startswith(OURS):
            return True
        if header.name != "authentication-results":
            return False
        name = authserv_id(header.text)
        return name in names or own(name)

    return [Edit(*header.span, b"") for header in mail.message.headers if is_ours(header)]


def authserv_id(value: str) -> str:
    """The name of the host that an Authentication-Results value says it comes from, in lower case."""
    rest = _COMMENT.sub("", value, count=1) if value.lstrip().startswith("(") else value
    token = re.match(r'\s*"?([^;"\s]+)', rest)
    return token[1].lower() if token else ""

"""Header fields that never pass: Bcc of mail that leaves, and fields in our own name that came from outside."""

from collections.abc import Sequence

from config.policy import Policy
from filters.finding import Finding
from filters.rewrite import rewriter
from filters.rule import Mail
from mail.compose import Edit


@rewriter("bcc_field")
def bcc_field(
    mail: Mail, policy: Policy, findings: Sequence[Finding], recipients: tuple[int, ...]
) -> list[Edit]:
    """Remove Bcc and Resent-Bcc: they name people to whom they were to stay unknown (RFC 5322 §3.6.3)."""
    return [Edit(*h.span, b"") for h in mail.message.headers if h.name in ("bcc", "resent-bcc")]


@rewriter("own_fields")
def own_fields(
    mail: Mail, policy: Policy, findings: Sequence[Finding], recipients: tuple[int, ...]
) -> list[Edit]:
    """Remove X-Sekisho-* fields that a stranger wrote: people and filters behind us believe ours."""
    return [Edit(*h.span, b"") for h in mail.message.headers if h.name.startswith("x-sekisho-")]

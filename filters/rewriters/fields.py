"""Header fields that never leave, whatever the verdict."""

from collections.abc import Sequence

from config.policy import Policy
from filters.finding import Finding
from filters.rewrite import Reach, rewriter
from filters.rule import Mail
from mail.compose import Edit


@rewriter("bcc_field", reach=Reach("outbound", removes=("bcc", "resent-bcc")))
def bcc_field(
    mail: Mail, policy: Policy, findings: Sequence[Finding], recipients: tuple[int, ...]
) -> list[Edit]:
    """Remove Bcc and Resent-Bcc: they name people who were to stay unknown (RFC 5322 §3.6.3)."""
    return [Edit(*h.span, b"") for h in mail.message.headers if h.name in ("bcc", "resent-bcc")]

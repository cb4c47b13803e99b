"""IN-FREEMAIL: the sender has his mailbox where anybody can open one."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.finding import Finding
from filters.hosts import below, is_freemail
from filters.incoming import incoming_of
from filters.rule import Mail, rule


@rule(
    control="IN-FREEMAIL",
    direction="inbound",
    then="warn",
    weight=1,
    ja="フリーメールアドレス（{domain}）から送信されています",
    en="It was sent from a free-mail address ({domain})",
)
def freemail_sender(
    mail: Mail, organisation: Organisation, *, also: tuple[str, ...] = (), allowed: tuple[str, ...] = ()
) -> Iterator[Finding]:
    """The author's domain is in the list of free-mail providers. `also` adds domains, `allowed` takes some away."""
    incoming = incoming_of(mail)
    domain = incoming.domain
    if domain and not below(domain, allowed) and (is_freemail(domain) or below(domain, also)):
        yield Finding("", "", (incoming.from_field(),), values={"domain": domain[:60]})

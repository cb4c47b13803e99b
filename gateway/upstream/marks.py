"""Whether a mail that a provider's host brought is of our organisation: what the provider, or a rule of ours there, wrote into it.

Everybody at the provider reaches us by the same hosts. So its mark must be there once, and say nothing but our name: of
two, one may be what a stranger brought along. Only the header counts, as it came. Pure.

Microsoft 365 stamps what leaves one of its tenants: X-MS-Exchange-CrossTenant-Id (whose it is), -FromEntityHeader ("Hosted"
for a mailbox, "HybridOnPrem" for what came by a connector, "Internet" for what only passed), -AuthAs ("Internal" for who
logged in), and X-OriginatorOrg, a domain of the tenant.
"""

import hmac
from collections.abc import Callable, Iterator, Sequence

from config.upstreams import UpstreamSection
from mail.address import a_labels
from mail.header import Header
from mail.message import Message

TENANT = "x-ms-exchange-crosstenant-id"
ENTITY = "x-ms-exchange-crosstenant-fromentityheader"
AUTHENTICATED = "x-ms-exchange-crosstenant-authas"
ORIGINATOR = "x-originatororg"
HOSTED, BY_CONNECTOR = "hosted", "hybridonprem"
INTERNAL, ANONYMOUS = "internal", "anonymous"
DAMAGE = frozenset(
    {
        "header-block-too-large", "header-too-large", "too-many-headers", "junk-in-header", "missing-blank-line",
        "mbox-line",
    }
)  # fmt: skip
"""Headers of which two readers see different fields."""
MOST = 200
"""Octets of a mark that are compared."""


def foreign(
    message: Message, section: UpstreamSection, secrets: Sequence[str], ours: Callable[[str], bool]
) -> str:
    """Why a mail is not known to be ours, "" when it is; for the log. `ours` answers whether a domain is ours, `secrets`
    are the values that section.secret_header may have."""
    if not section.shared:
        return _secret(message, section, secrets)
    if not message.headers or DAMAGE.intersection(message.root.problems):
        return "a damaged header"
    if section.kind == "microsoft365" and (reason := _microsoft(message, section, ours)):
        return reason
    return _secret(message, section, secrets)


def by_connector(message: Message) -> bool:
    """Whether Microsoft 365 says that it got the mail from another host of the same organisation."""
    return [_value(field) for field in message.all(ENTITY)] == [BY_CONNECTOR]


def _microsoft(message: Message, section: UpstreamSection, ours: Callable[[str], bool]) -> str:
    tenants = message.all(TENANT)
    if reason := _one(tenants, "tenant"):
        return reason
    if _value(tenants[0]) != section.tenant_id:
        return "another tenant"
    entities = (HOSTED, BY_CONNECTOR) if section.on_premises else (HOSTED,)
    logins = (INTERNAL, ANONYMOUS) if section.on_premises else (INTERNAL,)
    for name, word, known in ((ENTITY, "sender", entities), (AUTHENTICATED, "login", logins)):
        values = [_value(field) for field in message.all(name)]
        if len(values) > 1:
            return f"several marks of the {word}"
        if values and values[0] not in known:
            return f"another {word}"
    originators = [_value(field) for field in message.all(ORIGINATOR)]
    if len(originators) > 1:
        return "several marks of the originator"
    if originators and originators[0] not in section.originators and not ours(a_labels(originators[0])):
        return "another originator"
    return ""


def _secret(message: Message, section: UpstreamSection, secrets: Sequence[str]) -> str:
    if not section.secret_header:
        return ""
    fields = message.all(section.secret_header)
    if reason := _one(fields, "secret"):
        return reason
    value = fields[0].value.strip(b" \t")
    known = any(hmac.compare_digest(value, each.encode()) for each in secrets)
    return "" if known else "another secret"


def _one(fields: Sequence[Header], name: str) -> str:
    if not fields:
        return f"no mark of the {name}"
    return f"several marks of the {name}" if len(fields) > 1 else ""


def _value(field: Header) -> str:
    """In lower case; what is not plain ASCII is nobody's mark."""
    value = field.value.strip(b" \t\r\n")
    return value.decode("ascii").lower() if len(value) <= MOST and value.isascii() else ""


def without(message: Message, name: str) -> Iterator[memoryview]:
    """The pieces of a mail without the fields of that name ("": without none)."""
    at = 0
    for field in message.all(name) if name else ():
        start, end = field.span
        yield message.view[at:start]
        at = end
    yield message.view[at:]

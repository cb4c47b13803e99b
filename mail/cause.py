"""Why mail waits on its way to a next hop: every cause there is, by the name under which it is stored and told.

Whoever finds out says it in the reply (mail/reply.py); words for people and what an operator can do stand under
`values.cause` and `values.remedy` (config/words).
"""

from enum import StrEnum


class Cause(StrEnum):
    """A cause by its name. `of_host`: there is no session with the next hop at all, so that all mail for it waits."""

    of_host: bool

    def __new__(cls, name: str, of_host: bool) -> "Cause":
        cause = str.__new__(cls, name)
        cause._value_ = name
        cause.of_host = of_host
        return cause

    @classmethod
    def named(cls, name: str) -> "Cause | None":
        """The cause of this name; None for one that only another version knows."""
        return next((cause for cause in cls if cause.value == name), None)

    NO_ROUTE = "no_route", True  # the settings name no next hop for the domain
    NO_ADDRESS = "no_address", True  # the name of the next hop cannot be resolved
    CONNECTION_REFUSED = "connection_refused", True  # nobody listens there
    UNREACHABLE = "unreachable", True  # the network says that there is no way
    NO_ANSWER = "no_answer", True  # no connection, or no greeting, in time
    SESSION_CUT = "session_cut", True  # it hung up before the session was opened
    SESSION_REFUSED = (
        "session_refused",
        True,
    )  # greeting or EHLO was answered with a refusal, or with nonsense
    LOGIN_REFUSED = "login_refused", True
    NO_TLS = "no_tls", True  # STARTTLS, or AUTH after it, is required and not offered
    TLS_REFUSED = "tls_refused", True  # STARTTLS was offered and then refused
    NOT_TLS = "not_tls", True  # what answers does not speak TLS from the first byte
    TLS_VERSION = "tls_version", True  # no protocol, cipher or key size that both accept
    TLS_CUT = "tls_cut", True  # the handshake was cut or took too long
    TLS_FAILED = "tls_failed", True  # it failed in another way, which the detail tells
    CERTIFICATE_UNTRUSTED = "certificate_untrusted", True  # no authority that we trust signed it
    CERTIFICATE_NAME = "certificate_name", True  # it is for another host
    CERTIFICATE_EXPIRED = "certificate_expired", True
    CERTIFICATE_EARLY = "certificate_early", True  # not valid yet
    CERTIFICATE_BAD = "certificate_bad", True  # refused for what else is wrong with it
    CA_FILE = "ca_file", True  # our own file of trusted authorities cannot be read
    TOLD_TO_WAIT = "told_to_wait", False  # the next hop answered 4yz to this mail
    CONNECTION_LOST = "connection_lost", False  # in the middle of this mail
    TOO_SLOW = "too_slow", False  # a reply did not come in time
    NONSENSE = "nonsense", False  # what came was no reply, or none to the command
    BUSY = "busy", False  # our own connections to it are all in use
    CONTENT_DAMAGED = "content_damaged", False  # what we stored cannot be read
    OUR_ERROR = "our_error", False


def one_line(text: str, limit: int = 200) -> str:
    """What a peer or a library said, fit for a log, a journal and a page: printable, on one line, at most so long."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:limit]

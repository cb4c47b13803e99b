"""Connecting to a next hop: the TLS matrix (T17), AUTH, and nothing secret anywhere."""

import asyncio
import base64
import errno
import socket
import ssl
from collections.abc import Callable
from pathlib import Path

import pytest

from config.policy import Organisation, Policy
from gateway.deliver.courier import Courier
from gateway.deliver.next_hop import NextHop, Routes, Timeouts
from gateway.deliver.transaction import SmtpTransaction
from mail.cause import Cause
from mail.envelope import Envelope, ForwardPath
from mail.reply import Reply
from quarantine.item import Status
from tests.services.certificates import Authority, old
from tests.services.sink import Act, Sink

QUICK = Timeouts(connect=2, command=0.5, block=0.5, final=0.5)
pytestmark = pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning"  # asyncio's StreamWriter after a failed handshake
)
ENVELOPE = Envelope("a@here.example", (ForwardPath("x@there.example"),))
CONTENT = [b"Subject: x\r\n\r\nbody\r\n"]


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


def hop(sink: Sink, authority: Authority | None = None, **more: object) -> NextHop:
    ca_file = str(authority.file) if authority else ""
    values = {"host": "localhost", "port": sink.port, "timeouts": QUICK, "ca_file": ca_file, **more}
    return NextHop(**values)  # type: ignore[arg-type]


async def outcome(to: NextHop) -> tuple[Status, str]:
    courier = Courier("gw.example")
    (one,) = await courier.deliver(to, ENVELOPE, CONTENT)
    await courier.close()
    return one.status, one.reply.enhanced


async def deferred(to: NextHop) -> Reply:
    """What an attempt at a delivery says."""
    courier = Courier("gw.example")
    (one,) = await courier.deliver(to, ENVELOPE, CONTENT)
    await courier.close()
    return one.reply


async def cause_of(to: NextHop) -> str:
    return (await deferred(to)).cause or ""


CONTEXTS: dict[str, Callable[[Authority, Path], ssl.SSLContext | None]] = {
    "good": lambda a, _: a.server("localhost"),
    "not offered": lambda a, _: None,
    "expired": lambda a, _: a.server("localhost", days=-1),
    "not yet": lambda a, _: a.server("localhost", since=1),
    "other name": lambda a, _: a.server("elsewhere.example"),
    "unknown authority": lambda a, tmp: Authority(tmp, "Somebody Else").server("localhost"),
    "TLS 1.1": lambda a, _: old(a.server("localhost")),
}
SENT = {
    ("none", "good"): "clear",
    ("none", "not offered"): "clear",
    ("opportunistic", "good"): "TLS",
    ("opportunistic", "not offered"): "clear",
    ("opportunistic", "expired"): "TLS",
    ("opportunistic", "not yet"): "TLS",
    ("opportunistic", "other name"): "TLS",
    ("opportunistic", "unknown authority"): "TLS",
    ("encrypt", "good"): "TLS",
    ("encrypt", "expired"): "TLS",
    ("encrypt", "not yet"): "TLS",
    ("encrypt", "other name"): "TLS",
    ("encrypt", "unknown authority"): "TLS",
    ("verify", "good"): "TLS",
}
"""Everything else waits: in particular nothing ever leaves in clear text at encrypt and verify."""
CAUSES = {
    "not offered": Cause.NO_TLS,
    "expired": Cause.CERTIFICATE_EXPIRED,
    "not yet": Cause.CERTIFICATE_EARLY,
    "other name": Cause.CERTIFICATE_NAME,
    "unknown authority": Cause.CERTIFICATE_UNTRUSTED,
    "TLS 1.1": Cause.TLS_CUT,  # this server hangs up without an alert; with one: test_tls.py and Postfix
}


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("server", list(CONTEXTS))
@pytest.mark.parametrize("level", ["none", "opportunistic", "encrypt", "verify"])
async def test_tls_levels(authority: Authority, tmp_path: Path, level: str, server: str) -> None:
    if level == "none" and server not in ("good", "not offered"):
        pytest.skip("the same")
    async with Sink(tls=CONTEXTS[server](authority, tmp_path)) as sink:
        to = hop(sink, authority, tls=level)
        status, enhanced = await outcome(to)
        expected = SENT.get((level, server), "")
        assert status is (Status.DELIVERED if expected else Status.DEFERRED)
        assert [bool(mail.tls) for mail in sink.mails] == ([expected == "TLS"] if expected else [])
        assert expected or enhanced in ("4.7.5", "4.7.10", "4.4.2")
        if not expected:
            assert "MAIL" not in sink.verbs()
            assert await cause_of(to) == CAUSES[server]


@pytest.mark.parametrize("server", ["good", "other name", "unknown authority", "expired", "not yet"])
@pytest.mark.parametrize("level", ["encrypt", "verify"])
async def test_implicit_tls(authority: Authority, tmp_path: Path, level: str, server: str) -> None:
    async with Sink(tls=CONTEXTS[server](authority, tmp_path), implicit=True) as sink:
        to = hop(sink, authority, tls=level, implicit=True)
        status, _ = await outcome(to)
        fine = level == "encrypt" or server == "good"
        assert await cause_of(to) == ("" if fine else CAUSES[server])
        assert status is (Status.DELIVERED if fine else Status.DEFERRED)


@pytest.mark.parametrize("implicit", [False, True])
async def test_server_name_is_what_the_certificate_is_checked_for(
    authority: Authority, implicit: bool
) -> None:
    async with Sink(tls=authority.server("mx.corp.example"), implicit=implicit) as sink:
        one = hop(sink, authority, tls="verify", implicit=implicit, server_name="mx.corp.example")
        assert (await outcome(one))[0] is Status.DELIVERED
        other = hop(sink, authority, tls="verify", implicit=implicit, server_name="mx.other.example")
        assert (await outcome(other))[0] is Status.DEFERRED


async def test_an_authority_file_that_is_not_there_is_a_deferral(tmp_path: Path) -> None:
    async with Sink() as sink:
        assert await outcome(hop(sink, tls="verify", ca_file=str(tmp_path / "none"))) == (
            Status.DEFERRED,
            "4.7.5",
        )


async def test_a_certificate_that_the_operator_trusts_meanwhile(authority: Authority, tmp_path: Path) -> None:
    """The file of authorities is read again after a certificate was not trusted: no restart is needed."""
    file = tmp_path / "trusted.pem"
    file.write_bytes(Authority(tmp_path, "Somebody Else").file.read_bytes())
    async with Sink(tls=authority.server("localhost")) as sink:
        to, courier = hop(sink, tls="verify", ca_file=str(file)), Courier("gw.example")
        (first,) = await courier.deliver(to, ENVELOPE, CONTENT)
        file.write_bytes(authority.file.read_bytes())
        (second,) = await courier.deliver(to, ENVELOPE, CONTENT)
        await courier.close()
    assert (first.cause, second.status) == (Cause.CERTIFICATE_UNTRUSTED, Status.DELIVERED)


# Every other cause.

ENDINGS = [
    ({"CONNECT": "554 5.7.1 go\x07 away"}, {}, Cause.SESSION_REFUSED, "554 5.7.1 go away"),
    ({"CONNECT": "421 4.3.2 busy"}, {}, Cause.SESSION_REFUSED, "421 4.3.2 busy"),
    ({"EHLO": "550 5.7.1 no"}, {}, Cause.SESSION_REFUSED, "550 5.7.1 no"),
    ({"CONNECT": Act.CLOSE}, {}, Cause.SESSION_CUT, ""),
    ({"CONNECT": Act.HANG}, {}, Cause.NO_ANSWER, ""),
    ({"STARTTLS": "454 4.7.0 no key"}, {"tls": "encrypt"}, Cause.TLS_REFUSED, "454 4.7.0 no key"),
    ({"TLS": Act.CLOSE}, {"tls": "encrypt"}, Cause.TLS_CUT, ""),
    ({"TLS": Act.HANG}, {"tls": "encrypt"}, Cause.TLS_CUT, ""),
    ({"MAIL": "451 4.3.0 later"}, {}, Cause.TOLD_TO_WAIT, ""),
    ({"RCPT": Act.GARBAGE}, {}, Cause.NONSENSE, ""),
    ({"MAIL": Act.HANG}, {}, Cause.TOO_SLOW, ""),
    ({"DATA": Act.CLOSE}, {}, Cause.CONNECTION_LOST, ""),
]


@pytest.mark.parametrize(("script", "more", "cause", "said"), ENDINGS)
async def test_each_way_to_fail_has_its_cause(
    authority: Authority, script: dict[str, str | Act], more: dict[str, str], cause: Cause, said: str
) -> None:
    async with Sink(script, tls=authority.server("localhost") if more else None) as sink:
        courier = Courier("gw.example")
        (one,) = await courier.deliver(hop(sink, **{"tls": "none", **more}), ENVELOPE, CONTENT)
        await courier.close()
    assert one.cause == cause, one.reply
    assert said in one.reply.reason
    assert one.reply.reason.isprintable()
    assert "\x07" not in one.reply.reason


async def test_tls_from_the_first_byte_to_a_port_that_greets_in_clear_text() -> None:
    async with Sink() as sink:
        assert await cause_of(hop(sink, tls="encrypt", implicit=True)) == Cause.NOT_TLS


async def test_nobody_there() -> None:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))  # taken, and not listening
        to = NextHop(host="127.0.0.1", port=one.getsockname()[1], tls="none", timeouts=QUICK)
        reply = await deferred(to)
    assert reply.cause is Cause.CONNECTION_REFUSED
    assert reply.reason == f"{to.name}: Connection refused"


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (socket.gaierror(socket.EAI_NONAME, "Name or service not known"), Cause.NO_ADDRESS),
        (OSError(errno.ENETUNREACH, "x"), Cause.UNREACHABLE),
        (OSError("no address"), Cause.UNREACHABLE),
        (TimeoutError(), Cause.NO_ANSWER),
    ],
)
async def test_no_way_there(monkeypatch: pytest.MonkeyPatch, error: OSError, cause: Cause) -> None:
    async def fail(*_: object, **__: object) -> object:
        raise error

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", fail)
    assert await cause_of(NextHop(host="relay.example", tls="none", timeouts=QUICK)) == cause


async def test_an_authority_file_that_is_not_there_has_its_cause(tmp_path: Path) -> None:
    async with Sink() as sink:
        assert await cause_of(hop(sink, tls="verify", ca_file=str(tmp_path / "none"))) == Cause.CA_FILE


async def test_a_login_that_is_refused_tells_no_secret(authority: Authority) -> None:
    script = {"AUTH": "535 5.7.8 wrong: hunter2 aHVudGVyMg=="}
    async with Sink(script, tls=authority.server("localhost"), logins={"gw": "other"}) as sink:
        reply = await deferred(hop(sink, authority, tls="verify", username="gw", password="hunter2"))
    assert reply.cause is Cause.LOGIN_REFUSED
    assert "hunter2" not in f"{reply} {reply.reason}"
    assert "aHVudGVyMg" not in f"{reply} {reply.reason}"


REFUSED = (
    "421 4.3.0 no", "454 4.7.0 not now", "554 5.7.0 never",
    Act.CLOSE, Act.RESET, Act.HANG, Act.GARBAGE, Act.ENDLESS, Act.TRICKLE,
)  # fmt: skip


@pytest.mark.parametrize(
    ("moment", "step"),
    [("STARTTLS", step) for step in REFUSED] + [("TLS", Act.CLOSE), ("TLS", Act.HANG), ("TLS", Act.RESET)],
)
async def test_starttls_that_fails_never_ends_in_clear_text(
    authority: Authority, moment: str, step: str | Act
) -> None:
    for level in ("opportunistic", "encrypt", "verify"):
        async with Sink({moment: step}, tls=authority.server("localhost")) as sink:
            assert (await outcome(hop(sink, authority, tls=level)))[0] is Status.DEFERRED
            assert "MAIL" not in sink.verbs()


async def test_clear_text_behind_the_220_is_thrown_away(authority: Authority) -> None:
    """STARTTLS injection: a man in the middle puts an EHLO reply of his own into the clear-text stream."""
    async with Sink({"STARTTLS": Act.INJECTED}, tls=authority.server("localhost")) as sink:
        courier = Courier("gw.example")
        async with await courier.open(hop(sink, authority, tls="verify")) as transaction:
            assert transaction.fault is None
            assert "auth" not in transaction.offered
            assert "dsn" in transaction.offered
            assert transaction.tls.startswith("TLSv1.3 ")
        await courier.close()
        assert sink.verbs()[:3] == ["EHLO", "STARTTLS", "EHLO"]


# AUTH.


async def test_auth_over_tls(authority: Authority) -> None:
    async with Sink(tls=authority.server("localhost"), logins={"gw": "pass\u00e9 word"}) as sink:
        one = hop(sink, authority, tls="verify", username="gw", password="pass\u00e9 word")
        assert (await outcome(one))[0] is Status.DELIVERED
        assert sink.mails[0].login == "gw"


async def test_the_password_never_goes_out_in_clear_text() -> None:
    """T10: a server that does not offer STARTTLS got the password from the library's default settings."""
    async with Sink(logins={"gw": "secret"}) as sink:
        for level in ("opportunistic", "encrypt", "verify"):
            one = hop(sink, tls=level, username="gw", password="secret")
            assert await outcome(one) == (Status.DEFERRED, "4.7.10")
        wire = b"".join(sink.bursts)
        assert b"AUTH" not in wire
        assert b"secret" not in wire
        assert base64.b64encode(b"\0gw\0secret") not in wire


@pytest.mark.parametrize("logins", [{"gw": "another"}, {}], ids=["wrong", "not offered"])
async def test_a_refused_login_bounces_nothing(authority: Authority, logins: dict[str, str]) -> None:
    async with Sink(tls=authority.server("localhost"), logins=logins) as sink:
        one = hop(sink, authority, tls="verify", username="gw", password="secret")
        assert (await outcome(one))[0] is Status.DEFERRED


def test_the_password_is_in_no_representation() -> None:
    one = NextHop(host="mx.example", tls="verify", username="gw", password="hunter2")
    assert "hunter2" not in f"{one!r} {one} {[one]} {list(one.__rich_repr__())}"


@pytest.mark.parametrize(
    "values", [{"tls": "none", "username": "gw"}, {"tls": "none", "implicit": True}], ids=["AUTH", "implicit"]
)
def test_settings_that_contradict_themselves(values: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"next hop mx\.example:25"):
        NextHop(host="mx.example", **values)  # type: ignore[arg-type]


# EHLO.


@pytest.mark.parametrize(
    ("reply", "delivered"), [("502 5.5.1 what?", True), ("451 4.3.0 later", False), ("550 5.7.1 no", False)]
)
async def test_helo_only_for_hosts_that_do_not_know_ehlo(reply: str, delivered: bool) -> None:
    """HELO after "451" would make a host without SMTPUTF8 of one that is only busy, and fail the mail for good."""
    async with Sink({"EHLO": reply}) as sink:
        envelope = Envelope("a@here.example", ENVELOPE.forward_paths, smtputf8=True)
        courier = Courier("gw.example")
        (one,) = await courier.deliver(hop(sink, tls="none"), envelope, CONTENT)
        assert one.status is (Status.DELIVERED if delivered else Status.DEFERRED)
        await courier.close()


async def test_replies_name_no_host(authority: Authority) -> None:
    """The text reaches senders in DSN; which machine it was is for the log."""
    courier = Courier("gw.example")
    async with Sink({"CONNECT": "554 5.7.1 go away, 10.0.0.1"}) as sink:
        transaction: SmtpTransaction = await courier.open(hop(sink, tls="none"))
        assert transaction.fault is not None
        assert "localhost" not in transaction.fault.text
        assert "10.0.0.1" not in transaction.fault.text
        assert f"localhost:{sink.port}" in transaction.fault.reason
        transaction.close()


def test_routes_by_domain_then_by_side() -> None:
    policy = Policy(organisation=Organisation(domains=("ours.example",)))
    relay, mailbox, special = (NextHop(host=f"127.0.0.{n}", tls="none") for n in (1, 2, 3))
    routes = Routes(lambda: policy.organisation, relay, mailbox, {"special.example": special})
    assert routes.next_hop("a@special.example") is special
    assert routes.next_hop("a@ours.example") is mailbox
    assert routes.next_hop("a@elsewhere.example") is relay
    assert Routes(lambda: policy.organisation, None, mailbox, {}).next_hop("a@elsewhere.example") is None


def test_routes_of_an_upstream() -> None:
    """Its own next hops go before the general ones, and exceptions by domain before all."""
    policy = Policy(organisation=Organisation(domains=("ours.example",)))
    relay, mailbox, special, back, into = (
        NextHop(host=name) for name in ("relay", "mailbox", "special", "back", "into")
    )
    routes = Routes(
        lambda: policy.organisation, relay, mailbox, {"special.example": special},
        {"m365": (back, into), "out_only": (back, None), "none": (None, None)},
    )  # fmt: skip
    ways = {
        upstream: [
            routes.next_hop(a, upstream) for a in ("a@x.example", "a@ours.example", "a@special.example")
        ]
        for upstream in ("", "m365", "out_only", "none", "gone")
    }
    general = [relay, mailbox, special]
    assert ways == {
        "": general, "m365": [back, into, special], "out_only": [back, mailbox, special], "none": general, "gone": general,
    }  # fmt: skip

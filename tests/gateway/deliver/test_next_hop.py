"""Connecting to a next hop: the TLS matrix (T17), AUTH, and nothing secret anywhere."""

import base64
import ssl
from collections.abc import Callable
from pathlib import Path

import pytest

from config.policy import Organisation, Policy
from gateway.deliver.courier import Courier
from gateway.deliver.next_hop import NextHop, Routes, Timeouts
from gateway.deliver.transaction import SmtpTransaction
from mail.envelope import Envelope, ForwardPath
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


CONTEXTS: dict[str, Callable[[Authority, Path], ssl.SSLContext | None]] = {
    "good": lambda a, _: a.server("localhost"),
    "not offered": lambda a, _: None,
    "expired": lambda a, _: a.server("localhost", days=-1),
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
    ("opportunistic", "other name"): "TLS",
    ("opportunistic", "unknown authority"): "TLS",
    ("encrypt", "good"): "TLS",
    ("encrypt", "expired"): "TLS",
    ("encrypt", "other name"): "TLS",
    ("encrypt", "unknown authority"): "TLS",
    ("verify", "good"): "TLS",
}
"""Everything else waits: in particular nothing ever leaves in clear text at encrypt and verify."""


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("server", list(CONTEXTS))
@pytest.mark.parametrize("level", ["none", "opportunistic", "encrypt", "verify"])
async def test_tls_levels(authority: Authority, tmp_path: Path, level: str, server: str) -> None:
    if level == "none" and server not in ("good", "not offered"):
        pytest.skip("the same")
    async with Sink(tls=CONTEXTS[server](authority, tmp_path)) as sink:
        status, enhanced = await outcome(hop(sink, authority, tls=level))
        expected = SENT.get((level, server), "")
        assert status is (Status.DELIVERED if expected else Status.DEFERRED)
        assert [bool(mail.tls) for mail in sink.mails] == ([expected == "TLS"] if expected else [])
        assert expected or enhanced in ("4.7.5", "4.7.10", "4.4.2")
        if not expected:
            assert "MAIL" not in sink.verbs()


@pytest.mark.parametrize("server", ["good", "other name", "unknown authority", "expired"])
@pytest.mark.parametrize("level", ["encrypt", "verify"])
async def test_implicit_tls(authority: Authority, tmp_path: Path, level: str, server: str) -> None:
    async with Sink(tls=CONTEXTS[server](authority, tmp_path), implicit=True) as sink:
        status, _ = await outcome(hop(sink, authority, tls=level, implicit=True))
        fine = level == "encrypt" or server == "good"
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
    routes = Routes(lambda: policy, relay, mailbox, {"special.example": special})
    assert routes.next_hop("a@special.example") is special
    assert routes.next_hop("a@ours.example") is mailbox
    assert routes.next_hop("a@elsewhere.example") is relay
    assert Routes(lambda: policy, None, mailbox, {}).next_hop("a@elsewhere.example") is None

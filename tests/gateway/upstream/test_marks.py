"""Providers, whose hosts all their customers share: foreign tenants' mail from the real networks is not relayed, however
the marks are forged; each attempt is first shown to succeed with the right ones."""

import asyncio
import contextlib
from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest

from quarantine.store import Query
from tests.gateway.test_app import HANAKO, TARO
from tests.services.node import ACCOUNTS, DOMAIN, Site, site
from tests.services.upstream import client, listener, say, secret

OURS, THEIRS = "9b2fa7c4-1d3e-4c55-8a21-6f0d3b7e9c10", "46c98d88-e344-4ed4-8496-4ed7712e255d"
SECRET = "q7RtW2-mellow-kite-0419-Hm3"
NAME = "X-MS-Exchange-CrossTenant-Id"
REST = f"""\
X-MS-Exchange-CrossTenant-FromEntityHeader: Hosted
X-MS-Exchange-CrossTenant-AuthAs: Internal
X-OriginatorOrg: {DOMAIN}
"""
MARK = f"{NAME}: {OURS}\n"
EOP = "40.107.1.1"
GOOGLE = "209.85.161.45"
FIELD = "X-Example-Relay"


class Attempt(NamedTuple):
    """What a foreign tenant says. `right_peer`: where the same comes from rightly, if the attempt is to come from elsewhere."""

    name: str
    marks: str
    kind: str = "microsoft365"
    peer: str = ""
    reverse_path: str = TARO
    author: str = f"From: <{TARO}>\n"
    body: str = "\nhello\n"
    right_peer: str = ""


def microsoft(name: str, mark: str = MARK, rest: str = REST, **more: str) -> Attempt:
    return Attempt(name, mark + rest, peer=more.pop("peer", EOP), **more)


def google(name: str, mark: str = f"{FIELD}: {SECRET}\n", **more: str) -> Attempt:
    return Attempt(name, mark, "google", peer=more.pop("peer", GOOGLE), **more)


FOREIGN = f"{NAME}: {THEIRS}\n"
OTHER = "ceo@victim.example"
ATTEMPTS = [
    *(
        microsoft(f"another tenant from {peer}", FOREIGN, peer=peer)
        for peer in (
            "40.92.18.10", "40.93.255.254", "40.107.236.63", "52.100.0.1", "52.103.127.9", "104.47.55.3",
            "2a01:111:f400:7e88::1", "2a01:111:f403:2011::730",
        )
    ),
    microsoft("no mark", ""),
    microsoft("no mark at all", "", ""),
    microsoft("theirs above ours", FOREIGN + MARK),
    microsoft("theirs below ours", MARK + FOREIGN),
    microsoft("ours twice", MARK + MARK),
    microsoft("ours above all, theirs below all", MARK, REST + FOREIGN),
    microsoft("doubled in another case", MARK.lower() + FOREIGN.upper()),
    microsoft("a blank before the colon", f"{NAME} : {OURS}\n{FOREIGN}"),
    microsoft("a tab before the colon", f"{NAME}\t: {OURS}\n{FOREIGN}"),
    microsoft("folded in the middle", f"{NAME}: {OURS[:13]}\n {OURS[13:]}\n"),
    microsoft("theirs folded behind ours", f"{NAME}: {OURS}\n {THEIRS}\n"),
    microsoft("ours folded behind theirs", f"{NAME}: {THEIRS}\n\t{OURS}\n"),
    microsoft("ours in a folded line of another", f"X-Note: a\n {NAME}: {OURS}\n{FOREIGN}"),
    microsoft("several values with commas", f"{NAME}: {OURS}, {THEIRS}\n"),
    microsoft("several values with semicolons", f"{NAME}: {THEIRS};{OURS}\n"),
    microsoft("ours in a comment", f"{NAME}: {THEIRS} ({OURS})\n"),
    microsoft("theirs in a comment", f"{NAME}: {OURS} ({THEIRS})\n"),
    microsoft("ours in quotes", f'{NAME}: "{OURS}"\n'),
    microsoft("ours in braces", f"{NAME}: {{{OURS}}}\n"),
    microsoft("ours as an encoded word", f"{NAME}: =?us-ascii?q?{OURS}?=\n"),
    microsoft("ours with a zero-width character", f"{NAME}: {OURS}\u200b\n"),
    microsoft("ours with full-width digits", f"{NAME}: {OURS.replace('1', '１')}\n"),
    microsoft("the beginning of ours", f"{NAME}: {OURS[:-1]}\n"),
    microsoft("ours and more", f"{NAME}: {OURS}0\n"),
    microsoft("an empty mark", f"{NAME}:\n"),
    microsoft("ours under another name", f"X-{MARK}"),
    microsoft("ours as the original one", f"{NAME}-Original: {OURS}\n"),
    microsoft("ours under a look-alike name", MARK.replace("Exchange", "Exchangе")),
    microsoft("ours in the body", FOREIGN, body=f"\n{MARK}{REST}\nhello\n"),
    microsoft("ours in the body only", "", "", body=f"\n{MARK}{REST}\nhello\n"),
    microsoft(
        "ours in an attached mail", "", "Content-Type: message/rfc822\n" + REST, body=f"\n{MARK}{REST}\nhello\n"
    ),
    microsoft("ours behind a line that is no field", FOREIGN + "no field here\n" + MARK),
    microsoft("a line that is no field", MARK + "no field here\n"),
    microsoft("ours where the empty line is missing", FOREIGN, body=f"hello there\n{MARK}\n"),
    microsoft("a mailbox file's first line", "From us Mon Nov 30 09:00:00 2026\n" + MARK),
    microsoft("another originator", rest=REST.replace(DOMAIN, "attacker.example")),
    microsoft("two originators", rest=REST + "X-OriginatorOrg: attacker.example\n"),
    microsoft("an originator that ends like ours", rest=REST.replace(DOMAIN, f"not{DOMAIN}")),
    microsoft("somebody's connector", rest=REST.replace("Hosted", "HybridOnPrem")),
    microsoft("from the internet", rest=REST.replace("Hosted", "Internet")),
    microsoft("two senders", rest=REST + "X-MS-Exchange-CrossTenant-FromEntityHeader: Internet\n"),
    microsoft("nobody logged in", rest=REST.replace("Internal", "Anonymous")),
    microsoft("From of another domain", author=f"From: <{OTHER}>\n"),
    microsoft("From of nobody", author=f"From: <ghost@{DOMAIN}>\n"),
    microsoft("two From", author=f"From: <{TARO}>\nFrom: <{OTHER}>\n"),
    microsoft("two authors", author=f"From: <{TARO}>, <{OTHER}>\n"),
    microsoft("no From", author=""),
    microsoft("From of one who left", author=f"From: <gone@{DOMAIN}>\n"),
    microsoft("a reverse-path of another domain", reverse_path=OTHER),
    microsoft("a reverse-path of nobody", reverse_path=f"ghost@{DOMAIN}"),
    microsoft("a rewritten reverse-path", reverse_path=f"bounces+SRS=x=y@{DOMAIN}"),
    microsoft("no reverse-path and another From", reverse_path="", author=f"From: <{OTHER}>\n"),
    microsoft("a reverse-path that leads on", reverse_path=f"taro%victim.example@{DOMAIN}"),
    microsoft("right marks from elsewhere", peer="203.0.113.9", right_peer=EOP),
    microsoft("right marks from Google's network", peer=GOOGLE, right_peer=EOP),
    microsoft("right marks from inside", peer="10.0.0.5", right_peer=EOP),
    *(
        google(f"no secret from {peer}", "", peer=peer)
        for peer in ("35.190.247.3", "74.125.82.41", "209.85.220.41", "2607:f8b0:4864:20::1")
    ),
    google("another secret", f"{FIELD}: guessed-secret-0123456789\n"),
    google("the beginning of the secret", f"{FIELD}: {SECRET[:-1]}\n"),
    google("the secret and more", f"{FIELD}: {SECRET}x\n"),
    google("the secret in another case", f"{FIELD}: {SECRET.lower()}\n"),
    google("the secret twice", f"{FIELD}: {SECRET}\n" * 2),
    google("a guess above the secret", f"{FIELD}: guess\n{FIELD}: {SECRET}\n"),
    google("the secret doubled in another case", f"{FIELD}: {SECRET}\n{FIELD.lower()}: x\n"),
    google("the secret in a list", f"{FIELD}: x, {SECRET}\n"),
    google("the secret folded", f"{FIELD}: {SECRET[:9]}\n {SECRET[9:]}\n"),
    google("an empty secret", f"{FIELD}:\n"),
    google("the secret under another name", f"{FIELD}-2: {SECRET}\n"),
    google("the secret in the body", "", body=f"\n{FIELD}: {SECRET}\n"),
    google("Microsoft's mark", MARK + REST),
    google("From of another domain", author=f"From: <{OTHER}>\n"),
    google("a reverse-path of another domain", reverse_path=OTHER),
    google("the secret from elsewhere", peer=EOP, right_peer=GOOGLE),
]  # fmt: skip


def content(attempt: Attempt) -> bytes:
    head = f"To: <{HANAKO}>\nSubject: test\nMessage-ID: <1@x>\nDate: Mon, 02 Nov 2026 10:00:00 +0900\n"
    text = f"{attempt.marks}{attempt.author}{head}{attempt.body}"
    return text.encode().replace(b"\n", b"\r\n")


def right(attempt: Attempt) -> Attempt:
    """The same with nothing in it that is not ours."""
    marks = MARK + REST if attempt.kind == "microsoft365" else f"{FIELD}: {SECRET}\n"
    peer = attempt.right_peer or attempt.peer
    return Attempt(attempt.name, marks, attempt.kind, peer)


def tried(here: Site, attempts: list[Attempt]) -> list[tuple[int, str]]:
    """Each in a transaction of its own; connections by peer."""
    answers = []
    with contextlib.ExitStack() as stack:
        clients = {}
        for attempt in attempts:
            key = attempt.kind, attempt.peer
            if key not in clients:
                clients[key] = stack.enter_context(client(here.node.addresses[attempt.kind], attempt.peer))
            answers.append(say(clients[key], attempt.reverse_path, [HANAKO], content(attempt)))
    return answers


async def test_no_mail_of_a_foreign_tenant_is_relayed(tmp_path: Path) -> None:
    assert len(ATTEMPTS) >= 30
    assert len({(a.kind, a.name) for a in ATTEMPTS}) == len(ATTEMPTS)
    listeners = [
        listener("microsoft365", kind="microsoft365", tenant_id=OURS.upper()),
        listener("google", kind="google", secret_header=FIELD, secret_file=secret(tmp_path, SECRET)),
    ]
    limits = {"trusted": ["0.0.0.0/0", "::/0"], "errors": 1000}
    async with site(tmp_path, listeners=listeners, limits=limits) as here:
        gone = (await here.node.people.account("default", "admin"),)[0]
        assert gone is not None
        gone = type(gone)("gone", addresses=(f"gone@{DOMAIN}",), disabled=True)
        await here.node.people.save(gone, 0.0)

        allowed = await asyncio.to_thread(tried, here, [right(a) for a in ATTEMPTS])
        assert [(a.name, code) for a, (code, _) in zip(ATTEMPTS, allowed, strict=True)] == [
            (a.name, 250) for a in ATTEMPTS
        ]
        relayed = await here.caught(len(ATTEMPTS))
        assert len(relayed) == len(ATTEMPTS)
        assert not any(SECRET.encode() in mail.content for mail in relayed), "the secret goes no further"
        before = await here.node.store.find(Query("default", limit=10_000))

        answers = await asyncio.to_thread(tried, here, ATTEMPTS)
        wrong = {a.name: said for a, said in zip(ATTEMPTS, answers, strict=True) if said[0] != 550}
        assert not wrong
        assert all("5.7.1" in text for _, text in answers)
        assert not any(SECRET in text for _, text in answers)
        after = await here.node.store.find(Query("default", limit=10_000))
        assert len(after) == len(before), "0 relayed, 0 kept"
    assert len(here.catcher.caught) == len(ATTEMPTS)


async def test_a_shared_mailbox_at_a_provider(tmp_path: Path) -> None:
    """Whose of those who share it a mail is says Sender, if one of them."""
    sales = f"sales@{DOMAIN}"
    listeners = [listener("microsoft365", kind="microsoft365", tenant_id=OURS)]
    async with site(tmp_path, listeners=listeners, limits={"trusted": ["40.0.0.0/8"]}) as here:
        for account in ACCOUNTS[:2]:
            await here.node.people.save(msgspec.structs.replace(account, send_as=(sales,)), 0.0)
        attempts = [
            microsoft(sender, author=f"From: <{author}>\nSender: <{sender}>\n", reverse_path=sales)
            for author, sender in ((sales, TARO), (sales, sales), (sales, f"admin@{DOMAIN}"), (TARO, TARO))
        ]
        attempts.append(microsoft("own", author=f"From: <{sales}>\n", reverse_path=TARO))
        answers = await asyncio.to_thread(tried, here, attempts)
        assert [code for code, _ in answers] == [250, 550, 550, 250, 250]
        found = await here.node.store.find(Query("default", direction="outbound"))
        assert [item.owner for item in found] == ["taro"] * 3


@pytest.mark.parametrize("fold", [f"{NAME}:\n\t{OURS}\n", f"{NAME.lower()}:{OURS.upper()} \n"])
async def test_a_mark_as_the_provider_may_write_it(tmp_path: Path, fold: str) -> None:
    listeners = [listener("microsoft365", kind="microsoft365", tenant_id=OURS)]
    async with site(tmp_path, listeners=listeners, limits={"trusted": ["40.0.0.0/8"]}) as here:
        ((code, text),) = await asyncio.to_thread(tried, here, [microsoft("folded", fold)])
        assert code == 250, text

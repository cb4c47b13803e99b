"""What both directions share: ids, routes, trace and signatures."""

from pathlib import Path

import msgspec

from filters.facts import Authentication, Facts, Origin
from gateway.authenticate.arc import Sealer
from gateway.authenticate.results import results_line
from gateway.authenticate.sign import Signer, generate_key
from gateway.deliver.next_hop import NextHop
from mail.envelope import Envelope, ForwardPath
from tests.gateway.test_app import SATO, TARO, mail
from tests.services.node import DOMAIN, site


async def test_ids_routes_trace_and_signatures(tmp_path: Path) -> None:
    async with site(tmp_path, routes={"special.example": {"host": "127.0.0.9", "tls": "none"}}) as here:
        context = here.node.context
        ids = [context.new_id() for _ in range(500)]
        assert len(set(ids)) == 500
        assert all(len(i) == 16 and i.isalnum() for i in ids)
        assert sorted(i[:8] for i in ids) == [i[:8] for i in ids], "ids are ordered by time"

        special = context.next_hop("a@special.example")
        assert isinstance(special, NextHop)
        assert special.host == "127.0.0.9"
        assert context.next_hop(f"a@{DOMAIN}") == context.mailbox
        assert context.next_hop("a@elsewhere.example") == context.relay

        origin = Origin("submission", "192.0.2.1", "pc.example", tls="TLSv1.3", login="taro")
        facts = Facts(
            "outbound", origin, Envelope("", (ForwardPath("a@b.example"), ForwardPath("c@d.example")))
        )
        line = context.received(msgspec.structs.replace(facts, now=1_790_000_000.0), ids[0])
        assert line.startswith(b"Received: from pc.example")
        assert b"with ESMTPSA" in line
        assert b"a@b.example" not in line, "with two recipients none is shown to the other"

        context.signers[DOMAIN] = Signer(DOMAIN, "s1", generate_key())
        content = [b"From: a@b\r\n", b"\r\nbody\r\n"]
        assert (await context.sign(content, f"taro@{DOMAIN.upper()}"))[0].startswith(b"DKIM-Signature:")
        assert await context.sign(content, "x@elsewhere.example") is content
        big = [b"From: a@b\r\n\r\n", b"x" * 76 * 10_000]
        assert (await context.sign(big, f"taro@{DOMAIN}"))[0].startswith(b"DKIM-Signature:")

        context.sealer = Sealer(context.signers[DOMAIN], "gw.test")
        head = results_line(Authentication(spf="pass", arc="none"), "gw.test")
        for mail in (content, big):
            assert (await context.arc_sealed([head, *mail], "none"))[0].startswith(b"ARC-Seal: i=1;")
            for chain in ("fail", ""):
                assert await context.arc_sealed(mail, chain) is mail, "nothing can stand on that"


async def test_a_number_in_a_refused_subject_is_written_nowhere(tmp_path: Path) -> None:
    number = "123456789018"
    async with site(tmp_path) as here:
        content = mail(SATO).replace(b"Subject: test", f"Subject: my number マイナンバー {number}".encode())
        code, text = await here.send(TARO, [SATO], content)
        assert code == 550
        assert number not in text
        (entry,) = await here.node.context.store.entries(event="refuse")
        assert number not in str(entry.detail)

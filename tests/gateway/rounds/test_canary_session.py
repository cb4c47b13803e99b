"""The canary's mails at the listeners: a stamp lets them in and nothing else does, and they end there."""

from pathlib import Path

import pytest

from filters.examined import Examined
from filters.finding import Finding
from gateway.locked import sandbox
from gateway.rounds.canary_letters import DOMAIN
from gateway.rounds.canary_session import LOGIN, WINDOW, Stamps, heard, told
from quarantine.store import Query
from storage.seal import Seal
from tests.gateway.test_app import TARO
from tests.services.node import site


def test_a_stamp_is_good_for_a_while_and_only_of_our_key() -> None:
    now = [10 * WINDOW]
    stamps = Stamps(Seal([bytes(32)]), lambda: now[0])
    stamp = stamps.new()
    assert len(stamp) == 64
    assert stamps.good(stamp)
    assert not stamps.good("")
    assert not stamps.good(stamp[:-1] + ("0" if stamp[-1] != "0" else "1"))
    assert not Stamps(Seal([b"x" * 32]), lambda: now[0]).good(stamp)
    now[0] += WINDOW
    assert stamps.good(stamp)
    now[0] += WINDOW
    assert not stamps.good(stamp)


def test_a_verdict_is_read_as_it_was_told() -> None:
    found = Examined(findings=(Finding("executable", "", ()), Finding("lure", "", ())), warned=True)
    assert heard(told(found).text) == (True, {"executable", "lure"})
    assert heard(told(Examined()).text) == (False, set())
    for other in ("", "OK", "canary", "canary maybe x", "Accepted as abc"):
        assert heard(other) is None


@pytest.mark.skipif("seccomp" not in sandbox.walls(), reason="no system call filters in this kernel")
async def test_nobody_without_a_stamp_and_nowhere_else_with_one(tmp_path: Path) -> None:
    mail = b"Subject: x\r\n\r\nx\r\n"
    async with site(tmp_path) as here:
        stamp = here.node._canary._stamps.new()
        for sender, recipient in (
            (f"{stamp}@{DOMAIN}", TARO),
            (f"{'0' * 64}@{DOMAIN}", f"ours@{DOMAIN}"),
            (f"{stamp}@partner.example", f"ours@{DOMAIN}"),
            (TARO, f"ours@{DOMAIN}"),
        ):
            code, text = await here.send(sender, [recipient], mail, name="inbound", login="")
            assert code == 550, (sender, text)
        code, text = await here.send(f"{stamp}@{DOMAIN}", [f"any@{DOMAIN}"], mail, name="inbound", login="")
        assert (code, heard(text) is not None) == (250, True)
        check = here.node._canary.let_in(_nobody)
        assert check is not None
        assert (entered := await check(LOGIN, stamp, None)) is not None  # type: ignore[arg-type]
        assert await entered.stands()
        assert await check(LOGIN, "0" * 64, None) is None  # type: ignore[arg-type]
        assert await check("taro", stamp, None) is None  # type: ignore[arg-type]
        assert here.node._canary.let_in(None) is None
        assert await here.node.store.find(Query("default")) == []
        assert here.catcher.caught == []


async def _nobody(*_: object) -> None:
    return None

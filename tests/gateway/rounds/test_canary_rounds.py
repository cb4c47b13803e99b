"""The node's own mails: each is judged as expected in a whole node, reaches nobody, and is refused from outside."""

from pathlib import Path

import msgspec
import pytest

from config.policy import RulePolicy
from filters.examined import UNEXAMINABLE
from gateway.locked import sandbox
from gateway.rounds import canary_rounds
from gateway.rounds.canary_letters import DOMAIN, letters
from quarantine.service.shown import Proof
from quarantine.store import Query
from tests.gateway.test_app import TARO
from tests.services.clamav import clamav
from tests.services.node import policy_of, site

pytestmark = pytest.mark.skipif(
    "seccomp" not in sandbox.walls(), reason="no system call filters in this kernel"
)


async def test_each_path_of_a_node_is_proved_and_nobody_gets_anything(tmp_path: Path) -> None:
    with clamav() as daemon:
        scanner = {"clamd": daemon.unix, "database_days": 0}
        async with site(tmp_path, scanner=scanner) as here:
            proofs = await here.node._canary.prove()
            store = here.node.store
            assert await store.find(Query("default")) == []
            assert await store.entries("default") == []
            kept = store.blobs.keys()
            assert [page async for page in kept if page] == []
            code, text = await here.send(
                f"x@{DOMAIN}", [TARO], b"Subject: x\r\n\r\nx\r\n", name="inbound", login=""
            )
            assert code == 550, text
            assert here.catcher.caught == []
            assert here.node._canary.proofs() == proofs
    assert {proof.path: proof.why for proof in proofs if proof.why} == {}
    brought = {f"{c.name} by {'submission' if c.direction == 'outbound' else c.direction}" for c in letters()}
    assert brought < {proof.path for proof in proofs}
    assert {"store", "listener inbound", "listener submission"} < {proof.path for proof in proofs}
    told = (tmp_path / "state/canary.prom").read_text()
    assert 'sekisho_canary_up{path="inbound_lure by inbound"} 1\n' in told
    assert 'sekisho_canary_proved_timestamp_seconds{path="store"} 1' in told


async def test_what_no_longer_sees_is_said_and_when_it_last_did(tmp_path: Path) -> None:
    shipped = policy_of()
    off = {"executable": RulePolicy("off")}
    async with site(tmp_path, msgspec.structs.replace(shipped, rules={**shipped.rules, **off})) as here:
        canary = here.node._canary
        first = {proof.path: proof for proof in await canary.prove()}
        assert "inbound_lure by inbound" not in first, "the policy does not want to know"
        assert "inbound_virus by inbound" not in first, "there is no scanner"
        await here.catcher.stop()
        second = {proof.path: proof for proof in await canary.prove()}
        (hop,) = (path for path in second if path.startswith("hop "))
        assert second[hop].why
        assert second[hop].at == first[hop].at > 0
        assert second["store"].at > first["store"].at
        assert f'sekisho_canary_up{{path="{hop}"}} 0' in (tmp_path / "state/canary.prom").read_text()


@pytest.mark.parametrize("letter", letters(), ids=lambda letter: letter.name)
def test_what_would_be_otherwise(letter: canary_rounds.CanaryLetter) -> None:
    assert canary_rounds._otherwise(letter, False, {UNEXAMINABLE}) == "it could not be examined"
    if letter.finds:
        assert canary_rounds._otherwise(letter, False, set()) == f"{letter.finds} saw nothing"
        assert not canary_rounds._otherwise(letter, False, {letter.finds})
    else:
        assert canary_rounds._otherwise(letter, True, set())


def test_a_file_that_cannot_be_written_stops_nobody(tmp_path: Path) -> None:
    canary_rounds.written(tmp_path / "no/such/canary.prom", (Proof("store", 1.0),))

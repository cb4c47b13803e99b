"""A new policy tried on the mail of the last days: from what is remembered, and from the content of what still waits."""

import datetime
import json
import tracemalloc
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec import structs

from config.cases import PolicyException, When
from config.policy import ConfigError
from config.written import Written
from filters.decision.pseudonyms import Pseudonyms
from filters.decision.remembered import packed, read
from filters.examined import Features
from gateway.command import replay
from gateway.command.replay import Replayed, Trial
from quarantine.item import Event, State
from quarantine.policies.versions import Versions
from quarantine.rehearsal import memory
from quarantine.rehearsal.memory import Ground, Kept, Memory
from quarantine.rights import Actor
from quarantine.store import Query
from storage.interfaces import Transaction
from storage.seal import Seal
from tests.filters.mails import examined, facts, plain, policy
from tests.gateway.test_app import HANAKO, SATO, TARO, mail
from tests.services.clamav import EICAR, clamav
from tests.services.node import DOMAIN, site

OURS = f'[organisation]\ndomains = ["{DOMAIN}"]\ngroup_domains = ["group.example"]\n'
NEW = OURS + (
    '[groups.client]\nrecipients = { domains = ["client.example.net"] }\n'
    '[rules.external_recipient]\nthen = "delay 5m"\n'
    '[[rules.external_recipient.cases]]\nname = "client"\nwhen = { to = "client" }\nthen = "delay 1m"\n'
    '[rules.many_external]\nthen = "hold"\naddresses = 9\n'
    '[rules.confidential_body]\nthen = "hold"\n'
)


SEAL = Seal([b"s" * 32])


def written(folder: Path, text: str) -> Path:
    (folder / "new.toml").write_text(text)
    return folder / "new.toml"


async def test_what_a_new_policy_would_have_done(tmp_path: Path) -> None:
    async with site(tmp_path) as here:
        settings, node = here.node.settings, here.node
        await here.send(TARO, [SATO], mail(SATO))
        await here.send(TARO, [SATO, HANAKO], mail(f"{SATO}, {HANAKO}", "本文 2\n"))
        code, _ = await here.send(TARO, [SATO], mail(SATO, "【極秘】条件は次のとおり。\n"))
        assert code == 550
        await here.send(TARO, [HANAKO], mail(HANAKO))
        await here.send(
            "x@stranger.example", [TARO], mail(TARO, sender="x@stranger.example"), name="inbound", login=""
        )
        same = await replay.replay(settings, "default", written(tmp_path, OURS), 7)
        assert (same.mails, same.same, same.changed) == (5, 5, {})
        assert same.unknown == {}
        assert same.exact == 2

        held = await node.store.find(Query("default", state=(State.HELD,), order="oldest"))
        await node.store.change(held[0].id, Event.RECALL, Actor("taro", tenant="default"), node.clock())
        answer = await replay.replay(settings, "default", written(tmp_path, NEW), 7)
        assert (answer.mails, answer.exact) == (5, 1)
        shorter = answer.changed["delay shorter"]
        assert shorter.mails == [held[0].mail_id, held[1].mail_id]
        assert shorter.by == {'external_recipient: delay 1m by "client"': 2}
        assert len(answer.changed["newly delay"].mails) == 1
        assert answer.changed["newly hold"].by == {"confidential_body: hold": 1}
        assert answer.changed["no longer refuse"].by == {"confidential_body: reject, now hold": 1}
        assert set(answer.unknown) == {"rules.many_external.addresses"}
        told = replay.readable(answer, 1)
        assert "delay shorter: 2\n" in told
        assert f"    {held[0].mail_id} … and 1 more\n" in told
        assert "rules.many_external.addresses: another one: what the rule sees with it needs the text" in told
        assert json.loads(replay.as_json(answer))["changed"][0]["ids"] == shorter.mails
        assert (await replay.replay(settings, "other", written(tmp_path, NEW), 7)).mails == 0
        assert (await replay.replay(settings, "default", written(tmp_path, NEW), 0)).mails == 0


async def test_a_version_of_the_history_is_rehearsed_by_its_number(tmp_path: Path) -> None:
    async with site(tmp_path) as here:
        settings, node = here.node.settings, here.node
        await here.send(TARO, [SATO], mail(SATO))
        text = OURS + '[rules.external_recipient]\nthen = "hold"\n'
        version, _ = await Versions(node.store, "default").add(
            Written(text, {}, "x"), "operator:test", node.clock()
        )
        numbered = Path(str(version.number))
        answer = await replay.replay(settings, "default", numbered, 7)
        assert answer.mails == 1
        assert set(answer.changed) == {"newly hold", "no longer delay"}
        with pytest.raises(ConfigError, match="no version 99"):
            await replay.replay(settings, "default", Path("99"), 7)


async def test_mail_that_waits_is_scanned_again_and_decided_from_memory_while_nobody_scans(
    tmp_path: Path,
) -> None:
    """A wound: without a scanner's word a held virus looked as if the new policy let it go."""
    with clamav() as daemon:
        asked = {"clamd": daemon.unix, "database_days": 0, "seconds": 5}
        async with site(tmp_path, scanner=asked) as here:
            code, _ = await here.send(TARO, [SATO], mail(SATO, f"{EICAR.decode()}\n"))
            assert code == 250
            same = await replay.replay(here.node.settings, "default", written(tmp_path, OURS), 7)
            assert (same.mails, same.same, same.exact, same.changed) == (1, 1, 1, {})
            daemon.program.terminate()
            daemon.program.wait()
            same = await replay.replay(here.node.settings, "default", written(tmp_path, OURS), 7)
            assert (same.mails, same.same, same.exact, same.changed) == (1, 1, 0, {})


async def test_mail_that_waits_is_examined_again_from_its_content(tmp_path: Path) -> None:
    """So that a rule that was off, or a word that is new, is judged as it will be."""
    async with site(tmp_path) as here:
        await here.send(TARO, [SATO, HANAKO], mail(f"{SATO}, {HANAKO}", "計画アオバの件です。\n"))
        await here.send(TARO, [HANAKO], mail(HANAKO, "計画アオバの件です。\n"))
        word = (
            OURS
            + '[[organisation.patterns]]\nname = "p"\nwords = ["計画アオバ"]\nthen = "approve president"\n'
        )
        answer = await replay.replay(here.node.settings, "default", written(tmp_path, word), 7)
        assert answer.exact == 1
        (change,) = answer.changed.values()
        assert (change.what, len(change.mails)) == (
            "newly ask president to approve",
            1,
        )  # nobody is president here
        assert answer.unknown == {
            "organisation.patterns": ("another one: what is found by it needs the text", 1)
        }
        (held,) = await here.node.store.find(Query("default", state=(State.HELD,)))
        assert held.approvals == ()  # it was looked at, and nothing was done


def test_a_mail_of_which_nothing_changes_leaves_nothing_in_memory() -> None:
    before = policy(external_recipient="delay 5m")
    key = b"k" * 32
    ground, pseudonyms = Ground("g", key, {}), Pseudonyms(key)
    answer = examined(plain("本文です。"), rules=before)
    trial, sizes = Trial(before, "UTC", 7), []
    tracemalloc.start()
    try:
        for number in range(1, 1201):
            features = packed(facts(), structs.replace(answer, features=Features(number)), pseudonyms)
            trial.decide(Kept(float(number), f"m{number}", "g", features), read(features), ground)
            if number % 600 == 0:
                sizes.append(tracemalloc.get_traced_memory()[0])
    finally:
        tracemalloc.stop()
    assert (trial.answer.same, trial.answer.changed) == (1200, {})
    assert sizes[1] - sizes[0] < 60_000  # 100 bytes for each


async def test_what_cannot_be_decided_on_is_said_and_not_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with site(tmp_path) as here:
        settings, database = here.node.settings, here.node.store.database
        for number in range(8):
            await here.send(TARO, [HANAKO], mail(HANAKO, f"本文 {number}\n"))
        ids = [m.mail_id for m in await Memory(database, SEAL, policy, 7).mails("default", 0)]
        written_down = {
            ids[0]: b"", ids[1]: b"\xc1", ids[2]: b"\x9c" * 400_000, ids[3]: b"x" * 2_000_000,
            ids[4]: msgspec.msgpack.encode(["outbound", {}, b"", [b""], [], None, [], "x", False, [[{}, [9]]], []]),
        }  # fmt: skip

        def damage(transaction: Transaction) -> None:
            for mail_id, features in written_down.items():
                values = {"id": mail_id, "features": features}
                transaction.execute("UPDATE rehearsal SET features = :features WHERE mail_id = :id", values)
            transaction.execute("UPDATE rehearsal SET ground = 'gone' WHERE mail_id = :id", {"id": ids[5]})

        await database.write(damage)
        answer = await replay.replay(settings, "default", written(tmp_path, OURS), 7)
        assert (answer.mails, answer.same, answer.erased, answer.stale) == (2, 2, 0, False)
        assert answer.left_out == {replay.DAMAGED: ids[:5], replay.NO_KEY: [ids[5]]}
        told = replay.readable(answer, 1)
        assert f"not decided on: 5: {replay.DAMAGED}\n    {ids[0]} … and 4 more" in told
        assert json.loads(replay.as_json(answer))["not_decided"][0]["ids"] == [ids[5]]
        await database.write(lambda t: t.execute("UPDATE rehearsal_ground SET sealed = :x", {"x": b"x" * 40}))
        answer = await replay.replay(settings, "default", written(tmp_path, OURS), 7)
        assert (answer.mails, len(answer.left_out[replay.NO_KEY])) == (0, 8)


async def test_keys_rows_and_the_policy_may_change_while_it_looks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with site(tmp_path) as here:
        settings, database = here.node.settings, here.node.store.database
        for number in range(6):
            await here.send(TARO, [HANAKO], mail(HANAKO, f"本文 {number}\n"))
        ids = [m.mail_id for m in await Memory(database, SEAL, policy, 7).mails("default", 0)]
        monkeypatch.setattr(memory, "PAGE", 2)
        real, pages = Memory.mails, 0

        async def meanwhile(self: Memory, *place: Any, **more: Any) -> list[Kept]:
            nonlocal pages
            pages += 1
            if pages == 2:
                await database.write(
                    lambda t: t.execute("DELETE FROM rehearsal WHERE mail_id = :id", {"id": ids[3]})
                )
                (tmp_path / "new.toml").write_text(OURS + '[rules.external_recipient]\nthen = "hold"\n')
                await here.send(TARO, [HANAKO], mail(HANAKO, "one more\n"))
            if pages == 3:
                await database.write(lambda t: t.execute("DELETE FROM rehearsal_ground"))
            return await real(self, *place, **more)

        monkeypatch.setattr(Memory, "mails", meanwhile)
        answer = await replay.replay(settings, "default", written(tmp_path, OURS), 7)
        assert (answer.mails, answer.same, answer.erased, answer.stale) == (4, 4, 1, True)
        assert answer.left_out == {replay.NO_KEY: [ids[5]]}
        told = replay.readable(answer, 5)
        assert "erased while this looked, and not decided on: 1\n" in told
        assert "the file is another one now; this is about what stood in it when this began" in told


def test_an_exception_is_in_force_as_it_was_on_the_day_of_the_mail() -> None:
    before, key = policy(external_recipient="delay 5m"), b"k" * 32
    spared = PolicyException(
        "external_recipient", When(to="external"), owner="taro", reason="x", approved_by="hanako",
        until=datetime.date(2026, 11, 29),
    )  # fmt: skip
    trial, ground, pseudonyms = (
        Trial(structs.replace(before, exceptions=(spared,)), "UTC", 7),
        Ground("g", key, {}),
        Pseudonyms(key),
    )
    answer = examined(plain("本文です。"), rules=before)
    for number, day in enumerate(("2026-11-28", "2026-11-29", "2026-11-30", "")):
        features = packed(facts(day=day), answer, pseudonyms)
        trial.decide(Kept(float(number), day, "g", features), read(features), ground)
    assert trial.answer.changed["no longer delay"].mails == ["2026-11-28", "2026-11-29"]
    assert trial.answer.same == 2


def test_nothing_remembered_is_told_as_such() -> None:
    assert replay.readable(Replayed("v", 7), 5).startswith("no mail of the last 7 days is remembered")
    assert msgspec.json.decode(replay.as_json(Replayed("v", 7)))["changed"] == []

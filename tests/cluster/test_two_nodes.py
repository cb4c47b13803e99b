"""Two nodes from their settings files: one PostgreSQL, one S3-compatible store, one key; either does for the other."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from msgspec import structs

from directory.account import Account, Role
from quarantine.item import Item, State
from tests.interop.mails import HANAKO, SATO, TARO, files_of, mail, with_files, word
from tests.services.databases import ByHand
from tests.services.node import ACCOUNTS, DOMAIN
from tests.services.postgres import cluster
from tests.services.programs import wait_for
from tests.services.s3 import s3_server
from tests.services.served import Console, Hop, Served, at, hop, served

pytestmark = pytest.mark.system

POLICY = "[rules.class_approval]\nthen = 'off'\n"
DELAYED = POLICY + "[rules.external_recipient]\nthen = 'delay 60m'\n"


@pytest.fixture(scope="module")
def sink() -> Iterator[Hop]:
    with hop() as running:
        yield running


@pytest.fixture(scope="module")
def shared(sink: Hop, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """The settings that both nodes have."""
    folder = tmp_path_factory.mktemp("shared")
    (folder / "password").write_text("test\n")
    with cluster() as postgres, s3_server() as s3:
        yield {
            "database": postgres.create(),
            "database_password_file": folder / "password",
            "seal_key_file": folder / "seal.key",
            "key_folder": folder / "keys",
            "s3": {
                "bucket": s3.bucket(), "endpoint": s3.endpoint, "access_key": "test",
                "secret_key_file": folder / "password",
            },
            "relay": at(sink.port),
            "mailbox": at(sink.port),
            "margin_seconds": 0,
        }  # fmt: skip


def held(node: Served) -> Item:
    """What waits, as this node sees it."""
    (item,) = node.items(state=(State.HELD,), direction="outbound")
    return item


def shorten(node: Served, item: Item, until: float) -> None:
    """Its delay ends at this time: the first node had an hour to stop in, and nobody waits for one."""
    values = {"due_at": until, "id": item.id}
    node.ask(
        lambda store: store.database.write(
            lambda transaction: ByHand(transaction).execute(
                "UPDATE item SET due_at = :due_at WHERE id = :id", values
            )
        )
    )


def test_what_one_node_took_the_other_shows_releases_and_delivers_once(
    sink: Hop, shared: dict[str, Any]
) -> None:
    with (
        served(POLICY, **shared, node="one") as one,
        served(POLICY, **shared, node="two") as two,
    ):
        content = with_files(("計画.docx", word("社外秘")), text="accepted by one\n")
        code, text = one.send(TARO, [SATO], content)
        assert code == 250, text
        item = held(two)
        assert item.passphrase_source == "generated"
        page = two.console("taro")
        answer = page.act(item, "passphrase")
        assert answer.status_code == 200, "two has the key"
        shown = answer.text.partition('class="passphrase"')[2].partition("</p>")[0]
        assert one.secret(item)[:4] in shown
        page.send_now(item)
        (taken,) = sink.to(SATO)
        assert set(files_of(taken.content)) == {"attachments.zip"}
        assert wait_for(lambda: one.items(mail_id=item.mail_id, direction="outbound")[0].state is State.DONE)
        code, text = two.send(TARO, [HANAKO], mail(HANAKO, "by two\n").as_bytes())
        assert code == 250, text
        assert sink.to(HANAKO)
        code, text = two.send(SATO, [TARO], mail(TARO, "inbound\n", sender=SATO).as_bytes(), name="inbound")
        assert code == 250, text
        verified = one.command("journal", "verify")
        assert verified.returncode == 0, verified.stdout
        assert {"one: whole", "two: whole"} <= set(verified.stdout.splitlines())
        assert len(sink.to(SATO)) == 1
        for node in (one, two):
            assert "Traceback" not in node.log
            assert one.secret(item) not in node.log


def test_held_mail_of_a_node_that_is_gone_is_delivered_by_the_other(
    sink: Hop, shared: dict[str, Any]
) -> None:
    with served(DELAYED, **shared, node="two") as two:
        with served(DELAYED, **shared, node="one") as one:
            code, text = one.send(TARO, [SATO], mail(SATO, "left behind\n").as_bytes())
            assert code == 250, text
            item = held(one)
        assert two.items(mail_id=item.mail_id, direction="outbound")[0].state is State.HELD
        until = time.time() + 2
        shorten(two, item, until)
        assert wait_for(lambda: [m for m in sink.to(SATO) if b"left behind" in m.content], 60)
        (done,) = two.items(mail_id=item.mail_id, direction="outbound")
        assert done.node == "two"
        (lease,) = [e for e in two.entries("lease") if e.item == item.id]
        assert lease.at >= until


def test_exclusions_on_both_nodes_at_once_leave_somebody_who_can_decide(shared: dict[str, Any]) -> None:
    """Two of three are left out on two nodes at the same moment: all who can be spared are, and never one more."""
    policy = "may_exclude = ['approver']\n[rules.external_recipient]\nthen = 'approve approver'\n"
    logins = ("a", "b", "c")
    asked = tuple(
        Account(each, {"en": each}, (f"{each}@{DOMAIN}",), roles=(Role.APPROVER,)) for each in logins
    )
    people = (*(structs.replace(each, roles=(Role.USER,)) for each in ACCOUNTS[:2]), *ACCOUNTS[2:], *asked)
    with (
        served(policy, accounts=people, **shared, node="one") as one,
        served(policy, accounts=people, **shared, node="two") as two,
        ThreadPoolExecutor(3) as pool,
    ):
        for number in range(4):
            code, text = one.send(TARO, [SATO], mail(SATO, f"excluding {number}\n").as_bytes())
            assert code == 250, text
        pages = [
            Console(f"http://{h}:{p}", "taro") for h, p in (n.addresses["console"] for n in (one, two, two))
        ]
        for item in two.items(state=(State.HELD,), direction="outbound", owner="taro"):
            together = Barrier(3)

            def exclude(page: Console, login: str, item: Item = item, together: Barrier = together) -> int:
                page.look(item)
                together.wait(30)
                fields = {"token": page.token, "person": login, "reason": "x"}
                return page.client.post(f"/mail/{item.id}/exclude", data=fields).status_code

            assert set(pool.map(exclude, pages, logins)) == {303}
            (now,) = one.items(mail_id=item.mail_id, direction="outbound")
            assert len(now.excluded) == len(set(now.excluded)) == 2, now.excluded
            said = [e.detail["excluded"] for e in two.entries("exclude") if e.item == item.id]
            assert set(said) == set(now.excluded)
            (left,) = set(logins) - set(said)
            page = two.console(left)
            assert page.approve(now).status_code == 303
            (agreed,) = one.items(mail_id=item.mail_id, direction="outbound")
            assert agreed.approvals == ()


def test_a_node_without_the_key_does_not_start(shared: dict[str, Any], tmp_path: Path) -> None:
    other = {**shared, "seal_key_file": tmp_path / "absent.key"}
    with ExitStack() as stack, pytest.raises(Exception, match=r"absent\.key|key file"):
        stack.enter_context(served(POLICY, **other, node="three"))


def test_a_node_with_a_key_folder_of_its_own_does_not_start(shared: dict[str, Any], tmp_path: Path) -> None:
    with served(POLICY, **shared, node="one") as one:
        code, text = one.send(TARO, [SATO], mail(SATO, "sealed by one\n").as_bytes())
        assert code == 250, text
    other = {**shared, "key_folder": tmp_path / "keys"}
    with ExitStack() as stack, pytest.raises(Exception, match="key_folder: the key file"):
        stack.enter_context(served(POLICY, **other, node="three"))

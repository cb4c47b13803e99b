"""Self-review end to end: a real client in, the sender's look at the console, a real Postfix out (OUT-MISSEND)."""

import html
import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from quarantine.item import Item, State
from tests.filters.outbound.missend import File
from tests.filters.outbound.missend.documents import content
from tests.interop.mails import HANAKO, SATO, TARO, files_of, mail, parsed, with_files
from tests.services.node import DOMAIN
from tests.services.postfix import Postfix, postfix
from tests.services.programs import wait_for
from tests.services.served import Served, at, served

CLIENT = SATO.rpartition("@")[2]
PARTNERS = f"""
[organisation.partners]
"{CLIENT}" = "株式会社クライアント"
"otaru.example.net" = "小樽グランド観光"
"""
ADAPTIVE = (Path(__file__).parents[2] / "config/presets/adaptive.toml").read_text("utf-8")
POLICY = f"""{PARTNERS}
[risk]
stop_at = 4
then = "review"
[review]
must_open = ["xlsx"]
[rules.external_recipient]
then = "delay 0s"
[rules.hidden_content]
then = "tidy"
"""


@pytest.fixture(scope="module")
def server() -> Iterator[Postfix]:
    with postfix({DOMAIN: ["taro", "hanako"], CLIENT: ["sato"]}) as running:
        yield running


@pytest.fixture(scope="module")
def node(server: Postfix) -> Iterator[Served]:
    hop = at(server.port, tls="encrypt")
    with served(POLICY, relay=hop, mailbox=hop, margin_seconds=0) as running:
        yield running


def submit(node: Served, raw: bytes, *to: str) -> list[Item]:
    """The items of the mail that wait."""
    code, text = node.send(TARO, list(to), raw)
    assert code == 250, text
    found = re.search(r"Accepted as (\w+)", text)
    assert found
    return node.items(mail_id=found[1], direction="outbound", state=(State.HELD,))


def test_a_forgotten_file_waits_for_its_sender_and_leaves_after_a_look(node: Served, server: Postfix) -> None:
    before = len(server.mails(SATO))
    (item,) = submit(
        node, mail(SATO, "佐藤様\n規格書を添付いたします。\n", cc=HANAKO).as_bytes(), SATO, HANAKO
    )
    assert item.self_review
    assert [r.path.address for r in item.recipients] == [SATO], "our own people have it already"
    taro = node.console("taro")
    page = taro.read(f"/mail/{item.id}/review")
    assert "株式会社クライアント" in page
    assert "規格書を添付いたします" in page
    assert taro.act(item, "send_now", checked=[CLIENT]).headers.get("location") == f"/mail/{item.id}"
    boxes = re.findall(r'name="checked" value="([^"]+)"', page)
    assert (
        taro.client.post(
            f"/mail/{item.id}/confirm", data={"token": taro.token, "checked": boxes[:1]}
        ).status_code
        == 400
    )
    assert len(server.mails(SATO)) == before, "nothing has left"
    assert (
        taro.client.post(f"/mail/{item.id}/confirm", data={"token": taro.token, "checked": boxes}).status_code
        == 303
    )
    assert "規格書を添付いたします" in parsed(server.arrived(SATO, before + 1)[-1]).get_content()
    assert [e.actor for e in node.entries("confirm") if e.item == item.id] == ["taro"]


def test_another_partners_book_has_to_be_opened_first(node: Served, server: Postfix) -> None:
    before = len(server.mails(SATO))
    book = content(File("価格表.xlsx", "小樽グランド観光 御中\n品目,単価\n帆立,2980"))
    (item,) = submit(
        node, with_files(("価格表.xlsx", book), to=SATO, text="価格表を添付いたします。\n"), SATO
    )
    taro = node.console("taro")
    page = taro.read(f"/mail/{item.id}/review")
    assert "別の取引先「小樽グランド観光」" in page
    boxes = re.findall(r'name="checked" value="([^"]+)"', page)
    data = {"token": taro.token, "checked": boxes}
    assert taro.client.post(f"/mail/{item.id}/confirm", data=data).status_code == 400, (
        "ticked, and never opened"
    )
    shown = taro.client.post(f"/mail/{item.id}/files/0", data=data).text
    assert "帆立" in shown, "the text, as the examining process reads it"
    assert taro.client.post(f"/mail/{item.id}/confirm", data=data).status_code == 303
    assert len(server.arrived(SATO, before + 1)) == before + 1


def test_a_recalled_mail_never_leaves(node: Served, server: Postfix) -> None:
    before = len(server.mails(SATO))
    (item,) = submit(node, mail(SATO, "資料を同封いたします。添付をご覧ください。\n").as_bytes(), SATO)
    taro = node.console("taro")
    assert taro.act(item, "recall").status_code == 303
    (after,) = node.items(mail_id=item.mail_id, direction="outbound")
    assert after.state is State.WITHDRAWN
    assert len(server.mails(SATO)) == before


def test_harmless_mail_is_not_slowed(node: Served, server: Postfix) -> None:
    before = len(server.mails(SATO))
    assert submit(node, mail(SATO, "佐藤様\n承知しました。\n").as_bytes(), SATO) == []
    assert len(server.arrived(SATO, before + 1)) == before + 1


def test_hidden_content_is_taken_out_before_it_leaves(node: Served, server: Postfix) -> None:
    before = len(server.mails(SATO))
    book = content(File("見積.xlsx", "項目,金額\n設計,100", ("sheet: 原価, 70", "rows: 粗利, 0.46")))
    raw = with_files(("見積.xlsx", book), to=SATO, text="見積書を添付いたします。\n")
    waiting = submit(node, raw, SATO)
    for item in waiting:
        taro = node.console("taro")
        boxes = re.findall(r'name="checked" value="([^"]+)"', taro.read(f"/mail/{item.id}/review"))
        taro.client.post(f"/mail/{item.id}/files/0", data={"token": taro.token})
        taro.client.post(f"/mail/{item.id}/confirm", data={"token": taro.token, "checked": boxes})
    arrived = server.arrived(SATO, before + 1)[-1]
    files = files_of(arrived)
    (left,) = files.values()
    with zipfile.ZipFile(io.BytesIO(left)) as archive:
        whole = html.unescape(
            b"".join(archive.read(n) for n in archive.namelist()).decode("utf-8", "replace")
        )
    assert "設計" in whole
    assert "原価" not in whole
    assert "粗利" not in whole


@pytest.mark.parametrize(
    ("weight", "delay", "ja", "en"),
    [
        (2, 60, "今すぐ送信", "Send now"),
        (4, 300, "今すぐ送信", "Send now"),
        (8, 900, "送信前の確認", "Check before sending"),
    ],
)
def test_the_preset_adaptive_waits_by_the_risk(
    node: Served, server: Postfix, weight: int, delay: int, ja: str, en: str
) -> None:
    """OUT-DELAY: a harmless answer is not slowed; the more is odd about a mail, the longer it waits, and then for a look."""
    node.reload(f"{PARTNERS}{ADAPTIVE}[rules.absent_attachment]\nweight = {weight}\n")
    before = len(server.mails(SATO))
    assert submit(node, mail(SATO, "佐藤様\n承知いたしました。\n").as_bytes(), SATO) == []
    assert len(server.arrived(SATO, before + 1)) == before + 1
    odd = mail(SATO, "佐藤様\n仕様書を添付いたします。\n")
    (item,) = submit(node, odd.as_bytes(), SATO)
    assert (item.delay, item.self_review) == (delay, weight >= 6)
    taro, path = node.console("taro"), f"/mail/{item.id}" + ("/review" if item.self_review else "")
    assert ja in taro.read(f"{path}?lang=ja")
    assert en in taro.read(f"{path}?lang=en")
    assert taro.act(item, "recall").status_code == 303
    assert len(server.mails(SATO)) == before + 1


def test_a_rule_that_only_tells_lets_the_mail_go_and_writes_to_its_sender(
    node: Served, server: Postfix
) -> None:
    """`mode = "tell"`: before a rule is enforced, people hear what it would have stopped."""
    node.reload(f'{PARTNERS}[rules.external_recipient]\nthen = "delay until released"\nmode = "tell"\n')
    before = len(server.mails(SATO))
    assert submit(node, mail(SATO, "佐藤様\n承知いたしました。\n", subject="日程").as_bytes(), SATO) == []
    assert len(server.arrived(SATO, before + 1)) == before + 1

    def told() -> list[str]:
        letters = [parsed(raw) for raw in server.mails(TARO)]
        return [each.get_content() for each in letters if each["Subject"] == "【お知らせ】日程"]

    assert wait_for(lambda: bool(told()))
    assert "保留や変更は行っていません" in told()[0]

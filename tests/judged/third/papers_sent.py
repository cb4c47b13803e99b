"""What ordinary letters carry: small papers, pictures and data of usual kinds."""

from collections.abc import Callable

from tests.judged.files import archive, docx, pdf, xlsx
from tests.judged.letters import PNG
from tests.judged.mime import File, file
from tests.judged.people import Town
from tests.judged.third.paged import pages

CLAUSES = [
    "秘密保持契約書（案）",
    "第1条（定義）",
    "「秘密情報」とは、開示の際に秘密である旨が明示された情報をいう。",
    "第2条（秘密保持義務）",
    "受領者は、秘密情報を厳に秘密として保持し、第三者に開示してはならない。",
    "第3条（返還）　受領者は、開示者の求めに応じ、機密資料を返還又は破棄する。",
]
CLAUSES_ABROAD = [
    "MUTUAL NON-DISCLOSURE AGREEMENT",
    '1. "Confidential Information"',
    "means all information marked as confidential or restricted when it is disclosed.",
    "2. Each party shall keep the other's Confidential Information in strict confidence.",
]


def _workbook(town: Town, topic: str) -> File:
    rows: list[list[str | int | float | None]] = [["品名", "数量", "単価", "金額"]]
    for name in ("蝶番", "平座金", "止め輪", "ブラケット"):
        count, price = town.draw.randint(2, 90), town.draw.randrange(40, 4000, 10)
        rows.append([name, count, price, count * price])
    return file(f"明細_{town.draw.randint(100, 999)}.xlsx", xlsx(("明細", rows), footer="&P / &N"))


def _paper(town: Town, topic: str) -> File:
    lines = [topic, "1. 背景", "2. 進め方", "3. 分担", f"（{town.draw.randint(2, 8)}頁のうち1頁）"]
    return file("資料.docx", docx(lines, rows=[["時期", "内容"], ["12月", "試作"]], footer="株式会社コーポ"))


def _print(town: Town, topic: str) -> File:
    number = town.draw.randint(10_000, 99_999)
    if town.draw.random() < 0.5:
        return file(f"CP{number}.pdf", pdf([topic, "Corp Inc.", f"No. {number}"]))
    return file(f"{number}.pdf", pages([[topic, "株式会社コーポ"], ["以下余白"]], foot="1 / 2"))


def _agreement(town: Town, topic: str) -> File:
    lines = CLAUSES_ABROAD if topic.isascii() else CLAUSES
    return file("NDA_draft.docx" if topic.isascii() else "秘密保持契約書_案.docx", docx(lines))


def _photos(town: Town, topic: str) -> File:
    return file("photos.zip", archive((f"IMG_{town.draw.randint(1000, 9999)}.png", PNG) for _ in range(3)))


def _picture(town: Town, topic: str) -> File:
    return file(f"img{town.draw.randint(10, 99)}.png", PNG)


def _data(town: Town, topic: str) -> File:
    rows = "".join(
        f"{n},{town.draw.uniform(9.98, 10.02):.4f},{town.draw.uniform(4.98, 5.02):.4f},{town.draw.uniform(0, 9):.2f}\r\n"
        for n in range(1, 40)
    )
    return file("sokutei.csv", ("番号,外径,内径,真円度\r\n" + rows).encode("cp932"))


def _log(town: Town, topic: str) -> File:
    rows = "".join(
        f"2026-11-16 02:{n:02d}:11 INFO worker[{town.draw.randint(100, 999)}] done in {town.draw.randint(3, 90)} ms\n"
        for n in range(60)
    )
    return file("sync.log", rows)


def _event(town: Town, topic: str) -> File:
    day = town.draw.randint(17, 29)
    text = (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Corp//Groupware 8//JA\r\nBEGIN:VEVENT\r\n"
        f"UID:{town.draw.getrandbits(48):x}@corp.example\r\nDTSTAMP:20261116T010000Z\r\nDTSTART:202611{day}T060000Z\r\n"
        f"DTEND:202611{day}T070000Z\r\nSUMMARY:{topic}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    return file("event.ics", text)


PAPERS: dict[str, Callable[[Town, str], File]] = {
    "xlsx": _workbook,
    "docx": _paper,
    "pdf": _print,
    "nda": _agreement,
    "zip": _photos,
    "png": _picture,
    "csv": _data,
    "log": _log,
    "ics": _event,
}

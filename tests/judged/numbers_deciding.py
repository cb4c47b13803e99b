"""Contexts of numbers, deciding half: read by nobody who writes rules."""

from random import Random

from tests.judged.digits import (
    CARDS,
    WIDE,
    Kind,
    booked,
    card,
    digits,
    filed,
    fours,
    luhn,
    mine,
    paged,
    printed,
    told,
    worded,
    wrong,
)  # fmt: skip
from tests.judged.people import Town

KEYS = (
    "お支払いカード番号",
    "クレカ番号",
    "カードNo.",
    "ｶｰﾄﾞ番号",
    "credit card",
    "Kreditkartennummer",
    "Card no",
    "PAN",
    "カードナンバー",
)


def _any(draw: Random) -> str:
    return card(draw, draw.choice(list(CARDS)))


def _cells(town: Town, heading: str, value: str, far: int) -> bytes:
    """One digit in each cell, the heading `far` rows above and a column to the left."""
    rows: list[list[object]] = [[None, heading], *([None] for _ in range(far))]
    rows += [[None, None, *value], [None, None, town.person().name]]
    return booked(town, rows, "form.xlsx")  # type: ignore[arg-type]


def _split_csv(town: Town) -> bytes:
    rows = [f"{p.name},{','.join(mine(town.draw))}" for p in town.people(town.draw.randint(2, 7))]
    return filed(town, "個人番号.csv", "氏名,個人番号(1桁ずつ)\n" + "\n".join(rows))


def _family(town: Town) -> bytes:
    """Several people of a family, each block with a label of its own, numbers with blanks."""
    text = "\n\n".join(
        f"扶養親族{n}\n氏名 {p.name}\n個人番号\n　{' '.join(mine(town.draw))}"
        for n, p in enumerate(town.people(3), 1)
    )
    return told(town, text)


def _document_cells(town: Town) -> bytes:
    return worded(
        town, ["退職所得の受給に関する申告書"], [["個人番号", *mine(town.draw)], ["氏名", town.person().name]]
    )


def _page_cells(town: Town) -> bytes:
    cells = "".join(f"<td>{d}</td>" for d in mine(town.draw))
    return paged(town, f"<table><tr><th>マイナンバー</th>{cells}</tr></table>")


FOUND = [
    *(
        Kind(f"card-{brand}", "card", lambda t, b=brand: told(t, f"{t.draw.choice(KEYS)}\n{card(t.draw, b)}\n期限 2028年5月"), 4)
        for brand in CARDS
    ),
    Kind("card-dots", "card", lambda t: told(t, f"Please charge my credit card {fours(card(t.draw, 'visa'), '.')} (valid thru 11/30).")),
    Kind("card-wide", "card", lambda t: told(t, f"カード番号　{fours(card(t.draw, 'jcb'), '－').translate(WIDE)}")),
    Kind("card-quoted", "card", lambda t: told(t, f"承りました。\n> 予約の保証に次を使ってください。\n> Mastercard {fours(card(t.draw, 'mastercard'))}\n> exp. 02/31")),
    Kind("card-subject", "card", lambda t: told(t, "件名の通りです。", f"カード番号 {card(t.draw, 'amex')}")),
    Kind("card-numeric-column", "card", lambda t: booked(t, [["予約", "PAN"], *([f"R{n}", int(card(t.draw, "amex"))] for n in range(12))])),
    Kind("card-far", "card", lambda t: booked(t, [["クレジットカード番号一覧"], *([f"注記{n}"] for n in range(25)), *([p.english, _any(t.draw)] for p in t.people(9))])),
    Kind("card-cells", "card", lambda t: _cells(t, "カード番号", card(t.draw, t.draw.choice(["jcb", "amex", "visa"])), 3)),
    Kind("card-quarters-csv", "card", lambda t: filed(t, "q.csv", "name,card1,card2,card3,card4\n" + "".join(f"{p.english},{fours(card(t.draw, 'visa'), ',')}\n" for p in t.people(8)))),
    Kind("card-bare-column", "card", lambda t: booked(t, [[p.english, _any(t.draw), f"{t.draw.randint(1, 12):02d}/{t.draw.randint(27, 31)}"] for p in t.people(18)])),
    Kind("card-html", "card", lambda t: paged(t, f"<dl><dt>Card number</dt><dd>{fours(_any(t.draw))}</dd><dt>Name</dt><dd>{t.person().english}</dd></dl>")),
    Kind("card-xml", "card", lambda t: filed(t, "pay.xml", f"<payment><cardNumber>{_any(t.draw)}</cardNumber><cvc>{digits(t.draw, 3)}</cvc></payment>")),
    Kind("card-pdf", "card", lambda t: printed(t, ["お申込書", f"お名前 {t.person().name}", f"クレジットカード番号 {fours(_any(t.draw), '-')}"])),
    Kind("mine-label-line", "mynumber", lambda t: told(t, f"【個人番号（12桁）】\n{mine(t.draw)}\n【氏名】\n{t.person().name}"), 8),
    Kind("mine-english", "mynumber", lambda t: told(t, f"His Individual Number (\"My Number\") is {fours(mine(t.draw))}."), 6),
    Kind("mine-law", "mynumber", lambda t: told(t, f"社会保障・税番号 {fours(mine(t.draw), '-').translate(WIDE)} を記入済みです。"), 6),
    Kind("mine-subject", "mynumber", lambda t: told(t, "よろしくお願いします。", f"マイナンバー {mine(t.draw)}"), 5),
    Kind("mine-numeric-column", "mynumber", lambda t: booked(t, [["従業員", "ﾏｲﾅﾝﾊﾞｰ"], *([p.name, int(mine(t.draw))] for p in t.people(14))]), 7),
    Kind("mine-cells-far", "mynumber", lambda t: _cells(t, "個人番号", mine(t.draw), t.draw.randint(1, 12)), 10),
    Kind("mine-split-csv", "mynumber", _split_csv, 8),
    Kind("mine-family", "mynumber", _family, 6),
    Kind("mine-document-cells", "mynumber", _document_cells, 7),
    Kind("mine-page-cells", "mynumber", _page_cells, 7),
    Kind("mine-bare-column", "mynumber", lambda t: booked(t, [[p.name, mine(t.draw)] for p in t.people(22)]), 6),
    Kind("mine-json", "mynumber", lambda t: filed(t, "hr.json", '[{}]'.format(", ".join(f'{{"name": "{p.name}", "my_number": "{mine(t.draw)}"}}' for p in t.people(4)))), 6),
    Kind("mine-tabs", "mynumber", lambda t: told(t, "番号\t氏名\tマイナンバー\n" + "\n".join(f"{n}\t{p.name}\t{mine(t.draw)}" for n, p in enumerate(t.people(6)))), 6),
    Kind("mine-quarters-doc", "mynumber", lambda t: worded(t, ["個人番号届出書", "下欄に記入"], [["本人", *fours(mine(t.draw)).split()], ["配偶者", *fours(mine(t.draw)).split()]]), 6),
    Kind("mine-kept", "mynumber", lambda t: told(t, f"通知カードの写しの代わりに番号をお知らせします。\nマイナンバー\n\n{mine(t.draw)}"), 5),
    Kind("mine-weak", "mynumber", lambda t: told(t, f"年末調整に必要な12桁の番号は {mine(t.draw)} です。"), 4, "no word names the number; year-end adjustment and twelve digits do"),
]  # fmt: skip


def _many(draw: Random, length: int, count: int = 40) -> list[str]:
    return [digits(draw, length) for _ in range(count)]


def _iccid(draw: Random) -> str:
    body = "8981" + digits(draw, 14)
    return body + luhn(body)


def _isbn(draw: Random) -> str:
    body = "9784" + digits(draw, 8)
    return body + str(-sum(int(d) * (3 if n % 2 else 1) for n, d in enumerate(body)) % 10)


CLEAN = [
    Kind("parcels", "none", lambda t: paged(t, "<table><tr><th>送り状No</th><th>個数</th></tr>" + "".join(f"<tr><td>{n}</td><td>1</td></tr>" for n in _many(t.draw, 12)) + "</table>")),
    Kind("parcel-passes", "none", lambda t: told(t, f"追跡番号は {mine(t.draw)} です。到着まで少々お待ちください。")),
    Kind("parcel-en", "none", lambda t: told(t, f"Your shipment left today. Tracking: {fours(card(t.draw, 'maestro-12'))}.", "Shipped")),
    Kind("purchase-orders", "none", lambda t: booked(t, [["発注番号", "品名", "金額"], *([n, "部材", t.draw.randint(1000, 90000)] for n in _many(t.draw, 16, 50))])),
    Kind("purchase-passes", "none", lambda t: told(t, f"Purchase order {card(t.draw, 'discover')} is confirmed for week {t.draw.randint(48, 52)}.", "PO")),
    Kind("jan-4", "none", lambda t: filed(t, "jan.tsv", "\n".join(f"4{digits(t.draw, 12)}\t{t.draw.randint(100, 900)}" for _ in range(70)))),
    Kind("isbn", "none", lambda t: booked(t, [["ISBN", "書名"], *([_isbn(t.draw), "入門書"] for _ in range(40))])),
    Kind("clouds", "none", lambda t: filed(t, "accounts.yaml", "accounts:\n" + "".join(f"  - id: \"{n}\"\n    stage: dev\n" for n in _many(t.draw, 12, 25)))),
    Kind("image-uri", "none", lambda t: told(t, f"{mine(t.draw)}.dkr.ecr.ap-northeast-1.amazonaws.com/app:1.4 を使ってください。")),
    Kind("receipt-number", "none", lambda t: told(t, f"適格請求書発行事業者登録番号 T{digits(t.draw, 13)}\n伝票No.{card(t.draw, 'visa-13')}")),
    Kind("query", "none", lambda t: paged(t, f"<a href='https://news.example/a?id={card(t.draw, 'jcb')}&amp;u={mine(t.draw)}'>記事</a>", "記事です")),
    Kind("thread-index", "none", lambda t: told(t, f"In-Reply-To: <CAA{mine(t.draw)}x{card(t.draw, 'visa')}@mail.oakhollow.example>\nのスレッドです。")),
    Kind("contacts-of-shops", "none", lambda t: filed(t, "shops.csv", "\n".join(f"{p.town[:3]}店,{p.home[:2]}-{p.home[2:6]}-{p.home[6:]}" for p in t.people(30)))),
    Kind("meters", "none", lambda t: booked(t, [["計器番号", "指示数"], *([n, t.draw.randint(0, 9999)] for n in _many(t.draw, 12, 60))])),
    Kind("sequence", "none", lambda t: filed(t, "serial.txt", "\n".join(str(400000000000 + t.draw.randrange(9) + n) for n in range(120)))),
    Kind("sequence-16", "none", lambda t: booked(t, [["製造番号"], *([str(4500120000000000 + n * 3)] for n in range(t.draw.randint(60, 90)))])),
    Kind("sim", "none", lambda t: booked(t, [["回線", "ICCID"], *([f"L{n}", _iccid(t.draw)] for n in range(20))])),
    Kind("imei-words", "none", lambda t: told(t, f"紛失した端末の IMEI は 35{digits(t.draw, 13)} です。")),
    Kind("nanoseconds", "none", lambda t: filed(t, "trace.json", "[" + ",".join(f'{{"ts":{1790000000000000 + t.draw.randrange(10**12)},"span":"{digits(t.draw, 16)}"}}' for _ in range(40)) + "]")),
    Kind("coordinates", "none", lambda t: filed(t, "gps.csv", "lat,lon\n" + "\n".join(f"{35 + t.draw.random():.12f},{139 + t.draw.random():.12f}" for _ in range(50)))),
    Kind("last-four", "none", lambda t: told(t, f"クレジットカード（下4桁 {digits(t.draw, 4)}）に返金いたしました。受付番号 {digits(t.draw, 10)}")),
    Kind("masked-stars", "none", lambda t: told(t, f"Card: 4{digits(t.draw, 3)} {digits(t.draw, 2)}XX XXXX {digits(t.draw, 4)} authorised, ref {digits(t.draw, 12)}.")),
    Kind("law-talk", "none", lambda t: told(t, f"番号法（平成25年法律第27号）に基づく個人番号の取扱規程 第{t.draw.randint(1, 30)}版です。管理番号 {digits(t.draw, 8)}")),
    Kind("failing", "none", lambda t: told(t, f"個人番号欄に {wrong(t.draw)} と入力するとエラーになるのは仕様です（検査用数字の確認）。"), 6),
    Kind("account-transfer", "none", lambda t: told(t, f"お振込先：みなと銀行 本店 当座 {digits(t.draw, 7)}\n請求書番号 {digits(t.draw, 14)}")),
    Kind("part-codes", "none", lambda t: printed(t, ["部品表", *(f"{n}  ねじ  {t.draw.randint(1, 90)}" for n in _many(t.draw, 13, 25))])),
    Kind("test-card", "none", lambda t: told(t, f"決済のテストには公開されている番号 4111 1111 1111 1111 を使います（{digits(t.draw, 4)}環境）。"), 3, "a test number that every manual prints, beside the word card"),
]  # fmt: skip

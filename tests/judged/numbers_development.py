"""Contexts of numbers, development half."""

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


def _any(draw: Random) -> str:
    return card(draw, draw.choice(list(CARDS)))


def _written(town: Town, text: str) -> bytes:
    shape = town.draw.choice((str, fours, lambda n: fours(n, "-"), lambda n: n.translate(WIDE)))
    return told(town, text.format(shape(_any(town.draw))))


def _form(town: Town) -> bytes:
    """The tax form: one digit in each cell, the heading to the left."""
    rows: list[list[str | int | None]] = [
        ["給与所得者の扶養控除等申告書"],
        [None],
        ["氏名", town.person().name],
        [],
    ]
    rows.append(["個人番号", *(int(d) for d in mine(town.draw))])
    return booked(town, rows, "扶養控除.xlsx", "申告書")  # type: ignore[arg-type]


def _quarters(town: Town) -> bytes:
    rows = [["氏名", "マイナンバー", None, None]]
    for one in town.people(town.draw.randint(1, 6)):
        value = mine(town.draw)
        rows.append([one.name, value[:4], value[4:8], value[8:]])
    return booked(town, rows)


def _far(town: Town) -> bytes:
    """The heading stands thirty rows above."""
    rows: list[list[str]] = [
        ["個人番号 一覧"],
        ["注意事項"],
        *([f"{n}. 記入例を参照のこと"] for n in range(1, 29)),
    ]
    rows += [[one.name, mine(town.draw)] for one in town.people(8)]
    return booked(town, rows)


FOUND = [
    *(
        Kind(f"card-{brand}", "card", lambda t, b=brand: told(t, f"カード番号は {fours(card(t.draw, b))} です。"), 3)
        for brand in CARDS
    ),
    Kind("card-ja", "card", lambda t: _written(t, "クレジットカード番号：{}\n有効期限：09/29")),
    Kind("card-en", "card", lambda t: _written(t, "Card number: {}, expires 04/28, CVV 318.")),
    Kind("card-column", "card", lambda t: booked(t, [["お客様", "カード番号"], *([p.name, _any(t.draw)] for p in t.people(15))])),
    Kind("card-csv", "card", lambda t: filed(t, "pay.csv", "id,card_number,amount\n" + "".join(f"{n},{_any(t.draw)},{t.draw.randint(100, 9000)}\n" for n in range(20)))),
    Kind("card-bare-column", "card", lambda t: filed(t, "list.txt", "\n".join(_any(t.draw) for _ in range(25)))),
    Kind("card-cells", "card", lambda t: booked(t, [["カード番号", *(int(d) for d in card(t.draw, "visa"))], ["有効期限", 11, 29]])),
    Kind("card-quarters", "card", lambda t: booked(t, [["クレジットカード番号", *fours(card(t.draw, "mastercard")).split()], ["名義", "Y SATO"]])),
    Kind("card-json", "card", lambda t: filed(t, "p.json", f'{{"holder": "{t.person().english}", "cardNumber": "{_any(t.draw)}", "exp": "2029-09"}}')),
    Kind("mine-ja", "mynumber", lambda t: told(t, f"マイナンバー：{t.draw.choice((str, fours))(mine(t.draw))}"), 8),
    Kind("mine-word", "mynumber", lambda t: told(t, f"私の個人番号は{mine(t.draw)}です。手続きをお願いします。"), 8),
    Kind("mine-wide", "mynumber", lambda t: told(t, f"個人番号　{fours(mine(t.draw)).translate(WIDE)}"), 6),
    Kind("mine-en", "mynumber", lambda t: told(t, f"My Number: {fours(mine(t.draw), '-')}"), 6),
    Kind("mine-column", "mynumber", lambda t: booked(t, [["社員", "個人番号"], *([p.name, mine(t.draw)] for p in t.people(12))]), 8),
    Kind("mine-form", "mynumber", _form, 10),
    Kind("mine-quarters", "mynumber", _quarters, 8),
    Kind("mine-far", "mynumber", _far, 8),
    Kind("mine-bare-column", "mynumber", lambda t: filed(t, "n.csv", "\n".join(f"{p.name},{mine(t.draw)}" for p in t.people(20))), 6),
    Kind("mine-docx", "mynumber", lambda t: worded(t, ["届出書"], [["氏名", t.person().name], ["個人番号", mine(t.draw)]]), 8),
    Kind("mine-pdf", "mynumber", lambda t: printed(t, ["支払調書", f"氏名 {t.person().name}", f"個人番号 {fours(mine(t.draw))}"]), 6),
]  # fmt: skip


def _pass(draw: Random) -> str:
    """Twelve digits that pass as an individual number by chance."""
    return mine(draw)


def _jan(draw: Random, first: str = "49") -> str:
    body = first + "".join(str(draw.randint(0, 9)) for _ in range(10))
    total = sum(int(d) * (3 if n % 2 else 1) for n, d in enumerate(body))
    return body + str(-total % 10)


def _imei(draw: Random) -> str:
    body = "35" + digits(draw, 12)
    return body + luhn(body)


def _many(draw: Random, length: int, count: int = 40) -> list[str]:
    return [digits(draw, length) for _ in range(count)]


CLEAN = [
    Kind("tracking", "none", lambda t: booked(t, [["日付", "お問い合わせ伝票番号"], *([f"11/{t.draw.randint(1, 30)}", n] for n in _many(t.draw, 12))])),
    Kind("tracking-one", "none", lambda t: told(t, f"本日発送しました。お問い合わせ伝票番号：{fours(_pass(t.draw), '-')}")),
    Kind("orders", "none", lambda t: filed(t, "orders.csv", "order_no,qty\n" + "".join(f"{n},{t.draw.randint(1, 9)}\n" for n in _many(t.draw, 16)))),
    Kind("order-one", "none", lambda t: told(t, f"ご注文番号 {card(t.draw, 'visa')} の件、承知いたしました。")),
    Kind("jan", "none", lambda t: booked(t, [["JANコード", "商品名"], *([_jan(t.draw), "商品"] for _ in range(60))])),
    Kind("jan-numeric", "none", lambda t: booked(t, [["JAN", "数量"], *([int(_jan(t.draw, "45")), t.draw.randint(1, 99)] for _ in range(60))])),
    Kind("aws", "none", lambda t: filed(t, "accounts.txt", "AWS account IDs\n" + "\n".join(_many(t.draw, 12, 30)))),
    Kind("arn", "none", lambda t: told(t, "\n".join(f"arn:aws:iam::{_pass(t.draw)}:role/deploy-{n}" for n in range(4)))),
    Kind("invoice-number", "none", lambda t: told(t, f"登録番号：T{digits(t.draw, 13)}\n請求書番号：{digits(t.draw, 12)}")),
    Kind("company-number", "none", lambda t: booked(t, [["会社名", "法人番号"], *([f"{p.family}商事株式会社", digits(t.draw, 13)] for p in t.people(30))])),
    Kind("url", "none", lambda t: told(t, f"https://shop.example/item/{card(t.draw, 'mastercard')}?ref={_pass(t.draw)}")),
    Kind("message-id", "none", lambda t: told(t, f"Message-ID: <{_pass(t.draw)}.{card(t.draw, 'visa')}@mail.partner.example> のメールをご確認ください。")),
    Kind("telephones", "none", lambda t: booked(t, [["店舗", "電話"], *([f"{p.town[:3]}店", p.home] for p in t.people(30))])),
    Kind("random-12", "none", lambda t: filed(t, "numbers.txt", "\n".join(_many(t.draw, 12, 80)))),
    Kind("random-16", "none", lambda t: filed(t, "numbers.txt", "\n".join(_many(t.draw, 16, 80)))),
    Kind("imei", "none", lambda t: booked(t, [["端末", "IMEI"], *([f"phone{n}", _imei(t.draw)] for n in range(25))])),
    Kind("milliseconds", "none", lambda t: filed(t, "app.log", "\n".join(f"{1790000000000 + t.draw.randrange(10**9)} INFO done id={digits(t.draw, 16)}" for _ in range(50)))),
    Kind("decimals", "none", lambda t: filed(t, "m.csv", "x,y\n" + "\n".join(f"{t.draw.random() * 50:.14f},{t.draw.random():.16f}" for _ in range(60)))),
    Kind("masked", "none", lambda t: told(t, f"ご登録カード：****-****-****-{digits(t.draw, 4)}（有効期限 09/29）")),
    Kind("asked", "none", lambda t: told(t, f"マイナンバーのご提出期限は2026年12月{t.draw.randint(1, 28)}日です。お電話 03-{digits(t.draw, 4)}-{digits(t.draw, 4)} まで。")),
    Kind("invalid", "none", lambda t: told(t, f"マイナンバーカード交付の受付番号：{wrong(t.draw)}")),
    Kind("card-asked", "none", lambda t: told(t, f"カード番号はメールに書かないでください。会員番号{digits(t.draw, 8)}でお調べします。")),
    Kind("hex", "none", lambda t: told(t, "commit " + "".join(t.draw.choice("0123456789abcdef") for _ in range(40)) + f"\nbuild {digits(t.draw, 14)}")),
    Kind("zoom", "none", lambda t: told(t, f"ミーティングID: {digits(t.draw, 3)} {digits(t.draw, 4)} {digits(t.draw, 4)}\nパスコード: {digits(t.draw, 6)}")),
    Kind("sscc", "none", lambda t: paged(t, "<table>" + "".join(f"<tr><td>SSCC</td><td>{digits(t.draw, 18)}</td></tr>" for _ in range(20)) + "</table>")),
    Kind("ledger", "none", lambda t: filed(t, "仕訳.csv", "伝票番号,借方,貸方\n" + "".join(f"2026{n},{t.draw.randint(10**5, 10**6)},0\n" for n in _many(t.draw, 8, 30)))),
]  # fmt: skip

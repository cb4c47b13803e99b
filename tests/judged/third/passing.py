"""Numbers that are no card and nobody's, third set: many of them pass the same check digits."""

from random import Random

from tests.judged.digits import Kind, card, digits, fours, luhn, mine, wrong
from tests.judged.people import Person, Town
from tests.judged.third.held import book, holds, said, shown
from tests.judged.third.letters import sent
from tests.judged.third.paged import pages


def weighed(body: str, odd: int = 1, even: int = 3) -> str:
    """GS1's check digit behind a body of any length: the last digit weighs three."""
    total = sum(int(d) * (even if n % 2 == 0 else odd) for n, d in enumerate(reversed(body)))
    return body + str(-total % 10)


def corporate(draw: Random) -> str:
    """A corporate number: its check digit in front (nine less the remainder of nine)."""
    body = digits(draw, 12)
    total = sum(int(d) * (1 if n % 2 == 0 else 2) for n, d in enumerate(reversed(body)))
    return str(9 - total % 9) + body


def isbn(draw: Random) -> str:
    """978-4 and a check digit."""
    return weighed("9784" + digits(draw, 8))


def passing(draw: Random, length: int, first: str = "") -> str:
    """Digits of that length that pass Luhn."""
    body = first + "".join(str(draw.randint(0, 9)) for _ in range(length - 1 - len(first)))
    return body + luhn(body)


def iban(draw: Random) -> str:
    """A German account, its check digits right."""
    body = digits(draw, 18)
    return f"DE{98 - int(body + '131400') % 97:02d}{body}"


def _lines(town: Town, shape: str, count: int = 30) -> str:
    """Lines in which A is 12 passing digits, C a card, L 16 random ones, D eight."""
    draw = town.draw
    rows = []
    for number in range(count):
        row = shape.replace("{n}", str(number))
        for mark, make in (("{A}", mine), ("{C}", lambda d: card(d, "visa")), ("{L}", lambda d: digits(d, 16)), ("{D}", lambda d: digits(d, 8)), ("{T}", lambda d: digits(d, 12)), ("{I}", isbn)):  # fmt: skip
            while mark in row:
                row = row.replace(mark, make(draw), 1)
        rows.append(row)
    return "\n".join(rows)


def _firm(p: Person) -> str:
    return f"株式会社{p.family}精工"


CLEAN = [
    Kind("parcels-pasted", "none", said(lambda t: "出荷分の送り状番号です。\n" + _lines(t, "11/16　{T}　1個口", 12)), 3),
    Kind("parcel-one", "none", said(lambda t: f"お荷物の追跡番号は {mine(t.draw)} です。配送状況をご確認ください。"), 3),
    Kind("parcel-hyphens", "none", said(lambda t: f"伝票No. {fours(mine(t.draw), '-')}\n着日指定 11月20日"), 3),
    Kind("parcel-abroad", "none", said(lambda t: f"Tracking: 1Z{digits(t.draw, 6)}{digits(t.draw, 10)} / FedEx {mine(t.draw)}", subject="Shipment"), 3),
    Kind("mail-registered", "none", said(lambda t: f"書留番号 {fours(digits(t.draw, 11) + '0', '-')} で発送しました。"), 3),
    Kind("jan-sheet", "none", book(lambda t: [["JAN", "品名", "入数"], *([weighed("49" + digits(t.draw, 10)), "乾電池", 10] for _ in range(50))]), 3),
    Kind("upc-sheet", "none", book(lambda t: [["UPC", "Item"], *([weighed("0" + digits(t.draw, 10)), "mug"] for _ in range(40))]), 3),
    Kind("itf-cartons", "none", holds("itf.csv", lambda t: "ITF-14,ケース入数\n" + "\n".join(f"{weighed('1' + digits(t.draw, 12))},24" for _ in range(40))), 3),
    Kind("isbn-list", "none", holds("books.tsv", lambda t: _lines(t, "{I}\t資料{n}\t2,400", 40)), 3),
    Kind("isbn-hyphens", "none", said(lambda t: f"ISBN {isbn(t.draw)[:3]}-4-{digits(t.draw, 4)}-{digits(t.draw, 4)}-{t.draw.randint(0, 9)} を5冊お願いします。"), 3),
    Kind("issn-doi", "none", said(lambda t: f"doi:10.1000/{card(t.draw, 'mastercard')}, ISSN 1342-{digits(t.draw, 4)}", subject="Reference"), 3),
    Kind("orders-passing", "none", said(lambda t: f"ご注文番号：{card(t.draw, 'visa')}\nご注文日：11月14日\n発送は来週です。"), 3),
    Kind("orders-csv", "none", holds("order.csv", lambda t: "注文番号,数量\n" + _lines(t, "{L},2", 60)), 3),
    Kind("invoice-numbers", "none", said(lambda t: f"適格請求書発行事業者 登録番号 T{corporate(t.draw)}\n請求番号 {digits(t.draw, 12)}"), 3),
    Kind("invoice-numbers-sheet", "none", book(lambda t: [["仕入先", "登録番号"], *([_firm(p), f"T{corporate(t.draw)}"] for p in t.people(40))]), 3),
    Kind("corporate-numbers", "none", book(lambda t: [["商号", "法人番号"], *([_firm(p), corporate(t.draw)] for p in t.people(40))]), 3),
    Kind("corporate-number-one", "none", said(lambda t: f"弊社の法人番号は {corporate(t.draw)} です。マイナンバーではございません。"), 3),
    Kind("statement-corporate", "none", holds("支払調書.pdf", lambda t: pages([["支払調書", f"支払者　株式会社コーポ　法人番号 {corporate(t.draw)}", "支払を受ける者　個人番号（記載省略）"]])), 3),
    Kind("imei-list", "none", holds("devices.csv", lambda t: "asset,imei\n" + "\n".join(f"T{n:03d},{passing(t.draw, 15, '86')}" for n in range(40))), 3),
    Kind("iccid-list", "none", holds("sim.csv", lambda t: "iccid,msisdn\n" + "\n".join(f"{passing(t.draw, 19, '898110')},020{digits(t.draw, 8)}" for _ in range(40))), 3),
    Kind("imei-one", "none", said(lambda t: f"故障した端末のIMEIは {passing(t.draw, 15, '35')} です。交換をお願いします。"), 3),
    Kind("serials", "none", book(lambda t: [["型式", "シリアル"], *(["UPS-750", digits(t.draw, 16)] for _ in range(50))]), 3),
    Kind("serial-passing", "none", said(lambda t: f"製造番号 {card(t.draw, 'jcb')} の修理見積りをお願いします。"), 3),
    Kind("licence-keys", "none", said(lambda t: f"プロダクトID: {digits(t.draw, 5)}-{digits(t.draw, 5)}-{digits(t.draw, 5)}-{digits(t.draw, 5)}"), 3),
    Kind("hash", "none", said(lambda t: "SHA-1 " + "".join(t.draw.choice("0123456789abcdef") for _ in range(40)) + f"\nサイズ {digits(t.draw, 12)} バイト"), 3),
    Kind("decimal-digest", "none", holds("sums.txt", lambda t: _lines(t, "file{n}.bin {A} {C}", 40)), 3, "random digits that all pass, as no program writes"),
    Kind("message-ids", "none", said(lambda t: f"In-Reply-To: <{card(t.draw, 'visa')}.{mine(t.draw)}@mx.corp.example> の件、再送します。"), 3),
    Kind("url-item", "none", said(lambda t: f"https://www.corp.example/p/{card(t.draw, 'visa')}?sid={mine(t.draw)}&u={digits(t.draw, 16)}"), 3),
    Kind("url-in-page", "none", shown(lambda t: f"<a href='https://www.corp.example/c?card={mine(t.draw)}&id={card(t.draw, 'amex')}'>詳しくはこちら</a>"), 3),
    Kind("phones", "none", book(lambda t: [["営業所", "電話", "FAX"], *([p.town, p.home, "0" + digits(t.draw, 9)] for p in t.people(40))]), 3),
    Kind("phones-abroad", "none", said(lambda t: f"Call +1 415 {digits(t.draw, 3)} {digits(t.draw, 4)} or +49 30 {digits(t.draw, 8)}; conference ID {mine(t.draw)}", subject="Call"), 3),
    Kind("account-of-firm", "none", said(lambda t: f"お振込先　瀬戸内銀行 本店 普通 {digits(t.draw, 7)}　カ）コーポ\nお客様番号 {digits(t.draw, 12)}"), 3),
    Kind("virtual-account", "none", said(lambda t: f"振込専用口座：支店 {digits(t.draw, 3)} 口座 {digits(t.draw, 7)}\n収納機関番号 {digits(t.draw, 5)} 納付番号 {fours(mine(t.draw), '-')} 確認番号 {digits(t.draw, 6)}"), 3),
    Kind("iban", "none", said(lambda t: f"IBAN {fours(iban(t.draw))}\nBIC CORPDEFFXXX", subject="Bank details"), 3),
    Kind("customs", "none", said(lambda t: f"輸入者符号 P{digits(t.draw, 11)}\n申告番号 {digits(t.draw, 11)}\nB/L NYKS{digits(t.draw, 9)}"), 3),
    Kind("containers", "none", said(lambda t: f"Container TCLU{digits(t.draw, 7)}, seal {digits(t.draw, 8)}, booking {mine(t.draw)}", subject="Vessel"), 3),
    Kind("meter", "none", said(lambda t: f"供給地点特定番号 03-{digits(t.draw, 4)}-{digits(t.draw, 4)}-{digits(t.draw, 4)}-{digits(t.draw, 4)}-{digits(t.draw, 4)}"), 3),
    Kind("cloud-accounts", "none", holds("accounts.csv", lambda t: "name,account_id\n" + _lines(t, "prod{n},{T}", 40)), 3),
    Kind("cloud-one", "none", said(lambda t: f"Role: arn:aws:iam::{mine(t.draw)}:role/audit, project number {mine(t.draw)}", subject="Access"), 3),
    Kind("jobs-log", "none", holds("batch.log", lambda t: _lines(t, "2026-11-16 03:00:01 job={L} trace={T} rc=0", 60)), 3),
    Kind("epoch-micro", "none", holds("trace.csv", lambda t: "ts_us,span\n" + "\n".join(f"{1_790_000_000_000_000 + t.draw.randrange(10**12)},{digits(t.draw, 16)}" for _ in range(60))), 3),
    Kind("coordinates", "none", holds("gps.csv", lambda t: "lat,lon\n" + "\n".join(f"{35 + t.draw.random():.12f},{139 + t.draw.random():.12f}" for _ in range(60))), 3),
    Kind("register-map", "none", holds("spec.txt", lambda t: _lines(t, "0x{n} {D} {D}", 30)), 3),
    Kind("budget", "none", book(lambda t: [["科目", "予算(円)"], *([f"科目{n}", int(digits(t.draw, 12))] for n in range(30))]), 3),
    Kind("masked-card", "none", said(lambda t: f"ご利用カード **** **** **** {digits(t.draw, 4)}、ご利用額 12,400円"), 3),
    Kind("masked-first-six", "none", said(lambda t: f"カード番号 {card(t.draw, 'visa')[:6]}******{digits(t.draw, 4)} にて承認（承認番号 {digits(t.draw, 6)}）"), 3),
    Kind("masked-mine", "none", said(lambda t: f"個人番号 ********{digits(t.draw, 4)} を登録済みです。受付番号 {wrong(t.draw)}"), 3),
    Kind("card-talk", "none", said(lambda t: f"カード番号の下4桁 {digits(t.draw, 4)} をお聞かせください。お問い合わせ番号は {digits(t.draw, 10)} です。"), 3),
    Kind("card-do-not", "none", said(lambda t: "クレジットカード番号・有効期限・セキュリティコードは、決してメールでお送りにならないでください。"), 3),
    Kind("mine-do-not", "none", said(lambda t: f"マイナンバーはメールで送らず、封筒に入れて総務課（内線 {digits(t.draw, 4)}）までご持参ください。"), 3),
    Kind("mine-blank-form", "none", book(lambda t: [["扶養控除等申告書"], ["個人番号", *[None] * 12], ["社員番号", digits(t.draw, 6)], ["電話", "0" + digits(t.draw, 9)]]), 3),
    Kind("mine-example", "none", holds("記入例.pdf", lambda t: pages([["記入例", "個人番号　1 2 3 4 5 6 7 8 9 0 1 2", f"管理 {digits(t.draw, 5)}"]])), 3),
    Kind("mine-free-dial", "none", said(lambda t: f"マイナンバー総合フリーダイヤル 0120-95-0178 へお尋ねください。整理番号 {digits(t.draw, 8)}"), 3),
    Kind("mine-application-id", "none", said(lambda t: f"マイナンバーカード交付申請書ID {digits(t.draw, 23)} を控えておいてください。"), 3),
    Kind("pension", "none", said(lambda t: f"基礎年金番号 {digits(t.draw, 4)}-{digits(t.draw, 6)} を記入のうえご提出ください。"), 3, "personal, though neither card nor individual number"),
    Kind("driving-licence", "none", said(lambda t: f"運転免許証番号 {wrong(t.draw)}"), 3, "personal, though neither card nor individual number"),
    Kind("point-card", "none", said(lambda t: f"ポイントカード番号 {fours(passing(t.draw, 16, '28'))} に加算しました。"), 3, "a shop's card; its number pays nothing"),
    Kind("toll-card", "none", said(lambda t: f"ETCカード番号 {fours(digits(t.draw, 16) + '000')} の利用明細です。"), 3, "a card that pays tolls"),
    Kind("gift-codes", "none", said(lambda t: f"ギフト券番号 {fours(passing(t.draw, 16, '90'), '-')}"), 3, "worth money to who reads it"),
    Kind("test-cards", "none", said(lambda t: f"テスト用カード番号 4111 1111 1111 1111 または 5555 5555 5555 4444 をお使いください（環境 {digits(t.draw, 3)}）。"), 3, "documented for tests, and shaped like real ones"),
    Kind("mine-words-and-tracking", "none", said(lambda t: f"マイナンバー収集キットをお送りしました。お問い合わせ番号 {mine(t.draw)}（佐川）"), 3, "passes, not far from the word"),
    Kind("ticket-numbers", "none", said(lambda t: f"航空券番号 205-{digits(t.draw, 10)}、予約番号 {t.draw.choice('ABCDEF')}{digits(t.draw, 2)}KQZ"), 3),
    Kind("lottery-receipt", "none", said(lambda t: f"受付番号：{card(t.draw, 'discover')}\n抽選日：12月1日"), 3),
    Kind("member-numbers", "none", holds("points.csv", lambda t: "会員番号,ポイント\n" + _lines(t, "{L},120", 60)), 3),
    Kind("edi-orders", "none", holds("edi.txt", lambda t: _lines(t, "LIN+{n}++{I}:EN'QTY+21:4'RFF+ON:{T}'", 30)), 3),
    Kind("sscc-labels", "none", holds("sscc.txt", lambda t: "\n".join(f"(00){weighed('14' + digits(t.draw, 15))}" for _ in range(30))), 3),
    Kind("gs1-strings", "none", said(lambda t: f"(01){weighed('0' + digits(t.draw, 12))}(17)280131(10)A{digits(t.draw, 5)}"), 3),
    Kind("subject-order", "none", lambda t: sent(t, f"注文 {mine(t.draw)} 発送のお知らせ", "本日発送いたしました。", shape=1), 3),
]  # fmt: skip

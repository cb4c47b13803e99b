"""Cards and individual numbers where people put them, third set."""

from collections.abc import Callable, Sequence
from random import Random

from tests.judged.digits import CARDS, KANJI, WIDE, Kind, card, digits, fours, mine
from tests.judged.files import Cell, archive, docx, xlsx
from tests.judged.mime import file
from tests.judged.people import Person, Town
from tests.judged.third.letters import page, sent
from tests.judged.third.paged import pages
from tests.judged.third.papers import odt, pptx, rtf, slide_table

Text = Callable[[Town], str]


def pan(draw: Random) -> str:
    """A card number of any range."""
    return card(draw, draw.choice(list(CARDS)))


def usual(draw: Random) -> str:
    """A card number of sixteen digits."""
    return card(draw, draw.choice(("visa", "mastercard", "mastercard-2", "jcb", "discover")))


def said(make: Text, *, subject: str = "ご連絡の件", shape: int = 1) -> Callable[[Town], bytes]:
    """A letter that says so."""
    return lambda town: sent(town, subject, make(town), shape=shape)


def holds(name: str, make: Callable[[Town], bytes | str]) -> Callable[[Town], bytes]:
    """A letter with the file."""
    return lambda town: sent(
        town, "書類送付のご案内", "書類をお送りします。", shape=1, files=(file(name, make(town)),)
    )


def shown(make: Text) -> Callable[[Town], bytes]:
    """A mail in HTML."""
    return lambda town: sent(
        town, "ご確認", "HTMLでご確認ください。", html=f"<html><body>{make(town)}</body></html>"
    )


def book(make: Callable[[Town], Sequence[Sequence[Cell]]]) -> Callable[[Town], bytes]:
    """A letter with a workbook of these rows."""
    return holds("控.xlsx", lambda town: xlsx(("控", make(town))))


def _row(town: Town, shape: Callable[[Person, Random], str], count: int = 12) -> str:
    return "\n".join(shape(one, town.draw) for one in town.people(count))


def _track(draw: Random, p: Person) -> str:
    number = card(draw, draw.choice(("visa", "mastercard")))
    first, last = p.english.upper().split()
    return (
        f"%B{number}^{last}/{first}^2909201{digits(draw, 10)}?;{number}=2909201{digits(draw, 8)}?"
        if first.isascii() and last.isascii()
        else f";{number}=2909201{digits(draw, 8)}?"
    )


def _halves(town: Town) -> str:
    number = usual(town.draw)
    return f"カード番号は桁が多いので分けて書きます。\n{fours(number[:8])}\n{fours(number[8:])}\n有効期限は 2029年8月です。"


def _authorization(town: Town) -> bytes:
    rows = ["CREDIT CARD AUTHORIZATION", f"Cardholder: {town.person().english}", f"Card No.: {fours(pan(town.draw))}", f"Exp.: 0{town.draw.randint(1, 9)}/29   CVC: {digits(town.draw, 3)}", "Signature: ______"]  # fmt: skip
    return pages([rows], foot="1/1")


def _cells(number: str, label: str) -> list[list[Cell]]:
    return [["申込書"], [], [label, *number], [], ["氏名", "同上"]]


def _hyphen_cells(number: str) -> list[list[Cell]]:
    row: list[Cell] = ["個人番号"]
    for at, digit in enumerate(number):
        row += ["－"] * (at in (4, 8)) + [int(digit)]
    return [["届書"], row, ["提出日", "令和8年11月16日"]]


def _scan(town: Town) -> str:
    one = town.person()
    return f"個人番号カード\n氏名 {one.name}\n住所 {one.address}\n平成{town.draw.randint(1, 9)}年4月2日生\n{fours(mine(town.draw))}\n電子証明書の有効期限 2029年 4月 2日"


def _family(town: Town) -> list[list[Cell]]:
    rows: list[list[Cell]] = [["続柄", "氏名", "個人番号", "同居"]]
    for relation in ("本人", "妻", "長男", "長女"):
        rows.append([relation, town.person().name, mine(town.draw), "○"])
    return rows


CARD = [
    Kind("card-maestro-de", "card", said(lambda t: f"Kartennummer: {fours(card(t.draw, 'maestro-12'))}, gültig bis 07/28", subject="Zahlung"), 4),
    Kind("card-visa-13", "card", said(lambda t: f"古いVISAカードです。番号は {card(t.draw, 'visa-13')}、有効期限 05/27。"), 4),
    Kind("card-unionpay-zh", "card", said(lambda t: f"银联卡号：{fours(card(t.draw, 'unionpay'))}", subject="付款"), 4),
    Kind("card-jcb-15", "card", said(lambda t: f"JCBカード　{card(t.draw, 'jcb-15')}　名義 A KIMURA"), 4),
    Kind("card-diners", "card", said(lambda t: f"ダイナースで決済をお願いします。カード番号 {fours(card(t.draw, 'diners'), '-')}"), 4),
    Kind("card-amex", "card", said(lambda t: f"Please charge my Amex, {fours(card(t.draw, 'amex'))}, exp 11/28.", subject="Deposit"), 4),
    Kind("card-two-lines", "card", said(_halves), 4),
    Kind("card-ideographic-blanks", "card", said(lambda t: f"クレジットカードの番号\n{fours(usual(t.draw), '　')}"), 4),
    Kind("card-dots", "card", said(lambda t: f"Credit card {fours(usual(t.draw), '.')} valid thru 2/30", subject="Booking"), 4),
    Kind("card-en-dashes", "card", said(lambda t: f"カードNo. {fours(usual(t.draw), '–')}（期限 10/29）"), 4),
    Kind("card-wide-hyphens", "card", said(lambda t: f"カード番号：{fours(usual(t.draw), '－').translate(WIDE)}"), 4),
    Kind("card-hotel", "card", said(lambda t: f"Guarantee for room {digits(t.draw, 3)}: VISA {card(t.draw, 'visa')} exp 03/29, {t.person().english}", subject="Reservation"), 4),
    Kind("card-telephone-note", "card", said(lambda t: f"お客様からお電話で伺いました。マスターカード {fours(card(t.draw, 'mastercard'))}、期限は来年3月、裏の番号は{digits(t.draw, 3)}とのことです。"), 4),
    Kind("card-subject", "card", lambda t: sent(t, f"カード番号 {fours(usual(t.draw))} の決済について", "件名のカードで決済願います。", shape=1), 4),
    Kind("card-quoted", "card", said(lambda t: f"ご注文を承りました。\n\n> カード番号は {usual(t.draw)} です。\n> 名義は本人、有効期限は09/28です。"), 4),
    Kind("card-letters-apart", "card", said(lambda t: f"【画面の文字起こし】\nカ ー ド 番 号　{' '.join(usual(t.draw))}\n有 効 期 限　0 7 / 2 9", shape=0), 4),
    Kind("card-french", "card", said(lambda t: f"Carte bancaire n° {fours(usual(t.draw))}, date d'expiration 12/28, cryptogramme {digits(t.draw, 3)}", subject="Paiement"), 4),
    Kind("card-korean", "card", said(lambda t: f"카드번호: {fours(usual(t.draw), '-')} 유효기간 08/29", subject="결제"), 4),
    Kind("card-docx-form", "card", holds("申込書.docx", lambda t: docx(["会費 口座振替・カード払 申込書"], rows=[["氏名", t.person().name], ["カード番号", fours(pan(t.draw))], ["有効期限", "09 / 29"]])), 4),
    Kind("card-pdf-authorization", "card", holds("authorization.pdf", _authorization), 4),
    Kind("card-slide", "card", holds("memo.pptx", lambda t: pptx([["精算メモ"]], tables=[slide_table([["種類", "カード番号"], ["法人カード", fours(usual(t.draw))]])])), 4),
    Kind("card-cells", "card", book(lambda t: _cells(usual(t.draw), "クレジットカード番号")), 4),
    Kind("card-pan-column", "card", holds("settle.csv", lambda t: "txn,PAN,exp,amount\n" + _row(t, lambda p, d: f"{digits(d, 9)},{pan(d)},0{d.randint(1, 9)}{d.randint(27, 31)},{d.randint(500, 90000)}")), 4),
    Kind("card-bare-with-expiry", "card", holds("dump.txt", lambda t: _row(t, lambda p, d: f"{usual(d)}|0{d.randint(1, 9)}|{d.randint(2027, 2031)}|{digits(d, 3)}|{p.english}", 20)), 4),
    Kind("card-payment-log", "card", holds("gateway.log", lambda t: _row(t, lambda p, d: f"2026-11-16T10:{d.randint(10, 59)}:03 AUTH pan={usual(d)} exp=2909 amt={d.randint(100, 90000)} rc=00")), 4),
    Kind("card-xml", "card", holds("request.xml", lambda t: f"<Payment><CardNumber>{usual(t.draw)}</CardNumber><ExpiryDate>2908</ExpiryDate><Amount>12400</Amount></Payment>"), 4),
    Kind("card-track", "card", holds("swipe.txt", lambda t: _row(t, lambda p, d: _track(d, p), 6)), 4),
    Kind("card-sql", "card", holds("orders.sql", lambda t: _row(t, lambda p, d: f"INSERT INTO payments (holder, card_no, valid) VALUES ('{p.english}', '{usual(d)}', '2029-03');")), 4),
    Kind("card-html-form", "card", shown(lambda t: f"<form><label>Card number</label><input name=cc value='{usual(t.draw)}'><label>Expiry</label><input value='06/28'></form>"), 4),
    Kind("card-html-table", "card", shown(lambda t: "<table><tr><th>お名前<th>クレジットカード番号</tr>" + _row(t, lambda p, d: f"<tr><td>{p.name}<td>{fours(usual(d), '-')}</tr>") + "</table>"), 4),
    Kind("card-in-zip", "card", holds("月次.zip", lambda t: archive([("card.csv", "氏名,カード番号\n" + _row(t, lambda p, d: f"{p.name},{usual(d)}"))])), 4),
    Kind("card-odt", "card", holds("依頼書.odt", lambda t: odt(["決済依頼書", f"カード番号　{fours(pan(t.draw))}", "有効期限　01/30"])), 4),
    Kind("card-rtf", "card", holds("note.rtf", lambda t: rtf(["Payment note", f"Credit card: {fours(usual(t.draw))}", "Expires 01/30"])), 4),
    Kind("card-no-word", "card", said(lambda t: f"先日の件、こちらでお願いします。\n{fours(usual(t.draw))}\n04/29\n{t.person().english}"), 4, "nothing but grouping, expiry and holder say what it is"),
    Kind("card-name-of-file", "card", lambda t: sent(t, "同意書", "同意書です。", shape=1, files=(file(f"card_{card(t.draw, 'visa')}_consent.pdf", pages([["同意書"]])),)), 4, "in a file's name"),
]  # fmt: skip

MINE = [
    Kind("mine-docx-form", "mynumber", holds("資格取得届.docx", lambda t: docx(["被保険者資格取得届"], rows=[["氏名", t.person().name], ["個人番号（または基礎年金番号）", mine(t.draw)]])), 4),
    Kind("mine-cells-text", "mynumber", book(lambda t: _cells(mine(t.draw), "個人番号（マイナンバー）")), 4),
    Kind("mine-cells-hyphens", "mynumber", book(lambda t: _hyphen_cells(mine(t.draw))), 4),
    Kind("mine-family", "mynumber", book(_family), 4),
    Kind("mine-numeric", "mynumber", book(lambda t: [["令和8年分"], ["社員", "マイナンバー"], *([p.name, int(mine(t.draw))] for p in t.people(9))]), 4),
    Kind("mine-ideographic", "mynumber", said(lambda t: f"個人番号をお知らせします。\n{fours(mine(t.draw), '　')}"), 4),
    Kind("mine-wide-hyphens", "mynumber", said(lambda t: f"マイナンバー　{fours(mine(t.draw), '－').translate(WIDE)}"), 4),
    Kind("mine-odd-hyphens", "mynumber", said(lambda t: f"個人番号: {fours(mine(t.draw), t.draw.choice('‐‑−'))}"), 4),
    Kind("mine-spoken", "mynumber", said(lambda t: f"マイナンバーをお伝えします。{fours(mine(t.draw), '、')}です。控えてください。"), 4),
    Kind("mine-next-line", "mynumber", said(lambda t: f"年末調整に使うマイナンバーは下記です。\n\n{mine(t.draw)}\n\nよろしくお願いします。"), 4),
    Kind("mine-spouse", "mynumber", said(lambda t: f"配偶者の個人番号：{mine(t.draw)}\n扶養親族の個人番号：{mine(t.draw)}"), 4),
    Kind("mine-subject", "mynumber", lambda t: sent(t, f"マイナンバー {mine(t.draw)} 登録依頼", "登録をお願いします。", shape=1), 4),
    Kind("mine-quoted", "mynumber", said(lambda t: f"確かに受領しました。\n\n> 個人番号は {fours(mine(t.draw))} です。"), 4),
    Kind("mine-english", "mynumber", said(lambda t: f"My Individual Number (My Number) is {mine(t.draw)}.", subject="Payroll"), 4),
    Kind("mine-chinese", "mynumber", said(lambda t: f"我的个人号码（マイナンバー）是 {fours(mine(t.draw))}", subject="年末调整"), 4),
    Kind("mine-card-scan", "mynumber", said(_scan, shape=0), 4),
    Kind("mine-scan-pdf", "mynumber", holds("card_copy.pdf", lambda t: pages([_scan(t).split("\n")])), 4),
    Kind("mine-pdf-apart", "mynumber", holds("届出.pdf", lambda t: pages([["扶養親族届", f"個人番号　{' '.join(mine(t.draw))}", "提出先 年金事務所"]])), 4),
    Kind("mine-bars", "mynumber", holds("記入済.txt", lambda t: f"個人番号　｜{'｜'.join(mine(t.draw))}｜\n氏名　{t.person().name}\n"), 4),
    Kind("mine-csv-roman", "mynumber", holds("kyuyo.csv", lambda t: "shain_no,shimei,kojin_bango\n" + _row(t, lambda p, d: f"{digits(d, 5)},{p.name},{mine(d)}")), 4),
    Kind("mine-xml", "mynumber", holds("houkoku.xml", lambda t: "<法定調書>" + _row(t, lambda p, d: f"<人><氏名>{p.name}</氏名><個人番号>{mine(d)}</個人番号></人>") + "</法定調書>"), 4),
    Kind("mine-json", "mynumber", holds("hr.json", lambda t: f'[{{"employee": "{t.person().english}", "myNumber": "{mine(t.draw)}"}}]'), 4),
    Kind("mine-yaml", "mynumber", holds("hr.yaml", lambda t: f"employee:\n  name: {t.person().name}\n  my_number: '{mine(t.draw)}'\n"), 4),
    Kind("mine-bare-report", "mynumber", holds("CHOSHO.CSV", lambda t: _row(t, lambda p, d: f"315,1,{p.address},{p.name},{mine(d)},{d.randint(2, 8)}00000,0,{d.randint(1000, 90000)}", 25)), 4),
    Kind("mine-slide", "mynumber", holds("手続き.pptx", lambda t: pptx([["入社手続き"]], tables=[slide_table([["氏名", "マイナンバー"], [t.person().name, mine(t.draw)]])])), 4),
    Kind("mine-html-table", "mynumber", shown(lambda t: "<table><tr><td>氏名</td><td>個人番号</td></tr>" + _row(t, lambda p, d: f"<tr><td>{p.name}</td><td>{fours(mine(d), '-')}</td></tr>", 6) + "</table>"), 4),
    Kind("mine-html-spans", "mynumber", shown(lambda t: "<p>個人番号 " + "".join(f"<span class=box>{digit}</span>" for digit in mine(t.draw)) + "</p>"), 4),
    Kind("mine-tabs-pasted", "mynumber", said(lambda t: "氏名\t生年月日\tマイナンバー\n" + _row(t, lambda p, d: f"{p.name}\t{p.born[0]}/{p.born[1]}/{p.born[2]}\t{mine(d)}", 5)), 4),
    Kind("mine-in-zip", "mynumber", holds("提出.zip", lambda t: archive([("番号.csv", "氏名,個人番号\n" + _row(t, lambda p, d: f"{p.name},{mine(d)}"))])), 4),
    Kind("mine-statement", "mynumber", holds("支払調書.docx", lambda t: docx(["報酬、料金、契約金及び賞金の支払調書", f"支払を受ける者　{t.person().name}", f"個人番号又は法人番号　{mine(t.draw)}", "区分　原稿料"])), 4),
    Kind("mine-odt", "mynumber", holds("届.odt", lambda t: odt(["氏名変更届", f"マイナンバー：{mine(t.draw)}"])), 4),
    Kind("mine-rtf", "mynumber", holds("届.rtf", lambda t: rtf(["住所変更届", f"個人番号 {fours(mine(t.draw))}"])), 4),
    Kind("mine-page", "mynumber", lambda t: sent(t, "番号のご連絡", "HTML", html=page(f"社員番号 {digits(t.draw, 5)}\n個人番号 {mine(t.draw)}")), 4),
    Kind("mine-kanji", "mynumber", said(lambda t: f"個人番号　{mine(t.draw).translate(KANJI)}"), 4, "in numerals that no machine writes"),
    Kind("mine-short-word", "mynumber", said(lambda t: f"MN: {mine(t.draw)}（給与担当宛）"), 4, "an abbreviation"),
    Kind("mine-down-cells", "mynumber", book(lambda t: [["個人番号"], *([int(d)] for d in mine(t.draw))]), 4, "a digit under the other, as no form has it"),
]  # fmt: skip
FOUND = CARD + MINE

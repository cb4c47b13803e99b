"""Cards and My Numbers by what stands around them; everything else that passes a check digit is silent."""

import random

import pytest

from filters.detect.detector import scan
from filters.detect.numbers import card, luhn, my_number
from filters.detect.text import Text
from tests.filters.mails import ORGANISATION

WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
KANJI = str.maketrans("0123456789", "〇一二三四五六七八九")


class Maker:
    """Numbers that nobody was given."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)

    def digits(self, count: int) -> str:
        return "".join(str(self._chance.randint(0, 9)) for _ in range(count))

    def card(self, prefix: str = "4", length: int = 16) -> str:
        body = prefix + self.digits(length - len(prefix) - 1)
        (found,) = (body + last for last in "0123456789" if luhn(body + last))
        return found

    def mine(self) -> str:
        while True:
            body = self.digits(11)
            for last in "0123456789":
                if my_number(body + last):
                    return body + last


def fours(number: str, by: str = " ") -> str:
    return by.join(number[at : at + 4] for at in range(0, len(number), 4))


def sure(text: str, place: str = "1") -> set[str]:
    return {n.kind for n in scan(Text(place, text, "content"), ORGANISATION).numbers if n.sure}


@pytest.mark.parametrize(
    ("prefix", "length"),
    [("4", 13), ("4", 16), ("4", 19), ("51", 16), ("2221", 16), ("34", 15), ("37", 15), ("3528", 16), ("3589", 16), ("1800", 15),
     ("2131", 15), ("300", 14), ("36", 14), ("38", 14), ("6011", 16), ("644", 16), ("65", 16), ("622126", 16), ("628888", 19), ("8171", 16),
     ("5018", 12), ("5038", 13), ("6304", 16), ("6763", 18), ("6759", 19), ("2200", 16), ("9792", 16)],
)  # fmt: skip
def test_cards_of_all_ranges_beside_their_name(prefix: str, length: int) -> None:
    number = Maker(length).card(prefix, length)
    assert card(number)
    assert sure(f"カード番号は {number} です。") == {"card"}
    assert sure(f"credit card number: {number}") == {"card"}


CARDS = [
    "決済用のカードは {fours} 期限 05/28",
    "カード番号（16桁）　{wide}",
    "クレカ番号→{hyphens}",
    "<card><pan>{card}</pan></card>",
    "カード番号\n{lines}",
    "カード番号\t{cells}\n有効期限\t11\t29",
    "クレジットカード番号\t{quarters}",
    "カード番号：{apart}",
    "カード番号 {slashes}",
    "カード番号：{kanji}",
    "注文番号 12345、カード {card} で決済",
    "カードでお支払いします。{slashes} 有効期限 09/28",
    "Card Account Number: {card}",
    "Kreditkarte: {twos}",
    "{fours}",
    "番号は{card}です",
    "次の番号：{card}",
    '{{"cardNumber": "{card}", "exp": "2029-09"}}',
]
MINE = [
    "マイナンバー：{number}",
    "私の個人番号は{number}です。",
    "個人番号　{wide}",
    "My Number: {hyphens}",
    "{number}（マイナンバー）",
    "マイナンバーカードの番号は{number}",
    "個人番号又は法人番号\t{cells}",
    "個人番号 □{boxes}",
    "個人番号\n{lines}",
    "個人番号：{apart}",
    "個人番号 {kanji}",
    "マイナンバー {sixes}",
    "|個|人|番|号|\n{bars}",
    "個\n人\n番\n号\n{number}",
    "氏名\tマイナンバー\t\t\n山田 太郎\t{quarters}",
    "社員番号,氏名,マイナンバー\n104,山田,{number}",
    "個人番号 一覧\n" + "注意\n" * 60 + "山田\t{number}",
    "my_number: '{number}'",
]


@pytest.mark.parametrize(("form", "kind"), [*((f, "card") for f in CARDS), *((f, "my_number") for f in MINE)])
def test_forms_in_which_people_write_them(form: str, kind: str) -> None:
    for seed in range(5):
        number = Maker(seed).card() if kind == "card" else Maker(seed).mine()
        text = form.format(
            number=number, card=number, fours=fours(number), hyphens=fours(number, "-"), wide=fours(number).translate(WIDE),
            cells="\t".join(number), lines="\n".join(number), quarters=fours(number, "\t"), apart=" ".join(number),
            slashes=fours(number, "/"), boxes="□".join(number), kanji=number.translate(KANJI),
            twos=f"{number[:8]} {number[8:]}", sixes=f"{number[:6]} {number[6:]}", bars="|".join(number),
        )  # fmt: skip
        assert sure(text) == {kind}, text


@pytest.mark.parametrize("by", ["\t", ",", ";", "|"])
def test_a_column_is_named_by_its_heading(by: str) -> None:
    make = Maker(3)
    rows = "".join(f"{make.digits(6)}{by}{make.card('6304', 12)}\n" for _ in range(2))
    assert sure(f"id{by}カード番号\n{rows}") == {"card"}
    assert sure(f"id{by}伝票番号\n{rows}") == set()


def test_a_column_without_heading_is_judged_by_the_share_that_passes() -> None:
    make = Maker(4)
    assert sure("\n".join(f"山田,{make.mine()}" for _ in range(20))) == {"my_number"}
    assert sure("\n".join(make.card() for _ in range(20))) == {"card"}
    assert sure("\n".join(make.digits(12) for _ in range(200))) == set()
    assert sure("\n".join("4" + make.digits(15) for _ in range(200))) == set()


def test_a_long_list_is_judged_like_a_short_one() -> None:
    make = Maker(6)
    assert sure("\n".join(make.mine() for _ in range(3000))) == {"my_number"}
    assert sure("\n".join(make.digits(12) for _ in range(9000))) == set()


@pytest.mark.parametrize("count", [300, 3000, 9000])
def test_many_numbers_of_another_kind_hide_none_behind_them(count: int) -> None:
    make = Maker(7)
    slips = "\n".join(f"伝票番号 {make.digits(12)}" for _ in range(count))
    assert sure(f"{slips}\n個人番号：{make.mine()}\n") == {"my_number"}
    assert sure(f"{slips}\nカード番号：{fours(make.card())}\n") == {"card"}
    assert sure(f"{slips}\n個人番号は別途。伝票番号 {make.mine()}\n") == set()


def test_the_name_of_the_file_counts() -> None:
    number = Maker(5).mine()
    assert sure(f"山田\t{number}", "2/マイナンバー一覧.xlsx/sheet1") == {"my_number"}
    assert sure(f"山田\t{number}", "2/一覧.xlsx/sheet1") == set()


OTHERS = [
    "お客様番号 {card}",
    "ご注文番号 {card} の件、承知いたしました。",
    "お問い合わせ伝票番号：{mine}（マイナンバーカードの書類を送りました）",
    "個人番号カード交付申請の受付番号：{mine}",
    "ポイントカード番号 {card}",
    "診察券番号:{mine}",
    "ギフトコード {hyphens}",
    "シリアル番号 {hyphens}",
    "Order #{card} was shipped",
    "https://shop.example/item/{card}?ref={mine} マイナンバー",
    "arn:aws:iam::{mine}:role/deploy マイナンバー",
    "AWSアカウントID {mine}",
    "ロット {card}",
    "トランザクション {card} が失敗",
    "ライセンスキー {hyphens}",
    "ギフトカード {card}",
    "Message-ID: <{mine}.{card}@mail.partner.example>",
    "+{mine} マイナンバーの窓口",
    "個人番号の記載は不要です。\n1 2 3 4 5 6 7 8 9 10 11 12",
    "カード番号\t1\t2\t3\t4\t5\t6\t7\t8\t9\t10\t11\t12",
    "マイナンバーの受付時刻 202611021530",
]


@pytest.mark.parametrize("form", OTHERS)
def test_numbers_of_other_things_that_pass_by_chance(form: str) -> None:
    for seed in range(20):
        make = Maker(seed)
        number = make.card()
        assert sure(form.format(card=number, mine=make.mine(), hyphens=fours(number, "-"))) == set()


def test_thirteen_digits_in_cells_are_a_companys() -> None:
    make = Maker(6)
    for _ in range(50):
        assert sure("個人番号又は法人番号\t" + "\t".join(make.digits(13))) == set()


def test_an_article_number_is_no_card() -> None:
    make = Maker(7)
    assert sure("JANコード\t商品名\n" + "".join(f"49{make.digits(11)}\t商品\n" for _ in range(100))) == set()
    assert sure("\n".join(f"45{make.digits(11)}" for _ in range(100))) == set()


def sure_kinds(raw: str, place: str = "1") -> set[str]:
    return {n.kind for n in scan(Text(place, raw, "content"), ORGANISATION).numbers if n.sure}


def test_what_else_may_stand_there_is_no_other_name() -> None:
    mine = Maker(51).mine()
    assert "my_number" in sure_kinds(f"氏名\t瀬尾 智子\n個人番号（または基礎年金番号）\t{mine}\n")
    assert not sure_kinds(f"個人番号の提出\n受付番号 {mine}\n")


def test_a_card_over_two_lines_below_its_name() -> None:
    number = Maker(52).card()
    half = f"{fours(number)[:9]}\n{fours(number)[10:]}"
    assert sure_kinds(f"カード番号は分けて書きます。\n{half}\n有効期限は 2029年8月です。") == {"card"}


def test_what_a_document_is_called_by_is_no_card() -> None:
    number = Maker(53).card("5")
    assert not sure_kinds(f"doi:10.1000/{number}, ISSN 1342-7646")


@pytest.mark.parametrize(
    "said",
    [
        "银行卡号 {n}",
        "카드번호: {n}",
        "Kortnummer {n}",
        "Номер карты: {n}",
        "カード番号「{a}」「{b}」「{c}」「{d}」",
        "カード番号[{a}][{b}][{c}][{d}]",
        "カード番号 {a}→{b}→{c}→{d}",
        "カード番号は、{a}の{b}の{c}の{d}です",
        "%B{n}^SATO/YUKI^2904101000000000?",
    ],
)
def test_cards_in_other_languages_and_brackets(said: str) -> None:
    n = Maker(54).card()
    a, b, c, d = fours(n).split()
    assert sure_kinds(said.format(n=n, a=a, b=b, c=c, d=d)) == {"card"}


def test_cards_for_travel_have_fifteen_digits() -> None:
    assert sure_kinds(f"カード番号：{Maker(55).card('1', 15)}") == {"card"}


@pytest.mark.parametrize(
    "called",
    [
        "Ihre Kundennummer: ",
        "Sendungsnummer ",
        "numéro de commande ",
        "快递单号：",
        "订单号 ",
        "주문번호 ",
        "楽天Edy番号 ",
    ],
)
def test_numbers_of_other_things_in_other_languages(called: str) -> None:
    assert not sure_kinds(f"{called}{Maker(56).card()}")


@pytest.mark.parametrize(
    "called", ["マイナ番号 ", "マイナンバー通知カードに記載の番号：", "12桁の番号は（マイナンバー）"]
)
def test_other_ways_to_call_a_my_number(called: str) -> None:
    assert sure_kinds(f"{called}{Maker(57).mine()}") == {"my_number"}


@pytest.mark.parametrize(
    "said",
    [
        "カードナンバー {n}",
        "会員番号(カード) {f}",
        "カード会員様番号 {f}",
        "JCB会員番号 {f}",
        "アメックスの番号は{n}です",
        "カードご契約番号 {f}",
        "カード再発行、新番号：{f}",
        "primary account number: {n}",
        "credit card account number {n}",
        "会員ID taro、カード {f}",
        "Booking ref ABC123 – card {f} – exp 09/29",
        "注文ID 12 | VISA | {n} | 09/29",
        "伝票番号 12 / {f} / 09/29",
        "id=12 card={n} amt=10",
        "the order can be charged to {f}",
        "VISA{n}",
        "No{n} カード",
        "カード_{n}",
        "{n}exp0929 cvv318",
        "カード番号: _{n}_",
        "支払方法\tクレジットカード\n会社\tJCB\n会員番号\t{quarters}\n有効期限\t09/29",
        "支払いは\n{quarters}\n有効期限 09/29",
        "id;holder;account_number;expiry;cvv\n1;T;{n};09/29;318\n",
    ],
)
def test_another_name_that_is_done_with_does_not_name_the_card_behind_it(said: str) -> None:
    for seed in range(8):
        number = Maker(seed).card()
        text = said.format(n=number, f=fours(number), quarters=fours(number, "\t"))
        assert sure(text) == {"card"}, text


@pytest.mark.parametrize(
    "said",
    [
        "カード番号：{a}{b}\n{c}{d}",
        "カード番号：{a}-{b} {c} {d}",
        "> カード番号 {a} {b}\n> {c} {d}",
        "カード番号は最初が{a}、次が{b}、{c}、最後が{d}です",
        "前半 {a} {b}\n後半 {c} {d}\nカード番号を2つに分けました",
        "カード番号(1) {a}\nカード番号(2) {b}\nカード番号(3) {c}\nカード番号(4) {d}",
        "my card: {a} then {b} then {c} then {d}",
        "my card number is {spelt}",
    ],
)
def test_a_card_that_is_read_out_or_cut_by_a_line(said: str) -> None:
    words = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
    for seed in range(8):
        number = Maker(seed).card()
        a, b, c, d = fours(number).split()
        assert sure(said.format(a=a, b=b, c=c, d=d, spelt=" ".join(words[int(n)] for n in number))) == {
            "card"
        }


@pytest.mark.parametrize(
    ("prefix", "length"), [("4", 13), ("5018", 12), ("6304", 17), ("2131", 15), ("3095", 14)]
)
@pytest.mark.parametrize(
    "said",
    [
        "クレカ {n} 09/29",
        "支払方法 クレジットカード\n会員番号 {n}\n有効期限 09/29",
        '{{"accountNumber": "{n}", "expirationDate": "0929", "cardCode": "318"}}',
        "카드 {n}",
        "{n}, valid until Sep 2029",
    ],
)
def test_a_rare_card_beside_words_of_paying(said: str, prefix: str, length: int) -> None:
    assert sure(said.format(n=Maker(length).card(prefix, length))) == {"card"}


def test_twelve_digits_in_fours_and_when_they_expire() -> None:
    assert sure(f"クレカ {fours(Maker(61).card('5018', 12))} 09/29") == {"card"}


def test_a_new_number_and_until_when_it_holds() -> None:
    number = fours(Maker(63).card("51", 16))
    assert sure(f"カードを変えました。新しい番号は{number}です。期限は09/29です。") == {"card"}
    assert sure(f"棚を変えました。新しい番号は{number}です。期限は10日です。") == set()


def test_a_file_that_is_called_after_cards() -> None:
    number = Maker(62).card("6763", 18)
    assert sure(f"山田 {number}", "2/カード番号.txt") == {"card"}
    assert sure(f"山田 {number}", "2/一覧.txt") == set()


@pytest.mark.parametrize(
    "said",
    [
        "注文番号（カード払い）：{n}",
        "伝票番号 {f} のカードを同封しました",
        "会員カードの契約番号 {n}",
        "Order no{n} shipped",
        "カードの説明会は 4000 4100 4200 4300 番教室",
        "x{n}",
        "新しい管理番号 {n}",
        "ロット番号 {n} 有効期限 2028.05",
        "serial {n}, expiry 2028-05",
        "lot {n} exp 05/28",
    ],
)
def test_words_of_cards_near_another_name_change_nothing(said: str) -> None:
    for seed in range(8):
        number = Maker(seed).card()
        assert sure(said.format(n=number, f=fours(number))) == set(), said


@pytest.mark.parametrize("behind", ["", " です。", "\n"])
@pytest.mark.parametrize("gap", [" ", "/", "\n"])
def test_a_wrong_number_hides_none_behind_it_in_a_short_text(gap: str, behind: str) -> None:
    made = Maker(6)
    right = made.card()
    wrong = right[:-1] + str((int(right[-1]) + 5) % 10)
    found = scan(Text("1", f"カード {wrong}{gap}{right}{behind}", "body"), ORGANISATION)
    assert right in {number.digits for number in found.numbers}

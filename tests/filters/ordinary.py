"""Ordinary business sentences and made-up personal numbers, to measure what the checkpoint says about them."""

import random

from filters.detect.numbers import card, my_number

JA = (
    "注文番号 {n12} の商品は{date}に出荷いたしました。",
    "請求書番号 INV-{n8} の金額は{yen}円(税込)です。",
    "送り状番号 {n4}-{n4}-{n4} で発送しましたのでご確認ください。",
    "お問い合わせ番号は {n12} です。",
    "お電話は {tel} までお願いいたします。",
    "携帯 {mobile} にご連絡ください。",
    "{date} {time}より会議室{n1}にて定例会議を開催します。",
    "ISBN 978-4-{n2}-{n6}-{n1} の書籍を{n2}冊発注しました。",
    "お振込先は、みずほ銀行 新宿支店 普通 {n7} です。",
    "登録番号 T{n13} の適格請求書を添付いたします。",
    "JANコード {n13} の在庫は残り{n2}個です。",
    "製品型番 {A}{n4}-{n6} の見積書をお送りします。",
    "来週の打ち合わせの資料を共有いたします。",
    "社内規程の改定について、{date}までにご意見をください。",
    "社外秘の取り扱いに関する研修は{date}に行います。",
    "この資料は社外秘ではありませんので、ご自由にお使いください。",
    "パスワードは別途お電話でお知らせいたします。",
    "パスワードの有効期限は{date}です。",
    "秘密保持契約書の案をお送りしますので、ご確認ください。",
    "受付番号:{n10} 担当:{name}",
    "{name}様 いつもお世話になっております。",
    "株式会社サンプル 営業部 {name} TEL {tel}",
    "契約番号 {n16} の更新時期が近づいております。",
    "会員番号{n10}のお客様のポイントは{n4}点です。",
    "追跡番号 1Z{n3}{A}{n10} は配達済みです。",
    "サーバーのログ {date} {time}:{n2} ERROR code={n8} pid={n5}",
    "部品 {n3}-{n4}-{n5} の納期は{date}になります。",
    "マイナンバーカードの申請方法についてはこちらをご覧ください。",
    "シリアル番号 {n16}、ロット {n6}-{n2}",
    "研修の参加費は{yen}円、定員は{n2}名です。",
    "〒100-0001 東京都千代田区千代田1-1 本社 {n1}階にお越しください。",
    "売上は前年比{n2}%増の{yen}千円でした。",
)
EN = (
    "Your order {n12} was shipped on {date} and should arrive soon.",
    "Invoice INV-{n8} over {yen} JPY is attached.",
    "The tracking number is {n4}-{n4}-{n4}; please allow two days.",
    "Tracking 1Z{n3}{A}{n10} shows that the parcel was delivered.",
    "Please call +81 {n1}-{n4}-{n4} if you have any questions.",
    "The meeting is moved to {date} {time} in room {n2}.",
    "ISBN 978-4-{n2}-{n6}-{n1} is out of stock.",
    "The part number {A}{n4}-{n6} replaces {A}{n4}-{n5}.",
    "Reference {n16} was closed by {latin} yesterday.",
    "This e-mail is confidential and intended only for the addressee.",
    "If you have received this confidential message in error, please delete it.",
    "The document is not confidential, so feel free to pass it on.",
    "Your password expires on {date}; change it in the portal.",
    "I will tell you the password by telephone.",
    "Please sign the confidentiality agreement before the call.",
    "{latin} will join the review on {date}.",
    "Ticket {n10} is assigned to {latin}, priority {n1}.",
    "GTIN {n13}, lot {n6}, serial {n16}",
    "We passed {n2} of {n3} tests in build {n8}.",
    "The total is {yen} for {n2} units at {n4} each.",
    "Commit {hex} fixes the crash in the parser.",
    "See https://www.example.com/items/{n12}?session={hex} for the details.",
    "Our passport to success is a good plan for {date}.",
    "My number is busy at the moment, please write instead.",
    "The bank account statement of {date} is in the shared folder.",
    "Batch {n4} {n4} {n4} left the plant at {time}.",
    "The log says: {date}T{time}:{n2}Z code={n8} token=null",
    "Member {n10} has {n4} points left.",
    "Please pass: the gate opens at {time}.",
    "Kind regards, {latin}, +81-3-{n4}-{n4}",
)
LETTER_JA = (
    "先日はお忙しい中、お打ち合わせのお時間をいただきまして誠にありがとうございました。",
    "ご提案いただいた内容につきまして、社内で検討を進めております。",
    "次回の会議では、来期の予算と人員の計画についてご相談させていただければと存じます。",
    "添付の資料をご確認のうえ、ご不明な点がございましたらお知らせください。",
    "納期につきましては、{date}を予定しております。",
    "注文番号 {n8} の件、承知いたしました。",
)
LETTER_EN = (
    "Thank you very much for the time that you took for our meeting last week.",
    "We have discussed your proposal and would like to go on with the second option.",
    "Please have a look at the attached papers and tell me what you think about them.",
    "The delivery is planned for {date}.",
    "Your order {n8} has been received and will be confirmed soon.",
)
SIGNATURE = """
--
株式会社サンプル 営業部
佐藤太郎
TEL 03-1234-5678 FAX 03-1234-5679
sato@us.example
〒100-0001 東京都千代田区千代田1-1
"""
_FAMILY = (
    "佐藤",
    "鈴木",
    "高橋",
    "田中",
    "伊藤",
    "渡辺",
    "山本",
    "中村",
    "小林",
    "加藤",
    "吉田",
    "山口",
    "石川",
    "福島",
    "千葉",
)
_GIVEN = ("太郎", "花子", "一郎", "健", "美咲", "翔太", "由美子", "さくら", "大輔", "直樹")
_LATIN = ("Taro Yamada", "Emily Clark", "John Smith", "Hanako Sato", "Wei Zhang", "Anna Schmidt")


def person(chance: random.Random) -> str:
    return chance.choice(_FAMILY) + chance.choice(_GIVEN)


def digits(chance: random.Random, count: int) -> str:
    return "".join(chance.choices("0123456789", k=count))


def sentences(templates: tuple[str, ...], count: int, seed: int = 1) -> list[str]:
    """`count` sentences made from templates; the same ones for the same seed."""
    chance = random.Random(seed)
    made = []
    for number in range(count):
        values = {f"n{n}": digits(chance, n) for n in (1, 2, 3, 5, 6, 7, 8, 10, 12, 13, 16)}
        values |= {
            "date": chance.choice(["2025-{:02}-{:02}", "2025年{}月{}日", "2025/{:02}/{:02}"]).format(
                chance.randint(1, 12), chance.randint(1, 28)
            ),
            "time": f"{chance.randint(8, 19)}:{chance.choice(['00', '30', '15'])}",
            "yen": f"{chance.randint(1000, 9_999_999):,}",
            "tel": f"0{chance.randint(1, 9)}-{digits(chance, 4)}-{digits(chance, 4)}",
            "mobile": f"0{chance.choice('789')}0-{digits(chance, 4)}-{digits(chance, 4)}",
            "A": "".join(chance.choices("ABCDEFGHJKLM", k=2)),
            "name": person(chance),
            "latin": chance.choice(_LATIN),
            "hex": f"{chance.getrandbits(160):040x}",
        }
        template = templates[number % len(templates)]
        while "{n4}" in template:
            template = template.replace("{n4}", digits(chance, 4), 1)
        made.append(template.format(**values))
    return made


def my_numbers(chance: random.Random, count: int) -> list[str]:
    """Valid My Numbers."""
    made: list[str] = []
    while len(made) < count:
        number = digits(chance, 12)
        if my_number(number):
            made.append(number)
    return made


def cards(chance: random.Random, count: int) -> list[str]:
    """Valid card numbers of several issuers."""
    made: list[str] = []
    while len(made) < count:
        prefix, length = chance.choice(
            [
                ("4", 16),
                ("51", 16),
                ("55", 16),
                ("2221", 16),
                ("37", 15),
                ("34", 15),
                ("3530", 16),
                ("36", 14),
                ("6011", 16),
                ("62", 16),
            ]
        )
        number = prefix + digits(chance, length - len(prefix))
        if card(number):
            made.append(number)
    return made


def table(chance: random.Random, rows: int, *, tab: str = ",") -> str:
    """A table of customers as CSV."""
    lines = [tab.join(("番号", "氏名", "電話番号", "メールアドレス"))]
    for row in range(rows):
        mobile = f"090-{digits(chance, 4)}-{digits(chance, 4)}"
        lines.append(tab.join((str(row + 1), person(chance), mobile, f"user{row}@mail{row % 7}.example")))
    return "\n".join(lines) + "\n"

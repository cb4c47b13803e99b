"""Forms of tables, development half: of people, and of anything else."""

from random import Random

from tests.judged import containers as c
from tests.judged.forms import Form, day, hyphens, lost, reign, said
from tests.judged.people import Person

BANKS = ("みなと銀行", "北斗信用金庫", "さくら第一銀行")
ILL = ("高血圧症", "気管支喘息", "2型糖尿病", "胃潰瘍", "うつ病", "花粉症", "腰椎椎間板ヘルニア")
PARTS = ("軸受", "ボルトM6", "ギヤ20T", "Oリング", "シャフト", "カバー", "ばね座金", "プーリー")
DEPARTMENTS = ("営業一課", "総務部", "開発部", "品質保証室", "経理部")


def _account(p: Person, d: Random) -> list[str | int | float | None]:
    return [p.name, d.choice(BANKS), f"{p.family}支店", "普通", f"{d.randint(1_000_000, 9_999_999)}"]


PEOPLE = [
    Form("address", ("氏名", "住所"), lambda p, d: [p.name, p.address], c.sheet),
    Form("telephone", ("氏名", "電話番号"), lambda p, d: [p.name, hyphens(p.mobile)], c.csv),
    Form("zero-lost", ("氏名", "携帯"), lambda p, d: [p.name, lost(p.mobile)], c.sheet),
    Form("birth", ("姓", "名", "生年月日"), lambda p, d: [p.family, p.first, day(p.born)], c.csv_sjis),
    Form("salary", ("社員名", "基本給"), lambda p, d: [p.name, d.randrange(200_000, 620_000, 1000)], c.sheet),
    Form("illness", ("患者名", "病名"), lambda p, d: [p.name, d.choice(ILL)], c.tsv),
    Form("account", ("名前", "銀行", "支店", "種別", "口座番号"), _account, c.sheet),
    Form("kana", ("氏名", "フリガナ"), lambda p, d: [p.name, p.kana], c.csv),
    Form("json-birth", ("name", "birthday"), lambda p, d: [p.name, day(p.born, "-")], c.objects),
    Form("mailboxes", (), lambda p, d: [p.name, p.box], c.mailboxes),
    Form("html", ("氏名", "住所", "TEL"), lambda p, d: [p.name, p.address, hyphens(p.mobile)], c.html),
    Form("town-only", ("氏名", "ご住所"), lambda p, d: [p.name, p.town], c.low_sheet),
    Form("bare-csv", (), lambda p, d: [p.name, p.postal, p.address, hyphens(p.home, 2)], c.csv),
    Form(
        "english",
        ("Name", "Date of birth", "Address"),
        lambda p, d: [p.english, day(p.born, "-"), p.street],
        c.csv,
    ),
    Form("piped", ("名前", "電話"), lambda p, d: [p.family + p.first, hyphens(p.mobile)], c.piped),
    Form("pasted", ("氏名", "メール", "携帯電話"), lambda p, d: [p.name, p.box, hyphens(p.mobile)], c.pasted),
    Form("word", ("氏名", "生年月日"), lambda p, d: [p.name, reign(p.born)], c.word_table),
    Form("bare-zero-lost", (), lambda p, d: [p.name, lost(p.mobile)], c.sheet),
    Form(
        "blocks",
        ("お名前", "ご住所", "お電話"),
        lambda p, d: [p.name, p.address, hyphens(p.mobile)],
        c.blocks,
    ),
    Form(
        "json-salary",
        ("full_name", "salary"),
        lambda p, d: [p.english, d.randrange(30_000, 98_000, 500)],
        c.nested,
    ),
]


def _company(p: Person, d: Random) -> list[str | int | float | None]:
    kind = d.choice(("株式会社{}製作所", "{}商店", "有限会社{}", "{}産業株式会社"))
    return [
        kind.format(p.family),
        p.prefecture + p.town,
        f"0{d.randint(3, 9)}{d.randint(0, 9)}-{d.randint(200, 999)}-{said(d, 4)}",
    ]


def _shop(p: Person, d: Random) -> list[str | int | float | None]:
    return [f"{p.town[:3]}店", p.postal, p.address, f"0120-{said(d, 3)}-{said(d, 3)}", "10:00-20:00"]


def _product(p: Person, d: Random) -> list[str | int | float | None]:
    return [
        f"{d.choice('ABCDEF')}-{said(d, 4)}",
        d.choice(PARTS),
        d.randrange(50, 9000, 10),
        f"49{said(d, 11)}",
    ]


CLEAN = [
    Form("companies", ("会社名", "所在地", "代表電話"), _company, c.sheet),
    Form("companies-csv", ("取引先", "住所", "TEL"), _company, c.csv),
    Form("shops", ("店舗名", "郵便番号", "住所", "電話", "営業時間"), _shop, c.csv),
    Form("products", ("品番", "品名", "単価", "JANコード"), _product, c.sheet),
    Form("products-json", ("code", "label", "price", "jan"), _product, c.objects),
    Form("schedule", ("日付", "予定", "場所"), lambda p, d: [f"11/{d.randint(1, 30)}", d.choice(("定例会議", "棚卸", "来客", "工場見学")), f"第{d.randint(1, 5)}会議室"], c.sheet),
    Form("race", ("順位", "選手", "タイム"), lambda p, d: [d.randint(1, 90), p.name, f"{d.randint(2, 4)}:{d.randint(10, 59)}:{d.randint(10, 59)}"], c.html),
    Form("attendees", ("氏名", "部署", "メール"), lambda p, d: [p.name, d.choice(DEPARTMENTS), p.box.split("@")[0] + "@corp.example"], c.pasted),
    Form("rota", ("日", "早番", "遅番"), lambda p, d: [f"{d.randint(1, 30)}日", p.family, d.choice(("青木", "木下", "原田"))], c.word_table),
    Form("tasks", ("課題", "担当", "期限"), lambda p, d: [f"#{said(d, 3)} {d.choice(PARTS)}の見直し", p.name, f"2026/12/{d.randint(1, 28)}"], c.csv),
    Form("timetable", ("列車", "発", "着"), lambda p, d: [f"{d.randint(1, 99)}号", f"{d.randint(6, 22)}:{d.randint(10, 59)}", f"{d.randint(6, 22)}:{d.randint(10, 59)}"], c.tsv),
    Form("stock", ("棚", "品名", "数量", "最終入庫"), lambda p, d: [f"{d.choice('ABC')}{said(d, 2)}", d.choice(PARTS), d.randint(0, 900), day((2026, d.randint(1, 12), d.randint(1, 28)))], c.csv_sjis),
    Form("rates", ("通貨", "TTS", "TTB"), lambda p, d: [d.choice(("USD", "EUR", "CNY", "THB")), round(d.uniform(90, 190), 2), round(d.uniform(90, 190), 2)], c.piped),
    Form("books", ("書名", "著者", "ISBN"), lambda p, d: [f"はじめての{d.choice(PARTS)}", p.name, f"978-4-{said(d, 4)}-{said(d, 4)}-{d.randint(0, 9)}"], c.csv),
    Form("addresses-of-machines", ("host", "ip", "mac"), lambda p, d: [f"pc{said(d, 3)}", f"10.{d.randint(0, 9)}.{d.randint(0, 255)}.{d.randint(1, 254)}", ":".join(f"{d.randrange(256):02x}" for _ in range(6))], c.csv),
    Form("access-log", ("time", "path", "status", "bytes"), lambda p, d: [f"2026-11-02T{d.randint(10, 23)}:{d.randint(10, 59)}:00Z", f"/item/{said(d, 5)}", 200, d.randint(200, 90000)], c.tsv),
    Form("menu", ("料理", "価格", "アレルゲン"), lambda p, d: [d.choice(("親子丼", "天ぷらそば", "カレー", "サラダ")), d.randrange(500, 1500, 10), d.choice(("卵", "小麦・そば", "乳", "なし"))], c.html),
    Form("hotels", ("ホテル", "住所", "電話", "料金"), lambda p, d: [f"ホテル{p.town[:4]}", p.address, hyphens(p.home, 2), d.randrange(6000, 25000, 100)], c.low_sheet),
    Form("terms", ("用語", "読み", "意味"), lambda p, d: [d.choice(("与信", "検収", "手形", "内示")), d.choice(("ヨシン", "ケンシュウ", "テガタ", "ナイジ")), "取引の用語"], c.csv),
    Form("departments", ("部署", "代表アドレス", "内線"), lambda p, d: [d.choice(DEPARTMENTS), f"team{said(d, 2)}@corp.example", d.randint(1000, 9999)], c.pasted),
    Form("parts-blocks", ("品名", "寸法", "材質"), lambda p, d: [d.choice(PARTS), f"{d.randint(3, 90)}x{d.randint(3, 90)}", d.choice(("SUS304", "S45C", "A5052"))], c.blocks),
    Form("role-mailboxes", (), lambda p, d: [d.choice(("営業窓口", "サポートデスク", "広報", "採用係")), f"desk{said(d, 3)}@{p.box.split('.')[0]}-office.example".replace(p.box.split('@')[0] + "@", "")], c.mailboxes),
]  # fmt: skip

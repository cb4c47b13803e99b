"""Tables that are no lists of people, third set: things, places, firms, the dead and the famous, names alone."""

from random import Random

from tests.judged.files import Cell
from tests.judged.forms import Form, day, hyphens
from tests.judged.forms import said as digits
from tests.judged.mime import file
from tests.judged.people import Person
from tests.judged.third import boxes as b
from tests.judged.third import records as r

PARTS = (
    "蝶番",
    "平座金",
    "ブラケットL",
    "ねじ棒 M8",
    "防振ゴム",
    "配線ダクト",
    "端子台 20P",
    "止め輪",
    "六角穴付ボルト",
)
TOWNS = ("錦糸町", "香林坊", "広野", "深志", "大手通", "諏訪栄", "三番町", "水前寺", "阿知")
FIRMS = ("{}電機株式会社", "株式会社{}工務店", "{}物産", "(有){}モータース", "{}会計事務所", "医療法人{}会")
HEROES = (
    ("徳川家康", "とくがわいえやす", "1543", "1616"), ("紫式部", "むらさきしきぶ", "973頃", "1014頃"), ("織田信長", "おだのぶなが", "1534", "1582"),
    ("坂本龍馬", "さかもとりょうま", "1836", "1867"), ("伊能忠敬", "いのうただたか", "1745", "1818"), ("平賀源内", "ひらがげんない", "1728", "1780"),
    ("清少納言", "せいしょうなごん", "966頃", "1025頃"), ("松尾芭蕉", "まつおばしょう", "1644", "1694"), ("杉田玄白", "すぎたげんぱく", "1733", "1817"),
)  # fmt: skip
CITIES = (
    ("高山市", "タカヤマシ"), ("三島市", "ミシマシ"), ("大津市", "オオツシ"), ("山口市", "ヤマグチシ"), ("宮崎市", "ミヤザキシ"), ("福島市", "フクシマシ"),
    ("長崎市", "ナガサキシ"), ("秋田市", "アキタシ"), ("和泉市", "イズミシ"), ("千葉市", "チバシ"),
)  # fmt: skip
SWEETS = ("小町", "弥生", "太郎最中", "花子せんべい", "金次郎饅頭", "さくらこ", "一平くん", "お栄")
SONGS = (
    "荒城の月 | 滝廉太郎",
    "椰子の実 | 大中寅二",
    "赤とんぼ | 山田耕筰",
    "早春賦 | 中田章",
    "浜辺の歌 | 成田為三",
    "夏の思い出 | 中田喜直",
)
ROLES = ("総合窓口", "修理受付", "採用担当", "広報室", "経理グループ", "品質相談室", "代理店サポート")
STATES = ("open", "in progress", "review", "closed")
TREES = (
    "ソメイヨシノ | Cerasus x yedoensis",
    "イチョウ | Ginkgo biloba",
    "ケヤキ | Zelkova serrata",
    "クスノキ | Cinnamomum camphora",
)
HORSES = ("ハルノタロウ", "ミナモハナコ", "アサカゼケン", "ユキノジロー", "テンリュウマリ")


def _clock(d: Random) -> str:
    return f"{d.randint(6, 22)}:{d.randint(0, 59):02d}"


def _firm(p: Person, d: Random) -> str:
    return str(d.choice(FIRMS)).format(p.family)


def _moment(d: Random) -> str:
    return (
        f"2026-11-{d.randint(1, 16):02d} {d.randint(0, 23):02d}:{d.randint(0, 59):02d}:{d.randint(0, 59):02d}"
    )


def _code(d: Random) -> str:
    return f"{d.choice('ABKTX')}{d.choice('NRS')}-{digits(d, 4)}"


def _offices(heads: object, rows: b.Rows, to: b.To) -> bytes:
    """Cards of firms, not of anybody."""
    text = "".join(
        f"BEGIN:VCARD\r\nVERSION:3.0\r\nN:;;;;\r\nFN:{name}\r\nORG:{name}\r\nTEL;TYPE=WORK:{tel}\r\nADR;TYPE=WORK:;;{place};;;;\r\nEND:VCARD\r\n"
        for name, tel, place in rows
    )
    return b.sent(file("offices.vcf", text), to)


def _desks(heads: object, rows: b.Rows, to: b.To) -> bytes:
    return b.written("; ".join(f"{row[0]} <{row[1]}>" for row in rows), to, "窓口のご案内")


def _history(heads: object, rows: b.Rows, to: b.To) -> bytes:
    text = "\n".join(
        f"commit {d}\nAuthor: {name} <{box}>\nDate:   Mon Nov 16 10:{n % 60:02d}:00 2026 +0900\n\n    Fix rounding in step {n}\n"
        for n, (d, name, box) in enumerate(rows)
    )
    return b.sent(file("git-log.txt", text), to)


def _log(heads: object, rows: b.Rows, to: b.To) -> bytes:
    return b.sent(file("app.log", "\n".join(" ".join(b.said(v) for v in row) for row in rows) + "\n"), to)


def _two(line: str) -> list[Cell]:
    first, second = line.split(" | ")
    return [first, second]


CLEAN = [
    Form("firms-two-heads", ("取引先", "業種", "所在地", "代表電話"), lambda p, d: [_firm(p, d), d.choice(("製造", "卸", "建設")), p.address, hyphens(p.home, 2)], b.two_heads),
    Form("firms-pasted", ("会社名", "TEL", "FAX"), lambda p, d: [_firm(p, d), hyphens(p.home, 2), f"03-{digits(d, 4)}-{digits(d, 4)}"], b.tabs_pasted),
    Form("prices-noted", ("品番", "品名", "標準価格", "JAN"), lambda p, d: [_code(d), d.choice(PARTS), d.randrange(80, 40_000, 10), f"49{digits(d, 11)}"], b.noted),
    Form("stock-yaml", ("sku", "name", "qty"), lambda p, d: [_code(d), d.choice(PARTS), d.randint(0, 400)], r.yaml),
    Form("shifts-surnames", ("日付", "早番", "遅番"), lambda p, d: [f"11/{d.randint(1, 30)}", p.family, d.choice(("江口", "須藤", "新田"))], b.plain_sheet),
    Form("shops", ("店舗", "郵便番号", "所在地", "電話", "営業時間"), lambda p, d: [f"{d.choice(TOWNS)}店", p.postal, p.address, hyphens(p.home, 2), "10:00-20:00"], b.comma),
    Form("sweets-like-names", ("商品名", "内容量", "価格"), lambda p, d: [d.choice(SWEETS), f"{d.randint(4, 24)}個入", d.randrange(400, 3000, 10)], b.page_table),
    Form("heroes", ("人物", "よみ", "生年", "没年"), lambda p, d: list(d.choice(HEROES)), b.document_table),
    Form("cities", ("市", "ヨミ", "人口"), lambda p, d: [*d.choice(CITIES), d.randint(40_000, 980_000)], b.comma_old),
    Form("app-log", (), lambda p, d: [_moment(d), d.choice(("INFO", "WARN")), f"job={digits(d, 6)}", f"elapsed={d.randint(3, 900)}ms"], _log),
    Form("measures", ("time", "temp_c", "rh", "press_hpa"), lambda p, d: [_moment(d), round(d.uniform(12, 31), 2), round(d.uniform(30, 80), 1), round(d.uniform(990, 1025), 1)], b.tabs),
    Form("bus", ("停留所", "平日", "土休日"), lambda p, d: [f"{d.choice(TOWNS)}{d.choice(('一丁目', '駅前', '小学校前'))}", _clock(d), _clock(d)], b.fixed),
    Form("bill-of-materials", ("Level", "Part", "Description", "Qty"), lambda p, d: [d.randint(1, 4), _code(d), d.choice(("hinge", "bracket", "washer", "duct")), d.randint(1, 24)], b.semicolons),
    Form("songs", ("曲名", "作曲"), lambda p, d: _two(d.choice(SONGS)), b.blanks),
    Form("books", ("書名", "著者", "出版年", "本体価格"), lambda p, d: [f"やさしい{d.choice(PARTS)}入門", f"{p.name} 著", d.randint(1998, 2026), d.randrange(900, 4800, 100)], b.page_grid),
    Form("schools", ("学校名", "所在地", "電話番号"), lambda p, d: [f"{d.choice(TOWNS)}{d.choice(('小学校', '中学校', '高等学校'))}", p.address, hyphens(p.home, 2)], b.printout),
    Form("clinics", ("医院名", "住所", "電話", "診療科"), lambda p, d: [f"{p.family}{d.choice(('内科', '歯科医院', '眼科クリニック'))}", p.address, hyphens(p.home, 2), "内科・小児科"], b.plain_sheet),
    Form("suppliers-numbers", ("仕入先", "登録番号", "支払サイト"), lambda p, d: [_firm(p, d), f"T{digits(d, 13)}", d.choice(("30日", "60日"))], b.comma_old),
    Form("windows-direct", ("窓口", "直通", "メール"), lambda p, d: [d.choice(ROLES), f"03-5550-0{digits(d, 3)}", f"desk{digits(d, 3)}@corp.example"], b.document_table),
    Form("desks-mailboxes", (), lambda p, d: [d.choice(ROLES), f"desk-{digits(d, 4)}@corp.example"], _desks),
    Form("offices-vcards", (), lambda p, d: [_firm(p, d), hyphens(p.home, 2), p.address], _offices),
    Form("trees", ("和名", "学名"), lambda p, d: _two(d.choice(TREES)), b.document_lines),
    Form("horses", ("馬名", "父", "母", "生年"), lambda p, d: [d.choice(HORSES), d.choice(HORSES), d.choice(HORSES), d.randint(2019, 2024)], b.fixed),
    Form("chemicals", ("物質名", "CAS No.", "含有率"), lambda p, d: [d.choice(("トルエン", "酢酸エチル", "キシレン")), f"{digits(d, 3)}-{digits(d, 2)}-{digits(d, 1)}", f"{d.randint(1, 60)}%"], b.rich_lines),
    Form("test-cases", ("ID", "前提", "手順", "結果"), lambda p, d: [f"TC-{digits(d, 3)}", "ログイン済み", "保存を押す", d.choice(("OK", "NG"))], b.plain_sheet),
    Form("tickets", ("No", "Title", "Assignee", "State"), lambda p, d: [digits(d, 5), f"Dialog {digits(d, 2)} flickers", p.family, d.choice(STATES)], b.bars),
    Form("actions-surnames", ("項目", "担当", "期限"), lambda p, d: [f"{d.choice(PARTS)}の再見積り", p.family, f"11/{d.randint(17, 30)}"], b.bullets),
    Form("rooms", ("会議室", "定員", "内線"), lambda p, d: [f"{d.choice('ABC')}{d.randint(1, 20)}", d.randint(4, 40), digits(d, 4)], b.page_table),
    Form("ledger", ("日付", "借方科目", "貸方科目", "金額", "摘要"), lambda p, d: [day((2026, 11, d.randint(1, 16))), "旅費交通費", "現金", d.randrange(200, 90_000, 10), f"{d.choice(TOWNS)}往復"], b.comma_old),
    Form("tides", ("日", "満潮", "干潮"), lambda p, d: [d.randint(1, 30), _clock(d), _clock(d)], b.fixed),
    Form("fares", ("発", "着", "運賃"), lambda p, d: [d.choice(TOWNS), d.choice(TOWNS), d.randrange(150, 2400, 10)], b.tabs_pasted),
    Form("words-with-kana", ("用語", "フリガナ", "説明"), lambda p, d: [*d.choice((("起票", "キヒョウ"), ("相殺", "ソウサイ"), ("按分", "アンブン"), ("押印", "オウイン"))), f"経理の用語（{d.randint(1, 90)}頁）"], b.comma),
    Form("flights", ("Flight", "From", "To", "Dep", "Arr"), lambda p, d: [f"NH{digits(d, 3)}", "HND", d.choice(("CTS", "FUK", "OKA")), _clock(d), _clock(d)], b.frame),
    Form("serials", ("機器", "製造番号", "設置場所"), lambda p, d: [d.choice(("複合機", "無線AP", "UPS")), f"{d.choice('GHJ')}{digits(d, 10)}", f"{d.randint(1, 9)}階"], b.gapped),
    Form("shares", ("コード", "銘柄", "終値"), lambda p, d: [d.randint(1301, 9997), f"{d.choice(TOWNS)}ホールディングス", d.randint(180, 9800)], b.comma),
    Form("postal-codes", (), lambda p, d: [p.postal.replace("-", ""), "トウキョウト", "スミダク", p.prefecture, d.choice(TOWNS)], b.comma),
    Form("branches", ("銀行コード", "支店コード", "支店名", "シテンメイ"), lambda p, d: [digits(d, 4), digits(d, 3), f"{d.choice(TOWNS)}支店", "シテン"], b.comma_old),
    Form("surnames-ranked", ("順位", "苗字", "よみ", "世帯数"), lambda p, d: [d.randint(1, 999), p.family, p.family_kana, d.randint(2000, 90_000)], b.plain_sheet),
    Form("reviews", ("nickname", "stars", "comment"), lambda p, d: [f"user{digits(d, 4)}", d.randint(1, 5), "届くのが早かったです"], r.keyed),
    Form("sensors", ("id", "unit", "value"), lambda p, d: [f"s{digits(d, 3)}", "kPa", round(d.uniform(80, 120), 3)], r.attributes),
    Form("products-sql", ("code", "title", "price"), lambda p, d: [_code(d), d.choice(PARTS), d.randint(100, 9000)], r.many_values),
    Form("recipes", ("材料", "分量"), lambda p, d: [d.choice(("薄力粉", "砂糖", "卵", "牛乳")), f"{d.randint(1, 300)}g"], b.two_lines),
    Form("glossary", ("English", "日本語"), lambda p, d: [d.choice(("delivery date", "unit price", "acceptance", "advance")), d.choice(("納期", "単価", "検収", "前払金"))], b.slide),
    Form("survey-groups", ("年代", "男性", "女性", "回答なし"), lambda p, d: [f"{d.randint(1, 8)}0代", d.randint(3, 90), d.randint(3, 90), d.randint(0, 9)], b.page_table),
    Form("parcels", ("出荷日", "問合せ番号", "個口"), lambda p, d: [f"11/{d.randint(1, 16)}", f"{digits(d, 4)}-{digits(d, 4)}-{digits(d, 4)}", d.randint(1, 6)], b.tabs),
    Form("weather", ("地点", "最高", "最低", "降水"), lambda p, d: [d.choice(TOWNS), d.randint(9, 21), d.randint(-2, 9), f"{d.randrange(0, 100, 10)}%"], r.arrays),
    Form("hosts", ("hostname", "address", "role"), lambda p, d: [f"app{digits(d, 2)}", f"192.0.2.{d.randint(1, 254)}", d.choice(("db", "web", "cache"))], r.ltsv),
    Form("rankings-of-firms", ("順位", "企業", "売上高(百万円)", "本社"), lambda p, d: [d.randint(1, 300), _firm(p, d), d.randint(400, 90_000), p.prefecture], b.turned),
    Form("estimates-stacked", ("品名", "数量", "金額"), lambda p, d: [d.choice(PARTS), d.randint(1, 90), d.randrange(1000, 90_000, 50)], b.stacked),
    Form("speakers", ("時刻", "演題", "講師"), lambda p, d: [_clock(d), f"{d.choice(PARTS)}の最新動向", p.name], b.page_table, "names of those who speak in public"),
    Form("results-of-races", ("順位", "選手", "所属", "記録"), lambda p, d: [d.randint(1, 40), p.name, d.choice(("北陵高", "南ヶ丘大")), f"{d.randint(10, 15)}.{digits(d, 2)}"], b.printout, "published results with names"),
    Form("team", ("役割", "氏名"), lambda p, d: [d.choice(("設計", "試験", "購買")), p.name], b.plain_sheet, "names and tasks at work"),
    Form("board", ("役職", "氏名"), lambda p, d: [d.choice(("取締役", "監査役", "執行役員")), p.name], b.document_table, "officers as they are published"),
    Form("commits", (), lambda p, d: ["".join(d.choice("0123456789abcdef") for _ in range(40)), p.english, p.box], _history, "authors with their addresses, as every repository shows them"),
    Form("cast", ("役", "俳優"), lambda p, d: [d.choice(("刑事", "医師", "隣人")), p.name], b.blanks, "names of actors"),
    Form("pseudonymous", ("患者ID", "年代", "収縮期血圧"), lambda p, d: [f"PX-{digits(d, 5)}", f"{d.randint(2, 8)}0代", d.randint(98, 172)], b.comma, "people without names"),
    Form("business-contacts", ("会社", "ご担当", "直通"), lambda p, d: [_firm(p, d), f"{p.family}様", hyphens(p.home, 2)], b.tabs_pasted, "surnames at firms, with their desks' numbers"),
]  # fmt: skip

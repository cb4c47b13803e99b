"""Forms of tables, deciding half: read by nobody who writes rules."""

from random import Random

from tests.judged import containers as c
from tests.judged.forms import Form, day, half_width, hyphens, lost, reign, said, serial
from tests.judged.mime import file, mail
from tests.judged.people import Person

BANKS = ("南洋信用組合", "カワセミ銀行", "ひかり労働金庫")
ILL = ("適応障害", "不整脈", "乳がん", "関節リウマチ", "てんかん", "緑内障", "睡眠時無呼吸症候群")
ENGLISH_ILL = ("hypertension", "type 1 diabetes", "migraine", "major depression", "asthma", "epilepsy")
GOODS = ("手袋", "作業灯", "はしご", "ヘルメット", "耐熱テープ", "延長コード", "工具箱")
SECTIONS = ("製造二課", "購買部", "法務室", "物流課", "広報部")


def _holder(p: Person, d: Random) -> list[str | int | float | None]:
    return [half_width(p.kana), d.choice(BANKS), said(d, 3), f"{d.randint(1_000_000, 9_999_999)}"]


def _cards(heads: object, rows: c.Rows, to: c.To) -> bytes:
    """A file of vCards."""
    text = "".join(
        f"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:{n}\r\nTEL;TYPE=CELL:{t}\r\nADR:;;{a};;;;\r\nEND:VCARD\r\n"
        for n, t, a in rows
    )
    return mail("連絡先", "連絡先を書き出しました。", files=[file("contacts.vcf", text)], to=to)


def _ldif(heads: object, rows: c.Rows, to: c.To) -> bytes:
    """What a directory writes out."""
    text = "\n".join(
        f"dn: uid={m.split('@')[0]},ou=people\ncn: {n}\nmail: {m}\nmobile: {t}\n" for n, m, t in rows
    )  # type: ignore[union-attr]
    return mail("directory", "Exported this morning.", files=[file("people.ldif", text)], to=to)


def _labels(heads: object, rows: c.Rows, to: c.To) -> bytes:
    """Labels for envelopes: postal code, address, name with 様."""
    text = "\n\n".join(f"〒{z}\n{a}\n{n} 様" for z, a, n in rows)
    return mail("宛名ラベル", "宛名の原稿です。", files=[file("label.txt", text)], to=to)


PEOPLE = [
    Form("income", ("従業員名", "年収"), lambda p, d: [p.name, d.randrange(2_800_000, 9_900_000, 10_000)], c.numbered_sheet),
    Form("across", ("氏名", "住所"), lambda p, d: [p.name, p.address], c.across_sheet),
    Form("semicolons", ("First name", "Last name", "Phone"), lambda p, d: [*p.english.split(" ", 1), f"+44 7{said(d, 3)} {said(d, 6)}"], c.csv_semicolon),
    Form("utf16", ("お客様名", "郵便番号", "ご住所"), lambda p, d: [p.name, p.postal, p.town], c.tsv_utf16),
    Form("json-lines-kana", ("氏名", "氏名カナ"), lambda p, d: [p.name, p.kana], c.object_lines),
    Form("mailbox-lines", (), lambda p, d: [p.english, p.box], c.mailbox_lines),
    Form("html-file", ("氏名", "誕生日", "血液型"), lambda p, d: [p.name, reign(p.born), d.choice("ABO")], c.html_file),
    Form("xml", ("Name", "Tel"), lambda p, d: [p.name, hyphens(p.mobile)], c.xml),
    Form("sql", ("user_name", "birth_date"), lambda p, d: [p.name, day(p.born, "-")], c.sql),
    Form("pdf", ("氏名", "電話"), lambda p, d: [p.name, hyphens(p.mobile)], c.printed),
    Form("spaced-bare", (), lambda p, d: [p.family + p.first, p.address], c.spaced),
    Form("commas-bare", (), lambda p, d: [p.name, hyphens(p.mobile)], c.commas),
    Form("kana-zero-lost", ("セイ", "メイ", "電話番号"), lambda p, d: [p.family_kana, p.first_kana, lost(p.home)], c.sheet),
    Form("history", ("氏名", "年齢", "既往歴"), lambda p, d: [p.name, d.randint(20, 80), d.choice(ILL)], c.csv),
    Form("holders", ("口座名義", "金融機関", "支店コード", "口座番号"), _holder, c.sheet),
    Form("web-form", ("お名前", "メールアドレス", "お電話番号"), lambda p, d: [p.name, p.box, p.mobile], c.block_file),
    Form("serial-birth", ("氏名", "生年月日"), lambda p, d: [p.name, serial(p.born)], c.numbered_sheet),
    Form("english-salary", ("Employee", "Department", "Annual salary"), lambda p, d: [p.english, d.choice(("Sales", "Ops")), f"£{d.randrange(24, 91)},{said(d, 3)}"], c.csv),
    Form("bonus", ("社員番号", "氏名", "賞与額"), lambda p, d: [said(d, 5), p.name, d.randrange(300_000, 1_900_000, 1000)], c.low_sheet),
    Form("half-width-kana", ("ﾅﾏｴ", "ｼﾞｭｳｼｮ"), lambda p, d: [half_width(p.kana), p.address], c.csv_sjis),
    Form("pasted-bare-town", (), lambda p, d: [p.name, p.town], c.pasted),
    Form("pupils", ("生徒氏名", "保護者", "緊急連絡先"), lambda p, d: [p.name, f"{p.family} 明", hyphens(p.mobile)], c.word_table),
    Form("care", ("利用者名", "要介護度", "服薬"), lambda p, d: [p.name, f"要介護{d.randint(1, 5)}", d.choice(("降圧剤", "インスリン", "抗凝固薬"))], c.low_sheet),
    Form("patients", ("Patient", "DOB", "Diagnosis"), lambda p, d: [p.english, f"{p.born[2]:02d}/{p.born[1]:02d}/{p.born[0]}", d.choice(ENGLISH_ILL)], c.html),
    Form("vcards", (), lambda p, d: [p.name, hyphens(p.mobile), p.address], _cards),
    Form("ldif", (), lambda p, d: [p.english, p.box, hyphens(p.mobile)], _ldif),
    Form("labels", (), lambda p, d: [p.postal, p.address, p.name], _labels),
    Form("json-split", ("last_name", "first_name", "tel"), lambda p, d: [p.family, p.first, p.mobile], c.nested),
    Form("odd-headings", ("ご芳名", "ご自宅"), lambda p, d: [p.name, p.address], c.sheet),
    Form("many-columns", ("管理番号", "登録日", "状態", "氏名", "備考", "旧番号", "連絡先"), lambda p, d: [said(d, 6), "2026/10/01", "有効", p.name, None, said(d, 4), hyphens(p.mobile)], c.csv_sjis),
]  # fmt: skip


def _supplier(p: Person, d: Random) -> list[str | int | float | None]:
    kind = d.choice(("{}化成株式会社", "{}工務店", "合名会社{}", "{}倉庫株式会社"))
    return [
        kind.format(p.family),
        p.address,
        f"0{d.randint(4, 9)}{d.randint(0, 9)}-{d.randint(200, 999)}-{said(d, 4)}",
        f"FAX 0{d.randint(4, 9)}{d.randint(0, 9)}-{d.randint(200, 999)}-{said(d, 4)}",
    ]


CLEAN = [
    Form("suppliers", ("仕入先名称", "本社所在地", "代表", "ファクシミリ"), _supplier, c.numbered_sheet),
    Form("suppliers-bare", (), _supplier, c.tsv_utf16),
    Form("branches", ("支店名", "店番", "所在地", "電話番号"), lambda p, d: [f"{p.town[:2]}支店", said(d, 3), p.address, hyphens(p.home, 2)], c.csv_sjis),
    Form("hospitals", ("医療機関", "診療科", "電話"), lambda p, d: [f"{p.family}クリニック", d.choice(("内科", "整形外科", "眼科")), hyphens(p.home, 2)], c.html_file),
    Form("schools", ("学校名", "郵便番号", "住所"), lambda p, d: [f"{p.town[:3]}第{d.randint(1, 9)}小学校", p.postal, p.address], c.sheet),
    Form("league", ("チーム", "勝", "敗", "勝率"), lambda p, d: [f"{p.town[:2]}ブルーズ", d.randint(0, 30), d.randint(0, 30), round(d.random(), 3)], c.piped),
    Form("golf", ("氏名", "OUT", "IN", "計"), lambda p, d: [p.name, d.randint(38, 60), d.randint(38, 60), d.randint(80, 120)], c.csv),
    Form("extensions", ("席", "氏名", "内線"), lambda p, d: [f"{d.choice('ABC')}-{d.randint(1, 20)}", p.name, d.randint(2000, 8999)], c.word_table),
    Form("actions", ("対応事項", "担当者", "期日", "状況"), lambda p, d: [f"{d.choice(GOODS)}の手配", p.name, f"2026-12-{d.randint(1, 28):02d}", d.choice(("済", "未"))], c.html),
    Form("own-people", (), lambda p, d: [p.english, p.box.split("@")[0] + "@corp.example"], c.mailboxes),
    Form("homes-for-rent", ("物件", "所在地", "賃料", "築年月"), lambda p, d: [f"メゾン{p.town[:3]}", p.address, d.randrange(52_000, 190_000, 1000), f"{d.randint(1980, 2024)}年{d.randint(1, 12)}月"], c.csv),
    Form("sensors", ("id", "t", "hPa"), lambda p, d: [f"s{said(d, 4)}", round(d.uniform(-5, 38), 1), d.randint(980, 1030)], c.object_lines),
    Form("catalogue-xml", ("Item", "Price"), lambda p, d: [d.choice(GOODS), d.randrange(100, 20_000, 10)], c.xml),
    Form("goods-sql", ("goods_name", "added_on"), lambda p, d: [d.choice(GOODS) + said(d, 2), day((2026, d.randint(1, 12), d.randint(1, 28)), "-")], c.sql),
    Form("lessons", ("時限", "科目", "担任"), lambda p, d: [f"{d.randint(1, 6)}限", d.choice(("国語", "算数", "理科")), p.family + "先生"], c.spaced),
    Form("invoices", ("請求先", "金額", "支払期日"), lambda p, d: [f"{p.family}電機株式会社", d.randrange(10_000, 990_000, 100), f"2026/12/{d.randint(1, 28)}"], c.low_sheet),
    Form("orders", ("注文番号", "品名", "数量", "納期"), lambda p, d: [said(d, 10), d.choice(GOODS), d.randint(1, 200), f"12月{d.randint(1, 28)}日"], c.printed),
    Form("flights", ("便", "出発", "到着"), lambda p, d: [f"ZZ{said(d, 3)}", d.choice(("HND", "KIX", "CTS")), d.choice(("FUK", "OKA", "SDJ"))], c.across_sheet),
    Form("warranty", ("製造番号", "型式", "保証満了"), lambda p, d: [said(d, 12), f"KZ-{said(d, 3)}", f"{d.randint(2027, 2031)}/{d.randint(1, 12)}"], c.csv_semicolon),
    Form("effort", ("氏名", "工数(h)", "案件"), lambda p, d: [p.name, d.randint(4, 160), f"PJ-{said(d, 3)}"], c.sheet),
    Form("exhibitors", ("出展社", "小間番号", "Web"), lambda p, d: [f"{p.family}システムズ", f"{d.randint(1, 9)}-{d.randint(10, 80)}", f"https://www.{p.box.split('@')[0].replace('_', '-').replace('.', '-')}.example/"], c.json_or_blocks),
    Form("shops-none", (), lambda p, d: [f"カワセミ書店 {p.town[:3]}店", p.address, hyphens(p.home, 2)], c.commas),
    Form("painters", ("画家", "生年", "没年"), lambda p, d: [p.name, d.randint(1500, 1850), d.randint(1851, 1910)], c.csv, "names with years of birth: of people long dead"),
    Form("company-heads", ("会社名", "代表者", "代表電話"), lambda p, d: [f"株式会社{p.family}組", p.name, hyphens(p.home, 2)], c.sheet, "a company's head and main number stand in any register; still a name beside a number"),
]  # fmt: skip

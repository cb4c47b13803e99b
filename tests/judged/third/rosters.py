"""Lists of people, third set: name and something private, each in another form."""

from random import Random

from tests.judged import containers as c
from tests.judged.files import Cell, archive
from tests.judged.forms import Form, day, half_width, hyphens, lost
from tests.judged.forms import said as digits
from tests.judged.mime import file
from tests.judged.people import Person
from tests.judged.third import boxes as b
from tests.judged.third import records as r

ILLS = (
    "腰痛症",
    "緑内障",
    "貧血",
    "逆流性食道炎",
    "適応障害",
    "帯状疱疹",
    "関節リウマチ",
    "偏頭痛",
    "不整脈",
)
FINDINGS = ("異常なし", "要再検査", "要精密検査（胃）", "経過観察（血圧）", "治療中（脂質）")
SCHOOLS = ("北陵高校", "南ヶ丘大学", "県立工業高校", "青葉短期大学")
BANKS = ("0417 セトウチ", "0533 ヤマナミ", "0161 キタノ")
_SMALL = {code + 0x60: code for code in range(0x3041, 0x3097)}


def _hiragana(kana: str) -> str:
    return kana.translate(_SMALL)


def short_reign(date: tuple[int, int, int]) -> str:
    """S55.1.1"""
    year, month, of = date
    return f"{'S' if year < 1989 else 'H'}{year - (1925 if year < 1989 else 1988)}.{month}.{of}"


def compact(date: tuple[int, int, int]) -> str:
    """19800101"""
    return f"{date[0]}{date[1]:02d}{date[2]:02d}"


def _upper(p: Person) -> str:
    roman = p.english.split()
    return f"{roman[-1].upper()} {roman[0]}"


def _swapped(p: Person) -> str:
    first, last = p.english.split()
    return f"{last}, {first}"


def _yen(d: Random, low: int, high: int) -> int:
    return d.randrange(low, high, 500)


def _payroll(p: Person, d: Random) -> list[Cell]:
    paid, kept = _yen(d, 210_000, 540_000), _yen(d, 40_000, 120_000)
    return [digits(d, 5), p.name, paid, kept, paid - kept]


def _vcard(row: b.Rows) -> str:
    return "".join(
        f"BEGIN:VCARD\r\nVERSION:3.0\r\nN:{str(name).replace(' ', ';')};;;\r\nFN:{name}\r\nTEL;TYPE=CELL:{tel}\r\n"
        f"ADR;TYPE=HOME:;;{address};;;;日本\r\nEND:VCARD\r\n"
        for name, tel, address in row
    )


def _vcards(heads: object, rows: b.Rows, to: b.To) -> bytes:
    return b.sent(file("contacts.vcf", _vcard(rows)), to)


def _vcards_zipped(heads: object, rows: b.Rows, to: b.To) -> bytes:
    each = [(f"card{n:02d}.vcf", _vcard([row])) for n, row in enumerate(rows)]
    return b.sent(file("cards.zip", archive(each)), to)


def _address_book(heads: object, rows: b.Rows, to: b.To) -> bytes:
    return b.written(";\n".join(f'"{row[0]}" <{row[1]}>' for row in rows), to, "送信先リスト")


def _ldif(heads: object, rows: b.Rows, to: b.To) -> bytes:
    text = "\n".join(
        f"dn: uid={n:04d},ou=people,dc=corp,dc=example\nobjectClass: inetOrgPerson\ncn: {name}\nmobile: {tel}\nmail: {box}\n"
        for n, (name, tel, box) in enumerate(rows, 1)
    )
    return b.sent(file("people.ldif", text), to)


def _bank_records(heads: object, rows: b.Rows, to: b.To) -> bytes:
    """Records of 120 letters as banks of Japan take transfers."""
    lines = ["1210" + "0".ljust(116)]
    lines += [
        f"2{bank[:4]}{half_width(str(bank)[5:]):<15}{digits_:0>3}{'ﾎﾝﾃﾝ':<15}    1{account}{name:<30}{amount:010d}".ljust(120)
        for name, bank, digits_, account, amount in rows
    ]  # fmt: skip
    return b.sent(file("FURIKOMI.DAT", "\r\n".join(lines).encode("cp932")), to, "給与振込データ")


PEOPLE = [
    Form("customers-two-heads", ("コード", "お客様名", "郵便番号", "ご住所", "電話"), lambda p, d: [digits(d, 6), p.name, p.postal, p.address, hyphens(p.home, 2)], b.two_heads),
    Form("members-noted", ("会員No", "会員氏名", "入会日", "携帯番号"), lambda p, d: [f"M{digits(d, 5)}", p.name, day((2019, d.randint(1, 12), 3)), hyphens(p.mobile)], b.noted),
    Form("class-list", ("出席番号", "児童氏名", "ふりがな", "保護者", "緊急連絡先"), lambda p, d: [d.randint(1, 39), p.name, _hiragana(p.kana), f"{p.family} 父", hyphens(p.mobile)], b.plain_sheet),
    Form("patients-yaml", ("patient_name", "birth_date", "diagnosis"), lambda p, d: [p.name, day(p.born, "-"), d.choice(ILLS)], r.yaml),
    Form("payroll-old-csv", ("社員コード", "氏名", "支給額", "控除額", "差引支給額"), _payroll, b.comma_old),
    Form("applicants-docx", ("応募者", "年齢", "最終学歴", "連絡先電話"), lambda p, d: [p.name, str(d.randint(19, 58)), d.choice(SCHOOLS), hyphens(p.mobile)], b.document_table),
    Form("alumni-pdf", ("卒業年度", "氏名", "旧姓", "現住所"), lambda p, d: [f"{d.randint(1978, 2019)}年度", p.name, d.choice(("-", "佐久間", "新井")), p.address], b.printout),
    Form("residents-blanks", ("号室", "世帯主", "電話"), lambda p, d: [f"{d.randint(1, 9)}0{d.randint(1, 8)}", p.name, hyphens(p.home, 2)], b.blanks),
    Form("visitors-csv", ("来訪日時", "来訪者氏名", "ご所属", "携帯電話"), lambda p, d: [f"2026/11/{d.randint(1, 16)} {d.randint(9, 17)}:15", p.name, "関連会社", hyphens(p.mobile)], b.comma),
    Form("insured-short-reign", ("被保険者番号", "被保険者氏名", "生年月日", "資格取得日"), lambda p, d: [digits(d, 7), p.name, short_reign(p.born), f"R{d.randint(1, 8)}.4.1"], b.plain_sheet),
    Form("half-kana-compact-birth", ("ｶﾅ氏名", "生年月日", "性別"), lambda p, d: [half_width(p.kana), compact(p.born), d.choice("12")], b.tabs),
    Form("vcards", (), lambda p, d: [p.name, hyphens(p.mobile), p.address], _vcards),
    Form("vcards-in-zip", (), lambda p, d: [p.name, hyphens(p.mobile), p.address], _vcards_zipped),
    Form("labels-three-across", (), lambda p, d: [f"〒{p.postal}", p.address, f"{p.name} 様"], b.labels),
    Form("labels-text", (), lambda p, d: [f"〒{p.postal}", p.prefecture, p.town, f"{p.name}　様"], b.sticker_text),
    Form("json-keyed", ("氏名", "電話", "誕生日"), lambda p, d: [p.name, p.mobile, day(p.born, "-")], r.keyed),
    Form("json-arrays", ("full_name", "home_address", "phone"), lambda p, d: [p.english, p.street, f"+81 {p.mobile[1:3]} {p.mobile[3:7]} {p.mobile[7:]}"], r.arrays),
    Form("xml-attributes", ("name", "kana", "tel"), lambda p, d: [p.name, p.kana, p.mobile], r.attributes),
    Form("sql-many-values", ("cust_name", "cust_addr", "cust_tel"), lambda p, d: [p.name, p.address, p.home], r.many_values),
    Form("ltsv", ("name", "birthday", "mail"), lambda p, d: [p.name.replace(" ", ""), day(p.born, "-"), p.box], r.ltsv),
    Form("fixed-width", ("職員番号", "氏名", "住所", "電話番号"), lambda p, d: [digits(d, 5), p.name, p.address, p.home], b.fixed),
    Form("chinese-heads", ("姓名", "电话号码", "住址"), lambda p, d: [p.family + p.first, hyphens(p.mobile), p.address], b.plain_sheet),
    Form("korean-heads", ("이름", "생년월일", "연락처"), lambda p, d: [p.english, day(p.born, "-"), hyphens(p.mobile)], b.comma),
    Form("german-semicolons", ("Name", "Geburtsdatum", "Anschrift"), lambda p, d: [_swapped(p), f"{p.born[2]:02d}.{p.born[1]:02d}.{p.born[0]}", p.street], b.semicolons),
    Form("french-pasted", ("Nom", "Prénom", "Téléphone", "Adresse"), lambda p, d: [p.english.split()[1], p.english.split()[0], f"0{d.randint(6, 7)} {digits(d, 2)} {digits(d, 2)} {digits(d, 2)} {digits(d, 2)}", p.street], b.tabs_pasted),
    Form("rooming-list", ("Room", "Guest", "Passport No.", "Date of birth"), lambda p, d: [d.randint(201, 940), _upper(p), f"T{d.choice('RSZ')}{digits(d, 7)}", day(p.born, "-")], b.plain_sheet),
    Form("bare-odd-order", (), lambda p, d: [p.address, hyphens(p.home, 2), p.name], b.plain_sheet),
    Form("birth-first-name-last", ("生年月日", "血液型", "氏名"), lambda p, d: [short_reign(p.born), d.choice(("A", "B", "O", "AB")), p.name], b.comma_old),
    Form("home-zero-lost", ("契約者名", "自宅電話"), lambda p, d: [p.name, lost(p.home)], b.gapped),
    Form("markdown-no-hyphens", ("名前", "TEL"), lambda p, d: [p.name, p.mobile], b.bars),
    Form("bonus-docx", ("社員氏名", "賞与額", "評価"), lambda p, d: [p.name, f"{_yen(d, 300_000, 1_400_000):,}円", d.choice("SABC")], b.document_table),
    Form("health-check", ("社員番号", "氏名", "血圧", "判定"), lambda p, d: [digits(d, 5), p.name, f"{d.randint(98, 168)}/{d.randint(58, 99)}", d.choice(FINDINGS)], b.plain_sheet),
    Form("payees-kana", ("銀行名", "口座番号", "受取人名"), lambda p, d: [d.choice(BANKS), digits(d, 7), half_width(p.kana)], b.comma_old),
    Form("bank-records", (), lambda p, d: [half_width(p.kana), d.choice(BANKS), digits(d, 3), digits(d, 7), _yen(d, 180_000, 420_000)], _bank_records),
    Form("shop-members", ("会員番号", "お名前", "ポイント", "メールアドレス", "お誕生月日"), lambda p, d: [digits(d, 8), p.name, d.randint(0, 9000), p.box, f"{p.born[1]}月{p.born[2]}日"], b.comma),
    Form("address-book-swapped", (), lambda p, d: [_swapped(p), p.box], _address_book),
    Form("slide-table", ("参加者", "ご連絡先", "アレルギー"), lambda p, d: [p.name, hyphens(p.mobile), d.choice(("なし", "卵", "そば"))], b.slide),
    Form("page-grid", ("お客さま", "ご住所", "お電話"), lambda p, d: [f"{p.name} 様", p.address, hyphens(p.mobile)], b.page_grid),
    Form("page-styled", ("氏名", "生年月日", "入社日"), lambda p, d: [p.name, day(p.born), day((2015, d.randint(1, 12), 1))], b.page_table),
    Form("bullets-kana", (), lambda p, d: [p.name, p.kana, f"〒{p.postal}", p.address], b.bullets),
    Form("sentence-birth", (), lambda p, d: [p.name, f"{p.born[0]}年{p.born[1]}月{p.born[2]}日生", hyphens(p.mobile)], b.sentence),
    Form("two-lines", (), lambda p, d: [p.name, p.address, f"TEL {hyphens(p.home, 2)}"], b.two_lines),
    Form("turned", ("氏名", "電話", "住所"), lambda p, d: [p.name, hyphens(p.mobile), p.town], b.turned),
    Form("card-sheets", ("氏名", "住所", "電話番号", "勤務先"), lambda p, d: [p.name, p.address, hyphens(p.mobile), "自営業"], b.a_sheet_each),
    Form("stacked-blocks", ("ご契約者", "ご住所", "月額"), lambda p, d: [p.name, p.address, _yen(d, 2000, 30000)], b.stacked),
    Form("international-phone", ("Customer", "Mobile"), lambda p, d: [p.english, f"+81-{p.mobile[1:3]}-{p.mobile[3:7]}-{p.mobile[7:]}"], b.comma),
    Form("emergency-chain", (), lambda p, d: [p.name, hyphens(p.mobile)], b.chain),
    Form("donors", ("ご芳名", "ご住所", "寄付金額"), lambda p, d: [p.name, p.address, f"{d.randint(1, 30)}万円"], b.printout),
    Form("tenants", ("物件", "室", "契約者名", "賃料", "緊急連絡先"), lambda p, d: ["コーポ宮前", d.randint(101, 408), p.name, _yen(d, 52_000, 140_000), hyphens(p.mobile)], b.plain_sheet),
    Form("web-forms", ("Name", "Phone", "Postal address"), lambda p, d: [p.english, hyphens(p.mobile), p.street], r.labelled),
    Form("care-users", ("利用者名", "要介護度", "主な疾患"), lambda p, d: [p.name, f"要介護{d.randint(1, 5)}", d.choice(ILLS)], b.document_lines),
    Form("deliveries-pasted", ("お届け先", "郵便番号", "住所", "時間帯"), lambda p, d: [f"{p.name}様", p.postal, p.address, d.choice(("午前", "14-16時"))], b.tabs_pasted),
    Form("absences", ("氏名", "休業期間", "傷病名"), lambda p, d: [p.name, f"{d.randint(3, 40)}日", d.choice(ILLS)], b.rich_lines),
    Form("outlook-contacts", ("姓", "名", "会社名", "携帯電話", "電子メール アドレス"), lambda p, d: [p.family, p.first, "", hyphens(p.mobile), p.box], b.comma),
    Form("google-contacts", ("Name", "Given Name", "Family Name", "Phone 1 - Value"), lambda p, d: [p.name, p.first, p.family, p.mobile], b.zipped),
    Form("console-frame", ("user_name", "birth", "tel_no"), lambda p, d: [p.name, day(p.born, "-"), p.mobile], b.frame),
    Form("ldif", (), lambda p, d: [p.name, hyphens(p.mobile), p.box], _ldif),
    Form("attached-mail", ("氏名", "カナ", "電話"), lambda p, d: [p.name, p.kana, hyphens(p.mobile)], b.forwarded),
    Form("surname-birth-salary", ("氏", "名", "生年", "年収(万円)"), lambda p, d: [p.family, p.first, p.born[0], d.randint(280, 990)], c.numbered_sheet),
    Form("wide-digits", ("氏名", "電話"), lambda p, d: [p.name, hyphens(p.mobile).translate({n: n + 0xFEE0 for n in range(0x2D, 0x3A)})], b.blanks),
    Form("exam-scores", ("受験番号", "氏名", "得点", "合否"), lambda p, d: [digits(d, 4), p.name, d.randint(31, 98), d.choice(("合", "否"))], b.plain_sheet, "nothing but name and result"),
    Form("birthdays-of-staff", ("氏名", "誕生日"), lambda p, d: [p.name, f"{p.born[1]}/{p.born[2]}"], b.blanks, "a birthday without its year"),
    Form("staff-numbers", ("社員番号", "氏名", "所属"), lambda p, d: [digits(d, 6), p.name, d.choice(("総務課", "製造二課"))], b.comma_old, "what a company numbers its staff by"),
    Form("family-kana", ("氏名", "フリガナ", "部署"), lambda p, d: [p.name, p.kana, d.choice(("営業", "開発"))], b.page_table, "how business names are read"),
]  # fmt: skip

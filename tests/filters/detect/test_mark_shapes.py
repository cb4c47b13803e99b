"""Marks by kind: places x words x shapes that are stamps; what only names a class."""

import pytest

from config.load import shipped
from filters.detect.mark_shapes import SAID, STAMP
from filters.detect.marks import marks_in
from filters.detect.text import Text

CLASSES = shipped().organisation.classes


def most(raw: str, role: str = "content", place: str = "2/a.txt") -> tuple[str, int]:
    """The class of the weightiest mark, and its weight; ("", 0) for none."""
    found = [m for m in marks_in(Text(place, raw, role), CLASSES) if m.weight]
    top = max(found, key=lambda m: (m.weight, m.of.level), default=None)
    return (top.of.name, top.weight) if top else ("", 0)


WORDS = {
    "社外秘": "社外秘", "極秘": "極秘", "取扱注意": "社外秘", "㊙": "社外秘", "マル秘": "社外秘", "丸秘": "社外秘",
    "機密": "社外秘", "秘密": "社外秘", "社内限り": "社外秘", "関係者限り": "社外秘", "厳秘": "極秘", "部外秘": "社外秘",
    "グループ外秘": "グループ外秘", "最高機密": "極秘", "重要機密": "極秘", "SECRET": "極秘", "Strictly Private & Confidential": "極秘",
    "CONFIDENTIAL": "社外秘", "Confidential": "社外秘", "RESTRICTED": "社外秘", "INTERNAL ONLY": "社外秘",
    "Internal Use Only": "社外秘", "STRICTLY CONFIDENTIAL": "極秘", "Top Secret": "極秘", "Company Confidential": "社外秘",
    "社 外 秘": "社外秘", "極　秘": "極秘", "Ｃｏｎｆｉｄｅｎｔｉａｌ": "社外秘", "C O N F I D E N T I A L": "社外秘",
    "社・外・秘": "社外秘", "極\n秘": "極秘", "R E S T R I C T E D": "社外秘", "INTERNAL  USE  ONLY": "社外秘",
}  # fmt: skip
SHAPES = (
    "{}", "【{}】", "[{}]", "({})", "（{}）", "＜{}＞", "<{}>", "《{}》", "「{}」", "『{}』", "≪{}≫", "〔{}〕", "■{}■", "※{}",
    "●{}", "★ {} ★", "--- {} ---", "=== {} ===", "ーー {} ーー", "*** {} ***", "!{}!", "🔒 {}", "# {}", "  {}  ", "・{}",
    "機密区分: {}", "情報区分　【{}】", "区分：{}", "取扱区分【{}】", "Classification: {}", "Security Level: {}", "秘密区分\t{}",
    "【{}】2026年度 事業計画", "事業計画【{}】", "[{}] Roadmap 2027", "Roadmap 2027 ({})", "{} - Page 3 of 9", "{} / 2026年4月",
    "{} | 株式会社ひので", "© 2026 Hinode KK | {} | 12", "【{}（営業部）】", "【重要】【{}】", "[{}: draft]", "【区分：{}】",
)  # fmt: skip


@pytest.mark.parametrize("word", WORDS)
def test_a_stamp_in_a_line(word: str) -> None:
    found = {s: most(f"計画のご説明\n\n{s.format(word)}\n本文はこのとおりです。\n") for s in SHAPES}
    assert found == dict.fromkeys(SHAPES, (WORDS[word], STAMP))


@pytest.mark.parametrize("word", [word for word in WORDS if "\n" not in word])
def test_a_tag_of_a_subject(word: str) -> None:
    shapes = ("{}", "【{}】", "[{}] ", "({})", "＜{}＞", "計画【{}】", "{} - plan", "【{}】Re-planning")
    found = {s: most(s.format(word), "subject", "header:subject") for s in shapes}
    assert found == dict.fromkeys(shapes, (WORDS[word], STAMP))


@pytest.mark.parametrize(
    "shape",
    ["{}.pdf", "2026計画_{}_v2.xlsx", "{}-plan.pdf", "計画（{}）.docx", "plan_{}.docx", "【{}】見積.xlsx", "a.{}.zip", "{}_計画.csv"],
)  # fmt: skip
@pytest.mark.parametrize("word", [w for w in WORDS if "\n" not in w and " " not in w.strip()])
def test_a_name_of_a_file(word: str, shape: str) -> None:
    assert most(shape.format(word), "name", "2/x") == (WORDS[word], STAMP)


@pytest.mark.parametrize(
    "raw",
    [
        "社外秘資料", "極秘資料 第3版", "㊙ 営業部", "㊙資料", "社外秘　複写禁止", "社外秘 転送しないでください", "社外秘・無断複製を禁ず",
        "CONFIDENTIAL: merger plan", "Confidential – Do not distribute", "Confidential - Not for distribution",
        "STRICTLY CONFIDENTIAL DRAFT", "For Internal Use Only", "Hinode Foods Confidential", "Plan 2027 – Confidential",
        "Internal Only - Staff Manual", "Confidential / Board of Directors", "営業部社外秘", "株式会社ひので　社外秘", "社内専用", "社内用", "INTERNAL – NOT FOR DISTRIBUTION", "Corp Confidential", "【極秘扱い】 来期の工程",
        "社外秘 2026/4/1", "1. 【社外秘】価格表", "社外秘（2027年3月まで）", "Private and Confidential",
        "PROPRIETARY AND CONFIDENTIAL", "機密文書", "取扱注意!", "㊙来期予算", "【機密情報】価格の改定", "役員限り", "社外持ち出し禁止", "最高機密扱い", "FOR YOUR EYES ONLY", "PRIVATE & CONFIDENTIAL", "持ち出し禁止・社外秘", "区分：□極秘 ☑社外秘 □公開", "Asahi Confidential - Recipients: Lee, Mori",
        "This is the property of Asahi. CONFIDENTIAL.", "取扱注意 第12号", "文書番号 A-12　社外秘", "DRAFT - CONFIDENTIAL - DO NOT CIRCULATE",
        "【社内限り】研修資料", "Document classification = Confidential", "Page 2 of 7 CONFIDENTIAL",
        "© 2026 Hinode Foods. All rights reserved. Confidential.", "// Company Confidential", "*** confidential ***",
        "[confidential]", "□公開 □社外秘 ■極秘", "☐ Public ☑ Confidential",
    ],
)  # fmt: skip
def test_other_stamps(raw: str) -> None:
    assert most(f"ひので\n\n{raw}\n\n資料")[1] == STAMP


@pytest.mark.parametrize(
    "raw",
    [
        "添付の資料は社外秘ですのでお取り扱いにご注意ください。", "来期の社外秘資料を次の方法でお送りします。", "社外秘です。",
        "この図面は極秘扱いとさせていただきます。", "本書は社外秘とする。", "添付の図面は社外秘扱いでお願いします。", "本資料は部外秘につき、持ち出さないでください。",
    ],
)  # fmt: skip
def test_what_a_sentence_declares(raw: str) -> None:
    assert most(raw, "body", "1")[1] == SAID


MENTIONS = (
    "割れ物です。取扱注意でお願いします。", "応募書類は厳秘に取り扱います。", "極秘に進めていた計画を本日公表します。",
    "交渉は極秘裏に進められた。", "社外秘の取扱いに関する規程を改定しました", "社外秘とは何かを説明します。",
    "「社外秘」の表示がある文書は鍵のかかる棚に保管してください。", "書類に【社外秘】と記載してください。",
    "「機密情報」とは、開示の際に機密と指定された情報をいう。", "秘密情報", "第3条（秘密保持）", "機密保持契約書", "機密区分: 公開",
    "文書は「極秘」「社外秘」「公開」に分けます。", "極秘・社外秘・公開", "機密区分：極秘／社外秘／公開", "取扱注意ラベルを100枚",
    "秘密は厳守します", "秘密厳守", "企業秘密の焼き加減", "関係者限りの内覧会です。", "社内限りのイベントと伺いました。",
    "この資料は社外秘でしょうか", "添付の資料は社外秘扱いですか？", "社外秘ではありません。", "社外秘の資料をお送りいただく場合は暗号化してください。",
    "Confidential Information", "2. Confidential Information", "“Confidential Information” means any information disclosed.",
    "We keep your details confidential.", "Confidential waste collection", "Restricted area", "Classification: Public",
    "Please mark it [Confidential] before you send it.", "Access is restricted to staff only during the works.",
    "The meeting was strictly confidential, they said.", "Choose Confidential, Internal or Public.", "not confidential",
    "Internal use only means that nobody outside may see it.", "How do I label a file as Confidential?", "秘書室", "究極秘伝のたれ",
    "CLASS:CONFIDENTIAL", "㊙テクニックを公開！", "kind: Secret", "SECRET_KEY=abcdef", "Secret", "Client Secret: abcdef", "CLASSIFIED ADS", "RESTRICTED_MODE = 1", "第2条（秘密情報）", "第2条【秘密情報】", "役員限りで決めた話です。", "門外不出の秘伝のたれ",  "取扱注意：割れ物", "取扱注意（精密機器）", "■取扱注意事項", "取扱注意 天地無用", "RESTRICTED SHARES",
    "パーティーの件、極秘でお願いします！", "The staff only learned of it yesterday.", "1. 極秘 2. 社外秘 3. 公開", "社外秘：社外に開示してはならない情報", "分類\tA: 極秘\tB: 社外秘\tC: 公開", "How to handle papers marked \"Top Secret\"",
    "Confidential – information whose disclosure would harm us", "shall keep all information\nconfidential", "mode = 'restricted'", "(bug restricted)",
    "Restricted Rights Legend", "社外秘の印鑑を新調しました。",
    "極秘\t漏れると経営に響く\n社外秘\t社外に出さない\n公開\t誰でも見てよい", "Public\nConfidential\nStrictly Confidential\n",
)  # fmt: skip


@pytest.mark.parametrize("raw", MENTIONS)
@pytest.mark.parametrize("role", ["content", "body"])
def test_what_only_names_a_class(raw: str, role: str) -> None:
    assert most(f"お世話になっております。\n\n{raw}\n\n佐藤", role)[1] < SAID


@pytest.mark.parametrize(
    "raw",
    [
        "秘密保持契約書の件", "社外秘文書の取り扱いについて", "機密書類の廃棄のご案内", "秘密厳守・相談無料の説明会", "極秘裏の取引の報道",
        "Confidential waste collection on Monday", "Mutual confidentiality agreement", "Confidential Information Agreement",
    ],
)  # fmt: skip
def test_subjects_and_names_about_secrecy(raw: str) -> None:
    assert most(raw, "subject", "header:subject")[1] < SAID
    assert most(f"{raw}.pdf", "name", "2/x")[1] < SAID


@pytest.mark.parametrize("word", ["極秘", "社外秘", "部外秘"])
def test_a_document_that_begins_with_it_is_marked_however_long_its_first_line_is(word: str) -> None:
    long = "新製品の計画 " + "仕様 123 " * 60
    assert most(f"{word} {long}")[1] == STAMP
    assert most(f"\n {word}\u3000{long}")[1] == STAMP
    assert most(f"はじめに\n{word} {long}")[1] < STAMP, "only where it begins"
    assert most(f"{word}の取り扱いについて {long}")[1] < STAMP
    assert most(f"{word} {long}", role="body", place="1")[1] < STAMP


@pytest.mark.parametrize(
    "word", ["confidential", "internal use only", "vertraulich", "confidentiel", "riservato"]
)
@pytest.mark.parametrize("shape", ["Offer – {}", "Prices 2027 | {}", "Notes · {}", "Plan // {}"])
def test_small_letters_behind_a_bar_of_a_subject(word: str, shape: str) -> None:
    assert most(shape.format(word), "subject", "header:subject")[1] == STAMP
    assert most(f"{shape.format(word)} talks", "subject", "header:subject")[1] < STAMP


@pytest.mark.parametrize(
    "raw", ["Confidential until 14 December", "CONFIDENTIAL UNTIL LAUNCH", "Vertraulich bis 1. April"]
)
def test_a_mark_that_ends(raw: str) -> None:
    assert most(raw)[1] == STAMP


@pytest.mark.parametrize(
    "raw", ["class Confidential(Enum):\n    INTERNAL = 1", "enum L { PUBLIC, CONFIDENTIAL }"]
)
def test_names_of_a_program(raw: str) -> None:
    assert most(raw)[1] < STAMP

"""What only who has the locked file takes for its passphrase, and what says something else."""

import pytest

from filters.detect.passphrase_recalled import LONGEST, in_name, recalled
from filters.detect.passphrase_words import narrow


def seen(text: str, subject: str = "先ほどの件") -> bool:
    return bool(list(recalled(narrow(text), narrow(subject))))


@pytest.mark.parametrize(
    "text",
    [
        "前回と同じで、最後だけ8にしてください。",
        "先月お伝えしたものの末尾を11から12に変えただけです。",
        "Same one as last time, but with an 8 at the end instead of the 7.",
        "前半は「Kx7Q2」です。後半は別途お送りします。",
        "The second half is m9Tq4w. Put it right after the other one.",
        "開くための文字列は、弊社の創業年(西暦4桁)に続けてお客様番号の下4桁です。",
        "To open it, use the year our company was founded plus the first three letters of your town.",
        "弊社名をローマ字小文字で、そのあとに2026を付けてください。",
        "御社の応接室に飾ってある花の名前(ひらがな)+部屋番号です。",
        "It unlocks with the contract number without the dashes.",
        "It's capital Kilo, lima, seven, nine, capital Romeo, dash, four, two.",
        "エー、ビー、3、7、大文字のケー、ハイフン、92 で開きます。",
        "K wie Kaufmann, 7, 2, Richard, Otto, 9",
        "合言葉は「紅葉狩り」です。",
        "愛犬の名前をローマ字小文字にしました。",
        "Le même que la dernière fois, mais avec 2027 à la fin.",
        "末尾の3を4に読み替えて開いてください。",
        "昨日の「ak39」に「Qz7!」をつなげてください。",
        "When it asks, give it Tango-4471.",
        "先ほどの最後の文字は小文字のlではなく数字の1でした。",
        "The last character is a zero, not the letter O.",
        "合図は Mr4-88Qz です。",
        "Kx7qRm2w9",
        "Kx7q-Rm2w!",
    ],
)
def test_told(text: str) -> None:
    assert seen(text)


@pytest.mark.parametrize(
    "text",
    [
        "前回と同じ条件で、数量だけ8にしてください。",
        "Same as last time, but with 8 boxes instead of 7.",
        "弊社は創業1952年、従業員は320名です。",
        "We were founded in 1952, plus we have offices in three towns.",
        "前半は好調でした。後半は 2027Q1 の見通しです。",
        "The second half is stronger than H1-2026. See page 12.",
        "ご来店の際、ご登録の電話番号の下4桁を伺います。",
        "生年月日の記入をお願いします。4桁の社員番号も記入してください。",
        "会員サイトを開き、会員番号の下4桁を入力してください。",
        "生年月日や電話番号をパスワードに使わないでください。",
        "社名はカタカナ表記です。",
        "国番号は +66、市外局番 2 です。",
        "Mail me the Money!",
        "Part 1: Introduction",
        "Our call sign is Oscar. Bravo to the team!",
        "誤りは 3 ページ目の文字です。「お」ではなく「を」です。",
        "The last column is net, not gross.",
        "KX-4820B",
        "受付番号\nKx7qRm2w9",
        "店頭で合言葉は「紅葉狩り」と言うと割引です。",
        "Kx7qRm2w9 " + "x" * LONGEST,
    ],
)
def test_others(text: str) -> None:
    assert not seen(text)


@pytest.mark.parametrize("name", ["パスワードはKx72mQ9a.txt", "pw_Kx72mQ9a.txt", "password Kx72mQ9a.docx"])
def test_names_of_files(name: str) -> None:
    assert in_name(narrow(name))


@pytest.mark.parametrize(
    "name", ["パスワード変更手順_v2.1.pdf", "pw_reset_guide.pdf", "passport_2026.pdf", "pw.txt"]
)
def test_other_names(name: str) -> None:
    assert not in_name(narrow(name))

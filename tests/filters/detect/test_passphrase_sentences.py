"""OUT-PASSWORD: what a sentence and the one before it speak of make a word a passphrase, in any language of the list."""

import pytest

from filters.detect.passphrase_concepts import CONCEPTS, pattern, spoken_of
from filters.detect.passphrase_sentences import is_reference, stated
from filters.detect.passphrase_words import narrow

IT = "kaku3nin5"


def seen(text: str) -> list[str]:
    text = narrow(text)
    return [text[at : at + len(IT)] for at in stated(text, locked=True)]


@pytest.mark.parametrize(
    "text",
    [
        "先ほどのファイルですが、{} を入れると見られます。",
        "鍵をお伝えします。\n{}\nよろしくお願いします。",
        "開封情報です。\nファイル名 見積書.zip\n文字列 {}\n",
        "開くときの合言葉を書いておきます。「{}」",
        "先の書庫の件、{} となっております。ロック解除にお使いください。",
        "書庫を開くときは\n{}\nを入力してください。",
        "the folder is locked; {} gets you in.",
        "Here's what you need to get into the PDF: {}",
        "You'll be prompted; answer {}.",
        "7z x -p{} report.7z",
        "unzip -P {} report.zip",
        "Zum Entpacken bitte {} eingeben.",
        "Das PDF ist mit {} verschlüsselt.",
        "Pour ouvrir la pièce jointe, saisissez {}.",
        "Le fichier est protégé par {}.",
        "附件已加密，口令是{}，请查收。",
        "打开文件请输入 {}",
        "첨부 문서는 {} 로 열립니다.",
        "파일을 열 때 {} 를 입력해 주세요.",
        "Para abrir el adjunto introduzca {}.",
        "Załącznik jest zaszyfrowany, hasło to {}",
    ],
)
def test_told(text: str) -> None:
    assert seen(text.format(IT))


@pytest.mark.parametrize(
    "text",
    [
        "クーポンコード {} を入力してください。資料を添付します。",
        "ファイルを開くと「{}」と表示されます。",
        "入館コードは {} です。案内図の PDF を開いてください。",
        "PDF のパスワードは別途お電話でお知らせします。案件 {} です。",
        "パスワードは8文字以上で、{} のように混在させてください。",
        "Enter {} at checkout to unlock your gift.",
        "The encrypted backups are on {}; open a ticket.",
        "commit {} fixes unlocking of encrypted files.",
        "Ihre Bestellnummer {} finden Sie im PDF, bitte öffnen.",
        "Le code de la porte est {}, plan joint.",
        "登录账号 {}，打开文件即可。",
        "주문번호 {} 파일을 열어 확인 부탁드립니다.",
    ],
)
def test_none(text: str) -> None:
    assert seen(text.format(IT)) == []


@pytest.mark.parametrize(
    "text",
    [
        "Das Passwort ist Ihre Kundennummer.",
        "le mot de passe correspond à votre numéro de client",
        "解压密码是贵公司电话后四位。",
        "비밀번호는 귀사 사업자번호 뒤 5자리입니다.",
        "use the last 6 digits of your account number to open the file",
    ],
)
def test_what_others_find_out_is_told(text: str) -> None:
    assert list(stated(text, locked=True))


@pytest.mark.parametrize(
    "text",
    [
        "パスワードは生年月日ではなく英数字です。",
        "Your password must not be your date of birth.",
        "Das Passwort darf nicht Ihr Geburtsdatum sein.",
        "パスワードの再発行には会員番号が必要です。ログイン画面へ。",
    ],
)
def test_rules_for_passphrases_tell_none(text: str) -> None:
    assert list(stated(text, locked=True)) == []


def test_in_two_pieces() -> None:
    assert list(stated("解凍に必要な文字は、「q8Zr」と「44kd」をつなげたものです。", locked=True))


def test_a_word_is_bounded_where_its_script_has_blanks() -> None:
    assert spoken_of("pwは", "word")
    assert spoken_of("protégé par", "lock")
    assert spoken_of("zip文件", "file")
    assert not spoken_of("opensource keyboards", "open", "weak")
    assert CONCEPTS["open"].search("Öffnen")
    assert "(?<![A-Za-z])pwd(?![A-Za-z])" in pattern("word", "en", python=True)


def test_what_can_be_looked_up() -> None:
    text = "ファイル名は plan8841b です。"
    assert is_reference(text, text.index("plan"))
    assert not is_reference("鍵は plan8841b です。", 3)


@pytest.mark.parametrize("gaps", [1, 3])
def test_it_is_found_behind_whatever_was_left_out(gaps: int) -> None:
    """Of a mail that answers below, or between the lines, what it quotes is blank."""
    quoted = f"{' ' * 60}\n" * 200
    text = f"ご確認ありがとうございます。\n{quoted}" * gaps + "解凍パスワードは plan8841b です。\n" + quoted
    assert list(stated(text, locked=True)) == [text.index("plan8841b")]

"""IN-SPOOF: what a known correspondent would not write, and what they would."""

import pytest

from filters.facts import Authentication
from tests.filters.inbound.arriving import look, mail

KNOWN = frozenset({"tanaka@koyo-denki.example"})


@pytest.mark.parametrize(
    ("text", "why", "least"),
    [
        ("手が離せません。コンビニでギフトカードを買って、コードを写真で送ってください。", "errand", 5),
        ("Can you get some Steam cards? Scratch them and send me the codes of each steam card.", "errand", 5),
        ("取引銀行と口座残高、支払担当者のお名前をお知らせください。", "errand", 5),
        ("Please send me the aging report with all contacts.", "errand", 5),
        ("アカウントの再認証が必要です。 https://mail-auth.top/a", "login", 5),
        (
            "Verify your account to read the file. Your mailbox is full: https://reader.example.net/",
            "login",
            4,
        ),
        ("暗号資産の投資です。月利20%、元本保証です。", "fortune", 3),
        ("Bitcoin trading with guaranteed profit every week: https://trade-coin.top/", "fortune", 5),
        ("見積書です。 https://docs-koyo-denki.example.net/view", "name", 0),
        ("見積書です。 https://docs-koyo-denki.com/view", "name", 4),
        ("Our portal: https://koyodenki-secure.site/", "name", 5),
        ("お支払いが確認できません。こちらから。 https://pay.example.net/", "pay", 3),
        ("見てください https://foto-album.top/a", "strange", 4),
        ("The maker's page: https://nihon-denki-service.com/", "", 0),
        ("資料です。パスワードは 8810 です。 https://files.example.net/shiryo.zip", "packed", 5),
        ("The update: https://dl.example.net/setup.exe", "packed", 3),
    ],
)
def test_what_others_write_from_an_account(text: str, why: str, least: int) -> None:
    found = look("taken_account", mail(text), known=KNOWN)
    if not least:
        assert not found
        return
    assert found[0].values["why"] == why
    assert found[0].weight >= least
    assert not look("taken_account", mail(text)), "of strangers other rules speak"


def test_links_to_known_places_hide_none_behind_them() -> None:
    usual = "".join(f'<a href="https://www.koyo-denki.example/{n}">・</a>' for n in range(150))
    page = f'<p>見積書です。</p>{usual}<a href="https://docs-koyo-denki.com/view">見積書</a>'
    assert look("taken_account", mail("", html=page), known=KNOWN)


@pytest.mark.parametrize(
    "text",
    [
        "請求書をお送りいたします。お振込先は従来どおりです。",
        "資料は弊社のページにございます。 https://files.koyo-denki.example/shiryo.zip",
        "パスワードを再設定しました。 https://www.koyo-denki.example/login",
        "ご注文の確認はこちらです。 https://www.amazon.co.jp/",
        "承知しました。\n\n> アカウントの再認証が必要です。\n> https://mail-auth.top/a\n> 佐藤",
        "残高確認状を同封いたしました。ご査収ください。",
        "会議中のため、後ほどこちらからお電話いたします。",
        "The specification is at https://www.w3.org/TR/html52/ as usual.",
        "先日のギフト、ありがとうございました。皆で美味しくいただきました。",
    ],
)
def test_what_they_write_themselves(text: str) -> None:
    assert not look("taken_account", mail(text), known=KNOWN)


def test_an_author_whom_the_checks_deny_is_not_known() -> None:
    text = "コンビニでギフトカードを買って、コードを写真で送ってください。"
    assert not look("taken_account", mail(text), known=KNOWN, authentication=Authentication(dmarc="fail"))


THREAD = "\n".join(f"> 第{n}回の打ち合わせの議事録です。納期と数量を確認しました。" for n in range(400))
LETTER = "\n".join(f"第{n}条 甲は乙に対し、別紙の仕様により製品を納入する。" for n in range(400))


@pytest.mark.parametrize(
    "own",
    [
        "手が離せません。コンビニでギフトカードを買って、コードを写真で送ってください。",
        "アカウントの再認証が必要です。 https://mail-auth.top/a",
        "Our portal: https://koyodenki-secure.site/",
    ],
)
def test_a_long_thread_below_or_above_hides_nothing(own: str) -> None:
    for text in (f"{own}\n\n{THREAD}\n", f"{THREAD}\n\n{own}\n"):
        assert look("taken_account", mail(text), known=KNOWN)
    page = f"<p>{own.partition('https')[0]}</p><blockquote>{THREAD}</blockquote>"
    if "https" in own:
        page += f'<p><a href="https{own.partition("https")[2]}">{own}</a></p>'
    assert look("taken_account", mail("", html=page), known=KNOWN)


def test_of_a_long_letter_no_words_count_and_nothing_that_it_quotes() -> None:
    assert not look(
        "taken_account", mail(f"{LETTER}\nギフトカードを買って、コードを送ってください。\n"), known=KNOWN
    )
    assert look("taken_account", mail(f"{LETTER}\nhttps://koyodenki-secure.site/\n"), known=KNOWN)
    quoted = THREAD + "\n> アカウントの再認証が必要です。 https://mail-auth.top/a\n"
    assert not look("taken_account", mail(f"承知しました。\n\n{quoted}"), known=KNOWN)

"""IN-LANGUAGE: katakana words spelt with kanji or other kana that look alike: パスワ一ド, ア力ウント, 口グイン."""

import re
from collections.abc import Iterator

import re2

from config.policy import Organisation
from filters.finding import Evidence, Sight
from filters.rule import rule
from filters.trigger import Says
from filters.views import ByText

_ALIKE = {
    "ー": "一", "カ": "力", "ロ": "口", "タ": "夕", "エ": "工", "ニ": "二", "ト": "卜", "ハ": "八", "ミ": "三",
    "ン": "ソ", "ソ": "ン", "ツ": "シ", "シ": "ツ", "ス": "ヌ", "リ": "り",
}  # fmt: skip
_WORDS = (
    "アカウント", "アクセス", "アップデート", "アマゾン", "インターネット", "エラー", "オンライン", "カード", "カスタマー", "キャンセル", "クレジット",
    "クリック", "コード", "サービス", "サポート", "サーバー", "ショッピング", "ストア", "セキュリティ", "セキュリティー", "センター", "ダウンロード",
    "チケット", "データ", "トークン", "ニュース", "ネットワーク", "パスワード", "ファイル", "ブロック", "ポイント", "マイページ", "メール", "メールアドレス",
    "メンテナンス", "ユーザー", "リセット", "リンク", "レター", "ログイン", "ロック", "バンキング", "カレンダー", "ソニー", "ソフトバンク", "ヤマト", "ニトリ",
    "マスターカード", "ビューカード", "エポスカード", "イオンカード", "セゾンカード", "アメリカンエキスプレス", "アップル", "マイクロソフト", "ドコモ",
)  # fmt: skip
"""Words that such mails disguise: about accounts and payments, and borrowed names."""


def _spelt(word: str, replaced: int = -1) -> str:
    """The word in all its spellings, or in those with one of its signs `replaced`; a final long vowel is not,
    because ユーザ一覧 is an ordinary word."""
    return "".join(
        c if n not in _places(word) else _ALIKE[c] if n == replaced else f"[{c}{_ALIKE[c]}]"
        for n, c in enumerate(word)
    )


def _places(word: str) -> list[int]:
    last = len(word) - 1
    return [n for n, c in enumerate(word) if c in _ALIKE and not (n == last and c == "ー")]


_ANY = re2.compile("|".join(_spelt(word) for word in sorted(_WORDS, key=len, reverse=True)))
_REAL = frozenset(_WORDS)
_SPELT = [_spelt(word, n) for word in _WORDS for n in _places(word)]
_DISGUISED = tuple(e for e in _SPELT if not any(o in e for o in _SPELT if o != e))
"""Those with one sign replaced, without what contains another: メ一ルアドレス is found by メ一ル."""


_KANJI = re.compile(r"[\u4e00-\u9fff]")
_KATAKANA = re.compile(r"[\u30a1-\u30fe]")


def _stands_alone(word: str, before: str) -> bool:
    """False in the middle of other words: 大工ラーメン, ジョンニー."""
    if _KANJI.match(word):
        return not _KANJI.match(before)
    return bool(_KANJI.search(word)) or len(word) > 3 or not _KATAKANA.match(before)


@rule(control="IN-LANGUAGE", direction="inbound", wakes=(Says(_DISGUISED),))
def disguised_word(mail: ByText, organisation: Organisation) -> Iterator[Sight]:
    """A word about accounts or payments, or a known name, in which a kanji or another kana replaces a katakana."""
    incoming = mail.incoming
    places = [("header:from", incoming.name), ("header:subject", incoming.subject)]
    places += [(shown.part, shown.text[:40_000]) for shown in incoming.texts]
    for place, text in places:
        data = text.encode("utf-8", "replace")
        at = reach = 0
        for found in _ANY.finditer(data):
            word = found[0].decode()
            if word in _REAL:
                continue
            at, reach = at + len(data[reach : found.start()].decode()), found.start()
            if _stands_alone(word, text[at - 1 : at]):
                yield Sight((Evidence(word, place, at),), values={"word": word})
                return

"""IN-LANGUAGE: Japanese that nobody writes at work: phrases of translation programs, foreign punctuation."""

import re
from collections.abc import Iterator

import re2

from config.policy import Organisation
from filters.finding import Evidence, Sight
from filters.lures.garble import garbled
from filters.rule import rule
from filters.trigger import Says
from filters.views import ByText

_STRONG = re2.compile(
    r"親愛なる|(?:尊敬する|尊敬なる|貴重な)(?:お客様|ユーザー|会員|顧客|メンバー|様)|あなたの(?:アカウント|パスワード|カード|銀行|口座|メール|電子メール|注文|荷物|"
    r"支払い?|身元|個人情報|連絡先|デバイス|コンピュータ|誠実な)|あなたに(?:お知らせ|通知|連絡)|ご注意してください|"
    r"さもなければ|さもないと、|(?:添付|資料|請求書|ファイル)[^。\n]{0,12}を見つけてください|聞くことを楽しみに|(?:この|本)(?:メール|手紙|電子メール)を書いて(?:い)?ます|"
    r"親切に(?:ご?確認|ご?返信|お知らせ|ご?記入|更新|クリック)|(?:私|私達|私たち|我々|当社)は[^。\n]{0,24}(?:を検出しました|に気づきました|を発見しました)|"
    r"(?m:^(?:ありがとう(?:ございます|ございました)?|よろしく(?:お願いします)?|敬具|誠意をこめて|心から|真心を込めて|敬意を表して|最高の敬意)[,，、]\s*$)"
)
_WEAK = re2.compile(
    r"あなたが?は[^。\n]{0,30}(?:しなければなりません|する必要があります)|(?:私たち|私達|我々)の(?:システム|チーム|サービス|記録|サーバー?|ポリシー)|心配しないで|"
    r"できるだけ早く[^。\n]{0,16}(?:更新|確認|対処|検証|クリック)|どうぞ[^。\n]{0,10}(?:リンク|ボタン)|あなた様|貴方|電子メール(?:アカウント|ボックス|サービス)|"
    r"メールボックス(?:は|が)[^。\n]{0,8}(?:いっぱい|満杯|フル)|(?:理解|協力)(?:と協力)?を(?:感謝|ありがとう)|良い一日を|素晴らしい一日を|こんにちは[、,，]?\s?(?:お客様|ユーザー|親愛)|"
    r"(?:お勧め|推奨)(?:いた)?しますが?[、,]|今すぐ行動|(?:喜んで|嬉しく)[^。\n]{0,12}(?:お知らせ|発表)|を(?:確実に|安全に)(?:保つ|するために)|検証を完了|(?:アカウント|身元|本人|情報)(?:の検証|を検証)|検証してください|あなたの(?:会社|企業|組織|製品|ウェブサイト|セキュリティ)|"
    r"返信を楽しみに|もしあなた|あなたは|ご理解ありがとう(?:ございます)?[,，、]"
)
"""Both are read by RE2, in a fiftieth of the time; both take bytes."""
_JA = r"[\u3041-\u30fe\u4e00-\u9fff]"
_SPACED = re.compile(
    rf"(?<={_JA}) (?:を|は|が|に|で|の|と|も|へ|から|まで|して|ください|下さい|です|ます|ました)(?=[ 、。])"
)
_LATIN_STOP = re.compile(r"[\u3041-\u3096]\.(?=\s|$|[\u3041-\u9fff])")
_LATIN_COMMA = re.compile(r"[\u3041-\u3096] ?, ?(?=[\u3041-\u9fff])")
_WIDE_COMMA = re.compile(rf"{_JA}，(?={_JA})")
_DOUBLED = re.compile(r"(?<=[\u3041-\u3096])(?:[。、][.,，．]|[.,][。、]|、。)")
_CHINESE = re.compile(r"[\u3041-\u30ff]；(?=[\u3041-\u9fff])")
_TITLED = re.compile(r"《[^》\n]{1,40}》(?=[\u3041-\u3096])")
_POLITE = re.compile(r"(?:です|ます|ました|ません|ください|下さい|でしょう)[。.]")
_BLUNT = re.compile(r"(?:だ|である|だった|できる|される|された|しろ|せよ|なさい)[。.]")
_CHINESE_WORDS = ("信息", "注册", "登陆", "点击", "邮箱", "客服", "激活", "帐号", "郵箱", "賬號", "登録碼")
_WORDS = re.compile(rf"(?<![\u4e00-\u9fff])(?:{'|'.join(_CHINESE_WORDS)})(?![\u4e00-\u9fff])")
"""Chinese words in characters that Japanese also has."""
_QUOTED = re.compile(r"(?m)^[ \t]*[>＞|].*$")
_KANA = re.compile(r"[\u3041-\u3096]")
_PHRASES = (
    r"親愛なる|(?:尊敬する|尊敬なる|貴重な)(?:お客様|ユーザー|会員|顧客|メンバー|様)|あなた|ご注意してください|さもなければ|さもないと、|"
    r"を見つけてください|聞くことを楽しみに|(?:メール|手紙)を書いて|親切に|を検出しました|に気づきました|を発見しました|"
    r"(?:ありがとう|ございます|ございました|よろしく|お願いします|敬具|こめて|心から|込めて|表して|敬意)[,，、]",
    r"(?:私たち|私達|我々)の|心配しないで|できるだけ早く|どうぞ|貴方|電子メール(?:アカウント|ボックス|サービス)|"
    r"メールボックス(?:は|が)|(?:理解|協力)(?:と協力)?を(?:感謝|ありがとう)|良い一日を|素晴らしい一日を|こんにちは[、,，]?(?s:.)?(?:お客様|ユーザー|親愛)|"
    r"(?:お勧め|推奨)(?:いた)?しますが?[、,]|今すぐ行動|喜んで|嬉しく|(?:確実に|安全に)(?:保つ|するために)|検証を完了|(?:アカウント|身元|本人|情報)(?:の検証|を検証)|検証してください|返信を楽しみに|ご理解ありがとう",
)
"""A literal of each phrase."""
_SIGNS = (
    r" (?:を|は|が|に|で|の|と|も|へ|から|まで|して|ください|下さい|です|ます|ました)[ 、。]",
    r"[\x{3041}-\x{3096}]\.",
    r"[\x{3041}-\x{3096}] ?, ?[\x{3041}-\x{9fff}]",
    "，",
    r"[\x{3041}-\x{3096}](?:[。、][.,，．]|[.,][。、]|、。)",
    "；",
    "《",
    r"(?:だ|である|だった|できる|される|された|しろ|せよ|なさい)[。.]",
    "|".join(_CHINESE_WORDS),
)
"""One for each sign."""


@rule(control="IN-LANGUAGE", direction="inbound", wakes=(Says(_PHRASES), Says(_SIGNS, least=2)))
def unnatural_japanese(mail: ByText, organisation: Organisation) -> Iterator[Sight]:
    """At least two points: phrases that nobody writes at work (two each), awkward ones, and misplaced signs (one each).

    Signs are blanks around particles, Latin and Chinese punctuation mixed with Japanese, です and だ mixed.
    Three points weigh 2, five 3, two 1. Other languages, quotations, mojibake and people we know do not
    count.
    """
    incoming = mail.incoming
    if not incoming.is_japanese or incoming.known():
        return
    for shown in incoming.texts:
        text = _QUOTED.sub("", shown.text[:20_000])
        if not _KANA.search(text):
            continue
        points, found = _points(f"{incoming.subject}\n{text}")
        if points >= 2 and not garbled(text):
            evidence = tuple(Evidence(quote[:80], shown.part, shown.text.find(quote)) for quote in found[:4])
            words = "」「".join(quote[:20] for quote in found[:2])
            weight = 3 if points >= 5 else 2 if points >= 3 else 1
            yield Sight(evidence, weight=weight, values={"words": words})
            return


def _points(text: str) -> tuple[int, list[str]]:
    """How much speaks against the text, and what."""
    data = text.encode("utf-8", "replace")
    strong = list(dict.fromkeys(m[0].decode().strip() for m in _STRONG.finditer(data)))
    weak = list(dict.fromkeys(m[0].decode().strip() for m in _WEAK.finditer(data)))
    signs = [quote for quote in (_spaced(text), *_marks(text), _mixed(text), _chinese(text)) if quote]
    return 2 * len(strong) + len(weak) + len(signs), [*strong, *weak, *signs]


def _spaced(text: str) -> str:
    found = [text[max(0, m.start() - 4) : m.end()].strip() for m in _SPACED.finditer(text)]
    return found[0] if len(found) >= 3 else ""


def _marks(text: str) -> Iterator[str]:
    """Punctuation of other languages beside that of Japanese."""
    for pattern, needed, beside, least in (
        (_LATIN_STOP, ".", "。", 2),
        (_LATIN_COMMA, ",", "、", 2),
        (_WIDE_COMMA, "，", "、", 1),
        (_DOUBLED, "", "", 1),
        (_CHINESE, "；", "", 1),
        (_TITLED, "《", "", 1),
    ):
        found = list(pattern.finditer(text)) if needed in text and beside in text else []
        if len(found) >= least:
            yield text[max(0, found[0].start() - 6) : found[0].end() + 2].strip()


def _mixed(text: str) -> str:
    """A blunt ending when at least two stand among at least two polite ones."""
    blunt = list(_BLUNT.finditer(text))
    return (
        text[max(0, blunt[0].start() - 8) : blunt[0].end()]
        if len(blunt) >= 2 and len(_POLITE.findall(text)) >= 2
        else ""
    )


def _chinese(text: str) -> str:
    if not any(word in text for word in _CHINESE_WORDS):
        return ""
    found = _WORDS.search(text)
    return found[0] if found else ""

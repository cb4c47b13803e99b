"""IN-LANGUAGE: orders to an assistant that summarises or answers mail, where no person reads them."""

import html
import re
from collections.abc import Iterator

import re2

from config.policy import Organisation
from filters.finding import Evidence, Sight
from filters.rule import rule
from filters.trigger import Given, Says
from filters.views import ByFiles
from mail.charset import fold

LONGEST = 400_000
"""Characters of a page that are searched."""
_ORDERS = (
    r"(?:ignore|disregard|forget|override)\s(?:all\s|any\s|the\s|your\s|of\s){0,3}(?:previous|prior|above|earlier|preceding|system)\s"
    r"(?:instructions?|prompts?|rules|guidelines|context)",
    r"(?:system\sprompt|developer\smessage)",
    r"(?:you\sare|act\sas)\s(?:now\s)?(?:an?\s|the\s)?(?:ai|artificial\sintelligence|language\smodel|llm|email\sassistant|mail\sassistant)",
    r"(?:note|message|instructions?|attention)\s(?:to|for)\s(?:the\s|all\s|any\s)?(?:ai|llms?|assistants?|copilot|gemini|chatgpt|claude|"
    r"language\smodels?)\s?[:：,]",
    r"(?:copilot|gemini|chatgpt|claude|ai\sassistant|the\sassistant|language\smodel)\s(?:must|should|shall|has\sto|is\sinstructed)",
    r"(?:when|if)\s(?:you\s)?(?:are\s)?(?:asked\sto\s)?summari[sz](?:e|ing)\s(?:this|the)\s(?:e-?mail|message|thread)",
    r"(?:これまで|以前|上記|直前|前|既存|すべて)の(?:すべての)?(?:指示|命令|プロンプト|ルール)[をは]?(?:すべて|全て)?(?:無視|忘れ|破棄)",
    r"(?:あなたは|お前は)(?:今から)?(?:ai|人工知能|言語モデル|メールアシスタント)",
    r"(?:ai|アシスタント|copilot|gemini|chatgpt|言語モデル)(?:アシスタント)?(?:への|に対する)(?:指示|命令|お願い)",
    r"(?:この|本)メールを要約(?:する|した)(?:際|場合|とき)",
)
_ADDRESSED = re2.compile(
    r"(?:note|message|instructions?|attention|notice|memo|directive)s?\s(?:to|for)\s(?:the\s|all\s|any\s|your\s)?(?:ai|llms?|assistants?|copilot|gemini|chatgpt|claude|language\smodels?|agents?)\b"
    r"|\b(?:ai|llm|copilot|gemini|chatgpt|claude)(?:\sassistants?|\sagents?|\smodels?)?[,:]\s|\[(?:ai|llm|assistant|system)[^\]\n]{0,30}\]"
    r"|(?:ai|アシスタント|copilot|gemini|chatgpt|エージェント|言語モデル)[^。\n]{0,12}(?:への|に対する|宛ての?)(?:指示|命令|お願い|注意|メモ)|(?:ai|アシスタント|copilot|gemini|chatgpt)(?:は|へ[:、])"
)
_OVERRIDES = re2.compile(f"{_ORDERS[0]}|{_ORDERS[6]}")
_DOES = re2.compile(
    r"\b(?:forward|send|reply|tell|say|state|report|approve|delete|archive|click|open|transfer|pay|search|copy|include|reveal|add|mark|classify|rate|score)\b[^.\n]{0,60}"
    r"\b(?:mails?|e-?mails?|messages?|reader|user|recipient|invoice|payment|mailbox|inbox|password|link|files?|contacts?|safe|approved|legitimate|trusted|urgent|to\s[\w.+-]{1,40}@)"
    r"|(?:転送|送信|返信|承認|削除|開い|クリック|検索|出力|表示|伝え|回答|要約に(?:含め|追加))(?:して|せよ|する|しろ|くだ|こと|てくだ)"
)
"""What it shall do for whoever wrote this."""
_QUOTES = re2.compile(
    r"prompt injection|プロンプト ?インジェクション|attackers?\b|攻撃者|researchers?\b|研究者|vulnerabilit|脆弱性|for example|such as|e\.g\.|例えば|たとえば|といった(?:指示|文)"
)
"""People who write about such attacks."""
_SEARCHED = re2.compile("|".join(_ORDERS))
_WORDS = (
    r"instruction|prompt|assistant|language model|artificial intelligence|copilot|gemini|chatgpt|claude|developer message|summari[sz]|\bllm|"
    r"\bai\b|指示|命令|要約|アシスタント|人工知能|言語モデル|プロンプト|ルール",
)
_HINT = re2.compile(rf"(?i){'|'.join(_WORDS)}|disregard|override|ignore|forget|[Ａ-Ｚａ-ｚ]{{3}}")
_HIDDEN = re2.compile(
    r"(?i)<(!--)|<([a-z][a-z0-9]*)\b[^<>]*(?:display\s*:\s*none|visibility\s*:\s*hidden|opacity\s*:\s*0\s*[;\"']|"
    r"font-size\s*:\s*[01](?:px|pt|em)?\s*[;\"']|[\"';\s]color\s*:\s*(?:#fff(?:fff)?|white)\b|\shidden\b)"
)
AFTER = 1_000
"""Characters of a hidden element that are searched."""
_TAG = re.compile(r"<[^<>]{0,2000}>")
_BLANKS = re.compile(r"\s+")


@rule(control="IN-LANGUAGE", direction="inbound", wakes=(Given.PAGE, Given.FILE, Says(_WORDS)))
def hidden_orders(mail: ByFiles, organisation: Organisation) -> Iterator[Sight]:
    """Words that tell an assistant what to do: 4 when no person sees them (comments, hidden, tiny or white text of a page),
    3 in a file, 1 in what is read, where people also write about such attacks; 5 there when it is addressed to an assistant,
    sets aside what that was told, and says what to do instead, unless it is about such attacks."""
    for part in mail.reading.parts:
        if part.content_type == "text/html" and not part.children:
            page = part.text()[:LONGEST]
            if not _HINT.search(html.unescape(page) if "&#" in page else page):
                continue
            for hidden in _HIDDEN.finditer(page):
                text = page[hidden.end() : hidden.end() + AFTER]
                inside = text.partition("-->" if hidden[1] else f"</{hidden[2]}")[0]
                text = _TAG.sub(" ", html.unescape(inside.partition(">")[2] if hidden[2] else inside))
                if found := _SEARCHED.search(_flat(fold(text).lower())):
                    evidence = (Evidence(found[0][:120], part.path or "1", -1),)
                    yield Sight(evidence, weight=4, values={"words": found[0][:60]})
                    return
    for each in mail.incoming.attached:
        if _HINT.search(each.text) and (found := _SEARCHED.search(_flat(each.text))):
            evidence = (Evidence(found[0][:120], each.part, -1),)
            yield Sight(evidence, weight=3, values={"words": found[0][:60]})
            return
    text = _flat(mail.incoming.folded)
    if found := _SEARCHED.search(text):
        weight = 5 if _is_order(text) else 1
        yield Sight((mail.incoming.quote(found[0]),), weight=weight, values={"words": found[0][:60]})


AROUND = 400
"""Characters around the words that set orders aside."""


def _is_order(text: str) -> bool:
    """True where the text itself gives orders to an assistant, and is not about those who do."""
    if not (over := _OVERRIDES.search(text)):
        return False
    around = text[max(0, over.start() - AROUND) : over.end() + AROUND]
    after = text[over.end() : over.end() + AROUND]
    return bool(_ADDRESSED.search(around) and _DOES.search(after) and not _QUOTES.search(text))


def _flat(text: str) -> str:
    return _BLANKS.sub(" ", text)

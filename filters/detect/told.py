"""What lists say of people beside their names, and of nobody else: results, illnesses, money (OUT-PII; config/lists/told.toml).

    山田 太郎　不合格            冬季賞与（単位：千円）          Room 204: Emily Clark, pneumonia
                                 山田 太郎  620

A value says it by itself, or what stands above the list says what its values are: "salaries", "exam results". What is told to
everybody (results of matches, boards, casts) is no such list.
"""

import re
from itertools import islice

import re2

from config import lists
from filters.detect.passphrase_concepts import spelt

_TABLE: dict[str, dict[str, list[str]]] = lists.table("told")
ABOVE, LINES = 240, 3
"""Characters and lines above a list that may be its title."""
LONGEST = 60
"""Characters of a title's line: longer ones are sentences."""
_SOME = 3
"""Characters of a Japanese word that makes a text worth a look; shorter ones count only where a list is found."""


def _pattern(*concepts: str, least: int = 1, most: int = 99, without: tuple[str, ...] = ()) -> str:
    words = {
        w
        for concept in concepts
        for some in _TABLE[concept].values()
        for w in some
        if least <= len(w) <= most
    }
    words -= set(without)
    return "|".join(spelt(word, python=False) for word in sorted(words, key=lambda w: (-len(w), w)))


_TITLE = re2.compile(rf"(?i){_pattern('title')}")
_PUBLIC = re2.compile(rf"(?i){_pattern('public')}")
SAID = _pattern("result", "illness")
"""RE2: words for how it went with somebody, or what ails them."""
_SAID = re2.compile(
    rf"(?i){SAID}|[部課室係店社局校]へ?(?: ?(?:→|⇒|->|=>) ?|から)[^\s]{{1,12}}[部課室係店社局校]"
    r"|\b[0-9]{1,3} (?:años|anni|anos|jahre(?: alt)?|ans|jaar)\b|[0-9]{1,3} ?(?:岁|세|лет)"
)
_UNIT = re.compile(
    r"千円|万円|単位 ?[:は]? ?円|in thousands|k(?:€|\$|EUR|USD)|T(?:€|EUR)|千元|만원", re.IGNORECASE
)
_SUBJECT = re.compile(
    r"患者|児童|園児|生徒|受験|応募|候補者|内定|入居者|入所者|被保険|債務者|滞納|相談者|被害者|受給|要介護|利用者|寄[付附]者|退職者|受検|受診"
    r"|^(?:patients?|applicants?|candidates?|pupils?|students?|tenants?|debtors?|beneficiar(?:y|ies)|residents?|donors?|bewerber(?:in)?|patient(?:in)?|paciente|paziente|alumno|aluno|alunno|alunna|studente|étudiante?|studentin|candidato|kandidat(?:in)?|candidat|élève|leerling|sollicitant)(?: ?names?)?$",
    re.IGNORECASE,
)
_IN_SENTENCES = (
    "試験の結果",
    "検査結果",
    "試験結果",
    "診断",
    "障害",
    "利用者",
    "候補者",
    "保護者",
    "返済",
    "進路",
    "処方",
    "退職者",
)
"""Titles that stand in the sentences of any office: where nothing else does, nobody looks for a list."""
WAKES = (
    _pattern("title", least=_SOME, without=_IN_SENTENCES)
    + rf"|(?:{_pattern('title', most=_SOME - 1)})(?:結果|一覧|表|单|リスト|者|報告|票|簿|データ|状況|の件|について)?[ )】\]]*(?:\n|$)"
    + r"|(?:^|\n)[\"\']?(?:aluno|alumno|alunno|studente|élève|tenant|applicant|patient|candidate|pupil|student|debtor|donor|resident)s?[\"\']?[,;\t|]"
    + r"|賞与|査定|考課|成績|健診|検診|患者|児童|園児|生徒|未納|滞納|内示|合否|残業|有休|欠勤|発熱|腹痛|骨折|肺炎|合格|昇格|降格|据置|陽性|千円|begin:vevent"
    r"|[0-9]円[ \t\r]*\n[^\n]{2,20}[0-9]円[ \t\r]*(?:\n|$)"
    + rf"|[-–:(,;|\t] ?(?:{_pattern('result', 'illness', least=4)})"
)
"""RE2 over folded text in lower case: where a list may say such things."""
_ANY = re2.compile(WAKES)
_LOOKED_AT = 200
"""Words that are looked at, whether they stand in a short line."""


def may_list(flat: str) -> bool:
    """True for a folded text, in lower case, in which such a word stands in a short line, not only in sentences."""
    for match in islice(_ANY.finditer(flat), _LOOKED_AT):
        end = flat.find("\n", match.end())
        line = flat[flat.rfind("\n", 0, match.start()) + 1 : end if end >= 0 else len(flat)]
        if len(line) <= LONGEST and "。" not in line and "、" not in line[:-1]:
            return True
    return False


def is_private(title: str) -> bool:
    """True for what stands above a list that says something of nobody but people."""
    return (_TITLE.search(title) is not None or _UNIT.search(title) is not None) and not is_public(title)


def is_public(title: str) -> bool:
    """True above a list that everybody may see."""
    return _PUBLIC.search(title) is not None


def is_said(value: str) -> bool:
    """A result, an illness, a move: said of a person, without a heading."""
    return len(value) <= 60 and _SAID.search(value) is not None


def in_thousands(words: str) -> bool:
    """True where the headings of a table say that its sums are in thousands, as budgets and salaries are."""
    return _UNIT.search(words) is not None


def is_subject(heading: str) -> bool:
    """True for a heading that already says something of those below it: patients, applicants, debtors."""
    return _SUBJECT.search(heading) is not None


def title_above(text: str, start: int) -> str:
    """The short lines right above a list that begins at `start`."""
    lines = [line.strip() for line in text[max(0, start - ABOVE) : start].split("\n")]
    return "\n".join(line for line in [each for each in lines if each][-LINES:] if len(line) <= LONGEST)

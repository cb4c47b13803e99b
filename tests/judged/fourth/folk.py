"""People, companies and addresses of the fourth sets: each half has its own (data/folk_*.toml)."""

from dataclasses import dataclass
from random import Random

from tests.judged import Half
from tests.judged.fourth import told

_HIRAGANA = {code: code - 0x60 for code in range(0x30A1, 0x30F7)}
_WIDE = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲンァィゥェォッャュョー"
_HALF = "ｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜｦﾝｧｨｩｪｫｯｬｭｮｰ"
_VOICED = {
    **{chr(ord(c) + 1): c + "ﾞ" for c in "カキクケコサシスセソタチツテトハヒフヘホ"},
    **{chr(ord(c) + 2): c + "ﾟ" for c in "ハヒフヘホ"},
}
_NARROW = str.maketrans(_WIDE, _HALF)
ERAS = ((2019, "令和", "R"), (1989, "平成", "H"), (1926, "昭和", "S"))


def half_width(kana: str) -> str:
    """Katakana as old machines print it."""
    return "".join(_VOICED.get(letter, letter) for letter in kana).translate(_NARROW)


@dataclass(frozen=True)
class Person:
    """Somebody who does not exist, as words of recipes (`value`)."""

    values: dict[str, str]

    @classmethod
    def drawn(cls, half: Half, draw: Random) -> "Person":
        held = told("folk", half)
        family, family_kana, roman = draw.choice(held["surnames"]).split()
        given, given_kana, letters, sex = draw.choice(held["given"]).split()
        postal, pref, town = draw.choice(held["places"]).split()
        abroad = draw.choice(held["english"])
        first, last = abroad.split()
        numbers = f"{draw.randint(1, 9)}-{draw.randint(1, 29)}-{draw.randint(1, 18)}"
        mobile = f"0{draw.choice('789')}0{draw.randint(10_000_000, 99_999_999)}"
        home = f"0{draw.choice(held['areas'])}"
        home += str(draw.randint(2, 8)) + "".join(str(draw.randint(0, 9)) for _ in range(9 - len(home)))
        born = draw.randint(1948, 2004), draw.randint(1, 12), draw.randint(1, 28)
        year, month, day = born
        since, era, letter = next(one for one in ERAS if year > one[0])
        name, domain = draw.choice(held["companies"]).rsplit(" ", 1)
        box = draw.choice((f"{roman}.{letters}", f"{letters}{draw.randint(55, 99)}", f"{letters[0]}-{roman}"))
        kana = f"{family_kana} {given_kana}"
        cut = len(home) - 8 if len(home) == 10 else 3
        return cls({
            "name": f"{family} {given}", "nm": family + given, "nmw": f"{family}　{given}", "fam": family, "giv": given,
            "kana": kana, "kn": kana.replace(" ", ""), "fkana": family_kana, "gkana": given_kana,
            "hira": kana.translate(_HIRAGANA), "hkana": half_width(kana), "roman": f"{letters} {roman}".title(),
            "EN": f"{roman.upper()} {letters.capitalize()}", "eng": abroad, "first": first, "last": last,
            "engsw": f"{last}, {first}", "mail": f"{box}@{draw.choice(held['mail'])}", "zip": postal,
            "zipn": postal.replace("-", ""), "pref": pref, "addr": f"{pref}{town}{numbers}", "town": f"{town}{numbers}",
            "addrw": f"{pref}{town}{numbers}".translate({n: n + 0xFEE0 for n in range(0x2D, 0x3A)}),
            "street": draw.choice(held["streets"]), "mobn": mobile, "mob": f"{mobile[:3]}-{mobile[3:7]}-{mobile[7:]}",
            "moblost": mobile[1:], "mobi": f"+81 {mobile[1:3]} {mobile[3:7]} {mobile[7:]}", "teln": home,
            "tel": f"{home[:cut]}-{home[cut:-4]}-{home[-4:]}", "telp": f"{home[:cut]}({home[cut:-4]}){home[-4:]}",
            "ustel": f"({draw.randint(201, 989)}) 555-{draw.randint(1000, 9999)}", "sex": sex, "year": str(year),
            "born": f"{year}/{month}/{day}", "bornj": f"{year}年{month}月{day}日", "born-": f"{year}-{month:02d}-{day:02d}",
            "bornc": f"{year}{month:02d}{day:02d}", "born.": f"{day:02d}.{month:02d}.{year}", "bornus": f"{month:02d}/{day:02d}/{year}",
            "bornw": f"{era}{year - since + 1}年{month}月{day}日", "borns": f"{letter}{year - since + 1}.{month}.{day}",
            "bornmd": f"{month}月{day}日", "age": str(2026 - year), "co": name, "dom": domain,
            "work": f"{roman}@{domain}",
        })  # fmt: skip

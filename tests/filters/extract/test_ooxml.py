"""Office files: every member is read."""

import io
import zipfile

import pytest

from filters.extract import Budget, extract
from filters.extract.budget import Stop
from filters.extract.ooxml import quick_text, text_of
from tests.filters.extract.documents import archive, sheet, slides, word


def everything(name: str, content: bytes) -> str:
    extracted = extract(name, "", content, Budget())
    assert extracted.verdict == "ok", extracted
    assert extracted.kind == name.rpartition(".")[2]
    return "\n".join(text for _, text in extracted.texts)


def test_word_header_footer_table_properties_and_broken_runs() -> None:
    text = everything("a.docx", word())
    for needle in ("本文 社外秘 おわり", "ヘッダー印", "フッター印", "題名印", "左の升"):
        assert needle in text
    assert "左の升右の升" not in text


def test_excel_hidden_sheet_comment_print_header_and_numbers() -> None:
    text = everything("a.xlsx", sheet())
    for needle in (
        "升の印",
        "隠れた印",
        "注釈の印",
        "印刷の印",
        "隠し",
        "4111111111111111",
        "1234 5678 9018",
    ):
        assert needle in text


def test_powerpoint_notes() -> None:
    text = everything("a.pptx", slides())
    assert "表題の印" in text
    assert "ノートの印" in text


def test_a_watermark_is_text() -> None:
    xml = b'<w:hdr xmlns:w="w" xmlns:v="v"><v:shape><v:textpath style="x" string="&#31038;&#22806;&#31192;"/></v:shape></w:hdr>'
    assert "社外秘" in text_of(xml)


@pytest.mark.parametrize(
    "xml",
    [
        b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>',
        b'<!DOCTYPE a SYSTEM "http://198.51.100.1/x.dtd"><a/>',
        b"<a><b></a>",
        b"",
    ],
)
def test_declarations_and_broken_xml_are_corrupt(xml: bytes) -> None:
    with pytest.raises(Stop) as stop:
        text_of(xml)
    assert stop.value.verdict == "corrupt"


def test_a_document_with_an_entity_bomb_is_corrupt_and_the_rest_is_read() -> None:
    bomb = b'<!DOCTYPE a [<!ENTITY a "' + b"x" * 1000 + b'"><!ENTITY b "' + b"&a;" * 1000 + b'">]><a>&b;</a>'
    content = archive(
        ("[Content_Types].xml", b"<Types/>"),
        ("word/document.xml", bomb),
        ("word/header1.xml", "<p>極秘</p>".encode()),
    )
    extracted = extract("a.docx", "", content, Budget())
    assert extracted.verdict == "corrupt"
    assert "極秘" in extracted.texts[0][1]


def test_a_sheet_inflating_beyond_the_budget_is_a_limit() -> None:
    huge = b"<sheetData>" + b"<c><v>1</v></c>" * 2_000_000 + b"</sheetData>"
    content = archive(("[Content_Types].xml", b"<Types/>"), ("xl/worksheets/sheet1.xml", huge))
    assert extract("a.xlsx", "", content, Budget()).verdict == "limit"


def test_files_embedded_in_a_document_are_read() -> None:
    content = archive(
        ("[Content_Types].xml", b"<Types/>"),
        ("word/document.xml", b"<p>x</p>"),
        ("word/embeddings/a.xlsx", sheet()),
    )
    extracted = extract("a.docx", "", content, Budget())
    assert any("隠れた印" in text for _, text in extracted.texts)
    assert ("a.xlsx", "xlsx") in [(m.path, m.kind) for m in extracted.members]


def members(package: bytes) -> list[bytes]:
    with zipfile.ZipFile(io.BytesIO(package)) as file:
        return [file.read(n) for n in file.namelist() if n.endswith(".xml") and "docProps" not in n]


@pytest.mark.parametrize("package", [word(), sheet(), slides()])
def test_patterns_and_parser_read_the_same(package: bytes) -> None:
    compared = 0
    for xml in members(package):
        quick = quick_text(xml)
        if quick is not None:
            compared += 1
            assert quick.split() == text_of(xml).split()
    assert compared


@pytest.mark.parametrize(
    "xml",
    [
        '<?xml version="1.0" encoding="Shift_JIS"?><a>社外秘</a>'.encode("cp932"),
        "<a>社外秘</a>".encode("utf-16"),
        "<a><![CDATA[社外秘]]></a>".encode(),
        "<a>社<!-- x > y -->外秘</a>".encode(),
        '<v:textpath string="社外秘"/>'.encode(),
    ],
)
def test_what_patterns_could_misread_is_parsed(xml: bytes) -> None:
    assert quick_text(xml) is None


def test_readings_between_the_characters_of_a_word() -> None:
    def ruby(reading: str, base: str) -> str:
        return (
            f"<w:ruby><w:rubyPr><w:rtl/></w:rubyPr><w:rt><w:r><w:t>{reading}</w:t></w:r></w:rt>"
            f"<w:rubyBase><w:r><w:t>{base}</w:t></w:r></w:rubyBase></w:ruby>"
        )

    word = "".join(map(ruby, ("しゃ", "がい", "ひ"), "社外秘"))
    for more in ("", "<!-- x -->"):  # by patterns, and by the parser
        xml = f'<w:p xmlns:w="w">{more}これは{word}です</w:p>'.encode()
        text = quick_text(xml) or text_of(xml)
        assert text.split() == ["これは社外秘です", "しゃ", "がい", "ひ"]
    odf = "<text:p xmlns:text='t'>" + "".join(
        f"<text:ruby><text:ruby-base>{b}</text:ruby-base><text:ruby-text>{r}</text:ruby-text></text:ruby>"
        for b, r in zip("社外秘", ("しゃ", "がい", "ひ"), strict=True)
    )
    assert text_of(f"{odf}</text:p>".encode()).split() == ["社外秘", "しゃ", "がい", "ひ"]


def test_codes_of_printed_headers_and_places_of_drawings_do_not_run_into_words() -> None:
    head = (
        "<worksheet><headerFooter><oddHeader>&amp;LPlan&amp;C&amp;&quot;Arial,Bold&quot;&amp;12Confidential"
        "&amp;R&amp;K00-024Page &amp;P</oddHeader></headerFooter></worksheet>"
    )
    box = (
        "<xdr:from><xdr:col>5</xdr:col><xdr:row>7</xdr:row></xdr:from><xdr:to><xdr:col>8</xdr:col>"
        "<xdr:row>9</xdr:row></xdr:to><xdr:sp><a:t>Confidential</a:t></xdr:sp>"
    )
    for more in ("", "<!-- x -->"):
        for xml, lines in ((head + more, ["Plan", "Confidential", "Page"]), (box + more, ["Confidential"])):
            xml = f"<r xmlns:xdr='x' xmlns:a='a'>{xml}</r>"
            text = quick_text(xml.encode()) or text_of(xml.encode())
            assert set(lines) <= {line.strip() for line in text.splitlines()}

"""QR codes in pictures of every kind, and pictures made to be expensive."""

import pytest
from PIL import Image

from filters.extract import Budget, extract
from filters.extract.pdf import SEEN
from filters.extract.picture import PASSES, codes, codes_in
from tests.filters.extract.documents import archive
from tests.filters.extract.pictures import code, on_transparent, pdf, saved, written

LINK = "https://login.evil.example/a?b=c"
CODE = code(LINK)


def read(content: bytes, **budget: int) -> list[str]:
    return codes(content, Budget(**{"pictures": 3} | budget))


def photograph() -> Image.Image:
    """Four thousand pixels wide, noisy, with a code on a tenth of its width."""
    ground = Image.linear_gradient("L").resize((4000, 3000))
    picture = Image.blend(ground, Image.effect_noise((4000, 3000), 12), 0.3)
    picture.paste(CODE.resize((400, 400)), (700, 900))
    return picture.convert("RGB")


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(saved(CODE), id="png"),
        pytest.param(saved(CODE.convert("P")), id="palette"),
        pytest.param(saved(CODE.convert("1")), id="one bit"),
        pytest.param(saved(on_transparent(CODE)), id="black on transparent"),
        pytest.param(saved(CODE.point(lambda value: 255 - value)), id="white on black"),
        pytest.param(saved(CODE.rotate(25, expand=True, fillcolor=255)), id="turned"),
        pytest.param(saved(CODE, "JPEG", quality=30), id="jpeg"),
        pytest.param(saved(CODE.convert("CMYK"), "JPEG"), id="cmyk"),
        pytest.param(saved(CODE, "GIF"), id="gif"),
        pytest.param(saved(CODE, "BMP"), id="bmp"),
        pytest.param(saved(on_transparent(CODE), "WEBP"), id="webp"),
        pytest.param(saved(CODE.resize((600, 600)))[:-300], id="cut off"),
        pytest.param(saved(photograph(), "JPEG"), id="photograph"),
    ],
)
def test_a_code_is_read(content: bytes) -> None:
    assert read(content) == [LINK]


def test_several_codes_are_read() -> None:
    sheet = Image.new("L", (500, 250), 255)
    sheet.paste(code("one").resize((200, 200)), (20, 20))
    sheet.paste(code("two").resize((200, 200)), (260, 20))
    assert sorted(read(saved(sheet))) == ["one", "two"]


@pytest.mark.parametrize(
    "content",
    [b"", b"\x89PNG", b"\x89PNG\r\n\x1a\n" + bytes(100), b"\xff\xd8\xff" + bytes(50), b"GIF89a", b"BM" + bytes(60),
     saved(Image.new("L", (20, 4000))), saved(Image.effect_noise((300, 300), 90))],
)  # fmt: skip
def test_damage_and_pictures_without_a_code_are_silent(content: bytes) -> None:
    assert read(content) == []


def test_caps_come_before_pixels() -> None:
    assert read(saved(Image.new("1", (12_000, 12_000)))) == []
    assert read(saved(CODE), pixels=1_000) == []
    assert read(saved(CODE), pictures=0) == []
    assert read(saved(CODE, "JPEG") + b"\xff\xda" * (PASSES + 1)) == []


def test_a_mail_has_one_budget() -> None:
    budget = Budget(pictures=2)
    assert [len(codes(saved(code(str(n))), budget)) for n in range(3)] == [1, 1, 0]


def test_the_finder_patterns_of_ten_thousand_codes_are_not_a_code() -> None:
    """A regression: the view of such a picture outlived its bytes, and the process crashed."""
    finder = Image.new("L", (28, 28), 255)
    for border, shade in ((0, 0), (3, 255), (6, 0)):
        finder.paste(shade, (border, border, 21 - border, 21 - border))
    sheet = Image.new("L", (1200, 1200), 255)
    for x in range(0, 1200, 28):
        for y in range(0, 1200, 28):
            sheet.paste(finder, (x, y))
    assert read(saved(sheet)) == []


def test_codes_inside_archives_and_documents_have_their_place() -> None:
    picture = saved(CODE)
    document = archive(
        ("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b"<p/>"), ("word/media/a.png", picture)
    )
    for content, place in ((archive(("x/a.png", picture)), "a.png"), (document, "")):
        assert extract("a", "", content, Budget(pictures=3)).codes == ((place, LINK),)
        assert extract("a", "", content, Budget()).codes == ()


@pytest.mark.parametrize("kind", ["image", "drawn"])
def test_codes_on_the_pages_of_a_pdf(kind: str) -> None:
    found = extract("a.pdf", "", pdf(LINK, kind, page=2), Budget(pictures=9))
    assert found.codes == (("page 2", LINK),)
    inside = extract("a.zip", "", archive(("b.pdf", pdf(LINK, kind))), Budget(pictures=9))
    assert inside.codes == (("b.pdf/page 1", LINK),)
    assert extract("a.pdf", "", pdf(LINK, kind), Budget()).codes == ()
    assert extract("a.pdf", "", pdf(LINK, kind, page=SEEN + 1), Budget(pictures=9)).codes == ()


def test_rows_that_are_not_there_are_not_read() -> None:
    assert codes_in(b"", 10, 10, 10, Budget()) == []
    assert codes_in(bytes(99), 10, 10, 10, Budget()) == []
    assert codes_in(bytes(100), 10, 10, 5, Budget()) == []


def signs(content: bytes, **settings: bool) -> set[str]:
    return {s.name for s in extract("a.png", "", content, Budget(pictures=2, **settings)).signs}


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP", "BMP"])
@pytest.mark.parametrize("searches", [True, False])
def test_writing_in_a_picture(kind: str, searches: bool) -> None:
    assert signs(written("Confidential", kind), searches=searches) == {"picture_of_text"}


def test_a_logo_a_photograph_and_an_empty_page_have_none() -> None:
    shades = Image.radial_gradient("L").resize((800, 600))
    noise = Image.effect_noise((800, 600), 80)
    for picture in (Image.new("L", (800, 600), 255), shades, noise):
        assert not signs(saved(picture))
    assert not signs(written("x", size=(200, 60)))


def test_codes_are_not_searched_for_where_nobody_asks() -> None:
    found = extract("a.png", "", saved(CODE), Budget(pictures=2, searches=False))
    assert found.codes == ()

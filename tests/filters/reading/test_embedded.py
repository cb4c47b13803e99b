"""Pictures in HTML itself."""

import base64

from filters.reading.embedded import embedded


def test_pictures_are_found_whatever_breaks_their_lines_and_broken_ones_are_empty() -> None:
    one = base64.encodebytes(bytes(range(120))).decode()
    html = f'<img src="data:image/png;base64,{one}"><img src="DATA:IMAGE/JPEG;base64,{"A" * 101}">'
    assert list(embedded(html)) == [bytes(range(120)), b""]
    assert list(embedded('<img src="data:text/html;base64,' + "A" * 200 + '">')) == []

"""IN-TEXT: HTML as a text that people can read."""

import pytest

from filters.rewriters.plain import readable
from filters.rewriters.written_page import LONGEST
from mail.compose import RewriteError

LETTER = """<html><head><style>p{}</style><title>t</title></head><body>
<div style="display:none">プレヘッダー<div>も</div></div>
<h1>請求書の　ご案内</h1><p>お世話になっております。<br>株式会社<b>テスト</b>の鈴木です。</p>
<ul><li>一つ<ul><li>内側</li></ul></li><li><p>二つ</p></li></ul><ol start=3><li>三<li>四</ol>
<table><tr><td></td><th>項目</th><td>金額</td></tr>
 <tr><td>A &amp; B</td><td>1,000円</td></tr></table>
<blockquote>前回の<br>メール<blockquote>その前</blockquote></blockquote>
<p>ご確認は <a href="https://evil.example/a?b">こちら</a> から。 <a href="http://www.a.example/">www.a.example</a></p>
<pre>  a   b
    c</pre><img alt="ロゴ" src=x><hr>http://b.example/</body></html>"""

EXPECTED = """\
請求書の　ご案内

お世話になっております。
株式会社テストの鈴木です。

- 一つ
  - 内側
- 二つ

3. 三
4. 四

項目 | 金額
A & B | 1,000円

> 前回の
> メール
>
> > その前
>
ご確認は こちら <hxxps://evil[.]example/a?b> から。 www[.]a[.]example

  a   b
    c

[ロゴ]
----------------------------------------
hxxp://b[.]example/
"""


def test_a_letter() -> None:
    assert readable(LETTER) == EXPECTED


def test_links_can_be_kept() -> None:
    assert readable('<a href="https://a.example/x">見る</a>', "keep") == "見る <https://a.example/x>\n"


def test_columns_without_a_size_of_their_own_hide_nothing() -> None:
    """Newsletters set the font size to zero around columns, and back inside them."""
    assert (
        readable('<p style="font-size:0px"><span style="font-size:13px">words</span><b>none</b>') == "words\n"
    )
    assert (
        readable(
            '<table><td style="font-size:0px"> x <div style="font-size:13px">words <i>all</i></div></table>'
        )
        == "words all\n"
    )


@pytest.mark.parametrize(
    "html",
    ["", "<p></p>", "<", "<li>", "</ul></ol></blockquote></pre>", "<td><td>", "\x01\x02\x03", "<script>x"],
)
def test_odd_html_is_not_an_error(html: str) -> None:
    assert readable(html).strip() in ("", "<", "-")


def test_html_beyond_all_limits_is_held() -> None:
    with pytest.raises(RewriteError):
        readable("x" * (LONGEST + 1))

"""The extension that a name claims."""

from filters.extract.extensions import extension


def test_extension() -> None:
    assert extension("a.PDF ") == "pdf"
    assert extension("a.pdf.exe") == "exe"
    assert extension("a.exe. .") == "exe"
    assert extension("none") == ""
    assert extension(f"a.{'x' * 21}") == ""

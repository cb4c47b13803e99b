"""The files that warm the readers are files that they read."""

from filters.extract import Budget, extract, warm
from filters.extract.sample import samples


def test_every_sample_is_read() -> None:
    warm()
    for name, content in samples().items():
        found = extract(name, "", content, Budget())
        assert found.verdict == "ok", name
        assert found.texts, name

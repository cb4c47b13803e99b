"""The files that warm the readers are readable."""

from filters.extract import Budget, Keys, extract, warm
from filters.extract.keys import AGREED
from filters.extract.sample import PASSPHRASE, samples


def test_every_sample_is_read() -> None:
    warm()
    for name, content in samples().items():
        found = extract(name, "", content, Budget(pictures=1), keys=Keys(lambda: [(PASSPHRASE, AGREED)]))
        assert found.verdict == "ok", name
        assert found.texts or found.signs or found.codes, name


def test_locked_samples_are_locked() -> None:
    for name in ("b.zip", "b.7z", "b.docx"):
        assert extract(name, "", samples()[name], Budget()).verdict == "encrypted"

import msgspec

from mail.envelope import Envelope, ForwardPath


def test_recipients_and_domains():
    envelope = Envelope(
        "a@b.example", (ForwardPath('"x@y"@c.example', ("NEVER",)), ForwardPath("d@e.example"))
    )
    assert envelope.recipients == ('"x@y"@c.example', "d@e.example")
    assert [p.domain for p in envelope.forward_paths] == ["c.example", "e.example"]


def test_it_survives_the_border_of_a_process():
    envelope = Envelope(
        "", (ForwardPath("山@b.example", ("FAILURE",), "utf-8;x"),), "HDRS", "id", "8BITMIME", True
    )
    assert msgspec.json.decode(msgspec.json.encode(envelope), type=Envelope) == envelope

"""A next hop for crash tests: takes mail in threads of the test process and remembers every delivery."""

import socketserver
import threading
import time
from dataclasses import dataclass, field
from email.parser import BytesHeaderParser

LINE = 1 << 20


@dataclass
class Delivery:
    """A mail that was taken: `at` is when its final dot had come, before anybody was told."""

    at: float
    message_id: str
    reverse_path: str
    recipients: tuple[str, ...]
    content: bytes = field(repr=False)


class Sink:
    """Answers as a mail host does; addresses that begin with `refused` do not exist.

    `pause` is how many seconds it takes to answer the final dot: the time in which a crash makes a duplicate.
    """

    def __init__(self, pause: float = 0.0, refused: str = "nobody") -> None:
        self.pause = pause
        self.refused = refused
        self.deliveries: list[Delivery] = []
        self.open = 0
        self._lock = threading.Lock()
        sink = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                with sink._lock:
                    sink.open += 1
                try:
                    sink._converse(self)
                except OSError:
                    pass
                finally:
                    with sink._lock:
                        sink.open -= 1

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True
            block_on_close = False
            allow_reuse_address = True
            request_queue_size = 128

        self._server = Server(("127.0.0.1", 0), Handler)
        self.port: int = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def count(self, message_id: str, recipient: str) -> int:
        """How often this mail was taken for this recipient."""
        return sum(d.message_id == message_id and recipient in d.recipients for d in list(self.deliveries))

    def _converse(self, peer: socketserver.StreamRequestHandler) -> None:
        def say(*lines: bytes) -> None:
            peer.wfile.write(b"".join(line + b"\r\n" for line in lines))
            peer.wfile.flush()

        reverse_path, recipients = "", []
        say(b"220 sink.example ESMTP")
        while line := peer.rfile.readline(LINE):
            verb = line[:4].upper()
            if verb == b"EHLO":
                say(b"250-sink.example", b"250-8BITMIME", b"250-SMTPUTF8", b"250 SIZE 52428800")
            elif verb == b"MAIL":
                reverse_path, recipients = _address(line), []
                say(b"250 2.1.0 ok")
            elif verb == b"RCPT":
                address = _address(line)
                if address.startswith(self.refused):
                    say(b"550 5.1.1 no such user")
                else:
                    recipients.append(address)
                    say(b"250 2.1.5 ok")
            elif verb == b"DATA":
                if not recipients:
                    say(b"554 5.5.1 no valid recipients")
                    continue
                say(b"354 go")
                if (content := _content(peer)) is None:
                    return None
                message_id = str(BytesHeaderParser().parsebytes(content)["Message-ID"] or "").strip()
                self.deliveries.append(
                    Delivery(time.time(), message_id, reverse_path, tuple(recipients), content)
                )
                if self.pause:
                    time.sleep(self.pause)
                say(b"250 2.0.0 taken")
                recipients = []
            elif verb == b"QUIT":
                return say(b"221 2.0.0 bye")
            else:
                say(b"250 2.0.0 ok")
        return None


def _address(line: bytes) -> str:
    return line.partition(b"<")[2].partition(b">")[0].decode()


def _content(peer: socketserver.StreamRequestHandler) -> bytes | None:
    """The content up to its final dot; None when the connection ended before."""
    lines = []
    while line := peer.rfile.readline(LINE):
        if line == b".\r\n":
            return b"".join(lines)
        lines.append(line.removeprefix(b"."))
    return None

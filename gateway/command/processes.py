"""A node of several processes: whoever was started forks them, and sees to it that they run (docs/adr/0029).

It holds what they have (state folder, listening sockets, tallies), has no thread and no event loop, and serves
nothing. A process that ends is forked again, after a pause that grows; one that gives no sign of life for a
while is killed. SIGTERM and SIGINT end them all; SIGHUP goes to the first, which reads the people file, and to the
others when it is done. When this process is killed, the others notice and end.

Diagnostics: PROCESS_ENDED with the exit status and when the next one starts, PROCESS_SILENT.
"""

import os
import selectors
import signal
import socket
import time
from collections.abc import Iterable
from contextlib import suppress

import structlog

from config.log_events import LogEvent
from config.policies import TenantPolicies
from config.policy import ConfigError
from config.settings import Settings
from gateway import log
from gateway.command.lifeline import READY, Lifeline
from gateway.command.systemd import Systemd, sockets
from gateway.from_settings import handed_to
from gateway.start.claims import Claims
from gateway.start.policies_in_force import load_policies
from gateway.start.seat import Seat, named, shared, vacate
from gateway.start.sockets import Sockets
from storage.tally import Tallies

PAUSES = (0.5, 2.0, 10.0, 60.0)
"""Seconds before a process is forked again, when one end soon follows the other."""
STEADY = 60.0
"""Seconds after which a process has proved itself: its end is the first again."""
SILENCE = 60.0
"""Seconds without a sign of life after which a process is killed; ten times what lies between two of them."""
ENDING = 40.0
"""Seconds that all get to end by themselves."""
LOOK = 1.0
_HEARD = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD)


class _Place:
    """One process after the other, under one number."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.pid = 0
        self.line: socket.socket | None = None
        self.served = False
        """Whether there was one before."""
        self.ready = False
        self.sockets: Sockets | None = None
        """Held for whoever comes next, so that who waits there is not turned away; None: others take its share."""
        self.ends = 0
        """How many ends soon followed each other."""
        self.began = self.heard = 0.0
        self.due = 0.0
        """When the next one is forked (monotonic), while none runs."""


class Processes:
    """`run` answers, in each process that was forked, its seat and its line; in this one, at the end, an exit status."""

    def __init__(self, settings: Settings, policy: TenantPolicies, number: int) -> None:
        """Raises ConfigError when folder or ports cannot be had; nothing is forked before both are."""
        self._settings = settings
        self._policy = policy
        self._places = [_Place(each) for each in range(number)]
        self._systemd = Systemd.of_environment()
        self._claims = Claims(settings)
        self._claims.take_folder()
        self._sockets = Sockets(settings, handed_to(settings.listeners, sockets()), several=True)
        self._places[0].sockets = self._sockets
        self._tallies = shared(settings.limits, number)
        self._reading: set[int] = set()
        """Numbers of those that read everything again."""
        self._started = self._stopping = False
        self._asked = 0.0
        """When the end was asked for."""
        self._status = 0
        self._told = 0.0

    def run(self) -> int | tuple[Seat, Lifeline]:
        log.configure(self._settings.log_level, node=self._settings.node, writer=log.Unthreaded())
        self._bell, bell = socket.socketpair()
        for end in (self._bell, bell):
            end.setblocking(False)
        for number in _HEARD:
            signal.signal(number, lambda number, frame: None)
        signal.set_wakeup_fd(bell.fileno(), warn_on_full_buffer=False)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._bell, selectors.EVENT_READ)
        while not (self._stopping and not any(place.pid for place in self._places)):
            for place in self._waiting():
                if seat := self._fork(place):
                    return seat
            for key, _ in self._selector.select(LOOK):
                if key.data is None:
                    self._signals()
                else:
                    self._hear(key.data)
            self._look()
        return self._status

    def _waiting(self) -> Iterable[_Place]:
        """Places whose process shall be forked now. The others wait for the first, which makes what they all need."""
        if self._stopping:
            return
        for place in self._places:
            if not place.pid and place.due <= time.monotonic():
                yield place
            if not self._started and not place.ready:
                return

    def _fork(self, place: _Place) -> tuple[Seat, Lifeline] | None:
        """None in this process."""
        if place.sockets is None:
            place.sockets = next(each.sockets for each in self._places if each.sockets is not None).beside()
        ours, theirs = socket.socketpair()
        place.began = place.heard = time.monotonic()
        place.pid = os.fork()
        if place.pid:
            theirs.close()
            place.line = ours
            self._selector.register(ours, selectors.EVENT_READ, place)
            return None
        signal.set_wakeup_fd(-1)
        for number in _HEARD:  # until there is a loop that hears them
            signal.signal(number, signal.SIG_IGN if number == signal.SIGHUP else signal.SIG_DFL)
        self._selector.close()
        for each in (self._bell, ours, *(other.line for other in self._places if other.line)):
            each.close()
        for other in self._places:
            if other is not place and other.sockets:
                other.sockets.leave()
        return self._seat(place), Lifeline(theirs)

    def _seat(self, place: _Place) -> Seat:
        return Seat(
            place.number,
            len(self._places),
            claims=self._claims.of(named(self._settings.node, place.number)),
            sockets=place.sockets,
            tallies=Tallies(self._tallies, place.number, len(self._places)),
            policy=self._policy,
            again=place.served,
        )

    def _signals(self) -> None:
        with suppress(BlockingIOError):
            for number in self._bell.recv(512):
                if number in (signal.SIGTERM, signal.SIGINT):
                    self._stop()
                elif number == signal.SIGHUP and not self._stopping:
                    self._reload()

    def _hear(self, place: _Place) -> None:
        assert place.line is not None
        try:
            letters = place.line.recv(512)
        except OSError:
            letters = b""
        if not letters:  # it has ended, or will be found silent
            self._selector.unregister(place.line)
            place.line.close()
            place.line = None
            return
        place.heard = time.monotonic()
        if READY in letters:
            self._is_ready(place)

    def _is_ready(self, place: _Place) -> None:
        if not place.ready:
            place.ready = place.served = True
            if not self._started and all(each.ready for each in self._places):
                self._started = True
                self._systemd.ready()
        elif place.number in self._reading:
            self._has_read(place)

    def _look(self) -> None:
        """What time brings: ends to be collected, silence, systemd's patience."""
        now = time.monotonic()
        for place in self._places:
            if not place.pid:
                continue
            pid, status = os.waitpid(place.pid, os.WNOHANG)
            if pid:
                self._ended(place, os.waitstatus_to_exitcode(status), now)
            elif self._stopping and now - self._asked > ENDING:
                os.kill(place.pid, signal.SIGKILL)
            elif place.ready and now - place.heard > SILENCE:
                structlog.get_logger().error(LogEvent.PROCESS_SILENT, process=self._name(place))
                os.kill(place.pid, signal.SIGKILL)
        if self._systemd.watchdog and now - self._told > self._systemd.watchdog / 2:
            self._told = now
            self._systemd.alive()

    def _ended(self, place: _Place, status: int, now: float) -> None:
        place.pid, place.ready = 0, False
        vacate(self._tallies, place.number)
        self._has_read(place)
        if self._stopping:
            return
        if not self._started:  # what keeps the first from starting keeps all: said already
            self._status = status if status > 0 else 1
            self._stop()
            return
        place.ends = 1 if now - place.began > STEADY else place.ends + 1
        pause = PAUSES[min(place.ends, len(PAUSES)) - 1]
        place.due = now + pause
        if place.ends > 1 and place.sockets and any(each.ready for each in self._places):
            place.sockets.leave()
            place.sockets = None
        structlog.get_logger().error(
            LogEvent.PROCESS_ENDED, process=self._name(place), status=status, again_in=pause
        )

    def _stop(self) -> None:
        if not self._stopping:
            self._stopping, self._asked = True, time.monotonic()
            for place in self._places:
                if place.sockets:
                    place.sockets.leave()
            self._sockets.close()
            self._systemd.stopping()
            for place in self._places:
                self._signal(place, signal.SIGTERM)

    def _reload(self) -> None:
        """The policy for those that are forked later, too; what is wrong with it the first one says."""
        self._systemd.reloading()
        with suppress(ConfigError):
            self._policy = load_policies(self._settings)
        first, *others = self._places
        for place in (first,) if first.ready else others:
            self._read_again(place)

    def _read_again(self, place: _Place) -> None:
        if place.ready:
            self._reading.add(place.number)
            self._signal(place, signal.SIGHUP)

    def _has_read(self, place: _Place) -> None:
        if place.number in self._reading and place.number == 0:
            for other in self._places[1:]:
                self._read_again(other)
        self._reading.discard(place.number)
        if not self._reading and self._started and not self._stopping:
            self._systemd.ready()

    def _signal(self, place: _Place, number: signal.Signals) -> None:
        if place.pid:
            os.kill(place.pid, number)  # not collected yet: the id cannot be somebody else's

    def _name(self, place: _Place) -> str:
        return named(self._settings.node, place.number)

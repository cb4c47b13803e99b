"""How much a client may ask of us: the counters that all listeners share (the numbers: config/settings.py).

Time comes in as an argument (seconds of a monotonic clock), so that everything here is an example table away
from a test. The tables that grow with the number of clients are bounded.

Sources: RFC 5321 §4.5.3; Postfix' stress-adaptive behaviour and anvil; the numbers are the project's own.
"""

from config.settings import LimitsSection
from mail.networks import Networks, client_key
from mail.reply import Reply
from storage.tally import Tallies

PRESENT, ARRIVALS = "connections", "arrivals"
"""The tallies of who is inside (counted by process) and of how many more may come (two numbers)."""
EVERYBODY = ""

TOO_MANY = Reply(421, "Too many connections, please try again later", 3, 2)
TOO_FAST = Reply(421, "Too many new connections, please try again later", 7, 0)


def stressed(limits: LimitsSection) -> LimitsSection:
    """What an overloaded gateway makes of its limits."""
    return limits.model_copy(update={"idle": min(limits.idle, 10.0), "errors": 1, "junk": 1})


def content_deadline(limits: LimitsSection, started: float, received: int) -> float:
    """The time by which more than `received` bytes of content must have come: after the grace, `rate` on average."""
    return started + max(limits.grace, received / limits.rate)


def connections_for(descriptors: int, configured: int) -> int:
    """How many connections fit into the process's limit of open files.

    A connection may need three: its socket, its draft, and the one to the next hop; 64 stay for the rest. `descriptors`
    are those that nobody else has a right to.
    """
    return max(1, min(configured, (descriptors - 64) // 3))


class Admission:
    """Who is inside, and who may come in. One object for all listeners of a process; the numbers hold for all
    processes of a node."""

    def __init__(self, limits: LimitsSection, reserved: int = 0, tallies: Tallies | None = None) -> None:
        """`reserved`: descriptors of the process that belong to others (the console's connections)."""
        self.limits = limits
        self._reserved = reserved
        self.trusted = Networks(limits.trusted)
        """Exempt from everything that counts per address."""
        self._stressed_limits = stressed(limits)
        self._tallies = tallies or Tallies()
        self._present = self._tallies.of(PRESENT)
        self._arrivals = self._tallies.of(ARRIVALS)
        self.inside = 0
        """How many there were when somebody of this process last came or went."""

    def fit(self, descriptors: int) -> bool:
        """Lower the number of connections to what so many descriptors of the process allow. True when it was lowered."""
        connections = connections_for(descriptors - self._reserved, self.limits.connections)
        lowered = connections < self.limits.connections
        self.limits = self.limits.model_copy(update={"connections": connections})
        self._stressed_limits = stressed(self.limits)
        return lowered

    @property
    def stressed(self) -> bool:
        return self.inside > self.limits.stress * self.limits.connections

    def current(self) -> LimitsSection:
        """The numbers that apply now."""
        return self._stressed_limits if self.stressed else self.limits

    def enter(self) -> Reply | None:
        """A connection came: None lets it in (and `leave` must follow), else the goodbye."""
        return None if self._let_in(EVERYBODY, self.limits.connections) else TOO_MANY

    def identify(self, address: str, now: float) -> Reply | None:
        """The address of a connection that is inside is known: None, or the goodbye.

        Must be followed by `leave(address)` when it returned None, else by `leave("")`.
        """
        if address in self.trusted:
            return None
        key = client_key(address)
        if not self._let_in(key, self.limits.connections_per_address):
            return TOO_MANY
        if not self._take_token(key, now):
            self._let_out(key)
            return TOO_FAST
        return None

    def leave(self, address: str) -> None:
        """A connection is gone; `address` is "" when it was never identified."""
        self._let_out(EVERYBODY)
        if address and address not in self.trusted:
            self._let_out(client_key(address))

    def _let_in(self, key: str, most: int) -> bool:
        with self._present:
            counts = self._present.get(key)
            if sum(counts or ()) >= most:
                return False
            self._keep(key, self._tallies.added(counts, 1))
        return True

    def _let_out(self, key: str) -> None:
        with self._present:
            self._keep(key, self._tallies.added(self._present.get(key), -1))

    def _keep(self, key: str, counts: tuple[float, ...]) -> None:
        if key == EVERYBODY:
            self.inside = round(sum(counts))
        if any(counts):
            self._present.set(key, counts)
        else:
            self._present.drop(key)

    def _take_token(self, key: str, now: float) -> bool:
        """A token bucket: `new_per_second` on average, `new_burst` at once."""
        with self._arrivals:
            tokens, last = self._arrivals.get(key) or (float(self.limits.new_burst), now)
            tokens = min(self.limits.new_burst, tokens + (now - last) * self.limits.new_per_second)
            allowed = tokens >= 1
            self._arrivals.set(key, (tokens - 1 if allowed else tokens, now))
        return allowed


class Quiet:
    """Lets one message of a kind through per `interval` seconds and counts the others.

    A process without free descriptors reports every failed accept, thousands per second.
    """

    def __init__(self, interval: float = 10.0) -> None:
        self._interval = interval
        self._last: float | None = None
        self._silenced = 0

    def __call__(self, now: float) -> int | None:
        """None: say nothing. Else: speak, and say how many were silenced since the last time."""
        if self._last is not None and now - self._last < self._interval:
            self._silenced += 1
            return None
        self._last = now
        silenced, self._silenced = self._silenced, 0
        return silenced

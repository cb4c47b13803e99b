"""Settings of the dispatcher."""

import msgspec


class Dispatch(msgspec.Struct, frozen=True):
    """Settings of the dispatcher.

    in_hand      items that are leased at a time; `concurrency` of them are delivered, `per_hop` to one next hop. A quarter
                 is for mail that leaves at once: it does not wait behind ten thousand that a slow next hop keeps here
    lease        seconds; `margin`: a delivery ends this much before its lease
    poll         seconds after which it looks for work that nobody announced (other nodes)
    cool         seconds for which a next hop that cannot be reached is left alone
    poison       leases in a row that ended without an outcome: then wait as after a failure
    """

    in_hand: int = 200
    concurrency: int = 50
    per_hop: int = 10
    lease: float = 900.0
    margin: float = 30.0
    poll: float = 5.0
    cool: float = 30.0
    poison: int = 3

    @property
    def kept(self) -> int:
        """How many of those in hand are for mail that leaves at once."""
        return self.in_hand // 4

    def share(self, processes: int) -> "Dispatch":
        """Those of each of so many processes."""
        numbers = {name: getattr(self, name) for name in ("in_hand", "concurrency", "per_hop")}
        return msgspec.structs.replace(self, **{k: max(1, n // processes) for k, n in numbers.items()})

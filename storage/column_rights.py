"""What the house, and who delivers, may do beyond one tenant (docs/adr/0021): table by table and right by right, the columns; ()
for whole rows.

A test runs the statements of both with no right but these, and asks of each right which statement needs it.
"""

from collections.abc import Mapping

Rights = Mapping[str, Mapping[str, tuple[str, ...]]]

HOUSE_MAY: Rights = {
    "console_codes": {"DELETE": (), "SELECT": ()},
    "console_sessions": {"DELETE": (), "SELECT": (), "UPDATE": ("seen_at",)},
    "content": {"SELECT": ("key",)},
    "day_key": {"SELECT": ()},
    "delegation": {"SELECT": ()},
    "device": {"SELECT": ("tenant", "whole")},
    "digests": {"DELETE": (), "SELECT": ("tenant", "person", "slot")},
    "flood_stranger": {"DELETE": (), "SELECT": ("at",)},
    "item": {
        "SELECT": (
            "id",
            "mail_id",
            "tenant",
            "direction",
            "state",
            "owner",
            "accepted_at",
            "queued_at",
            "due_at",
            "waits",
            "holds",
            "approvals",
            "reverse_path",
            "blob",
            "original",
            "secret",
            "ended",
            "ended_at",
            "erased_at",
            "kept_as",
        ),
        "UPDATE": ("indexed",),
    },
    "journal": {"DELETE": (), "SELECT": ()},
    "journal_checkpoint": {"DELETE": (), "SELECT": (), "UPDATE": ("mark",)},
    "journal_head": {"SELECT": ()},
    "journal_tombstone": {"SELECT": ("node", "seq", "hash", "at", "mark"), "UPDATE": ("mark",)},
    "known_networks": {"DELETE": (), "SELECT": ("seen_at",)},
    "legal_hold": {"DELETE": (), "SELECT": ()},
    "let_go": {"SELECT": ()},
    "listed_alert": {"DELETE": (), "SELECT": ("at",)},
    "listings": {"SELECT": ()},
    "partner_passphrases": {"SELECT": ("id", "tenant", "sealed", "valid_until", "key")},
    "people": {"SELECT": ()},
    "people_addresses": {"DELETE": (), "SELECT": ()},
    "picture": {"SELECT": ()},
    "recipient": {"SELECT": ("item", "status", "at", "mailbox", "tenant", "cause", "hop")},
    "second_factor": {"SELECT": ("tenant", "login", "sealed")},
    "rehearsal_ground": {"SELECT": ("tenant", "name", "sealed")},
    "release_requests": {"SELECT": ()},
    "remembered": {"DELETE": (), "SELECT": ("tenant", "kind", "seen_at")},
    "report": {"SELECT": ("id", "blob", "state")},
    "sent_locked": {"DELETE": (), "SELECT": ("at",)},
    "stuck": {"SELECT": ()},
    "suspension": {"SELECT": ()},
    "wait": {"SELECT": ()},
}
"""Rounds, housekeeping, logins and figures. `item.indexed`: who locks a row must be allowed to change something in it."""
DELIVERY_MAY: Rights = {
    "item": {
        "SELECT": ("id", "tenant", "state", "due_at", "waits", "node", "upstream"),
        "UPDATE": ("indexed",),
    },
    "recipient": {"SELECT": ("item", "address", "status", "tenant")},
    "suspension": {"SELECT": ("tenant",)},
}
"""Whose mail waits, since when, and for which domain: an address, as a route may be one of an address. Not from whom, nor what."""

"""What the journal notes: the events of items (quarantine/item.py) and those that change no item, a sentence each.

The names stand in the journals of years ago, and in their chains: none is ever changed, and what nobody writes any
more stays here for those who read.
"""

from collections.abc import Iterable
from enum import StrEnum

from quarantine.item import Event


class JournalEvent(StrEnum):
    """An event that changes no item, by the name under which it stands in the journal."""

    meaning: str

    def __new__(cls, name: str, meaning: str) -> "JournalEvent":
        member = str.__new__(cls, name)
        member._value_ = name
        member.meaning = meaning
        return member

    # fmt: off
    HAND_OVER = ("hand_over",
        "An arriving mail is about to be handed over in line, with what was found in it; it is no item. What came of it"
        " stands behind: `pass`, `next_hop_refused` or `outcome_unknown`.")
    PASS = ("pass", "The next hop took an arriving mail that was handed over in line.")
    OUTCOME_UNKNOWN = ("outcome_unknown",
        "The connection to the next hop or the node was lost in the middle of a hand-over: the mail may have been"
        " delivered, and its client sends it again.")
    REFUSE = ("refuse", "A rule refused a mail in the session; nothing of it is kept.")
    NEXT_HOP_REFUSED = ("next_hop_refused", "The next hop refused an arriving mail in line; the client heard that.")
    MAYBE_DELIVERED = ("maybe_delivered",
        "The connection to the next hop was lost when it may have taken the mail already; it is tried again.")
    MISSING_BLOB = ("missing_blob", "At a start: the content of an item is not there.")
    ORPHAN_BLOB = ("orphan_blob", "At a start: a content belongs to no item. It is kept for [retention] `orphan_days`.")
    LOOK = ("look", "Somebody opened the content of a mail that is not their own, or a report of one.")
    EVIDENCE = ("evidence", "On the host, somebody had what is kept about a mail put into a signed file; why, and whether its"
        " `contents` went with it, stands there.")
    FILE_SHOWN = ("file_shown", "The text of a file was shown to the sender of a mail that waits for their look.")
    PASSPHRASE_SHOWN = ("passphrase_shown", "A sender was shown the passphrase of a mail's attachments.")
    REQUEST = ("request", "A recipient asked for a held mail.")
    PASSWORD_WRONG = ("password_wrong", "A recipient typed a password that does not open the file of a held mail.")
    REPORT = ("report", "A person reported a mail.")
    REPORT_WITHDRAWN = ("report_withdrawn", "A person took a report back.")
    REPORT_CLOSED = ("report_closed", "An administrator decided a report; the verdict and what was done stand there.")
    ALERT = ("alert", "Those who may have such a mail in their mailboxes were written to.")
    LISTING_ADDED = ("listing_added", "An entry was put on an allow or a block list.")
    LISTING_REMOVED = ("listing_removed", "An entry was taken off an allow or a block list.")
    PASSPHRASE_ADDED = ("passphrase_added", "A passphrase agreed with a partner was written down.")
    PASSPHRASE_REMOVED = ("passphrase_removed", "A passphrase agreed with a partner was removed.")
    POLICY_VERSION = ("policy_version",
        "A policy was kept as a version: its number, the SHA-256 of its text, the name that stands in verdicts, who wrote"
        " it. `agreed_by_author`: new exceptions to which the author is said to have agreed.")
    DEVICE_ADDED = ("device_added", "A credential was made for a device of a person; its name, networks and certificate stand there.")
    DEVICE_REVOKED = ("device_revoked", "The credential of a device was revoked.")
    DELEGATED = ("delegated",
        "Somebody may act for another, or in a shared mailbox: with which actions, and until when, stands there.")
    DELEGATION_ENDED = ("delegation_ended", "A delegation was ended before its time.")
    ERASED = ("erased",
        "The keys of a mail that had ended were destroyed, then its contents deleted: nobody can read them any more, in no"
        " copy. `ended`: how it had ended. `kind`: what else it was: a `report`, a `passphrase` of the vault, an `orphan`.")
    LEGAL_HOLD = ("legal_hold", "Somebody said that contents are not to be erased: whose, or of which mail, and why, stands there."
        " `added`: names that whom it names has got since.")
    LEGAL_HOLD_ENDED = ("legal_hold_ended", "A legal hold was ended: what it kept is erased in its time.")
    JOURNAL_EXPIRED = ("journal_expired",
        "The chain loses its beginning, entries older than `before`, up to the entry `seq` with `hash`.")
    BACKED_UP = ("backed_up", "A backup was made: its id, its place, and how many bytes of it were new.")
    BACKUP_LATE = ("backup_late", "The last backup is older than `backup.alert_hours`, or there is none; the postmaster was written to.")
    RESTORED = ("restored",
        "A backup was put back (`backup`), or what had left since was looked up for the database that was there. How many"
        " mails went on, were known to have left, are held, and are in no backup (`lost`).")
    LOST = ("lost", "A mail that was accepted after the backup which was restored: it is in no backup, and did not leave.")
    TENANT_SUSPENDED = ("tenant_suspended", "The organisation was suspended: nothing of its mail comes or goes; why stands there.")
    TENANT_RESUMED = ("tenant_resumed", "The suspension was ended that had stood `since` then; its mail goes on.")
    LOGIN = ("login",
        "Somebody logged in to the console; `once`: with a one-time code; `half`: a second factor is asked of them yet.")
    PROVED = ("proved",
        "Somebody showed again who they are, `by` a code or the `password`, before something that asks for it.")
    SESSIONS_ENDED = ("sessions_ended",
        "A person ended a session of theirs elsewhere, or all of them (`all`), with the devices and networks known of them.")
    SECOND_FACTOR_SHOWN = ("second_factor_shown",
        "Who had given a password showed a second factor, `by` an authenticator's code (`totp`) or a `recovery` code.")
    SECOND_FACTOR_WRONG = ("second_factor_wrong", "Who knew the password showed a code that was wrong, or used before.")
    SECOND_FACTOR_SET = ("second_factor_set", "A person set up a second factor; all their other sessions ended.")
    SECOND_FACTOR_REMOVED = ("second_factor_removed",
        "A second factor was taken away, by the person or, as it was lost, by somebody for the `login` that stands there.")
    RECOVERY_CODES = ("recovery_codes", "A person was shown new recovery codes; those from before open nothing.")
    LOGIN_CODE = ("login_code", "An operator made a one-time code for an account, on the command line.")
    INVITED = ("invited", "An administrator sent a person (`login`) a letter with a one-time code.")
    PASSWORD_SET = ("password_set", "A person set a new password.")
    # fmt: on


MEANINGS = {
    Event.ACCEPT: "A mail came into our custody; the entry says why it waits, when it does.",
    Event.RECALL: "The sender took a mail back before it left.",
    Event.DROP: "The sender took back single recipients of a mail before it left for them; `recipients` says whom.",
    Event.STOP: "The sender paused a mail: it waits until somebody acts.",
    Event.RESUME: "The sender let a paused mail go on; the full delay starts again.",
    Event.SEND_NOW: "The sender ended the delay.",
    Event.CONFIRM: "The sender looked through a mail; what they ticked stands there.",
    Event.APPROVE: "An approver agreed to the mail whose SHA-256 stands there, and to its recipients (`bound`); `for`: in whose"
    " place; `directory`: the revision of each source of people by which that was decided.",
    Event.DENY: "An approver did not agree; the mail does not leave.",
    Event.ASK_NEXT: "Nobody could give the word that was asked (`instead_of`); `approvals` says who is asked instead.",
    Event.EXCLUDE: "The sender left somebody out of those who are asked, as the policy allows.",
    Event.RELEASE: "An administrator let a held mail go.",
    Event.DISCARD: "An administrator ended a mail undelivered.",
    Event.EXAMINE: "A held mail was examined again with the password that a recipient typed.",
    Event.FIND: "In its pictures something was read while a mail was held (`rules`): others decide (`approvals`, holds).",
    Event.SCAN: "Nobody had looked for viruses in a mail that leaves; the scanner has since (`found`: what it found).",
    Event.DUE: "The delay was over, and nothing else held the mail.",
    Event.LEASE: "A node began to deliver; `token` tells this attempt from later ones.",
    Event.FINISH: "An attempt ended; `outcomes` has each recipient's status and the next hop's reply and,"
    " of mail that waits, the cause and the next hop.",
    Event.LAPSE: "A node began to deliver and said nothing more in time; the mail is due again.",
    Event.RETRY: "Somebody had a queued mail tried now instead of later; what it waited for before stands there.",
    Event.EXPIRE: "A mail had been held for so long that it ended undelivered.",
    Event.ELAPSE: "Nobody had done anything about a held mail for so long that it left, as the policy says.",
    Event.RESTORE: "The mail came back with a backup. What is known of it since stands there; where that is not enough it is"
    " held (`restored`), as it may have left, been taken back or changed.",
    Event.ESCALATE: "Nobody else would have done anything about a held mail: an administrator decides; `hold` says why.",
}
"""The events of items."""


def markdown() -> str:
    """The half of docs/events.md about the journal."""
    return "\n".join(
        [
            "### What happens to an item",
            "",
            *_listed((event.value, MEANINGS[event]) for event in Event),
            "",
            "### Everything else",
            "",
            *_listed((event.value, event.meaning) for event in sorted(JournalEvent)),
            "",
        ]
    )


def _listed(rows: Iterable[tuple[str, str]]) -> list[str]:
    return [f"- `{name}` {meaning}" for name, meaning in rows]

"""What `examine` is told besides the bytes: everything that takes I/O to find out, gathered beforehand."""

import msgspec

from config.policy import Organisation
from filters.listing import Listing
from mail.address import without_tag
from mail.envelope import Envelope


class Origin(msgspec.Struct, frozen=True):
    """Who handed the mail to us. `login` is the account name, "" for an unauthenticated peer; `certificate` what a client
    certificate of theirs says, once it was checked: "sha256:…", and names of hosts. `upstream` is the relay listener whose
    word for the login we took."""

    listener: str
    peer: str
    helo: str = ""
    tls: str = ""
    login: str = ""
    tenant: str = "default"
    certificate: tuple[str, ...] = ()
    upstream: str = ""


class SignatureResult(msgspec.Struct, frozen=True):
    """How one DKIM signature fared: an RFC 8601 word, domain and selector, and why, for operators."""

    word: str
    domain: str = ""
    selector: str = ""
    reason: str = ""


class Authentication(msgspec.Struct, frozen=True):
    """Results of our own SPF, DKIM, DMARC and ARC checks (RFC 8601 result words; "" = not checked).

    spf_domain     whom SPF was asked about; `spf_helo` when that was the HELO name (null reverse-path)
    dkim           one word for all `signatures`; `dkim_domains` are the domains of those that verified
    dmarc_policy   what the author's domain asks for mail that fails: "none", "quarantine" or "reject"
    arc            "none", "pass" or "fail", and "" where the DNS did not say
    client         the address that was judged, if it is not the peer's: the mail came through trusted hops
    believed       the authserv-id of a trusted hop whose results we adopted, "" if all checks are our own
    forwarder      the trusted sealer whose intact ARC chain says that the mail was authentic when it got there;
                   DMARC may have failed since
    reserved       trusted names under which nobody may have written Authentication-Results in this mail
    """

    spf: str = ""
    spf_domain: str = ""
    dkim: str = ""
    dkim_domains: tuple[str, ...] = ()
    dmarc: str = ""
    dmarc_policy: str = ""
    arc: str = ""
    spf_helo: bool = False
    signatures: tuple[SignatureResult, ...] = ()
    client: str = ""
    believed: str = ""
    forwarder: str = ""
    reserved: tuple[str, ...] = ()


class VirusScan(msgspec.Struct, frozen=True):
    """What the virus scanner said of a mail, as it came and of what it cannot open itself (gateway/scan).

    names    of what it found
    lack     why nobody can say that it holds no virus (gateway.scan.clamd.ScanLack), "" when all of it was looked at
    detail   the same for operators
    """

    names: tuple[str, ...] = ()
    lack: str = ""
    detail: str = ""

    def __or__(self, other: "VirusScan") -> "VirusScan":
        names = tuple(dict.fromkeys((*self.names, *other.names)))
        return VirusScan(names, self.lack or other.lack, self.detail or other.detail)

    @property
    def clean(self) -> bool:
        """True when somebody looked at all of it and found nothing."""
        return not self.names and not self.lack


class Person(msgspec.Struct, frozen=True):
    """One of our own people, as far as rules and the policy's groups need to know.

    names        all they are called: in each language, and in kana
    leaving      their last day (ISO date), "" when none is known
    attributes   what else the directory says of them
    manager      login of the one to whom they report
    """

    login: str
    name: str = ""
    addresses: tuple[str, ...] = ()
    department: str = ""
    language: str = Organisation().language
    roles: tuple[str, ...] = ()
    leaving: str = ""
    attributes: dict[str, str] = {}
    names: tuple[str, ...] = ()
    manager: str = ""


class Acquaintance(msgspec.Struct, frozen=True):
    """What the house remembers of an address, or of a domain, to which mail left (directory/past_mail.py).

    mine     how often the sender wrote there: a mail of today counts 1, an older one less
    ours     how often all of us did
    writers  how many of us did
    names    of an address: by which names it was called, as filters.reading.greeting.plain makes them; of a domain: the
             companies. The most frequent first
    beside   of a domain: domains that stood in one mail with it
    """

    mine: float = 0.0
    ours: float = 0.0
    writers: int = 0
    names: tuple[str, ...] = ()
    beside: frozenset[str] = frozenset()


class Thread(msgspec.Struct, frozen=True):
    """The mail that this one answers, as the house remembers it. `warned`: people were warned of it."""

    people: frozenset[str] = frozenset()
    author: str = ""
    reply_to: str = ""
    warned: bool = False


class Acquaintances(msgspec.Struct, frozen=True):
    """What the house remembers that concerns the recipients of one mail; everything in lower case, addresses without tags.

    addresses  external recipients, and whoever is among `namesakes`; what is missing was never written to
    domains    those of the external recipients, and those that are among `alike`
    alike      recipient's domain -> known domains that look like it, the most written to first
    namesakes  recipient -> other addresses of people with the same surname, the most written to first
    stood      for each mail that passed here and that this one answers, whose addresses everybody could read in it
    """

    addresses: dict[str, Acquaintance] = {}
    domains: dict[str, Acquaintance] = {}
    alike: dict[str, tuple[str, ...]] = {}
    namesakes: dict[str, tuple[str, ...]] = {}
    thread: Thread | None = None
    stood: tuple[frozenset[str], ...] = ()

    def of(self, address: str) -> Acquaintance:
        """Of an address, whatever its tag is (RFC 5233)."""
        return self.addresses.get(without_tag(address), STRANGER)

    def at(self, domain: str) -> Acquaintance:
        return self.domains.get(domain, STRANGER)


STRANGER = Acquaintance()
"""Of whom nothing is known."""


class SentLocked(msgspec.Struct, frozen=True):
    """A locked file that the sender sent to an address (lower case) lately, `at` UTC seconds."""

    name: str
    address: str
    at: float = 0.0


class Secrets(msgspec.Struct, frozen=True):
    """The facts that an examination is told only when it needs them; the fields are those of Facts."""

    passphrases: dict[str, str] = {}
    passphrase_scopes: dict[str, str] = {}
    fresh_passphrase: str = ""
    typed: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return "Secrets()"


ENCRYPT, LOCKED_FILE = "encrypt", "locked_file"
"""What secrets are needed for: to encrypt files, to open one that is locked."""


class Facts(msgspec.Struct, frozen=True):
    """Facts about one mail.

    direction         "outbound" or "inbound"
    sender            our person who submits the mail (outbound), else None
    known             addresses among author, Reply-To and recipients that one of us has written to before
    familiar          authors who have sent clean mail before, including those known
    learning          True while we have not learned correspondents long enough to call anybody unknown
    passphrases       recipient address -> passphrase agreed beforehand (from the vault)
    passphrase_scopes recipient address -> where it was found: "address" or "domain"
    fresh_passphrase  a newly generated passphrase, used for recipients that have none agreed
    authserv_id       the name under which we write Authentication-Results (RFC 8601); nobody else may use it
    languages         recipient address -> language of our person; the organisation's when absent
    listed            entries of the allow and block lists that match this mail
    typed             passwords that a recipient typed for the files in this mail
    released          id of the mail with this same content that an administrator released, "" = none
    mail_id           our id of this mail, part of the address of pages about it
    console           where our people reach the console (URL without trailing slash), "" = not to be shown
    memory            what the house remembers of those who get the mail (outbound); None: nothing was asked
    alike             domain of an author or of Reply-To to which nobody wrote -> domains of ours, partners' and of those to
                      whom we write that look like it (inbound)
    habits            of the author: aspect (filters/reading/habits.py) -> what their mail showed -> how often of late (inbound)
    flooded           recipients to whom many strangers wrote within minutes -> how many (inbound)
    sent              Message-ID (in brackets) that stands in this mail -> our mail that had it (inbound)
    superiors         addresses of the sender's superiors; only where the policy's rules ask
    colleagues        recipient address -> our person behind it; only where the policy's groups ask
    file              number of the file that is shown to people (filters/reading/shown.py), -1 for none
    locked_lately     locked files that the sender sent in the last days (outbound)
    pages             pages and pictures of text whose words are read (filters/extract/ocr.py), for `page_seconds` each;
                      0: none
    apart             whether files that a virus scanner may not find in the mail by itself are handed out (Examined.apart)
    scan              what the virus scanner said; None: nobody was asked
    private           recipients that are private addresses of our people
    now               UTC seconds since the epoch (time is an argument)
    day               the date where the organisation is (ISO), "" when it is not known
    working           whether it is within business hours there
    opens             UTC seconds: when they begin next, now when it is within them
    """

    direction: str
    origin: Origin
    envelope: Envelope
    authentication: Authentication = Authentication()
    sender: Person | None = None
    known: frozenset[str] = frozenset()
    familiar: frozenset[str] = frozenset()
    learning: bool = False
    passphrases: dict[str, str] = {}
    passphrase_scopes: dict[str, str] = {}
    fresh_passphrase: str = ""
    authserv_id: str = ""
    languages: dict[str, str] = {}
    listed: tuple[Listing, ...] = ()
    typed: tuple[str, ...] = ()
    released: str = ""
    mail_id: str = ""
    console: str = ""
    memory: Acquaintances | None = None
    alike: dict[str, tuple[str, ...]] = {}
    habits: dict[str, dict[str, float]] = {}
    flooded: dict[str, int] = {}
    sent: dict[str, Thread] = {}
    superiors: tuple[str, ...] = ()
    colleagues: dict[str, Person] = {}
    locked_lately: tuple[SentLocked, ...] = ()
    file: int = -1
    pages: int = 0
    page_seconds: float = 0.0
    apart: bool = False
    scan: VirusScan | None = None
    private: frozenset[str] = frozenset()
    now: float = 0.0
    day: str = ""
    working: bool = True
    opens: float = 0.0

    def passphrase(self, address: str) -> tuple[str, str]:
        """(secret, source) for one recipient: the agreed one, else the generated one; source as in Copy."""
        if address in self.passphrases:
            return self.passphrases[address], self.passphrase_scopes.get(address, "address")
        return self.fresh_passphrase, "generated" if self.fresh_passphrase else ""

    def without_secrets(self) -> "Facts":
        """What an examination is told first."""
        return self.with_secrets(Secrets())

    def with_secrets(self, secrets: Secrets) -> "Facts":
        return msgspec.structs.replace(self, **msgspec.structs.asdict(secrets))

    def secrets(self, purpose: str) -> Secrets:
        """Those that this needs: ENCRYPT or LOCKED_FILE."""
        if purpose == ENCRYPT:
            return Secrets(self.passphrases, self.passphrase_scopes, self.fresh_passphrase)
        return Secrets(self.passphrases, typed=self.typed)

    def __repr__(self) -> str:
        return f"Facts({self.direction}, {self.origin!r}, {self.envelope!r})"

"""What the log of operation tells: every event that may stand in it, for the operator who looks it up (docs/events.md).

Each member is (name, level, whose, fields, what it means, what to do). A line carries, besides its fields: `event`,
`level`, `timestamp` (UTC), `node`, and `tenant`, which is "-" for what concerns the whole node.
"""

from enum import StrEnum

NODE, TENANT = "node", "tenant"
ALWAYS = ("event", "level", "timestamp", "node", "tenant")
"""Fields of every line."""


class LogEvent(StrEnum):
    """An event by the name under which it stands in the log."""

    level: str
    """debug, info, warning, error."""
    of_node: bool
    """True when it concerns the node rather than a tenant, no matter whose mail made us notice."""
    fields: tuple[str, ...]
    """Those that a line may carry; each is there when it is known."""
    meaning: str
    action: str
    """What the operator should do; "" for nothing."""

    def __new__(
        cls, name: str, level: str, whose: str, fields: str, meaning: str, action: str = ""
    ) -> "LogEvent":
        member = str.__new__(cls, name)
        member._value_ = name
        member.level, member.of_node, member.fields = level, whose == NODE, tuple(fields.split())
        member.meaning, member.action = meaning, action
        return member

    # fmt: off
    # -- the node --------------------------------------------------------------------------------------------
    READY = ("ready", "info", NODE, "addresses",
        "The node has started; its listeners and the console are at these addresses.")
    STOPPED = ("stopped", "info", NODE, "",
        "The node has stopped; what was running has ended, or comes again.")
    PROCESS_ENDED = ("process_ended", "error", NODE, "process status again_in",
        "One of the node's processes ended (negative: by this signal) and is started again in so many seconds. What "
        "it was delivering is due again then; its connections are lost, and clients come again.",
        "If it goes on: the lines of that process before say why.")
    PROCESS_SILENT = ("process_silent", "error", NODE, "process",
        "One of the node's processes gave no sign of life for a minute; it is killed and started again.",
        "Look at the machine (memory, disk); if there is nothing, report it with the lines before.")
    PART_FAILED = ("part_failed", "error", NODE, "error",
        "A part of the node failed in a way that nobody foresaw; the node stops.",
        "Start it again, and report the error.")
    FIRST_LOGIN = ("first_login", "warning", NODE, "login file",
        "No administrator can log in yet: the file holds the address of a page and a one-time code.",
        "Open the page and set a password; the file can be deleted then.")
    LOG_DROPPED = ("log_dropped", "warning", NODE, "lines",
        "Whoever reads our log was too slow: so many lines were not written. Mail was not held up.",
        "Find out why the reader stalls; the journal is complete.")
    SYSLOG_LOST = ("syslog_lost", "error", NODE, "reason",
        "The syslog server (`log.syslog`) cannot be reached, or does not take our lines. They wait, 10,000 of them; mail does not.",
        "Look at the server and its certificate; the same lines are on standard error.")
    SYSLOG_BACK = ("syslog_back", "info", NODE, "",
        "The syslog server takes our lines again.")
    RECONCILED = ("reconciled", "info", NODE, "orphans missing",
        "Contents and items were compared at the start: contents without an item, items without their content.")
    RECLAIMED = ("reclaimed", "info", NODE, "items",
        "An earlier process of this node was delivering so many items when it ended; they are due again.")
    NAME_TAKEN = ("name_taken", "error", NODE, "holder",
        "Another process is the node of this name in the shared database. At a start: we wait for half a minute, as "
        "the database may not know yet that an earlier process is gone. Later: that process started while the "
        "database was away from us, and two nodes write one chain of the journal.",
        "Stop one of them, or give it another name (`node`).")
    CONTENT_MISSING = ("content_missing", "error", NODE, "items",
        "These items are in our custody, and their contents are not there.",
        "Restore the spool or the bucket from its backup; the items wait.")
    HOUSEKEEPING_FAILED = ("housekeeping_failed", "warning", NODE, "error",
        "The database did not take what is written every few seconds: known correspondents, ended sessions, the "
        "journal's checkpoint. It is tried again.",
        "If it goes on: look at the database.")
    KEEPER_FAILED = ("keeper_failed", "warning", NODE, "part error",
        "A round of the quarantine (digests, outcomes, ends of waiting) could not be made; it is tried again.",
        "If it goes on: look at the database.")
    FEED_READ = ("feed_read", "info", NODE, "feed entries changed wrong",
        "A list of hosts or files (`[[feeds]]`) was read: so many entries, so many of them new or gone, so many lines that "
        "are none, ours or too many.")
    FEED_KEPT = ("feed_kept", "warning", NODE, "feed error",
        "A list (`[[feeds]]`) is missing, cannot be read or is empty: what was read before stays in force.",
        "Look at what writes the file.")
    MAILBOX_FLOODED = ("mailbox_flooded", "warning", TENANT, "address count",
        "Many strangers write to one mailbox within minutes (mail bombing). Its owner and the administrators got a letter.",
        "Look with the owner whether a mail that matters is hidden among them.")
    REHEARSAL_FAILED = ("rehearsal_failed", "warning", TENANT, "mail_id error",
        "What is remembered of a mail, to try a new policy on it, could not be put down. The mail is not affected.",
        "If it goes on: report it with the error.")
    CLOCK_JUMPED = ("clock_jumped", "warning", NODE, "seconds",
        "The system's clock was moved by so many seconds. Held mail keeps to the time that really passed.",
        "Let NTP keep the clock, and restart the node when the new time is right.")
    CERTIFICATE_LOADED = ("certificate_loaded", "info", NODE, "certificate expires",
        "The listeners use this certificate from now on.")
    CERTIFICATE_EXPIRED = ("certificate_expired", "warning", NODE, "certificate",
        "The certificate's time is over; it is used all the same, as no TLS would be worse.",
        "Renew it and send SIGHUP.")
    CERTIFICATE_KEPT = ("certificate_kept", "error", NODE, "certificate error",
        "A new certificate could not be read; the one before stays in use.",
        "Mend the files (a pair that belongs together, PEM) and send SIGHUP.")
    PEOPLE_LOADED = ("people_loaded", "info", NODE, "people",
        "people.toml was read; so many people are known now.")
    PEOPLE_REFUSED = ("people_refused", "error", NODE, "problems",
        "people.toml is wrong; everybody stays as before.",
        "Mend what the problems name and send SIGHUP.")
    CONFIGURATION_DOUBTED = ("configuration_doubted", "warning", NODE, "doubts",
        "The node has started, but some things will not work for everybody, or cannot be known now: people whose mail "
        "nobody can approve, names that the DNS does not answer for.",
        "Read them; `sekisho check-config` says the same.")
    CONFIGURATION_REFUSED = ("configuration_refused", "error", NODE, "problems",
        "At SIGHUP the settings, or people and policy together, were found wrong. The node runs on as it did, but the "
        "next start would refuse.",
        "Mend what the problems name; `sekisho check-config` says the same.")
    SETTINGS_WAIT = ("settings_wait", "warning", NODE, "settings",
        "The settings file says something else of these than the node runs by: it is read at a start only.",
        "Restart the node.")
    POLICY_LOADED = ("policy_loaded", "info", NODE, "version",
        "A new policy is in force.")
    POLICY_REFUSED = ("policy_refused", "error", NODE, "problems",
        "The new policy is wrong; the one before stays in force.",
        "`sekisho check-config` says the same; mend it and send SIGHUP.")

    # -- clients ---------------------------------------------------------------------------------------------
    LISTENING = ("listening", "info", NODE, "listener address",
        "A listener takes connections.")
    CONNECTIONS_LOWERED = ("connections_lowered", "warning", NODE, "connections",
        "This process may open too few files for `limits.connections`: no more connections than this are taken.",
        "Raise the limit (LimitNOFILE, ulimit -n), or lower the setting.")
    ACCEPT_FAILED = ("accept_failed", "error", NODE, "error silenced",
        "New connections cannot be accepted; `silenced` says how often since the last such line.",
        "Raise the limit of open files, or lower `limits.connections`.")
    LISTENER_CUT = ("listener_cut", "warning", NODE, "listener connections",
        "The node stops, and so many connections had not ended in time; they were cut. Their mail comes again.")
    LISTENER_FAILED = ("listener_failed", "error", TENANT, "listener peer exception",
        "An error of ours in a connection, answered 451: the client comes again.",
        "Report the exception.")
    CONNECTED = ("connected", "debug", TENANT, "listener peer tls",
        "A client was greeted.")
    CLIENT_TOO_SLOW = ("client_too_slow", "info", TENANT, "listener peer",
        "A client kept us waiting for longer than `limits` allows, and was sent away with 421.")
    EARLY_TALKER = ("early_talker", "info", TENANT, "listener peer",
        "A client spoke before it was greeted, as only bad software does; it was sent away.")
    NOT_SMTP = ("not_smtp", "info", TENANT, "listener peer",
        "A client speaks HTTP; it was sent away.")
    UNSYNCHRONISED = ("unsynchronised", "info", TENANT, "listener peer verb",
        "A client sent more where it had to wait for our reply to `verb` (smuggled commands look like this); "
        "it was sent away.")
    TOO_MANY_ERRORS = ("too_many_errors", "info", TENANT, "listener peer",
        "A client made more errors than `limits.errors` allows, or too much small talk, and was sent away.")
    PROXY_HEADER_REFUSED = ("proxy_header_refused", "warning", TENANT, "listener peer reason",
        "A connection from `proxy_networks` did not begin with a valid PROXY header, or not in time.",
        "Let the load balancer send one, or take its address out of `proxy_networks`.")
    TLS_FAILED = ("tls_failed", "info", TENANT, "listener peer error silenced",
        "A TLS handshake did not succeed: `error` is OpenSSL's reason or how the connection ended; `silenced` says how "
        "often the same happened since the last such line. `tlsv1_alert_unknown_ca` and the like come from the client: "
        "it rejects our certificate.",
        "If the client is one of yours, let it trust the certificate; `no_shared_cipher` and `unsupported_protocol` are "
        "clients without TLS 1.2.")
    REFUSED = ("refused", "info", TENANT, "listener peer reply reason",
        "A content was refused while it came (size, forbidden octets, no space); `reply` is what the client heard.")
    NOT_RELAYED = ("not_relayed", "warning", TENANT, "listener peer reply reason",
        "A relay listener did not take a mail: its client is not the upstream, the mail is not known to be ours (a "
        "provider's mark is missing, several, or another's), its sender is nobody, or it goes in circles. `reason` "
        "says which.",
        "From the upstream's own hosts: compare its connector with docs/relay.md; from elsewhere: nothing.")
    MAIL = ("mail", "info", TENANT, "listener peer login tls size recipients reply reason heard seconds",
        "A mail was answered. `reply` is what the client heard (`heard` says whether it still listened), `reason` "
        "is for the operator only, `seconds` how long the answer took from the last octet on.")
    DRAFT_FAILED = ("draft_failed", "error", TENANT, "error kind",
        "An arriving content could not be written to the spool; the client was told to come again.",
        "Look at the disk of `state_dir`: space, permissions, errors.")
    LOGIN = ("login", "info", TENANT, "listener door peer login device",
        "Somebody has logged in, at a listener or (`door`) at the console; `device` is the credential's id, if it was one.")
    LOGIN_FAILED = ("login_failed", "warning", TENANT, "listener door peer login",
        "Wrong name or password. A name that is unknown may be a password typed into the wrong field: it is masked.",
        "Many of them from one peer: somebody guesses; block it before us.")
    LOGIN_BLOCKED = ("login_blocked", "warning", TENANT, "listener door peer login",
        "Too many failures from this peer or for this account: nothing is tried for a while, right or wrong.")
    LOGIN_ENDED = ("login_ended", "info", TENANT, "listener peer login",
        "A connection logged in with a password that was changed since, or the account was disabled: it must log in anew.")
    LOGIN_UNAVAILABLE = ("login_unavailable", "error", TENANT, "listener error",
        "A password could not be checked; the client was told to come again.",
        "Look at the database.")

    # -- examining -------------------------------------------------------------------------------------------
    SANDBOX_OFF = ("sandbox_off", "warning", NODE, "",
        "The examining processes run without walls, as `workers.sandbox` says.",
        "Take the setting away: hostile files are read there.")
    SANDBOX_WITHOUT_LANDLOCK = ("sandbox_without_landlock", "warning", NODE, "",
        "The kernel has no Landlock: the examining processes are locked up by system call filters alone.",
        "Use a kernel from 5.13 on when you can.")
    OCR_ABSENT = ("ocr_absent", "info", NODE, "lack",
        "Words in pictures and scans are not read; such files stay on record.",
        "Install the extra [ocr] and Tesseract's data for jpn and eng, or set `workers.ocr` to off.")
    WORKERS_DO_NOT_START = ("workers_do_not_start", "error", NODE, "problems",
        "No examining process can be started; mail is answered 451 until one can.",
        "Mend what the problems name (memory, processes, the sandbox).")
    ZYGOTE_LOST = ("zygote_lost", "error", NODE, "",
        "The process from which all examining processes are forked has died; the next mail starts another one.",
        "Again and again: look for the kernel's out-of-memory killer.")
    WORKER_ENDED = ("worker_ended", "debug", NODE, "pid status",
        "An examining process has ended; `status` below 0 is the signal that ended it.")
    EXAMINATION_FAILED = ("examination_failed", "warning", TENANT, "reason size again",
        "An examining process died on a mail, or took too long (`reason`). Unless it is tried again (`again`), the "
        "mail is held as `unexaminable`.",
        "Look at the held mail; if it is harmless, report what it is made of.")
    CLIENT_OVERDRAWN = ("client_overdrawn", "warning", TENANT, "peer login",
        "The mails of this client took the examining processes longer than `limits.examining_per_minute` allows; this "
        "one is answered 451, and the client may try again.",
        "Look at what it sends. If it hands on the mail of many others, name it in `limits.trusted`.")
    EXAMINATION_RAISED = ("examination_raised", "warning", TENANT, "kind where",
        "Examining a mail raised an error of this kind in our code; the mail is held as `unexaminable`.",
        "Report kind and place.")
    WORKER_ANSWERED_NONSENSE = ("worker_answered_nonsense", "error", TENANT, "what",
        "An examining process answered what it never should; it was ended and not believed. A mail may have taken "
        "it over.",
        "Keep the held mail as evidence, and report it.")
    CANARY_SILENT = ("canary_silent", "error", NODE, "path why",
        "A mail of the node's own was not judged as expected, or a next hop, a listener or the store did not answer.",
        "Look at what stands in `why`; the rules and the policy in force for mails, `sekisho doctor` for the rest.")
    CANARY_SINGS = ("canary_sings", "info", NODE, "path",
        "A path that had failed is proved again.")
    SCANNER_LOST = ("scanner_lost", "error", NODE, "lack detail",
        "The virus scanner is not there, does not answer, reports an error or has old signatures (`lack`). As the policy is "
        "shipped, arriving mail is answered 451 and leaving mail is held until it is back.",
        "Look at clamd, its log and freshclam (docs/howto/virus.md).")
    SCANNER_BACK = ("scanner_back", "info", NODE, "",
        "The virus scanner looks again. What was held because nobody had looked is scanned and goes on by itself.")
    SCANNER_BUSY = ("scanner_busy", "warning", NODE, "seconds",
        "A mail waited so long for its turn at the virus scanner that it was not scanned.",
        "Often: give clamd more threads (MaxThreads) and raise `scanner.connections`, or look for the client who sends so much.")
    SCANNED_LATER = ("scanned_later", "info", TENANT, "items",
        "So many leaving mails that nobody had scanned for viruses were scanned and went on.")
    AUTHENTICATION_TOO_SLOW = ("authentication_too_slow", "warning", TENANT, "",
        "The DNS did not answer within `dns.seconds`; SPF, DKIM or DMARC of a mail stand as `temperror`.",
        "Often: look at the resolver.")
    AUTHENTICATION_FAILED = ("authentication_failed", "error", TENANT, "kinds",
        "Checking SPF, DKIM, DMARC or ARC raised errors of these kinds; the mail counts as not authenticated.",
        "Report them.")
    ARC_SEAL_FAILED = ("arc_seal_failed", "warning", TENANT, "kind",
        "A mail could not be sealed (ARC); it went on without a seal.",
        "Often: look at the key in `[arc]`.")

    # -- custody ---------------------------------------------------------------------------------------------
    STORE_FAILED = ("store_failed", "error", TENANT, "error path",
        "The database or the blob store did not take something. A client heard 451 and comes again; in the console "
        "(`path`) the page said so.",
        "Look at the database and the bucket or disk.")
    JOURNAL_FAILED = ("journal_failed", "error", NODE, "error",
        "What came of mail that was handed over could not be written into the journal yet; it is tried again.",
        "Look at the database.")
    HEADS_NOT_CARRIED = ("heads_not_carried", "error", NODE, "sink error",
        "The heads of the journal's chains could not be carried to a place outside; the next round tries again.",
        "Look at the place: until then, a journal that is cut is not noticed by it.")
    OUTCOMES_UNKNOWN = ("outcomes_unknown", "warning", NODE, "mail_ids number",
        "An earlier process of this node stopped in the middle of handing over (`number`) mails: they may have been"
        " delivered, and their clients send them again. The journal says so too.")
    ORPHAN_LEFT = ("orphan_left", "warning", TENANT, "blob error",
        "A content of a mail that was not taken could not be removed. It harms nobody; the next start reports it.")
    LETTER_FAILED = ("letter_failed", "warning", TENANT, "report error",
        "A report was taken, and the letter of thanks for it could not be written.")
    LETTERS = ("letters", "info", NODE, "kind count",
        "So many letters of this kind were written to our people.")
    EXPIRED = ("expired", "info", NODE, "count",
        "So many arriving mails waited for `quarantine.days`, and nobody wanted them; they ended undelivered.")
    ERASED = ("erased", "info", NODE, "count",
        "The contents of so many mails that had ended were erased, as [retention] says.")
    AGED = ("aged", "info", NODE, "count",
        "So many entries of the journal and items were older than `retention.journal_months`, and went.")
    JOURNAL_NOT_WHOLE = ("journal_not_whole", "error", NODE, "chain error",
        "A chain of the journal was changed or has gaps, so its old entries stay.",
        "Run `sekisho journal verify`: it says where. Find out who changed it; restore the journal from its backup.")
    BACKUP_LATE = ("backup_late", "error", NODE, "hours",
        "The last backup is older than `backup.alert_hours`, or there is none. The postmaster was written to, once.",
        "Say `sekisho backup` and read what it answers; look at the timer or cron job that makes backups (docs/howto/backup.md).")
    ABANDONED = ("abandoned", "info", NODE, "count",
        "So many held mails were stopped, because their senders have no account any more or have left; administrators decide.")

    # -- delivery --------------------------------------------------------------------------------------------
    ATTEMPT = ("attempt", "info", TENANT, "item mail recipient status reply cause hop reason tls unknown seconds",
        "A delivery was tried: the status of one recipient, and what the next hop (`hop`) said; `cause` is why the mail "
        "waits, by a name of mail/cause.py. `unknown`: the connection "
        "was lost when the next hop may have taken the mail already. `seconds` since it was taken up for this attempt.")
    ATTEMPT_FAILED = ("attempt_failed", "error", TENANT, "item exception",
        "An error of ours during a delivery; it is tried again.",
        "Report the exception.")
    POISONED = ("poisoned", "error", TENANT, "item attempts",
        "Deliveries of this item ended several times without saying how (the process died); it is tried again later.",
        "Look at the item, and at why the processes died.")
    CONTENT_DAMAGED = ("content_damaged", "error", TENANT, "item blob error",
        "A stored content is missing or not what was stored; it is not sent.",
        "Restore this blob from its backup.")
    LEASE_FAILED = ("lease_failed", "error", NODE, "error",
        "The database did not say what is due; nothing leaves until it does.",
        "Look at the database.")
    FENCED = ("fenced", "error", TENANT, "item token error",
        "This node was away for longer than its lease, and another one has the item: what we learned is not written "
        "down. The mail may have been delivered twice.",
        "Find out why the node stood still (suspended, swapped out).")
    FINISH_FAILED = ("finish_failed", "warning", TENANT, "item error",
        "The outcome of a delivery could not be written yet; it is tried again as long as the lease lasts.",
        "If it goes on: look at the database.")
    OUTCOME_LOST = ("outcome_lost", "error", TENANT, "item outcomes",
        "The outcome of a delivery could not be written in time. What was delivered will be delivered again.",
        "Look at the database.")
    DSN_FAILED = ("dsn_failed", "error", TENANT, "item exception",
        "A report of failure could not be written; what was learned of the recipients is kept.",
        "Report the exception, and tell the sender.")

    QUEUE_STUCK = ("queue_stuck", "error", TENANT, "hop cause mails seconds letter",
        "This next hop has kept mail waiting for so long (`queue.stuck_minutes`), or nobody could reach it twice; `mails` "
        "wait now, 0: arriving mail is answered 451. Told once, until `queue_moves`; `letter`: the postmaster was written "
        "to, as mail to him goes another way.",
        "docs/operations.md says for each cause what to do; then `sekisho retry --hop HOP`, or the button on the home page.")
    QUEUE_MOVES = ("queue_moves", "info", TENANT, "hop cause seconds",
        "This next hop keeps no mail waiting any more; it had for so many seconds.")
    NEXT_HOP_LOST = ("next_hop_lost", "warning", NODE, "hop cause reason",
        "No session with this next hop can be opened, and it could before, or not for this `cause` (a name of "
        "mail/cause.py); `reason` is what it or a library said. Arriving mail is answered 451, leaving mail waits. It is "
        "told once, not for each attempt.",
        "docs/operations.md says for each cause what to do; then `sekisho retry --hop HOP`.")
    NEXT_HOP_BACK = ("next_hop_back", "info", NODE, "hop seconds",
        "The next hop takes sessions again; it had not for so many seconds.")

    # -- console ---------------------------------------------------------------------------------------------
    HTTP_REFUSED = ("http_refused", "info", NODE, "peer status silenced",
        "What came to the console's port was no request of a browser, or a larger one than any page sends; `silenced` "
        "says how often since the last such line.")
    PROXY_UNKNOWN = ("proxy_unknown", "warning", NODE, "peer",
        "A request came with the header field of a reverse proxy, from an address that is none of "
        "`console.trusted_proxies`: the field was not believed, and all who come by this peer count as one client.",
        "If it is your web server, name it in `console.trusted_proxies`.")
    HTTP_FULL = ("http_full", "info", NODE, "peer silenced",
        "The console has no place for another connection, or none for this client; it was closed.",
        "If people notice: raise `console.limits`; behind a web server, name it in `console.trusted_proxies`.")
    PAGE_FAILED = ("page_failed", "error", TENANT, "path exception",
        "An error of ours on a console page; the visitor saw an error page.",
        "Report the exception.")
    CONSOLE_ENDED = ("console_ended", "error", NODE, "status again_in error",
        "The console's process has ended and is started again; mail goes on meanwhile.",
        "Report it when it happens again; a negative status is the signal that ended it.")
    SERVICE_FAILED = ("service_failed", "error", NODE, "verb exception",
        "An error of ours in what the console or the command line asked; the visitor saw an error page.",
        "Report the exception.")
    SERVICE_MALFORMED = ("service_malformed", "error", NODE, "who what",
        "The console's process, or a command, sent what it never sends; it was disconnected.",
        "Find out what runs on this machine: the console may be somebody else's now. It has been started again.")
    # fmt: on


def markdown() -> str:
    """The half of docs/events.md about the log."""
    return "\n".join(line for event in sorted(LogEvent) for line in _described(event))


def _described(event: LogEvent) -> list[str]:
    whose = "of the node" if event.of_node else "of a tenant"
    fields = ", ".join(f"`{name}`" for name in event.fields)
    lines = [f"### `{event}`", "", f"{event.level}, {whose}{'; ' + fields if fields else ''}", ""]
    lines += [event.meaning, ""]
    return [*lines, f"*To do:* {event.action}", ""] if event.action else lines

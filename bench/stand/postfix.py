"""A Postfix of a measurement's own, and what is put beside it: rspamd, amavisd-new, or TLS, AUTH and DKIM as we do.

Debian's defaults where nothing is said. Queues lie on the same disk as our spool. Needs root.
"""

import contextlib
import os
import shutil
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec

from bench.stand.group import Group
from bench.stand.mails import SENDER
from bench.stand.peer import PASSWORD, Peer
from bench.stand.process import PATH, ended, free_port, listening, program
from gateway.authenticate.sign import generate_key

MAIN_CF = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
mail_owner = postfix
setgid_group = postdrop
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = postfix.example
mydestination =
local_recipient_maps =
alias_maps =
alias_database =
mynetworks = 127.0.0.0/8
relayhost = [127.0.0.1]:{hop}
disable_dns_lookups = yes
default_transport = smtp
relay_transport = smtp
smtpd_client_connection_count_limit = 0
smtpd_client_connection_rate_limit = 0
message_size_limit = 52428800
maillog_file = /dev/stdout
maillog_file_prefixes = /dev
smtputf8_enable = no
{settings}
"""

MASTER_CF = """
127.0.0.1:{port} inet n - n - - smtpd
pickup    unix n - n 60 1 pickup
cleanup   unix n - n - 0 cleanup
qmgr      unix n - n 300 1 qmgr
tlsmgr    unix - - n 1000? 1 tlsmgr
rewrite   unix - - n - - trivial-rewrite
bounce    unix - - n - 0 bounce
defer     unix - - n - 0 bounce
trace     unix - - n - 0 bounce
verify    unix - - n - 1 verify
flush     unix n - n 1000? 0 flush
proxymap  unix - - n - - proxymap
smtp      unix - - n - - smtp
relay     unix - - n - - smtp
error     unix - - n - - error
retry     unix - - n - - error
anvil     unix - - n - 1 anvil
scache    unix - - n - 1 scache
postlog   unix-dgram n - n - 1 postlogd
{services}
"""


@contextlib.asynccontextmanager
async def relay(
    folder: Path, hop: int, name: str, group: Group, settings: str = "", services: str = ""
) -> AsyncIterator[Peer]:
    """A Postfix that relays everything to the hop, with these lines in main.cf and master.cf besides."""
    port = free_port()
    binary = program("postfix", "Debian: apt-get install postfix")
    conf = folder / "conf"
    for directory in (conf, folder / "queue", folder / "data"):
        directory.mkdir(parents=True)
    shutil.chown(folder / "data", "postfix")
    (conf / "main.cf").write_text(MAIN_CF.format(folder=folder, hop=hop, settings=settings))
    (conf / "master.cf").write_text(MASTER_CF.format(port=port, services=services))
    with (folder / "log").open("wb") as log:
        # start-fg keeps it a child of ours, so that it can be ended by its id and counted with its children.
        process = subprocess.Popen(
            group.command([binary, "-c", conf, "start-fg"]),
            stdout=log, stderr=log, env={**os.environ, "PATH": PATH},
        )  # fmt: skip
        group.started(process.pid)
        try:
            await listening(port, process)
            yield Peer(name, process.pid, {"inbound": port, "outbound": port}, group)
        finally:
            ended(process)


@contextlib.asynccontextmanager
async def beside(
    folder: Path, group: Group, command: list[str | Path], port: int | Path
) -> AsyncIterator[None]:
    """A program that serves this port or socket while this is open; what it says goes into a log of its name."""
    name = Path(command[0]).name
    with (folder / f"{name}.log").open("wb") as log:
        process = subprocess.Popen(
            group.command(command), stdout=log, stderr=log, env={**os.environ, "PATH": PATH}
        )
        group.started(process.pid)
        try:
            await listening(port, process)
            yield
        finally:
            ended(process)


@contextlib.asynccontextmanager
async def plain(folder: Path, hop: int) -> AsyncIterator[Peer]:
    """A Postfix that relays everything."""
    with Group() as group:
        async with relay(folder, hop, "Postfix", group) as peer:
            yield peer


MILTER = """
smtpd_milters = {milter}
milter_default_action = tempfail
"""

RSPAMD = {
    "options.inc": 'dns { nameserver = ["127.0.0.1:1"]; timeout = 10ms; retransmits = 0; }\nlocal_addrs = [];\n',
    "logging.inc": 'type = "console";\nlevel = "warning";\n',
    "worker-proxy.inc": (
        'bind_socket = "127.0.0.1:{port}";\nmilter = true;\ncount = 2;\n'
        'upstream "local" {{ self_scan = true; default = yes; }}\n'
    ),
    "worker-normal.inc": "enabled = false;\n",
    "worker-controller.inc": "enabled = false;\n",
    "actions.conf": "reject = 10000;\ngreylist = 9999;\n",
} | {
    f"{name}.conf": "enabled = false;\n"  # they ask the network or a Redis
    for name in ("arc", "asn", "dkim", "dkim_signing", "dmarc", "fuzzy_check", "greylist", "mx_check", "neural",
                 "phishing", "ratelimit", "rbl", "replies", "reputation", "spf", "surbl", "url_redirector")
}  # fmt: skip


@contextlib.asynccontextmanager
async def with_rspamd(folder: Path, hop: int) -> AsyncIterator[Peer]:
    """Postfix with rspamd as its milter, two processes, all checks that need neither network nor Redis."""
    binary = program("rspamd", "Debian: apt-get install rspamd")
    port = free_port()
    (folder / "local.d").mkdir(parents=True)
    for name, text in RSPAMD.items():
        (folder / "local.d" / name).write_text(text.format(port=port) if "{port}" in text else text)
    (folder / "db").mkdir()
    shutil.chown(folder / "db", "_rspamd", "_rspamd")
    command: list[str | Path] = [binary, "-f", "-u", "_rspamd", "-g", "_rspamd"]
    for variable in ("DBDIR", "RUNDIR", "LOGDIR"):
        command += ["--var", f"{variable}={folder / 'db'}"]
    command += ["--var", f"LOCAL_CONFDIR={folder}"]
    with Group() as group:
        async with (
            beside(folder, group, command, port),
            relay(
                folder, hop, "Postfix + rspamd", group, MILTER.format(milter=f"inet:127.0.0.1:{port}")
            ) as peer,
        ):
            yield peer


AMAVIS = """use strict;
$max_servers = 8; $max_requests = 200; $daemon_user = 'amavis'; $daemon_group = 'amavis';
$MYHOME = '{home}'; $TEMPBASE = "$MYHOME/tmp"; $ENV{{TMPDIR}} = $TEMPBASE; $db_home = "$MYHOME/db";
$lock_file = "$MYHOME/amavisd.lock"; $pid_file = "$MYHOME/amavisd.pid";
$enable_db = 0; $enable_dkim_verification = 0; $enable_dkim_signing = 0; $log_level = 0; $do_syslog = 0; $LOGFILE = undef;
$mydomain = 'example.co.jp'; $myhostname = 'amavis.example'; @mynetworks = qw(127.0.0.0/8);
$inet_socket_port = {port}; $inet_socket_bind = '127.0.0.1'; @inet_acl = qw(127.0.0.1);
$forward_method = 'smtp:[127.0.0.1]:{back}'; $notify_method = $forward_method;
@bypass_virus_checks_maps = (1); @bypass_spam_checks_maps = (1);
$final_banned_destiny = D_PASS; $final_bad_header_destiny = D_PASS; $MAXLEVELS = 14; $MAXFILES = 3000;
$MIN_EXPANSION_QUOTA = 100*1024; $MAX_EXPANSION_QUOTA = 500*1024*1024;
$banned_filename_re = new_RE(qr'^\\.(exe-ms|dll)$', qr'\\.[^./]*\\.(exe|vbs|pif|scr|bat|cmd|com|cpl|dll)\\.?$'i,
  qr'^application/(x-msdownload|x-msdos-program|hta)$'i, qr'.\\.(exe|vbs|pif|scr|cpl|bat|cmd|com)$'i);
@decoders = (['mail', \\&do_mime_decode], ['asc', \\&do_ascii], ['gz', \\&do_uncompress, ['gzip -d']],
  ['tar', \\&do_pax_cpio, ['pax', 'cpio']], ['zip', \\&do_unzip], ['tnef', \\&do_tnef]);
1;
"""

AMAVIS_SERVICES = """
amavis unix - - n - 8 smtp
    -o smtp_send_xforward_command=yes -o disable_dns_lookups=yes -o max_use=200
127.0.0.1:{back} inet n - n - - smtpd
    -o content_filter= -o smtpd_client_restrictions= -o smtpd_relay_restrictions=permit_mynetworks,reject
    -o smtpd_milters= -o local_header_rewrite_clients=
"""


@contextlib.asynccontextmanager
async def with_amavis(folder: Path, hop: int) -> AsyncIterator[Peer]:
    """Postfix with amavisd-new behind it: eight children, parts decoded, banned files; no virus scanner, no SpamAssassin."""
    binary = program("amavisd", "Debian: apt-get install amavisd-new")
    port, back = free_port(), free_port()
    home = folder / "amavis"
    for directory in (home / "tmp", home / "db"):
        directory.mkdir(parents=True)
    for directory in (home, home / "tmp", home / "db"):
        shutil.chown(directory, "amavis", "amavis")
    (folder / "amavisd.conf").write_text(AMAVIS.format(home=home, port=port, back=back))
    with Group() as group:
        async with (
            beside(folder, group, [binary, "-c", folder / "amavisd.conf", "foreground"], port),
            relay(
                folder, hop, "Postfix + amavisd-new", group,
                f"content_filter = amavis:[127.0.0.1]:{port}", AMAVIS_SERVICES.format(back=back),
            ) as peer,
        ):  # fmt: skip
            yield peer


TLS_AND_AUTH = """
smtpd_tls_security_level = encrypt
smtpd_tls_cert_file = {folder}/cert.pem
smtpd_tls_key_file = {folder}/key.pem
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:127.0.0.1:{auth}
smtpd_relay_restrictions = permit_sasl_authenticated, reject
"""

DOVECOT = """
protocols =
base_dir = {folder}/dovecot
log_path = {folder}/dovecot.log
ssl = no
auth_mechanisms = plain
passdb {{
  driver = passwd-file
  args = {folder}/users
}}
service auth {{
  inet_listener {{
    address = 127.0.0.1
    port = {auth}
  }}
}}
"""

OPENDKIM = """
Syslog no
UserID opendkim
Socket local:{milter}
UMask 0000
Mode s
Canonicalization relaxed/relaxed
Domain {domain}
Selector bench
KeyFile {folder}/dkim.pem
InternalHosts 127.0.0.1
OversignHeaders From
RequireSafeKeys no
Background no
"""


@contextlib.asynccontextmanager
async def as_we_do(folder: Path, hop: int) -> AsyncIterator[Peer]:
    """Postfix that wants TLS and AUTH (Dovecot knows the password) and signs with RSA-2048 (opendkim)."""
    dovecot = program("dovecot", "Debian: apt-get install dovecot-core")
    opendkim = program("opendkim", "Debian: apt-get install opendkim")
    folder.mkdir(parents=True)
    auth, milter = free_port(), folder / "milter" / "socket"
    milter.parent.mkdir()
    shutil.chown(milter.parent, "opendkim")
    (folder / "dkim.pem").write_bytes(generate_key("rsa"))
    shutil.chown(folder / "dkim.pem", "opendkim")
    (folder / "dkim.pem").chmod(0o600)
    (folder / "users").write_text(f"taro:{{PLAIN}}{PASSWORD}\n")
    (folder / "dovecot.conf").write_text(DOVECOT.format(folder=folder, auth=auth))
    domain = SENDER.rpartition("@")[2]
    (folder / "opendkim.conf").write_text(OPENDKIM.format(folder=folder, milter=milter, domain=domain))
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=postfix.example",
         "-keyout", folder / "key.pem", "-out", folder / "cert.pem"],
        check=True, capture_output=True,
    )  # fmt: skip
    settings = TLS_AND_AUTH.format(folder=folder, auth=auth) + MILTER.format(milter=f"unix:{milter}")
    with Group() as group:
        async with (
            beside(folder, group, [dovecot, "-F", "-c", folder / "dovecot.conf"], auth),
            beside(folder, group, [opendkim, "-f", "-x", folder / "opendkim.conf"], milter),
            relay(folder, hop, "Postfix + TLS, AUTH, DKIM", group, settings) as peer,
        ):
            yield msgspec.structs.replace(peer, login=True)

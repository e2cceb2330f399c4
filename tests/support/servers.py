# SPDX-License-Identifier: BSD-2-Clause
"""How do the servers of the test world run?  NSD, Unbound and dot_front, on free loopback
ports."""

import os
import shutil
import socket
import subprocess
from pathlib import Path

import dns.exception
import dns.message
import dns.query

from processes import NotStarted

CHECKOUT = Path(__file__).resolve().parents[2]
ASK_SECONDS = 0.5

NSD = """\
server:
  username: ""
  chroot: ""
  zonesdir: "{zones}"
  database: ""
  pidfile: "{folder}/{name}.pid"
  xfrdfile: "{folder}/{name}.xfrd"
  xfrdir: "{folder}"
  zonelistfile: "{folder}/{name}.zonelist"
  cookie-secret-file: "{folder}/none"
  server-count: 1
  minimal-responses: yes
  rrl-ratelimit: 0
{tls}
{listen}
remote-control:
  control-enable: no
"""

NSD_TLS = """\
  tls-port: {port}
  tls-service-key: "{credential.key_file}"
  tls-service-pem: "{credential.chain_file}"
"""

UNBOUND = """\
server:
  username: ""
  chroot: ""
  directory: "{folder}"
  pidfile: "{folder}/{name}.pid"
  use-syslog: no
  logfile: ""
  do-daemonize: no
  outgoing-interface: 127.0.0.1
  do-not-query-localhost: no
  trust-anchor-file: "{anchor}"
  local-zone: "test." nodefault
{private}
  val-log-level: 2
{listen}
remote-control:
  control-enable: no
"""


# Without these Unbound answers for private and documentation addresses by itself (RFC 6303).
PRIVATE = """\
  local-zone: "168.192.in-addr.arpa." nodefault
  local-zone: "8.b.d.0.1.0.0.2.ip6.arpa." nodefault
"""


def find_server(name):
    """NSD and Unbound are unpacked, never installed: where are they?"""
    named = os.environ.get("DANEPRIV_SERVERS")
    roots = [Path(named)] if named else []
    roots += [Path(p) / "servers" for p in (os.environ.get("MESON_BUILD_ROOT"), CHECKOUT / "build")
              if p]
    for root in roots:
        if (root / "usr/sbin" / name).is_file():
            return root / "usr/sbin" / name
    found = shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin")
    if not found:
        raise FileNotFoundError(f"{name} not found: run tests/support/install servers")
    return Path(found)


def find_front(folder):
    """The built dot_front; compiled on the spot when there is no build."""
    named = os.environ.get("DANEPRIV_FRONT")
    for path in [Path(named)] if named else [CHECKOUT / "build/tests/support/dot_front"]:
        if path.is_file():
            return path
    sources = [str(CHECKOUT / "tests/support" / name) for name in ("dot_front.c", "front.c")]
    made = Path(folder) / "dot_front"
    flags = subprocess.run(["pkg-config", "--cflags", "--libs", "gnutls"], check=True,
                           capture_output=True, text=True).stdout.split()
    subprocess.run(["cc", "-std=c11", "-D_POSIX_C_SOURCE=200809L", "-o", str(made), *sources,
                    *flags], check=True)
    return made


def _zone_lines(signer, kind, more):
    lines = []
    for zone in signer.zones:
        lines += [f"{kind}:", f'  name: "{zone.name}"', *more(signer.file_of(zone))]
    return "\n".join(lines) + "\n"


def ask(address, port, name, rdtype):
    """One question over UDP, again over TCP if cut; None when no answer comes."""
    query = dns.message.make_query(name, rdtype, want_dnssec=True)
    try:
        return dns.query.udp_with_fallback(query, address, ASK_SECONDS, port,
                                           ignore_unexpected=True)[0]
    except (dns.exception.DNSException, OSError):
        return None


def _answers(address, port, name="."):
    def check():
        reply = ask(address, port, name, "SOA")
        return reply is not None and reply.rcode() == 0 and bool(reply.answer)
    return check


def accepts(address, port):
    """Does somebody take TCP connections there?"""
    try:
        socket.create_connection((address, port), 1).close()
        return True
    except OSError:
        return False


class Servers:
    """The running servers of one world."""

    def __init__(self, processes, signer, addresses):
        self.processes, self.signer, self.addresses = processes, signer, addresses
        self.folder = processes.folder
        self.held = []
        self._front = None

    def nsd(self, name, port, tls_port=None, credential=None):
        """An authoritative server for all zones, over Do53 and TLS, unless a port is None."""
        ports = [p for p in (port, tls_port) if p]
        listen = "\n".join(f"  ip-address: {a}@{p}" for a in self.addresses for p in ports)
        config = self.folder / f"{name}.conf"
        tls = NSD_TLS.format(port=tls_port, credential=credential) if tls_port else ""
        config.write_text(NSD.format(folder=self.folder, zones=self.folder / "zones", name=name,
                                     tls=tls, listen=listen)
            + _zone_lines(self.signer, "zone", lambda path: [f"  zonefile: {path.name}"]))
        child = self.processes.start(name, [find_server("nsd"), "-d", "-c", config])
        first = self.signer.zones[0].name
        checks = [_answers(a, port, first) for a in self.addresses if port]
        checks += [lambda a=a: accepts(a, tls_port) for a in self.addresses if tls_port]
        return child, lambda: all(check() for check in checks)

    def unbound(self, name, port, authority, anchor, asks_owners=True):
        """A validating resolver that finds all zones at `authority`; those of private addresses
        only where it asks their owners, which a stock one does not."""
        config = self.folder / f"{name}.conf"
        listen = "\n".join(f"  interface: {a}@{port}" for a in self.addresses)
        stub = ["  stub-prime: no", f"  stub-addr: {authority}"]
        config.write_text(
            UNBOUND.format(folder=self.folder, name=name, anchor=anchor, listen=listen,
                           private=PRIVATE if asks_owners else "")
            + "\n" + _zone_lines(self.signer, "stub-zone", lambda _: stub))
        child = self.processes.start(name, [find_server("unbound"), "-d", "-c", config])
        checks = [_answers(a, port) for a in self.addresses]
        return child, lambda: all(check() for check in checks)

    def front(self, name, port, credential, priority, upstream):
        """A DNS-over-TLS server before `upstream`, for what NSD cannot do."""
        self._front = self._front or find_front(self.folder)
        raw = ["-r", credential.public_file] if "RAWPK" in priority else []
        certificate = ["-c", credential.chain_file] if "SRV-ALL" not in priority \
            or "X509" in priority else []
        listen = [word for a in self.addresses for word in ("-l", f"{a}@{port}")]
        argv = [self._front, *listen, "-f", upstream, "-k", credential.key_file,
                *raw, *certificate, "-p", priority, "-t"]
        child = self.processes.start(name, argv, stdin=subprocess.PIPE)
        return child, lambda: all(accepts(a, port) for a in self.addresses)

    def silent(self, port):
        """Takes connections (the kernel does) and never says a word."""
        for address in self.addresses:
            family = socket.AF_INET6 if ":" in address else socket.AF_INET
            s = socket.socket(family, socket.SOCK_STREAM)
            self.held.append(s)
            s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                s.bind((address, port))
            except OSError as error:
                raise NotStarted(f"silent server: {error}") from error
            s.listen(64)

    def close(self):
        for s in self.held:
            s.close()

#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Is the test world what it claims to be?  Asked of Unbound and delv, which we did not write."""

import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

import dns.flags  # noqa: E402
import dns.message  # noqa: E402
import dns.query  # noqa: E402
import dns.rdatatype  # noqa: E402

from servers import accepts  # noqa: E402
from tap import Tap  # noqa: E402
from world import open_world  # noqa: E402

TLSA = dns.rdatatype.TLSA
SUPPORT = Path(__file__).resolve().parents[1] / "support"
MARK = "DANEPRIV_TEST_WORLD"
SERVERS_LEAST = 10  # processes of a world

# Where Unbound's rules are not ours: it takes SHA-1 (also beside SHA-256), 150 iterations,
# and any number of records.
UNBOUND_DIFFERS = {"ns1.rsa1.test": "secure", "ns1.wrongsha256.test": "secure",
                   "flood.many.test": "secure"} | {
    f"{name}.iter51.test": status for name, status in (
        ("nodata", "denied"), ("bare", "denied"), ("nothere", "denied"), ("any.w", "secure"),
        ("any.wt", "denied"))}


def endpoint(text):
    address, port = text.rsplit("@", 1)
    return address, int(port)


def question(name, rdtype=TLSA, checking=True):
    query = dns.message.make_query(name, rdtype, want_dnssec=True)
    query.flags |= dns.flags.AD | (0 if checking else dns.flags.CD)
    return query


def ask(place, query):
    address, port = endpoint(place)
    return dns.query.udp_with_fallback(query, address, 5, port, ignore_unexpected=True)[0]


def has(reply, rdtype):
    return any(rrset.rdtype == rdtype for rrset in reply.answer)


def status_by_unbound(place, owner):
    """What a stock resolver makes of a name, in our words."""
    reply = ask(place, question(owner))
    if reply.rcode() == dns.rcode.SERVFAIL:
        return "bogus"
    if not reply.flags & dns.flags.AD:
        return "insecure"
    return "secure" if has(reply, TLSA) else "denied"


def check_claims(tap, world):
    for claim in world["claims"]:
        name = claim["name"]
        wanted = UNBOUND_DIFFERS.get(name, claim["status"])
        got = status_by_unbound(world["resolver"]["address"], f"_853._tcp.{name}")
        tap.equal(got, wanted, f"unbound: {name} is {wanted}", claim["about"])


def check_bogus_reachable(tap, world):
    """With CD set the resolver hands bogus data out, for us to judge."""
    for zone in ("expired", "bogus", "stripped", "wrongds"):
        reply = ask(world["resolver"]["address"],
                    question(f"_853._tcp.ns1.{zone}.test.", checking=False))
        tap.ok(has(reply, TLSA), f"{zone}.test can be asked for with CD", reply)


def check_delv(tap, world, folder):
    """BIND's validator agrees about some names."""
    anchor = Path(world["anchors"]["root_dnskey"]).read_text().split("DNSKEY", 1)[1].split(None, 3)
    config = Path(folder) / "delv.conf"
    config.write_text('trust-anchors { . static-key %s %s %s "%s"; };\n'
                      % (*anchor[:3], anchor[3].replace(" ", "").strip()))
    address, port = endpoint(world["resolver"]["address"])
    for zone, wanted in (("nsec", "fully validated"), ("ed448", "fully validated"),
                         ("to2039", "fully validated"), ("insecure", "unsigned answer"),
                         ("expired", "resolution failed"), ("bogus", "resolution failed"),
                         ("wrongds", "resolution failed")):
        done = subprocess.run(["delv", f"@{address}", "-p", str(port), "-a", config, "+root=.",
                               f"_853._tcp.ns1.{zone}.test.", "TLSA"],
                              capture_output=True, text=True, check=False)
        tap.ok(wanted in done.stdout + done.stderr, f"delv: {zone}.test: {wanted}",
               done.stdout, done.stderr)


def check_shapes(tap, world):
    """Truncation, TTLs, the type of IPsec keys, the reverse zone, IPv6."""
    place = world["resolver"]["address"]
    address, port = endpoint(place)
    cut = dns.query.udp(question("_853._tcp.ns1.many.test."), address, 5, port)
    tap.ok(cut.flags & dns.flags.TC, "a hundred records do not fit into UDP")
    tap.equal(sum(len(r) for r in ask(place, question("_853._tcp.ns1.many.test.")).answer
                  if r.rdtype == TLSA), 100, "TCP has all hundred records")
    zero = ask(world["authority"]["address"], question("_853._tcp.zero.ttl.test."))
    tap.equal(zero.answer[0].ttl, 0, "a TTL of zero")
    for owner in ("_53.ns1.nsec.test.", "_53.2.1.168.192.in-addr.arpa."):
        reply = ask(place, question(owner, "TYPE65347"))
        tap.ok(reply.flags & dns.flags.AD and has(reply, 65347), f"IPSECA at {owner} is secure")
    if world["resolver"]["address6"]:
        reply = ask(world["resolver"]["address6"], question("_853._tcp.ns1.nsec.test."))
        tap.ok(has(reply, TLSA), "the resolver answers over IPv6")
    else:
        tap.skip("the resolver answers over IPv6", "no IPv6 here")


def over_tls(place, query=None):
    """The certificate of a name server (DER), its TLS version, and its answer."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with socket.create_connection(endpoint(place), 5) as s, context.wrap_socket(s) as tls:
        message = (query or question("www.example.test.", "A")).to_wire()
        tls.sendall(len(message).to_bytes(2, "big") + message)
        file = tls.makefile("rb")
        answer = dns.message.from_wire(file.read(int.from_bytes(file.read(2), "big")))
        return tls.getpeercert(True), tls.version(), answer


def is_raw_only(server):
    return server["name"].split(".")[0] in ("ns2", "rawliar", "rawcert")


def check_tls(tap, world):
    """Every server over X.509 shows its own certificate and answers."""
    for label, server in world["servers"].items():
        if label in ("closed", "ns10") or is_raw_only(server):
            continue
        wanted = ssl.PEM_cert_to_DER_cert(
            Path(server["certificate"]).read_text().split("-----END")[0]
            + "-----END CERTIFICATE-----\n")
        got, version, answer = over_tls(server["address"])
        tap.ok(got == wanted and has(answer, dns.rdatatype.A), f"TLS: {label} serves its key")
        if label in ("tls12", "tls13"):
            tap.equal(version, f"TLSv1.{label[-1]}", f"TLS: {label} speaks its version only")
        if server["address6"] and label == "ns1":
            tap.ok(over_tls(server["address6"])[0] == wanted, "TLS: ns1 over IPv6")


def check_raw(tap, world):
    """Raw public keys, by gnutls-cli."""
    for label in ("ns2", "rawliar", "both"):
        server = world["servers"][label]
        address, port = endpoint(server["address"])
        done = subprocess.run(
            ["gnutls-cli", "--no-ca-verification", "-p", str(port), "--priority",
             "NORMAL:-CTYPE-SRV-ALL:+CTYPE-SRV-RAWPK:+CTYPE-SRV-X509", address],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        tap.ok("Handshake was completed" in done.stdout and "aw" in done.stdout,
               f"TLS: {label} serves a raw public key", done.stdout, done.stderr)


def check_odd_servers(tap, world):
    address, port = endpoint(world["servers"]["ns10"]["address"])
    with socket.create_connection((address, port), 2) as s:
        s.settimeout(0.2)
        try:
            said = s.recv(1)
        except TimeoutError:
            said = None
    tap.equal(said, None, "ns10 takes the connection and says nothing")
    tap.ok(not accepts(*endpoint(world["servers"]["closed"]["address"])), "closed is closed")


def tlsa_text(rdata):
    """dnspython breaks long data up."""
    return f"{rdata.usage} {rdata.selector} {rdata.mtype} {rdata.cert.hex()}"


def check_records(tap, world):
    """The published records are those of world.json."""
    for label, server in world["servers"].items():
        owner = f"_853._tcp.{server['name']}."
        reply = ask(world["authority"]["address"], question(owner))
        got = sorted(tlsa_text(r) for rrset in reply.answer if rrset.rdtype == TLSA
                     for r in rrset)
        wanted = sorted(server["tlsa"])
        if label == "ns6":
            tap.ok(len(got) == 1 and got != wanted, "records: ns6 has forged ones")
        else:
            tap.equal(got, wanted, f"records: {label}")


def marked(mark):
    """How many processes that run have `mark` in their environment.  (Who listens at a port does
    not tell: it can be in use again, by somebody else.)"""
    count = 0
    for environment in Path("/proc").glob("[0-9]*/environ"):
        try:
            count += mark.encode() in environment.read_bytes().split(b"\0")
        except OSError:
            pass  # it has just ended, or is not ours
    return count


def gone(mark):
    """No process has it any more, after at most a few seconds."""
    deadline = time.monotonic() + 10
    while marked(mark) > 0:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def check_command(tap, folder, how):
    """`world.py run` leaves nothing behind, however it ends."""
    mark = f"{MARK}={folder}, {how}"
    child = subprocess.Popen([sys.executable, SUPPORT / "world.py", "run", folder],
                             stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                             env=os.environ | dict([mark.split("=", 1)]))
    path = child.stdout.readline().strip()
    resolver = json.loads(Path(path).read_text())["resolver"]["address"]
    tap.ok(accepts(*endpoint(resolver)) and marked(mark) > SERVERS_LEAST,
           f"world.py run: serves before {how}")
    if how == "end of input":
        child.stdin.close()
    else:
        os.kill(child.pid, getattr(signal, how))
    child.wait(30)
    tap.ok(gone(mark), f"world.py run: nothing is left after {how}")


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory(prefix="danepriv-") as folder:
        os.environ[MARK] = folder  # for those that are started, not for this process
        with open_world(Path(folder) / "world") as world:
            check_claims(tap, world)
            check_bogus_reachable(tap, world)
            check_delv(tap, world, folder)
            check_shapes(tap, world)
            check_tls(tap, world)
            check_raw(tap, world)
            check_odd_servers(tap, world)
            check_records(tap, world)
            tap.ok(marked(f"{MARK}={folder}") > SERVERS_LEAST, "what serves can be found")
        tap.ok(gone(f"{MARK}={folder}"), "nothing is left after the test's own world")
        for how in ("end of input", "SIGTERM", "SIGKILL"):
            check_command(tap, Path(folder) / "command", how)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())

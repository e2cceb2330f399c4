#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Does the example server prove its key to those who look nothing up, and serve all others too?"""

import os
import socket
import ssl
import subprocess
import sys
import threading
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from cli import call, call_all, program  # noqa: E402
from dot_servers import (ANSWER, DOT, HERE, QUESTION, DotServers, check,  # noqa: E402
                         is_answered, outcome)
from in_world import run_in_world  # noqa: E402
from processes import PATIENCE  # noqa: E402

YES = (0, "authenticated", "match", "secure")
NO_PROOF = "the server sent no proof of its own"

# OpenSSL reads it in place of the system's file.
VERSION = """\
openssl_conf = all
[all]
ssl_conf = tls
[tls]
system_default = version
[version]
MinProtocol = {0}
MaxProtocol = {0}
"""


@contextmanager
def counted():
    """A place that takes datagrams and never answers."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.bind((HERE, 0))
        s.setblocking(False)
        yield s, f"{HERE}@{s.getsockname()[1]}"


def is_untouched(counter):
    try:
        counter.recv(1)
    except BlockingIOError:
        return True
    return False


def test_proofs(tap, world, servers):
    """What the server can prove of itself, and what `danepriv check` makes of it."""
    other = int(world["servers"]["ns1"]["address"].split("@")[1])
    rows = [  # how the server is started, what the client calls it, what comes out
        ("honest", {}, None, YES),
        ("an RSA key", {"label": "rsa"}, None, YES),
        ("an Ed25519 key", {"label": "ed25519"}, None, YES),
        ("2 0 1, with its authority's certificate", {"label": "anchor"}, None, YES),
        ("a zone with NSEC3", {"name": "ns1.nsec3.test"}, None, YES),
        ("a zone with RSA", {"name": "ns1.rsa256.test"}, None, YES),
        ("a TTL of zero", {"name": "zero.ttl.test"}, None, YES),
        ("a hundred records", {"name": "ns1.many.test"}, None, YES),
        ("an impostor who has the chain", {"label": "ns3", "name": "ns1.example.test"}, None,
         (1, "refuse", "mismatch", "secure")),
        ("the old chain's key, the next one is published", {"label": "early"}, None,
         (1, "refuse", "mismatch", "secure")),
        ("nothing is published", {"label": "ns4"}, None, (1, "refuse", "absent", "denied")),
        ("an unsigned zone", {"label": "ns5"}, None, (1, "refuse", "unsigned", "insecure")),
        ("a chain up to another anchor", {"name": "ns1.island.insecure.test",
                                          "anchor": "island_ds"}, None,
         (1, "refuse", "bogus", "bogus")),
        ("signatures that have expired", {"name": "ns1.expired.test"}, None, None),
        ("the chain of another name", {}, "ns1.nsec3.test", None),
        ("the chain of another port", {"port": other}, None, None),
    ]
    calls = []
    with counted() as (counter, silent):
        for about, options, name, wanted in rows:
            label = options.get("label", "ns1")
            name = name or options.get("name") or world["servers"][label]["name"]
            _, address = servers.start(**options)
            calls.append((check(world, name, address, resolver=silent), about, wanted))
        for (_, about, wanted), run in call_all(calls):
            if wanted:
                tap.equal((outcome(run), run["source"]), (wanted, "chain"), about, run.text)
            else:
                tap.ok(run.code != 0 and run["decision"] == "refuse" and NO_PROOF in run.text,
                       f"{about}: not sent", run.text)
            tap.equal(ANSWER in str(run["answer"]), wanted == YES, f"{about}: answer", run.text)
        tap.ok(is_untouched(counter), "nobody asked a resolver")
    run = call(*check(world, "ns1.example.test", servers.start(port=other)[1], "--port", other))
    tap.equal(outcome(run), YES, "another port, when it is asked for", run.text)


def test_no_resolver(tap, world, servers):
    """A client on a machine that knows of no resolver."""
    alone = ["unshare", "--mount", "--map-root-user", "sh", "-ec",
             'mount --bind /dev/null /etc/resolv.conf; [ $# -eq 0 ] || exec "$@"', "sh"]
    _, address = servers.start()
    if subprocess.run(alone, capture_output=True, check=False).returncode != 0:
        tap.skip("no resolver known", "that takes a namespace")
        return
    args = ["check", "ns1.example.test", "--connect", address, "--anchor",
            world["anchors"]["root_ds"]]
    for more, wanted in ((["--chain", "require"], 0), (["--chain", "try"], 4)):
        done = subprocess.run([*alone, program(), *args, *more], capture_output=True, text=True,
                              check=False, timeout=60)
        tap.equal(done.returncode, wanted, f"no resolver known: {' '.join(more)}", done.stdout,
                  done.stderr)


def test_versions(tap, world, servers):
    """Each version of TLS, and of IP."""
    for version in ("TLSv1.2", "TLSv1.3"):
        config = Path(servers.folder, f"{version}.cnf")
        config.write_text(VERSION.format(version), encoding="ascii")
        _, address = servers.start(environment={"OPENSSL_CONF": str(config)})
        run = call(*check(world, "ns1.example.test", address))
        tap.equal((outcome(run), run["source"]), (YES, "chain"), f"{version}: proven", run.text)
        tap.ok(version[4:] in (run["tls"] or {}).get("version", ""), f"{version} it is", run.text)
        tap.ok(ANSWER in str(run["answer"]), f"{version}: answer", run.text)
    if world["servers"]["ns1"]["address6"]:
        run = call(*check(world, "ns1.example.test", servers.start(listen="::1")[1]))
        tap.equal(outcome(run), YES, "over IPv6", run.text)
    else:
        tap.skip("over IPv6", "no IPv6 here")


def test_clients(tap, world, servers):
    """The sample clients, one of which has a resolver that never answers: with GnuTLS and TLS 1.3
    it takes two connections, with OpenSSL one."""
    anchors = Path(world["anchors"]["root_ds"]).read_text(encoding="ascii")
    for version in ("TLSv1.2", "TLSv1.3"):
        config = Path(servers.folder, f"{version}.cnf")
        config.write_text(VERSION.format(version), encoding="ascii")
        for label, name, wanted in (("ns1", "ns1.example.test", 0), ("ns3", "ns1.example.test", 1),
                                    ("ns4", world["servers"]["ns4"]["name"], 1)):
            _, address = servers.start(label=label, name=name,
                                       environment={"OPENSSL_CONF": str(config)})
            with counted() as (_, silent):
                for client, more in (("DOT_CLIENT", (silent,)), ("OPENSSL_CLIENT", ())):
                    done = subprocess.run([os.environ[f"DANEPRIV_{client}"], name,
                                           *address.split("@"), *more, anchors],
                                          capture_output=True, text=True, check=False, timeout=60)
                    tap.equal(done.returncode, wanted, f"{client.lower()}: {version}, {label}",
                              done.stdout, done.stderr)


def test_raw_key(tap, world, servers):
    """The bare key, where the records are known beforehand; else the certificate, and the proof
    beside it.  OpenSSL has raw keys since 3.2: before, the server says so and does not start."""
    has_raw_keys = ssl.OPENSSL_VERSION_INFO >= (3, 2)
    anchors = Path(world["anchors"]["root_ds"]).read_text(encoding="ascii")
    for version in ("TLSv1.2", "TLSv1.3"):
        config = Path(servers.folder, f"{version}.cnf")
        config.write_text(VERSION.format(version), encoding="ascii")
        for label, name, known in (("ns1", None, YES), ("rsa", None, YES), ("ed25519", None, YES),
                                   ("ns3", "ns1.example.test",
                                    (1, "refuse", "mismatch", "secure"))):
            about = f"--raw-key, {version}, {label}"
            child, address = servers.start(label, name=name, options=["--raw-key"],
                                           environment={"OPENSSL_CONF": str(config)})
            if not has_raw_keys:
                said = child.log.read_text(encoding="utf-8") if child.wait(60) == 2 else ""
                tap.ok("no raw keys" in said and not address, f"{about}: refused", said)
                continue
            name = name or world["servers"][label]["name"]
            for chain, resolver, shown, source in (
                    ("off", world["resolver"]["address"], "raw-key", "dns"),
                    ("require", f"{HERE}@1", "x509", "chain")):
                run = call("check", name, "--connect", address, "--chain", chain, "--resolver",
                           resolver, "--anchor", world["anchors"]["root_ds"], "--query", QUESTION)
                tap.equal((outcome(run), run["source"]), (known, source),
                          f"{about}: {source}", run.text)
                if known == YES:
                    tap.equal(run["tls"]["certificate_type"], shown, f"{about}: {shown}", run.text)
                    tap.ok(ANSWER in str(run["answer"]), f"{about}: answer", run.text)
    servers.children = servers.children if has_raw_keys else []


class Resolver:
    """Stands before a resolver, counts what is asked, and can be down; use it as a context."""

    def __init__(self, address):
        host, port = address.split("@")
        self.behind = (host, int(port))
        self.is_down, self.asked = True, 0
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.thread = threading.Thread(target=self._run)

    def __enter__(self):
        self.socket.bind((HERE, 0))
        self.address = f"{HERE}@{self.socket.getsockname()[1]}"
        self.thread.start()
        return self

    def __exit__(self, *_):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
            s.sendto(b"", self.socket.getsockname())  # its end
        self.thread.join()
        self.socket.close()

    def _run(self):
        while True:
            query, client = self.socket.recvfrom(65536)
            if not query:
                return
            self.asked += 1
            if self.is_down:
                continue
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
                s.settimeout(PATIENCE)
                s.sendto(query, self.behind)
                self.socket.sendto(s.recv(65536), client)


def test_freshness(tap, world, servers):
    """A resolver that fails and recovers; the chain's TTL is zero, so it is soon built anew."""
    name = "zero.ttl.test"
    with Resolver(world["resolver"]["address"]) as resolver:
        child, address = servers.start(name=name, resolver=resolver.address)

        def wait_for(text, times):
            servers.processes.wait_until(
                child, lambda: child.log.read_text(encoding="ascii").count(text) >= times)

        run = call(*check(world, name, address))
        tap.ok(run.code != 0 and NO_PROOF in run.text, "no resolver: it starts without a chain",
               run.text)
        tap.ok(is_answered(address), "no resolver: others are served")
        resolver.is_down = False
        wait_for("a chain of", 1)
        run = call(*check(world, name, address))
        tap.equal(outcome(run), YES, "the resolver is back: there is a chain", run.text)
        before = resolver.asked
        wait_for("a chain of", 2)
        tap.ok(resolver.asked > before, "it is built anew when its TTL has run out")
        failures = child.log.read_text(encoding="ascii").count("no new chain")
        resolver.is_down = True
        wait_for("no new chain", failures + 1)
        run = call(*check(world, name, address))
        tap.equal(outcome(run), YES, "the resolver fails again: the old chain is sent on", run.text)


def test_usage(tap, world, folder):
    """What it cannot work with."""
    peer, empty = world["servers"]["ns1"], folder / "empty"
    empty.touch()
    good = {"name": peer["name"], "listen": f"{HERE}@0", "certificate": peer["certificate"],
            "key": peer["key"], "backend": f"{HERE}@53", "resolver": world["resolver"]["address"],
            "anchors": world["anchors"]["root_ds"]}
    rows = [("no such address", {"listen": f"{HERE}@none"}), ("no port", {"listen": HERE}),
            ("an address of somebody else", {"listen": "192.0.2.1@0"}),
            ("a name as address", {"listen": "localhost@0"}),
            ("a port that is taken", {"listen": peer["address"]}),
            ("no certificate", {"certificate": "/nonexistent"}),
            ("another's key", {"key": world["servers"]["ns3"]["key"]}),
            ("no backend", {"backend": "somewhere"}), ("no resolver", {"resolver": "somewhere"}),
            ("no anchors", {"anchors": "/nonexistent"}), ("empty anchors", {"anchors": str(empty)}),
            ("no anchors in the file", {"anchors": peer["key"]}),
            ("no name", {"name": "192.0.2.1"})]
    calls = [(about, [], list((good | bad).values())) for about, bad in rows]
    calls += [("no arguments", [], []), ("one too many", [], [*good.values(), "x"]),
              ("port 0", ["-p", "0"], list(good.values())),
              ("port 65536", ["-p", "65536"], list(good.values())),
              ("a port and more", ["-p", "853x"], list(good.values())),
              ("no time", ["-t", "0"], list(good.values())),
              ("too much time", ["-t", "86401"], list(good.values())),
              ("an unknown option", ["-x"], list(good.values()))]
    for about, options, words in calls:
        done = subprocess.run([os.environ["DANEPRIV_DOT_SERVER"], *options, *words], text=True,
                              capture_output=True, stdin=subprocess.DEVNULL, timeout=60,
                              check=False)
        tap.equal((done.returncode, done.stdout), (2, ""), f"exit 2: {about}", done.stderr)


def test_all(tap, world, folder):
    for test in (test_proofs, test_no_resolver, test_versions, test_clients, test_raw_key,
                 test_freshness):
        with DotServers(world, folder / test.__name__) as servers:
            test(tap, world, servers)
            tap.ok(servers.end() <= {0}, f"{test.__name__}: its servers end well")
    test_usage(tap, world, folder)


if __name__ == "__main__":
    sys.exit(run_in_world("check", test_all))

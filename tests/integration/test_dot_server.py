#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Does the example server prove its key to those who look nothing up, and serve all others too?"""

import os
import random
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
from contextlib import ExitStack, contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

import dns.message  # noqa: E402

from cli import call, call_all, can_test, program  # noqa: E402
from processes import PATIENCE, Processes  # noqa: E402
from tap import Tap  # noqa: E402
from world import open_world  # noqa: E402

HERE = "127.0.0.1"
QUESTION = "www.example.test A"
ANSWER = "192.0.2.80"
DOT = 853
PLACES = 64  # connections that the server takes at once
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


class DotServers:
    """Starts example servers in `world`; use it as a context."""

    def __init__(self, world, folder):
        self.world, self.folder = world, Path(folder)
        self.folder.mkdir()
        self.processes = Processes(self.folder)
        self.children = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.processes.stop()

    def start(self, label="ns1", *, name=None, port=DOT, listen=HERE, backend=None, resolver=None,
              anchor="root_ds", environment=None):
        """The server of world["servers"][label], and where it listens (ADDR@PORT)."""
        peer = self.world["servers"][label]
        child = self.processes.start(
            f"dot_server-{len(self.children)}",
            [os.environ["DANEPRIV_DOT_SERVER"], "-p", port, name or peer["name"], f"{listen}@0",
             peer["certificate"], peer["key"], backend or self.world["authority"]["address"],
             resolver or self.world["resolver"]["address"], self.world["anchors"][anchor]],
            stdout=subprocess.PIPE, env=os.environ | (environment or {}))
        self.children.append(child)
        said = child.stdout.readline().decode()
        return child, said.removeprefix("listening on ").strip()

    def end(self):
        """Tells all of them to end; how they did."""
        for child in self.children:
            child.send_signal(signal.SIGTERM)
        return {child.wait(60) for child in self.children}


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


def check(world, name, address, *more, resolver=f"{HERE}@1"):
    """The arguments for a check that takes no other proof than the server's."""
    return ("check", name, "--connect", address, "--chain", "require", "--resolver", resolver,
            "--anchor", world["anchors"]["root_ds"], "--query", QUESTION, *more)


def outcome(run):
    return run.code, run["decision"], run["finding"], run["proof"]


@contextmanager
def connection(address, octets=b""):
    """A TCP client that says these octets."""
    host, port = address.split("@")
    with socket.create_connection((host, int(port)), 60) as s:
        s.sendall(octets)
        yield s


@contextmanager
def connected(address):
    """A TLS client that believes everything."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with connection(address) as s, \
            context.wrap_socket(s, suppress_ragged_eofs=False) as tls:
        yield tls


def framed(message):
    return len(message).to_bytes(2, "big") + message


def receive(tls, count):
    octets = b""
    while len(octets) < count:
        more = tls.recv(count - len(octets))
        if not more:
            break
        octets += more
    return octets


def receive_message(tls):
    return receive(tls, int.from_bytes(receive(tls, 2), "big"))


def answers(tls, queries):
    """The answers to queries that are all sent before the first is read: texts by number."""
    tls.sendall(b"".join(framed(q.to_wire()) for q in queries))
    got = [dns.message.from_wire(receive_message(tls)) for _ in queries]
    return {message.id: message.to_text() for message in got}


def has_ended(stream):
    """Waits for the other side to close; a reset is an end, too."""
    try:
        return stream.recv(1) == b""
    except ConnectionResetError:
        return True


def is_answered(address):
    query = dns.message.make_query("www.example.test", "A")
    with connected(address) as tls:
        return ANSWER in answers(tls, [query])[query.id]


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


def test_clients(tap, world, servers):
    """Many at once, and some who are no clients."""
    _, address = servers.start()
    no_tls = [random.Random(7).randbytes(4096), b"\x16\x03\x01" * 9, b"GET / HTTP/1.0\r\n\r\n",
              framed(dns.message.make_query(".", "NS").to_wire())]
    with ExitStack() as stack:
        silent = [stack.enter_context(connection(address, octets)) for octets in (b"", b"\0")]
        strange = [stack.enter_context(connection(address, octets)) for octets in no_tls]
        idle = stack.enter_context(connected(address))
        calls = [(check(world, "ns1.example.test", address), n) for n in range(8)]
        tap.ok(all(outcome(run) == YES for _, run in call_all(calls, workers=8)),
               "eight checks at once")
        several = [stack.enter_context(connected(address)) for _ in range(20)]
        sets = [[dns.message.make_query("www.example.test", "A") for _ in range(10)]
                for _ in several]
        got = [answers(tls, queries) for tls, queries in zip(several, sets)]
        tap.ok(all(set(texts) == {q.id for q in queries}
                   and all(ANSWER in text for text in texts.values())
                   for texts, queries in zip(got, sets)), "ten questions each from twenty clients")
        tap.ok(all(has_ended(s) for s in strange), "what is no TLS ends")
        tap.ok(all(has_ended(s) for s in silent), "who says nothing is sent away")
        tap.ok(has_ended(idle), "who asks nothing is sent away, with a word")


def test_places(tap, _world, servers):
    """More clients than it takes, none of whom says anything."""
    child, address = servers.start()
    with ExitStack() as stack:
        held = [stack.enter_context(connection(address)) for _ in range(PLACES + 1)]
        tap.ok(has_ended(held[-1]), f"more than {PLACES} at once are not taken")
        child.send_signal(signal.SIGTERM)
        tap.equal(child.wait(60), 0, "it ends when told, also with all places taken")


def test_sizes(tap, _world, servers):
    """The longest message there is, there and back."""
    with socket.create_server((HERE, 0)) as listener:
        listener.settimeout(60)
        _, address = servers.start(backend=f"{HERE}@{listener.getsockname()[1]}")
        message = random.Random(11).randbytes(65535)
        with connected(address) as tls:
            tls.sendall(framed(message))
            with listener.accept()[0] as backend:
                backend.settimeout(60)
                got = receive_message(backend)
                tap.ok(got == message, "65535 octets arrive", len(got))
                backend.sendall(framed(got))
                tap.ok(receive_message(tls) == message, "65535 octets come back")
                tls.sendall(b"\0")
                tap.equal(backend.recv(16), b"\0", "a message in pieces")
                tls.sendall(b"\1x")
                tap.equal(backend.recv(16), b"\1x", "and its rest")
            tap.ok(has_ended(tls), "the name server ends: so does the client's connection")


def test_backend(tap, world, servers):
    """Nobody is behind it: clients are told so at once, by a proper end."""
    child, address = servers.start(backend=f"{HERE}@1")
    query = framed(dns.message.make_query("www.example.test", "A").to_wire())
    with connected(address) as tls:
        tls.sendall(query)
        tap.equal(tls.recv(1), b"", "no name server: the connection is closed")
    run = call(*check(world, "ns1.example.test", address))
    tap.ok(run["decision"] == "authenticated" and not run["answer"],
           "no name server: authenticated, and no answer", run.text)
    tap.ok(child.poll() is None, "it goes on")


def test_end(tap, _world, servers):
    """It is told to end while clients are connected."""
    for number in (signal.SIGTERM, signal.SIGINT):
        child, address = servers.start()
        with connected(address) as one, connected(address) as two:
            query = dns.message.make_query("www.example.test", "A")
            tap.ok(ANSWER in answers(one, [query])[query.id], "an answer")
            child.send_signal(number)
            tap.ok(has_ended(one) and has_ended(two), f"{number.name}: clients are sent away")
            tap.equal(child.wait(60), 0, f"{number.name}: it ends well",
                      child.log.read_text(encoding="utf-8"))


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
              ("an unknown option", ["-x"], list(good.values()))]
    for about, options, words in calls:
        done = subprocess.run([os.environ["DANEPRIV_DOT_SERVER"], *options, *words], text=True,
                              capture_output=True, stdin=subprocess.DEVNULL, timeout=60,
                              check=False)
        tap.equal((done.returncode, done.stdout), (2, ""), f"exit 2: {about}", done.stderr)


def main():
    tap = Tap()
    if not can_test(tap, "check"):
        return tap.done()
    with tempfile.TemporaryDirectory(prefix="danepriv-") as name, \
            open_world(Path(name) / "world") as world:
        folder = Path(name)
        for test in (test_proofs, test_no_resolver, test_versions, test_clients, test_places,
                     test_sizes, test_backend, test_freshness, test_end):
            with DotServers(world, folder / test.__name__) as servers:
                test(tap, world, servers)
                tap.equal(servers.end(), {0}, f"{test.__name__}: its servers end well")
        test_usage(tap, world, folder)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())

# SPDX-License-Identifier: BSD-2-Clause
"""How does a test come by examples/dot_server, and by clients for it?"""

import os
import signal
import socket
import ssl
import subprocess
from contextlib import contextmanager
from pathlib import Path

import dns.message

from processes import Processes

HERE = "127.0.0.1"
QUESTION = "www.example.test A"
ANSWER = "192.0.2.80"
DOT = 853


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
              anchor="root_ds", environment=None, options=()):
        """The server of world["servers"][label], and where it listens (ADDR@PORT)."""
        peer = self.world["servers"][label]
        child = self.processes.start(
            f"dot_server-{len(self.children)}",
            [os.environ["DANEPRIV_DOT_SERVER"], *options, "-p", port, name or peer["name"],
             f"{listen}@0",
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
    """Waits for the other side to close; a reset is an end, too, and so is one that TLS does not
    announce: which of them it is depends on what was under way, and on the release."""
    try:
        return stream.recv(1) == b""
    except (ConnectionResetError, ssl.SSLEOFError):
        return True
    except TimeoutError:
        return False


def is_answered(address):
    query = dns.message.make_query("www.example.test", "A")
    with connected(address) as tls:
        return ANSWER in answers(tls, [query])[query.id]

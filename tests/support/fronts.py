# SPDX-License-Identifier: BSD-2-Clause
"""How does a test come by name servers over DTLS, QUIC and HTTPS, and by what pretends to be one?
They stand before a running world."""

import os
import random
import socket
import ssl
import subprocess
import threading
from contextlib import contextmanager
from pathlib import Path

from processes import Processes, free_ports
from servers import accepts, find_server

HERE = "127.0.0.1"
NORMAL = "NORMAL"
RAW = "NORMAL:-CTYPE-SRV-ALL:+CTYPE-SRV-RAWPK"
DOMAIN = "example.test"

UNBOUND = """\
server:
  username: ""
  chroot: ""
  directory: "{folder}"
  pidfile: ""
  use-syslog: no
  logfile: ""
  do-daemonize: no
  interface: {address}@{port}
  https-port: {port}
  tls-service-key: "{key}"
  tls-service-pem: "{certificate}"
  module-config: "iterator"
  local-zone: "{domain}." static
  local-data: "www.{domain}. A 192.0.2.80"
remote-control:
  control-enable: no
"""


QUIC = {"doq": "doq", "doh3": "h3"}  # transports over it, and their ALPN


def program(transport):
    """The built server for a transport, or None."""
    word = "quic" if transport in QUIC else transport
    named = os.environ.get(f"DANEPRIV_{word.upper()}_FRONT")
    built = Path(__file__).resolve().parents[2] / f"build/tests/support/{word}_front"
    path = Path(named) if named else built
    return path if path.is_file() else None


def frame(kind, flags, stream, payload):
    """A frame of HTTP/2 (RFC 9113 section 4.1)."""
    return (len(payload).to_bytes(3, "big") + bytes([kind, flags]) + stream.to_bytes(4, "big")
            + payload)


SETTINGS = frame(4, 0, 0, b"")


def response(fields, body, more=0):
    """HEADERS and DATA on the first stream of a client; `more` frames of nothing behind that."""
    rest = [b"\0" * 16000] * more
    contents = [body, *rest]
    return SETTINGS + frame(1, 4, 1, fields) + b"".join(
        frame(0, 1 if i == more else 0, 1, content) for i, content in enumerate(contents))


class Fronts:
    """Starts servers before `world`; use it as a context."""

    def __init__(self, world, folder):
        self.world, self.folder = world, Path(folder)
        self.folder.mkdir()
        self.processes = Processes(self.folder)
        self.sockets, self.threads = [], []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.processes.stop()
        for each in self.sockets:
            try:
                each.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass  # it was not connected
            each.close()
        for thread in self.threads:
            thread.join()

    def start(self, transport, label, priority=NORMAL, alpn=None):
        """The server of world["servers"][label] over a transport; gives ADDR@PORT."""
        port = free_ports(1, [HERE])[0]
        start = self._unbound if transport == "doh" else self._front
        start(transport, f"{transport}-{port}", port, self.world["servers"][label], priority, alpn)
        return f"{HERE}@{port}"

    def _front(self, transport, name, port, server, priority, alpn):
        alpn = alpn or QUIC.get(transport)
        raw = "RAWPK" in priority
        argv = [program(transport), "-l", f"{HERE}@{port}",
                "-f", self.world["authority"]["address"], "-k", server["key"], "-p", priority,
                *(["-r", server["public"]] if raw else ["-c", server["certificate"]]),
                *(["-a", alpn] if alpn else [])]
        child = self.processes.start(name, argv, stdin=subprocess.PIPE)
        self.processes.wait_until(child, lambda: "listening" in child.log.read_text())

    def _unbound(self, _transport, name, port, server, *_):
        config = self.folder / f"{name}.conf"
        config.write_text(UNBOUND.format(folder=self.folder, address=HERE, port=port,
                                         key=server["key"], domain=DOMAIN,
                                         certificate=server["certificate"]))
        child = self.processes.start(name, [find_server("unbound"), "-d", "-c", config])
        self.processes.wait_until(child, lambda: accepts(HERE, port))

    def _bound(self, kind):
        s = socket.socket(socket.AF_INET, kind)
        self.sockets.append(s)
        s.bind((HERE, 0))
        if kind == socket.SOCK_STREAM:
            s.listen(16)
        return s, f"{HERE}@{s.getsockname()[1]}"

    def _run(self, work):
        thread = threading.Thread(target=work, daemon=True)
        self.threads.append(thread)
        thread.start()

    def silent(self, transport):
        """Is there and says nothing."""
        return self._bound(socket.SOCK_STREAM if transport == "doh" else socket.SOCK_DGRAM)[1]

    def garbage(self, transport, seed=7):
        """Answers whatever comes with octets by chance."""
        kind = socket.SOCK_STREAM if transport == "doh" else socket.SOCK_DGRAM
        s, address = self._bound(kind)
        chance = random.Random(seed)

        def over_udp():
            while True:
                _, peer = s.recvfrom(65536)
                if peer is None:
                    return  # shut down
                s.sendto(chance.randbytes(chance.randrange(1, 1400)), peer)

        def over_tcp():
            while True:
                with s.accept()[0] as peer:
                    peer.recv(65536)
                    peer.sendall(chance.randbytes(500))

        self._run(_until_closed(over_tcp if transport == "doh" else over_udp))
        return address

    def lossy(self, address, is_lost):
        """A way to a server over UDP on which some of the client's datagrams are lost:
        is_lost(number, datagram), counted from 0."""
        inner, mine = self._bound(socket.SOCK_DGRAM)
        outer, _ = self._bound(socket.SOCK_DGRAM)
        host, port = address.split("@")
        outer.connect((host, int(port)))
        clients = []

        def forth():
            count = 0
            while True:
                datagram, peer = inner.recvfrom(65536)
                if peer is None:
                    return
                clients[:] = [peer]
                if not is_lost(count, datagram):
                    outer.send(datagram)
                count += 1

        def back():
            while True:
                datagram = outer.recv(65536)
                if not datagram:
                    return
                inner.sendto(datagram, clients[0])

        self._run(_until_closed(forth))
        self._run(_until_closed(back))
        return mine

    def pretender(self, label, octets, alpn="h2"):
        """TLS with the key of a server of the world, and then always the same octets.

        alpn: what it agrees to; None: it knows no ALPN."""
        server = self.world["servers"][label]
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(server["certificate"], server["key"])
        if alpn:
            context.set_alpn_protocols([alpn])
        s, address = self._bound(socket.SOCK_STREAM)

        def serve():
            while True:
                with s.accept()[0] as peer:
                    try:
                        with context.wrap_socket(peer, server_side=True) as tls:
                            tls.recv(65536)
                            tls.sendall(octets)
                            while tls.recv(65536):
                                pass
                    except OSError:
                        pass  # the client went away, as it may

        self._run(_until_closed(serve))
        return address


def _until_closed(serve):
    """`serve` until its socket is closed under it."""
    def run():
        try:
            serve()
        except OSError:
            pass
    return run


@contextmanager
def open_fronts(world, folder):
    with Fronts(world, folder) as fronts:
        yield fronts

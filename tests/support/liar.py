#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""How does a test come by a resolver that lies?  It asks an honest one and spoils the answer, over
UDP and TCP.

    liar.py ADDRESS@PORT     one port per lie before that resolver; prints them, ends with its input

Tests use it as a module: `with Liars(upstream) as places: places["forged-records"]`."""

import json
import socketserver
import sys
import threading
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import dns.exception  # noqa: E402
import dns.flags  # noqa: E402
import dns.message  # noqa: E402
import dns.name  # noqa: E402
import dns.query  # noqa: E402
import dns.rdatatype  # noqa: E402

import lies as table  # noqa: E402
from lies import DROP  # noqa: E402

UDP_SIZE = 1232
TRIES = 50


class Upstream:
    """The honest resolver; asked with CD, so that bogus data comes out too, and once only."""

    def __init__(self, place):
        self.address, port = place.rsplit("@", 1)
        self.port = int(port)
        self.known = {}

    def ask(self, name, rdtype):
        key = (dns.name.from_text(str(name)), dns.rdatatype.RdataType.make(rdtype))
        if key not in self.known:
            query = dns.message.make_query(*key, want_dnssec=True)
            query.flags |= dns.flags.CD
            self.known[key] = dns.query.udp_with_fallback(
                query, self.address, 5, self.port, ignore_unexpected=True)[0].to_wire()
        return dns.message.from_wire(self.known[key])


def spoiled(lie, upstream, wire, is_tcp):
    """The octets to send back for one question; DROP for none."""
    query = dns.message.from_wire(wire)
    question = query.question[0]
    reply = upstream.ask(question.name, question.rdtype)
    reply.id, reply.question = query.id, query.question
    reply.flags |= dns.flags.QR
    is_told = not is_tcp or not getattr(lie, "over_udp", False)
    special = lie(question, reply, upstream) if is_told else None
    if special is DROP:
        return DROP
    octets = special if isinstance(special, bytes) else reply.to_wire(max_size=65535)
    if is_tcp or len(octets) <= UDP_SIZE:
        return octets
    return truncated(reply)


def truncated(reply):
    """What goes over UDP where it is too small: no records, and TC set."""
    cut = dns.message.Message(id=reply.id)
    cut.flags = reply.flags | dns.flags.TC
    cut.question = reply.question
    return cut.to_wire()


def respond(lie, upstream, wire, is_tcp):
    """Never raises: what we cannot answer gets no answer."""
    try:
        return spoiled(lie, upstream, wire, is_tcp)
    except (dns.exception.DNSException, OSError, ValueError, IndexError) as error:
        print(f"liar: {type(error).__name__}: {error}", file=sys.stderr, flush=True)
        return DROP


class _Udp(socketserver.BaseRequestHandler):
    def handle(self):
        answer = respond(self.server.lie, self.server.upstream, self.request[0], False)
        if answer is not DROP:
            self.request[1].sendto(answer, self.client_address)


class _Tcp(socketserver.StreamRequestHandler):
    timeout = 30

    def handle(self):
        while len(size := self.rfile.read(2)) == 2:
            wire = self.rfile.read(int.from_bytes(size, "big"))
            answer = respond(self.server.lie, self.server.upstream, wire, True)
            if answer is not DROP:
                self.wfile.write(len(answer).to_bytes(2, "big") + answer)

    def finish(self):
        try:
            super().finish()
        except OSError:
            pass


class _UdpServer(socketserver.ThreadingUDPServer):
    daemon_threads, max_packet_size = True, 65535

    def handle_error(self, request, client_address):
        pass  # a client that went away


class _TcpServer(socketserver.ThreadingTCPServer):
    daemon_threads, request_queue_size = True, 64

    def handle_error(self, request, client_address):
        pass


def _pair(lie, upstream):
    """A UDP and a TCP server on the same free port."""
    for _ in range(TRIES):
        udp = _UdpServer(("127.0.0.1", 0), _Udp)
        try:
            tcp = _TcpServer(udp.server_address, _Tcp)
        except OSError:
            udp.server_close()
            continue
        for server in (udp, tcp):
            server.lie, server.upstream = lie, upstream
        return [udp, tcp]
    raise OSError("no port that is free for UDP and TCP")


class Liars:
    """All lies (or those given), each on a port of its own, while the context lasts.  Entering it
    gives name → "127.0.0.1@port".  An upstream has ask(name, type) → dns.message.Message."""

    def __init__(self, upstream, lies=None):
        self.upstream = Upstream(upstream) if isinstance(upstream, str) else upstream
        self.lies = lies or table.LIES
        self.servers = []

    def __enter__(self):
        places = {}
        for name, lie in self.lies.items():
            pair = _pair(lie, self.upstream)
            self.servers += pair
            places[name] = f"127.0.0.1@{pair[0].server_address[1]}"
        for server in self.servers:
            threading.Thread(target=server.serve_forever, args=(0.2,), daemon=True).start()
        return places

    def __exit__(self, *_):
        endings = [threading.Thread(target=s.shutdown) for s in self.servers]
        for ending in endings:
            ending.start()
        for ending, server in zip(endings, self.servers):
            ending.join()
            server.server_close()


def main(argv):
    if len(argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    with Liars(argv[1]) as places:
        print(json.dumps(places, indent=1), flush=True)
        sys.stdin.read()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))

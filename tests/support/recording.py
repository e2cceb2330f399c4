# SPDX-License-Identifier: BSD-2-Clause
"""What do name servers get to see?  Those over TLS and TCP here write it down, before NSDs that
know the answers.

All of them run in one thread, on one event loop."""

import asyncio
import socket
import ssl
import threading
from dataclasses import dataclass
from typing import Callable

import dns.exception
import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype

from proving_front import Resolver

TLS, CLEAR = "tls", "clear"
UDP = "udp"  # in clear, by a datagram
DATAGRAM = 1232  # octets of the largest answer in one
SERVES, SILENT, FILTERED, CLOSED = "serves", "silent", "filtered", "closed"
PROVES = "proves"  # serves, and sends its proof: somebody else's program does (proving_front.py)


@dataclass(frozen=True)
class Seen:
    """A question that arrived: at which server, how, and in how many octets."""
    server: str
    channel: str
    name: str
    type: str
    octets: int


@dataclass(frozen=True)
class Place:
    """One port of a name server; over TLS without a credential somebody before it ends TLS.
    is_there: serves, silent (takes connections and says nothing),
    filtered (takes none and says nothing) or closed.  lie: changes a reply, or gives octets to
    send in its place.  hangs_up: after each reply."""
    server: str
    address: str
    port: int
    channel: str
    is_there: str
    zones: tuple
    lie: Callable | None = None
    credential: object = None
    hangs_up: bool = False


class Recorder:
    """Serves places while the context lasts.  `backends`: zone → port of the NSD that has it."""

    def __init__(self, places, backends, resolver_port=None):
        self.places, self.backends = places, backends
        self.resolver_port = resolver_port
        self.seen = []
        self.hellos = []  # (server, SNI) of each ClientHello
        self._held, self._servers = [], []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self):
        self._thread.start()
        try:
            self._run(self._open())
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        try:
            self._run(self._close())
        finally:
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._loop.close()

    def forget(self):
        """What was seen up to now no longer counts."""
        self._run(self._forget())

    def _run(self, work):
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(60)

    async def _forget(self):
        self.seen, self.hellos = [], []

    async def _open(self):
        for place in self.places:
            if place.is_there == FILTERED:
                self._held += _filtered(place)
            elif place.is_there != CLOSED:
                work = self._serve if place.is_there == SERVES else _say_nothing
                with_tls = place.credential and place.is_there == SERVES
                self._servers.append(await asyncio.start_server(
                    _for(work, place), place.address, place.port,
                    ssl=self._tls(place) if with_tls else None))
                if place.channel == CLEAR:
                    self._held.append((await self._loop.create_datagram_endpoint(
                        lambda place=place: _Datagrams(self, place),
                        local_addr=(place.address, place.port)))[0])
        if self.resolver_port:
            resolver = Resolver(self.backends, self._ask_backend, _read)
            datagrams, server = await resolver.open(self.resolver_port)
            self._held.append(datagrams)
            self._servers.append(server)

    async def _close(self):
        for server in self._servers:
            server.close()
        while tasks := asyncio.all_tasks() - {asyncio.current_task()}:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        for held in self._held:
            held.close()

    def _tls(self, place):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(place.credential.chain_file, place.credential.key_file)

        def on_hello(_tls, sni, _context):
            self.hellos.append((place.server, sni))

        context.sni_callback = on_hello
        return context

    async def _serve(self, place, reader, writer):
        while True:
            wire = await _read(reader)
            query = dns.message.from_wire(wire)
            answer = await self._reply(place, place.channel, wire, query)
            writer.write(len(answer).to_bytes(2, "big") + answer)
            await writer.drain()
            if place.hangs_up:
                return

    async def serve_datagram(self, place, wire, send):
        try:
            query = dns.message.from_wire(wire)
            answer = await self._reply(place, UDP, wire, query)
        except (asyncio.IncompleteReadError, dns.exception.DNSException, OSError):
            return  # makes no sense
        if len(answer) > DATAGRAM:
            reply = dns.message.make_response(query)
            reply.flags |= dns.flags.TC
            answer = reply.to_wire()
        send(answer)

    async def _reply(self, place, channel, wire, query):
        question = query.question[0]
        self.seen.append(Seen(place.server, channel, question.name.to_text().lower(),
                              dns.rdatatype.to_text(question.rdtype), len(wire)))
        return await self._answer(place, query, wire)

    async def _answer(self, place, query, wire):
        """What the NSD that has the zone says; REFUSED for all that is not the server's."""
        name = query.question[0].name.to_text().lower()
        own = [z for z in place.zones if z == "." or ("." + name).endswith("." + z)]
        if not own:
            reply = dns.message.make_response(query)
            reply.set_rcode(dns.rcode.REFUSED)
            return reply.to_wire()
        octets = await self._ask_backend(wire, max(own, key=len))
        if not place.lie:
            return octets
        reply = dns.message.from_wire(octets)
        special = place.lie(reply)
        return special or reply.to_wire(max_size=65535)

    async def _ask_backend(self, wire, zone):
        reader, writer = await asyncio.open_connection("127.0.0.1", self.backends[zone])
        try:
            writer.write(len(wire).to_bytes(2, "big") + wire)
            return await _read(reader)
        finally:
            writer.close()


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, recorder, place):
        self.recorder, self.place, self.tasks = recorder, place, set()

    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, addr):
        task = asyncio.ensure_future(self.recorder.serve_datagram(
            self.place, data, lambda answer: self.transport.sendto(answer, addr)))
        self.tasks.add(task)  # the loop itself does not keep it
        task.add_done_callback(self.tasks.discard)


def _for(work, place):
    async def handle(reader, writer):
        try:
            await work(place, reader, writer)
        except (asyncio.IncompleteReadError, dns.exception.DNSException, OSError):
            pass  # the client went away, as it may, or makes no sense
        finally:
            writer.close()
    return handle


async def _read(reader):
    """One message after its length."""
    return await reader.readexactly(int.from_bytes(await reader.readexactly(2), "big"))


async def _say_nothing(_place, reader, _writer):
    while await reader.read(4096):
        pass


def _filtered(place):
    """Who connects gets no answer at all: the one place in the queue is taken, and stays so."""
    listener, first, second = (socket.socket(socket.AF_INET, socket.SOCK_STREAM) for _ in range(3))
    listener.bind((place.address, place.port))
    listener.listen(0)
    for client in (first, second):
        client.setblocking(False)
        client.connect_ex((place.address, place.port))
    return [listener, first, second]

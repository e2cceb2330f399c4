# SPDX-License-Identifier: BSD-2-Clause
"""How does a test come by servers that send the proof of their key in the handshake (RFC 9102)?
By examples/dot_server, before name servers that speak TCP; and the resolver that it looks its own
records up at."""

import asyncio
import os
import subprocess
from pathlib import Path

import dns.flags
import dns.message
import dns.rdatatype

from processes import NotStarted, tail

HERE = "127.0.0.1"


def program():
    """The built example, or None: it is not there without OpenSSL and getdns."""
    named = os.environ.get("DANEPRIV_DOT_SERVER")
    built = Path(__file__).resolve().parents[2] / "build/examples/dot_server"
    path = Path(named) if named else built
    return path if path.is_file() else None


def start(processes, name, listen, credential, backend, resolver, anchor):
    """Starts one for the name server `name`; it is ready, and has its chain, on return."""
    child = processes.start(
        f"dot_server-{name}",
        [program(), name.rstrip("."), listen, credential.chain_file, credential.key_file, backend,
         resolver, anchor], stdout=subprocess.PIPE)
    said = child.stdout.readline()
    if not said.startswith(b"listening") or "a chain of" not in child.log.read_text():
        raise NotStarted(f"{child.name}: {tail(child.log)}")


class _Cut(asyncio.DatagramProtocol):
    """Sends everybody to TCP (RFC 7766 section 5)."""

    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, addr):
        reply = dns.message.make_response(dns.message.from_wire(data))
        reply.flags |= dns.flags.TC
        self.transport.sendto(reply.to_wire(), addr)


class Resolver:
    """Knows who has which zone, and passes questions on to them.  `ask(wire, zone)` gives octets.
    What it is asked is not taken down: it is no part of the walk."""

    def __init__(self, zones, ask, read):
        self.zones, self.ask, self.read = zones, ask, read

    async def open(self, port):
        loop = asyncio.get_running_loop()
        datagrams, _ = await loop.create_datagram_endpoint(_Cut, local_addr=(HERE, port))
        return datagrams, await asyncio.start_server(self._serve, HERE, port)

    def _zone_of(self, question):
        """DS records are the parent's (RFC 4034 section 5)."""
        name = question.name.to_text().lower()
        is_ds = question.rdtype == dns.rdatatype.DS
        return max((z for z in self.zones if z == "." or
                    ("." + name).endswith("." + z) and not (is_ds and z == name)), key=len)

    async def _serve(self, reader, writer):
        try:
            while True:
                wire = await self.read(reader)
                zone = self._zone_of(dns.message.from_wire(wire).question[0])
                answer = await self.ask(wire, zone)
                writer.write(len(answer).to_bytes(2, "big") + answer)
                await writer.drain()
        except (asyncio.IncompleteReadError, OSError):
            pass  # the client went away
        finally:
            writer.close()

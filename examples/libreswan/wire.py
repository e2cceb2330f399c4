# SPDX-License-Identifier: BSD-2-Clause
"""What goes over the cable between two namespaces, and does a name server answer?

A socket belongs to the namespace in which it was opened, whoever holds it: no program has to run
there to send a question or to count what passes."""

import contextlib
import ctypes
import os
import socket
import struct
import time

import dns.exception
import dns.message

NEW_NETWORK = 0x40000000  # CLONE_NEWNET
ALL_PROTOCOLS = 3  # ETH_P_ALL
PACKETS, STATISTICS = 263, 6  # SOL_PACKET, PACKET_STATISTICS
UDP, TCP, ESP = 17, 6, 50
IKE_PORTS = {500, 4500}
PATIENCE = 0.5  # seconds: what a policy holds is not answered

_libc = ctypes.CDLL(None, use_errno=True)


def _enter(descriptor):
    if _libc.setns(descriptor, NEW_NETWORK):
        raise OSError(ctypes.get_errno(), "setns")


@contextlib.contextmanager
def inside(side):
    """What is opened in here belongs to the namespace of `side`."""
    with open("/proc/self/ns/net", "rb") as own, open(f"/run/netns/{side}", "rb") as other:
        _enter(other.fileno())
        try:
            yield
        finally:
            _enter(own.fileno())


def _kind(packet):
    """What one IPv4 packet is: dns-udp, dns-tcp, ike, esp or other."""
    if len(packet) < 20 or packet[0] >> 4 != 4:
        return "other"
    protocol, start = packet[9], (packet[0] & 15) * 4
    if protocol == ESP:
        return "esp"
    if protocol not in (UDP, TCP) or len(packet) < start + 4:
        return "other"
    ports = set(struct.unpack_from("!HH", packet, start))
    if 53 in ports:
        return "dns-udp" if protocol == UDP else "dns-tcp"
    return "ike" if ports & IKE_PORTS else "other"


class Counter:
    """Counts what passes an interface of a namespace.  A context manager."""

    def __init__(self, side, interface):
        with inside(side):
            self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM,
                                        socket.htons(ALL_PROTOCOLS))
        self.socket.bind((interface, ALL_PROTOCOLS))
        self.socket.setblocking(False)
        self.seen = {}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def counts(self):
        """What was seen so far.  Fails if the kernel had to drop anything."""
        with contextlib.suppress(BlockingIOError):
            while True:
                kind = _kind(self.socket.recv(65535))
                self.seen[kind] = self.seen.get(kind, 0) + 1
        statistics = self.socket.getsockopt(PACKETS, STATISTICS, 8)
        if struct.unpack("II", statistics)[1]:
            raise RuntimeError("not all packets were counted")
        return self.seen

    def clear(self):
        """DNS in clear so far, over UDP and TCP."""
        counts = self.counts()
        return counts.get("dns-udp", 0), counts.get("dns-tcp", 0)


def _exchange(side, server, wire, tcp):
    with inside(side):
        own = socket.socket(socket.AF_INET, socket.SOCK_STREAM if tcp else socket.SOCK_DGRAM)
    with own:
        own.settimeout(PATIENCE)
        own.connect((server, 53))
        if not tcp:
            own.send(wire)
            return own.recv(65535)
        own.sendall(struct.pack("!H", len(wire)) + wire)
        with own.makefile("rb") as stream:
            length, = struct.unpack("!H", stream.read(2))
            return stream.read(length)


def send(side, server, until, pause=0.001):
    """Questions over UDP, one after the other, that nobody waits for; until something is so."""
    with inside(side):
        own = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    question = dns.message.make_query("ns1.good.test.", "A").to_wire()
    with own:
        while not until():
            with contextlib.suppress(OSError):
                own.sendto(question, (server, 53))
            time.sleep(pause)


def ask(side, server, name, tcp=False):
    """One question out of a namespace; gives whether it was answered, and what was said."""
    try:
        wire = _exchange(side, server, dns.message.make_query(name, "A").to_wire(), tcp)
        answer = dns.message.from_wire(wire).answer
    except (OSError, struct.error, dns.exception.DNSException) as error:
        return False, f"no answer ({error})"
    return bool(answer), str(answer[0]) if answer else "no such name"

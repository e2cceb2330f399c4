#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""How does a test come by a tree of zones on loopback that can be walked from its root down, with
good servers and bad ones?

    tree.py run FOLDER    builds and serves it until its input ends, and says how to walk it

Each name server has an address of its own in 127.53.0.0/24, all have the same two ports, and what
they see is taken down (recording.py).  No privileges are needed."""

import random
import sys
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Callable

sys.path.insert(0, str(Path(__file__).resolve().parent))

import dns.flags  # noqa: E402
import dns.name  # noqa: E402
import dns.rcode  # noqa: E402
import dns.rdatatype  # noqa: E402
import dns.rrset  # noqa: E402

import credentials  # noqa: E402
import proving_front  # noqa: E402
from processes import NotStarted, Processes, free_ports  # noqa: E402
from recording import (CLEAR, CLOSED, FILTERED, PROVES, SERVES, SILENT, TLS,  # noqa: E402
                       Place, Recorder)
from servers import Servers  # noqa: E402
from signing import Signer  # noqa: E402
from world import stopping_on_signals  # noqa: E402
from zones import Zone  # noqa: E402

HERE = "127.0.0.1"
ATTEMPTS = 3
TRUE, WRONG = "192.0.2.80", "192.0.2.66"
ATTACKER, ATTACKERS = "ns.attacker.test.", "127.53.0.253"
NOBODY = "127.53.0.254"
OWN, OTHER, NONE = "own", "other", "none"
LEVELS = 4  # labels of a zone's name, and one for the root


# ---- lies ----

def wrong_addresses(others=None):
    """Every www is WRONG, and `others` (name → address) are where they are said to be."""
    others = others or {}

    def say(rrset):
        name = rrset.name.to_text().lower()
        if rrset.rdtype != dns.rdatatype.A or not (name.startswith("www.") or name in others):
            return rrset
        return dns.rrset.from_text(rrset.name, 300, "IN", "A", others.get(name, WRONG))

    def lie(reply):
        reply.answer = [say(rrset) for rrset in reply.answer]
    return lie


def more_than_asked():
    """Where an alias leads is WRONG."""
    def lie(reply):
        reply.answer += [dns.rrset.from_text(rrset[0].target, 300, "IN", "A", WRONG)
                         for rrset in reply.answer if rrset.rdtype == dns.rdatatype.CNAME]
    return lie


def cut():
    """Says that there was no room for the answer."""
    def lie(reply):
        if reply.question[0].name.labels[0] == b"www":
            reply.flags |= dns.flags.TC
            reply.answer = []
    return lie


def many_referrals(zone):
    """Each name below the zone is one of its own, with many servers in others."""
    def lie(reply):
        name = reply.question[0].name
        if len(name.labels) != len(zone.split(".")) + 1 or name.labels[0] == b"ns":
            return
        chance = random.Random(name.to_text())
        servers = [f"ns.{chance.randrange(10 ** 9)}.{zone}" for _ in range(8)]
        reply.flags &= ~dns.flags.AA
        reply.set_rcode(dns.rcode.NOERROR)
        reply.answer, reply.additional = [], []
        reply.authority = [dns.rrset.from_text(name, 300, "IN", "NS", *servers)]
    return lie


def forged_referral(*zones):
    """The attacker's server is named for these zones; what is signed is left as it is."""
    def lie(reply):
        question = reply.question[0]
        for zone in map(dns.name.from_text, zones):
            if not question.name.is_subdomain(zone) or question.rdtype == dns.rdatatype.DS:
                continue
            reply.flags &= ~dns.flags.AA
            reply.answer, reply.additional = [], []
            reply.authority = [dns.rrset.from_text(zone, 300, "IN", "NS", ATTACKER)]
    return lie


def garbled():
    """Octets behind the question are changed by chance, the same ones in each run."""
    chance = random.Random(7)

    def lie(reply):
        if reply.question[0].rdtype != dns.rdatatype.A:
            return None
        octets = bytearray(reply.to_wire())
        behind = 12 + len(reply.question[0].name.to_wire()) + 4
        for _ in range(chance.randrange(1, 6)):
            octets[chance.choice([6, 7, 8, 9, 10, 11, *range(behind, len(octets))])] = \
                chance.choice([0, 1, 0xC0, 0xFF, chance.randrange(256)])
        return bytes(octets[:chance.randrange(behind, len(octets) + 1)])
    return lie


# ---- who is there ----

@dataclass(frozen=True)
class Server:
    """A name server.  published: its own key, another one or none."""
    name: str
    about: str
    zones: tuple
    published: str = OWN
    tls: str = SERVES
    clear: str = SERVES
    lie: Callable | None = None
    hangs_up: bool = False


FORGED_IN_CLEAR = ("victim.clear.test.", "unsigned.clear.test.")
FORGED_IN_TLS = ("victim.fake.test.",)

SERVERS = [
    Server("a.ns-root.", "the root's", (".",)),
    Server("a.nic.test.", "honest", ("test.",)),
    Server("ns1.honest.test.", "honest",
           ("honest.test.", "hosted.test.", "unsigned.clear.test.")),
    Server("ns2.honest.test.", "honest, too", ("honest.test.",)),
    Server("ns3.honest.test.", "has a good key, and makes no sense", ("garbled.test.",),
           lie=garbled()),
    Server("ns.more.test.", "has a good key, and says more than it may", ("more.test.",),
           lie=more_than_asked()),
    Server("ns.cut.test.", "has a good key, and no answer that is whole", ("cut.test.",),
           lie=cut()),
    Server("ns.many.test.", "has a good key, and refers to very many", ("many.test.",),
           lie=many_referrals("many.test.")),
    Server("ns.short.test.", "honest, and hangs up after each answer", ("short.test.",),
           hangs_up=True),
    Server("ns1.mixed.test.", "takes connections and says nothing", ("mixed.test.",), tls=SILENT),
    Server("ns2.mixed.test.", "port 853 is filtered", ("mixed.test.",), tls=FILTERED),
    Server("ns3.mixed.test.", "port 853 is closed", ("mixed.test.",), tls=CLOSED),
    Server("ns4.mixed.test.", "publishes no key", ("mixed.test.",), NONE),
    Server("ns5.mixed.test.", "an impostor with another key", ("mixed.test.",), OTHER,
           lie=wrong_addresses()),
    Server("ns6.mixed.test.", "honest", ("mixed.test.",)),
    Server("ns.impostor.test.", "an impostor, alone", ("impostor.test.",), OTHER,
           lie=wrong_addresses()),
    Server("ns.silent.test.", "says nothing over TLS, alone", ("silent.test.",), tls=SILENT),
    Server("ns.closed.test.", "has clear text only, alone", ("closed.test.",), tls=CLOSED),
    Server("ns.large.test.", "has clear text only, and an answer that fits no datagram",
           ("large.test.",), tls=CLOSED),
    Server("ns.bare.test.", "publishes no key, alone", ("bare.test.",), NONE),
    Server("ns.broken.test.", "its key is badly signed", ("broken.test.",)),
    Server("ns.inside.test.", "its key is in the zone that it serves", ("inside.test.",)),
    Server("ns.b.test.", "serves the other one's zone", ("a.test.",)),
    Server("ns.a.test.", "serves the other one's zone", ("b.test.",)),
    Server("ns.unsigned.test.", "its key is in an unsigned zone", ("unsigned.test.",)),
    Server(ATTACKER, "has a perfect key of its own, and serves whatever it is asked",
           ("attacker.test.", *FORGED_IN_CLEAR, *FORGED_IN_TLS),
           lie=wrong_addresses({"ns.victim.fake.test.": ATTACKERS})),
    Server("ns.clear.test.", "a parent's, in clear only, where somebody forges referrals",
           ("clear.test.",), tls=CLOSED, lie=forged_referral(*FORGED_IN_CLEAR)),
    Server("ns.fake.test.", "a parent's, over TLS without a key, where somebody does the same",
           ("fake.test.",), NONE, clear=CLOSED, lie=forged_referral(*FORGED_IN_TLS)),
    Server("ns.victim.clear.test.", "honest", ("victim.clear.test.",)),
    Server("ns.victim.fake.test.", "honest", ("victim.fake.test.",)),
    Server("b.ns-root.", "the root's, and sends its proof", (".",), tls=PROVES, clear=CLOSED),
    Server("ns.nic.proof.", "sends its proof", ("proof.",), tls=PROVES, clear=CLOSED),
    Server("ns.own.proof.", "sends its proof", ("own.proof.",), tls=PROVES, clear=CLOSED),
    Server("ns.other.proof.", "sends its proof, which is for another key", ("other.proof.",), OTHER,
           tls=PROVES, clear=CLOSED, lie=wrong_addresses()),
    Server("ns.plain.proof.", "sends none", ("plain.proof.",), clear=CLOSED),
]
# In their NS records, too.
NAMELESS = {"hosted.test.": ("192.0.2.1.",)}
PROVEN = "b.ns-root."  # from here on down to *.proof. all that prove themselves
UNSIGNED = ("unsigned.test.", "hosted.test.", "unsigned.clear.test.")
ALIASES = {
    "honest.test.": {"inside": "www.inside.test.", "bare": "www.bare.test.", "near": "www",
                     "void": "void.inside.test.", "ring": "ring",
                     **{f"step{i}": f"step{i + 1}" for i in range(9)}, "step9": "www"},
    "bare.test.": {"inside": "www.inside.test."},
    "more.test.": {"inside": "www.inside.test."},
}
ADDRESSES = {s.name: f"127.53.0.{n}" for n, s in enumerate(SERVERS, 1)} | {ATTACKER: ATTACKERS}


def can_prove():
    """Without OpenSSL nobody sends a proof."""
    return proving_front.program() is not None


def is_below(name, zone):
    return zone == "." or ("." + name).endswith("." + zone)


def _zone_names():
    """Those of the table.  What the attacker has of others is theirs."""
    return list(dict.fromkeys(z for s in SERVERS for z in s.zones))


def _home(name):
    """The zone that a name is in."""
    return max((z for z in _zone_names() if is_below(name, z)), key=len)


def _servers_of(zone):
    own = [s for s in SERVERS if zone in s.zones and s.name != ATTACKER]
    return own or [s for s in SERVERS if zone in s.zones]


def _parent(zone):
    return max((z for z in _zone_names() if z != zone and is_below(zone, z)), key=len)


def _text(zone, made):
    """Addresses and keys of the servers in a zone, and glue for what it delegates."""
    lines = [] if zone in (".", "test.") else [f"www A {TRUE}", "a.long.way.down A " + TRUE]
    if zone == "large.test.":
        lines.append("www TXT " + " ".join(["x" * 200] * 8))
    lines += [f"{name} CNAME {target}" for name, target in ALIASES.get(zone, {}).items()]
    glue = {s.name for child in _zone_names() if child != "." and _parent(child) == zone
            for s in _servers_of(child) if is_below(s.name, zone)}
    for server in SERVERS:
        if _home(server.name) == zone or server.name in glue:
            lines.append(f"{server.name} A {ADDRESSES[server.name]}")
        if _home(server.name) == zone and server.published != NONE:
            shown = server.name if server.published == OWN else "other"
            lines.append(f"_853._tcp.{server.name} TLSA {made[shown].tlsa(3, 1, 1)}")
    return "\n".join([*lines, ""])


def _zones(made):
    for name in _zone_names():
        yield Zone(name, "", _text(name, made), None if name in UNSIGNED else Zone.algorithm,
                   ds="none" if name in UNSIGNED else "sha256",
                   harm="corrupt" if name == "broken.test." else "",
                   servers=(*NAMELESS.get(name, ()), *(s.name for s in _servers_of(name))))


def _level(zone):
    return 0 if zone == "." else zone.count(".")


class Tree:
    """Everything in one folder.  `ports`: TLS and clear; `anchor`: a file; `recorder`."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.ports = self.anchor = self.recorder = None

    @property
    def root(self):
        """What --root is to be."""
        return f"{SERVERS[0].name}={ADDRESSES[SERVERS[0].name]}"

    def _build(self, stack, folder):
        (folder / "tls").mkdir()
        made = {s.name: credentials.self_signed(folder / "tls", s.name, [s.name.rstrip(".")])
                for s in SERVERS}
        made["other"] = credentials.self_signed(folder / "tls", "other", ["other.test"])
        signer = Signer(folder, list(_zones(made)))
        signer.run()
        self.anchor = folder / "root.ds"
        self.anchor.write_text("\n".join(signer.anchor_digests(".")) + "\n")
        ports = free_ports(LEVELS + 4, [HERE, *ADDRESSES.values(), NOBODY])
        self.ports = {TLS: ports.pop(), CLEAR: ports.pop()}
        inner, resolver = ports.pop(), ports.pop()
        processes = stack.enter_context(Processes(folder))
        _start(processes, signer, ports)
        backends = {z.name: ports[_level(z.name)] for z in signer.zones}
        self.recorder = stack.enter_context(
            Recorder(self._places(made, inner), backends, resolver))
        for s in SERVERS:
            if s.tls == PROVES and can_prove():
                address = ADDRESSES[s.name]
                proving_front.start(
                    processes, s.name, f"{address}@{self.ports[TLS]}", made[s.name],
                    f"{address}@{inner}", f"{HERE}@{resolver}", self.anchor)

    def _places(self, made, inner):
        def place(s, channel):
            is_there = s.tls if channel == TLS else s.clear
            if is_there == PROVES and can_prove():
                return Place(s.name, ADDRESSES[s.name], inner, TLS, SERVES, s.zones, s.lie)
            is_there = SERVES if is_there == PROVES else is_there
            return Place(s.name, ADDRESSES[s.name], self.ports[channel], channel, is_there,
                         s.zones, s.lie, made[s.name] if channel == TLS else None, s.hangs_up)
        return [place(s, channel) for s in SERVERS for channel in (TLS, CLEAR)]

    @contextmanager
    def running(self):
        """Builds and serves; whatever happens, what was started is stopped at the end."""
        for attempt in range(ATTEMPTS):
            with ExitStack() as stack:
                folder = self.folder / str(attempt)
                folder.mkdir(parents=True)
                try:
                    self._build(stack, folder)
                except (NotStarted, OSError):
                    if attempt + 1 == ATTEMPTS:
                        raise
                    continue  # somebody else took a port: once more, with others
                yield self
                return


def _start(processes, signer, ports):
    """One NSD for each level, so that none has both a zone and its parent, and refers."""
    started = []
    for level, port in enumerate(ports):
        zones = [z for z in signer.zones if _level(z.name) == level]
        view = SimpleNamespace(zones=zones, file_of=signer.file_of)
        started.append(Servers(processes, view, [HERE]).nsd(f"nsd-{level}", port))
    for child, is_ready in started:
        processes.wait_until(child, is_ready)


@contextmanager
def open_tree(folder):
    """A running tree: what tests use."""
    with stopping_on_signals(), Tree(folder).running() as tree:
        yield tree


def main(argv):
    if len(argv) != 3 or argv[1] != "run":
        print(__doc__, file=sys.stderr)
        return 2
    with open_tree(argv[2]) as tree:
        for root, name in ((tree.root, "www.honest.test."),
                           (f"{PROVEN}={ADDRESSES[PROVEN]}", "www.own.proof.")):
            print(f"iterate --tls-port {tree.ports[TLS]} --clear-port {tree.ports[CLEAR]} "
                  f"--anchor {tree.anchor} --root {root} {name} A", flush=True)
        sys.stdin.read()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))

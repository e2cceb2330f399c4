# SPDX-License-Identifier: BSD-2-Clause
"""Which zones has the test world, and what is true of the names in them?

A zone's text uses names relative to its apex.  `{tlsa}` stands for RDATA that fits the honest
server, `{hex}` for its association data alone, and `{whole}` for all of an RSA key, as IPSECA."""

from dataclasses import dataclass, replace

P256 = "ECDSAP256SHA256"
PAST = ("20200101000000", "20200201000000")
FUTURE = ("20380101000000", "20380110000000")
TO_2039 = ("20250101000000", "20390601000000")
SERVER_OF_ALL = "ns.test."
REVERSE = "2.1.168.192.in-addr.arpa."
REVERSE_SIX = "8.b.d.0.1.0.0.2.ip6.arpa."  # of 2001:db8::/32
HOST_SIX = "3.5" + ".0" * 22  # in it, of 2001:db8::53

SERVER = """\
ns1 A 127.0.0.1
_853._tcp.ns1 TLSA {tlsa}
_53.ns1 TYPE65347 \\# 35 030101{hex}
"""

NAMES = SERVER + """\
bare A 127.0.0.1
_853._tcp.nodata TXT "a name without TLSA"
x._853._tcp.ent TXT "what is above this name is empty"
*.w TLSA {tlsa}
*.wt TXT "a wildcard without TLSA"
*.wc CNAME _853._tcp.ns1
"""

ALIASES = SERVER + """\
_853._tcp.within CNAME _853._tcp.ns1
_853._tcp.across CNAME _853._tcp.ns1.rsa256.test.
_853._tcp.insecure CNAME _853._tcp.ns1.insecure.test.
_853._tcp.bogus CNAME _853._tcp.ns1.expired.test.
_853._tcp.denied CNAME _853._tcp.nothere.rsa256.test.
_853._tcp.nodata CNAME _853._tcp.nodata.nsec3.test.
_853._tcp.loop CNAME _853._tcp.pool
_853._tcp.pool CNAME _853._tcp.loop
_853._tcp.self CNAME _853._tcp.self
host CNAME ns1
d DNAME rsa256.test.
di DNAME insecure.test.
db DNAME expired.test.
*.wide CNAME _853._tcp.ns1.rsa256.test.
two CNAME host
three CNAME two
far CNAME ns1.d
tons1 CNAME ns1.example.test.
toanchor CNAME anchor.example.test.
toinsecure CNAME ns1.insecure.test.
_853._tcp.toinsecure TLSA {tlsa}
tobare CNAME bare.nsec.test.
_853._tcp.tobare TLSA {tlsa}
tonowhere CNAME nothere.nsec3.test.
_853._tcp.tonowhere TLSA {tlsa}
tobogus CNAME ns1.expired.test.
_853._tcp.tobogus TLSA {tlsa}
tonothing CNAME bare.nsec.test.
""" + f"_853._tcp.tons1 TLSA 3 1 1 {'ee' * 32}\n"


@dataclass(frozen=True)
class Zone:
    """How one zone is made.  algorithm: None leaves it unsigned.  keys: csk, split, double,
    algorithms, revoked, revoked-ds.  denial: nsec, nsec3, optout or a number of NSEC3
    iterations.  dates: of all signatures.  ds: what the parent says of the keys (signing.py).
    harm: what happens to the signed file.  servers: the names of its name servers."""
    name: str
    about: str
    text: str = SERVER
    algorithm: str = P256
    keys: str = "csk"
    denial: str = "nsec"
    dates: tuple = ()
    ds: str = "sha256"
    harm: str = ""
    servers: tuple = (SERVER_OF_ALL,)


@dataclass(frozen=True)
class Claim:
    """What a right validator says of the TLSA records at _853._tcp.<name>."""
    name: str
    status: str
    reason: str
    about: str


@dataclass(frozen=True)
class Base:
    """Where a resolver's keys are found when its name is an alias (RFC 7671 section 7)."""
    name: str
    status: str
    reason: str
    base: str
    about: str


ALGORITHM_ZONES = [
    Zone("rsa256.test.", "RSA with SHA-256", NAMES, "RSASHA256"),
    Zone("rsa512.test.", "RSA with SHA-512", SERVER, "RSASHA512", denial="nsec3"),
    Zone("p384.test.", "ECDSA P-384", SERVER, "ECDSAP384SHA384"),
    Zone("ed25519.test.", "Ed25519", SERVER, "ED25519", denial="nsec3"),
    Zone("ed448.test.", "Ed448", SERVER, "ED448", denial="nsec3"),
    Zone("rsa1.test.", "RSA with SHA-1: no longer supported (RFC 9905)", SERVER, "NSEC3RSASHA1",
         denial="nsec3"),
    Zone("unknownalg.test.", "the only DS names an unknown algorithm", ds="algorithm-113"),
    Zone("ds1.test.", "DS with SHA-1 only", ds="sha1"),
    Zone("ds4.test.", "DS with SHA-384 only", ds="sha384"),
    Zone("dsunknown.test.", "DS with an unknown digest type only", ds="digest-99"),
    Zone("dsmixed.test.", "an unknown DS beside a known one", ds="mixed"),
    Zone("wrongds.test.", "no key fits the DS", ds="wrong"),
    Zone("wrongsha256.test.", "the SHA-1 DS fits, the SHA-256 one does not", ds="sha1-only-right"),
]

DENIAL_ZONES = [
    Zone("nsec.test.", "NSEC", NAMES),
    Zone("nsec3.test.", "NSEC3", NAMES, denial="nsec3"),
    Zone("optout.test.", "NSEC3 with opt-out", NAMES, denial="optout"),
    Zone("insecure.optout.test.", "unsigned, below an opt-out zone", NAMES, None, ds="none"),
    Zone("signed.optout.test.", "signed, below an opt-out zone", NAMES),
    Zone("iter50.test.", "NSEC3 with 50 extra iterations", NAMES, denial="50"),
    Zone("iter51.test.", "NSEC3 with 51 extra iterations", NAMES, denial="51"),
    Zone("iter500.test.", "NSEC3 with 500 extra iterations", NAMES, denial="500"),
]

DATE_ZONES = [
    Zone("expired.test.", "all signatures have expired", NAMES, dates=PAST),
    Zone("future.test.", "no signature is valid yet", NAMES, dates=FUTURE),
    Zone("to2039.test.", "signatures that end after 2038", NAMES, dates=TO_2039),
    Zone("child.expired.test.", "signed well, below an expired zone"),
]

KEY_ZONES = [
    Zone("split.test.", "a KSK and a ZSK", keys="split"),
    Zone("double.test.", "two keys sign everything, one has a DS", keys="double"),
    Zone("algorithms.test.", "two algorithms sign everything", keys="algorithms"),
    Zone("revoked.test.", "a revoked key beside a good one", keys="revoked"),
    Zone("revokedds.test.", "the DS names a revoked key", keys="revoked-ds"),
    Zone("unsigned.test.", "a DS, but nothing is signed", NAMES, harm="unsign"),
    Zone("stripped.test.", "signatures of all but the keys are missing", NAMES, harm="strip"),
    Zone("bogus.test.", "the TLSA data was changed after signing", harm="corrupt"),
]

SHAPE_ZONES = [
    Zone("insecure.test.", "no DS: the delegation is insecure",
         NAMES + "_853._tcp.tosecure CNAME _853._tcp.ns1.rsa256.test.\n", None, ds="none"),
    Zone("island.insecure.test.", "signed, but below an unsigned zone", ds="none"),
    Zone("alias.test.", "CNAME and DNAME of all kinds", ALIASES),
    Zone("cut.test.", "zone cuts at underscore labels", SERVER.replace("_853", "_443")),
    Zone("_tcp.ns1.cut.test.", "a zone of its own for _tcp", "_853 TLSA {tlsa}\n"),
    Zone("_tcp.ns2.cut.test.", "the same, unsigned", "_853 TLSA {tlsa}\n", None, ds="none"),
    Zone("_853._tcp.ns3.cut.test.", "a zone whose apex is the owner of the TLSA records",
         "@ TLSA {tlsa}\n"),
    Zone("ttl.test.", "TTL of zero and of other sizes", "zero A 127.0.0.1\n"
         "_853._tcp.zero 0 TLSA {tlsa}\n_853._tcp.week 604800 TLSA {tlsa}\n"),
    Zone("many.test.", "so many records that UDP cannot hold them", ""),
    Zone("deep.a.b.c.d.test.", "five labels below its parent zone"),
]

TREE = ALGORITHM_ZONES + DENIAL_ZONES + DATE_ZONES + KEY_ZONES + SHAPE_ZONES


def _many(tlsa):
    """100 records with the fitting one among them, and 200 in another place."""
    rest = [f"_853._tcp.ns1 TLSA 3 1 1 {n:064x}" for n in range(99)]
    flood = [f"_853._tcp.flood TLSA 3 1 1 {n:064x}" for n in range(600)]
    chain = [f"_853._tcp.c{n} CNAME _853._tcp.c{n + 1}" for n in range(8)]
    return "\n".join(rest[:50] + [f"_853._tcp.ns1 TLSA {tlsa}"] + rest[50:] + flood + chain
                     + [f"_853._tcp.c8 TLSA {tlsa}", ""])


MANY_PLACES = "places"  # its addresses are free: tests put there whom they like
PLACES = tuple(f"127.0.0.{n}" for n in range(2, 6))
OTHER_TRANSPORTS = ("_443._tcp", "_853._udp", "_853._quic", "_443._quic")


def generic(tlsa):
    """The RDATA of a TLSA record, for a type of the same shape without a name (RFC 3597)."""
    usage, selector, matching, data = tlsa.split()
    return f"\\# {3 + len(data) // 2} {int(usage):02x}{int(selector):02x}{int(matching):02x}{data}"


def _peer_lines(peers, zone, ports):
    """Address and records of the servers of one zone."""
    lines = []
    if zone == "example.test":
        lines = ["www A 192.0.2.80", f"_{ports['ns1']}._tcp.{MANY_PLACES} TLSA {{tlsa}}",
                 *(f"{MANY_PLACES} A {address}" for address in PLACES)]
    for peer in (p for p in peers if p.zone == zone):
        lines += [f"{peer.label} A 127.0.0.1", f"{peer.label} AAAA ::1"]
        owners = [853] + ([ports[peer.label]] if peer.label in ports else [])
        places = [f"_{port}._tcp" for port in owners] + list(OTHER_TRANSPORTS)
        lines += [f"{place}.{peer.label} TLSA {r}" for place in places for r in peer.tlsa]
        lines += [f"_53.{peer.label} TYPE65347 {generic(r)}" for r in peer.tlsa]
    return "\n".join(lines + [""])


WHOLE = """\
whole A 192.0.2.9
whole AAAA 2001:db8::9
_53.whole TYPE65347 {whole}
nohost A 0.0.0.0
nohost A 224.0.0.1
nohost AAAA ::ffff:192.0.2.9
_53.nohost TYPE65347 {whole}
_53.nowhere TYPE65347 {whole}
"""


def all_zones(tlsa, whole, peers, ports):
    """All zones of the world, the root first.  `whole`: RDATA of 3 1 0.  `ports`: servers that have
    records for the very port that they listen on, beside those for 853."""
    octets = bytes(map(int, whole.split()[:3])) + bytes.fromhex(whole.split()[3])
    top = [
        Zone(".", "the root", 'txt TXT "the root signs with RSA"\nns.test. A 127.0.0.1\n',
             "RSASHA256", keys="split"),
        Zone("test.", "everything is below this zone", "ns A 127.0.0.1\n"),
        Zone("example.test.", "the name servers", WHOLE),
        Zone("arpa.", "unsigned, as private addresses are in the world", "", None, ds="none"),
        Zone(REVERSE, "reverse zone of 192.168.1.2, with an anchor of its own",
             SERVER + "@ PTR ns1.nsec.test.\n_53 TYPE65347 \\# 35 030101{hex}\n", ds="none"),
        Zone(REVERSE_SIX, "reverse zone of 2001:db8::/32, with an anchor of its own",
             f"{HOST_SIX} PTR ns1.nsec.test.\n_53.{HOST_SIX} TYPE65347 \\# 35 030101{{hex}}\n",
             ds="none"),
    ]
    made = []
    for zone in top + TREE:
        text = _many(tlsa) if zone.name == "many.test." else zone.text
        text += _peer_lines(peers, zone.name.rstrip("."), ports)
        text = text.replace("{whole}", f"\\# {len(octets)} {octets.hex()}")
        made.append(replace(zone, text=text.replace("{tlsa}", tlsa)
                            .replace("{hex}", tlsa.split()[3])))
    return made


def _shape_claims(zone, yes, why, no, no_why):
    """The claims about NAMES in one zone: of what is there, and of what is not."""
    denied = ("denied", "no-data"), ("denied", "no-name")
    nodata, noname = denied if no == "denied" else ((no, no_why), (no, no_why))
    rows = [("ns1", (yes, why)), ("any.w", (yes, why)), ("any.wc", (yes, why)),
            ("nodata", nodata), ("ent", nodata), ("any.wt", nodata), ("bare", noname),
            ("nothere", noname), ("deep.er.nothere", noname)]
    return [Claim(f"{name}.{zone}", *what, f"{name} in {zone}") for name, what in rows]


def _same(zone, status, reason):
    return _shape_claims(zone, status, reason, status, reason)


def _zone_claims():
    """One claim per zone that differs from others by its keys."""
    good = ("rsa512", "p384", "ed25519", "ed448", "ds1", "ds4", "dsmixed", "split", "double",
            "algorithms", "revoked", "many", "deep.a.b.c.d", "signed.optout", "cut")
    rows = [(f"ns1.{zone}.test", "secure", "none") for zone in good]
    return rows + [
        ("ns1.rsa1.test", "insecure", "algorithm-unsupported"),
        ("ns1.unknownalg.test", "insecure", "algorithm-unsupported"),
        ("ns1.dsunknown.test", "insecure", "digest-unsupported"),
        ("ns1.wrongds.test", "bogus", "dnskey-missing"),
        ("ns1.wrongsha256.test", "bogus", "dnskey-missing"),
        ("ns1.child.expired.test", "bogus", "signature-expired"),
        ("ns1.revokedds.test", "bogus", ""),
        ("ns1.unsigned.test", "bogus", ""),
        ("ns1.stripped.test", "bogus", ""),
        ("ns1.bogus.test", "bogus", "signature-invalid"),
        ("ns1.island.insecure.test", "insecure", "delegation-unsigned"),
        ("tosecure.insecure.test", "insecure", "delegation-unsigned"),
        ("ns2.cut.test", "insecure", "delegation-unsigned"),
        ("ns3.cut.test", "secure", "none"),
        ("zero.ttl.test", "secure", "none"),
        ("week.ttl.test", "secure", "none"),
        ("c0.many.test", "secure", "none"),
        ("flood.many.test", "indeterminate", "limit-records"),
        ("nowhere.nsec.nothere", "denied", "no-name"),
    ]


def _alias_claims():
    return [(f"{name}.alias.test", status, reason) for name, status, reason in (
        ("within", "secure", "none"),
        ("across", "secure", "none"),
        ("insecure", "insecure", "delegation-unsigned"),
        ("bogus", "bogus", "signature-expired"),
        ("denied", "denied", "no-name"),
        ("nodata", "denied", "no-data"),
        ("loop", "bogus", "alias-loop"),
        ("self", "bogus", "alias-loop"),
        ("ns1.d", "secure", "none"),
        ("nodata.d", "denied", "no-data"),
        ("nothere.d", "denied", "no-name"),
        ("ns1.di", "insecure", "delegation-unsigned"),
        ("ns1.db", "bogus", "signature-expired"),
        ("any.wide", "secure", "none"),
    )]


def all_bases():
    """What a right client makes of names that are aliases."""
    return [Base(f"{name}.alias.test", status, reason, base or f"{name}.alias.test", about)
            for name, status, reason, base, about in (
        ("host", "secure", "none", "ns1.alias.test", "an alias in its zone"),
        ("three", "secure", "none", "ns1.alias.test", "an alias of three steps"),
        ("far", "secure", "none", "ns1.rsa256.test", "CNAME, then DNAME"),
        ("ns1.d", "secure", "none", "ns1.rsa256.test", "below a DNAME"),
        ("tons1", "secure", "none", "ns1.example.test", "an alias with records of its own"),
        ("toanchor", "secure", "none", "anchor.example.test", "an alias to another zone"),
        ("toinsecure", "secure", "none", "", "its end is in an unsigned zone"),
        ("tobare", "secure", "none", "", "nothing is published at its end"),
        ("tonowhere", "secure", "none", "", "its end does not exist"),
        ("any.wide", "secure", "none", "", "its end is below a label that no host has"),
        ("tonothing", "denied", "no-name", "", "nothing is published at either end"),
        ("tobogus", "bogus", "signature-expired", "", "its end is in a broken zone"),
        ("ns1.db", "bogus", "signature-expired", "", "below a DNAME to a broken zone"),
        ("ns1.di", "insecure", "delegation-unsigned", "", "below a DNAME to an unsigned zone"),
    )]


def all_claims():
    """Every claim; an empty reason is not asserted."""
    rows = [Claim(*row, row[0]) for row in _zone_claims() + _alias_claims()]
    for zone in ("nsec.test", "nsec3.test", "iter50.test", "rsa256.test", "to2039.test"):
        rows += _shape_claims(zone, "secure", "none", "denied", "")
    rows += _same("expired.test", "bogus", "signature-expired")
    rows += _same("future.test", "bogus", "signature-not-yet-valid")
    rows += _same("insecure.test", "insecure", "delegation-unsigned")
    rows += _same("insecure.optout.test", "insecure", "")
    return rows + _optout_claims() + _iteration_claims()


def _optout_claims():
    """What an opt-out span covers might be an unsigned delegation (RFC 5155 section 9.2)."""
    rows = [("ns1", "secure", "none"), ("nodata", "denied", "no-data"),
            ("ent", "denied", "no-data"), ("bare", "insecure", "opt-out"),
            ("nothere", "insecure", "opt-out"), ("any.w", "insecure", "opt-out"),
            ("any.wt", "insecure", "opt-out")]
    return [Claim(f"{name}.optout.test", status, reason, f"{name} in a zone with opt-out")
            for name, status, reason in rows]


def _iteration_claims():
    """Records that need no denial are secure whatever the iterations (RFC 9276 section 3.2)."""
    rows = []
    for zone in ("iter51.test", "iter500.test"):
        rows += [Claim(f"ns1.{zone}", "secure", "none", "a plain record")]
        rows += [Claim(f"{name}.{zone}", "insecure", "nsec3-iterations", "a denial")
                 for name in ("nodata", "bare", "nothere", "any.w", "any.wt")]
    return rows

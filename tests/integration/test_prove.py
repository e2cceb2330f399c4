#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Does `danepriv prove` read the chains of RFC 9102 appendix A, and no other ones?  No network."""

import random
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TESTS / "support"))

from chain import (DNSKEY, RRSIG, TLSA, TYPES, Record, name_of, octets_of, record_of,  # noqa: E402
                   records_of, text_of)
from cli import call, call_all, can_test, program  # noqa: E402
from tap import Tap  # noqa: E402

VECTORS = TESTS / "vectors" / "rfc9102"
ANCHOR = VECTORS / "trust-anchor.ds"
BEGIN, AT, END = 1543363200, 1560000000, 1606867200  # of all signatures, both inclusive
LONGEST = 65535
FOREVER = 172800  # a TTL: two days


@dataclass(frozen=True)
class Vector:
    label: str
    owner: str
    port: str
    name: str
    status: str
    reason: str | None
    octets: bytes

    @property
    def records(self):
        return records_of(self.octets)


def read_vectors():
    for line in (VECTORS / "chains.txt").read_text(encoding="ascii").splitlines():
        if line.startswith("#"):
            continue
        label, owner, _, _, _, status, reason, octets = line.split(" ")
        port, _, name = owner.split(".", 2)
        yield Vector(label, owner, port.removeprefix("_"), name, status,
                     None if reason == "none" else reason, bytes.fromhex(octets))


ALL = list(read_vectors())
BY_LABEL = {vector.label: vector for vector in ALL}
PUBLISHED = "3 1 1 8bd1da95272f7fa4ffb24137fc0ed03aae67e5c4d8b3c50734e1050a7920b922"


class Files:
    """One file for each content."""

    def __init__(self, folder):
        self.folder, self.count = Path(folder), 0

    def put(self, content):
        self.count += 1
        path = self.folder / str(self.count)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path


def prefixed(octets):
    return len(octets).to_bytes(2, "big") + octets


def arguments(vector, path, *more, at=AT, kind="--chain"):
    return ["prove", "--name", vector.name, "--port", vector.port, kind, path, "--anchor", ANCHOR,
            "--at", at, *more]


def until_of(vector, at):
    """When the first of its TTLs has run out, or the first of its signatures."""
    ttls = [min(r.ttl, r.signed_ttl) if r.is_signature else r.ttl for r in vector.records]
    return min([at + min(ttls)] + [r.expiration for r in vector.records if r.is_signature])


def ttl_of(vector):
    """What the owner has signed."""
    return next((r.signed_ttl for r in vector.records
                 if r.is_signature and r.covered == TLSA), None)


def place_of(vector):
    """Where signing ends, or null."""
    if vector.status != "insecure":
        return None
    return {"owner": vector.owner, "type": "TLSA", "zone": "example."}


def expected(vector, at=AT, hours=0):
    """The JSON object when all is well."""
    return {"name": vector.name, "owner": vector.owner, "base": vector.name,
            "status": vector.status, "reason": vector.reason, "ede": None,
            "place": place_of(vector), "records": [PUBLISHED] if vector.status == "secure" else [],
            "ttl": ttl_of(vector),
            "until": until_of(vector, at), "support_hours": hours}


def is_as_ever(run, vector, at=AT, hours=0):
    code = 0 if vector.status == "secure" else 1
    return run.code == code and run.data == expected(vector, at, hours)


def is_bogus(run, reason=None):
    return (run.code == 1 and run["status"] == "bogus" and run["records"] == []
            and (reason is None or run["reason"] == reason))


def check_forms(tap, files):
    """The same octets as people keep them."""
    rows = []
    for vector in ALL:
        octets = vector.octets
        hexes = octets.hex()
        lines = "\r\n".join(hexes[i:i + 63] for i in range(0, len(hexes), 63)).upper()
        for what, kind, content, hours in (
                ("binary", "--chain", octets, 0),
                ("hex", "--chain", hexes, 0),
                ("hex in lines and capitals", "--chain", f"\n\t {lines} \r\n", 0),
                ("binary with its length", "--chain", prefixed(octets), 0),
                ("hex with its length", "--chain", prefixed(octets).hex() + "\n", 0),
                ("extension", "--extension", b"\0\0" + prefixed(octets), 0),
                ("extension as the RFC prints it", "--extension", b"\0\0" + octets, 0),
                ("extension in hex", "--extension", "0001" + prefixed(octets).hex(), 1),
                ("extension, longest support", "--extension", b"\xff\xff" + octets, 65535)):
            rows.append((arguments(vector, files.put(content), kind=kind), vector, what, hours))
    dump = (VECTORS / "extension.txt").read_text(encoding="ascii").split()[-1]
    rows.append((arguments(ALL[0], files.put(dump), kind="--extension"), ALL[0],
                 "the RFC's own dump", 0))
    for (_, vector, what, hours), run in call_all(rows):
        tap.ok(is_as_ever(run, vector, hours=hours), f"{vector.label}: {what}", run.text,
               expected(vector, hours=hours))


def check_resigned(tap, files):
    """The appendix signed anew, right and wrong."""
    rows = []
    for line in (VECTORS / "resigned.txt").read_text(encoding="ascii").splitlines():
        if line.startswith("#"):
            continue
        label, owner, _, at, anchor, status, reason, octets = line.split(" ")
        port, _, name = owner.split(".", 2)
        rows.append((["prove", "--name", name, "--port", port.removeprefix("_"), "--at", at,
                      "--chain", files.put(octets), "--anchor", TESTS / "vectors" / anchor],
                     label, status, reason))
    for (_, label, status, reason), run in call_all(rows):
        tap.equal((run.code, run["status"], run["reason"] or "none"),
                  (0 if status == "secure" else 1, status, reason), f"resigned: {label}", run.text)


def check_times(tap, files):
    """Before, at and after both ends; `until` never goes beyond the signatures."""
    rows = []
    for vector in ALL:
        path = files.put(vector.octets)
        for at, reason in ((BEGIN - 1, "signature-not-yet-valid"), (BEGIN, None),
                           (END - 1, None), (END, None), (END + 1, "signature-expired"),
                           (1, "signature-not-yet-valid"), (2**32 + BEGIN, None),
                           (2**32 + END + 1, "signature-expired")):
            rows.append((arguments(vector, path, at=at), vector, at, reason))
    for (_, vector, at, reason), run in call_all(rows):
        name = f"{vector.label} at {at}"
        if reason:
            tap.ok(is_bogus(run, reason) and run["ede"] == {"signature-expired": 7}.get(reason, 8),
                   f"{name}: {reason}", run.text)
        elif at < 2**32:
            tap.ok(is_as_ever(run, vector, at), name, run.text, expected(vector, at))
        else:  # times of signatures are serial numbers (RFC 4034 section 3.1.5)
            tap.equal(run["status"], vector.status, f"{name}: the same an age later", run.text)


def check_questions(tap, files):
    """The same chain, and another server or other anchors."""
    one, eight = BY_LABEL["A.1"], BY_LABEL["A.8"]
    path, unsigned = files.put(one.octets), files.put(eight.octets)
    wrong = files.put(ANCHOR.read_text().replace("2eb6e9f2", "2eb6e9f3"))
    other = files.put("example.com. IN DS 1870 13 2 e9b533a049798e900b5c29c90cd25a98"
                      "6e8a44f319ac3cd302bafc08f5b81e16\n")
    elsewhere = files.put(other.read_text().replace("example.com.", "example.net."))

    def ask(name="www.example.com", port="443", more=(), anchor=ANCHOR, at=("--at", AT), of=path):
        return ["prove", "--name", name, "--port", port, "--chain", of, *at, *more,
                *(["--anchor", anchor] if anchor else [])]

    rows = [
        (ask(), "secure", None, "as it is"),
        (ask("WWW.Example.COM."), "secure", None, "capitals and a final dot"),
        (ask(more=["--proto", "tcp"]), "secure", None, "tcp by name"),
        (ask(anchor=other), "secure", None, "an anchor below the root"),
        (ask("example.com"), "bogus", "denial-missing", "the name above"),
        (ask("www.www.example.com"), "bogus", "denial-missing", "the name below"),
        (ask("www.example.net"), "bogus", "denial-missing", "a name elsewhere"),
        (ask("ww.example.com"), "bogus", "denial-missing", "a name that begins alike"),
        (ask(port="444"), "bogus", "denial-missing", "another port"),
        (ask(port="0443"), "secure", None, "zeros in front of the port"),
        (ask(more=["--proto", "udp"]), "bogus", "denial-missing", "udp"),
        (ask(anchor=wrong), "bogus", "dnskey-missing", "another digest in the anchor"),
        (ask(anchor=elsewhere), "indeterminate", "no-anchor", "no anchor above the name"),
        (ask(anchor=None), "bogus", "dnskey-missing", "the anchors of the public root"),
        (ask(at=()), "bogus", "signature-expired", "now"),
        (ask("insecure.example", of=unsigned), "insecure", "opt-out", "the unsigned zone itself"),
        (ask("else.insecure.example", of=unsigned), "insecure", "opt-out",
         "another name in the unsigned zone"),
        (ask("www.secure.example", of=unsigned), "bogus", None, "a zone beside the unsigned one"),
        (ask("example.net", of=unsigned), "bogus", None, "a name elsewhere, a denial at hand"),
    ]
    for (_, status, reason, what), run in call_all(rows):
        good = run["status"] == status and (reason is None or run["reason"] == reason)
        tap.ok(good and run.code == (0 if status == "secure" else 1) and bool(run["records"]) ==
               (status == "secure"), f"{status}: {what}", run.text)


def flipped(records, i, at, mask):
    """One bit of record i is another."""
    octets = bytearray(records[i].octets)
    octets[at] ^= mask
    return octets_of(records[:i]) + bytes(octets) + octets_of(records[i + 1:])


# The other NSEC3 of A.8 both matches the closest encloser and covers the next closer name.
SPARE = name_of("shn05itmoa45mmnv74lc4p0nnfmimtjt.example.")


def is_spare(records, i):
    """May this record be left out?  Other signatures may do, where there are several."""
    same = [r for r in records if r.type == RRSIG and r.key == records[i].key]
    return records[i].owner == SPARE or (records[i].type == RRSIG and len(same) > 1)


def flips_of(record: Record):
    """Where, which bit, and whether that matters."""
    fixed, rdata = record.owner_len, record.owner_len + 10
    rows = [(0, 1, True, "length of the owner's first label"), (fixed + 1, 1, True, "type"),
            (fixed, 0x80, True, "type, high"), (fixed + 3, 1, True, "class"),
            (fixed + 9, 1, True, "length"), (rdata, 1, True, "first octet of RDATA"),
            (rdata + len(record.rdata) // 2, 4, None, "middle of RDATA"),
            (len(record.octets) - 1, 1, True, "last octet of RDATA"),
            (fixed + 4, 0x40, False, "TTL made longer")]
    if len(record.owner) > 0 and record.octets[1:2].isalpha():
        rows.append((1, 0x20, False, "case of the owner"))
    if record.is_signature:
        rows += [(rdata + i, 1, True, what) for i, what in (
            (2, "algorithm"), (3, "labels"), (7, "original TTL"), (11, "expiration"),
            (15, "inception"), (17, "key tag"))]
    return rows


def check_flips(tap, files):
    """Whatever bit is another: bogus, or it never mattered.  Each record once: many are in several
    chains."""
    rows, seen = [], set()
    for vector in ALL:
        records = vector.records
        for i, record in enumerate(records):
            if record in seen:
                continue
            seen.add(record)
            for at, mask, matters, what in flips_of(record):
                if matters and is_spare(records, i):
                    matters = None
                path = files.put(flipped(records, i, at, mask))
                rows.append((arguments(vector, path), vector, matters,
                             f"{vector.label}, record {i} ({record}): {what}"))
    for (_, vector, matters, name), run in call_all(rows):
        same = is_as_ever(run, vector)
        tap.ok((is_bogus(run) and matters is not False) or (same and not matters),
               f"flipped: {name}", run.text)


def check_places(tap, files):
    """Which records are at fault: one signature changed after the other."""
    names, rows = {number: name for name, number in TYPES.items()}, []
    for vector in ALL:
        for i, record in enumerate(vector.records):
            if not record.is_signature or is_spare(vector.records, i):
                continue
            path = files.put(flipped(vector.records, i, record.owner_len + 10 + 15, 1))
            wanted = {"owner": text_of(record.owner), "type": names[record.covered],
                      "zone": text_of(record.signer)}
            rows.append((arguments(vector, path), wanted, f"{vector.label}, {record}"))
    calls = call_all(rows)
    for (_, wanted, name), run in calls:
        tap.equal(run["place"], wanted, f"place: {name}", run.text)
    argv = [program(), *map(str, rows[0][0])]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    owner, kind, zone = rows[0][1].values()
    tap.ok(f"place: {owner} {kind}, in zone {zone}" in done.stdout.splitlines(), "place: in words",
           done.stdout)


def check_records(tap, files):
    """Each record dropped, doubled, moved, and others beside it."""
    rows = []
    for vector in ALL:
        records = vector.records
        shuffled = list(records)
        random.Random(vector.label).shuffle(shuffled)
        wanted = [(records[::-1], True, "in reverse order"), (shuffled, True, "shuffled"),
                  (records * 2, True, "all twice"), (records[1:] + records[:1], True, "rotated")]
        for i, record in enumerate(records):
            spare = None if is_spare(records, i) else False
            wanted += [(records[:i] + records[i + 1:], spare, f"without record {i} ({record})"),
                       (records[:i] + [record] + records[i:], True, f"record {i} twice")]
        wanted += [(records[:i], False, f"the first {i} records alone")
                   for i in range(1, len(records) // 2)]
        rows += [(arguments(vector, files.put(octets_of(list_))), vector, good,
                  f"{vector.label}: {what}") for list_, good, what in wanted]
    for (_, vector, good, name), run in call_all(rows):
        same = is_as_ever(run, vector)
        tap.ok((same and good is not False) or (is_bogus(run) and not good), name, run.text)


def check_strangers(tap, files):
    """Records that do not belong there: harmless, unless they claim to be part of a set."""
    one = BY_LABEL["A.1"]
    records, key = one.records, b"\1\1\3\x0d" + b"k" * 64
    forged = b"\3\1\1" + b"f" * 32
    signature = next(r for r in records if r.is_signature and r.covered == TLSA)
    rows = [
        (record_of("txt.example.com", 16, b"\4text"), True, "text of another name"),
        (record_of("www.example.com", 1, b"\x7f\0\0\1"), True, "an unsigned address"),
        (record_of(one.owner, 65280, b"private"), True, "an unknown type at the owner"),
        (record_of("_443._tcp.www.example.net", TLSA, forged), True, "records of another name"),
        (record_of("example.net", DNSKEY, key), True, "keys of another zone"),
        (record_of(one.owner, TLSA, forged), False, "a forged record"),
        (record_of(one.owner, TLSA, forged, klass=3), True, "a forged record of another class"),
        (record_of("example.com", DNSKEY, key), False, "a forged key"),
        (record_of(".", DNSKEY, key), False, "a forged key of the root"),
        (record_of("com", 43, b"\0\1\x0d\2" + b"d" * 32), False, "a forged digest"),
        (record_of(one.owner, RRSIG, signature.rdata[:-64] + b"s" * 64), True,
         "a forged signature beside the right one"),
        (record_of(one.owner, 5, b"\3www\7example\3net\0"), None, "an unsigned alias"),
    ]
    calls = [(arguments(one, files.put(octets_of(list_))), good, what + where)
             for stranger, good, what in rows
             for list_, where in (([stranger] + records, " in front"),
                                  (records + [stranger], " behind"))]
    for (_, good, name), run in call_all(calls):
        same = is_as_ever(run, one)
        tap.ok((same and good is not False) or (is_bogus(run) and not good), f"beside: {name}",
               run.text)


def padding(size):
    """Unrelated records of so many octets in sum."""
    owner, made = "pad.example", b""
    head = len(record_of(owner, 16, b"").octets)
    while size - len(made) > 2 * 4000:
        made += record_of(owner, 16, len(made).to_bytes(4, "big") + b"p" * (3996 - head)).octets
    return made + record_of(owner, 16, b"p" * (size - len(made) - head)).octets


def check_framing(tap, files):
    """Octets too many, octets too few, and lengths that lie: nothing is read out of these."""
    one = BY_LABEL["A.1"]
    octets, fixed = one.octets, one.records[0].owner_len
    most = octets + padding(LONGEST - len(octets))
    good = [
        ("--chain", most, "the longest chain"),
        ("--chain", prefixed(most), "the longest chain with its length"),
        ("--extension", b"\0\0" + prefixed(most), "the longest extension"),
    ]
    bad = [
        ("--chain", octets + b"\0", "an octet more"),
        ("--chain", b"\0" + octets, "an octet in front"),
        ("--chain", octets[:-1], "an octet less"),
        ("--chain", octets[1:], "without its first octet"),
        ("--chain", prefixed(octets) + b"\0", "an octet more than its length says"),
        ("--chain", prefixed(octets)[:-1], "an octet less than its length says"),
        ("--chain", b"\0\0" + octets, "an extension as chain"),
        ("--chain", prefixed(b""), "a length of nothing"),
        ("--extension", octets, "a chain as extension"),
        ("--extension", b"\0\0", "a lifetime alone"),
        ("--extension", b"\0", "half a lifetime"),
        ("--extension", b"\0\0\0\0", "a lifetime and a length of nothing"),
        ("--extension", b"\0\x3b" + prefixed(b"\0\0" + octets), "the extension's type in front"),
        ("--chain", b"\xc0\0" + octets[fixed:], "a compressed name"),
        ("--chain", octets[:fixed + 8] + b"\xff\xff" + octets[fixed + 10:], "RDATA too long"),
        ("--chain", octets + padding(LONGEST + 1 - len(octets)), "longer than a length can say"),
        ("--chain", octets.hex() + "g", "hex with something else in it"),
        ("--chain", random.Random(9102).randbytes(2000), "random octets"),
    ] + [("--chain", octets[:cut], f"cut at {cut}") for cut in range(5, len(octets), 97)
         if octets[:cut] not in (octets_of(one.records[:i]) for i in range(18))]
    # A wrong length may happen to read as an owner's first label: then A.1 owns no records.
    by_chance = [
        ("--chain", (len(octets) + 1).to_bytes(2, "big") + octets, "a length too large"),
        ("--chain", (len(octets) - 1).to_bytes(2, "big") + octets, "a length too small"),
        ("--chain", prefixed(prefixed(octets)), "two lengths"),
    ]
    rows = [(arguments(one, files.put(content), kind=kind), wanted, what)
            for wanted, list_ in (("secure", good), ("malformed", bad), (None, by_chance))
            for kind, content, what in list_]
    for (_, wanted, what), run in call_all(rows):
        tap.ok(is_as_ever(run, one) if wanted == "secure" else
               is_bogus(run, wanted) and run["ede"] in ((24,) if wanted else (12, 24))
               and run["support_hours"] == 0, f"framing: {what}", run.text)


def check_usage(tap, files):
    """Exit 2 and one line on stderr."""
    path = files.put(ALL[0].octets)
    name, chain, base = ["--name", "www.example.com"], ["--chain", path], ["--anchor", ANCHOR]
    label = "a" * 64
    rows = [
        ([], "nothing"),
        ([*chain, *base], "no name"),
        ([*name, *base], "no chain"),
        ([*name, *chain, "--extension", path, *base], "both chain and extension"),
        ([*name, *chain, *chain, *base], "two chains"),
        ([*name, *name, *chain, *base], "two names"),
        ([*name, "--chain"], "a chain without a value"),
        ([*name, "--chain", "", *base], "a file without a name"),
        ([*name, "--chain", files.folder / "nothing", *base], "no such file"),
        ([*name, "--extension", files.folder / "nothing", *base], "no such extension"),
        ([*name, "--chain", files.folder, *base], "a folder"),
        ([*name, "--chain", "/dev/zero", *base], "an endless file"),
        ([*name, "--chain", "/dev/null", *base], "an empty file"),
        ([*name, "--extension", "/dev/null", *base], "an empty extension"),
        ([*name, "--chain", files.put(" \r\n\t"), *base], "white space alone"),
        ([*name, "--chain", files.put(ALL[0].octets.hex()[:-1]), *base], "odd hex"),
        ([*name, "--extension", files.put("0"), *base], "one hex digit"),
        ([*name, *chain, "--anchor", files.folder / "nothing"], "no such anchor file"),
        ([*name, *chain, "--anchor", "/dev/null"], "an empty anchor file"),
        ([*name, *chain, "--anchor", path], "a chain as anchor"),
        ([*name, *chain, "--anchor", files.put("; nothing\n")], "an anchor file with no anchor"),
        ([*name, *chain, *base, "--port", "0"], "port 0"),
        ([*name, *chain, *base, "--port", "65536"], "port 65536"),
        ([*name, *chain, *base, "--port", "https"], "a port by name"),
        ([*name, *chain, *base, "--port", ""], "an empty port"),
        ([*name, *chain, *base, "--port", "443", "--port", "443"], "two ports"),
        ([*name, *chain, *base, "--proto", "quic"], "another protocol"),
        ([*name, *chain, *base, "--proto", "TCP"], "a protocol in capitals"),
        ([*name, *chain, *base, "--proto", ""], "an empty protocol"),
        ([*name, *chain, *base, "--at", "now"], "a time in words"),
        ([*name, *chain, *base, "--at", "0"], "no time at all"),
        ([*name, *chain, *base, "--at", "-1"], "a time before 1970"),
        ([*name, *chain, *base, "--at", "9223372036854775808"], "a time too late"),
        ([*name, *chain, *base, "--at", "2020-01-01"], "a date"),
        ([*name, *chain, *base, "--jason"], "an unknown option"),
        ([*name, *chain, *base, "--resolver", "127.0.0.1"], "an option of others"),
        ([*name, *chain, *base, path], "an argument too many"),
        (["--name", "", *chain, *base], "an empty name"),
        (["--name", ".", *chain, *base], "the root as name"),
        (["--name", "192.0.2.1", *chain, *base], "an address as name"),
        (["--name", "2001:db8::1", *chain, *base], "another address as name"),
        (["--name", "a..b", *chain, *base], "an empty label"),
        (["--name", f"{label}.example", *chain, *base], "a label too long"),
        (["--name", ".".join(["abcdefghi"] * 26), *chain, *base], "a name too long"),
        (["--name", "a\n\x1b[2Jb", *chain, *base], "a name with a line end"),
    ]
    for (_, what), run in call_all([(["prove", *row[0]], row[1]) for row in rows]):
        stderr = run.text.split("\n", 1)[1] if "\n" not in what else run.text
        tap.equal((run.code, run.data), (2, {}), f"exit 2: {what}", run.text)
        tap.ok(stderr.count("\n") == 1 or "line end" in what, f"one line: {what}", run.text)


def check_words(tap, files):
    """For people: facts one a line; a full disk is no success."""
    path = files.put(b"\0\x2a" + ALL[0].octets)
    argv = [program(), *map(str, arguments(ALL[0], path, kind="--extension"))]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    lines = done.stdout.splitlines()
    tap.ok(done.returncode == 0 and not done.stderr and lines[:2] == [
        "owner: _443._tcp.www.example.com.", "base: www.example.com."], "words", done.stdout)
    for wanted in (f"record 0: {PUBLISHED}", "support: 42 hours", "until: 2019-06-08T14:20:00Z"):
        tap.ok(wanted in lines, f"words: {wanted}", done.stdout)
    tap.ok(any(line.startswith("status: secure") for line in lines), "words: secure", done.stdout)
    with open("/dev/full", "w", encoding="ascii") as full:
        for more in ([], ["--json"]):
            done = subprocess.run([*argv, *more], stdout=full, stderr=subprocess.PIPE, text=True,
                                  check=False)
            tap.ok(done.returncode == 2 and done.stderr.count("\n") == 1, f"disk full {more}",
                   done.returncode, done.stderr)
    piped = subprocess.run([*argv[:-5], "/dev/stdin", *argv[-4:]], input=path.read_bytes(),
                           capture_output=True, check=False)
    tap.equal(piped.returncode, 0, "out of a pipe", argv, piped.stderr)


def check_parser(tap):
    """Our own reader of chains sees what the RFC says is in them."""
    tap.equal([len(vector.records) for vector in ALL][:1], [18], "A.1 has 18 records")
    for vector in ALL:
        tap.equal(octets_of(vector.records), vector.octets, f"{vector.label}: read and written")
    ends = [len(octets_of(ALL[0].records[:i])) for i in range(len(ALL[0].records))]
    for cut in range(1, 200):
        try:
            records_of(ALL[0].octets[:-cut])
            tap.ok(len(ALL[0].octets) - cut in ends, f"cut by {cut} is read")
        except ValueError:
            pass
    tap.equal(text_of(ALL[0].records[0].owner), ALL[0].owner, "the first owner")


def main():
    tap = Tap()
    if not can_test(tap, "prove"):
        return tap.done()
    check_parser(tap)
    with tempfile.TemporaryDirectory(prefix="danepriv-") as folder:
        files = Files(folder)
        for check in (check_forms, check_resigned, check_times, check_questions, check_flips,
                      check_places, check_records, check_strangers, check_framing, check_usage,
                      check_words):
            check(tap, files)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())

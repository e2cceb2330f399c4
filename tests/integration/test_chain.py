#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Does `danepriv chain` build what other validators take, for every name of the test world that
something is proven of, and nothing for the others?"""

import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

import dns.dnssec  # noqa: E402
import dns.name  # noqa: E402
import dns.rdata  # noqa: E402
import dns.rrset  # noqa: E402

import oracle  # noqa: E402
from chain import (CNAME, DENIALS, DNAME, DNSKEY, DS, RRSIG, TLSA, TYPES, above,  # noqa: E402
                   name_of, octets_of, records_of, text_of, way_of, without_set)
from cli import WORKERS, call, call_all, check_no_room, is_sane, program  # noqa: E402
from in_world import run_in_world  # noqa: E402

PROVABLE = ("secure", "denied", "insecure")
KINDS = {TLSA, CNAME, DNAME, DS, DNSKEY, RRSIG, *DENIALS}
RESOLVERS = ("resolver", "authority")  # Unbound, and NSD with all zones
NAME = "ns1.nsec.test"

# What is proven of servers whose names are aliases: a chain is of the name as it was sent.
OWN = {f"{name}.alias.test": what for name, what in {
    "host": ("denied", "no-name"), "three": ("denied", "no-name"), "far": ("denied", "no-name"),
    "toanchor": ("denied", "no-name"), "tonothing": ("denied", "no-name"),
    "tons1": ("secure", "none"), "toinsecure": ("secure", "none"), "tobare": ("secure", "none"),
    "tonowhere": ("secure", "none"), "tobogus": ("secure", "none")}.items()}
# Unbound follows these itself, and answers SERVFAIL.
LOOPS_AT_UNBOUND = ("indeterminate", "query-refused")

# Where getdns 1.6.0 is known to be wrong, or has other rules: zone or name, what it says instead.
ORACLE_DIFFERS = {
    "to2039.test": ("bogus", "a signature that ends after 2038 is bogus to it"),
    "iter51.test": ("bogus", "it has no NSEC3 of more than 50 iterations, and says bogus"),
    "rsa1.test": ("bogus", "a zone of an unsupported algorithm is bogus to it"),
    "unknownalg.test": ("bogus", "a zone of an unknown algorithm is bogus to it"),
    "dsunknown.test": ("bogus", "a zone of an unknown digest type is bogus to it"),
    "any.w.optout.test": ("secure", "it takes opt-out for the proof of a wildcard's answer"),
    "nowhere.nsec.nothere": ("insecure", "what the root itself denies is insecure to it"),
}
# In these zones plain records need no denial, and nothing is unusual.
ORACLE_AGREES = ("ns1.iter51.test",)


@dataclass
class Case:
    """One name, asked for by way of one resolver."""
    name: str
    resolver: str
    status: str
    reason: str
    path: Path
    run: object = None
    records: list = field(default_factory=list)

    @property
    def label(self):
        return f"{self.name} by {self.resolver}"

    @property
    def owner(self):
        return f"_853._tcp.{self.name}."


def arguments(world, name, path, *more, resolver="resolver", anchor="root_dnskey"):
    return ["chain", name, "-o", path, "--resolver", world[resolver]["address"],
            "--anchor", world["anchors"][anchor], *more]


def proving(world, case, path, at):
    return ["prove", "--name", case.name, "--chain", path, "--at", at,
            "--anchor", world["anchors"]["root_dnskey"]]


def all_cases(world, folder):
    wanted = {claim["name"]: (claim["status"], claim["reason"])
              for claim in world["bases"] + world["claims"]} | OWN
    return [Case(name, resolver, *(LOOPS_AT_UNBOUND if what[1] == "alias-loop"
                                   and resolver == "resolver" else what),
                 folder / f"{name}.{resolver}")
            for name, what in wanted.items() for resolver in RESOLVERS]


def build(tap, world, cases):
    """A chain for each name of which something is proven; for others no file, or the old one."""
    for case in cases[::4]:
        case.path.write_bytes(b"earlier")
    rows = [(arguments(world, case.name, case.path, resolver=case.resolver), case)
            for case in cases]
    began = int(time.time())
    for (_, case), case.run in call_all(rows):
        run = case.run
        good = run["status"] == case.status and case.reason in ("", run["reason"] or "none")
        if case.status not in PROVABLE:
            left = case.path.read_bytes() if case.path.exists() else None
            tap.ok(good and run.code == 1 and run["octets"] == 0 and "until" in run.data
                   and run["until"] is None and run["records"] == []
                   and left == (b"earlier" if case in cases[::4] else None),
                   f"{case.label}: nothing is written", run.text, left)
            continue
        tap.ok(good and run.code == 0 and case.path.stat().st_size == run["octets"]
               and began <= run["until"] <= time.time() + 86400 * 7
               and set(run.data) == {"status", "reason", "stream", "upstream_ede", "records",
                                     "octets", "until"},
               f"{case.label}: {case.status}", run.text)
    tap.equal([path.name for path in cases[0].path.parent.iterdir() if "new" in path.suffix], [],
              "nothing is left beside the files")
    return [case for case in cases if case.status in PROVABLE and case.run.code == 0]


def check_prove(tap, world, cases, at):
    """What was built is what `lookup` finds, and is read by `prove`."""
    bases = {base["name"] for base in world["bases"]}
    rows = [(proving(world, case, case.path, at), case) for case in cases]
    looked_up = {case.name: None for case in cases if case.name not in bases}
    calls = [(["lookup", name, "--resolver", world["resolver"]["address"], "--anchor",
               world["anchors"]["root_dnskey"]], name) for name in looked_up]
    for (_, name), run in call_all(calls):
        looked_up[name] = run
    for (_, case), run in call_all(rows):
        keys = ("status", "reason", "records")
        got = [run[key] for key in keys]
        tap.ok(got == [case.run[key] for key in keys] and is_sane(run)
               and run.code == (0 if case.status == "secure" else 1)
               and run["base"].rstrip(".") == case.name and run["owner"] == case.owner
               and run["until"] <= at + 86400 * 7, f"{case.label}: proves the same", case.run.text,
               run.text)
        seen = looked_up.get(case.name)
        if seen:
            tap.ok([sorted(seen[key]) if key == "records" else seen[key] for key in keys]
                   == got[:2] + [sorted(got[2])], f"{case.label}: as a lookup says", seen.text,
                   run.text)


def is_on_the_way(record, places, zones):
    """Does this record belong to a name on the way, or to a denial in a zone above one?"""
    if record.covered in DENIALS:
        return any(len(record.owner) > len(zone) or record.owner == zone for zone in zones
                   if record.owner[len(record.owner) - len(zone):] == zone)
    return record.owner in places or (record.owner[:1] == (b"*",) and record.owner[1:] in places)


def check_content(tap, world, cases):
    """Well-formed, nothing twice, all of it signed, and nothing that has no business there."""
    zone = (Path(world["folder"]) / "zones" / "root.zone").read_text().splitlines()
    root_keys = sum(line.split()[3:4] == ["DNSKEY"] for line in zone if not line.startswith(";"))
    for case in cases:
        try:
            records = records_of(case.path.read_bytes())
            way = way_of(records, name_of(case.owner))
        except ValueError as error:
            tap.ok(False, f"{case.label}: is read", error)
            continue
        case.records = records
        wrong = []
        if len({r.octets for r in records}) != len(records):
            wrong.append("a record twice")
        signed = {r.key for r in records if r.is_signature}
        sets = {r.key for r in records if not r.is_signature}
        if signed != sets:
            wrong.append(f"unsigned, or signatures alone: {signed ^ sets}")
        if sum(r.type == DNSKEY and not r.owner for r in records) != root_keys:
            wrong.append("not all keys of the root")
        if {r.type for r in records} - KINDS or {r.klass for r in records} != {1}:
            wrong.append("types or classes that prove nothing")
        places = {place for name in way for place in above(name)}
        zones = {r.owner for r in records if r.type == DNSKEY}
        wrong += [f"a stranger: {r}" for r in records if not is_on_the_way(r, places, zones)]
        wrong += [f"signed from elsewhere: {r}" for r in records
                  if r.is_signature and r.signer not in zones]
        if case.status == "secure" and not any(
                r.type == TLSA and r.owner in (way[-1], (b"*",) + way[-1][1:],
                                               (b"*",) + way[-1][3:]) for r in records):
            wrong.append("no TLSA records")
        tap.ok(not wrong, f"{case.label}: content", *wrong, *records)


def check_aliases(tap, cases):
    """Aliases of the owner are in the chain: CNAMEs as they are, DNAMEs with no CNAME beside."""
    rows = {"within.alias.test": [CNAME], "across.alias.test": [CNAME], "ns1.d.alias.test": [DNAME],
            "nodata.d.alias.test": [DNAME], "ns1.di.alias.test": [DNAME],
            "any.wide.alias.test": [CNAME], "any.wc.nsec3.test": [CNAME],
            "c0.many.test": [CNAME] * 8, "ns1.alias.test": [], NAME: []}
    for case in cases:
        if case.name in rows:
            tap.equal([r.type for r in case.records if r.type in (CNAME, DNAME)], rows[case.name],
                      f"{case.label}: aliases", *case.records)


def check_minimal(tap, world, cases, at):
    """Nothing can be left out, except keys of the root, which are there to be seen."""
    rows = []
    for case in cases:
        if case.resolver != "authority":
            continue
        rows.append((proving(world, case, case.path, at), case, None))
        for i, key in enumerate(sorted({r.key for r in case.records} - {((), DNSKEY)})):
            path = case.path.with_suffix(f".{i}")
            path.write_bytes(octets_of(without_set(case.records, key)))
            rows.append((proving(world, case, path, at), case, key))
    whole = None
    for (_, case, key), run in call_all(rows):
        if key is None:
            whole = run
            continue
        tap.ok((run["status"], run["reason"]) != (whole["status"], whole["reason"])
               or run["until"] < whole["until"],
               f"{case.name}: not without {text_of(key[0])} {key[1]}", run.text)


def oracle_exception(name):
    """Does another validator say something else of this name?"""
    if name in ORACLE_AGREES:
        return None
    return next((what for place, what in ORACLE_DIFFERS.items()
                 if name == place or name.endswith("." + place)), None)


def check_oracle(tap, world, cases, at):
    """The validator of getdns agrees, but for what is known."""
    rows = [(case.records, case.owner, TLSA, world["anchors"]["root_dnskey"], at)
            for case in cases]
    for case, verdict in zip(cases, oracle.judge_all(rows)):
        exception = oracle_exception(case.name)
        right = {"denied": "secure"}.get(case.status, case.status)
        wanted, why = exception or (right, case.status)
        tap.equal(verdict, wanted, f"getdns: {case.label} is {wanted}: {why}", *case.records)
        if exception:
            tap.ok(wanted != right, f"getdns: {case.label} is an exception")
    names = {case.name for case in cases}
    for place in (*ORACLE_DIFFERS, *ORACLE_AGREES):
        tap.ok(any(name.endswith(place) for name in names), f"getdns: {place} is there")


def check_oracle_refuses(tap, world, cases, at):
    """An oracle that says yes to everything would be none: the same chains, spoilt."""
    one = next(case for case in cases if case.name == NAME)
    anchors = world["anchors"]["root_dnskey"]
    island = world["anchors"]["island_dnskey"]
    spoilt = [(without_set(one.records, key), one.owner, TLSA, anchors, at)
              for key in sorted({r.key for r in one.records} - {(name_of(one.owner), TLSA)})]
    spoilt += [(one.records, one.owner, TLSA, anchors, at + 86400 * 365 * 5),
               (one.records, one.owner, TLSA, anchors, at - 86400 * 365 * 5),
               (one.records, one.owner, TLSA, island, at)]
    for i, verdict in enumerate(oracle.judge_all(spoilt)):
        tap.ok(verdict in ("bogus", "indeterminate"), f"getdns refuses a spoilt chain, {i}",
               verdict)


def dnspython_of(records):
    """RRsets and their signatures, as dnspython has them."""
    def rdata(record):
        return dns.rdata.from_wire("IN", record.type, record.rdata, 0, len(record.rdata))

    def owner(record):
        return dns.name.Name((*record.owner, b""))

    sets, signatures = {}, {}
    for record in records:
        kind = signatures if record.is_signature else sets
        kind.setdefault(record.key, dns.rrset.RRset(owner(record), 1, record.type)).add(
            rdata(record), record.ttl)
    return sets, signatures


def check_signatures(tap, cases, at):
    """Each signature is verified by dnspython, with the keys that are in the chain."""
    known = {}  # the same records are in many chains
    for case in cases:
        sets, signatures = dnspython_of(case.records)
        keys = {rrset.name: rrset for (_, kind), rrset in sets.items() if kind == DNSKEY}
        wrong = []
        for key, group in signatures.items():
            token = tuple(sorted(r.octets for r in case.records if r.key == key))
            if token not in known:
                try:
                    for signature in group:
                        dns.dnssec.validate_rrsig(sets[key], signature, keys, now=at)
                    known[token] = None
                except (dns.dnssec.ValidationFailure, KeyError) as error:
                    known[token] = f"{text_of(key[0])} {key[1]}: {error}"
            wrong += [known[token]] if known[token] else []
        tap.ok(not wrong, f"dnspython: {case.label}", *wrong)


def check_ways(tap, world, folder):
    """Other servers, anchors and spellings."""
    rows = [
        ((NAME + ".",), {}, "secure", "a final dot"),
        ((NAME.upper(),), {}, "secure", "capitals"),
        ((NAME, "--port", "853"), {}, "secure", "the port by number"),
        ((NAME, "--port", "854"), {}, "denied", "another port"),
        ((NAME, "--transport", "dtls"), {}, "denied", "another transport"),
        ((NAME,), {"anchor": "root_ds"}, "secure", "an anchor made of DS"),
        (("ns1.island.insecure.test",), {"anchor": "island_dnskey"}, "secure", "an island"),
        (("ns1.island.insecure.test",), {"anchor": "island_ds"}, "secure", "an island, by DS"),
    ]
    calls = [(arguments(world, what[0], folder / f"way{i}", *what[1:], **options), status, label,
              folder / f"way{i}")
             for i, (what, options, status, label) in enumerate(rows)]
    for (_, status, label, path), run in call_all(calls):
        tap.ok(run.code == 0 and run["status"] == status, f"chain: {label}", run.text)
        records = records_of(path.read_bytes())
        top = min((r.owner for r in records if r.type == DNSKEY), key=len)
        tap.equal(text_of(top).lstrip("."), "island.insecure.test." if "island" in label else "",
                  f"chain: {label}: up to the anchor")


def check_explained(tap, world, folder):
    """Its records, each with what the file has of it; and as a tree, from the top."""
    path = folder / "explained"
    run = call(*arguments(world, NAME, path, "--explain"))
    records = records_of(path.read_bytes())
    tap.equal([(r["owner"], TYPES[r["type"]], r["ttl"]) for r in run["chain"]],
              [(text_of(r.owner), r.type, r.ttl) for r in records], "explained: in order", run.text)
    signed = [(r["covered"], r["signer"], r["key_tag"], r["algorithm"], r["expiration"])
              for r in run["chain"] if r["type"] == "RRSIG"]
    tap.equal([(TYPES[covered], *more) for covered, *more in signed],
              [(r.covered, text_of(r.signer), int.from_bytes(r.rdata[16:18], "big"), r.rdata[2],
                r.expiration) for r in records if r.is_signature], "explained: signatures", run.text)
    tap.equal({(r["status"], r["reason"]) for r in run["chain"]}, {("secure", None)},
              "explained: all is proven", run.text)
    done = subprocess.run([program(), *map(str, arguments(world, NAME, path, "--explain"))],
                          capture_output=True, text=True, check=False)
    lines = [line.split(":")[0] for line in done.stdout.split("build anew by: ")[1].splitlines()[1:]]
    tree = [line.rstrip("0123456789 ") for line in lines]
    tap.equal(tree, [". DNSKEY", "  test. DS", "  test. DNSKEY", "    nsec.test. DS",
                     "    nsec.test. DNSKEY", f"      _853._tcp.{NAME}. TLSA"],
              "explained: as a tree", done.stdout)
    tag = next(r["key_tag"] for r in run["chain"] if r["covered"] == "TLSA")
    told = f"TLSA: secure, by nsec.test. {tag}, 20"
    tap.ok(told in done.stdout, "explained: by whom", done.stdout)
    run = call(*without_file(arguments(world, NAME, path, "--explain")))
    tap.ok(run.code == 0 and len(run["chain"]) == len(records), "explained: no file is needed",
           run.text)
    run = call(*without_file(arguments(world, "ns1.wrongds.test", path, "--explain")))
    tap.ok(run.code == 1 and run["chain"] == [], "explained: nothing that is not proven", run.text)


def without_file(argv):
    return argv[:2] + argv[4:]


def check_failures(tap, world, folder):
    """Exit 4 when nobody answers or nothing can be written, 2 for what makes no sense."""
    old = folder / "old"
    old.write_bytes(b"earlier")
    asked = ["--anchor", world["anchors"]["root_ds"]]
    good = [NAME, "--resolver", world["resolver"]["address"], *asked]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        nobody = f"127.0.0.1@{silent.getsockname()[1]}"
        closed = world["servers"]["closed"]["address"]
        rows = [
            ([NAME, "-o", old, "--resolver", nobody, "--timeout", "1", *asked], 4, "silence"),
            ([NAME, "-o", old, "--resolver", closed, "--timeout", "1", *asked], 4,
             "nobody is there"),
            ([*good, "-o", folder / "none" / "x"], 4, "no such folder"),
            ([*good, "-o", folder], 4, "a folder in place of a file"),
            ([*good, "-o", old / "x"], 4, "a file in place of a folder"),
            ([*good, "-o", folder / ("x" * 300)], 4, "a file name too long"),
            ([*good, "-o", "/" + "x/" * 2500 + "x"], 4, "a path too long"),
            ([*good, "-o", "/dev/full"], 4, "a device that is full"),
            ([*good, "-o", ""], 4, "a file without a name"),
            ([*good, "-o", old, "--negative-anchor", "nsec.test"], 1, "taken for unsigned"),
            ([*good], 2, "no file"),
            ([*good, "-o", old, "-o", old], 2, "two files"),
            (good[1:] + ["-o", old], 2, "no name"),
            (["a..b", *good[1:], "-o", old], 2, "an empty label"),
            (["192.0.2.1", *good[1:], "-o", old], 2, "an address"),
            ([*good, NAME, "-o", old], 2, "two names"),
            ([*good, "-o", old, "--port", "0"], 2, "port 0"),
            ([*good, "-o", old, "--transport", "tls"], 2, "an unknown transport"),
            ([*good, "-o", old, "--at", "1"], 2, "an option of others"),
            ([NAME, "-o", old, "--resolver", "here", *asked], 2, "a resolver that is none"),
            ([*good[:3], "-o", old, "--anchor", old], 2, "an anchor file that holds none"),
        ]
        for (_, code, what), run in call_all([(["chain", *row[0]], *row[1:]) for row in rows]):
            tap.equal(run.code, code, f"exit {code}: {what}", run.text)
            if "resolver" not in what and run["status"] is None:
                tap.equal(run.text.count("\n"), 2, f"one line: {what}", run.text)
    tap.equal(old.read_bytes(), b"earlier", "the old file is as it was")
    tap.ok(not list(folder.glob("*.new")) and Path("/dev/full").is_char_device(),
           "nothing is left, nothing is replaced", *folder.iterdir())


def check_whole(tap, world, folder):
    """FILE is the old one or the new one, never half of it."""
    path = folder / "half"
    argv = arguments(world, NAME, path)
    check_no_room(tap, argv, path)
    path.write_bytes(b"earlier")
    check_no_room(tap, argv, path)
    crowd = folder / "crowd"
    seen = set()
    with ThreadPoolExecutor(WORKERS) as pool:
        runs = [pool.submit(call, *arguments(world, name, crowd))
                for name in [NAME, "ns1.rsa256.test"] * 12]
        while not all(run.done() for run in runs):
            if crowd.exists():
                seen.add(crowd.read_bytes())
    tap.ok(all(run.result().code == 0 for run in runs), "many at once: all are well",
           *(run.result().text for run in runs))
    sizes = {run.result()["octets"] for run in runs}
    seen.add(crowd.read_bytes())
    tap.ok({len(octets) for octets in seen} <= sizes, "many at once: whole chains only", sizes,
           sorted(map(len, seen)))


def check_words(tap, world, folder):
    """For people: facts one a line.  Into a pipe: the chain itself."""
    path = folder / "words"
    argv = [program(), *map(str, arguments(world, NAME, path))]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    lines = done.stdout.splitlines()
    tap.ok(done.returncode == 0 and lines[0].startswith("status: secure")
           and f"octets: {path.stat().st_size}" in lines
           and any(line.startswith("build anew by: ") for line in lines), "words", done.stdout)
    piped = subprocess.run([*argv[:3], "-o", "/dev/stderr", *argv[5:]], capture_output=True,
                           check=False)
    tap.ok(piped.returncode == 0 and sorted(r.octets for r in records_of(piped.stderr))
           and len(piped.stderr) == path.stat().st_size, "into a pipe", piped.stdout, piped.stderr)
    with open("/dev/full", "w", encoding="ascii") as full:
        done = subprocess.run(argv, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    tap.ok(done.returncode not in (0, 1) and done.stderr.count("\n") == 1, "stdout is full",
           done.returncode, done.stderr)


def test_all(tap, world, folder):
    chains = folder / "chains"
    chains.mkdir()
    built = build(tap, world, all_cases(world, chains))
    at = int(time.time())
    check_prove(tap, world, built, at)
    check_content(tap, world, built)
    for check in (check_minimal, check_oracle, check_oracle_refuses):
        check(tap, world, built, at)
    check_aliases(tap, built)
    check_signatures(tap, built, at)
    for check in (check_ways, check_explained, check_failures, check_whole, check_words):
        check(tap, world, chains)


if __name__ == "__main__":
    sys.exit(run_in_world("chain", test_all))

#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Does `danepriv anchor` print the keys of a zone, and say so where nothing proves them?  And what is
said where a resolver answers for private zones by itself?"""

import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from cli import call, call_all, program  # noqa: E402
from in_world import run_in_world  # noqa: E402

REVERSE, ADDRESS = "2.1.168.192.in-addr.arpa.", "192.168.1.2"
REVERSE_SIX, ADDRESS_SIX = "8.b.d.0.1.0.0.2.ip6.arpa.", "2001:db8::53"
ISLAND = "island.insecure.test."
UNPROVEN = "NOT PROVEN"


def arguments(world, zone, *more, resolver="resolver", anchor="root_dnskey", timeout=5):
    return ["anchor", zone, "--resolver", world[resolver]["address"], "--timeout", timeout,
            "--anchor", world["anchors"].get(anchor, anchor), *more]


def words(*args):
    return subprocess.run([program(), *map(str, args)], capture_output=True, text=True, check=False,
                          stdin=subprocess.DEVNULL)


def last_fields(lines, kind):
    """What is behind the type; blanks within the data do not count."""
    return sorted(" ".join(line.split(f" {kind} ")[1].split()[:3]) + " "
                  + "".join(line.split(f" {kind} ")[1].split()[3:]) for line in lines)


def published(world, label, kind):
    path = Path(world["anchors"][f"{label}_{kind.lower()}"])
    return [line.upper() if kind == "DS" else line for line in path.read_text().splitlines()]


def good(tap, world):
    """Proven: by signatures that lead there, or by an anchor that is known already."""
    rows = [
        ("nsec.test", {}, 1), ("NSEC.Test.", {}, 1), ("nsec3.test", {}, 1), ("test", {}, 1),
        ("optout.test", {}, 1), ("rsa256.test", {}, 1), ("p384.test", {}, 1),
        ("ed25519.test", {}, 1), ("split.test", {}, 1), ("double.test", {}, 2),
        ("algorithms.test", {}, 2), ("revoked.test", {}, 1), ("signed.optout.test", {}, 1),
        ("deep.a.b.c.d.test", {}, 1), ("nsec.test", {"resolver": "authority"}, 1),
        ("_tcp.ns1.cut.test", {}, 1),
        (REVERSE, {"anchor": "all"}, 1), (ADDRESS, {"anchor": "all"}, 1),
        (REVERSE_SIX, {"anchor": "reverse6_ds"}, 1), (ISLAND, {"anchor": "island_ds"}, 1),
    ]
    calls = [(arguments(world, zone, **way), zone, way, count) for zone, way, count in rows]
    for (_, zone, way, count), run in call_all(calls):
        keys = run["keys"] or []
        tap.equal((run.code, run["proven"], len(keys)), (0, True, count),
                  f"proven: {zone} {way}", run.text)
        tap.ok(UNPROVEN not in run.text and run["until"], f"nothing is loud: {zone} {way}",
               run.text)


def unproven(tap, world):
    """Printed, and loudly."""
    rows = [
        (REVERSE, {}, [], "delegation-unsigned"),
        (REVERSE, {"resolver": "authority"}, [], "delegation-unsigned"),
        (REVERSE, {"anchor": "island_ds"}, [], "no-anchor"),
        (REVERSE, {}, ["--negative-anchor", "."], "negative-anchor"),
        (REVERSE_SIX, {}, [], "delegation-unsigned"),
        (REVERSE_SIX, {"anchor": "reverse_ds"}, [], "no-anchor"),
        (ADDRESS, {}, [], "delegation-unsigned"),
        (ISLAND, {}, [], "delegation-unsigned"),
        ("nsec.test", {"anchor": "reverse_ds"}, [], "no-anchor"),
        ("nsec.test", {}, ["--negative-anchor", "test"], "negative-anchor"),
        ("wrongds.test", {}, ["--negative-anchor", "wrongds.test"], "negative-anchor"),
        ("unknownalg.test", {}, [], "algorithm-unsupported"),
    ]
    calls = [(arguments(world, zone, *more, **way), zone, way, more, reason)
             for zone, way, more, reason in rows]
    for (asked, zone, way, more, reason), run in call_all(calls):
        what = f"{zone} {way} {' '.join(more)}"
        tap.equal((run.code, run["proven"], len(run["keys"] or []), run["reason"], run["until"]),
                  (1, False, 1, reason, None), f"not proven: {what}", run.text)
        done = words(*asked)
        lines = done.stdout.splitlines()
        first = next((i for i, line in enumerate(lines) if line[:1] != ";"), 0)
        tap.ok(first > 0 and all(UNPROVEN in line for line in lines[:first])
               and "made them up" in done.stdout, f"said before the keys: {what}", done.stdout)
        tap.ok(done.returncode == 1 and done.stderr.count(UNPROVEN) == 2 and
               "made them up" in done.stderr, f"and on standard error: {what}", done.stderr)


def refused(tap, world):
    """Nothing is printed."""
    closed = {"address": world["servers"]["closed"]["address"]}
    rows = [
        ("wrongds.test", {}, 1, "bogus", "no key"),
        ("expired.test", {}, 1, "bogus", "expired"),
        ("future.test", {}, 1, "bogus", "not valid yet"),
        ("child.expired.test", {}, 1, "bogus", "expired"),
        ("unsigned.test", {}, 1, "bogus", "no anchor of"),
        ("revokedds.test", {}, 1, "bogus", "no anchor of"),
        ("ns1.nsec.test", {}, 1, "secure", "no zone"),
        ("bare.nsec.test", {}, 1, "denied", "no zone"),
        ("nothere.nsec3.test", {}, 1, "denied", "no zone"),
        ("nothere", {}, 1, "denied", "no zone"),
        ("insecure.test", {}, 1, "insecure", "not signed"),
        ("arpa", {}, 1, "insecure", "not signed"),
        ("nothere.insecure.test", {}, 1, "insecure", "not signed"),
        ("rsa1.test", {}, 1, "insecure", "do not prove it"),
        ("expired.test", {"anchor": "reverse_ds"}, 1, "indeterminate", "do not prove it"),
        ("stripped.test", {"anchor": "reverse_ds"}, 1, "indeterminate", "do not prove it"),
        ("unsigned.test", {"anchor": "reverse_ds"}, 1, "indeterminate", "no key of the zone came"),
        ("3.1.168.192.in-addr.arpa", {}, 1, "insecure", "by themselves"),
        (REVERSE, {"resolver": "stock"}, 1, "insecure", "by themselves"),
        (REVERSE, {"resolver": "stock", "anchor": "all"}, 1, "bogus", "by themselves"),
        (REVERSE_SIX, {"resolver": "stock"}, 1, "insecure", "by themselves"),
        ("nsec.test", {"resolver": "closed", "timeout": 1}, 4, "indeterminate", "no answer"),
    ]
    calls = [(arguments(world | {"closed": closed}, zone, **way), zone, way, code, status, said)
             for zone, way, code, status, said in rows]
    for (_, zone, way, code, status, said), run in call_all(calls):
        what = f"{zone} {way}"
        tap.equal((run.code, run["proven"], run["keys"], run["status"]), (code, False, [], status),
                  f"no keys: {what}", run.text)
        tap.ok(said in run.text, f"why: {what}", run.text)


def usage(tap, world):
    rows = [["anchor"], ["anchor", "a.test", "b.test"], arguments(world, "a..b"),
            arguments(world, "."), arguments(world, "x" * 64), arguments(world, "nseç.test"),
            arguments(world, "nsec.test", anchor="/nonexistent"),
            arguments(world, "nsec.test", "--transport", "dot"),
            arguments(world, "nsec.test", "--resolver", "127.0.0.1"),
            ["anchor", "nsec.test", "--resolver", "nowhere"]]
    for (asked,), run in call_all([(row,) for row in rows]):
        tap.ok(run.code == 2 and not run.data, f"exit 2: {asked[1:2]} {asked[-2:]}", run.text)


def used(tap, world, folder):
    """What was printed is an anchor: for our own programs, and what BIND's tools made is the same."""
    for zone, label, address in ((REVERSE, "reverse", ADDRESS),
                                 (REVERSE_SIX, "reverse6", ADDRESS_SIX)):
        done = words(*arguments(world, zone))
        lines = [line for line in done.stdout.splitlines() if line[:1] != ";"]
        for kind in ("DNSKEY", "DS"):
            got = [line for line in lines if f" {kind} " in line]
            tap.equal(last_fields(got, kind), last_fields(published(world, label, kind), kind),
                      f"{zone}: {kind} as it was published", done.stdout)
            path = folder / f"{label}.{kind}"
            path.write_text("\n".join(got) + "\n")
            run = call("lookup", address, "--transport", "ipsec", "--anchor", path, "--resolver",
                       world["resolver"]["address"])
            tap.equal((run.code, run["status"]), (0, "secure"), f"{zone}: {kind} is an anchor",
                      run.text)
        path = folder / label
        path.write_text(done.stdout)
        run = call("lookup", address, "--transport", "ipsec", "--anchor", path, "--resolver",
                   world["resolver"]["address"])
        tap.equal((run.code, run["status"]), (0, "secure"), f"{zone}: all of it", run.text)


def served_locally(tap, world):
    """A stock resolver answers for such zones by itself: the reason says so, and what to set."""
    for address, anchor in ((ADDRESS, "reverse_ds"), (ADDRESS, "all"), ("192.168.1.2", "all"),
                            (ADDRESS_SIX, "reverse6_ds"), (ADDRESS_SIX, "all")):
        asked = ["lookup", address, "--transport", "ipsec", "--anchor", world["anchors"][anchor],
                 "--resolver"]
        stock = call(*asked, world["stock"]["address"])
        tap.equal((stock.code, stock["status"], stock["reason"], stock["ede"]),
                  (1, "bogus", "served-locally", 9), f"{address} by {anchor}: a stock resolver",
                  stock.text)
        done = words(*asked, world["stock"]["address"])
        tap.ok("built-in" in done.stdout and "nodefault" in done.stdout,
               f"{address} by {anchor}: what to set", done.stdout)
        told = call(*asked, world["resolver"]["address"])
        tap.equal((told.code, told["status"]), (0, "secure"),
                  f"{address} by {anchor}: one that is told to ask", told.text)
    for address in (ADDRESS, ADDRESS_SIX):
        cert = world["servers"]["ns1"]["certificate"]
        for mode in ("strict", "opportunistic"):
            run = call("check", address, "--transport", "ipsec", "--cert", cert, "--mode", mode,
                       "--anchor", world["anchors"]["all"], "--resolver",
                       world["stock"]["address"])
            tap.equal((run.code, run["decision"], run["finding"]), (1, "refuse", "bogus"),
                      f"check {address}, {mode}: refused", run.text)


def test_all(tap, world, folder):
    for test in (good, unproven, refused, usage, served_locally):
        test(tap, world)
    used(tap, world, folder)


if __name__ == "__main__":
    sys.exit(run_in_world("anchor", test_all))

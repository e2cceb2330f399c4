#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Does a resolver that lies ever get more out of `danepriv lookup` than a failure?

For every lie and every name: the truth, bogus or indeterminate; never a record that was not
published, never an end other than by an exit code.  Where the table says so, exactly one of them.
"""

import sys
import time
from itertools import chain
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from cli import call, call_all, is_sane, words  # noqa: E402
from in_world import run_in_world  # noqa: E402
from keytrap import HashTrap, Trap  # noqa: E402
from liar import Liars  # noqa: E402
from lies import LIES, MONTH  # noqa: E402

PRESENT, DENIED, WILD = "ns1.nsec.test", "bare.nsec.test", "any.w.nsec.test"
UNSIGNED = "ns1.insecure.test"
TRUTH = {PRESENT: "secure", "ns1.nsec3.test": "secure", DENIED: "denied",
         "nodata.nsec3.test": "denied", WILD: "secure", "any.w.nsec3.test": "secure",
         "within.alias.test": "secure", "ns1.d.alias.test": "secure", UNSIGNED: "insecure",
         "bare.optout.test": "insecure", "ns1.expired.test": "bogus"}

# lie: what PRESENT, DENIED, WILD and UNSIGNED come to; a dot where only the rule above holds (that
# DENIED does not exist may also be learnt from the answers about its zone cuts)
EXACT = {
    "honest": "secure denied secure insecure",
    "inflated-ttl": "secure denied secure insecure",
    "junk-record": "secure denied secure insecure",
    "shuffled": "secure denied secure insecure",
    "odd-case": "secure denied secure insecure",
    "padded-to-64k": "secure denied secure insecure",
    "forged-records": "bogus denied bogus insecure",
    "added-record": "bogus denied bogus insecure",
    "injected-records": "bogus . bogus insecure",
    "other-name": "bogus . bogus .",
    "unsigned-alias": "bogus . bogus .",
    "alias-loop": "bogus . bogus .",
    "wrong-label-count": "bogus bogus bogus bogus",
    "broken-signatures": "bogus bogus bogus bogus",
    "own-keys": "bogus bogus bogus insecure",
    "added-key": "bogus bogus bogus insecure",
    "stripped": "bogus bogus bogus bogus",
    "stripped-records": "bogus . bogus insecure",
    "no-ds": "bogus bogus bogus insecure",
    "no-ds-by-sibling": "bogus bogus bogus insecure",
    "no-ds-by-child": "bogus bogus bogus insecure",
    "unknown-ds": "bogus bogus bogus .",
    "nxdomain": "bogus . bogus insecure",
    "nodata": "bogus . bogus insecure",
    "nxdomain-by-ancestor": "bogus . bogus insecure",
    "nxdomain-by-dname": "bogus . bogus insecure",
    "nodata-by-parent": "bogus . bogus insecure",
    "nodata-by-neighbour": "bogus . bogus insecure",
    "nxdomain-by-optout": "bogus . bogus insecure",
    "no-proofs": "secure bogus bogus bogus",
    "open-proofs": "secure bogus bogus bogus",
    "stripped-over-udp": "secure denied secure insecure",
    "stripped-records-over-udp": "secure denied secure insecure",
    "no-proofs-over-udp": "secure denied secure insecure",
    "open-proofs-over-udp": "secure denied secure insecure",
    "servfail-with-word": "indeterminate indeterminate indeterminate indeterminate",
    "servfail-on-tlsa": "indeterminate . indeterminate .",
    "refused-on-tlsa": "indeterminate . indeterminate .",
    "formerr-on-tlsa": "indeterminate . indeterminate .",
    "timeout-on-tlsa": "indeterminate . indeterminate .",
    "timeout-on-ds": "indeterminate indeterminate indeterminate indeterminate",
    "servfail-on-dnskey": "indeterminate indeterminate indeterminate indeterminate",
    "timeout-on-dnskey": "indeterminate indeterminate indeterminate indeterminate",
    "servfail-on-all": "indeterminate indeterminate indeterminate indeterminate",
    "refused-on-all": "indeterminate indeterminate indeterminate indeterminate",
    "formerr-on-all": "indeterminate indeterminate indeterminate indeterminate",
    "timeout-on-all": "indeterminate indeterminate indeterminate indeterminate",
    "wrong-id": "indeterminate indeterminate indeterminate indeterminate",
    "wrong-question": "indeterminate indeterminate indeterminate indeterminate",
    "garbage": "indeterminate indeterminate indeterminate indeterminate",
    "tiny": "indeterminate indeterminate indeterminate indeterminate",
    "always-truncated": "indeterminate indeterminate indeterminate indeterminate",
    "compression-loop": "indeterminate indeterminate indeterminate indeterminate",
}
SLOW = ("timeout", "wrong-id", "tiny")  # the program has to wait in vain
ALLOWED_BESIDE_TRUTH = ("bogus", "indeterminate")


def exact(lie, name):
    """The one status that the table wants, or None."""
    columns = (PRESENT, DENIED, WILD, UNSIGNED)
    if lie not in EXACT or name not in columns:
        return None
    word = EXACT[lie].split()[columns.index(name)]
    return None if word == "." else word


def rows_for(places, anchor):
    for lie, place in places.items():
        is_slow = lie.startswith(SLOW)
        for name in (PRESENT, UNSIGNED) if is_slow else TRUTH:
            yield (["lookup", name, "--resolver", place, "--anchor", anchor,
                    "--timeout", "1" if is_slow else "10"], lie, name)


def check_lies(tap, world, places):
    """Every lie about every name."""
    published = world["servers"]["ns1"]["tlsa"]
    rows = list(rows_for(places, world["anchors"]["root_dnskey"]))
    slow = [row for row in rows if row[1].startswith(SLOW)]
    quick = [row for row in rows if row not in slow]
    for (_, lie, name), run in chain(call_all(quick), call_all(slow, len(slow))):
        got, wanted = run["status"], exact(lie, name)
        allowed = [wanted] if wanted else [TRUTH[name], *ALLOWED_BESIDE_TRUTH]
        is_true = got != "secure" or run["records"] == published
        tap.ok(is_sane(run) and got in allowed and is_true and (run.code == 0) == (got == "secure"),
               f"{lie}: {name} is {' or '.join(dict.fromkeys(allowed))}",
               f"got {got}, exit code {run.code}", run.text)


def check_until(tap, world, places):
    """A TTL of a month over a signed one of five minutes."""
    run = call("lookup", PRESENT, "--resolver", places["inflated-ttl"],
               "--anchor", world["anchors"]["root_dnskey"])
    left = (run["until"] or 0) - time.time()
    tap.ok(run.code == 0 and left <= 305 < MONTH, "inflated-ttl: until is capped",
           f"{left:.0f} s", run.text)


def check_carriage(tap, world, places):
    """What came of TCP, and the resolver's own word."""
    for lie, stream, word, text in (
            ("honest", None, None, ""), ("stripped-over-udp", "answered", None, ""),
            ("stripped", "answered", None, "over TCP"), ("broken-signatures", None, None, "EDE 6"),
            ("servfail-with-word", None, 9, "EDE 22"), ("servfail-with-word", None, 9, "EDE 9")):
        row = ["lookup", PRESENT, "--resolver", places[lie], "--anchor",
               world["anchors"]["root_dnskey"]]
        run, told = call(*row), words(*row)
        tap.ok((run["stream"], run["upstream_ede"]) == (stream, word) and text in told,
               f"{lie}: over TCP {stream}, the resolver says {word}, and so in words", run.text, told)


def check_traps(tap, folder):
    """What is dear to validate ends in a limit, and soon."""
    huge = (1 << 2000) | 1
    deep = ".".join(["a"] * 100) + ".trap"
    traps = [
        ("forty colliding keys, forty signatures", Trap(40, 40), "ns1.trap"),
        ("one key, two hundred signatures", Trap(1, 200), "ns1.trap"),
        ("two hundred colliding keys, one signature", Trap(200, 1), "ns1.trap"),
        ("huge exponents", Trap(40, 40, exponent=huge), "ns1.trap"),
        ("a thousand DS, sixty keys", Trap(ds=1000), "ns1.child.trap"),
        ("fifty iterations of a hundred labels", HashTrap(), deep),
        ("no iterations, a hundred labels", HashTrap(iterations=0), deep),
    ]
    for what, trap, name in traps:
        anchor = folder / "trap.anchor"
        anchor.write_text(trap.anchor)
        with Liars(trap, {"trap": LIES["honest"]}) as places:
            started = time.monotonic()
            run = call("lookup", name, "--resolver", places["trap"], "--anchor", anchor)
            took = time.monotonic() - started
        tap.ok(is_sane(run) and run["status"] == "bogus", f"keytrap: {what}: bogus",
               f"got {run['status']}", run.text[:2000])
        # a limit, or keys that are not even imported because their exponent is too large
        tap.ok(str(run["reason"]).startswith("limit-") or "huge" in what,
               f"keytrap: {what}: a limit says so", run["reason"])
        tap.ok(took < 60, f"keytrap: {what}: it ends", f"{took:.1f} s")


def test_all(tap, world, folder):
    with Liars(world["resolver"]["address"]) as places:
        check_lies(tap, world, places)
        check_until(tap, world, places)
        check_carriage(tap, world, places)
    check_traps(tap, folder)


if __name__ == "__main__":
    sys.exit(run_in_world("lookup", test_all))

#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Does `danepriv lookup` say of every name in the test world what is true?"""

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from cli import call, call_all, is_sane  # noqa: E402
from in_world import run_in_world  # noqa: E402

NAME = "ns1.nsec.test"
REVERSE = "2.1.168.192.in-addr.arpa"
# Once Unbound has learnt that an alias ends nowhere it says that nothing is below the alias either.
BELOW_NOTHING = "tonowhere.alias.test"
LOOPS_AT_UNBOUND = {"status": "indeterminate", "reason": "query-refused"}  # it answers SERVFAIL


def arguments(world, name, *more, resolver="resolver", anchor="root_dnskey"):
    """The call for one name; an anchor is a label of world.json, or a file."""
    return ["lookup", name, "--resolver", world[resolver]["address"],
            "--anchor", world["anchors"].get(anchor, anchor), *more]


def check_claims(tap, world):
    """Every claim, with its reason where one is claimed."""
    claims = [claim | LOOPS_AT_UNBOUND if claim["reason"] == "alias-loop" else claim
              for claim in world["claims"]]
    rows = [(arguments(world, claim["name"]), claim) for claim in claims]
    for (_, claim), run in call_all(rows):
        wanted = [claim["status"], 0 if claim["status"] == "secure" else 1]
        got = [run["status"], run.code]
        if claim["reason"]:
            wanted.append(claim["reason"])
            got.append(run["reason"] or "none")
        tap.equal(got, wanted, f"{claim['name']} is {claim['status']}", run.text)


def check_bases(tap, world):
    """Under which name the keys of an alias are found, by a resolver and by bare servers."""
    rows = [(arguments(world, row["name"], resolver=resolver), row, resolver)
            for row in world["bases"] for resolver in ("resolver", "authority")
            if (row["name"], resolver) != (BELOW_NOTHING, "resolver")]
    for (_, row, resolver), run in call_all(rows):
        tap.equal((run["status"], run["reason"] or "none", run["base"]),
                  (row["status"], row["reason"], row["base"] + "."),
                  f"{row['name']} by {resolver}: {row['about']}", run.text)


def check_ways(tap, world):
    """The same name by other ways: anchors, resolvers, spellings."""
    six = world["resolver"]["address6"]
    rows = [
        (arguments(world, NAME, anchor="root_ds"), "an anchor made of DS"),
        (arguments(world, NAME + "."), "a final dot"),
        (arguments(world, NAME.upper()), "capitals"),
        (arguments(world, NAME, "--port", "853"), "the port by number"),
        (arguments(world, "_853._tcp." + NAME), "the owner of the records"),
        (arguments(world, NAME, resolver="authority"), "an authoritative server as resolver"),
        (arguments(world, NAME, "--transport", "ipsec"), "IPSECA"),
        (arguments(world, REVERSE, "--transport", "ipsec", anchor="all"),
         "IPSECA of an address, with an anchor for its reverse zone"),
        (arguments(world, "192.168.1.2", "--transport", "ipsec", anchor="all"),
         "IPSECA of an address as such"),
        (arguments(world, NAME, "--transport", "doq", "--label", "_tcp"), "another label"),
        (arguments(world, NAME, "--transport", "doh", "--port", "853"), "another transport"),
        (arguments(world, NAME, "--name-server"), "a name that is no alias"),
        (arguments(world, "ns1.island.insecure.test", anchor="island_dnskey"),
         "an island with its own anchor"),
        (arguments(world, "ns1.island.insecure.test", anchor="island_ds"),
         "an island with its own anchor, as DS"),
    ]
    for (_, what), run in call_all(rows):
        tap.equal((run.code, run["status"]), (0, "secure"), f"secure by {what}", run.text)
    if six:
        run = call("lookup", NAME, "--resolver", six, "--anchor", world["anchors"]["root_ds"])
        tap.equal(run.code, 0, "secure over IPv6", run.text)
    else:
        tap.skip("secure over IPv6", "no IPv6 here")


def check_records(tap, world):
    """The records are those that were published, and all of them."""
    for label in ("ns1", "rollover", "fullcert", "ns8"):
        server = world["servers"][label]
        run = call(*arguments(world, server["name"]))
        tap.equal(sorted(run["records"] or []), sorted(server["tlsa"]), f"records of {label}",
                  run.text)
    run = call(*arguments(world, "ns1.many.test"))
    tap.equal(len(run["records"] or []), 100, "a hundred records over TCP", run.text)
    port = world["servers"]["ns1"]["address"].split("@")[1]
    run = call(*arguments(world, "ns1.example.test", "--port", port))
    tap.equal(run.code, 0, "records at another port's name", run.text)


def check_owners(tap, world):
    """JSON tells whose records were asked for."""
    rows = [("192.168.1.2", ["--transport", "ipsec"], "_53.2.1.168.192.in-addr.arpa."),
            (NAME, ["--transport", "doh3"], f"_443._quic.{NAME}."),
            (NAME, ["--transport", "doq", "--port", "8"], f"_8._quic.{NAME}."),
            (NAME, ["--transport", "dtls"], f"_853._udp.{NAME}."),
            (NAME, ["--transport", "doh3", "--label", "_udp"], f"_443._udp.{NAME}.")]
    for name, more, owner in rows:
        run = call(*arguments(world, name, *more, anchor="all"))
        tap.equal((run["name"], run["owner"]), (name, owner), f"owner of {name} {' '.join(more)}",
                  run.text)


def check_until(tap, world):
    """How long they may be kept: never beyond the TTL that was signed."""
    rows = [("zero.ttl.test", 0, 5), ("ns1.nsec.test", 0, 305), ("ns1.to2039.test", 0, 305),
            ("week.ttl.test", 0, 305)]
    for name, least, most in rows:
        run = call(*arguments(world, name))
        left = (run["until"] or 0) - time.time()
        tap.ok(least - 5 <= left <= most, f"until of {name}", f"{left:.0f} s", run.text)


def check_places(tap, world):
    """Where the proof breaks, in whose zone; and how long caches may hold what is there."""
    rows = [("ns1.wrongds.test", "wrongds.test. DNSKEY wrongds.test."),
            ("ns1.dsunknown.test", "dsunknown.test. DS test."),
            ("ns1.child.expired.test", "child.expired.test. DS expired.test."),
            ("ns1.bogus.test", "_853._tcp.ns1.bogus.test. TLSA bogus.test."),
            ("ns1.island.insecure.test", "insecure.test. DS test."),
            ("ns2.cut.test", "_tcp.ns2.cut.test. DS cut.test."),
            ("flood.many.test", "_853._tcp.flood.many.test. TLSA many.test."),
            (NAME, None), ("nowhere.nsec.nothere", None)]
    for (_, wanted), run in call_all([(arguments(world, name), at) for name, at in rows]):
        place = run["place"] and " ".join(run["place"].values())
        tap.equal(place, wanted, f"place: {wanted}", run.text)
    for name, ttl in (("zero.ttl.test", 0), ("week.ttl.test", 604800), ("ns2.cut.test", None)):
        run = call(*arguments(world, name))
        tap.equal(run["ttl"], ttl, f"TTL of {name}", run.text)
    nobody = world["servers"]["closed"]["address"]
    run = call("lookup", NAME, "--resolver", nobody, "--anchor", world["anchors"]["root_ds"],
               "--timeout", "2")
    tap.ok(run["place"] and run["place"]["zone"], "place: nobody answers", run.text)


def check_loops(tap, world):
    """A resolver that answers with half a loop leaves it to us to find the other half."""
    for name in ("loop", "self"):
        run = call(*arguments(world, f"{name}.alias.test", resolver="authority"))
        tap.equal((run["status"], run["reason"]), ("bogus", "alias-loop"), f"{name} is found",
                  run.text)


def check_negative(tap, world):
    """What the operator takes back is insecure, there and below, and nothing else is."""
    negative = "--negative-anchor"
    signed, broken = (0, "secure", "none"), (1, "bogus", "dnskey-missing")
    taken = (1, "insecure", "negative-anchor")
    rows = [
        ("ns1.wrongds.test", [], broken),
        ("ns1.wrongds.test", [negative, "wrongds.test"], taken),
        ("ns1.wrongds.test", [negative, "WrongDS.test."], taken),
        ("ns1.wrongds.test", [negative, "test"], taken),
        ("ns1.wrongds.test", [negative, "."], taken),
        ("ns1.wrongds.test", [negative, "wrongds.test.example"], broken),
        ("ns1.wrongds.test", [negative, "ngds.test"], broken),
        ("ns1.wrongds.test", [negative, "nsec.test"], broken),
        ("ns1.wrongds.test", [negative, "nsec.test", negative, "wrongds.test"], taken),
        (NAME, [negative, "wrongds.test"], signed),
        (NAME, [negative, "ns1.nsec.test"], taken),
        (NAME, [negative, "_tcp.ns1.nsec.test"], taken),
        (NAME, [negative, "ns2.nsec.test"], signed),
    ]
    calls = [(arguments(world, name, *more), wanted, f"{name} {' '.join(more)}")
             for name, more, wanted in rows]
    for (_, wanted, what), run in call_all(calls):
        tap.equal((run.code, run["status"], run["reason"] or "none"), wanted, what, run.text)
    bad = [[negative, ""], [negative, "a..b"], [negative, "test nsec.test"],
           [negative, "x" * 64], [negative, "nsec.test", negative, "a..b"]]
    for (_, what), run in call_all([(arguments(world, NAME, *more), more) for more in bad]):
        tap.equal((run.code, run["status"]), (2, None), f"exit 2: {' '.join(what)!r}", run.text)


def check_refusals(tap, world):
    """What must not be secure, and how the program says so."""
    nobody = world["servers"]["closed"]["address"]
    rows = [
        (arguments(world, NAME, anchor="reverse_dnskey"), 1, "indeterminate", "no anchor above"),
        (arguments(world, REVERSE, "--transport", "ipsec"), 1, "insecure",
         "a reverse zone without its anchor"),
        (arguments(world, NAME, "--port", "854"), 1, "denied", "no records for that port"),
        (["lookup", NAME, "--resolver", nobody, "--anchor", world["anchors"]["root_ds"],
          "--timeout", "2"], 4, "indeterminate", "no resolver there"),
        (arguments(world, NAME, anchor="/nonexistent/file"), 2, None, "no such anchor file"),
        (arguments(world, NAME, anchor=world["servers"]["ns1"]["certificate"]), 2, None,
         "an anchor file that holds none"),
        (arguments(world, "a..b"), 2, None, "an empty label"),
        (arguments(world, "x" * 64 + ".test"), 2, None, "a label of 64 octets"),
        (arguments(world, NAME, "--port", "65536"), 2, None, "a port that is none"),
        (arguments(world, NAME, "--transport", "doh"), 1, "denied", "none for that transport"),
        (arguments(world, "192.168.1.3", "--transport", "ipsec", anchor="all"), 1, "insecure",
         "another address, whose zone is not signed"),
        (arguments(world, "192.168.1.2"), 2, None, "an address over TLS"),
        (arguments(world, "_853._udp." + NAME), 2, None, "the owner of other records"),
        (arguments(world, "ns1.nseç.test"), 2, None, "a U-label"),
        (arguments(world, NAME, "--negative-anchor", "nseç.test"), 2, None,
         "a U-label to be unsigned"),
        (arguments(world, NAME, "--label", "_udp"), 2, None, "a label over TLS"),
        (arguments(world, NAME, "--transport", "doq", "--label", "a.b"), 2, None, "no label"),
        (arguments(world, NAME, "--transport", "tls"), 2, None, "an unknown transport"),
        (arguments(world, NAME, "--nonsense"), 2, None, "an unknown option"),
        (["lookup"], 2, None, "no name"),
    ]
    for (_, code, status, what), run in call_all(rows):
        tap.equal((run.code, run["status"]), (code, status), f"exit {code}: {what}", run.text)
        tap.ok(is_sane(run), f"sane: {what}")


def test_all(tap, world, _):
    for check in (check_claims, check_bases, check_ways, check_records, check_owners,
                  check_until, check_places, check_loops, check_negative, check_refusals):
        check(tap, world)


if __name__ == "__main__":
    sys.exit(run_in_world("lookup", test_all))

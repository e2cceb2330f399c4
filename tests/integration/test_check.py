#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Does `danepriv check` let questions go to honest servers only?"""

import re
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from cli import call, call_all, is_sane, program  # noqa: E402
from forwarding import forwarding  # noqa: E402
from in_world import run_in_world  # noqa: E402
from zones import MANY_PLACES, PLACES  # noqa: E402

QUESTION = "www.example.test A"
YES = (0, "authenticated", "match")
UNUSABLE = (1, "refuse", "unusable"), (3, "unauthenticated", "unusable")
MISMATCH = (1, "refuse", "mismatch"), (3, "unauthenticated", "mismatch")
WITH_ANSWER = ("authenticated", "unauthenticated")

# label of the server, then what strict and opportunistic come to: exit, decision, finding
SERVERS = [
    ("ns1", YES, YES),
    ("ns2", YES, YES),
    ("ns3", *MISMATCH),
    ("ns4", (1, "refuse", "absent"), (3, "unauthenticated", "absent")),
    ("ns5", (1, "refuse", "unsigned"), (3, "unauthenticated", "unsigned")),
    ("ns6", (1, "refuse", "bogus"), (3, "unauthenticated", "bogus")),
    ("ns7", YES, YES),
    ("ns8", *UNUSABLE),
    ("ns9", *MISMATCH),
    # opportunistic falls back to clear text, but sends nothing without --clear
    ("ns10", (4, "refuse", "unjudged"), (3, "cleartext", "indeterminate")),
    ("closed", (4, "refuse", "unjudged"), (3, "cleartext", "indeterminate")),
    ("tls12", YES, YES),
    ("tls13", YES, YES),
    ("front", YES, YES),
    ("cert", YES, YES),
    ("fullcert", YES, YES),
    ("sha512", YES, YES),
    ("fullkey", YES, YES),
    ("rollover", YES, YES),
    ("early", *MISMATCH),
    ("agility", *MISMATCH),
    ("mixed", YES, YES),
    ("both", YES, YES),
    ("rawliar", *MISMATCH),
    ("rsa", YES, YES),
    ("ed25519", YES, YES),
    ("anchor", YES, YES),
    ("anchorkey", YES, YES),
    ("anchorname", *MISMATCH),
    ("anchorold", *MISMATCH),
    ("numbers", *MISMATCH),
    # usages 0 and 1 need authorities to be named, and check has none
    ("pkix", *UNUSABLE),
]


def arguments(world, label, *more, **options):
    """The call for one server; options replace those of the same name."""
    server = world["servers"][label]
    usual = {"connect": server["address"], "resolver": world["resolver"]["address"],
             "anchor": world["anchors"]["root_dnskey"], "timeout": 3} | options
    return ["check", server["name"], *more,
            *(word for key, value in usual.items() for word in (f"--{key}", value))]


def check_servers(tap, world):
    """Every kind of server, in both modes, with a question that must not leak."""
    rows = []
    for label, strict, opportunistic in SERVERS:
        for mode, wanted in (("strict", strict), ("opportunistic", opportunistic)):
            args = arguments(world, label, "--mode", mode, "--query", QUESTION)
            rows.append((args, label, mode, wanted))
    for (_, label, mode, wanted), run in call_all(rows):
        got = (run.code, run["decision"], run["finding"])
        tap.equal(got, wanted, f"{mode}: {label}: {world['servers'][label]['about']}", run.text)
        answered = bool(run["answer"]) and "192.0.2.80" in str(run["answer"])
        tap.equal(answered, wanted[1] in WITH_ANSWER, f"{mode}: {label}: answer", run.text)


def check_details(tap, world):
    """What the output says beside the decision."""
    run = call(*arguments(world, "ns1"))
    tap.equal(run["source"], "dns", "the records came from DNS", run.text)
    tap.equal((run["usage"], run["selector"], run["matching"]), (3, 1, 1), "which record", run.text)
    tap.ok(run["until"] and run["until"] > 0, "until is told", run.text)
    tap.equal((run["tls"] or {}).get("certificate_type"), "x509", "ns1 shows X.509", run.text)
    for label, version in (("tls12", "1.2"), ("tls13", "1.3")):
        run = call(*arguments(world, label))
        tap.ok(version in (run["tls"] or {}).get("version", ""), f"{label} speaks {version}",
               run.text)
    for label in ("ns2", "both"):
        run = call(*arguments(world, label))
        tap.equal((run["tls"] or {}).get("certificate_type"), "raw-key", f"{label} shows a raw key",
                  run.text)
    run = call(*arguments(world, "rollover"))
    tap.equal(len(run["records"] or []), 2, "both records of a roll-over are judged", run.text)
    run = call(*arguments(world, "rawcert"))
    tap.ok(run.code in (1, 4), "a raw key is not asked for without 3 1 x", run.text)


def check_zones(tap, world):
    """The same honest server under names whose proof differs."""
    rows = []
    address = world["servers"]["ns1"]["address"]
    for name, wanted in (("ns1.nsec3.test", YES), ("ns1.ed448.test", YES),
                         ("ns1.to2039.test", YES), ("zero.ttl.test", YES),
                         ("ns1.many.test", YES), ("across.alias.test", YES),
                         ("any.w.nsec.test", YES), ("ns1.d.alias.test", YES),
                         ("ns1.expired.test", (1, "refuse", "bogus")),
                         ("ns1.future.test", (1, "refuse", "bogus")),
                         ("ns1.wrongds.test", (1, "refuse", "bogus")),
                         ("bogus.alias.test", (1, "refuse", "bogus")),
                         ("insecure.alias.test", (1, "refuse", "unsigned")),
                         ("ns1.unknownalg.test", (1, "refuse", "unsigned")),
                         ("bare.optout.test", (1, "refuse", "unsigned")),
                         ("bare.nsec.test", (1, "refuse", "absent"))):
        args = ["check", name, "--connect", address, "--resolver", world["resolver"]["address"],
                "--anchor", world["anchors"]["root_ds"], "--mode", "strict"]
        rows.append((args, name, wanted))
    for (_, name, wanted), run in call_all(rows):
        tap.equal((run.code, run["decision"], run["finding"]), wanted, f"honest server as {name}",
                  run.text)


def check_negative(tap, world):
    """What the operator takes back is as if its owner did not sign."""
    for mode, name, wanted in (("strict", "nsec.test", (1, "refuse", "unsigned")),
                               ("opportunistic", "nsec.test", (3, "unauthenticated", "unsigned")),
                               ("strict", "nsec3.test", YES)):
        run = call("check", "ns1.nsec.test", "--connect", world["servers"]["ns1"]["address"],
                   "--resolver", world["resolver"]["address"], "--anchor",
                   world["anchors"]["root_ds"], "--mode", mode, "--negative-anchor", name)
        tap.equal((run.code, run["decision"], run["finding"]), wanted,
                  f"{mode}: negative anchor {name}", run.text)


def check_aliases(tap, world):
    """A server under a name that is an alias: SNI and certificate go by the end of it."""
    rows = []
    for name, label, wanted in (
            # its own record fits nobody
            ("tons1.alias.test", "ns1", YES),
            ("tons1.alias.test", "ns3", (1, "refuse", "mismatch")),
            # 2 0 1: the certificate names the end
            ("toanchor.alias.test", "anchor", YES),
            ("toanchor.alias.test", "anchorname", (1, "refuse", "mismatch")),
            ("three.alias.test", "ns1", YES),
            ("toinsecure.alias.test", "ns1", YES),
            ("tobare.alias.test", "ns1", YES),
            ("tobare.alias.test", "ns3", (1, "refuse", "mismatch")),
            ("tonothing.alias.test", "ns1", (1, "refuse", "absent")),
            ("tobogus.alias.test", "ns1", (1, "refuse", "bogus"))):
        args = ["check", name, "--connect", world["servers"][label]["address"], "--resolver",
                world["resolver"]["address"], "--anchor", world["anchors"]["root_ds"], "--mode",
                "strict", "--query", QUESTION]
        rows.append((args, f"{name} at {label}", wanted))
    for (_, what, wanted), run in call_all(rows):
        tap.equal((run.code, run["decision"], run["finding"]), wanted, what, run.text)
        tap.equal("192.0.2.80" in str(run["answer"]), wanted == YES, f"{what}: answer", run.text)


def check_ways(tap, world):
    """Other ways to say where the server is."""
    server = world["servers"]["ns1"]
    port = server["address"].split("@")[1]
    base = ["check", server["name"], "--resolver", world["resolver"]["address"],
            "--anchor", world["anchors"]["root_ds"]]
    rows = [(base + ["--port", port], "its address is looked up"),
            (base + ["--port", port, "--connect", "127.0.0.1"], "--port goes for --connect too")]
    if server["address6"]:
        rows.append((base + ["--connect", server["address6"]], "over IPv6"))
    for (_, what), run in call_all(rows):
        tap.equal(run.code, 0, f"ns1: {what}", run.text)
    if not server["address6"]:
        tap.skip("ns1: over IPv6", "no IPv6 here")


def check_places(tap, world):
    """A server with several addresses: whoever sits at one of them says nothing of the others."""
    servers = {label: (address, int(port)) for label, server in world["servers"].items()
               for address, port in [server["address"].split("@")]}
    servers["hangs up"] = None
    base = ["check", f"{MANY_PLACES}.example.test", "--resolver", world["resolver"]["address"],
            "--anchor", world["anchors"]["root_ds"], "--port", servers["ns1"][1], "--timeout", "3",
            "--query", QUESTION]
    wrong, unknown = MISMATCH
    rows = []  # who sits where, and what strict and opportunistic come to
    for other in ("ns3", "hangs up", "nobody"):
        rows += [({p: "ns1" if p == place else other for p in PLACES}, YES, YES)
                 for place in PLACES]
    rows += [
        (dict.fromkeys(PLACES, "ns3"), wrong, unknown),
        # what one of them showed says more than that others are not there
        ({PLACES[0]: "ns3"}, wrong, unknown),
        ({PLACES[3]: "ns3"}, wrong, unknown),
        ({PLACES[1]: "ns3"} | {p: "hangs up" for p in PLACES if p != PLACES[1]}, wrong, unknown),
        (dict.fromkeys(PLACES, "hangs up"), (4, "refuse", "unjudged"),
         (3, "cleartext", "indeterminate")),
        ({}, (4, "refuse", "unjudged"), (3, "cleartext", "indeterminate")),
    ]
    for seats, *wanted in rows:
        there = {place: servers[who] for place, who in seats.items() if who != "nobody"}
        with forwarding(servers["ns1"][1], there):
            for mode, want in zip(("strict", "opportunistic"), wanted):
                run = call(*base, "--mode", mode)
                what = f"{mode}: {' '.join(seats.get(p, 'nobody') for p in PLACES)}"
                check_place(tap, run, want, seats, what)


def check_place(tap, run, want, seats, what):
    """What became of it, and that all that was tried is told."""
    tap.equal((run.code, run["decision"], run["finding"]), want, what, run.text)
    attempts = run["attempts"] or []
    places = [a["address"].split("@")[0] for a in attempts]
    complete = sorted(places) == sorted(PLACES) if want != YES else (
        seats[places[-1]] == "ns1" and attempts[-1]["decision"] == "authenticated")
    honest = all(a["finding"] == "mismatch" for a, p in zip(attempts, places)
                 if seats.get(p) == "ns3")
    tap.ok(complete and honest and len(set(places)) == len(places), f"{what}: attempts", run.text)
    tap.equal(run["likely_attack"], want[2] == "mismatch", f"{what}: likely attack", run.text)
    tap.equal("192.0.2.80" in str(run["answer"]), want[1] in WITH_ANSWER, f"{what}: answer",
              run.text)


def check_hints(tap, world):
    """Records that would fit under other numbers; and in words, what is told of each address."""
    for label, hint in (("numbers", "would match as 3 1 1"), ("early", None), ("ns3", None),
                        ("anchorname", None), ("anchorold", None), ("ns1", None)):
        for mode in ("strict", "opportunistic"):
            run = call(*arguments(world, label, "--mode", mode))
            hints = run["hints"] or []
            tap.ok(len(hints) == bool(hint) and all(hint in h for h in hints),
                   f"{mode}: hints of {label}: {hint}", run.text)
            tap.equal(("attack" in run["explanation"], run["likely_attack"]),
                      (label in ("early", "ns3", "anchorname"),) * 2,
                      f"{mode}: {label}: an attack?", run.text)
    port = world["servers"]["ns1"]["address"].split("@")[1]
    target = ("127.0.0.1", int(port))
    with forwarding(int(port), {PLACES[0]: target}):
        done = subprocess.run([program(), "check", f"{MANY_PLACES}.example.test", "--resolver",
                               world["resolver"]["address"], "--anchor",
                               world["anchors"]["root_ds"], "--port", port, "--timeout", "3"],
                              capture_output=True, text=True, check=False)
    tried = re.findall(r"^tried: (\S+): (\w+)", done.stdout, re.M)
    tap.ok(not tried or (PLACES[0] + "@" + port, "authenticated") == tried[-1],
           "in words: each address", done.stdout)


def check_trouble(tap, world):
    """What cannot be done, and what was asked wrongly."""
    dead = world["servers"]["closed"]["address"]
    rows = [
        (arguments(world, "ns1", "--negative-anchor", "a..b"), (2,), "no negative anchor"),
        (arguments(world, "ns1", resolver=dead, timeout=2), (4, 1), "no resolver"),
        (arguments(world, "ns1", anchor=world["anchors"]["reverse_ds"]), (1,),
         "no anchor above the name"),
        (arguments(world, "ns1", mode="lenient"), (2,), "an unknown mode"),
        (arguments(world, "ns1", query="www.example.test"), (2,), "a question without a type"),
        (arguments(world, "ns1", query="zürich.test A"), (2,), "a question in U-labels"),
        (arguments(world, "ns1", connect="localhost"), (2,), "an address that is a name"),
        (arguments(world, "ns1", anchor="/nonexistent"), (2,), "no anchor file"),
        (arguments(world, "ns1", "another.test"), (2,), "two names"),
        (["check"], (2,), "no name"),
    ]
    for (_, codes, what), run in call_all(rows):
        tap.ok(run.code in codes and is_sane(run), f"exit {codes[0]}: {what}",
               f"exit {run.code}", run.text)


def test_all(tap, world, _):
    for check in (check_servers, check_details, check_zones, check_negative, check_aliases,
                  check_ways, check_places, check_hints, check_trouble):
        check(tap, world)


if __name__ == "__main__":
    sys.exit(run_in_world("check", test_all))

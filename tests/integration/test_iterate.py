#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Does the example `iterate` keep a question private where it says so, and say what it does?

What counts is what arrives at the servers: they take down each question (recording.py).

    test_iterate.py           the tests
    test_iterate.py --write   writes the transcripts in iterate/ that they compare with"""

import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from recording import CLEAR, TLS, UDP  # noqa: E402
from tap import Tap  # noqa: E402
from tree import (ADDRESSES, NOBODY, PROVEN, TRUE, WRONG, can_prove,  # noqa: E402
                  is_below, open_tree)

HERE = Path(__file__).resolve().parent
PATIENCE = 120  # seconds: far more than any row takes
CONNECTIONS = 8  # that the program has at the same time
GARBLED = 100  # answers
QUESTIONS = 400  # to all servers, for two of the user's
BLOCK = 128  # octets (RFC 8467 section 4.1)
FREE = "--opportunistic"
CALM = 8  # times as patient: then a busy machine makes no attempt too late
ANSWERED, REFUSED, USAGE, UNREACHED = 0, 1, 2, 4
GOOD = "proceed: authenticated and encrypted"
ATTACK = "a likely attack"
FOOLED = ("its name is unproven; the key is the one that the owner published; "
          "proceed with care: encrypted, but to somebody unknown")
NO_LEAK = ("no question over tls, unauthenticated", "no question in clear")


@dataclass(frozen=True)
class Row:
    """A run.  arrives: (server, channel) of each that gets to see the first question's name, or
    `name`; all others do not.  says, says_not: text of the transcript."""
    about: str
    args: str
    code: int
    arrives: tuple = ()
    says: tuple = ()
    says_not: tuple = ()
    name: str = ""


def at(*servers, over=TLS):
    return tuple((server, over) for server in servers)


def answer(name, address=TRUE):
    return f"answer: {name} A {address}"


STRICT = [
    Row("a zone with two servers", "www.honest.test A", ANSWERED, at("ns1.honest.test."),
        (answer("www.honest.test."), "the parent has named it", *NO_LEAK)),
    Row("the key is in the zone that is served", "www.inside.test A", ANSWERED,
        at("ns.inside.test."), (answer("www.inside.test."), *NO_LEAK)),
    Row("two zones whose servers are in the other one", "www.a.test A www.b.test A", ANSWERED,
        at("ns.b.test."), (answer("www.a.test."), answer("www.b.test."), *NO_LEAK)),
    Row("an unsigned zone, on a server that has a key, and on what is none", "www.hosted.test A",
        ANSWERED,
        at("ns1.honest.test."), (answer("www.hosted.test."), *NO_LEAK)),
    Row("one good server among five bad ones", "www.mixed.test A", ANSWERED,
        at("ns6.mixed.test."),
        (answer("www.mixed.test."), ATTACK, "over tls: www.mixed.test. A: silent",
         "the owner proves that there are no records", *NO_LEAK), (WRONG,)),
    Row("no such name", "nothing.honest.test A", ANSWERED, at("ns1.honest.test."),
        ("answer: no such name", *NO_LEAK)),
    Row("no such records", "www.honest.test TYPE65280", ANSWERED, at("ns1.honest.test."),
        ("answer: no such records", *NO_LEAK)),
    Row("an impostor", "www.impostor.test A", REFUSED, (),
        (ATTACK, "ask nobody: the server showed another key lately", "refused", *NO_LEAK),
        ("answer:",)),
    Row("no key", "www.bare.test A", REFUSED, (),
        ("ask nobody: the server's owner publishes no key that is proven", *NO_LEAK),
        ("answer:",)),
    Row("a key that is badly signed", "www.broken.test A", REFUSED, (),
        ("ask nobody: looking the server's key up failed lately", "does not verify", *NO_LEAK),
        ("answer:",)),
    Row("a key in an unsigned zone", "www.unsigned.test A", REFUSED, (),
        ("the delegation is not signed", *NO_LEAK), ("answer:",)),
    Row("an answer that is cut, over TLS", "www.cut.test A", UNREACHED, at("ns.cut.test."),
        ("www.cut.test. A: has no answer", *NO_LEAK), ("answer:",)),
    Row("a server that says nothing", "www.silent.test A", UNREACHED, (),
        ("www.silent.test. A: silent", "nobody answered", *NO_LEAK), ("answer:",)),
    Row("nobody listens for TLS", "www.closed.test A", UNREACHED, (),
        ("www.closed.test. A: failed", "nobody answered", *NO_LEAK), ("answer:",)),
    Row("a parent in clear", "www.victim.clear.test A", UNREACHED, (),
        ("victim.clear.test. A: failed", *NO_LEAK), ("answer:", "ns.attacker.test.")),
    Row("a parent without a key", "www.victim.fake.test A", REFUSED, (),
        ("publishes no key", *NO_LEAK), ("answer:", "ns.attacker.test.")),
    Row("one of two is refused", "www.honest.test A www.bare.test A", REFUSED,
        at("ns1.honest.test."), (answer("www.honest.test."), "refused", *NO_LEAK)),
    Row("one is refused, another one is not reached", "www.closed.test A www.bare.test A", REFUSED,
        (), ("refused", "nobody answered", *NO_LEAK)),
]

# Strict for the zone alone: its parents, which the liar sits at, are asked by whatever there is.
FORGED = [
    Row("a forged referral in clear; the zone is signed",
        f"{FREE} --strict-zone victim.clear.test www.victim.clear.test A", ANSWERED,
        at("ns.victim.clear.test."),
        ("server ns.attacker.test., unproven", "look up the zone's own NS records first",
         "server ns.victim.clear.test., signed by the zone", answer("www.victim.clear.test."),
         "leak: question in clear: victim.clear.test. A (1)"), (WRONG,)),
    Row("a forged referral over TLS; the zone is signed, its server's address forged",
        f"{FREE} --strict-zone victim.fake.test www.victim.fake.test A", REFUSED, (),
        ("server ns.attacker.test., unproven", "look up the zone's own NS records first",
         "server ns.victim.fake.test., signed by the zone", ATTACK,
         "leak: question over tls, unauthenticated: victim.fake.test. A (1)"), ("answer:",)),
    Row("a forged referral in clear; the zone is not signed",
        f"{FREE} --strict-zone unsigned.clear.test www.unsigned.clear.test A", REFUSED, (),
        ("server ns.attacker.test., unproven", "look up the zone's own NS records first",
         "ask nobody: nothing proves that the server is one of the zone's"), ("answer:",)),
    Row("the name of the strict zone itself", f"{FREE} --strict-zone victim.clear.test "
        "victim.clear.test A", ANSWERED, None,
        ("leak: question in clear: victim.clear.test. NS (1)", "look up the zone's own NS records",
         "answer: no such records"), (WRONG, "leak: question in clear: victim.clear.test. A")),
    Row("a strict name in a zone that is not; the zone's names are signed",
        f"{FREE} --strict-zone www.victim.clear.test www.victim.clear.test A", ANSWERED,
        at("ns.victim.clear.test."),
        ("look up the zone's own NS records first", answer("www.victim.clear.test.")), (WRONG,)),
]

OPPORTUNISTIC = [
    Row("authenticated where it can be", f"{FREE} www.inside.test A", ANSWERED,
        at("ns.inside.test."), (answer("www.inside.test."), GOOD)),
    Row("an impostor, and it says so", f"{FREE} www.impostor.test A", ANSWERED,
        at("ns.impostor.test."),
        (answer("www.impostor.test.", WRONG), ATTACK, "encrypted, but to somebody unknown",
         "leak: question over tls, unauthenticated: www.impostor.test. A (1)")),
    Row("no key", f"{FREE} www.bare.test A", ANSWERED, at("ns.bare.test."),
        (answer("www.bare.test."), "the owner publishes no record",
         "leak: question over tls, unauthenticated: www.bare.test. A (1)")),
    Row("a key that is badly signed", f"{FREE} www.broken.test A", ANSWERED, None,
        (answer("www.broken.test."), "encrypted, but to somebody unknown")),
    Row("nobody listens for TLS", f"{FREE} www.closed.test A", ANSWERED,
        at("ns.closed.test.", over=UDP),
        (answer("www.closed.test."), "not even encrypted",
         "leak: question in clear: www.closed.test. A (1)")),
    Row("an answer in clear that fits no datagram", f"{FREE} www.large.test TXT", ANSWERED,
        at("ns.large.test.", over=UDP) + at("ns.large.test.", over=CLEAR),
        ("does not fit, once more over tcp", "answer: www.large.test. TXT",
         "leak: question in clear: www.large.test. TXT (2)")),
    Row("a server that says nothing over TLS", f"{FREE} www.silent.test A", ANSWERED,
        at("ns.silent.test.", over=UDP),
        (answer("www.silent.test."), "not even encrypted", "overtaken",
         "leak: question in clear: www.silent.test. A (1)")),
    Row("a forged referral, and it says that the name is unproven",
        f"{FREE} www.victim.clear.test A", ANSWERED, at("ns.attacker.test."),
        (answer("www.victim.clear.test.", WRONG), FOOLED,
         "leak: question over tls, unauthenticated: www.victim.clear.test. A (1)")),
]

INSIDE = "www.inside.test."
BARE = "www.bare.test."

ALIASES = [
    Row("an alias into another zone", "inside.honest.test A", ANSWERED, at("ns.inside.test."),
        (f"answer: inside.honest.test. CNAME {INSIDE}", answer(INSIDE), *NO_LEAK), name=INSIDE),
    Row("an alias in the same zone", "near.honest.test A", ANSWERED, at("ns1.honest.test."),
        (answer("www.honest.test."), *NO_LEAK), name="www.honest.test."),
    Row("an alias of no name", "void.honest.test A", ANSWERED, None,
        ("answer: no such name", *NO_LEAK)),
    Row("the alias itself is asked for", "inside.honest.test CNAME", ANSWERED, (),
        ("CNAME www.inside.test.", *NO_LEAK), ("where the alias leads",), name=INSIDE),
    Row("an alias into a zone without a key", "bare.honest.test A", REFUSED, (),
        ("answer: bare.honest.test. CNAME", "publishes no key", *NO_LEAK), (answer(BARE),),
        name=BARE),
    Row("a strict domain's alias out of it: the other zone's rule goes for where it leads",
        f"{FREE} --strict-zone honest.test bare.honest.test A", ANSWERED, at("ns.bare.test."),
        (GOOD, answer(BARE), f"leak: question over tls, unauthenticated: {BARE} A (1)"),
        ("unauthenticated: bare.honest.test.",), name=BARE),
    Row("an alias into a strict domain, from one that is not",
        f"{FREE} --strict-zone bare.test bare.honest.test A", REFUSED, (),
        ("answer: bare.honest.test. CNAME", "publishes no key"), (answer(BARE),), name=BARE),
    Row("an alias into a strict domain, by a server without a key",
        f"{FREE} --strict-zone inside.test inside.bare.test A", ANSWERED, at("ns.inside.test."),
        (answer(INSIDE), "leak: question over tls, unauthenticated: inside.bare.test. A (1)"),
        (f"unauthenticated: {INSIDE}", f"in clear: {INSIDE}"), name=INSIDE),
    Row("a server that says where the alias leads, and may not", "inside.more.test A", ANSWERED,
        at("ns.inside.test."), (answer(INSIDE), *NO_LEAK), (WRONG,), name=INSIDE),
    Row("an alias of itself", "ring.honest.test A", UNREACHED, None,
        ("too many aliases", *NO_LEAK)),
    Row("eight aliases", "step2.honest.test A", ANSWERED, None, (answer("www.honest.test."),)),
    Row("nine aliases", "step1.honest.test A", UNREACHED, None, ("too many aliases",),
        (answer("www.honest.test."),)),
]

# Each with a root of its own, and no questions to anybody beyond.
ROOTS = [
    Row("the root is not there", f"--root a.ns-root.={NOBODY} www.honest.test A", UNREACHED, (),
        ("nobody answered", "0 meta-queries were sent")),
    Row("nor is it in clear", f"{FREE} --root a.ns-root.={NOBODY} www.honest.test A", UNREACHED,
        (), ("nobody answered",)),
    Row("the root goes by a name that has no key",
        f"--root c.ns-root.={ADDRESSES['a.ns-root.']} www.honest.test A", REFUSED, (),
        ("publishes no key",)),
    Row("the root goes by another server's name",
        f"--root ns1.honest.test.={ADDRESSES['a.ns-root.']} www.honest.test A", REFUSED, (),
        (ATTACK,)),
    Row("somebody else is at the root's address",
        f"--root a.ns-root.={ADDRESSES['ns1.honest.test.']} www.honest.test A", REFUSED, (),
        ("looking the server's key up failed lately",)),
    Row("an anchor that is another one",
        f"--anchor {{other}} --root a.ns-root.={ADDRESSES['a.ns-root.']} www.honest.test A",
        REFUSED, (), ("does not verify",)),
    Row("the second server of the root is the good one",
        f"--root c.ns-root.={NOBODY} --root a.ns-root.={ADDRESSES['a.ns-root.']} "
        "www.honest.test A", ANSWERED, None, (answer("www.honest.test."), *NO_LEAK)),
]

BY_PROOF = f"--root {PROVEN}={ADDRESSES[PROVEN]}"
NO_META = "0 meta-queries were sent"

# Keys that come with handshakes (RFC 9102).
PROOFS = [
    Row("all servers send their proofs", f"{BY_PROOF} www.own.proof A", ANSWERED,
        at("ns.own.proof."),
        ("handshake with ns.own.proof.: the records are proven", answer("www.own.proof."),
         NO_META, *NO_LEAK)),
    Row("a proof for another key", f"{BY_PROOF} www.other.proof A", REFUSED, (),
        (ATTACK, "ask nobody: the server showed another key lately", NO_META, *NO_LEAK),
        ("answer:",)),
    Row("a server without a proof below those that have one", f"{BY_PROOF} www.plain.proof A",
        ANSWERED, at("ns.plain.proof."),
        ("handshake with ns.plain.proof.: no proof of its key",
         "meta-query _853._tcp.ns.plain.proof. TLSA", answer("www.plain.proof."), *NO_LEAK)),
    Row("a proof up to an anchor that is another one",
        f"--anchor {{other}} {BY_PROOF} www.own.proof A", REFUSED, (),
        ("meta-query _853._tcp.b.ns-root. TLSA", "does not verify", *NO_LEAK), ("answer:",)),
    Row("a proof for another key, and it says so", f"{FREE} {BY_PROOF} www.other.proof A",
        ANSWERED, at("ns.other.proof."), (answer("www.other.proof.", WRONG), ATTACK)),
]

ROOT = "--root a.ns-root.=192.0.2.1"
USAGES = [
    ("no arguments", ""),
    ("no question", ROOT),
    ("no type", f"{ROOT} www.test"),
    ("half a second question", f"{ROOT} www.test A www.test"),
    ("no root", "www.test A"),
    ("a root without an address", "--root a.ns-root. www.test A"),
    ("a root without a name", "--root =192.0.2.1 www.test A"),
    ("a root at no address", "--root a.ns-root.=somewhere www.test A"),
    ("a root with half a name", "--root a..ns-root.=192.0.2.1 www.test A"),
    ("no such type", f"{ROOT} www.test B"),
    ("a type that is too large", f"{ROOT} www.test TYPE65536"),
    ("a label that is too long", f"{ROOT} {'a' * 64}.test A"),
    ("a name that is too long", f"{ROOT} {'a.' * 128} A"),
    ("port 0", f"--tls-port 0 {ROOT} www.test A"),
    ("port 65536", f"--clear-port 65536 {ROOT} www.test A"),
    ("no patience", f"--patience 0 {ROOT} www.test A"),
    ("an unknown option", f"--lenient {ROOT} www.test A"),
    ("no such anchors", f"--anchor /nonexistent {ROOT} www.test A"),
    ("no anchors in the file", f"--anchor {__file__} {ROOT} www.test A"),
    ("a strict zone that is no name", f"--strict-zone a..b {ROOT} www.test A"),
]

# Compared whole.  With patience no attempt begins because the one before it takes its time.
TRANSCRIPTS = {
    "honest": "www.honest.test A www.hosted.test A a.long.way.down.honest.test A",
    "mutual": "www.a.test A www.b.test A",
    "impostor": "www.impostor.test A",
    "proof": f"{BY_PROOF} www.own.proof A www.other.proof A www.plain.proof A",
    "forged": f"{FREE} --strict-zone victim.clear.test www.victim.clear.test A",
}


def proofs():
    return PROOFS if can_prove() else []


def transcripts():
    return [(name, args) for name, args in TRANSCRIPTS.items() if name != "proof" or can_prove()]


def program():
    built = HERE.parents[1] / "build/examples/iterate/iterate"
    return os.environ.get("DANEPRIV_ITERATE", str(built))


def call(*args):
    done = subprocess.run([program(), *(str(a) for a in args)], text=True,
                          capture_output=True, stdin=subprocess.DEVNULL, timeout=PATIENCE,
                          check=False)
    return done.returncode, done.stdout, done.stderr


def iterate(tree, args, other=None):
    """Runs it in the tree; what the servers saw before is forgotten."""
    tree.recorder.forget()
    words = args.format(other=other).split()
    root = [] if "--root" in words else ["--root", tree.root]
    anchor = [] if "--anchor" in words else ["--anchor", tree.anchor]
    if FREE in words and "--patience" not in words:
        words = ["--patience", CALM, *words]
    return call("--tls-port", tree.ports[TLS], "--clear-port", tree.ports[CLEAR], *anchor, *root,
                *words)


def first_name(args):
    """The name of the first question."""
    words = re.sub(r"--(strict-zone|anchor|root|patience) \S+|--\S+", "", args).split()
    return words[0] + "."


def check(tap, tree, row, other=None):
    code, text, complaints = iterate(tree, row.args, other)
    seen, name = tree.recorder.seen, row.name or first_name(row.args)
    details = [f"$ iterate {row.args}", text, complaints, *seen]
    is_right = (code == row.code and complaints == "" and all(s in text for s in row.says)
                and not any(s in text for s in row.says_not))
    missing = [s for s in row.says if s not in text] + [s for s in row.says_not if s in text]
    tap.ok(is_right, f"{row.about}: it says so, and ends with {row.code}", code, missing, *details)
    arrived = {(s.server, s.channel) for s in seen if s.name == name}
    if row.arrives is not None:
        tap.equal(arrived, set(row.arrives), f"{row.about}: where the question arrived", *details)
    check_manners(tap, row, seen, details)


def check_manners(tap, row, seen, details):
    """What holds for every run: padding, and no more of the name for the servers above."""
    short = [s for s in seen if s.channel == TLS and s.octets % BLOCK]
    tap.equal(short, [], f"{row.about}: all questions over TLS are padded", *details)
    above = {"a.ns-root.": (1, "ns-root."), "a.nic.test.": (2, "nic.test."),
             "b.ns-root.": (1, "ns-root."), "ns.nic.proof.": (2, "nic.proof.")}  # labels, own names
    shown = [s for s in seen if s.server in above and s.name.count(".") > above[s.server][0]
             and not is_below(s.name, above[s.server][1])]
    tap.equal(shown, [], f"{row.about}: those above see one label more than their zone", *details)


def check_memory(tap, tree):
    """Keys and connections are there for the second question."""
    code, text, _ = iterate(tree, "www.honest.test A other.honest.test A www.honest.test AAAA")
    rest = text.split("question other.honest.test. A\n")[-1].split("meta-queries were sent")[0]
    hellos = [sni for server, sni in tree.recorder.hellos if server == "ns1.honest.test."]
    tap.ok(code == 0 and hellos == ["ns1.honest.test"], "three questions, one connection", hellos,
           text)
    tap.ok("meta-query" not in rest and "learn" not in rest, "and its key is known", text)


def check_overtaken(tap, tree):
    """TLS that was begun goes on, also where cleartext was faster."""
    code, text, _ = iterate(tree, f"{FREE} www.silent.test A other.silent.test A")
    tap.ok(code == 0 and text.count("answer:") == 2 and text.count("A: overtaken") >= 2,
           "cleartext is faster twice", text)
    tap.ok("ClientHello: ns.silent.test (1)" in text, "and it is the same handshake", text)


def check_room(tap, tree):
    """More servers than there may be connections."""
    zones = ("honest", "inside", "a", "b", "hosted", "mixed", "impostor", "bare", "unsigned",
             "victim.fake", "broken")
    args = " ".join(f"www.{z}.test A" for z in zones)
    code, text, _ = iterate(tree, f"{FREE} {args} www.honest.test A")
    servers = {server for server, _ in tree.recorder.hellos}
    tap.ok(code == 0 and len(servers) > CONNECTIONS, "more servers than connections", servers, text)
    tap.ok("there is no room" not in text, "the oldest connection makes room", text)


def check_proofs(tap, tree):
    """Who sends his proof is asked for nothing but what the user wants to know."""
    for name in ("www.own.proof", "www.other.proof"):
        _, text, _ = iterate(tree, f"{BY_PROOF} {name} A")
        seen = {(s.type, s.channel) for s in tree.recorder.seen}
        tap.equal(seen, {("A", TLS)}, f"{name}: nobody is asked for keys", text)


def check_hanging_up(tap, tree):
    """A connection that was closed after an answer is opened again, and nothing goes in clear."""
    for args in ("", FREE):
        code, text, _ = iterate(tree, f"{args} www.short.test A other.short.test A")
        seen = {s.channel for s in tree.recorder.seen if s.server == "ns.short.test."}
        tap.ok(code == 0 and seen == {TLS} and "kept: other.short.test. A: closed" in text
               and all(line in text for line in NO_LEAK),
               f"a server that hangs up after each answer {args}", code, seen, text)


def check_many(tap, tree):
    """Whoever refers to servers whose addresses must be asked for, which refer to others..."""
    for args in ("", FREE):
        code, text, _ = iterate(tree, f"{args} www.many.test A www.honest.test A")
        tap.ok(code == UNREACHED and len(tree.recorder.seen) < QUESTIONS
               and "too much was asked for it" in text and answer("www.honest.test.") in text,
               f"servers without end: that comes to an end {args}", code,
               len(tree.recorder.seen), text[-2000:])


def check_garbled(tap, tree):
    """An authenticated server that makes no sense does no harm."""
    names = " ".join(f"n{i}.garbled.test A" for i in range(GARBLED))
    code, text, complaints = iterate(tree, f"{names} www.honest.test A")
    count = sum(s.server == "ns3.honest.test." for s in tree.recorder.seen)
    tap.ok(code in (ANSWERED, REFUSED, UNREACHED) and complaints == "" and count >= GARBLED
           and answer("www.honest.test.") in text, "garbled answers do no harm", code, complaints,
           text[-2000:])


def check_usage(tap):
    code, text, complaints = call("--help")
    tap.ok(code == 0 and text.startswith("usage: ") and complaints == "", "--help", code, text)
    for about, args in USAGES:
        code, text, complaints = call(*args.split())
        tap.ok((code, text) == (USAGE, "") and complaints.startswith(("usage: ", "iterate: "))
               and "www.test" not in complaints, f"exit 2: {about}", code, text, complaints)


def normal(text):
    """Addresses as whose they are."""
    names = {address: f"<{name}>" for name, address in ADDRESSES.items()}
    return re.sub(r"127\.53\.0\.\d+", lambda m: names[m[0]], text)


def transcript(tree, args):
    text = iterate(tree, f"--patience 20 {args}")[1]
    return normal(f"$ iterate {args}\n{text}")


def check_transcripts(tap, tree):
    for name, args in transcripts():
        wanted = (HERE / f"iterate/{name}.txt").read_text()
        got = transcript(tree, args)
        tap.ok(got == wanted, f"transcript of {name}, to the letter", got)


def main(argv):
    tap = Tap()
    with tempfile.TemporaryDirectory(prefix="danepriv-") as folder, \
            open_tree(Path(folder) / "tree") as tree:
        if argv[1:] == ["--write"]:
            for name, args in transcripts():
                (HERE / f"iterate/{name}.txt").write_text(transcript(tree, args))
            return 0
        other = Path(folder) / "other"
        other.write_text(tree.anchor.read_text().replace(" 13 2 ", " 13 2 00")[:-3] + "\n")
        for row in STRICT + FORGED + OPPORTUNISTIC + ALIASES + ROOTS + proofs():
            check(tap, tree, row, other)
        check_memory(tap, tree)
        check_overtaken(tap, tree)
        check_room(tap, tree)
        if can_prove():
            check_proofs(tap, tree)
        check_hanging_up(tap, tree)
        check_many(tap, tree)
        check_garbled(tap, tree)
        check_transcripts(tap, tree)
    check_usage(tap)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main(sys.argv))

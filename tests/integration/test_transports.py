#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Does `danepriv check` judge servers over DTLS, HTTPS and QUIC as it does over TLS?"""

import os
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

import dns.message  # noqa: E402
import dns.rrset  # noqa: E402

import cli  # noqa: E402
from cli import call, call_all  # noqa: E402
from fronts import NORMAL, RAW, SETTINGS, frame, open_fronts, program, response  # noqa: E402
from in_world import run_in_world  # noqa: E402

QUESTION = "www.example.test A"
YES = (0, "authenticated", "match")
NOBODY = (4, "refuse", "unjudged")
MISMATCH = (1, "refuse", "mismatch")
UNANSWERED = (4, "authenticated", "match")
APPLICATION_DATA = 23  # RFC 5246 section 6.2.1
# :status 200 and 404, content-type (RFC 7541 appendix A), and what stands for an answer
GOOD, MISSING = b"\x88", b"\x8d"
TYPE = b"\x5f\x17application/dns-message"
HTML = b"\x5f\x09text/html"


def arguments(world, transport, label, address, *more, mode="strict", timeout=5):
    return ["check", world["servers"][label]["name"], "--transport", transport,
            "--connect", address, "--resolver", world["resolver"]["address"],
            "--anchor", world["anchors"]["root_dnskey"], "--mode", mode,
            "--timeout", str(timeout), "--query", QUESTION, *more]


def spoken():
    """What this build says that it speaks."""
    text = subprocess.run([cli.program(), "check", "--help"], capture_output=True, text=True,
                          check=True).stdout
    words = text.partition("this build speaks ")[2].partition(".")[0]
    return [word.strip() for word in words.split(",")]


def available(tap, transport):
    """A transport whose library is missing is skipped, on a person's machine alone."""
    there = transport in spoken() and (transport == "doh" or program(transport))
    if not there and os.environ.get("CI") == "true":
        tap.ok(False, f"{transport}: this build speaks it", f"it speaks {', '.join(spoken())}")
    elif not there:
        tap.skip(transport, "its library was not there at build time")
    return there


def common_rows(world, fronts, transport):
    """What holds for every transport: (arguments, what, wanted, is answered)."""
    def row(label, address, wanted, what, **more):
        answered = wanted[1] in ("authenticated", "unauthenticated")
        return (arguments(world, transport, label, address, **more), what, wanted, answered)

    honest = fronts.start(transport, "ns1")
    impostor = fronts.start(transport, "ns3")
    dead = world["servers"]["closed"]["address"]
    silent = fronts.silent(transport)
    return [
        row("ns1", honest, YES, "honest"),
        row("ns1", honest, YES, "honest, opportunistic", mode="opportunistic"),
        row("ns3", honest, YES, "the honest one by another name"),
        row("ns7", fronts.start(transport, "ns7"), YES, "expired certificate, 3 1 1"),
        row("ns3", impostor, MISMATCH, "impostor"),
        row("ns3", impostor, (3, "unauthenticated", "mismatch"), "impostor, opportunistic",
            mode="opportunistic"),
        row("ns4", honest, (1, "refuse", "absent"), "nothing is published"),
        row("ns4", honest, (3, "unauthenticated", "absent"), "nothing is published, opportunistic",
            mode="opportunistic"),
        row("ns1", dead, NOBODY, "nobody there", timeout=2),
        row("ns1", dead, (3, "cleartext", "indeterminate"), "nobody there, opportunistic",
            mode="opportunistic", timeout=2),
        row("ns1", silent, NOBODY, "silent", timeout=1),
        row("ns1", fronts.garbage(transport), NOBODY, "octets by chance", timeout=2),
    ]


def right_answer():
    """A message that answers our question, whatever it is wrapped in."""
    question = dns.message.make_query("www.example.test", "A", id=0)
    answer = dns.message.make_response(question)
    answer.answer.append(dns.rrset.from_text("www.example.test.", 60, "IN", "A", "192.0.2.80"))
    return answer.to_wire()


def doh_rows(world, fronts):
    def row(octets, wanted, what, alpn="h2"):
        address = fronts.pretender("ns1", octets, alpn)
        return (arguments(world, "doh", "ns1", address, timeout=2), what, wanted, wanted == YES)

    good = right_answer()
    return [
        row(b"", NOBODY, "DNS over TLS, no ALPN", None),
        (arguments(world, "doh", "ns3", world["servers"]["ns3"]["address"]),
         "an impostor without ALPN", MISMATCH, False),
        row(b"", NOBODY, "HTTP/1.1 alone", "http/1.1"),
        row(b"HTTP/1.1 200 OK\r\n\r\n", UNANSWERED, "no HTTP/2 after all"),
        row(response(GOOD + TYPE, good), YES, "the answer in octets"),
        row(response(MISSING + TYPE, good), UNANSWERED, "status 404"),
        row(response(GOOD + HTML, good), UNANSWERED, "a page instead"),
        row(response(GOOD, good), UNANSWERED, "no content type"),
        row(response(GOOD + TYPE, good[:-1] + b"?")[:-1], UNANSWERED, "an answer cut short"),
        row(response(GOOD + TYPE, b"\0" * 11), UNANSWERED, "a message that is too short"),
        row(response(GOOD + TYPE, b"\0" * 80), UNANSWERED, "a message for no question"),
        row(SETTINGS + frame(1, 5, 1, GOOD + TYPE), UNANSWERED, "no content"),
        row(response(GOOD + TYPE, good, 20), UNANSWERED, "more content than a message has"),
        row(SETTINGS + frame(3, 0, 1, b"\0\0\0\7"), UNANSWERED, "the stream refused"),
        row(SETTINGS + frame(7, 0, 0, b"\0" * 8), UNANSWERED, "the connection given up"),
    ]


def quic_rows(world, fronts, transport):
    other = fronts.start(transport, "ns1", alpn="hq")
    lossy = fronts.lossy(fronts.start(transport, "ns1"), lambda number, _: number % 3 == 0)
    raw = fronts.start(transport, "ns2", RAW)
    return [
        (arguments(world, transport, "ns1", other), "another ALPN", NOBODY, False),
        (arguments(world, transport, "ns1", lossy), "each third datagram is lost", YES, True),
        (arguments(world, transport, "ns2", raw), "raw public key", YES, True),
        (arguments(world, transport, "ns1", raw), "raw public key, another one is published",
         MISMATCH, False),
    ]


def doq_rows(world, fronts):
    """Records under another label than the draft's."""
    honest = fronts.start("doq", "ns1")
    return quic_rows(world, fronts, "doq") + [
        (arguments(world, "doq", "ns1", honest, "--label", "_udp"), "another label", YES, True),
        (arguments(world, "doq", "ns1", honest, "--label", "_none"), "a label without records",
         (1, "refuse", "absent"), False),
    ]


def doh3_rows(world, fronts):
    return quic_rows(world, fronts, "doh3")


def dtls_rows(world, fronts):
    raw = fronts.start("dtls", "ns2", RAW)
    # A front serves one client after the other: each lossy way has one of its own.
    hello = fronts.lossy(fronts.start("dtls", "ns1"), lambda number, _: number == 0)
    questions = []

    def first_question(_number, datagram):
        if datagram[0] == APPLICATION_DATA:
            questions.append(datagram)
        return datagram[0] == APPLICATION_DATA and len(questions) == 1

    question = fronts.lossy(fronts.start("dtls", "ns1"), first_question)
    first = fronts.start("dtls", "ns1", NORMAL + ":-VERS-ALL:+VERS-DTLS1.0")
    return [
        (arguments(world, "dtls", "ns2", raw), "raw public key", YES, True),
        (arguments(world, "dtls", "ns1", hello), "the first datagram is lost", YES, True),
        (arguments(world, "dtls", "ns1", question), "the question is lost", YES, True),
        (arguments(world, "dtls", "ns1", first), "DTLS 1.0 alone", NOBODY, False),
    ]


SPECIAL = {"doh": doh_rows, "doq": doq_rows, "dtls": dtls_rows, "doh3": doh3_rows}
VERSIONS = {"doh": ("TLS1.3", "TLS1.2"), "doq": ("TLS1.3",), "doh3": ("TLS1.3",),
            "dtls": ("DTLS1.2",)}


def check_transport(tap, world, fronts, transport):
    if not available(tap, transport):
        return
    rows = common_rows(world, fronts, transport) + SPECIAL[transport](world, fronts)
    for (_, what, wanted, answered), run in call_all(rows):
        got = (run.code, run["decision"], run["finding"])
        tap.equal(got, wanted, f"{transport}: {what}", run.text)
        has_answer = "192.0.2.80" in str(run["answer"])
        tap.equal(has_answer, answered, f"{transport}: {what}: answer", run.text)
        if "ALPN" in what and wanted == NOBODY:
            tap.ok("ALPN" in (run["explanation"] or ""), f"{transport}: {what}: so it is said",
                   run.text)
        for beginning, said in (("silent", "in time"), ("nobody", "nnect")):
            if what.startswith(beginning) and wanted == NOBODY:
                tap.ok(said in (run["explanation"] or ""), f"{transport}: {what}: so it is said",
                       run.text)
        if wanted == YES:
            version = (run["tls"] or {}).get("version", "none")
            tap.ok(version in VERSIONS[transport], f"{transport}: {what}: {version}", run.text)


def check_clock(tap, world, fronts):
    """GnuTLS measures DTLS by the time of day, which is put back while the first flight is lost."""
    if not available(tap, "dtls"):
        return
    way = fronts.lossy(fronts.start("dtls", "ns1"), lambda number, _: number == 0)
    back = {"LD_PRELOAD": os.environ["DANEPRIV_CLOCK_BACK"], "ASAN_OPTIONS": "verify_asan_link_order=0"}
    for what, address, wanted in (("the first datagram is lost", way, YES),
                                  ("silent", fronts.silent("dtls"), NOBODY)):
        run = call(*arguments(world, "dtls", "ns1", address, timeout=3), more=back)
        tap.equal((run.code, run["decision"], run["finding"]), wanted,
                  f"dtls: the clock is put back: {what}", run.text)


def check_spoken(tap, world):
    """What this build does not speak is said in one line."""
    rows = [("ipsec", "--cert or --key")] + [(t, "does not speak") for t in SPECIAL if t not in spoken()]
    for transport, word in rows:
        argv = [cli.program(), *arguments(world, transport, "ns1", "127.0.0.1@1")]
        done = subprocess.run(argv, capture_output=True, text=True, check=False)
        passed = done.returncode == 2 and word in done.stderr and not done.stdout
        tap.ok(passed and done.stderr.count("\n") == 1, f"{transport} cannot be checked",
               f"exit {done.returncode}", done.stderr)


def test_all(tap, world, folder):
    with open_fronts(world, folder / "fronts") as fronts:
        for transport in SPECIAL:
            check_transport(tap, world, fronts, transport)
        check_clock(tap, world, fronts)
    check_spoken(tap, world)


if __name__ == "__main__":
    sys.exit(run_in_world("check", test_all))

#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Does the program take what people have at hand, as other programs write it?  No network."""

import json
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from offline import Files, numbers, rows_of, run, run_all, said  # noqa: E402
from tap import Tap  # noqa: E402

HOST = "ns1.example.net"
NAME = ["--name", HOST]
RDATA = {row[0]: row[2] for row in rows_of("match.txt")}["spki_sha-256"]
DIGEST = RDATA[6:]
PLAIN = f"3 1 1 {DIGEST}"
OWNER = f"_853._tcp.{HOST}."


def printed(files, *more):
    """What `danepriv record` prints for the honest certificate."""
    return run(["record", *files.of("ee"), *numbers(3, 1, 1), *more]).stdout


def good_records(files):
    """The same record, in other words; each fits the honest certificate."""
    halves = f"{DIGEST[:56].upper()} {DIGEST[56:].upper()}"
    owned = ["--owner", HOST]
    return [
        ("record", printed(files)),
        ("record --generic", printed(files, "--generic")),
        ("record --owner", printed(files, *owned)),
        ("record --owner --generic", printed(files, *owned, "--generic")),
        ("record --owner, ipsec", printed(files, *owned, "--transport", "ipsec")),
        ("record --owner, an address",
         printed(files, "--owner", "192.0.2.1", "--transport", "ipsec")),
        ("a zone file", f"{OWNER}\t3600\tIN\tTLSA\t{PLAIN}"),
        ("a zone file, class first", f"{OWNER} IN 3600 TLSA {PLAIN}"),
        ("a zone file, no class", f"{OWNER} 3600 TLSA {PLAIN}"),
        ("a zone file, no TTL", f"{OWNER} IN TLSA {PLAIN}"),
        ("a zone file, neither", f"{OWNER} TLSA {PLAIN}"),
        ("a zone file, the owner before", f"\t3600 IN TLSA {PLAIN}"),
        ("a zone file, a relative owner", f"_853._tcp.ns1 IN TLSA {PLAIN}"),
        ("a zone file, the origin", f"@ TLSA {PLAIN}"),
        ("a zone file, small letters", f"{OWNER} in tlsa {PLAIN}"),
        ("a zone file, a TTL in words", f"{OWNER} 1w2d TLSA {PLAIN}"),
        ("a zone file, an owner of digits", f"853 3600 TLSA {PLAIN}"),
        ("a zone file, the class by number", f"{OWNER} CLASS1 TYPE52 {PLAIN}"),
        ("a comment behind", f"{OWNER} 60 TLSA {PLAIN} ; in use (since May"),
        ("a comment at once behind", f"{PLAIN};that is it"),
        ("a comment before", f"; ours\n{PLAIN}"),
        ("the type alone", f"TLSA {PLAIN}"),
        ("dig", f"{OWNER} 300 IN TLSA 3 1 1 {halves}"),
        ("dig +short", f"3 1 1 {halves}\n"),
        ("dig +multi", f"{OWNER} 300 IN TLSA 3 1 1 (\n\t\t{DIGEST[:32]}\n\t\t{DIGEST[32:]} )"),
        ("dig, all of it", f"\n; <<>> DiG 9.18 <<>> TLSA {OWNER}\n;; QUESTION SECTION:\n;{OWNER} "
         f"IN TLSA\n\n;; ANSWER SECTION:\n{OWNER} 300 IN TLSA {PLAIN}\n\n;; Query time: 0 msec\n"),
        ("parentheses at once", f"TLSA(3 1 1({DIGEST}))"),
        ("line ends of elsewhere", f"{OWNER} TLSA {PLAIN}\r\n"),
        ("RFC 3597", f"\\# 35 {RDATA}"),
        ("RFC 3597, in parts", f"TYPE52 \\# 35 ( {RDATA[:7]}\n {RDATA[7:]} )"),
        ("RFC 3597, the type by name", f"{OWNER} IN TLSA \\# 35 {RDATA}"),
        ("quotes", f'3 1 1 "{DIGEST}"'),
        ("quotes around parts", f'TLSA 3 1 1"{DIGEST[:20]}""{DIGEST[20:]}"'),
        ("RFC 7218", f"DANE-EE SPKI SHA2-256 {DIGEST}"),
        ("RFC 7218, small letters and a number", f"dane-ee 1 sha2-256 {DIGEST}"),
    ]


# Each is refused with exit 2 and one line, in which there is the word behind it.
BAD_RECORDS = [
    ("another type", f"{HOST}. IN A 192.0.2.1", "TLSA"),
    ("another type, unknown", f"{OWNER} IN TYPE45 \\# 35 {RDATA}", "TLSA"),
    ("another class", f"{OWNER} CH TLSA {PLAIN}", "TLSA"),
    ("two classes", f"{OWNER} IN IN TLSA {PLAIN}", "TLSA"),
    ("two TTLs", f"{OWNER} 60 60 TLSA {PLAIN}", "TLSA"),
    ("two owners", f"{OWNER} {OWNER} TLSA {PLAIN}", "TLSA"),
    ("a TTL of letters", f"{OWNER} 60x TLSA {PLAIN}", "TLSA"),
    ("the type alone", "TLSA", "TLSA"),
    ("owner and type alone", f"{OWNER} IN TLSA", "TLSA"),
    ("no octets", f"{OWNER} IN TLSA 3 1 1", "TLSA"),
    ("a comment alone", "; 3 1 1 ab", "TLSA"),
    ("a comment in place of the octets", f"3 1 1 ; {DIGEST}", "TLSA"),
    ("text behind", f"{PLAIN} zz", "TLSA"),
    ("another line behind", f"{PLAIN}\n{HOST}. IN A 192.0.2.1", "line 2"),
    ("another line between", f"{PLAIN}\n; that\n\n{PLAIN} zz\n{PLAIN}", "line 4"),
    ("half a digit", f"{PLAIN}a", "TLSA"),
    ("RFC 3597, an octet less", f"\\# 34 {RDATA}", "length"),
    ("RFC 3597, an octet more", f"\\# 36 {RDATA}", "length"),
    ("RFC 3597, no length", f"\\# {RDATA}", "TLSA"),
    ("RFC 3597, no octets", "\\# 35", "length"),
    ("RFC 3597, nothing", "\\#", "TLSA"),
    ("RFC 3597, a length too large", f"\\# 65571 {RDATA}", "TLSA"),
    ("RFC 3597, no hex", "\\# 4 0301zz", "TLSA"),
    ("a parenthesis too many", f"{PLAIN} )", "parenthesis"),
    ("a parenthesis too few", f"3 1 1 ( {DIGEST}", "parenthesis"),
    ("parentheses turned", f"3 1 1 ) {DIGEST} (", "parenthesis"),
    ("a quote too few", f'3 1 1 "{DIGEST}', "quote"),
    ("quotes around nothing", '3 1 1 ""', "TLSA"),
    ("an acronym of another field", f"SPKI SPKI SHA2-256 {DIGEST}", "TLSA"),
    ("an acronym cut short", f"DANE-E SPKI SHA2-256 {DIGEST}", "TLSA"),
    ("an acronym for octets", "3 1 1 Full", "TLSA"),
    ("1024 lines and one", f"{PLAIN}\n" * 1025, "one too many"),
]


def test_records(tap, files):
    ee = files.of("ee")
    good = good_records(files)
    for (name, text), done in zip(good, run_all(
            [["match", *NAME, *ee, "--record", text, "--json"] for _, text in good])):
        found = json.loads(done.stdout or "{}")
        tap.equal((done.returncode, found.get("usage"), len(found.get("records", []))), (0, 3, 1),
                  f"record: {name}", *said(done), text)
    for (name, text, word), done in zip(BAD_RECORDS, run_all(
            [["match", *NAME, *ee, "--record", text] for _, text, _ in BAD_RECORDS])):
        one_line = done.stderr.endswith("\n") and done.stderr[:-1].isprintable()
        tap.ok(done.returncode == 2 and one_line and not done.stdout and word in done.stderr,
               f"record refused: {name}", *said(done))


def test_many_records(tap, files):
    """A line, a record."""
    ee, other = files.of("ee"), "3 1 1 " + "00" * 32
    rows = [
        ("two lines", [f"{other}\n{PLAIN}"], 1, 2),
        ("of a zone file", [f"{OWNER} TLSA {other}\n\n ; next\n TLSA {PLAIN} ;\n"], 1, 2),
        ("one in parentheses", [f"TLSA ( 3 1 1\n {DIGEST} ) ; it\nTLSA {other}"], 0, 2),
        ("before another option", [f"{other}\n{other}", PLAIN], 2, 3),
        ("512 lines", [f"{other}\n" * 511 + PLAIN], 511, 512),
    ]
    for (name, texts, at, count), done in zip(rows, run_all(
            [["match", *NAME, *ee, *(a for t in texts for a in ("--record", t)), "--json"]
             for _, texts, _, _ in rows])):
        found = json.loads(done.stdout or "{}")
        tap.equal((done.returncode, found.get("record"), len(found.get("records", []))),
                  (0, at, count), f"records: {name}", *said(done))
    for rdata in ("", "03", "0301", "030101"):
        done = run(["match", *NAME, *ee, "--record", f"\\# {len(rdata) // 2} {rdata}", "--json"])
        each = json.loads(done.stdout or "{}").get("records", [{}])
        tap.equal((done.returncode, each[0].get("reason")), (1, "malformed"),
                  f"records: of {len(rdata) // 2} octets", *said(done))


def test_names(tap, files):
    """The owner of the records in place of the server, and letters beyond ASCII."""
    best = ["record", *files.of("ee"), *numbers(3, 1, 1)]
    good = [
        ("owner", OWNER, []), ("owner, no final dot", OWNER[:-1], []),
        ("owner, capitals", OWNER.upper(), []),
        ("owner, port", f"_8853._tcp.{HOST}", ["--port", "8853"]),
        ("owner, doq", f"_853._quic.{HOST}", ["--transport", "doq"]),
        ("owner, doq by another label",
         f"_853._udp.{HOST}", ["--transport", "doq", "--label", "_udp"]),
        ("owner, ipsec", f"_53.{HOST}", ["--transport", "ipsec"]),
        ("owner, ipsec of an address", "_53.53.2.0.192.in-addr.arpa.", ["--transport", "ipsec"]),
        ("an A-label", "dns.xn--zrich-kva.example", []),
    ]
    for (name, owner, more), done in zip(good, run_all(
            [[*best, "--owner", owner, *more, "--json"] for _, owner, more in good])):
        wanted = owner.rstrip(".").lower() if owner.startswith("_") else f"_853._tcp.{owner}"
        tap.equal(json.loads(done.stdout or "{}").get("owner", "").lower(), wanted + ".",
                  f"name: {name}", *said(done))
    bad = [
        ("owner of another port", f"_443._tcp.{HOST}", [], f"'{HOST}'"),
        ("owner of another transport", f"_853._udp.{HOST}", [], f"'{HOST}'"),
        ("owner of another port than said", OWNER, ["--port", "443"], f"'{HOST}.'"),
        ("owner of ipsec", f"_53.{HOST}", [], f"'{HOST}'"),
        ("owner of tcp for ipsec", f"_53._tcp.{HOST}", ["--transport", "ipsec"], f"'{HOST}'"),
        ("owner without a name", "_853._tcp.", [], "no name"),
        ("half an owner", "_853._tcp", [], "owner"),
        ("owner of an owner", f"_853._tcp._853._tcp.{HOST}", ["--port", "853"], "owner"),
        ("owner of an address", "_853._tcp.192.0.2.1", [], "no name"),
        ("a U-label", "dns.zürich.example", [], "'dns.xn--zrich-kva.example'"),
        ("a U-label, capitals", "DNS.ZÜRICH.example", [], "'dns.xn--zrich-kva.example'"),
        ("a U-label of Ω", "ωμέγα.example", [], "'xn--"),
        ("a U-label in an owner", "_853._tcp.zürich.example", [], "A-label"),
        ("letters beyond all labels", "a­ .example", [], "A-label"),
    ]
    for (name, owner, more, word), done in zip(bad, run_all(
            [[*best, "--owner", owner, *more] for _, owner, more, _ in bad])):
        tap.ok(done.returncode == 2 and not done.stdout and word in done.stderr
               and done.stderr.count("\n") == 1, f"name refused: {name}", *said(done))
    record = ["--record", PLAIN]
    rows = [
        ("match", ["match", "--name", OWNER, *files.of("ee"), *record], 0, ""),
        ("match, further name", ["match", *NAME, "--name", OWNER, *files.of("ee"), *record], 0, ""),
        ("match, another port", ["match", "--name", f"_443._tcp.{HOST}", *files.of("ee"), *record],
         2, f"'{HOST}'"),
        ("match, U-label", ["match", "--name", "bücher.example", *files.of("ee"), *record], 2,
         "'xn--bcher-kva.example'"),
        ("prove, U-label", ["prove", "--name", "bücher.example", "--chain", "/dev/null"], 2,
         "'xn--bcher-kva.example'"),
    ]
    for (name, _, code, word), done in zip(rows, run_all([row[1] for row in rows])):
        tap.ok(done.returncode == code and word in done.stderr, f"name: {name}", *said(done))


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory() as folder:
        files = Files(folder)
        test_records(tap, files)
        test_many_records(tap, files)
        test_names(tap, files)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())

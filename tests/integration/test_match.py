#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Do `danepriv match` and `danepriv record` say what they should, and how does the program take
its arguments?  No network."""

import json
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from offline import (CREDENTIALS, Files, numbers, pem, rows_of, run, run_all, said,  # noqa: E402
                     text_of)
from tap import Tap  # noqa: E402

EXITS = {"match": 0, "mismatch": 1, "unusable": 1, "absent": 1}
NAME = ["--name", "ns1.example.net"]


def records_of(rdatas):
    arguments = []
    for rdata in rdatas:
        arguments += ["--record", text_of(rdata)]
    return arguments


def is_writable(rdatas):
    """Can these be written as text?  A record without association data cannot."""
    return all(len(rdata) >= 8 for rdata in rdatas.replace("-", "").split(","))


def expected(row, depth="0"):
    """The JSON object for a row of match.txt."""
    _, _, rdatas, finding, record, verdicts = row
    matched = None if record == "-" else int(record)
    each = []
    for i, (rdata, verdict) in enumerate(zip(rdatas.split(","), verdicts.split(","))):
        word, _, reason = verdict.partition(":")
        usage, selector, matching = bytes.fromhex(rdata)[:3]
        each.append({"record": i, "verdict": word, "reason": reason or None, "usage": usage,
                     "selector": selector, "matching": matching})
    of_match = each[matched] if matched is not None else {}
    return {"finding": finding, "record": matched, "usage": of_match.get("usage"),
            "selector": of_match.get("selector"), "matching": of_match.get("matching"),
            "depth": None if matched is None else int(depth), "records": each}


def run_vectors(tap, rows):
    """Rows: name, arguments, the JSON object that is wanted."""
    for (name, _, wanted), done in zip(rows, run_all([row[1] for row in rows])):
        passed = done.returncode == EXITS[wanted["finding"]] and not done.stderr
        try:
            found = json.loads(done.stdout)
            found.pop("hints", None)  # test_files.py
            passed = passed and found == wanted
        except ValueError:
            passed = False
        tap.ok(passed and done.stdout.count("\n") == 1, f"vector: {name}", *said(done),
               f"wanted {wanted}")


def test_vectors(tap, files):
    rows = [row for row in rows_of("match.txt") if is_writable(row[2])]
    run_vectors(tap, [(row[0], ["match", *NAME, *files.of(row[1]), *records_of(row[2].split(",")),
                                "--json"], expected(row)) for row in rows])


def test_issued(tap, files):
    """Usages 0 to 2: with roots, other names, and a time of their own."""
    rows = []
    for name, items, names, roots, at, rdatas, finding, record, depth, _, each in rows_of(
            "issued.txt"):
        rows.append((name, [
            "match", *NAME, *(a for n in names.split(",") if n != "-" for a in ("--name", n)),
            *files.of(items), *(["--ca", files.of(roots)[1]] if roots != "-" else []), "--at", at,
            *records_of(rdatas.split(",")), "--json"],
            expected(("", "", rdatas, finding, record, each), depth)))
    run_vectors(tap, rows)


def good_rows(files):
    """Name, arguments, wanted exit code."""
    good = [row for row in rows_of("match.txt") if row[0] == "spki_sha-256"][0]
    ee, record = files.of("ee"), ["--record", text_of(good[2])]
    digest = bytes.fromhex(good[2])[3:].hex()
    spaced = "\t3  1\n1 " + " ".join(digest[i:i + 8].upper() for i in range(0, 64, 8)) + " \n"
    boundless = "3 1 1 " + " ".join(digest)
    noisy = "some words\n" + pem("EC PRIVATE KEY", b"no key") + pem(
        "CERTIFICATE", CREDENTIALS["ee"])
    return [
        ("one certificate in DER", [*files.of("ee", "der"), *record], 0),
        ("a key in PEM", [*files.of("raw:ee-key"), *record], 0),
        ("a key in DER", [*files.of("raw:ee-key", "der"), *record], 0),
        ("a PEM file with other things in it", ["--cert", files.put("noisy", noisy), *record], 0),
        ("PEM with the line ends of elsewhere",
         ["--cert", files.put("crlf", pem("CERTIFICATE", CREDENTIALS["ee"]).replace(
             "\n", "\r\n")), *record], 0),
        ("hex in any case, with white space", [*ee, "--record", spaced], 0),
        ("hex in single digits", [*ee, "--record", boundless], 0),
        ("options with =", [f"--cert={ee[1]}", f"--record={record[1]}"], 0),
        ("numbers with zeros in front", [*ee, "--record", "003 01 001 " + digest], 0),
        ("more names", [*ee, *record, "--name", "two.example", "--name=three.example."], 0),
        ("at a time long past", [*ee, *record, "--at", "1"], 0),
        ("at the end of time", [*ee, *record, "--at=9223372036854775807"], 0),
        ("authorities", [*ee, *record, "--ca", files.of("ca")[1]], 0),
        ("authorities in DER", [*ee, *record, "--ca", files.of("ca", "der")[1]], 0),
        ("16 more names", [*ee, *record, *["--name", "a.example"] * 16], 0),
        ("128 records", [*ee, *record * 128], 0),
        ("options in another order", [*record, *ee, "--json"], 0),
        ("no record at all", ee, 1),
        ("highest numbers", [*ee, "--record", "255 255 255 00"], 1),
    ]


def bad_rows(files):
    """Name, arguments: exit 2, one line on stderr, nothing on stdout."""
    ee, key = files.of("ee"), files.of("raw:ee-key")
    zeros = "3 1 1 " + "00" * 32
    record = ["--record", zeros]
    label = "a" * 63
    certificate = CREDENTIALS["ee"]

    def cert(name, content):
        return ["match", *NAME, "--cert", files.put(name, content), *record]

    def bad_record(text):
        return ["match", *NAME, *ee, "--record", text]

    return [
        ("nothing", []),
        ("unknown command", ["mach"]),
        ("unknown command with a line end in it", ["mach\nmach\r\x1b[2J"]),
        ("empty command", [""]),
        ("option in place of a command", ["--json"]),
        ("no arguments", ["match"]),
        ("no name", ["match", *ee, *record]),
        ("no credential", ["match", *NAME, *record]),
        ("both credentials", ["match", *NAME, *ee, *key, *record]),
        ("two certificates", ["match", *NAME, *ee, *ee, *record]),
        ("two keys", ["match", *NAME, *key, *key, *record]),
        ("unknown option", ["match", *NAME, *ee, *record, "--jason"]),
        ("unknown option with value", ["match", *NAME, *ee, *record, "--jason=x"]),
        ("beginning of an option", ["match", "--na", "a.b", *ee, *record]),
        ("unknown letter", ["match", *NAME, *ee, *record, "-j"]),
        ("switch with a value", ["match", *NAME, *ee, *record, "--json=yes"]),
        ("argument too many", ["match", *NAME, *ee, *record, "more"]),
        ("argument after --", ["match", *NAME, *ee, *record, "--", "--json"]),
        ("missing value", ["match", *NAME, *ee, "--record"]),
        ("empty name", ["match", "--name", "", *ee, *record]),
        ("empty name after =", ["match", "--name=", *ee, *record]),
        ("root as name", ["match", "--name", ".", *ee, *record]),
        ("IPv4 address as name", ["match", "--name", "192.0.2.1", *ee, *record]),
        ("IPv6 address as name", ["match", "--name", "fe80::1%lo", *ee, *record]),
        ("label too long", ["match", "--name", "a" + label + ".example", *ee, *record]),
        ("name too long", ["match", "--name", ".".join([label] * 4), *ee, *record]),
        ("name of many octets", ["match", "--name", "a." * 5000, *ee, *record]),
        ("bad second name", ["match", *NAME, "--name", "a..b", *ee, *record]),
        ("name with a line end", ["match", "--name", "a\nb", *ee, *record]),
        ("U-label", ["match", "--name", "bücher.example", *ee, *record]),
        ("no time at all", ["match", *NAME, *ee, *record, "--at", "0"]),
        ("a time before 1970", ["match", *NAME, *ee, *record, "--at", "-1"]),
        ("no number", ["match", *NAME, *ee, *record, "--at", "now"]),
        ("empty number", ["match", *NAME, *ee, *record, "--at", ""]),
        ("number with more behind it", ["match", *NAME, *ee, *record, "--at", "1x"]),
        ("number too large", ["match", *NAME, *ee, *record, "--at", "9223372036854775808"]),
        ("number far too large", ["match", *NAME, *ee, *record, "--at", "9" * 99]),
        ("number twice", ["match", *NAME, *ee, *record, "--at", "1", "--at", "1"]),
        ("record: empty", bad_record("")),
        ("record: blanks", bad_record("   ")),
        ("record: one number", bad_record("3")),
        ("record: three numbers", bad_record("3 1 1")),
        ("record: no hex", bad_record("3 1 1  \t")),
        ("record: bad hex", bad_record("3 1 1 xy")),
        ("record: bad hex at the end", bad_record(zeros + "g")),
        ("record: odd hex", bad_record("3 1 1 abc")),
        ("record: hex with 0x", bad_record("3 1 1 0xab")),
        ("record: hex with colons", bad_record("3 1 1 ab:cd")),
        ("record: number 256", bad_record("256 1 1 ab")),
        ("record: selector 256", bad_record("3 256 1 ab")),
        ("record: matching 256", bad_record("3 1 256 ab")),
        ("record: number 4294967299", bad_record("4294967299 1 1 ab")),
        ("record: negative", bad_record("-3 1 1 ab")),
        ("record: plus", bad_record("+3 1 1 ab")),
        ("record: hexadecimal number", bad_record("0x3 1 1 ab")),
        ("record: fraction", bad_record("3.0 1 1 ab")),
        ("record: full-width digits", bad_record("\uff13 1 1 ab")),
        ("record: commas", bad_record("3,1,1,ab")),
        ("records: too large",
         ["match", *NAME, *ee, *["--record", "3 1 0 " + "ab" * 32767] * 2]),
        ("record: one good, one bad", ["match", *NAME, *ee, *record, "--record", "3 1"]),
        ("513 records", ["match", *NAME, *ee, *record * 513]),
        ("1,025 records", ["match", *NAME, *ee, *record * 1025]),
        ("missing file", ["match", *NAME, "--cert", str(files.folder / "nope"), *record]),
        ("file without a name", ["match", *NAME, "--cert", "", *record]),
        ("directory", ["match", *NAME, "--cert", str(files.folder), *record]),
        ("endless file", ["match", *NAME, "--cert", "/dev/zero", *record]),
        ("empty file", cert("empty", "")),
        ("blank file", cert("blank", "\n\n")),
        ("text", cert("text", "hello\n")),
        ("binary garbage", cert("garbage", bytes(range(256)) * 4)),
        ("garbage that begins like DER", cert("garbage2", b"\x30\x82\x01\x00" + bytes(256))),
        ("certificate cut short", cert("cut", certificate[:-1])),
        ("certificate with an octet more", cert("more", certificate + b"\0")),
        ("PEM cut short", cert("pem-cut", pem("CERTIFICATE", certificate)[:200])),
        ("PEM, second one cut short", cert("pem-cut2", pem("CERTIFICATE", certificate) + pem(
            "CERTIFICATE", certificate)[:200])),
        ("PEM around nothing", cert("pem-empty", pem("CERTIFICATE", b""))),
        ("PEM around garbage", cert("pem-garbage", pem("CERTIFICATE", b"garbage"))),
        ("PEM, not base64", cert("pem-64", pem("CERTIFICATE", certificate).replace("M", "*"))),
        ("key as certificate", ["match", *NAME, "--cert", key[1], *record]),
        ("certificate as key", ["match", *NAME, "--key", ee[1], *record]),
        ("two keys in one file", ["match", *NAME, *files.of("raw:ee-key,other-key"), *record]),
        ("certificate in DER as key", ["match", *NAME, "--key", files.of("ee", "der")[1], *record]),
        ("129 certificates", cert("many", pem("CERTIFICATE", certificate) * 129)),
        ("missing authorities", ["match", *NAME, *ee, *record, "--ca", "/nonexistent"]),
        ("no authorities", ["match", *NAME, *ee, *record, "--ca", files.put("none", "none")]),
        ("empty authorities", ["match", *NAME, *ee, *record, "--ca", files.put("void", "")]),
        ("17 more names", ["match", *NAME, *ee, *record, *["--name", "a.example"] * 17]),
        ("authorities that are none", ["match", *NAME, *ee, *record, "--ca", key[1]]),
        ("record: no numbers", ["record", *ee]),
        ("record: no selector", ["record", *ee, "--usage", "3", "--matching", "1"]),
        ("record: usage 4", ["record", *ee, *numbers(4, 1, 1)]),
        ("record: selector 2", ["record", *ee, *numbers(3, 2, 1)]),
        ("record: matching 3", ["record", *ee, *numbers(3, 1, 3)]),
        ("record: raw key, usage 2", ["record", *key, *numbers(2, 1, 1)]),
        ("record: raw key, selector 0", ["record", *key, *numbers(3, 0, 1)]),
        ("record: port without owner", ["record", *ee, *numbers(3, 1, 1), "--port", "853"]),
        ("record: transport alone", ["record", *ee, *numbers(3, 1, 1), "--transport", "dot"]),
        ("record: port 0", ["record", *ee, *numbers(3, 1, 1), "--owner", "a.b", "--port", "0"]),
        ("record: port 65536",
         ["record", *ee, *numbers(3, 1, 1), "--owner", "a.b", "--port", "65536"]),
        ("record: unknown transport",
         ["record", *ee, *numbers(3, 1, 1), "--owner", "a.b", "--transport", "tcp"]),
        ("record: address as owner", ["record", *ee, *numbers(3, 1, 1), "--owner", "::1"]),
        ("record: no credential", ["record", *numbers(3, 1, 1)]),
    ]


def bad_server_rows(files):
    """The same: servers that cannot be meant."""
    ee = files.of("ee")

    def owned(name, *more):
        return ["record", *ee, *numbers(3, 1, 1), "--owner", name, *more]

    return [
        ("record: address as owner over TLS", owned("192.0.2.1", "--transport", "dot")),
        ("record: no address", owned("192.0.2.256.1", "--transport", "ipsec", "--label", "_x")),
        ("record: half an address", owned("2001:db8:::1", "--transport", "ipsec")),
        ("record: label of dot", owned("a.b", "--label", "_udp")),
        ("record: label of doh", owned("a.b", "--transport", "doh", "--label", "_udp")),
        ("record: label without underscore",
         owned("a.b", "--transport", "doq", "--label", "quic")),
        ("record: two labels in one", owned("a.b", "--transport", "doq", "--label", "_a._b")),
        ("record: empty label", owned("a.b", "--transport", "doq", "--label", "")),
        ("record: two labels",
         owned("a.b", "--transport", "doq", "--label", "_a", "--label", "_a")),
        ("record: two transports", owned("a.b", "--transport", "doq", "--transport", "doq")),
        ("record: all transports", owned("a.b", "--transport", "dot|doh")),
        ("record: half a transport", owned("a.b", "--transport", "do")),
        ("record: no transport", owned("a.b", "--transport", "")),
        ("record: label without owner", ["record", *ee, *numbers(3, 1, 1), "--label", "_quic"]),
        ("record: role without owner", ["record", *ee, *numbers(3, 1, 1), "--name-server"]),
    ]


def address_rows(owned, hexes):
    """Servers over IPsec, known by their address."""
    four, six = "192.0.2.53", "2001:DB8::53"
    tail = f"IN TYPE65347 \\# 35 {hexes}"
    reverse = "3.5." + "0." * 22 + "8.b.d.0.1.0.0.2.ip6.arpa."
    return [
        ("IPv4", [*owned, four, "--transport", "ipsec"],
         f"_53.53.2.0.192.in-addr.arpa. {tail}"),
        ("IPv6", [*owned, six, "--transport", "ipsec"], f"_53.{reverse} {tail}"),
        ("IPv4, port", [*owned, four, "--transport", "ipsec", "--port", "5353"],
         f"_5353.53.2.0.192.in-addr.arpa. {tail}"),
    ]


def record_rows(files):
    """Name, arguments, the line that is wanted."""
    ee, key = files.of("ee"), files.of("raw:ee-key")
    data = {row[0]: row[2] for row in rows_of("match.txt")}
    hexes = data["spki_sha-256"]
    plain = text_of(hexes)
    best = [*ee, *numbers(3, 1, 1)]
    owned = [*best, "--owner", "ns1.example.net"]
    return [
        ("data alone", best, plain),
        ("of a key", [*key, *numbers(3, 1, 1)], plain),
        ("sha-512", [*ee, *numbers(3, 1, 2)], text_of(data["spki_sha-512"])),
        ("full key", [*key, *numbers(3, 1, 0)], text_of(data["spki_full"])),
        ("full certificate", [*ee, *numbers(3, 0, 0)], text_of(data["certificate_full"])),
        ("other usage", [*ee, *numbers(1, 1, 1)], "1" + plain[1:]),
        ("of the first of two", [*files.of("ee,other"), *numbers(3, 1, 1)], plain),
        ("owner", owned, f"_853._tcp.ns1.example.net. IN TLSA {plain}"),
        ("final dot", [*best, "--owner=ns1.example.net."],
         f"_853._tcp.ns1.example.net. IN TLSA {plain}"),
        ("port", [*owned, "--port", "8853"], f"_8853._tcp.ns1.example.net. IN TLSA {plain}"),
        ("dtls", [*owned, "--transport", "dtls"], f"_853._udp.ns1.example.net. IN TLSA {plain}"),
        ("doq", [*owned, "--transport", "doq"], f"_853._quic.ns1.example.net. IN TLSA {plain}"),
        ("doh", [*owned, "--transport", "doh"], f"_443._tcp.ns1.example.net. IN TLSA {plain}"),
        ("ipsec", [*owned, "--transport", "ipsec"],
         f"_53.ns1.example.net. IN TYPE65347 \\# 35 {hexes}"),
        ("doh3", [*owned, "--transport", "doh3"], f"_443._quic.ns1.example.net. IN TLSA {plain}"),
        ("label of doq", [*owned, "--transport", "doq", "--label", "_udp"],
         f"_853._udp.ns1.example.net. IN TLSA {plain}"),
        ("label of doh3", [*owned, "--label=_udp", "--transport=doh3", "--port=1"],
         f"_1._udp.ns1.example.net. IN TLSA {plain}"),
        ("out of NS records", [*owned, "--name-server"],
         f"_853._tcp.ns1.example.net. IN TLSA {plain}"),
        ("generic", [*owned, "--generic"],
         f"_853._tcp.ns1.example.net. IN TYPE52 \\# 35 {hexes}"),
        ("generic, data alone", [*best, "--generic"], f"\\# 35 {hexes}"),
        *address_rows([*best, "--owner"], hexes),
    ]


def test_good(tap, files):
    rows = good_rows(files)
    calls = [["match", *NAME, *arguments] for _, arguments, _ in rows]
    for (name, _, code), done in zip(rows, run_all(calls)):
        tap.ok(done.returncode == code and done.stdout and not done.stderr, f"match: {name}",
               *said(done))


def test_bad(tap, files):
    rows = bad_rows(files) + bad_server_rows(files)
    for (name, arguments), done in zip(rows, run_all([row[1] for row in rows])):
        one_line = done.stderr.endswith("\n") and done.stderr[:-1].isprintable()
        passed = done.returncode == 2 and one_line and not done.stdout
        tap.ok(passed, f"bad: {name}", *said(done),
               f"arguments {' '.join(arguments)[:200]!r}")


def test_record(tap, files):
    rows = record_rows(files)
    for (name, _, wanted), done in zip(rows, run_all([["record", *row[1]] for row in rows])):
        tap.ok((done.returncode, done.stdout, done.stderr) == (0, wanted + "\n", ""),
               f"record: {name}", *said(done), f"wanted {wanted}")


def test_record_json(tap, files):
    best = ["record", *files.of("ee"), *numbers(3, 1, 1)]
    line = run(best).stdout.strip()
    tap.equal(json.loads(run([*best, "--json"]).stdout),
              {"owner": None, "type": 52, "usage": 3, "selector": 1, "matching": 1,
               "data": line.split()[3], "line": line}, "record: JSON, no owner")
    best += ["--owner", "192.0.2.53", "--transport", "ipsec"]
    got = json.loads(run([*best, "--json"]).stdout)
    tap.equal((got["owner"], got["type"], got["line"]),
              ("_53.53.2.0.192.in-addr.arpa.", 65347, run(best).stdout.strip()),
              "record: JSON, owner")


def test_rest(tap, files):
    for arguments, word in ((["--help"], "match"), (["--version"], "danepriv "),
                            (["match", "--help"], "--record"), (["record", "--help"], "--usage"),
                            (["match", "--name", "a.b", "--help"], "--record")):
        done = run(arguments)
        tap.ok(done.returncode == 0 and word in done.stdout and not done.stderr,
               f"danepriv {' '.join(arguments)}", *said(done))
    absent = run(["match", *NAME, *files.of("ee"), "--json"])
    tap.equal(json.loads(absent.stdout),
              {"finding": "absent", "record": None, "usage": None, "selector": None,
               "matching": None, "depth": None, "records": []}, "no record: absent")
    with open("/dev/full", "w", encoding="ascii") as full:
        for arguments in (["match", *NAME, *files.of("ee")], ["record", *files.of("ee"),
                          *numbers(3, 1, 1)], ["--version"], ["match", "--help"]):
            done = run(arguments, stdout=full)
            tap.ok(done.returncode == 2 and done.stderr.count("\n") == 1,
                   f"disk full: {arguments[0]}", f"exit {done.returncode}", done.stderr)


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory() as folder:
        files = Files(folder)
        test_vectors(tap, files)
        test_issued(tap, files)
        test_good(tap, files)
        test_bad(tap, files)
        test_record(tap, files)
        test_record_json(tap, files)
        test_rest(tap, files)
    return tap.done()


sys.exit(main())

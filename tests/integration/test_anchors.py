#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Are trust anchors read as other programs keep them, whole, or refused with the line?  No
network."""

import json
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from offline import Files, run, run_all, said  # noqa: E402
from tap import Tap  # noqa: E402

PROOFS = Path(__file__).resolve().parents[1] / "vectors" / "proofs"
DS = (PROOFS / "root.ds").read_text().split()[3:]  # tag, algorithm, type, digest
KEY = (PROOFS / "root-dnskey.anchors").read_text().split()[3:]  # flags, protocol, algorithm, key
TAG, ALGORITHM, KIND, DIGEST = DS
FIELDS, OCTETS = " ".join(KEY[:3]), KEY[3]
LINE, KEY_LINE = f". IN DS {' '.join(DS)}\n", f". IN DNSKEY {FIELDS} {OCTETS}\n"
OTHER = f"1 8 2 {'0' * 64}"  # proves nothing here
AT = 1700000000  # 2023-11-14T22:13:20Z, when the chain is valid


def bind(*entries, statement="trust-anchors"):
    return f"{statement} {{\n" + "".join(f"\t{entry};\n" for entry in entries) + "};\n"


def key_digest(attributes, digest=DIGEST, tag=TAG, more=""):
    return (f"<KeyDigest {attributes}>\n<KeyTag>{tag}</KeyTag>\n"
            f"<Algorithm>{ALGORITHM}</Algorithm>\n<DigestType>{KIND}</DigestType>\n"
            f"<Digest>{digest}</Digest>\n{more}</KeyDigest>\n")


def iana(*digests, zone="<Zone>.</Zone>\n", front='<?xml version="1.0" encoding="UTF-8"?>\n'):
    return (f'{front}<TrustAnchor id="4" source="http://data.iana.org/root-anchors.xml">\n{zone}'
            f'{"".join(digests)}</TrustAnchor>\n')


FROM = 'validFrom="2017-02-02T00:00:00+00:00"'
VALID = f'id="K" {FROM}'
INITIAL_KEY = f'. initial-key {FIELDS} "{OCTETS}"'
INITIAL_DS = f'. initial-ds {" ".join(DS[:3])} "{DIGEST}"'

# Each anchors the root's key.
GOOD = [
    ("DS", LINE),
    ("DNSKEY", KEY_LINE),
    ("both", LINE + KEY_LINE),
    ("the algorithm by name", f". IN DS {TAG} ED25519 {KIND} {DIGEST}\n"),
    ("the algorithm of a key by name", f". IN DNSKEY 257 3 Ed25519 {OCTETS}\n"),
    ("dig", f"; <<>> DiG 9.18 <<>> . DNSKEY\n;; flags: qr aa;\n\n.\t86400\tIN\tDNSKEY\t{FIELDS} "
     f"( {OCTETS[:20]}\n\t{OCTETS[20:]} ) ; KSK; alg = ED25519\n\n;; WHEN: now\n"),
    ("a mark of UTF-8", "\xef\xbb\xbf" + LINE),
    ("line ends of elsewhere", LINE.replace("\n", "\r\n")),
    ("no line end", LINE.rstrip()),
    ("BIND, a key", bind(INITIAL_KEY)),
    ("BIND, a digest", bind(INITIAL_DS)),
    ("BIND, both", bind(INITIAL_KEY, INITIAL_DS)),
    ("BIND, static", bind(f'"." static-key {FIELDS} "{OCTETS}"')),
    ("BIND, a static digest", bind(f'"." static-ds {" ".join(DS[:3])} "{DIGEST}"')),
    ("BIND, managed-keys", bind(INITIAL_KEY, statement="managed-keys")),
    ("BIND, trusted-keys", bind(f'. {FIELDS} "{OCTETS}"', statement="trusted-keys")),
    ("BIND, two statements", bind(f'elsewhere. initial-ds {OTHER}') + bind(INITIAL_DS)),
    ("BIND, comments", "# one\n// two; }\n/* three\n * trust-anchors { }; */\n" + bind(
        "# here\n" + INITIAL_KEY.replace("initial", "/* x */ initial")) + "// end"),
    ("BIND, the key in lines", bind(f'. initial-key {FIELDS} "{OCTETS[:9]}\n\t\t{OCTETS[9:]} "')),
    ("BIND, all in one line", f'trust-anchors{{{INITIAL_KEY};{INITIAL_DS};}};'),
    ("BIND, the algorithm by name", bind(f'. initial-key 257 3 ED25519 "{OCTETS}"')),
    ("IANA", iana(key_digest(VALID))),
    ("IANA, others beside it", iana(
        key_digest(f'{VALID} validUntil="2019-01-11T00:00:00+00:00"', "0" * 64, "19036"),
        key_digest(VALID), key_digest('validFrom="2026-07-18T00:00:00+00:00"', "1" * 64, "38696"))),
    ("IANA, with a key", iana(key_digest(VALID, more=f"<PublicKey>{OCTETS}</PublicKey>\n"
                                         "<Flags>257</Flags>\n"))),
    ("IANA, comments and blanks", iana(
        "<!-- <KeyDigest> -->\n" + key_digest(VALID, f"\n {DIGEST} \n"),
        zone=" <Zone> . </Zone> ")),
    ("IANA, digest in lines", iana(key_digest(VALID, f"{DIGEST[:32]}\n{DIGEST[32:]}"))),
    ("IANA, no declaration", iana(key_digest(VALID), front="")),
    ("IANA, single quotes", iana(key_digest("validFrom='2017-02-02T00:00:00Z'"))),
    ("IANA, valid from now on", iana(key_digest('validFrom="2023-11-14T22:13:20+00:00"'))),
    ("IANA, valid until now", iana(key_digest(f'{FROM} validUntil="2023-11-14T22:13:20Z"'))),
    ("IANA, from now on elsewhere", iana(key_digest('validFrom="2023-11-15T00:13:20+02:00"'))),
    ("IANA, until now elsewhere", iana(
        key_digest(f'{FROM} validUntil="2023-11-14T20:13:20-02:00"'))),
    ("IANA, since a leap day", iana(key_digest('validFrom="2020-02-29T00:00:00Z"'))),
    ("dnsmasq", f"trust-anchor=.,{','.join(DS)}\n"),
    ("dnsmasq, more of them", f"# root\ntrust-anchor=elsewhere,{OTHER.replace(' ', ',')}\n\n"
     f"trust-anchor=.,{','.join(DS)} # this\n"),
    ("dnsmasq, a class", f"trust-anchor=IN,.,{','.join(DS)}"),
]

# Read, and there is nothing in it that could be trusted now: exit 2, and no line is at fault.
USELESS = [
    ("IANA, not yet", iana(key_digest('validFrom="2023-11-14T22:13:21+00:00"'))),
    ("IANA, not any more", iana(key_digest(f'{FROM} validUntil="2023-11-14T22:13:19Z"'))),
    ("IANA, not yet elsewhere", iana(key_digest('validFrom="2023-11-15T00:13:21+02:00"'))),
    ("IANA, nothing", iana()),
    ("BIND, nothing", bind()),
    ("comments", "; nothing\n"),
    ("comments of BIND's", "trust-anchors {\n// nothing\n};\n"),
    ("a revoked key", KEY_LINE.replace("257", "385")),
    ("a pending key", KEY_LINE.rstrip() + " ;;state=1 [ ADDPEND ]\n"),
    ("an algorithm that is not supported", f". IN DS 1 5 2 {'0' * 64}\n"),
]

# Refused with this line.
BAD = [
    ("a slip", f"; ours\n{LINE}. IN DS 1 2\n{LINE}", 3),
    ("a slip at the end", f"{LINE}\n\n; more\n. IN DS 1 2 2 00", 5),
    ("a slip behind parentheses",
     f". IN DS ( {TAG} {ALGORITHM}\n {KIND} {DIGEST} )\n. IN A 1.2.3.4\n",
     3),
    ("a parenthesis that does not end", f"{LINE}. IN DS ( {' '.join(DS)}\n{LINE}", 2),
    ("an owner like the one before", f"{LINE} IN DS {' '.join(DS)}\n", 2),
    ("a directive", f"$TTL 3600\n{LINE}", 1),
    ("another comment", f"{LINE}# mine\n", 2),
    ("a certificate", "-----BEGIN CERTIFICATE-----\nMIIB\n", 1),
    ("zeros", LINE + "\0" + LINE, 1),
    ("BIND, another statement", "options { };\n" + bind(INITIAL_DS), 1),
    ("BIND, another statement behind", bind(INITIAL_DS) + "options { };\n", 4),
    ("BIND, a digest too short", bind(INITIAL_DS, '. initial-ds 1 8 2 "00"'), 3),
    ("BIND, an unknown kind", bind(INITIAL_DS, INITIAL_DS.replace("initial", "first")), 3),
    ("BIND, a number missing", bind(f'. initial-ds {TAG} {KIND} "{DIGEST}"'), 2),
    ("BIND, a number too many", bind(f'. initial-ds 1 {" ".join(DS[:3])} "{DIGEST}"'), 2),
    ("BIND, a semicolon missing", bind(INITIAL_DS + "\n" + INITIAL_KEY), 2),
    ("BIND, a quote that does not end", bind(INITIAL_DS, INITIAL_DS[:-1]), 3),
    ("BIND, a brace that does not end", bind(INITIAL_DS).replace("};", ""), 4),
    ("BIND, no semicolon at the end", bind(INITIAL_DS).rstrip(";\n"), 3),
    ("BIND, no brace", f"trust-anchors {INITIAL_DS};", 1),
    ("BIND, lines in a name", bind(f'".\n. IN DS {OTHER}\n." initial-ds {OTHER}'), 2),
    ("BIND, a comment in a name", bind(f'".;" initial-ds {OTHER}'), 2),
    ("BIND, a parenthesis in a number", bind(f'. initial-ds (1 8 2 "{DIGEST}"'), 2),
    ("BIND, a comment that does not end", "/* " + bind(INITIAL_DS), None),
    ("IANA, no zone", iana(key_digest(VALID), zone=""), 3),
    ("IANA, two zones", iana(key_digest(VALID), zone="<Zone>.</Zone>\n<Zone>a</Zone>\n"), 4),
    ("IANA, a digest missing", iana(key_digest(VALID, "")), 4),
    ("IANA, two tags", iana(key_digest(VALID, more=f"<KeyTag>{TAG}</KeyTag>")), 4),
    ("IANA, something unknown", iana(key_digest(VALID, more="<Size>1</Size>")), 4),
    ("IANA, no validFrom", iana(key_digest('id="K"')), 4),
    ("IANA, validFrom within another word", iana(key_digest(f'x{FROM}')), 4),
    ("IANA, a date that is none", iana(key_digest('validFrom="2017-13-02T00:00:00Z"')), 4),
    ("IANA, a date without a zone", iana(key_digest('validFrom="2017-02-02T00:00:00"')), 4),
    ("IANA, a date of another kind", iana(key_digest('validFrom="02.02.2017"')), 4),
    ("IANA, an end that is no date", iana(key_digest(f'{FROM} validUntil="never"')), 4),
    ("IANA, a digest of another length", iana(key_digest(VALID, DIGEST[2:])), 4),
    ("IANA, a digest that is no hex", iana(key_digest(VALID, "zz" + DIGEST[2:])), 4),
    ("IANA, a comment within a number", iana(key_digest(VALID, tag=f"9<!-- -->{TAG}")), 4),
    ("IANA, an entity", iana(key_digest(VALID, tag="&#49;")), 4),
    ("IANA, lines within a zone", iana(key_digest(VALID), zone=f"<Zone>.\n{LINE}.</Zone>"), None),
    ("IANA, a document type", iana(key_digest(VALID), front="<!DOCTYPE x [ ]>\n"), 1),
    ("IANA, character data", iana("<![CDATA[" + key_digest(VALID) + "]]>"), None),
    ("IANA, cut short", iana(key_digest(VALID))[:-20], None),
    ("IANA, cut in a digest", iana(key_digest(VALID))[:150], None),
    ("IANA, more behind it", iana(key_digest(VALID)) + LINE, None),
    ("another XML", "<html>\n</html>\n", 1),
    ("dnsmasq, a field missing", f"trust-anchor=.,{','.join(DS[1:])}\n", 1),
    ("dnsmasq, a field too many", f"trust-anchor=.,{','.join(DS)},1,2\n", 1),
    ("dnsmasq, another class", f"trust-anchor=CH,.,{','.join(DS)}\n", 1),
    ("dnsmasq, an empty field", f"#\ntrust-anchor=.,,{','.join(DS[1:])}\n", 2),
    ("dnsmasq, another option", f"trust-anchor=.,{','.join(DS)}\ndnssec\n", 2),
    ("1025 lines", LINE * 1025, 1025),
]


def ask(files, number, chain, text):
    path = files.put(f"anchors{number}", text)
    return ["prove", "--name", "dns.example", "--chain", chain, "--at", str(AT), "--anchor", path,
            "--json"]


def main():
    tap = Tap()
    octets = next(line.split()[-1] for line in (PROOFS / "keys.txt").read_text().splitlines()
                  if line.startswith("record-signed-by-ksk _853._tcp.dns.example. 52 "))
    with tempfile.TemporaryDirectory() as folder:
        files = Files(folder)
        chain = files.put("chain", octets)
        rows = [(*row, None) for row in GOOD + USELESS] + BAD
        calls = [ask(files, i, chain, row[1]) for i, row in enumerate(rows)]
        for i, ((name, _, line), done) in enumerate(zip(rows, run_all(calls))):
            if i < len(GOOD):
                tap.equal((done.returncode, json.loads(done.stdout or "{}").get("status")),
                          (0, "secure"), f"read: {name}", *said(done))
                continue
            tap.ok(done.returncode == 2 and not done.stdout and done.stderr.count("\n") == 1
                   and "DS" in done.stderr, f"refused: {name}", *said(done))
            if i < len(GOOD) + len(USELESS):
                tap.ok(" line " not in done.stderr, f"no line is at fault: {name}", *said(done))
            elif line:
                tap.ok(f", line {line}: " in done.stderr, f"line {line}: {name}", *said(done))
        many = run(ask(files, "many", chain, LINE * 257))
        tap.ok(many.returncode == 2 and many.stderr.count("\n") == 1, "257 anchors", *said(many))
        piped = run([*calls[0][:-2], "-"], stdin=LINE)
        tap.equal(piped.returncode, 0, "standard input", *said(piped))
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())

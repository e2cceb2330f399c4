#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Does a validator that we did not write agree with the verdicts in tests/vectors/proofs?

It is that of getdns 1.6.0, which has faults and other rules of its own.  Each row on which it says
something else is named here with the reason; where it has come to agree, the table is wrong."""

import os
import re
import sys
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TESTS / "support"))

import oracle  # noqa: E402
from chain import name_of, records_of, way_of  # noqa: E402
from tap import Tap  # noqa: E402

VECTORS = TESTS / "vectors"
# Not base.txt, which is about several names, and not limits.txt: bounds are ours alone.
FILES = ("chains", "resigned", "algorithms", "alias", "alias-loops", "anchors", "associations",
         "dates", "form", "keys", "nsec", "nsec3", "signatures", "until", "wildcards")

# File, rows (a pattern for all of the name), what getdns says, why.
EXCEPTIONS = [
    ("resigned", r"denied-by-(com|root)", "secure",
     "it lets the parent speak for a zone that is cut off"),
    ("resigned", r"dname-with-cname-astray", "bogus",
     "it judges the CNAME that came along, which is to be inferred"),
    ("algorithms", r"algorithm-(0|1|3|5|6|7|12|113|253|255)-ds-alone", "bogus",
     "it wants keys also where the DS names none that it supports"),
    ("algorithms", r"algorithm-(1|3|5|6|7)", "bogus",
     "it still verifies with algorithms that are retired (RFC 8624, RFC 9905)"),
    ("algorithms", r"rsa-504-bits|rsa-sha512-1016-bits", "secure",
     "it takes RSA keys that are too short"),
    ("algorithms", r"rsa-exponent-(900-bits|long-form|zero-led)|rsa-modulus-zero-led",
     "secure", "it takes RSA exponents of any size, and forms that RFC 3110 forbids"),
    ("alias", r"cname-beside-record|cname-injected-beside-record", "bogus",
     "it judges the alias beside the records, too"),
    ("alias", r"cname-two-targets|dname-two-targets", "secure",
     "it takes any one of several targets (RFC 2181 section 10.1)"),
    ("alias", r"cname-to-unsupported", "bogus",
     "a zone of an unsupported algorithm is bogus to it"),
    ("alias", r"cname-to-unanchored", "secure",
     "it calls a secure alias to a name under no anchor secure"),
    ("alias", r"dname-with-wrong-cname|dname-with-cname-badly-signed", "bogus",
     "it judges the CNAME that came along, which is to be inferred"),
    ("alias-loops", r"cname-17", "secure", "it follows more aliases"),
    ("anchors", r"island|island-below-broken-path", "bogus",
     "it does not begin at the closest anchor"),
    ("dates", r"(begins-now|ends-now|one-second-long|very-long)-(record|keys|ds|root)", "bogus",
     "bounds are exclusive to it, and validity of more than half the circle is none"),
    ("keys", r"mixed-key-of-unknown-alone", "insecure",
     "it takes any unknown algorithm among the keys for an unsupported zone"),
    ("keys", r"digest-2-beside-wrong-4", "bogus", "it takes the strongest digest alone"),
    ("keys", r"digest-(0|3|5|6|255)-empty", "bogus",
     "a DS of an unknown digest type without a digest is none to it"),
    ("keys", r"[kz]sk-(no-zone-bit|no-flags|protocol-2|protocol-255)", "secure",
     "it does not look at the flags and protocol of keys (RFC 4034 section 2.1)"),
    ("keys", r"[kz]sk-revoked", "secure", "it takes revoked keys (RFC 5011)"),
    ("keys", r"same-tag-(5|21)|(key-)?signatures-(9|31)", "secure",
     "it has no bounds for keys and signatures"),
    ("nsec", r"single-link-of-root", "secure", "it takes an NSEC from above the zone cut"),
    ("nsec", r"nxdomain-in-root", "insecure", "what the root itself denies is insecure to it"),
    ("nsec3", r"nxdomain-in-root", "bogus", "what the root itself denies is bogus to it"),
    ("nsec", r"bitmap-(empty-window|window-33|short|window-twice|windows-turned|odd-octet)",
     "secure", "it does not look at the form of bitmaps"),
    ("nsec", r"nsec-name-compressed", "secure", "it expands names in NSEC records"),
    ("nsec", r"next-outside-(sibling|parent)-(nodata|no-name|cover|wildcard)"
     r"|next-outside-(alike-nodata|child)|nsec-root-next", "secure",
     "it takes an NSEC whose next name lies outside the zone"),
    ("nsec", r"next-outside-(sibling|parent|alike)-delegation", "insecure",
     "it takes an NSEC whose next name lies outside the zone"),
    ("wildcards", r"wildcard-nsec-next-outside-(sibling|parent)", "secure",
     "it takes an NSEC whose next name lies outside the zone"),
    ("nsec", r"nsec-two-(in-a-set|that-disagree)", "secure", "it takes several NSECs of a name"),
    ("nsec", r"denial-and-unsigned-record", "bogus", "it judges the unsigned record"),
    ("nsec3", r"wildcard-nodata", "bogus",
     "it does not take one NSEC3 both for the next closer name and for the wildcard"),
    ("nsec3", r"iterations-(51|150|of-child)", "bogus",
     "NSEC3 of more iterations than it takes is no denial, and so bogus"),
    ("nsec3", r"mixed-(salt|iterations)-(closer|wildcard|encloser)", "secure",
     "it takes NSEC3 of several parameters together (RFC 5155 section 8.2)"),
    ("nsec3", r"(nxdomain|nodata)-flags-2|nodata-flags-(3|255)", "secure",
     "it takes NSEC3 with unknown flags (RFC 5155 section 8.2)"),
    ("nsec3", r"nxdomain-flags-(3|255)", "insecure",
     "it takes NSEC3 with unknown flags, and opt-out among them"),
    ("nsec3", r"guard-(signed-delegation|dname|dname-apex-like)", "secure",
     "it denies below a delegation or a DNAME (RFC 5155 section 8.3)"),
    ("nsec3", r"no-opt-out-referral-denied", "bogus", "it judges the unsigned record"),
    ("nsec3", r"owner-(short|long|w|dash|empty|equals)|next-hash-(0|19|21|32)",
     "secure", "it does not look at the form of hashes"),
    ("nsec3", r"two-in-a-set", "secure", "it takes several NSEC3 of a name"),
    ("nsec3", r"bitmap-(window-twice|window-33|odd-octet)", "secure",
     "it does not look at the form of bitmaps"),
    ("signatures", r"class-chaos-beside", "bogus", "it mixes classes"),
    ("signatures", r"signer-is-no-zone-denied", "bogus", "it judges the record that is denied"),
    ("signatures", r"cut-nsec3-parent-signs|cut-denied-from-above", "secure",
     "it lets the parent speak for a zone that is cut off"),
    ("signatures", r"cut-opt-out-from-above", "insecure",
     "it lets the parent speak for a zone that is cut off"),
    ("signatures", r"cut-not-by-forged-ds", "bogus", "it minds an unsigned DS that nobody needs"),
    ("until", r"(root|ds|keys|record)-ends-now/0/0", "bogus", "bounds are exclusive to it"),
    ("until", r"unsupported/66/864000", "bogus",
     "a zone of an unsupported algorithm is bogus to it"),
    ("wildcards", r"wildcard-nsec3?-asked-(for|in-capitals)|star-below-star", "bogus",
     "it takes a wildcard that is asked for by its name for an expanded one"),
    ("wildcards", r"wildcard-nsec-encloser-closer|wildcard-nsec3-encloser-closer-denied"
     r"|star-from-star-above", "bogus", "it judges the record that is denied"),
    ("wildcards", r"expanded-dname", "secure", "it takes a DNAME from a wildcard (RFC 4592 4.4)"),
    ("wildcards", r"wildcard-nsec3-opt-out", "secure",
     "it takes opt-out for the proof of a wildcard's answer"),
    ("wildcards", r"wildcard-nsec3-iterations-51", "secure",
     "it does not count the iterations of what proves a wildcard's answer"),
]

# In 32 bits its times go round as serial numbers do, until they come to an end of the circle.
EXCEPTIONS += [
    ("dates", r"era-203[78]|era-(2037|2038|2039|2105|2106|2106-wrapped|2107|2242)(-first|-last)",
     "bogus", "its times end in 2038"),
    ("alias", r"cname-twice", "bogus", "it has lost one of two aliases"),
] if sys.maxsize < 2**32 else [
    ("dates", r"era-(2037|2038|2039|2105|2106|2106-wrapped|2107|2242)(-first|-last)?", "bogus",
     "its times end in 2038, and are no serial numbers"),
]


def read_rows():
    """Name, what is claimed, and what to ask.  What is no chain at all is no question."""
    for file in FILES:
        folder = "rfc9102" if file in ("chains", "resigned") else "proofs"
        text = (VECTORS / folder / f"{file}.txt").read_text(encoding="ascii")
        for line in text.splitlines():
            if line.startswith("#"):
                continue
            name, owner, rdtype, now, anchors, proof, _, octets = line.split(" ")[:8]
            if rdtype != "52":
                continue  # the same once more, for IPSECA
            try:
                records = records_of(bytes.fromhex(octets))
                way_of(records, name_of(owner))
            except ValueError:
                continue
            yield file, name, proof, (records, owner, 52, VECTORS / anchors, now)


def exceptions_of(file, name):
    return [row for row in EXCEPTIONS if row[0] == file and re.fullmatch(row[1], name)]


def main():
    tap = Tap()
    if not os.path.exists(oracle.program()):
        (tap.ok(False, "getdns_oracle is there") if os.environ.get("CI") == "true"
         else tap.skip("all", "built without getdns"))
        return tap.done()
    rows = list(read_rows())
    used, counts = set(), {}
    for (file, name, proof, _), verdict in zip(rows, oracle.judge_all([row[3] for row in rows])):
        found = exceptions_of(file, name)
        right = {"denied": "secure"}.get(proof, proof)
        wanted = found[0][2] if found else right
        why = found[0][3] if found else proof
        used.update(found)
        counts[right] = counts.get(right, 0) + 1
        tap.equal(verdict, wanted, f"{file}: {name} is {wanted}: {why}")
        if found:
            tap.ok(len(found) == 1 and wanted != right, f"{file}: {name} is one exception", *found)
    for row in EXCEPTIONS:
        tap.ok(row in used, f"{row[0]}: some row is {row[1]}")
    for proof, least in (("secure", 200), ("bogus", 300), ("insecure", 50)):
        tap.ok(counts.get(proof, 0) >= least, f"at least {least} rows are {proof}", counts)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())

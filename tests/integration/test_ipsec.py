#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Are IKE peers judged by whom they say they are, and by what they show?  `match` offline, `check`
by the IPSECA records of the test world."""

import ipaddress
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from cli import call, call_all, can_test, words  # noqa: E402
from credentials import certificate, new_key, save  # noqa: E402
from tap import Tap  # noqa: E402
from world import open_world  # noqa: E402

HOST = "ns1.example.net"
FOUR, SIX = "192.0.2.1", "2001:db8::1"
REVERSE = "1.2.0.192.in-addr.arpa"
REVERSE_SIX = "1." + "0." * 23 + "8.b.d.0.1.0.0.2.ip6.arpa"
IPSEC = ["--transport", "ipsec"]
SERVER_AUTH, IPSEC_IKE, ANY = "1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.17", "2.5.29.37.0"
OTHER, NOBODY, BAD, NULL = "somebody else", "names nobody", "malformed", "null"

# for a server called HOST: what the ID is, and what is said of it
WRONG_IDS = [
    ("fqdn:ns2.example.net", OTHER),
    ("fqdn:example.net", OTHER),
    ("fqdn:ns1.example.net.example.net", OTHER),
    ("fqdn:net", OTHER),
    (f"ipv4:{FOUR}", OTHER),
    (f"ipv6:{SIX}", OTHER),
    (f"fqdn:{REVERSE}", OTHER),
    ("fqdn:*.example.net", BAD),
    ("fqdn:*", BAD),
    (f"fqdn:{FOUR}", BAD),
    (f"fqdn:{SIX}", BAD),
    ("fqdn:.", BAD),
    ("fqdn:ns1..example.net", BAD),
    (f"fqdn: {HOST}", BAD),
    (f"fqdn:{HOST}\n", BAD),
    (f"fqdn:{HOST}..", BAD),
    ("fqdn:ns1\\.example.net", BAD),
    ("fqdn:nš1.example.net", BAD),
    (f"fqdn:{'a' * 64}.example.net", BAD),
    (f"fqdn:{'a.' * 200}net", BAD),
    (f"fqdn:{HOST}:53", BAD),
    ("ipv6:::ffff:192.0.2.1", BAD),
    (f"rfc822:admin@{HOST}", NOBODY),
    (f"rfc822:{HOST}", NOBODY),
    (f"dn:CN={HOST}", NOBODY),
    (f"key-id:{HOST}", NOBODY),
    ("null", NULL),
]
# for a server called FOUR
WRONG_IDS_OF_ADDRESS = [
    ("ipv4:192.0.2.2", OTHER),
    ("ipv4:1.2.0.192", OTHER),
    (f"ipv6:{SIX}", OTHER),
    (f"fqdn:{HOST}", OTHER),
    ("ipv6:::ffff:192.0.2.1", BAD),
    (f"fqdn:{FOUR}", BAD),
    (f"key-id:{FOUR}", NOBODY),
    ("null", NULL),
]
# no ID at all: usage
NO_IDS = [
    "", ":", ":x", "fqdn", "fqdn:", "ipv4", "ipv4:", "ipv6:", "rfc822:", "dn:", "key-id:", "null:",
    "null:x", "NULL", "FQDN:ns1.example.net", "fqd:ns1.example.net", "fqdnx:a.b", " fqdn:a.b",
    HOST, FOUR, "keyid:x", "key_id:x", "email:a@b", "ipv4:192.0.2", "ipv4:192.0.2.256",
    "ipv4:192.0.2.1 ", "ipv4:192.0.2.01", f"ipv4:{SIX}", f"ipv4:{HOST}", f"ipv6:{FOUR}",
    "ipv6:2001:db8:::1", "ipv6:fe80::1%lo", "ipv6:[2001:db8::1]", "ipv4:0xc0000201",
]


class Peers:
    """Credentials by label, below one authority but for `lone`."""

    def __init__(self, folder):
        ca_key, self.all = new_key(), {}
        ca = certificate(ca_key, ["authority"], is_ca=True)
        self.ca = save(folder, "ca", ca_key, [ca])
        four, six = ipaddress.ip_address(FOUR), ipaddress.ip_address(SIX)
        for label, names, purposes in (
                ("plain", [HOST], ()), ("ike", [HOST], (IPSEC_IKE,)), ("any", [HOST], (ANY,)),
                ("tls", [HOST], (SERVER_AUTH,)), ("misnamed", ["ns2.example.net"], ()),
                ("both", [HOST], (SERVER_AUTH, IPSEC_IKE)), ("four", [four], ()),
                ("six", [six], ()), ("text", [FOUR], ()), ("reverse", [REVERSE], ())):
            key = new_key()
            self.all[label] = save(folder, label, key, [
                certificate(key, names, ca, ca_key, purposes=purposes), ca])
        lone = new_key()
        self.all["lone"] = save(folder, "lone", lone, [
            certificate(lone, [HOST]), self.all["plain"].certificates[0]])

    def arguments(self, shown):
        """`label` shows certificates, `raw:label` a raw key; `+ca` trusts the authority."""
        label, _, trusted = shown.partition("+")
        raw = label.startswith("raw:")
        credential = self.all[label.removeprefix("raw:")]
        path = credential.public_file if raw else credential.chain_file
        return [*(["--ca", self.ca.chain_file] if trusted else []),
                "--key" if raw else "--cert", path]

    def record(self, text):
        """`3 1 1 label`: what fits that credential; usages 0 and 2 mean its authority."""
        usage, selector, matching, label = text.split()
        depth = 1 if usage in "02" else 0
        return self.all[label].tlsa(int(usage), int(selector), int(matching), depth)

    def match(self, names, shown, records, *more):
        return ["match", *IPSEC, *(a for n in names for a in ("--name", n)),
                *self.arguments(shown),
                *(a for r in records for a in ("--record", self.record(r))), *more]


GOOD = [
    # names, ID (None: none is given), what is shown, records, is a path needed
    ([HOST], None, "plain", ["3 1 1 plain"], False),
    ([HOST], None, "plain", ["3 0 2 plain"], False),
    ([HOST], None, "plain", ["3 1 0 plain"], False),
    ([HOST], None, "plain", ["3 0 0 plain"], False),
    ([HOST], None, "raw:plain", ["3 1 1 plain"], False),
    ([HOST], None, "raw:plain", ["3 1 0 plain"], False),
    ([HOST], None, "plain", ["3 1 1 lone", "3 1 1 plain"], False),
    ([HOST], None, "misnamed", ["3 1 1 misnamed"], False),
    ([HOST], None, "tls", ["3 0 1 tls"], False),
    ([HOST], None, "plain", ["2 0 1 plain"], False),
    ([HOST], None, "ike", ["2 1 1 ike"], False),
    ([HOST], None, "any", ["2 0 0 any"], False),
    ([HOST], None, "both", ["2 0 1 both"], False),
    ([HOST], None, "plain+ca", ["0 1 1 plain"], True),
    ([HOST], None, "ike+ca", ["1 1 1 ike"], True),
    ([HOST], f"fqdn:{HOST}", "plain", ["3 1 1 plain"], False),
    ([HOST], "fqdn:NS1.Example.NET.", "plain", ["2 0 1 plain"], False),
    ([HOST.upper() + "."], f"fqdn:{HOST}", "plain", ["3 1 1 plain"], False),
    ([f"_53.{HOST}"], None, "plain", ["3 1 1 plain"], False),
    ([HOST, "dns.example"], None, "plain", ["3 1 1 plain"], False),
    ([HOST, "dns.example"], "fqdn:dns.example", "plain", ["2 0 1 plain"], False),
    ([HOST, "a.example", FOUR], f"ipv4:{FOUR}", "plain", ["3 1 1 plain"], False),
    ([FOUR], None, "plain", ["3 1 1 plain"], False),
    ([FOUR], None, "raw:plain", ["3 1 1 plain"], False),
    ([FOUR], f"ipv4:{FOUR}", "four", ["2 0 1 four"], False),
    ([FOUR], None, "four+ca", ["1 1 1 four"], True),
    ([FOUR], f"fqdn:{REVERSE}", "plain", ["3 1 1 plain"], False),
    ([FOUR], f"fqdn:{REVERSE}", "reverse", ["2 0 1 reverse"], False),
    ([REVERSE], f"ipv4:{FOUR}", "four", ["2 0 1 four"], False),
    ([SIX], None, "raw:plain", ["3 1 0 plain"], False),
    ([SIX], None, "six", ["2 1 1 six"], False),
    ([SIX.upper()], "ipv6:2001:db8:0:0::0:1", "six+ca", ["0 1 1 six"], True),
    ([REVERSE_SIX], f"ipv6:{SIX}", "plain", ["3 1 1 plain"], False),
]

WRONG = [
    # names, ID, what is shown, records, finding, reason of the first record
    ([HOST], None, "lone", ["3 1 1 plain"], "mismatch", "different"),
    ([HOST], None, "lone", ["3 0 2 plain", "3 0 1 plain"], "mismatch", "different"),
    ([HOST], None, "lone", ["2 0 1 plain"], "mismatch", None),
    ([HOST], None, "raw:lone", ["3 1 1 plain"], "mismatch", "different"),
    ([HOST], None, "raw:plain", ["3 0 1 plain"], "mismatch", None),
    ([HOST], None, "raw:plain", ["2 1 1 plain"], "mismatch", None),
    ([HOST], None, "raw:plain+ca", ["1 1 1 plain"], "mismatch", None),
    ([HOST], None, "plain", ["0 1 1 plain"], "unusable", "no-roots"),
    ([HOST], None, "plain", ["1 1 1 plain"], "unusable", "no-roots"),
    ([HOST], None, "lone+ca", ["1 1 1 lone"], "mismatch", None),
    ([HOST], None, "misnamed", ["2 0 1 misnamed"], "mismatch", "name"),
    ([HOST], None, "misnamed+ca", ["0 1 1 misnamed"], "mismatch", "name"),
    ([HOST], None, "misnamed+ca", ["1 1 1 misnamed"], "mismatch", "name"),
    ([HOST], None, "tls", ["2 0 1 tls"], "mismatch", "purpose"),
    ([HOST], None, "tls+ca", ["0 1 1 tls"], "mismatch", "purpose"),
    ([HOST], None, "tls+ca", ["1 1 1 tls"], "mismatch", "purpose"),
    ([HOST], None, "plain", [], "absent", None),
    ([HOST], "null", "plain", [], "absent", None),
    ([HOST, "dns.example"], "fqdn:dns.example", "lone", ["3 1 1 plain"], "mismatch", "different"),
    ([FOUR], None, "plain", ["2 0 1 plain"], "mismatch", "name"),
    ([FOUR], None, "text", ["2 0 1 text"], "mismatch", "name"),
    ([FOUR], None, "six", ["2 0 1 six"], "mismatch", "name"),
    ([FOUR], None, "reverse", ["2 0 1 reverse"], "mismatch", "name"),
    ([FOUR], f"fqdn:{REVERSE}", "four", ["2 0 1 four"], "mismatch", "name"),
    ([FOUR], None, "lone", ["3 1 1 plain"], "mismatch", "different"),
    ([SIX], None, "four+ca", ["1 1 1 four"], "mismatch", "name"),
    ([SIX], None, "raw:lone", ["3 1 1 plain"], "mismatch", "different"),
    (["::ffff:192.0.2.1"], None, "plain", ["3 1 1 plain"], "mismatch", None),
]
# Options of the operator's, what is shown, records, exit code, finding, reason of the first record.
POLICIES = [
    (["--server-auth"], "tls", ["2 0 1 tls"], 0, "match", None),
    (["--server-auth"], "tls+ca", ["0 1 1 tls"], 0, "match", None),
    (["--server-auth"], "tls+ca", ["1 1 1 tls"], 0, "match", None),
    (["--server-auth"], "ike", ["2 0 1 ike"], 0, "match", None),
    (["--server-auth"], "misnamed", ["2 0 1 misnamed"], 1, "mismatch", "name"),
    (["--server-auth"], "lone", ["2 0 1 plain"], 1, "mismatch", None),
    (["--server-auth", "--exclude-usage", "2"], "tls", ["2 0 1 tls"], 1, "unusable", "excluded"),
    (["--exclude-usage", "2"], "plain", ["3 1 1 plain"], 0, "match", None),
    (["--exclude-usage", "3"], "plain", ["3 1 1 plain"], 1, "unusable", "excluded"),
    (["--exclude-usage", "3"], "raw:plain", ["3 1 0 plain"], 1, "unusable", "excluded"),
    (["--exclude-usage", "3"], "plain", ["3 1 1 plain", "2 0 1 plain"], 0, "match", "excluded"),
    (["--exclude-usage", "3"], "plain", ["3 1 1 plain", "2 0 1 lone"], 1, "mismatch", "excluded"),
    (["--exclude-usage", "0", "--exclude-usage", "1"], "plain+ca", ["1 1 1 plain"], 1, "unusable",
     "excluded"),
    (["--exclude-usage=0"], "plain+ca", ["1 1 1 plain"], 0, "match", None),
]
# What would do under the right ID.
FITTING = [("plain", "3 1 1 plain"), ("raw:plain", "3 1 0 plain"), ("ike", "2 0 1 ike"),
           ("plain+ca", "1 1 1 plain")]


def of_id(id_):
    return [] if id_ is None else ["--id", id_]


def default_of(name):
    if ":" in name:
        return f"ipv6:{name}"
    return f"ipv4:{name}" if name[-1].isdigit() else f"fqdn:{name.removeprefix('_53.')}"


def match_good(tap, peers):
    rows = [(peers.match(names, shown, records, *of_id(id_)), names, id_, shown, records, pkix)
            for names, id_, shown, records, pkix in GOOD]
    for (_, names, id_, shown, records, pkix), run in call_all(rows):
        got = (run.code, run["finding"], run["pkix"], run["id"])
        tap.equal(got, (0, "match", pkix, id_ or default_of(names[0])),
                  f"match: {names} {id_}: {shown} by {records}", run.text)


def match_wrong(tap, peers):
    rows = [(peers.match(names, shown, records, *of_id(id_)), names, id_, shown, records, finding,
             reason) for names, id_, shown, records, finding, reason in WRONG]
    for (_, names, id_, shown, records, finding, reason), run in call_all(rows):
        what = f"no match: {names} {id_}: {shown} by {records}"
        tap.equal((run.code, run["finding"], run["record"], "pkix" in run.data),
                  (1, finding, None, False), what, run.text)
        if reason:
            tap.equal(run["records"][0]["reason"], reason, f"{what}: why", run.text)


def match_policies(tap, peers):
    rows = [(peers.match([HOST], shown, records, *more), more, shown, records, *wanted)
            for more, shown, records, *wanted in POLICIES]
    for (_, more, shown, records, code, finding, reason), run in call_all(rows):
        what = f"{' '.join(more)}: {shown} by {records}"
        tap.equal((run.code, run["finding"]), (code, finding), what, run.text)
        if reason:
            tap.equal(run["records"][0]["reason"], reason, f"{what}: why", run.text)
    done = words(*peers.match([HOST], "plain", ["3 1 1 plain"], "--exclude-usage", "3"))
    tap.ok("local policy excludes its usage" in done, "excluded: in words", done)


def match_ids(tap, peers):
    """Nothing that is shown helps somebody whose ID is wrong; and that is said."""
    rows = []
    for ids, name, fitting in (
            (WRONG_IDS, HOST, FITTING),
            (WRONG_IDS_OF_ADDRESS, FOUR, [("four", "2 0 1 four"), ("raw:four", "3 1 1 four")])):
        rows += [(peers.match([name], shown, [record], "--id", id_), name, id_, said, shown)
                 for id_, said in ids for shown, record in fitting]
    for (arguments, name, id_, said, shown), run in call_all(rows):
        what = f"{shown} as {id_[:40]!r} for {name}"
        tap.equal((run.code, run["finding"], run["id"], "pkix" in run.data, run["hints"]),
                  (1, "mismatch", id_, False, None), what, run.text)
        if shown.startswith("raw:"):
            text = words(*arguments)
            lines = [line for line in text.splitlines() if line.startswith("finding: ")]
            tap.ok(len(lines) == 1 and said in lines[0] and text.isascii(), f"{what}: why", text)


def match_usage(tap, peers):
    fine = peers.match([HOST], "plain", ["3 1 1 plain"])
    rows = [([*fine, "--id", id_], f"--id {id_!r}") for id_ in NO_IDS]
    tls = ["match", "--name", HOST, *peers.arguments("plain")]
    rows += [
        ([*fine, "--id", f"fqdn:{HOST}", "--id", f"fqdn:{HOST}"], "two IDs"),
        ([*tls, "--id", f"fqdn:{HOST}"], "an ID over TLS"),
        ([*tls, "--server-auth"], "serverAuth over TLS"),
        *(([*fine, "--exclude-usage", usage], f"--exclude-usage {usage!r}")
          for usage in ("4", "-1", "", "x", "3 ", "0,1")),
        ([*tls, "--transport", "doq", "--id", "null"], "an ID over QUIC"),
        ([*tls, "--transport", "ike"], "no transport"),
        ([*tls, "--transport", "dtls", "--name", FOUR], "an address over DTLS"),
        (peers.match(["fe80::1%lo"], "plain", []), "an address with a zone"),
        (peers.match([HOST, "192.0.2.256.1"], "plain", []), "a further name that is none"),
        (peers.match([f"_853._tcp.{HOST}"], "plain", []), "the owner of other records"),
    ]
    for (_, what), run in call_all(rows):
        lines = run.text.split("\n", 1)[1]
        tap.ok(run.code == 2 and not run.data and lines.startswith("danepriv: "),
               f"exit 2: {what}", run.text)


def match_transports(tap, peers):
    """But for ipsec, all that they change is whose owner a name may be."""
    plain, record = peers.arguments("tls"), ["--record", peers.record("2 0 1 tls")]
    rows = []
    for transport, owner in (("dot", "_853._tcp"), ("doh", "_443._tcp"), ("doq", "_853._quic"),
                             ("dtls", "_853._udp"), ("doh3", "_443._quic")):
        for name, code in ((HOST, 0), (f"{owner}.{HOST}", 0), (f"_53.{HOST}", 2)):
            rows.append((["match", "--name", name, "--transport", transport, *plain, *record],
                         f"{transport}: {name}", code))
    for (_, what, code), run in call_all(rows):
        tap.equal((run.code, "id" in run.data, "pkix" in run.data), (code, False, False),
                  what, run.text)


def match_hints(tap, peers):
    """What would do under other numbers is judged as of IKE, too."""
    wrong = peers.record("3 1 1 plain").replace("3 1 1", "3 0 1")
    run = call("match", "--name", HOST, *IPSEC, *peers.arguments("plain"), "--record", wrong)
    tap.ok(run.code == 1 and "3 1 1" in str(run["hints"]), "a hint", run.text)
    wrong = peers.record("2 0 1 tls").replace("2 0 1", "3 0 1")
    run = call("match", "--name", HOST, *IPSEC, *peers.arguments("tls"), "--record", wrong)
    tap.equal((run.code, run["hints"]), (1, None), "none: the certificate is of TLS alone",
              run.text)


# ---- check ----

YES = (0, "authenticated", "match")
NO = (1, "refuse", "mismatch")
REFUSED, GOES_ON = (1, "refuse"), (3, "unauthenticated")


def either(finding):
    return (*REFUSED, finding), (*GOES_ON, finding)


def check_arguments(world, name, *more, **options):
    usual = {"resolver": world["resolver"]["address"], "anchor": world["anchors"]["all"],
             "timeout": 3} | options
    return ["check", name, *IPSEC, *more,
            *(word for key, value in usual.items() for word in (f"--{key}", value))]


def check_names(world):
    """Name, options, what strict and opportunistic come to."""
    peer = world["servers"]["ns1"]
    cert, key = ["--cert", peer["certificate"]], ["--key", peer["public"]]
    impostor = ["--cert", world["servers"]["ns3"]["certificate"]]
    name, address, reverse = "ns1.nsec.test", "192.168.1.2", "2.1.168.192.in-addr.arpa"
    return [
        (name, cert, YES, YES),
        (name, key, YES, YES),
        (name, [*cert, "--id", "fqdn:NS1.nsec.test."], YES, YES),
        (f"_53.{name}", cert, YES, YES),
        (name, [*cert, "--name-server"], YES, YES),
        (address, cert, YES, YES),
        (address, [*key, "--id", f"ipv4:{address}"], YES, YES),
        (address, [*key, "--id", f"fqdn:{reverse}"], YES, YES),
        (reverse, [*key, "--id", f"ipv4:{address}"], YES, YES),
        ("host.alias.test", cert, YES, YES),
        ("host.alias.test", [*cert, "--id", "fqdn:ns1.alias.test"], YES, YES),
        ("host.alias.test", [*cert, "--id", "fqdn:pool.alias.test"], NO, NO),
        ("host.alias.test", [*cert, "--name-server"], *[(*REFUSED, "indeterminate")] * 2),
        (name, [*cert, "--exclude-usage", "2", "--server-auth"], YES, YES),
        (name, [*cert, "--exclude-usage", "3"], *[(*REFUSED, "unusable")] * 2),
        (name, impostor, NO, NO),
        (address, impostor, NO, NO),
        (name, ["--key", world["servers"]["ns3"]["public"]], NO, NO),
        *((name, [*cert, "--id", id_], NO, NO)
          for id_ in ("null", "key-id:x", "fqdn:ns1.nsec3.test", f"ipv4:{address}",
                      f"fqdn:{address}", "ipv6:::ffff:192.168.1.2", "rfc822:a@ns1.nsec.test")),
        (address, [*cert, "--id", f"fqdn:{name}"], NO, NO),
        (address, [*cert, "--id", "ipv4:192.168.1.3"], NO, NO),
        ("bare.nsec.test", cert, *either("absent")),
        ("bare.nsec.test", [*cert, "--id", "null"], *either("absent")),
        (name, [*cert, "--port", "54"], *either("absent")),
        ("ns1.insecure.test", cert, *either("unsigned")),
        ("192.168.1.3", cert, *either("unsigned")),
        (name, [*cert, "--negative-anchor", "nsec.test"], *either("unsigned")),
        ("ns1.expired.test", cert, *[(*REFUSED, "bogus")] * 2),
        ("ns1.wrongds.test", key, *[(*REFUSED, "bogus")] * 2),
    ]


def check_decisions(tap, world):
    rows = [(check_arguments(world, name, *more, "--mode", mode), f"{mode}: {name} {more}", wanted)
            for name, more, strict, opportunistic in check_names(world)
            for mode, wanted in (("strict", strict), ("opportunistic", opportunistic))]
    cert = ["--cert", world["servers"]["ns1"]["certificate"]]
    island = {"anchor": world["anchors"]["reverse_ds"]}
    dead = {"resolver": world["servers"]["closed"]["address"], "timeout": 2}
    for mode, wanted in zip(("strict", "opportunistic"), either("unsigned")):
        rows.append((check_arguments(world, "ns1.nsec.test", *cert, "--mode", mode, **island),
                     f"{mode}: no anchor", wanted))
        rows.append((check_arguments(world, "ns1.nsec.test", *cert, "--mode", mode, **dead),
                     f"{mode}: no resolver", (4, "refuse", "indeterminate")))
    for (_, what, wanted), run in call_all(rows):
        tap.equal((run.code, run["decision"], run["finding"]), wanted, f"check: {what}", run.text)


def check_details(tap, world):
    cert = ["--cert", world["servers"]["ns1"]["certificate"]]
    fine = check_arguments(world, "192.168.1.2", *cert)
    run = call(*fine)
    tap.equal([run[key] for key in ("name", "transport", "source", "record", "usage", "pkix", "id",
                                    "tls", "address")],
              ["192.168.1.2", "ipsec", "dns", 0, 3, False, "ipv4:192.168.1.2", None, None],
              "check: what is told", run.text)
    tap.ok(run["until"] and run["until"] > 0, "check: until", run.text)
    said = [line.partition(":")[0] for line in words(*fine).splitlines()]
    for fact in ("decision", "finding", "id", "pkix", "matched", "proof", "record 0 (3 1 1)",
                 "until"):
        tap.ok(fact in said, f"check: in words: {fact}", said)
    run = call(*fine, "--id", "fqdn:ns1.nsec.test")
    tap.ok(OTHER in run["explanation"] and "pkix" not in run.data, "check: the ID is to blame",
           run.text)


def check_usage(tap, world):
    cert = ["--cert", world["servers"]["ns1"]["certificate"]]
    key = ["--key", world["servers"]["ns1"]["public"]]
    tls = ["check", "ns1.nsec.test", "--resolver", world["resolver"]["address"]]
    rows = [
        (check_arguments(world, "ns1.nsec.test"), "nothing is shown"),
        (check_arguments(world, "ns1.nsec.test", "--id", "null"), "an ID alone"),
        (check_arguments(world, "ns1.nsec.test", *cert, *key), "certificate and key"),
        (check_arguments(world, "ns1.nsec.test", "--cert", "/nonexistent"), "no such file"),
        (check_arguments(world, "ns1.nsec.test", "--key", cert[1]), "a certificate as key"),
        (check_arguments(world, "ns1.nsec.test", *cert, "--connect", "127.0.0.1"), "--connect"),
        (check_arguments(world, "ns1.nsec.test", *cert, "--query", "a.test A"), "--query"),
        (check_arguments(world, "ns1.nsec.test", *cert, "--chain", "try"), "--chain"),
        (check_arguments(world, "ns1.nsec.test", *cert, "--clear", "--mode", "opportunistic"),
         "--clear"),
        (check_arguments(world, "ns1.nsec.test", *cert, "--label", "_udp"), "--label"),
        (check_arguments(world, "a..b", *cert), "no name"),
        *((check_arguments(world, "ns1.nsec.test", *cert, "--id", id_), f"--id {id_!r}")
          for id_ in ("", "fqdn", "null:", "ipv4:ns1.nsec.test", "x:y")),
        ([*tls, *cert], "a certificate over TLS"),
        ([*tls, *key], "a key over TLS"),
        ([*tls, "--id", "fqdn:ns1.nsec.test"], "an ID over TLS"),
    ]
    for (_, what), run in call_all(rows):
        tap.ok(run.code == 2 and not run.data, f"check: exit 2: {what}", run.text)


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory(prefix="danepriv-") as folder:
        peers = Peers(folder)
        for test in (match_good, match_wrong, match_policies, match_ids, match_usage, match_transports,
                     match_hints):
            test(tap, peers)
        if can_test(tap, "check"):
            with open_world(Path(folder) / "world") as world:
                for test in (check_decisions, check_details, check_usage):
                    test(tap, world)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())

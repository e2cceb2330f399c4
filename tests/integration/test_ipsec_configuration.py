#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Does `danepriv ipsec` print what both IKE daemons read, and nothing that anybody else could have
put into it?  (test_spd gives it to the daemons.)"""

import base64
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from cli import call, call_all, can_test, check_no_room, program  # noqa: E402
from credentials import certificate, save, self_signed  # noqa: E402
from cryptography.hazmat.primitives.asymmetric import rsa  # noqa: E402
from cryptography.hazmat.primitives.serialization import load_pem_public_key  # noqa: E402
from tap import Tap  # noqa: E402
from world import open_world  # noqa: E402

HOST, FOUR, SIX = "ns1.example.net", "192.0.2.1", "2001:db8::1"
PLACE, PLACE_SIX = "2.1.168.192.in-addr.arpa", ".".join("1" + "0" * 23 + "8bd01002") + ".ip6.arpa"
PRIVATE = "192.168.1.2"
LIBRESWAN, SWANCTL = ["--format", "libreswan"], ["--format", "swanctl"]
OPPORTUNISTIC, SERVER = ["--mode", "opportunistic"], ["--side", "server"]


class Keys:
    """Credentials by label, and their records."""

    def __init__(self, folder):
        self.rsa = self_signed(folder, "rsa", [HOST], kind="rsa")
        self.rsa2 = self_signed(folder, "rsa2", [HOST], kind="rsa")
        self.p256 = self_signed(folder, "p256", [HOST])
        self.ed25519 = self_signed(folder, "ed25519", [HOST], kind="ed25519")

    def record(self, text):
        """`3 1 0 label`, or a record as it is."""
        fields = text.split()
        credential = getattr(self, fields[3], None) if len(fields) == 4 else None
        return credential.tlsa(*map(int, fields[:3])) if credential else text

    def ipsec(self, name, records, *more):
        return ["ipsec", name, *(a for r in records for a in ("--record", self.record(r))), *more]


# ---- reading what is printed ----

def lines_of(text):
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]


def read_libreswan(text):
    """{connection: {key: value}}; None where it is not `conn` and key=value without blanks."""
    made, own = {}, None
    for line in lines_of(text):
        if line.startswith("conn "):
            own = made.setdefault(line[5:], {})
            continue
        key, equals, value = line[1:].partition("=")
        if own is None or line[0] != "\t" or not equals or any(c in line[1:] for c in ' \t"') \
                or key in own:
            return None
        own[key] = value
    return made


def read_swanctl(text):
    """Nested dictionaries; None where braces do not fit."""
    stack = [{}]
    for line in lines_of(text):
        words = line.split()
        if words[-1] == "{" and len(words) == 2:
            stack.append(stack[-1].setdefault(words[0], {}))
        elif words == ["}"] and len(stack) > 1:
            stack.pop()
        elif len(words) == 3 and words[1] == "=" and words[0] not in stack[-1]:
            stack[-1][words[0]] = words[2]
        else:
            return None
    return stack[0] if len(stack) == 1 else None


def rfc3110(credential):
    numbers = load_pem_public_key(credential.public_file.read_bytes()).public_numbers()
    exponent = numbers.e.to_bytes((numbers.e.bit_length() + 7) // 8, "big")
    modulus = numbers.n.to_bytes((numbers.n.bit_length() + 7) // 8, "big")
    return "0s" + base64.b64encode(bytes([len(exponent)]) + exponent + modulus).decode()


# ---- libreswan ----

CLIENT = {"left": "%defaultroute", "auto": "ondemand", "negotiationshunt": "drop",
          "failureshunt": "drop"}
SERVING = {"right": "%any", "auto": "add", "negotiationshunt": "drop", "failureshunt": "drop"}
ANONYMOUS = {"leftid": "%null", "leftauth": "null"}


def twins(stem, asker, server, of):
    """The same for UDP and TCP.  `asker`: its side and port; `server`: its side."""
    return {f"{stem}-{word}": of | {f"{asker[0]}protoport": f"{number}/{asker[1]}",
                                    f"{server}protoport": f"{number}/53"}
            for word, number in (("udp", 17), ("tcp", 6))}


def libreswan_rows(keys):
    """Name, records, options, the connections."""
    key = {"rightauth": "rsasig", "rightrsasigkey": rfc3110(keys.rsa)}
    own = {"leftauth": "rsasig", "leftrsasigkey": rfc3110(keys.rsa)}
    named = CLIENT | key | {"right": FOUR, "rightid": f"@{HOST}", "leftauth": "rsasig"}
    whole, at = ["3 1 0 rsa"], ["--address", FOUR]
    stem, ends = "dns-ns1_example_net", (("left", "0"), "right")
    served = SERVING | own | {"left": FOUR, "leftid": f"@{HOST}"}
    taken = {"rightid": "%fromcert", "rightrsasigkey": "%cert", "rightauth": "rsasig"}
    serving = (("right", "%any"), "left")
    return [
        (HOST, whole, at, twins(stem, *ends, named)),
        (f"{HOST.upper()}.", whole, at, twins(stem, *ends, named)),
        (f"_53.{HOST}", whole, at, twins(stem, *ends, named)),
        (HOST, ["3 0 0 rsa"], at, twins(stem, *ends, named)),
        (HOST, ["3 1 1 p256", "3 1 0 p256", "3 1 0 rsa", "3 1 0 rsa2"], at,
         twins(stem, *ends, named)),
        (HOST, whole, [*at, "--anonymous"], twins(stem, *ends, named | ANONYMOUS)),
        (HOST, whole, [*at, *OPPORTUNISTIC],
         twins(stem, *ends, named | {"failureshunt": "passthrough"})),
        (HOST, whole, ["--address", SIX], twins(stem, *ends, named | {"right": SIX})),
        (HOST, whole, ["--address", "2001:DB8:0::1"], twins(stem, *ends, named | {"right": SIX})),
        (HOST, whole, [*at, "--gateway", "192.0.2.9"],
         twins(stem, *ends, named | {"right": "192.0.2.9", "rightsubnet": f"{FOUR}/32"})),
        (HOST, whole, ["--address", SIX, "--gateway", "2001:db8::9"],
         twins(stem, *ends, named | {"right": "2001:db8::9", "rightsubnet": f"{SIX}/128"})),
        (HOST, whole, [*at, "--traffic", "all"], {stem: named}),
        ("a_b.c-d.example", whole, at,
         twins("dns-aUb_c-d_example", *ends, named | {"rightid": "@a_b.c-d.example"})),
        ("a_.b.example", whole, at,
         twins("dns-aU_b_example", *ends, named | {"rightid": "@a_.b.example"})),
        ("a._b.example", whole, at,
         twins("dns-a_Ub_example", *ends, named | {"rightid": "@a._b.example"})),
        (PRIVATE, whole, [], twins("dns-192_168_1_2", *ends, named | {
            "right": PRIVATE, "rightid": PRIVATE})),
        (PRIVATE, whole, ["--address", PRIVATE, "--traffic", "all"], {
            "dns-192_168_1_2": named | {"right": PRIVATE, "rightid": PRIVATE}}),
        (PLACE, whole, [], twins("dns-2_1_168_192_in-addr_arpa", *ends, named | {
            "right": PRIVATE, "rightid": f"@{PLACE}"})),
        (SIX, whole, [], twins("dns-2001_db8__1", *ends, named | {"right": SIX, "rightid": SIX})),
        # servers: anybody, and port 53 alone (appendix A); an internal one those that it serves
        (HOST, whole, [*at, *SERVER], twins(stem, *serving, served | taken)),
        (HOST, whole, [*at, *SERVER, "--anonymous"],
         twins(stem, *serving, served | {"rightid": "%null", "rightauth": "null"})),
        (HOST, whole, [*at, *SERVER, "--clients", "192.0.2.0/24"], twins(
            stem, *serving, served | taken | {"rightsubnet": "192.0.2.0/24", "narrowing": "yes"})),
        (PRIVATE, whole, SERVER, twins("dns-192_168_1_2", *serving, served | taken | {
            "left": PRIVATE, "leftid": PRIVATE, "rightsubnet": "192.168.0.0/16",
            "narrowing": "yes"})),
        (HOST, whole, ["--address", "10.1.2.3", "--gateway", "10.1.2.9", *SERVER], twins(
            stem, *serving, served | taken | {
                "left": "10.1.2.9", "leftsubnet": "10.1.2.3/32", "rightsubnet": "10.0.0.0/8",
                "narrowing": "yes"})),
        (HOST, whole, ["--address", "fd00::53", *SERVER], twins(stem, *serving, served | taken | {
            "left": "fd00::53", "rightsubnet": "fc00::/7", "narrowing": "yes"})),
    ]


def print_libreswan(tap, keys):
    rows = [(keys.ipsec(name, records, *LIBRESWAN, *more), f"{name} {records} {more}", wanted)
            for name, records, more, wanted in libreswan_rows(keys)]
    for (_, what, wanted), run in call_all(rows):
        text = run["configuration"] or ""
        tap.equal((run.code, read_libreswan(text)), (0, wanted), f"libreswan: {what}", run.text)
        said = "\n".join(lines_of(text))
        tap.ok(text.isascii() and not any(word in said for word in (
            "keyexchange", "ikev2", "authby=", "leftauthby", "dns-match-id", "also=", "%default\n")),
            f"libreswan: {what}: what 4.10 and 5.2 both read", said)


# ---- swanctl ----

def child(side, other, place, word, port, trap):
    port = f"[{word}/53]" if port else ""
    return {f"{side}_ts": place + port, f"{other}_ts": "dynamic" + (f"[{word}]" if port else "")} | \
        ({"start_action": "trap"} if trap else {})


def client_of(place, id_, keys=None, **more):
    return {"version": "2", "remote_addrs": place, "local": {"auth": "pubkey"},
            "remote": {"auth": "pubkey", "id": id_} | ({"pubkeys": keys} if keys else {}),
            "children": {word: child("remote", "local", place, word, True, True)
                         for word in ("udp", "tcp")}} | more


def server_of(place, id_, clients=None):
    return {"version": "2", "local_addrs": place, "send_cert": "always",
            "remote": {"auth": "pubkey"}, "local": {"auth": "pubkey", "id": id_},
            "children": {word: child("local", "remote", place, word, True, False)
                         for word in ("udp", "tcp")}} | \
        ({"remote_addrs": clients} if clients else {})


def swanctl_rows(folder):
    stem, at, whole = "dns-ns1_example_net", ["--address", FOUR], ["3 1 0 rsa"]
    key = folder / "key.pem"
    plain = {stem: client_of(FOUR, HOST)}
    behind = client_of(FOUR, HOST, remote_addrs="192.0.2.9")
    return [
        (HOST, whole, at, plain),
        (HOST, ["3 1 0 p256"], at, plain),
        (HOST, ["3 1 0 ed25519"], at, plain),
        (HOST, ["3 1 1 p256"], at, plain),
        (HOST, ["2 0 1 p256"], at, plain),
        (HOST, ["0 1 1 p256"], at, plain),
        (HOST, ["3 1 1 p256"], [*at, *OPPORTUNISTIC], plain),
        (HOST, whole, [*at, "--key-out", key], {stem: client_of(FOUR, HOST, str(key))}),
        (HOST, ["3 1 1 rsa", "3 1 0 p256"], [*at, "--key-out", key],
         {stem: client_of(FOUR, HOST, str(key))}),
        (HOST, ["3 1 0 rsa", "3 1 0 p256"], [*at, "--key-out", key],
         {stem: client_of(FOUR, HOST, f"{key},{key}.2")}),
        (HOST, whole, ["--address", SIX], {stem: client_of(SIX, HOST)}),
        (HOST, whole, [*at, "--gateway", "192.0.2.9"], {stem: behind}),
        (HOST, whole, [*at, "--traffic", "all"], {stem: client_of(FOUR, HOST, children={
            "all": child("remote", "local", FOUR, "", False, True)})}),
        (PRIVATE, whole, [], {"dns-192_168_1_2": client_of(PRIVATE, PRIVATE)}),
        (PLACE_SIX, whole, [], {"dns-" + PLACE_SIX.replace(".", "_"): client_of(
            "2001:db8::1", PLACE_SIX)}),
        (HOST, whole, [*at, *SERVER], {stem: server_of(FOUR, HOST)}),
        (HOST, ["3 1 1 p256"], [*at, *SERVER, "--clients", "192.0.2.0/24", "--clients",
                                "198.51.100.0/25"],
         {stem: server_of(FOUR, HOST, "192.0.2.0/24,198.51.100.0/25")}),
        (PRIVATE, whole, SERVER, {"dns-192_168_1_2": server_of(
            PRIVATE, PRIVATE, "192.168.0.0/16")}),
    ]


def print_swanctl(tap, keys, folder):
    rows = [(keys.ipsec(name, records, *SWANCTL, *more), f"{name} {records} {more}", wanted)
            for name, records, more, wanted in swanctl_rows(folder)]
    for (_, what, wanted), run in call_all(rows, workers=1):
        text = run["configuration"] or ""
        tap.equal((run.code, read_swanctl(text)), (0, {"connections": wanted}),
                  f"swanctl: {what}", run.text)
        tap.ok(text.isascii() and "%any" not in text, f"swanctl: {what}: nobody else", text)


def write_keys(tap, keys, folder):
    """The key is written, whole, or stands in a comment."""
    path, at = folder / "key.pem", ["--address", FOUR]
    path.write_text("old")
    run = call(*keys.ipsec(HOST, ["3 1 0 rsa", "3 1 0 p256"], *SWANCTL, *at, "--key-out", path))
    tap.equal((run.code, path.read_text(), Path(f"{path}.2").read_text()),
              (0, keys.rsa.public_file.read_text(), keys.p256.public_file.read_text()),
              "two keys, each in its file", run.text)
    for label in ("rsa", "p256", "ed25519"):
        run = call(*keys.ipsec(HOST, [f"3 1 0 {label}"], *SWANCTL, *at))
        pem = getattr(keys, label).public_file.read_text()
        commented = "".join(f"# {line}\n" for line in pem.splitlines())
        tap.ok(commented in (run["configuration"] or "") and run["keys"] == [pem],
               f"{label}: PEM in a comment", run.text)
    before = sorted(folder.iterdir())
    for records, code, why in ((["3 1 1 p256"], 1, "a digest"), (["3 1 0 rsa"], 2, "no address")):
        where = at if code == 1 else []
        run = call(*keys.ipsec(HOST, records, *SWANCTL, *where, "--key-out", folder / "none"))
        tap.equal((run.code, sorted(folder.iterdir())), (code, before),
                  f"{why}: no key is written", run.text)
    run = call(*keys.ipsec(HOST, ["3 1 0 rsa"], *SWANCTL, *at, "--key-out", "/proc/nothing"))
    tap.equal((run.code, run.data), (4, {}), "a key that cannot be written", run.text)
    small = folder / "small.pem"
    key = rsa.generate_private_key(public_exponent=65537, key_size=4096)
    big = save(folder, "big", key, [certificate(key, [HOST])])
    check_no_room(tap, ["ipsec", HOST, "--record", big.tlsa(3, 1, 0), *SWANCTL, *at, "--key-out",
                        small], small)


# ---- what is refused ----

def no_rows(keys):
    """What the records do not allow, or the daemon cannot: exit 1."""
    at, whole = ["--address", FOUR], ["3 1 0 rsa"]
    return [
        (HOST, ["3 1 1 rsa"], [*LIBRESWAN, *at], "whole"),
        (HOST, ["3 0 1 rsa"], [*LIBRESWAN, *at], "whole"),
        (HOST, ["3 0 2 rsa", "3 1 2 rsa"], [*LIBRESWAN, *at, "--anonymous"], "whole"),
        (HOST, ["2 0 0 rsa"], [*LIBRESWAN, *at], "whole"),
        (HOST, ["1 1 0 rsa"], [*LIBRESWAN, *at], "whole"),
        (HOST, ["3 1 0 p256"], [*LIBRESWAN, *at], "RSA"),
        (HOST, ["3 1 0 ed25519"], [*LIBRESWAN, *at, *OPPORTUNISTIC, "--anonymous"], "RSA"),
        (HOST, ["3 0 0 p256", "3 1 1 rsa"], [*LIBRESWAN, *at], "RSA"),
        (HOST, ["3 1 1 rsa"], [*LIBRESWAN, *at, *SERVER], "whole"),
        (HOST, whole, [*SWANCTL, *at, "--anonymous"], "NULL"),
        (HOST, whole, [*SWANCTL, *at, "--anonymous", *OPPORTUNISTIC], "NULL"),
        (HOST, ["3 1 1 rsa"], [*SWANCTL, *at, "--anonymous", *SERVER], "NULL"),
        (HOST, ["4 1 1 " + "ab" * 32], [*SWANCTL, *at], "can be judged"),
        (HOST, ["3 1 1 abcd"], [*SWANCTL, *at], "can be judged"),
        (HOST, ["3 1 0 abcd"], [*LIBRESWAN, *at], "can be judged"),
        (HOST, ["3 1 0 abcd"], [*SWANCTL, *at, *OPPORTUNISTIC], "can be judged"),
    ]


# What would be more than a name, in one of the two languages.
NO_NAMES = [
    "", ".", "..", "a..b", "a b.example", " ns1.example.net", "ns1.example.net ", "a\nb.example",
    "ns1.example.net\n", "a\tb.example", "a\rb", "a\\010b.example", "a\\.b.example",
    "a\\032b.example", "a\\123\\125.example", "a;b.example", "a#b.example", "a{b.example",
    "a}b.example", "a=b.example", 'a"b.example', "a'b.example", "a,b.example", "a%b.example",
    "%any", "%any6", "%null", "%fromcert", "%default", "%opportunisticgroup", "@ns1.example.net",
    "@", "ns1@example.net", "a/b.example", "a:b.example", "a*b.example", "*.example.net",
    "*", "$(id).example", "`id`.example", "a&b.example", "a|b.example", "a<b.example",
    "a>b.example", "a~b.example", "a!b.example", "a^b.example", "a(b).example", "a[b].example",
    "a+b.example", "a?b.example", "caf\u00e9.example", "\u0430.example", "a" * 64 + ".example",
    ".".join(["a" * 60] * 5), "_853._tcp.ns1.example.net", "include /etc/passwd",
    "192.0.2", "192.0.2.1.", "192.0.2.256", "192.0.2.01", "192.0.2.1/32", "0.0.0.0", "::",
    "255.255.255.255", "224.0.0.1", "ff02::1", "::ffff:192.0.2.1", "fe80::1%lo", "[2001:db8::1]",
    "2001:db8:::1", "1.168.192.in-addr.arpa", "in-addr.arpa", "ip6.arpa", "x.in-addr.arpa",
    "0.0.0.0.in-addr.arpa", "02.1.168.192.in-addr.arpa", "1.2.1.168.192.in-addr.arpa",
    "256.1.168.192.in-addr.arpa", "1.0.0.224.in-addr.arpa", "1.8.b.d.0.1.0.0.2.ip6.arpa",
]
NO_PLACES = [
    "", "%any", "%defaultroute", "%group", "0.0.0.0", "0.1.2.3", "::", "255.255.255.255",
    "239.1.1.1", "ff02::1", "::ffff:192.0.2.1", "192.0.2.1/32", "192.0.2.1\n", " 192.0.2.1",
    "192.0.2.1 ", "192.0.2.1;", "192.0.2.1}", "192.0.2.1#", "192.0.2.1,192.0.2.2", "192.0.2.1@53",
    "192.0.2.1[udp/53]", "192.0.2", "0xc0000201", "3221225985", "fe80::1%lo", "[::1]", HOST,
    "2001:db8::1::", "dynamic",
]
NO_NETS = [
    "", "/", "/24", "192.0.2.0", "192.0.2.0/", "192.0.2.0/0", "192.0.2.0/33", "192.0.2.1/24",
    "192.0.2.0/24 ", "192.0.2.0/24,0.0.0.0/1", "192.0.2.0/-1", "192.0.2.0/+8", "0.0.0.0/0",
    "::/0", "192.0.2.0/24\n", "192.0.2.0/24}", "%any", "any/8", "2001:db8::/32", "2001:db8::1/64",
]
NO_PATHS = [
    "", "-", ".", "..", "/", "no such folder/key.pem", "/nonexistent/key.pem", "a key.pem",
    "key\n.pem", "key}.pem", "key;.pem", "key,other.pem", "key#.pem", "key=.pem", 'key".pem',
    "key%.pem", "key{.pem", "key\\.pem", "key$.pem", "caf\u00e9.pem", "k" * 300,
]


def usage_rows(keys, folder):
    """Arguments, what is wrong: exit 2."""
    at, whole = ["--address", FOUR], ["3 1 0 rsa"]
    fine = keys.ipsec(HOST, whole, *at)
    own = keys.ipsec(PRIVATE, whole, *LIBRESWAN)
    rows = [(keys.ipsec(name, whole, *at, *form), f"{form[1]}: name {name!r}")
            for name in NO_NAMES for form in (LIBRESWAN, SWANCTL)]
    rows += [(keys.ipsec(HOST, whole, *form, option, place), f"{form[1]}: {option} {place!r}")
             for place in NO_PLACES for form in (LIBRESWAN, SWANCTL)
             for option in ("--address",)]
    rows += [([*fine, *LIBRESWAN, "--gateway", place], f"--gateway {place!r}")
             for place in NO_PLACES]
    rows += [([*fine, *LIBRESWAN, *SERVER, "--clients", net], f"--clients {net!r}")
             for net in NO_NETS]
    rows += [([*fine, *SWANCTL, "--key-out", f"{folder}/{path}" if path and "/" not in path
               else path], f"--key-out {path!r}") for path in NO_PATHS if path not in (".", "..")]
    rows += [
        (fine, "no format"),
        ([*fine, "--format", "racoon"], "another format"),
        ([*fine, *LIBRESWAN, "--mode", "careful"], "another mode"),
        ([*fine, *LIBRESWAN, "--side", "left"], "another side"),
        ([*fine, *LIBRESWAN, "--traffic", "53"], "other traffic"),
        ([*fine, *LIBRESWAN, *at], "two addresses"),
        (["ipsec", *LIBRESWAN, *at], "no name"),
        ([*fine, "ns2.example.net", *LIBRESWAN], "two names"),
        (keys.ipsec(HOST, whole, *LIBRESWAN), "records and no address"),
        (keys.ipsec(HOST, whole, *SWANCTL), "records and no address: swanctl"),
        (keys.ipsec(HOST, ["3 1"], *LIBRESWAN, *at), "no record"),
        (keys.ipsec(HOST, ["3 1 0 zz"], *LIBRESWAN, *at), "no hex"),
        ([*own, "--address", FOUR], "another address than the name's"),
        ([*own, "--address", SIX], "another family than the name's"),
        (keys.ipsec(PLACE, whole, *SWANCTL, *at), "another address than the reverse name's"),
        (keys.ipsec(PLACE_SIX, whole, *SWANCTL, "--address", "2001:db8::2"),
         "another address than the reverse name's: IPv6"),
        ([*fine, *LIBRESWAN, "--gateway", SIX], "a gateway of the other family"),
        ([*own, "--gateway", SIX], "a gateway of the other family than the name's"),
        ([*fine, *LIBRESWAN, "--key-out", folder / "key.pem"], "--key-out with libreswan"),
        ([*fine, *LIBRESWAN, "--clients", "192.0.2.0/24"], "--clients of a client"),
        ([*fine, *LIBRESWAN, *SERVER, "--clients", "fd00::/8"], "clients of the other family"),
        ([*fine, *LIBRESWAN, *SERVER, "--traffic", "all"], "a server for all traffic"),
        ([*fine, *LIBRESWAN, "--resolver", "127.0.0.1"], "--resolver with --record"),
        ([*fine, *LIBRESWAN, "--anchor", "/dev/null"], "--anchor with --record"),
        ([*fine, *LIBRESWAN, "--negative-anchor", "a.test"], "--negative-anchor with --record"),
        ([*fine, *LIBRESWAN, "--timeout", "3"], "--timeout with --record"),
        ([*fine, *LIBRESWAN, "--transport", "dot"], "another transport"),
        ([*fine, *LIBRESWAN, "--port", "54"], "another port"),
    ]
    return rows


def refuse(tap, keys, folder):
    rows = [(keys.ipsec(name, records, *more), f"{name} {records} {more}", why)
            for name, records, more, why in no_rows(keys)]
    for (_, what, why), run in call_all(rows):
        told = run["explanation"] or ""
        tap.ok(run.code == 1 and why in told and f": {told}\n" in run.text,
               f"exit 1: {what}", run.text)
        tap.ok("configuration" in run.data and run["configuration"] is None and run["id"] == HOST
               and run["finding"] in ("unjudged", "published", "unusable"),
               f"exit 1: {what}: told in JSON", run.text)
    for (_, what), run in call_all(usage_rows(keys, folder)):
        said = run.text[run.text.rindex("danepriv: "):] if "danepriv: " in run.text else ""
        tap.ok(run.code == 2 and not run.data and said.count("\n") == 1, f"exit 2: {what}",
               run.text)


# ---- what is said ----

def say(tap, keys):
    """In comments, what people could take for granted and should not."""
    rows = [
        (["3 1 0 rsa"], [*LIBRESWAN], ("given by hand", "strict: no question", "Your own key",
                                       "other addresses", "certutil -L")),
        (["3 1 0 rsa"], [*LIBRESWAN, *OPPORTUNISTIC],
         ("opportunistic:", "nobody answered, questions", "never after a wrong key",
          "goes on\n# holding", "--unroute", "--route")),
        (["3 1 0 rsa"], [*LIBRESWAN, *OPPORTUNISTIC, "--traffic", "all"],
         ("nobody answered, everything",)),
        (["3 1 0 rsa"], [*SWANCTL, *OPPORTUNISTIC],
         ("opportunistic:", "goes on\n# holding", "--uninstall", "--install")),
        (["3 1 1 rsa"], [*SWANCTL], ("the plugin", "connections = dns-ns1_example_net",
                                     "mode = strict")),
        (["3 1 1 rsa"], [*SWANCTL, *OPPORTUNISTIC], ("the plugin", "mode = opportunistic")),
        (["3 1 0 rsa"], [*LIBRESWAN, "--traffic", "all"], ("All traffic",)),
        (["3 1 0 rsa"], [*LIBRESWAN, "--gateway", "192.0.2.9"], ("Behind it all goes in clear",)),
        (["3 1 0 rsa"], [*LIBRESWAN, *SERVER],
         ("Takes anybody, to port 53 alone", "have to show a certificate")),
        (["3 1 0 rsa", "3 1 0 rsa2"], [*LIBRESWAN], ("the first of 2 keys",)),
        (["3 1 1 p256", "3 1 0 p256", "3 1 0 rsa"], [*LIBRESWAN], ("the first of 2 keys",)),
    ]
    for records, more, wanted in rows:
        argv = [str(a) for a in keys.ipsec(HOST, records, "--address", FOUR, *more)]
        done = subprocess.run([program(), *argv], capture_output=True, text=True, check=False)
        missing = [words for words in wanted if words not in done.stdout]
        tap.equal((done.returncode, missing, done.stderr), (0, [], ""), f"said: {records} {more}",
                  done.stdout)
        tap.equal(call(*argv)["configuration"], done.stdout, f"the same in JSON: {more}")


def tell_json(tap, keys):
    run = call(*keys.ipsec(HOST, ["3 1 0 rsa"], *LIBRESWAN, "--address", FOUR, *OPPORTUNISTIC))
    wanted = {"id": HOST, "format": "libreswan", "mode": "opportunistic", "side": "client",
              "finding": "published", "addresses": [FOUR], "looked_up": False, "gateway": None,
              "authenticated": True, "until": None,
              "spd": {"negotiating": "discard", "failed": "bypass", "failed_s": 60, "used_s": 30}}
    tap.equal({key: run[key] for key in wanted}, wanted, "JSON", run.text)


# ---- looked up ----

def online(world, name, *more, **options):
    usual = {"resolver": world["resolver"]["address"], "anchor": world["anchors"]["all"],
             "timeout": 3} | options
    return ["ipsec", name, *more, *(w for key, value in usual.items() for w in (f"--{key}", value))]


def online_rows(world):
    """Name, options, exit status, names of connections; or what is said."""
    null, any_ = [*LIBRESWAN, *OPPORTUNISTIC, "--anonymous"], ["--address", FOUR]
    whole, dead = "whole.example.test", {"resolver": world["servers"]["closed"]["address"],
                                         "timeout": 2}
    stem = "dns-whole_example_test"
    both = [f"{stem}{n}-{word}" for n in ("", "-2") for word in ("udp", "tcp")]
    clear = "private-or-clear-bare_nsec_test"
    return [
        (online(world, whole, *LIBRESWAN), 0, both),
        (online(world, whole, *LIBRESWAN, *any_), 0, both[:2]),
        (online(world, whole, *LIBRESWAN, "--gateway", "192.0.2.7", *any_), 0, both[:2]),
        (online(world, whole, *LIBRESWAN, "--traffic", "all", *any_), 0, [stem]),
        (online(world, whole, *SWANCTL), 0, [stem, f"{stem}-2"]),
        (online(world, "ns1.nsec.test", *SWANCTL), 0, ["dns-ns1_nsec_test"]),
        (online(world, PRIVATE, *SWANCTL), 0, ["dns-192_168_1_2"]),
        (online(world, PLACE, *SWANCTL, *SERVER), 0, ["dns-2_1_168_192_in-addr_arpa"]),
        (online(world, "host.alias.test", *SWANCTL), 0, ["dns-host_alias_test"]),
        # nothing is published: anybody, who may listen to what is sent
        (online(world, "bare.nsec.test", *null), 0, [f"{clear}-udp", f"{clear}-tcp"]),
        (online(world, "bare.nsec.test", *null, "--traffic", "all", *any_), 0, [clear]),
        (online(world, "bare.nsec.test", *null, *SERVER, *any_), 0,
         [f"clear-or-private-bare_nsec_test-{word}" for word in ("udp", "tcp")]),
        (online(world, "ns1.insecure.test", *null), 0,
         [f"private-or-clear-ns1_insecure_test-{word}" for word in ("udp", "tcp")]),
        (online(world, "192.168.1.3", *null), 0,
         [f"private-or-clear-192_168_1_3-{word}" for word in ("udp", "tcp")]),
        # and refused
        (online(world, "bare.nsec.test", *LIBRESWAN), 1, "nothing would authenticate"),
        (online(world, "bare.nsec.test", *LIBRESWAN, "--anonymous"), 1, "authenticate"),
        (online(world, "bare.nsec.test", *LIBRESWAN, *OPPORTUNISTIC), 1, "--anonymous"),
        (online(world, "bare.nsec.test", *SWANCTL), 1, "nothing would authenticate"),
        (online(world, "bare.nsec.test", *SWANCTL, *OPPORTUNISTIC), 1, "NULL"),
        (online(world, "ns1.insecure.test", *SWANCTL), 1, "nothing would authenticate"),
        (online(world, "ns1.insecure.test", *LIBRESWAN, *OPPORTUNISTIC), 1, "--anonymous"),
        (online(world, "ns1.nsec.test", *LIBRESWAN), 1, "whole"),
        (online(world, "ns1.nsec.test", *null), 1, "whole"),
        (online(world, "ns1.expired.test", *SWANCTL), 1, "danepriv: ns1.expired.test"),
        (online(world, "ns1.expired.test", *null), 1, "danepriv: ns1.expired.test"),
        (online(world, "ns1.wrongds.test", *null), 1, "danepriv: ns1.wrongds.test"),
        (online(world, whole, *LIBRESWAN, anchor=world["anchors"]["reverse_ds"]), 1,
         "nothing would authenticate"),
        (online(world, whole, *LIBRESWAN, **dead), 4, f"danepriv: {whole}"),
        (online(world, whole, *null, *any_, **dead), 4, f"danepriv: {whole}"),
        (online(world, "nohost.example.test", *LIBRESWAN), 4, "no address that could be used"),
        (online(world, "nowhere.example.test", *LIBRESWAN), 4, "has no address"),
        (online(world, whole, *LIBRESWAN, "--traffic", "all"), 2, "--address is needed"),
        (online(world, whole, *LIBRESWAN, "--gateway", "192.0.2.7"), 2, "--address is needed"),
        (online(world, "ns1.nsec.test", *SWANCTL, "--gateway", "192.0.2.7"), 2,
         "--address is needed"),
        (online(world, whole, *LIBRESWAN, "--gateway", "%any"), 2, "no address of a host"),
        (online(world, whole, *LIBRESWAN, resolver="%any"), 2, "--resolver"),
        (online(world, whole, *LIBRESWAN, *SERVER, "--clients", "192.0.2.0/24"), 2, "families"),
    ]


def look_up(tap, world):
    rows = [(argv, " ".join(map(str, argv[1:8])), code, wanted)
            for argv, code, wanted in online_rows(world)]
    for (argv, what, code, wanted), run in call_all(rows):
        text = run["configuration"] or ""
        if code:
            said = run.text[run.text.rindex("danepriv: "):] if "danepriv: " in run.text else ""
            told = f": {run['explanation']}\n" in said if code in (1, 4) else not run.data
            tap.ok(run.code == code and wanted in said and told and not text,
                   f"looked up: exit {code}: {what}", run.text)
            continue
        read = read_libreswan(text) if "libreswan" in argv else \
            (read_swanctl(text) or {}).get("connections")
        tap.equal((run.code, list(read or {})), (0, wanted), f"looked up: {what}", run.text)
        has_place = "--address" in argv or argv[1] in (PRIVATE, PLACE, "192.168.1.3")
        tap.equal((run["looked_up"], "looked up and unproven" in text, "until 20" in text),
                  (not has_place, not has_place, True), f"looked up: {what}: what is told", text)


def look_up_null(tap, world):
    """Both sides anonymous, as in the slides, option by option."""
    run = call(*online(world, "bare.nsec.test", *LIBRESWAN, *OPPORTUNISTIC, "--anonymous",
                       "--address", FOUR))
    stem = "private-or-clear-bare_nsec_test"
    wanted = twins(stem, ("left", "0"), "right", CLIENT | {
        "leftid": "%null", "right": FOUR, "rightid": "%null", "authby": "null",
        "failureshunt": "passthrough"})
    tap.equal(read_libreswan(run["configuration"] or ""), wanted, "NULL on both sides", run.text)
    tap.equal((run["authenticated"], run["finding"]), (False, "absent"), "NULL: told", run.text)
    tap.ok("none, as DNSSEC proves" in (run["configuration"] or "")
           and "Whoever is at the address is taken" in run["configuration"]
           and "another key" not in run["configuration"], "NULL: said", run.text)
    run = call(*online(world, "bare.nsec.test", *LIBRESWAN, *OPPORTUNISTIC, "--anonymous",
                       "--address", FOUR, *SERVER))
    wanted = twins("clear-or-private-bare_nsec_test", ("right", "%any"), "left", SERVING | {
        "left": FOUR, "leftid": "%null", "rightid": "%null", "authby": "null",
        "failureshunt": "passthrough"})
    tap.equal(read_libreswan(run["configuration"] or ""), wanted, "NULL: the server's side",
              run.text)


def main():
    tap = Tap()
    if not can_test(tap, "ipsec"):
        return tap.done()
    with tempfile.TemporaryDirectory(prefix="danepriv-") as made:
        folder = Path(made).resolve()
        (folder / "keys").mkdir()
        (folder / "out").mkdir()
        keys = Keys(folder / "keys")
        print_libreswan(tap, keys)
        print_swanctl(tap, keys, folder / "out")
        write_keys(tap, keys, folder / "out")
        refuse(tap, keys, folder / "out")
        say(tap, keys)
        tell_json(tap, keys)
        with open_world(folder / "world") as world:
            look_up(tap, world)
            look_up_null(tap, world)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Do the examples say yes and no where they should?"""

import os
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from tap import Tap  # noqa: E402
from world import open_world  # noqa: E402

# label of the server, what dot_client comes to
PEERS = [("ns1", 0), ("ns2", 0), ("ns7", 0), ("tls12", 0), ("tls13", 0), ("ns3", 1), ("ns4", 1),
         ("ns5", 1), ("ns6", 1), ("ns8", 1), ("ns9", 1), ("rawliar", 1), ("closed", 1)]


LOOPS = ("DANEPRIV_LOOKUP_POLL", "DANEPRIV_LOOKUP_LIBEVENT", "DANEPRIV_LOOKUP_LIBUV")
SOME = 40  # names that are looked up at once
NO_ANSWER = "indeterminate (no answer in time)"


def run(program, *args):
    done = subprocess.run([os.environ[program], *args], capture_output=True, text=True,
                          stdin=subprocess.DEVNULL, timeout=60, check=False)
    return done.returncode, done.stdout + done.stderr


def test_dot_client(tap, world):
    anchors = Path(world["anchors"]["root_ds"]).read_text(encoding="ascii")
    for label, wanted in PEERS:
        peer = world["servers"][label]
        address, port = peer["address"].split("@")
        code, text = run("DANEPRIV_DOT_CLIENT", peer["name"], address, port,
                         world["resolver"]["address"], anchors)
        tap.equal(code, wanted, f"dot_client: {peer['about']}", text)
    tap.equal(run("DANEPRIV_DOT_CLIENT")[0], 2, "dot_client: no arguments")


def test_evaluate(tap, world, folder):
    peer, other = world["servers"]["ns1"], world["servers"]["ns3"]
    der = str(Path(folder, "ns1.der"))
    subprocess.run(["openssl", "x509", "-in", peer["certificate"], "-outform", "DER", "-out", der],
                   check=True)
    right = "030101" + peer["tlsa"][0].split()[3]
    rows = [("the published key", der, right, 0), ("another key", der, "030101" + "ab" * 32, 1),
            ("half an octet", der, right[:-1], 1), ("no hexadecimal", der, "03010x", 1),
            ("a digest cut short", der, right[:-2], 1), ("no record", der, "", 1),
            ("no such file", der + "x", right, 1), ("a file in PEM", other["certificate"], right, 1)]
    for about, path, rdata, wanted in rows:
        code, text = run("DANEPRIV_EVALUATE", peer["name"], path, rdata)
        tap.equal(code, wanted, f"evaluate: {about}", text)
    tap.equal(run("DANEPRIV_EVALUATE")[0], 2, "evaluate: no arguments")


def test_hooks(tap, world, folder):
    """What is shown, the record, and what becomes of a strict domain and another."""
    peer, other = world["servers"]["ns1"], world["servers"]["ns3"]
    ders = {}
    for label, server in (("ns1", peer), ("ns3", other)):
        ders[label] = str(Path(folder, f"{label}-hooks.der"))
        subprocess.run(["openssl", "x509", "-in", server["certificate"], "-outform", "DER",
                        "-out", ders[label]], check=True)
    record, domains = "3 1 1 " + peer["tlsa"][0].split()[3], ("strict.example", "a.example")
    rows = [("the published key", ders["ns1"], record, "authenticated", "authenticated"),
            ("another key", ders["ns3"], record, "refuse", "unauthenticated"),
            ("no certificate", peer["certificate"], record, "refuse", "unauthenticated"),
            ("a record that nobody can use", ders["ns1"], "9 1 1 ab", "refuse", "unauthenticated")]
    for about, der, text, *wanted in rows:
        code, out = run("DANEPRIV_HOOKS", peer["name"], "192.0.2.1", der, text, *domains[:1],
                        *domains)
        told = [line.rsplit(": ", 1)[1] for line in out.splitlines()[1:]]
        tap.equal((code, told), (0, wanted), f"hooks: {about}", out)
    for about, arguments in [("no file", ("192.0.2.1", "/none", record)),
                             ("no record", ("192.0.2.1", ders["ns1"], "3 1 1 0"))]:
        code, out = run("DANEPRIV_HOOKS", peer["name"], *arguments, *domains[:1], *domains)
        tap.equal((code, "authenticated" in out), (1, False), f"hooks: {about}", out)
    tap.equal(run("DANEPRIV_HOOKS", peer["name"], "nowhere", ders["ns1"], record, *domains)[0], 2,
              "hooks: no address")


def test_due(tap, world, folder):
    """Who authenticated itself and ends soon, and nobody else."""
    peer = world["servers"]["ns1"]
    der = str(Path(folder, "due.der"))
    subprocess.run(["openssl", "x509", "-in", peer["certificate"], "-outform", "DER", "-out", der],
                   check=True)
    right, wrong = "3 1 1 " + peer["tlsa"][0].split()[3], "3 1 1 " + "ab" * 32
    rows = [("ends soon", [("a.example", right, 50)], 1), ("holds longer", [("a.example", right, 5000)], 0),
            ("another key", [("a.example", wrong, 50)], 0), ("nobody", [], 0),
            ("two of four", [("a.example", right, 50), ("b.example", wrong, 50),
                             ("c.example", right, 5000), ("d.example", right, 100)], 2)]
    for about, servers, wanted in rows:
        code, out = run("DANEPRIV_DUE", "100", der, *(str(word) for one in servers for word in one))
        tap.equal((code, len(out.splitlines())), (0, wanted), f"due: {about}", out)
    for about, arguments, wanted in [("no record", (der, "a.example", "3 1", "50"), 1),
                                     ("no file", ("/none",), 1), ("half a server", (der, "a"), 2)]:
        tap.equal(run("DANEPRIV_DUE", "100", *arguments)[0], wanted, f"due: {about}")


def test_ike_keys(tap, world, folder):
    """Keys that are published whole and proven, and nothing else."""
    if "DANEPRIV_CLI" not in os.environ:
        tap.skip("ike_keys", "the program danepriv was not built")
        return
    key, certificate, digest = (world["servers"][label]["name"]
                                for label in ("fullkey", "fullcert", "ns1"))
    denied, insecure, bogus = "ns9.nsec.test", "ns1.insecure.test", "ns1.expired.test"
    path, anchors = Path(folder, "ike-proofs"), world["anchors"]["root_ds"]
    run("DANEPRIV_CLI", "lookup", key, certificate, digest, denied, insecure, bogus, "--transport",
        "ipsec", "--resolver", world["resolver"]["address"], "--anchor", anchors, "--proofs", str(path))
    whole = world["servers"]["fullkey"]["tlsa"][0].split()[3]

    def told(*names, under=anchors):
        code, text = run("DANEPRIV_IKE_KEYS", str(path), under, *names)
        words = [line.split(" ") for line in text.splitlines() if ": " not in line]
        return code, [(name, key) for name, _, key in words]

    tap.equal(told(key), (0, [(key, whole)]), "ike_keys: a whole key")
    tap.equal(told(certificate), (0, [(certificate, whole)]), "ike_keys: a key in a whole certificate")
    for about, name in (("a digest", digest), ("denied", denied), ("insecure", insecure),
                        ("bogus", bogus), ("not in the file", "ns2.nsec.test"),
                        ("an address", "192.0.2.1")):
        tap.equal(told(name), (1, []), f"ike_keys: {about}")
    tap.equal(told(digest, key), (1, [(key, whole)]), "ike_keys: one of two")
    tap.equal(told(key, under=world["anchors"]["island_ds"]), (1, []), "ike_keys: other anchors")
    octets = path.read_bytes()
    for about, wrong in (("altered", bytes(c ^ (at == 200) for at, c in enumerate(octets))),
                         ("cut short", octets[:200]), ("empty", b"")):
        path.write_bytes(wrong)
        tap.equal(told(key), (1, []), f"ike_keys: {about}")
    path.unlink()
    tap.equal(told(key), (1, []), "ike_keys: no file")
    tap.equal(run("DANEPRIV_IKE_KEYS", str(path), anchors)[0], 2, "ike_keys: no names")
    tap.equal(run("DANEPRIV_IKE_KEYS", str(path), "/none", key)[0], 2, "ike_keys: no anchors")


def test_cache_file(tap, world, folder):
    """The second time nobody is asked, unless the file is no proof."""
    anchors = Path(world["anchors"]["root_ds"]).read_text(encoding="ascii")
    names = [world["servers"][label]["name"] for label in ("ns1", "ns2", "ns3")]
    path, nobody = Path(folder, "proofs"), "127.0.0.1@1"

    def told(resolver, *given):
        code, out = run("DANEPRIV_CACHE_FILE", str(path), resolver, *given)
        return code, [line.split(": ")[1] for line in out.splitlines() if ": " in line]

    first = told(world["resolver"]["address"], anchors, *names)
    tap.equal(first, (0, ["secure, by lookup"] * 3), "cache_file: looked up")
    octets = path.read_bytes()
    tap.ok(len(octets) > 1000, "cache_file: a file")
    tap.equal(told(nobody, anchors, *names), (0, ["secure, by file"] * 3), "cache_file: known")
    tap.equal(len(path.read_bytes()), len(octets), "cache_file: the same file again")
    forged = bytearray(octets)
    forged[-1] ^= 1
    for about, wrong in (("forged", bytes(forged)), ("cut short", octets[:-1]), ("junk", b"junk"),
                         ("empty", b"")):
        path.write_bytes(wrong)
        code, words = told(world["resolver"]["address"], anchors, *names)
        tap.ok(code == 0 and "secure, by lookup" in words, f"cache_file: {about}", str(words))
    other = "example. IN DS 1 13 2 " + "00" * 32
    path.write_bytes(octets)
    code, words = told(world["resolver"]["address"], other, *names)
    tap.ok("secure, by file" not in words, "cache_file: by another anchor", str(words))
    path.unlink()
    code, words = told(world["resolver"]["address"], anchors, "host.alias.test")
    tap.equal((code, words, path.read_bytes()), (0, ["indeterminate, by lookup"], b""),
              "cache_file: an alias is not denied")
    tap.equal(run("DANEPRIV_CACHE_FILE")[0], 2, "cache_file: no arguments")


def lookups(tap):
    """The lookup examples that were built; all of them where it counts."""
    for program in LOOPS:
        if program in os.environ:
            yield program, program.removeprefix("DANEPRIV_").lower()
        elif os.environ.get("CI") == "true":
            tap.ok(False, f"{program} was built")
        else:
            tap.skip(program, "its loop is not installed")


def proofs(text):
    """The word for each name, out of lines `NAME: WORD (REASON)`."""
    return dict(line.split(" (")[0].split(": ") for line in text.splitlines())


def test_lookups(tap, world):
    """Names of all kinds at once on each loop."""
    anchors = Path(world["anchors"]["root_ds"]).read_text(encoding="ascii")
    claims = [claim for claim in world["claims"] if claim["reason"] != "alias-loop"][:SOME]
    names = [claim["name"] for claim in claims]
    wanted = {claim["name"]: claim["status"] for claim in claims}
    for program, name in lookups(tap):
        code, text = run(program, world["resolver"]["address"], anchors, *names)
        tap.ok(code == 1 and proofs(text) == wanted, f"{name}: {SOME} names at once", code, text)
        code, text = run(program, world["resolver"]["address"], anchors, names[0])
        tap.ok(code == 0 and proofs(text) == {names[0]: "secure"}, f"{name}: a secure one", text)
        for about, bad in (("no arguments", []), ("no names", ["127.0.0.1", ""]),
                           ("no resolver", ["somewhere", "", "ns1.test"]),
                           ("no anchors", ["127.0.0.1", "nothing", "ns1.test"]),
                           ("one is no name", ["127.0.0.1", "", "ns1.test", "192.0.2.1"])):
            tap.equal(run(program, *bad)[0], 2, f"{name}: {about}")


def test_silence(tap):
    """A resolver that never answers: each lookup ends all the same."""
    names = ["a.test", "b.test", "c.test"]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        address = f"127.0.0.1@{silent.getsockname()[1]}"
        for program, name in lookups(tap):
            code, text = run(program, address, "", *names)
            tap.equal((code, sorted(text.splitlines())),
                      (1, [f"{label}: {NO_ANSWER}" for label in names]), f"{name}: no answers")


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory(prefix="danepriv-") as folder, open_world(Path(folder) / "world") as world:
        test_dot_client(tap, world)
        test_evaluate(tap, world, folder)
        test_hooks(tap, world, folder)
        test_cache_file(tap, world, folder)
        test_due(tap, world, folder)
        test_ike_keys(tap, world, folder)
        test_lookups(tap, world)
    test_silence(tap)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())

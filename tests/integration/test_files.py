#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Are files of certificates and keys, as they lie around, taken, or named for what they are?  No
network."""

import base64
import datetime
import json
import os
import sys
import tempfile
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (BestAvailableEncryption, Encoding,
                                                          NoEncryption, PrivateFormat, PublicFormat,
                                                          pkcs7, pkcs12)

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from credentials import DIGESTS, certificate, new_key  # noqa: E402
from offline import Files, numbers, pem, run, run_all, said  # noqa: E402
from tap import Tap  # noqa: E402

PEM, DER = Encoding.PEM, Encoding.DER
HOST = "ns1.example.net"
NAME = ["--name", HOST]
TRADITIONAL, PKCS8 = PrivateFormat.TraditionalOpenSSL, PrivateFormat.PKCS8


class Chain:
    """A root, an authority below it, and a server's certificate."""

    def __init__(self):
        self.keys = {name: new_key() for name in ("root", "sub", "server")}
        self.root = certificate(self.keys["root"], ["root.example"], is_ca=True)
        self.sub = certificate(self.keys["sub"], ["sub.example"], self.root, self.keys["root"],
                               is_ca=True)
        self.server = certificate(self.keys["server"], [HOST], self.sub, self.keys["sub"])

    def pem(self, names):
        return "".join(getattr(self, name).public_bytes(PEM).decode() for name in names.split())

    def record(self, usage, name, selector=0, matching=0, of=None):
        """A record with the data of the certificate `name`, as `of` says, or as it is."""
        cert = getattr(self, name)
        right = of or (selector, matching)
        octets = (cert.public_key().public_bytes(DER, PublicFormat.SubjectPublicKeyInfo)
                  if right[0] else cert.public_bytes(DER))
        return f"{usage} {selector} {matching} {DIGESTS[right[1]](octets).hex()}"


def private(key, encoding, form, password=None):
    return key.private_bytes(encoding, form, BestAvailableEncryption(password) if password
                             else NoEncryption())


def odd_files(chain):
    """What, its octets, and words of the message for --cert and for --key; None: it is taken."""
    key, cert = chain.keys["server"], chain.server
    der = cert.public_bytes(DER)
    public = key.public_key()
    rsa = new_key("rsa")
    request = x509.CertificateSigningRequestBuilder().subject_name(cert.subject).sign(
        key, hashes.SHA256())
    revoked = (x509.CertificateRevocationListBuilder().issuer_name(cert.issuer)
               .last_update(datetime.datetime(2024, 1, 1))
               .next_update(datetime.datetime(2034, 1, 1))
               .sign(key, hashes.SHA256()))
    for encoding in (PEM, DER):
        form = "PEM" if encoding is PEM else "DER"
        yield f"PKCS#7, {form}", pkcs7.serialize_certificates([cert], encoding), "PKCS#7", "PKCS#7"
        yield f"request, {form}", request.public_bytes(encoding), "request", "request"
        for what, made in (("EC", private(key, encoding, TRADITIONAL)),
                           ("PKCS#8", private(key, encoding, PKCS8)),
                           ("RSA", private(rsa, encoding, TRADITIONAL)),
                           ("encrypted", private(key, encoding, PKCS8, b"secret"))):
            yield f"private key, {what}, {form}", made, "private key", "-pubout"
        yield (f"public key, {form}", public.public_bytes(encoding, PublicFormat.
               SubjectPublicKeyInfo), "--key takes it", None)
        yield f"certificate, {form}", cert.public_bytes(encoding), None, "--cert takes it"
    yield "PKCS#12", pkcs12.serialize_key_and_certificates(
        b"x", key, cert, None, NoEncryption()), "PKCS#12", "PKCS#12"
    yield "CMS", pem("CMS", b"0"), "CMS", "CMS"
    yield "TRUSTED", pem("TRUSTED CERTIFICATE", der + b"\x30\0"), "TRUSTED", "TRUSTED"
    yield "list of the revoked", revoked.public_bytes(PEM), "revoked", "revoked"
    yield "PKCS#1", rsa.public_key().public_bytes(PEM, PublicFormat.PKCS1), "PKCS#1", "PKCS#1"
    yield "SSH", public.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH), "SSH", "SSH"
    yield "private key of SSH", private(key, PEM, PrivateFormat.OpenSSH), "private", "private"
    yield "JKS", b"\xfe\xed\xfe\xed\0\0\0\2", "JKS", "JKS"
    yield "UTF-16", pem("CERTIFICATE", der).encode("utf-16"), "UTF-16", "UTF-16"
    yield "base64 alone", base64.encodebytes(b"\x30\x82" + der[2:] * 4), "BEGIN", "BEGIN"
    # what it says it is, and is not
    yield "broken certificate", pem("CERTIFICATE", der[:-1]), "PEM list", "--cert"
    yield "private key, broken certificate", private(key, PEM, PKCS8) + pem(
        "CERTIFICATE", der[:-1]).encode(), "PEM list", "--cert"
    yield "half a SEQUENCE", b"\x30\x82", "PEM list", "public key"
    yield "head of a SEQUENCE", b"\x30\x84\xff\xff", "PEM list", "public key"
    yield "long head of a SEQUENCE", b"\x30\xff" + bytes(20), "PEM list", "public key"
    yield "no SEQUENCE", b"\x31\x03\x02\x01\x03", "PEM list", "public key"
    yield "half a label", b"-----BEGIN PKCS7", "PEM list", "public key"


def leaks(key, done):
    """Is anything of the private key told?"""
    octets = private(key, DER, TRADITIONAL)
    text = done.stdout + done.stderr
    # the version and the length in front are no secret
    return any(part in text for part in (octets[7:15].hex(),
                                         base64.b64encode(octets)[12:24].decode()))


def test_odd(tap, files, chain):
    record = ["--record", chain.record(3, "server")]
    for i, (what, octets, of_cert, of_key) in enumerate(odd_files(chain)):
        path = files.put(f"odd{i}", octets)
        for option, word in (("--cert", of_cert), ("--key", of_key)):
            done = run(["match", *NAME, option, path, *record])
            if word is None:
                tap.ok(done.returncode in (0, 1) and not done.stderr, f"{what} as {option}: taken",
                       *said(done))
                continue
            good = (done.returncode == 2 and done.stderr.count("\n") == 1 and not done.stdout
                    and word in done.stderr)
            tap.ok(good, f"{what} as {option}: told", *said(done), f"wanted {word}")
            tap.ok(not leaks(chain.keys["server"], done), f"{what} as {option}: no secrets told")
    ca = run(["match", *NAME, "--cert", files.put("ok", chain.pem("server")), *record, "--ca",
              files.put("p7", pkcs7.serialize_certificates([chain.root], PEM))])
    tap.ok(ca.returncode == 2 and "PKCS#7" in ca.stderr, "PKCS#7 as --ca: told", *said(ca))


def test_standard_input(tap, files, chain):
    """`-` is standard input, once."""
    server = chain.pem("server")
    record = ["--record", chain.record(3, "server")]
    public = chain.server.public_key().public_bytes(PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    spki = chain.server.public_key().public_bytes(DER, PublicFormat.SubjectPublicKeyInfo).hex()
    path = files.put("server.pem", server)
    rows = [
        ("--cert -", ["match", *NAME, "--cert", "-", *record], server, 0, ""),
        ("--cert=-", ["match", *NAME, "--cert=-", *record], server, 0, ""),
        ("--key -", ["match", *NAME, "--key", "-", "--record", f"3 1 0 {spki}"], public, 0, ""),
        ("--ca -", ["match", *NAME, "--cert", path, "--ca", "-", *record],
         chain.pem("root"), 0, ""),
        ("record --cert -", ["record", "--cert", "-", *numbers(3, 0, 0)], server, 0, ""),
        ("nothing there", ["match", *NAME, "--cert", "-", *record], "", 2, "standard input"),
        ("something else there", ["match", *NAME, "--cert", "-", *record], "x", 2,
         "standard input"),
        ("twice", ["match", *NAME, "--cert", "-", "--ca", "-", *record], server, 2, "read before"),
        ("--anchor -, no anchors", ["prove", *NAME, "--chain", path, "--anchor", "-"], "x", 2,
         "anchor"),
        ("--chain -, no chain", ["prove", *NAME, "--chain", "-"], "00zz", 1, ""),
    ]
    for name, arguments, stdin, code, word in rows:
        done = run(arguments, stdin=stdin)
        tap.ok(done.returncode == code and word in done.stderr, f"standard input: {name}",
               *said(done))
    os.mkfifo(files.folder / "pipe")
    if os.fork() == 0:
        (files.folder / "pipe").write_text(server, encoding="ascii")
        os._exit(0)
    done = run(["match", *NAME, "--cert", str(files.folder / "pipe"), *record])
    os.wait()
    tap.equal(done.returncode, 0, "a pipe by its name", *said(done))


def test_fitting(tap, files, chain):
    """Of several certificates in a file, which one a record is of."""
    twin = certificate(chain.keys["root"], ["twin.example"])
    chain.twin = twin
    rows = [
        # certificates in the file, usage: whose record, is there a word beside it?
        ("server", 3, "server", False),
        ("server sub root", 3, "server", False),
        ("server sub root", 1, "server", False),
        ("server twin", 3, "server", False),
        ("sub server", 3, "server", True),
        ("root sub server", 3, "server", True),
        ("root sub server", 1, "server", True),
        ("root server sub", 3, "server", True),
        ("root", 3, "root", False),  # whoever signed himself may be a server
        ("root twin", 3, "root", False),
        ("sub server twin", 3, None, True),
        ("server server sub", 3, "server", False),
        ("sub server server", 3, None, True),
        ("sub", 2, "sub", False),
        ("sub server", 2, "sub", False),
        ("root sub server", 2, "root", False),
        ("root sub server", 0, "root", False),
        ("server sub", 2, "sub", True),
        ("server sub", 0, "sub", True),
        ("server sub root", 2, None, True),
        ("server", 2, "server", True),
        ("twin server", 0, "twin", True),
    ]
    calls = [["record", "--cert", files.put(names.replace(" ", "-"), chain.pem(names)),
              *numbers(usage, 0, 0)] for names, usage, _, _ in rows]
    for (names, usage, name, word), done in zip(rows, run_all(calls)):
        wanted = (2, "") if name is None else (0, chain.record(usage, name) + "\n")
        tap.equal((done.returncode, done.stdout), wanted, f"record {usage} of {names}: {name}",
                  *said(done))
        tap.equal(done.stderr.count("\n"), int(word), f"record {usage} of {names}: a word or none",
                  *said(done))
    done = run([*calls[5], "--json"])
    tap.equal(json.loads(done.stdout)["line"], chain.record(3, "server"), "record --json, too",
              *said(done))


def test_hints(tap, files, chain):
    """What is published by mistake: no match, and how it would be one."""
    record = chain.record
    chain.stranger = certificate(new_key(), [HOST])
    rows = [
        # certificates in the file, records, what the hints say in this order
        ("server sub", [record(3, "sub", 0, 1)],
         ["would match as 2 0 1, by the certificate at depth 1"]),
        ("server sub", [record(3, "sub", 1, 1)], ["as 2 1 1"]),
        ("server sub root", [record(3, "root", 0, 2)], ["as 2 0 2, by the certificate at depth 2"]),
        ("server sub", [record(3, "server", 0, 1, of=(1, 1))], ["as 3 1 1"]),
        ("server sub", [record(3, "server", 1, 1, of=(0, 1))], ["as 3 0 1"]),
        ("server sub", [record(2, "server", 1, 1)], ["as 3 1 1"]),
        ("server sub", [record(2, "sub", 1, 1, of=(0, 1))], ["as 2 0 1"]),
        ("server sub", [record(3, "server", 1, 0, of=(1, 1)), record(3, "stranger", 1, 1)],
         ["as 3 1 1"]),
        ("server sub", [record(3, "server", 1, 1), record(3, "stranger", 1, 2)],
         ["record 0 (3 1 1) is of this server, and would match, were it alone"]),
        ("server sub", [record(3, "stranger", 1, 1), record(3, "sub", 0, 1)], ["record 1 (3 0 1)"]),
        ("server sub", [record(3, "sub", 0, 1)] * 9,
         [f"record {i} " for i in range(8)]),
        ("sub server", [record(3, "server", 1, 1)], ["an authority's"]),
        ("root sub server", [record(3, "server", 1, 1)], ["an authority's"]),
        ("server sub", [record(3, "stranger", 0, 1)], []),
        ("server sub", [record(3, "stranger", 1, 1), record(2, "root", 0, 1)], []),
        ("server", [record(3, "sub", 0, 1)], []),  # not sent: it leads nowhere
        ("sub", [record(3, "root", 1, 1)], []),
        ("server sub", [record(1, "server", 1, 1)], []),  # unusable, as it always was
        ("server sub", [record(3, "server", 1, 1)], []),
    ]
    calls = [["match", *NAME, "--cert", files.put(f"hint{i}", chain.pem(names)),
              *(word for text in records for word in ("--record", text))]
             for i, (names, records, _) in enumerate(rows)]
    plain = run_all(calls)
    for i, ((names, records, wanted), done) in enumerate(zip(rows, run_all(
            [[*call, "--json"] for call in calls]))):
        found = json.loads(done.stdout or "{}")
        hints = found.get("hints", [])
        what = f"hints: {names}, {records[0][:5]}"
        tap.ok(len(hints) == len(wanted) and all(w in h for w, h in zip(wanted, hints)), what,
               *said(done), f"wanted {wanted}")
        if wanted:
            tap.equal((done.returncode, found.get("finding")), (1, "mismatch"), f"{what}: no match",
                      *said(done))
        text = plain[i].stdout
        tap.ok(text.count("hint: ") == len(wanted) and ("attack" in text) ==
               (found.get("finding") == "mismatch" and not wanted), f"{what}: in words",
               *said(plain[i]))
    named = run([*calls[0], "--name", "other.example"])
    tap.ok("2 0 1" in named.stdout, "hints: with more names", *said(named))
    other = run(["match", "--name", "other.example", *calls[0][3:]])
    tap.ok("hint" not in other.stdout, "hints: none for another name's certificate", *said(other))
    rooted = run(["match", *NAME, "--cert", files.put("r", chain.pem("server sub")), "--ca",
                  files.put("roots", chain.pem("root")), "--record", record(3, "sub", 0, 1)])
    tap.ok("as 2 0 1" in rooted.stdout, "hints: with roots", *said(rooted))


def test_faults(tap, files, chain):
    """What is at fault on a path is said, and is not called an attack."""
    day = datetime.timedelta(days=1)
    chain.old = certificate(chain.keys["server"], [HOST], chain.sub, chain.keys["sub"],
                            first=-3 * day, last=-day)
    chain.leaf = certificate(chain.keys["server"], [HOST], chain.server, chain.keys["server"])
    weak = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    chain.weak = certificate(weak, [HOST], chain.sub, chain.keys["sub"])
    for names, text, reason in (("old sub", chain.record(2, "sub", 0, 1), "dates"),
                                ("leaf server sub", chain.record(2, "sub", 0, 1), "constraints"),
                                ("weak sub", chain.record(2, "sub", 0, 1), "weak"),
                                ("server sub", chain.record(2, "stranger", 0, 1), None)):
        call = ["match", *NAME, "--cert", files.put("fault", chain.pem(names)), "--record", text]
        done, told = run([*call, "--json"]), run(call)
        found = json.loads(done.stdout or "{}")
        got = [(r["verdict"], r["reason"]) for r in found.get("records", [])]
        tap.ok(done.returncode == 1 and (reason is None or got == [("no-match", reason)]),
               f"fault of {names}: {reason}", *said(done))
        tap.equal("attack" in told.stdout, reason is None, f"fault of {names}: an attack?",
                  *said(told))


def main():
    tap = Tap()
    chain = Chain()
    with tempfile.TemporaryDirectory() as folder:
        files = Files(folder)
        test_odd(tap, files, chain)
        test_standard_input(tap, files, chain)
        test_fitting(tap, files, chain)
        test_hints(tap, files, chain)
        test_faults(tap, files, chain)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())

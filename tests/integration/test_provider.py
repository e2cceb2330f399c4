#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Do the programs verify with OpenSSL where it is there, and only what the system's policy allows?"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from cli import program  # noqa: E402
from tap import Tap  # noqa: E402

PROOFS = Path(__file__).resolve().parents[1] / "vectors" / "proofs"
PROGRAMS = ("DANEPRIV_CLI", "DANEPRIV_ITERATE", "DANEPRIV_DOT_SERVER")
SYMBOL = "danepriv_openssl_crypto"

# What GnuTLS' configuration forbids, and may a zone of P-256 be proven then?
POLICIES = [
    ("nothing", "", True),
    ("ECDSA with SHA-256", "insecure-sig = ECDSA-SHA256", False),
    ("P-256", "disabled-curve = SECP256R1", False),
    ("DSA with SHA-1", "insecure-sig = DSA-SHA1", True),
]


def check_symbols(tap):
    """Each of the programs names OpenSSL's provider."""
    for variable in PROGRAMS:
        path = os.environ.get(variable)
        if path is None:
            tap.skip(f"{variable} names the provider", "it was not built")
            continue
        done = subprocess.run(["nm", "-D", "--undefined-only", path], capture_output=True, text=True,
                              check=False)
        tap.ok(SYMBOL in done.stdout, f"{Path(path).name} names the provider",
               done.stderr, done.stdout)


def check_policies(tap, folder):
    """A zone signed with P-256, under several policies."""
    rows = [line.split(" ") for line in (PROOFS / "algorithms.txt").read_text().splitlines()]
    row = next(r for r in rows if r[0] == "algorithm-13")
    chain, policy = folder / "chain", folder / "policy"
    chain.write_text(row[-1])
    for what, line, may in POLICIES:
        policy.write_text(f"[overrides]\n{line}\n")
        done = subprocess.run(
            [program(), "prove", "--name", "dns.example", "--chain", chain, "--at", row[3],
             "--anchor", PROOFS / "root.ds", "--json"], capture_output=True, text=True, check=False,
            env=os.environ | {"GNUTLS_SYSTEM_PRIORITY_FILE": str(policy),
                              "GNUTLS_SYSTEM_PRIORITY_FAIL_ON_INVALID": "1"})
        status = json.loads(done.stdout or "{}").get("status")
        tap.ok(status is not None and (status == "secure") == may, f"forbidden: {what}",
               done.stdout, done.stderr)


def main():
    tap = Tap()
    if "DANEPRIV_DOT_SERVER" in os.environ:  # OpenSSL was there when all was built
        check_symbols(tap)
    with tempfile.TemporaryDirectory() as folder:
        check_policies(tap, Path(folder))
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())

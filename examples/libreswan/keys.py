#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Which keys may pluto have of a name server?  Those that its owner publishes whole, and no others.

    keys.py [--rundir FOLDER] IKE_KEYS PROOFS ANCHORS NAME CONNECTION...

A timer calls it after `danepriv lookup NAME --transport ipsec --proofs PROOFS`, and in the
second behind the last of the proof.  IKE_KEYS is the program of that name, which asks nobody.

pluto keeps a key by its ID, not by its connection: for ever, and also when the connection is gone.
`whack --keyid` alone takes none away.  So a key is withdrawn by another one in its place, whose
private half nobody has.  What lives by a key that is withdrawn is closed: CONNECTION is each that
NAME has.  A key goes in under its name, never under an address: whoever owns a name can let it point
at anybody's address.  What an authority in pluto's NSS database has certified is taken as well: have
none there.  Exit status 0: pluto has what is proven.  1: no key is, and pluto has none.
2: usage.  3: pluto has not done as it was told."""

import argparse
import base64
import binascii
import fcntl
import os
import re
import subprocess
import sys

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key

WHACK = "/usr/libexec/ipsec/whack"
RUNDIR = "/run/pluto"
FEWEST_BITS = 2192  # pluto takes no smaller ones
SHORT = 9  # characters by which pluto tells keys apart in its list
PATIENCE = 20


def octets(number):
    return number.to_bytes((number.bit_length() + 7) // 8, "big")


def rfc3110(key):
    """An RSA key as pluto takes it (RFC 3110 section 2)."""
    numbers = key.public_numbers()
    exponent = octets(numbers.e)
    size = bytes([len(exponent)]) if len(exponent) < 256 else b"\0" + len(exponent).to_bytes(2, "big")
    return base64.b64encode(size + exponent + octets(numbers.n)).decode()


def usable(spki):
    """The key, or None where pluto has no use for it."""
    try:
        key = load_der_public_key(spki)
    except (ValueError, UnsupportedAlgorithm):
        return None
    return key if isinstance(key, rsa.RSAPublicKey) and key.key_size >= FEWEST_BITS else None


def proven(program, proofs, anchors, name):
    """The keys that are proven to be the name's, in pluto's form."""
    try:
        done = subprocess.run([program, proofs, anchors, name], capture_output=True, text=True,
                              check=False, timeout=PATIENCE)
    except (OSError, subprocess.TimeoutExpired) as error:
        print(f"{name}: nothing is proven: {error}", file=sys.stderr)
        return []
    sys.stderr.write(done.stderr)
    found = []
    for line in done.stdout.splitlines() if done.returncode == 0 else ():
        try:
            key = usable(binascii.unhexlify(line.rsplit(" ", 1)[1]))
        except (IndexError, binascii.Error):
            key = None
        if key:
            found.append(rfc3110(key))
        else:
            print(f"{name}: pluto takes RSA of {FEWEST_BITS} bits and more, no other key",
                  file=sys.stderr)
    return found


def of_nobody():
    """A key whose private half is forgotten at once."""
    return rfc3110(rsa.generate_private_key(public_exponent=65537, key_size=3072).public_key())


class Pluto:
    def __init__(self, rundir):
        self.command = [WHACK] + (["--rundir", rundir] if rundir else [])

    def whack(self, *words):
        try:
            return subprocess.run([*self.command, *words], capture_output=True, text=True,
                                  check=False, timeout=PATIENCE).stdout
        except (OSError, subprocess.TimeoutExpired) as error:
            return str(error)  # that it was not done is seen in the list of keys

    def known(self, name):
        """The beginnings of the keys that pluto has of a name."""
        found = set()
        beginning = None
        for line in self.whack("--listpubkeys").splitlines():
            key = re.search(r"RSA Key (\S+)", line)
            if key:
                beginning = key.group(1)
            elif f"'@{name}'" in line.lower():
                found.add(beginning)
        return found

    def put(self, name, keys):
        """These, and no others.  The first one takes the place of what was there."""
        for index, key in enumerate(keys):
            self.whack("--keyid", f"@{name}", *(["--addkey"] if index else []),
                       "--pubkeyrsa", f"0s{key}")


def is_name(text):
    """Is it a name that can stand in pluto's configuration?  An address is none."""
    labels = text.split(".")
    return len(text) < 254 and not labels[-1].isdigit() and all(
        re.fullmatch("[a-z0-9_-]{1,63}", label) for label in labels)


def renew(pluto, name, keys, connections):
    """Gives the exit status."""
    before = pluto.known(name)
    put = keys or [of_nobody()]
    wanted = {key[:SHORT] for key in put}
    if before - wanted:
        # Whoever is stopped in here leaves nobody's key behind, by which the next run closes again.
        pluto.put(name, [of_nobody()])
        for connection in connections:
            pluto.whack("--terminate", "--name", connection)
    pluto.put(name, put)
    if pluto.known(name) != wanted:
        print(f"{name}: pluto has other keys than it was given", file=sys.stderr)
        return 3
    print(f"{name}: {len(keys)} proven" if keys else f"{name}: withdrawn")
    return 0 if keys else 1


def wait_for_others(rundir):
    """Until this program ends no other one goes on: who has read older proofs would have the last
    word."""
    fcntl.flock(os.open(rundir or RUNDIR, os.O_RDONLY), fcntl.LOCK_EX)


def main(words):
    parser = argparse.ArgumentParser()
    parser.add_argument("--rundir")
    for word in ("program", "proofs", "anchors", "name"):
        parser.add_argument(word)
    parser.add_argument("connections", nargs="*")
    given = parser.parse_args(words)
    name = given.name.removesuffix(".").lower()
    if not given.name.isascii() or not is_name(name):
        parser.error("NAME is a name, not an address")
    try:
        wait_for_others(given.rundir)
    except OSError as error:
        print(f"{name}: pluto is not there: {error}", file=sys.stderr)
        return 3
    keys = proven(given.program, given.proofs, given.anchors, name)
    return renew(Pluto(given.rundir), name, keys, given.connections)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

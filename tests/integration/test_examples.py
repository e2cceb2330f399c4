#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Do the examples say yes and no where they should?"""

import os
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


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory(prefix="danepriv-") as folder, open_world(Path(folder) / "world") as world:
        test_dot_client(tap, world)
        test_evaluate(tap, world, folder)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())

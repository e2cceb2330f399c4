#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Are the name servers of every zone in the test world proven, where they can be, and nowhere else?"""

import os
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from in_world import run_in_world  # noqa: E402

PATIENCE = 300  # seconds: far more than all of it takes
SECURE = "secure ns.test."  # one server has them all
WELL = ("bogus.test.",)  # here nothing but the records of the server are spoilt


def ask(world, zones, resolver="resolver", anchor="root_dnskey"):
    """What is proven of each zone, and why."""
    argv = [os.environ["DANEPRIV_ZONE_NAMES"], world[resolver]["address"], world["anchors"][anchor]]
    done = subprocess.run(argv, input="".join(f"{zone}\n" for zone in zones), capture_output=True,
                          text=True, timeout=PATIENCE, check=False)
    lines = [line.split("\t") for line in done.stdout.splitlines()]
    return dict(zip(zones, lines)) if len(lines) == len(zones) else {}


def check_zones(tap, world, resolver):
    """What is true of a zone's server is true of the zone."""
    claims = {claim["name"]: claim["status"] for claim in world["claims"]}
    zones = {zone: claims[f"ns1.{zone}".rstrip(".")] for zone in world["zones"]
             if f"ns1.{zone}".rstrip(".") in claims}
    found = ask(world, zones, resolver)
    for zone, status in zones.items():
        got, reason = found.get(zone, ("no answer", ""))
        tap.equal(got, SECURE if status == "secure" or zone in WELL else status,
                  f"{zone} by {resolver}: {world['zones'][zone]}", reason)


def check_names(tap, world):
    """Names that are no zone's, and those of which there is more to say."""
    rows = [
        (".", SECURE, "the root"),
        ("test.", SECURE, "a zone below it"),
        ("NSEC.Test", SECURE, "capitals, and no final dot"),
        ("ns1.nsec.test.", "denied", "a name in a zone"),
        ("_tcp.ns1.nsec.test.", "denied", "an empty non-terminal"),
        ("nothere.nsec.test.", "denied", "no name"),
        ("ns1.nsec3.test.", "denied", "a name in a zone with NSEC3"),
        ("nothere.nsec3.test.", "denied", "no name in a zone with NSEC3"),
        ("ns1.insecure.test.", "insecure", "a name in an unsigned zone"),
        ("host.alias.test.", "indeterminate", "an alias"),
        ("x.d.alias.test.", "indeterminate", "below a DNAME"),
        ("tobogus.alias.test.", "indeterminate", "an alias that ends in a bogus zone"),
        ("island.insecure.test.", "insecure", "an island without its anchor"),
    ]
    for resolver in ("resolver", "authority"):
        found = ask(world, [name for name, _, _ in rows], resolver)
        for name, wanted, about in rows:
            got, reason = found.get(name, ("no answer", ""))
            tap.equal(got.lower(), wanted, f"{name} by {resolver}: {about}", reason)
    found = ask(world, ["island.insecure.test.", "test."], anchor="island_dnskey")
    tap.equal([line[0] for line in found.values()], [SECURE, "indeterminate"],
              "an island with its own anchor, and what is above")


def test_all(tap, world, _):
    check_zones(tap, world, "resolver")
    check_zones(tap, world, "authority")
    check_names(tap, world)


if __name__ == "__main__":
    sys.exit(run_in_world("lookup", test_all))

#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""How much of the time from IKE_AUTH to ESTABLISHED does the plugin take?  To be run by `run`.

    attempts.py FOLDER BUILD COUNT"""

import re
import sys
from pathlib import Path
from statistics import median

CHECKOUT = Path(__file__).resolve().parents[3]
sys.path[:0] = [str(CHECKOUT / "tests/integration/strongswan")]

from world import NS, World  # noqa: E402

import lab as laboratory  # noqa: E402

LINE = re.compile(r"clock: (\d+) of (\d+) ns")


def measured(lab, count, credential, name, **options):
    """(nanoseconds in the plugin, nanoseconds in all) of each attempt."""
    world = lab.world
    lab.load_client(world.client, other=name, authority=options.get("authority"))
    lab.load_server(credential, world.client, id=name, bare=options.get("bare", False))
    before = len(lab.log())
    for _ in range(count):
        up, lines, said = lab.initiate()
        if not up:
            raise RuntimeError("\n".join([*lines, said]))
        lab.terminate()
    found = [(int(m[1]), int(m[2])) for m in LINE.finditer(lab.log()[before:])]
    if len(found) != count:
        raise RuntimeError(f"{len(found)} of {count} were measured")
    return found


def main(folder, build, count):
    laboratory.PLUGINS += " clock"
    with laboratory.Lab(Path(folder), build) as lab:
        world = lab.world = World(lab)
        world.serve()
        world.look_up(NS[1], NS[2], NS[3])
        lab.connect()
        lab.daemon("A")
        lab.daemon("B")
        print(f"{'of each':<28} {'plugin':>9} {'in all':>9} {'share':>7}   median of {count}")
        for title, credential, name, options in (
                ("3 1 1, certificate", world.server, NS[1], {}),
                ("3 1 0, raw key", world.bare, NS[2], {"bare": True}),
                ("1 1 1, its own authority", world.leaf[3], NS[3],
                 {"authority": world.root.chain_file})):
            found = measured(lab, int(count), credential, name, **options)
            plugin, whole = median(f[0] for f in found), median(f[1] for f in found)
            share = median(f[0] / f[1] for f in found)
            print(f"{title:<28} {plugin / 1e3:>6.1f} us {whole / 1e6:>6.2f} ms {share:>7.2%}",
                  flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])

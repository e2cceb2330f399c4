# SPDX-License-Identifier: BSD-2-Clause
"""Do other SAs of the same charon let in whom nobody judged, or keep one that has to go?"""

import lab as laboratory
from world import NS, World


def start(lab):
    world = World(lab)
    world.serve()
    world.look_up(NS[1])
    lab.connect()
    return world


def load_again(lab, text):
    """A's connections are these as well."""
    path = lab.folder / "A/swanctl.conf"
    path.write_text(text)
    code, said = lab.swanctl("A", "--load-conns", "--file", str(path))
    if code:
        raise RuntimeError(said)


def shared(lab, tap):
    """charon uses an SA again for all connections of the same settings, whatever their names are."""
    world = start(lab)
    lab.daemon("A")
    lab.daemon("B")
    lab.load_server(world.leaf[1], world.client)
    lab.load_client(world.client, name="other", authority=world.root.chain_file)
    text = (lab.folder / "A/swanctl.conf").read_text()
    begin, end = text.index("  other {"), text.index("\n}\n")
    listed = text[begin:end].replace("  other {", "  dns {", 1).replace(
        ",10.9.0.1/32[tcp]", "").replace(",10.9.0.2/32[tcp/53]", "")
    unlisted = text[begin:end].replace("      dns {", "      tcp {").replace(
        "10.9.0.1/32[udp],", "").replace("10.9.0.2/32[udp/53],", "")
    load_again(lab, f"{text[:begin]}{unlisted}\n{listed}{text[end:]}")
    code, said = lab.swanctl("A", "--initiate", "--child", "tcp", "--timeout",
                             str(laboratory.PATIENCE))
    tap.ok(not code, "unlisted, of the same settings: PKIX passes", said)
    up, lines, said = lab.initiate()
    tap.ok(not up and any(line.startswith("refused") for line in lines),
           "listed: not over the SA of an unlisted one that nobody judged", *lines, said)


def hanging(lab, tap):
    """A thread of charon's has another SA, and waits for an address that nobody tells it."""
    world = start(lab)
    # Nobody has this address, and it is on the cable: questions are lost.
    resolv = lab.folder / "resolv.conf"
    resolv.write_text("nameserver 192.168.1.3\noptions timeout:30 attempts:3\n")
    laboratory.run("mount", "--bind", resolv, "/etc/resolv.conf")
    laboratory.run("ip", "-n", "A", "neigh", "add", "192.168.1.3", "lladdr", "02:00:00:00:00:03",
                   "dev", "cableA")
    lab.daemon("A")
    lab.daemon("B")
    lab.load_server(world.server, world.client)
    lab.load_client(world.client)
    up, lines, said = lab.initiate()
    tap.ok(up, "an SA beside one that hangs", *lines, said)
    text = (lab.folder / "A/swanctl.conf").read_text()
    begin, end = text.index("  dns {"), text.index("\n}\n")
    slow = text[begin:end].replace("  dns {", "  slow {", 1).replace(
        "remote_addrs = 192.168.1.2", "remote_addrs = slow.test").replace(
        "      dns {", "      hang {")
    load_again(lab, f"{text[:end]}\n{slow}{text[end:]}")
    lab.swanctl("A", "--initiate", "--child", "hang", "--timeout", "1")
    before = world.publish(world.evil.tlsa(3, 1, 1))
    closed = lab.wait_for("deleting IKE_SA dns", before)
    tap.ok(closed and "unable to resolve" not in lab.log(),
           "another SA hangs: closed all the same", lab.log()[before:])
    laboratory.run("umount", "/etc/resolv.conf")


def later(lab, tap):
    """A connection is put on the list while its SA is up, by PKIX alone."""
    world = start(lab)
    lab.settings["connections"] = "other"
    lab.daemon("A")
    lab.daemon("B")
    lab.load_server(world.leaf[1], world.client)
    lab.load_client(world.client, authority=world.root.chain_file)
    text = (lab.folder / "A/swanctl.conf").read_text()
    begin, end = text.index("      dns {"), text.index("\n      }\n") + len("\n      }\n")
    load_again(lab, text[:end] + text[begin:end].replace("dns {", "tcp {").replace(
        "10.9.0.1/32[udp],", "").replace("10.9.0.2/32[udp/53],", "") + text[end:])
    code, said = lab.swanctl("A", "--initiate", "--child", "tcp", "--timeout",
                             str(laboratory.PATIENCE))
    tap.ok(not code, "not listed yet: PKIX passes", said)
    lab.settings["connections"] = "dns"
    lab.reload()
    up, lines, said = lab.initiate()
    tap.ok(not up and any(line.startswith("refused") for line in lines),
           "listed now: not over the SA that nobody judged", *lines, said)

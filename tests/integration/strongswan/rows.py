#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""What charon does with each peer, once the plugin is there.  To be run by examples/strongswan/enter.

    rows.py FOLDER BUILD                  all peers
    rows.py FOLDER BUILD other-version    the plugin is one for another charon"""

import sys
import time
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[3]
sys.path[:0] = [str(CHECKOUT / "examples/strongswan"), str(CHECKOUT / "tests/support")]

import credentials  # noqa: E402
import lab as laboratory  # noqa: E402
from tap import Tap  # noqa: E402

NS1, NS2, NS3, NS4, NS5, NS6 = (f"ns{n}.good.test" for n in range(1, 7))
WITHIN = 4.0  # seconds: two that are promised, and as many for a busy machine


class Rows:
    def __init__(self, lab, tap):
        self.lab, self.tap = lab, tap
        folder = lab.folder / "keys"
        folder.mkdir()
        self.server = credentials.self_signed(folder, "server", [NS1])
        self.evil = credentials.self_signed(folder, "evil", [NS1])
        self.bare = credentials.self_signed(folder, "bare", [NS2])
        self.client = credentials.self_signed(folder, "client", [laboratory.CLIENT])
        key = credentials.new_key()
        self.authority = credentials.save(
            folder, "ca", key, [credentials.certificate(key, ["ca"], is_ca=True)])

        def leaf(label, name):
            own = credentials.new_key()
            return credentials.save(folder, label, own, [credentials.certificate(
                own, [name], self.authority.certificates[0], key)])
        self.leaf1, self.leaf3 = leaf("leaf1", NS1), leaf("leaf3", NS3)

    def records(self, first):
        """All that is published; `first`: at ns1, or None."""
        published = {"ns1": first, "ns2": self.bare.tlsa(3, 1, 0),
                     "ns3": self.leaf3.tlsa(1, 1, 1), "ns4": self.server.tlsa(3, 0, 2)}
        lines = [*published.items(), *(("ns6", key.tlsa(3, 1, 0)) for key in (self.bare, self.server))]
        return "".join(f"_53.{label} TYPE65347 {laboratory.record(text)}\n"
                       for label, text in lines if text)

    def look_up(self):
        self.lab.look_up(NS1, NS2, NS3, NS4, NS5, NS6)

    def row(self, title, wanted, says, credential, other=NS1, **options):
        """One attempt: is the SA up, and does the plugin say so?  says: None for nothing."""
        bare, identity = options.pop("bare", False), options.pop("identity", other)
        self.lab.load_client(self.client, other=other, **options)
        self.lab.load_server(credential, self.client, id=identity, bare=bare)
        up, lines, said = self.lab.initiate()
        heard = not lines if says is None else any(says in line for line in lines)
        self.tap.ok(up == wanted and heard, title, *lines, said)
        self.lab.terminate()

    def accepted(self):
        self.row("3 1 1: right certificate", True, "authenticated", self.server)
        self.row("3 0 2: right certificate", True, "authenticated", self.server, NS4)
        self.row("3 1 0: right raw key", True, "authenticated", self.bare, NS2, bare=True)
        self.row("3 1 0 twice: one raw key", True, "authenticated", self.bare, NS6, bare=True)
        self.row("3 1 0 twice: the other one", True, "authenticated", self.server, NS6, bare=True)
        self.row("1 1 1: right certificate of an authority", True, "authenticated", self.leaf3,
                 NS3, authority=self.authority.chain_file)

    def refused(self):
        other = "it means another key or certificate"
        self.row("3 1 1: wrong key, right name", False, other, self.evil)
        self.row("3 1 1: a raw key that nobody published", False, "refused", self.evil, bare=True)
        self.row("3 1 0: wrong raw key", False, "not proven", self.evil, NS2, bare=True)
        self.row("3 1 0 twice: a third one", False, "not proven", self.evil, NS6, bare=True)
        self.row("the key of ns1 as that of ns2", False, "not proven", self.server, NS2, bare=True)
        self.row("PKIX passes, 3 1 1 means another key", False, other, self.leaf1,
                 authority=self.authority.chain_file)
        self.row("1 1 1: right certificate, authority unknown", False, "left to charon", self.leaf3, NS3)
        self.row("nothing published", False, "refused", self.server, NS5)
        self.row("nothing published, PKIX passes", False, "refused", self.leaf1, NS5,
                 authority=self.authority.chain_file)

    def left_alone(self):
        ca = self.authority.chain_file
        self.row("unlisted: PKIX passes, no veto", True, None, self.leaf1, name="other",
                 authority=ca)
        self.row("unlisted: no trust", False, None, self.server, name="other")
        self.row("remote.id = %any: no veto", True, "left alone", self.leaf1, other="%any",
                 identity=NS1, authority=ca)
        self.row("remote.id = %any: no trust", False, "left alone", self.server, other="%any",
                 identity=NS1)
        self.row("remote.id with a star: no trust", False, "left alone", self.server,
                 other="*.good.test", identity=NS1)

    def up(self):
        self.lab.load_client(self.client)
        self.lab.load_server(self.server, self.client)
        return self.lab.initiate()[0]

    def stays(self):
        """Does the SA stay up for as long as it would take to close it?"""
        end = time.monotonic() + 2.5
        while time.monotonic() < end:
            if not self.lab.is_up():
                return False
            time.sleep(0.1)
        return True

    def ends(self):
        end = time.monotonic() + WITHIN
        while time.monotonic() < end:
            if not self.lab.is_up():
                return True
            time.sleep(0.1)
        return False

    def live(self):
        """SAs that are up while the file changes."""
        whole = self.lab.proofs.read_bytes()
        self.tap.ok(self.up(), "an SA to live with")
        self.look_up()
        self.tap.ok(self.stays(), "renewed: the SA stays")
        self.lab.proofs.write_bytes(whole[:100])
        self.tap.ok(self.stays(), "file cut: what was proven still holds")
        self.lab.proofs.unlink()
        self.tap.ok(self.stays(), "file gone: what was proven still holds")
        self.lab.publish(self.records(self.evil.tlsa(3, 1, 1)))
        self.look_up()
        self.tap.ok(self.ends(), "key rolled: the SA of the old one is closed")
        self.lab.publish(self.records(self.server.tlsa(3, 1, 1)))
        self.look_up()
        time.sleep(1.5)
        self.tap.ok(self.up(), "rolled back: up again")
        self.lab.publish(self.records(None))
        self.look_up()
        self.tap.ok(self.ends(), "withdrawn: the SA is closed")
        self.row("withdrawn: no new one", False, "refused", self.server)


def without_proofs(folder, build, tap):
    """No file, then one that is cut at every so many octets: refused, and charon goes on."""
    with laboratory.Lab(folder, build) as lab:
        rows = Rows(lab, tap)
        lab.serve(rows.records(rows.server.tlsa(3, 1, 1)))
        start(lab)
        rows.row("no proofs file", False, "no proof", rows.server)
        lab.look_up(NS1)
        whole = lab.proofs.read_bytes()
        for length in (0, 7, len(whole) // 2, len(whole) - 1):
            lab.proofs.write_bytes(whole[:length])
            time.sleep(1.2)
            rows.row(f"proofs file cut at {length}", False, "no proof", rows.server)
        lab.proofs.write_bytes(whole[:-3] + bytes(c ^ 1 for c in whole[-3:]))
        time.sleep(1.2)
        rows.row("proofs file altered", False, "no proof", rows.server)
        lab.proofs.write_bytes(whole)
        time.sleep(1.2)
        rows.row("proofs file whole again", True, "authenticated", rows.server)


def start(lab):
    lab.connect()
    lab.daemon("A")
    lab.daemon("B")


def all_peers(folder, build, tap):
    own = Path(folder) / "rows"
    own.mkdir()
    with laboratory.Lab(own, build) as lab:
        rows = Rows(lab, tap)
        lab.serve(rows.records(rows.server.tlsa(3, 1, 1)))
        rows.look_up()
        start(lab)
        for part in (rows.accepted, rows.refused, rows.left_alone, rows.live):
            part()
    laboratory.disconnect()
    own = Path(folder) / "without"
    own.mkdir()
    without_proofs(own, build, tap)
    laboratory.disconnect()
    own = Path(folder) / "anchors"
    own.mkdir()
    without_anchors(own, build, tap)
    laboratory.disconnect()
    own = Path(folder) / "hanging"
    own.mkdir()
    beside_one_that_hangs(own, build, tap)
    laboratory.disconnect()
    own = Path(folder) / "later"
    own.mkdir()
    listed_later(own, build, tap)
    laboratory.disconnect()
    own = Path(folder) / "shared"
    own.mkdir()
    over_anothers(own, build, tap)


def load_another(lab, name, *changes):
    """A connection of A's beside the one that is loaded: the same, but for what is put for what."""
    path = lab.folder / "A/swanctl.conf"
    text = path.read_text()
    begin, end = text.index("  dns {"), text.index("\n}\n")
    other = text[begin:end].replace("  dns {", f"  {name} {{", 1)
    for old, new in changes:
        other = other.replace(old, new)
    path.write_text(f"{text[:end]}\n{other}{text[end:]}")
    code, said = lab.swanctl("A", "--load-conns", "--file", str(path))
    if code:
        raise RuntimeError(said)


def over_anothers(folder, build, tap):
    """charon uses an SA again for all connections of the same settings, whatever their names are."""
    with laboratory.Lab(folder, build) as lab:
        rows = Rows(lab, tap)
        lab.serve(rows.records(rows.server.tlsa(3, 1, 1)))
        rows.look_up()
        start(lab)
        lab.load_server(rows.leaf1, rows.client)
        lab.load_client(rows.client, name="other", authority=rows.authority.chain_file)
        path = lab.folder / "A/swanctl.conf"
        text = path.read_text()
        begin, end = text.index("  other {"), text.index("\n}\n")
        listed = text[begin:end].replace("  other {", "  dns {", 1).replace(
            ",10.9.0.1/32[tcp]", "").replace(",10.9.0.2/32[tcp/53]", "")
        unlisted = text[begin:end].replace("      dns {", "      tcp {").replace(
            "10.9.0.1/32[udp],", "").replace("10.9.0.2/32[udp/53],", "")
        path.write_text(f"{text[:begin]}{unlisted}\n{listed}{text[end:]}")
        lab.swanctl("A", "--load-conns", "--file", str(path))
        tap.ok(not lab.swanctl("A", "--initiate", "--child", "tcp", "--timeout", "10")[0],
               "unlisted, of the same settings: PKIX passes")
        up, lines, said = lab.initiate()
        tap.ok(not up, "listed: not over the SA of an unlisted one that nobody judged", *lines, said)


def listed_later(folder, build, tap):
    """A connection is put on the list while its SA is up, by PKIX alone."""
    with laboratory.Lab(folder, build) as lab:
        rows = Rows(lab, tap)
        lab.serve(rows.records(rows.server.tlsa(3, 1, 1)))
        rows.look_up()
        lab.connections = "other"
        start(lab)
        lab.load_server(rows.leaf1, rows.client)
        lab.load_client(rows.client, authority=rows.authority.chain_file)
        path = lab.folder / "A/swanctl.conf"
        text = path.read_text()
        begin, end = text.index("      dns {"), text.index("\n      }\n") + len("\n      }\n")
        path.write_text(text[:end] + text[begin:end].replace("dns {", "tcp {").replace(
            "10.9.0.1/32[udp],", "").replace("10.9.0.2/32[udp/53],", "") + text[end:])
        lab.swanctl("A", "--load-conns", "--file", str(path))
        tap.ok(not lab.swanctl("A", "--initiate", "--child", "tcp", "--timeout", "10")[0],
               "not listed yet: PKIX passes")
        settings = lab.folder / "A/strongswan.conf"
        settings.write_text(settings.read_text().replace("connections = other", "connections = dns"))
        lab.swanctl("A", "--reload-settings")
        up, lines, said = lab.initiate()
        tap.ok(not up and any("refused" in line for line in lines),
               "listed now: not over the SA that nobody judged", *lines, said)


def beside_one_that_hangs(folder, build, tap):
    """A thread of charon's has another SA, and waits for an address that nobody tells it."""
    with laboratory.Lab(folder, build) as lab:
        rows = Rows(lab, tap)
        lab.serve(rows.records(rows.server.tlsa(3, 1, 1)))
        rows.look_up()
        lab.connect()
        # Nobody has this address, and it is on the cable: questions are lost.
        resolv = lab.folder / "resolv.conf"
        resolv.write_text("nameserver 192.168.1.3\noptions timeout:10 attempts:3\n")
        laboratory.run("mount", "--bind", resolv, "/etc/resolv.conf")
        laboratory.run("ip", "-n", "A", "neigh", "add", "192.168.1.3", "lladdr",
                       "02:00:00:00:00:03", "dev", "cableA")
        lab.daemon("A")
        lab.daemon("B")
        tap.ok(rows.up(), "an SA beside one that hangs")
        load_another(lab, "slow", ("remote_addrs = 192.168.1.2", "remote_addrs = slow.test"),
                     ("      dns {", "      hang {"))
        lab.swanctl("A", "--initiate", "--child", "hang", "--timeout", "1")
        lab.publish(rows.records(rows.evil.tlsa(3, 1, 1)))
        rows.look_up()
        log = lab.folder / "A/charon.log"
        deadline = time.monotonic() + WITHIN
        while time.monotonic() < deadline and "deleting IKE_SA dns" not in log.read_text():
            time.sleep(0.1)
        said = log.read_text()
        tap.ok("deleting IKE_SA dns" in said and "unable to resolve" not in said,
               "another SA hangs: closed all the same", said[-2000:])
        laboratory.run("umount", "/etc/resolv.conf")


def without_anchors(folder, build, tap):
    """Nothing can be proven: whom PKIX would pass is refused all the same."""
    with laboratory.Lab(folder, build) as lab:
        rows = Rows(lab, tap)
        lab.serve(rows.records(rows.leaf1.tlsa(3, 1, 1)))
        rows.look_up()
        lab.anchor = lab.folder / "anchors"
        lab.connect()
        for title, text in (("missing", None), ("empty", ""), ("none", "no anchor\n")):
            if text is not None:
                lab.anchor.write_text(text)
            lab.daemon("A")
            lab.daemon("B")
            rows.row(f"anchors file {title}: PKIX does not pass", False, "no proof", rows.leaf1,
                     authority=rows.authority.chain_file)
            rows.row(f"anchors file {title}: unlisted is left alone", True, None, rows.leaf1,
                     name="other", authority=rows.authority.chain_file)
            lab.processes.stop()


def other_version(folder, build, tap):
    with laboratory.Lab(folder, build) as lab:
        rows = Rows(lab, tap)
        lab.serve(rows.records(rows.server.tlsa(3, 1, 1)))
        rows.look_up()
        start(lab)
        log = (lab.folder / "A/charon.log").read_text()
        tap.ok("danepriv: not loaded: built for charon 9" in log, "another charon: not loaded", log)
        rows.row("another charon: no trust", False, None, rows.server)


def main(folder, build, part=None):
    tap = Tap()
    (other_version if part else all_peers)(folder, build, tap)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

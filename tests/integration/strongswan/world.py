# SPDX-License-Identifier: BSD-2-Clause
"""What is published of the servers that charon meets, and with what do they come?"""

import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[3]
sys.path[:0] = [str(CHECKOUT / "examples/strongswan"), str(CHECKOUT / "tests/support")]

import credentials  # noqa: E402
import lab as laboratory  # noqa: E402
from zones import PAST, Zone  # noqa: E402

NS = [f"ns{n}.good.test" for n in range(10)]
TWO, HIDDEN, BOGUS, INSECURE, SILENT = ("two.good.test", "hidden.good.test", "ns1.expired.test",
                                        "ns1.insecure.test", "ns1.silent.test")
STATUSES = {NS[1]: "secure", NS[2]: "secure", NS[3]: "secure", NS[4]: "secure", NS[5]: "denied",
            NS[6]: "secure", NS[7]: "secure", NS[8]: "secure", NS[9]: "secure",
            TWO: "secure", HIDDEN: "bogus",
            BOGUS: "bogus", INSECURE: "insecure", SILENT: "indeterminate"}


class World:
    """Credentials, and the records that mean them."""

    def __init__(self, lab):
        self.lab = lab
        self.folder = lab.folder / "keys"
        self.folder.mkdir()
        self.server = self.own("server", NS[1])
        self.evil = self.own("evil", NS[1])
        self.bare = self.own("bare", NS[2])
        self.client = self.own("client", laboratory.CLIENT)
        self.root = self.authority("root")
        self.middle = self.authority("middle", self.root)
        self.leaf = {n: self.issued(f"leaf{n}", NS[n], self.root) for n in (1, 3, 5, 7)}
        self.leaf[6] = self.issued("leaf6", NS[6], self.middle)
        self.other3 = self.issued("other3", NS[3], self.root)
        self.misnamed = self.issued("misnamed", NS[1], self.middle)

    def own(self, label, name):
        return credentials.self_signed(self.folder, label, [name])

    def authority(self, label, above=None):
        key = credentials.new_key()
        made = credentials.certificate(key, [label], above and above.certificates[0],
                                       above and above.key, is_ca=True)
        return credentials.save(self.folder, label, key, [made])

    def issued(self, label, name, authority):
        key = credentials.new_key()
        return credentials.save(self.folder, label, key, [credentials.certificate(
            key, [name], authority.certificates[0], authority.key)])

    def records(self, first, ttl=None):
        """The lines of good.test; `first`: at ns1, or None; `ttl`: of that one."""
        right = self.server.tlsa(3, 1, 1)
        published = [
            ("ns2", self.bare.tlsa(3, 1, 0)), ("ns3", self.leaf[3].tlsa(1, 1, 1)),
            ("ns4", self.server.tlsa(3, 0, 2)), ("ns6", self.middle.tlsa(2, 0, 1)),
            ("ns7", self.root.tlsa(0, 1, 1)), ("ns8", self.bare.tlsa(2, 1, 1)),
            ("ns9", self.bare.tlsa(3, 1, 1)), ("two", self.bare.tlsa(3, 1, 0)),
            ("two", self.server.tlsa(3, 1, 0)), ("hidden", right)]
        return (line("ns1", first, ttl) if first else "") + "".join(
            line(label, text) for label, text in published)

    def serve(self):
        """Serves all of it: ns1 is `server`."""
        right = line("ns1", self.server.tlsa(3, 1, 1))
        self.lab.serve(self.records(self.server.tlsa(3, 1, 1)), [
            Zone("expired.test.", "all signatures have expired", right, dates=PAST),
            Zone("insecure.test.", "not signed", right, None, ds="none"),
            Zone("silent.test.", "delegated, and nobody answers", right)], harm)

    def look_up(self, *names):
        """Proofs, of all or of some; gives what each lookup came to."""
        _, results = self.lab.look_up(*(names or STATUSES))
        self.until = {r["name"].rstrip("."): r.get("until") for r in results}
        return {r["name"].rstrip("."): r["status"] for r in results}

    def publish(self, first, ttl=None):
        """Something else at ns1, and its proof where charon reads it."""
        self.lab.publish(self.records(first, ttl), harm)
        return self.renew(NS[1])

    def renew(self, *names):
        """New proofs; waits until charon has read them.  Gives where its log was before."""
        before = len(self.lab.log())
        statuses = self.look_up(*names)
        if not self.lab.wait_for("proofs taken", before):
            raise RuntimeError(f"charon has not read the proofs: {statuses}")
        return before


def line(label, text, ttl=None):
    return f"_53.{label} {ttl or ''} TYPE65347 {laboratory.record(text)}\n"


def harm(signer):
    """One zone is lost, and one record is left out of a signed zone, where NSEC says that it is
    there."""
    for zone in signer.zones:
        path = signer.file_of(zone)
        if zone.name == "silent.test.":
            path.unlink(missing_ok=True)
        if zone.name == "good.test.":
            lines = path.read_text().splitlines(keepends=True)
            path.write_text("".join(each for each in lines if not (
                each.startswith("_53.hidden.") and "TYPE65347" in each.split()[3:5])))

#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""What charon does with each peer, once the plugin is there.  To be run by examples/strongswan/enter.

    rows.py FOLDER BUILD PART

PART: honest, rogue, live, files, shared, later, hanging; or other-version, where the plugin is one for
another charon."""

import sys
from pathlib import Path

import with_files
import with_others
import with_rogue
import with_time
from world import BOGUS, HIDDEN, INSECURE, NS, SILENT, STATUSES, TWO, World

import lab as laboratory  # world has made it known
from tap import Tap

OTHER_KEY = "it means another key or certificate"
NOTHING = "the owner publishes no record"
UNSIGNED = "the owner does not sign: records, if any, prove nothing"
NO_PROOF = "there is no proof of its records that holds now"


class Rows:
    """Rows of daemon with daemon."""

    def __init__(self, lab, tap):
        self.lab, self.tap = lab, tap
        self.world = World(lab)

    def start(self):
        """Everything is there, and charon has read the proofs."""
        self.world.serve()
        statuses = self.world.look_up()
        self.tap.equal(statuses, STATUSES, "what the lookups come to")
        self.lab.connect()
        self.lab.daemon("A")
        self.lab.daemon("B")

    def row(self, title, wanted, says, credential, other=NS[1], **options):
        """One attempt: is the SA up, and does the plugin say so?  says: None for nothing."""
        served = {key: options.pop(key) for key in ("bare", "sent") if key in options}
        identity = options.pop("identity", other)
        self.lab.load_client(self.world.client, other=other, **options)
        self.lab.load_server(credential, self.world.client, id=identity,
                             bare=served.get("bare", False), authority=served.get("sent"))
        up, lines, said = self.lab.initiate()
        heard = not lines if says is None else any(f" {says}" in f" {line}" for line in lines)
        self.tap.ok(up == wanted and heard, title, *lines, said)
        self.lab.terminate()

    def accepted(self):
        w, good = self.world, "authenticated '"
        root = {"authority": w.root.chain_file}
        self.row("3 1 1: right certificate", True, good, w.server)
        self.row("3 0 2: right certificate", True, good, w.server, NS[4])
        self.row("3 1 0: right raw key", True, good, w.bare, NS[2], bare=True)
        self.row("3 1 0 twice: one raw key", True, good, w.bare, TWO, bare=True)
        self.row("3 1 0 twice: the other one", True, good, w.server, TWO, bare=True)
        self.row("2 0 1: right certificate", True, good, w.leaf[6], NS[6],
                 sent=w.middle.chain_file)
        self.row("1 1 1: right certificate of an authority", True, good, w.leaf[3], NS[3], **root)
        self.row("0 1 1: right certificate of an authority", True, good, w.leaf[7], NS[7], **root)

    def refused(self):
        w, root = self.world, {"authority": self.world.root.chain_file}
        sent = {"sent": w.middle.chain_file}
        self.row("3 1 1: wrong key, right name", False, OTHER_KEY, w.evil)
        self.row("3 1 1: a raw key that nobody published", False, "refused", w.evil, bare=True)
        self.row("3 1 0: wrong raw key", False, "not proven", w.evil, NS[2], bare=True)
        self.row("3 1 0 twice: a third one", False, "not proven", w.evil, TWO, bare=True)
        self.row("2 1 1: a raw key", False, "refused", w.bare, NS[8], bare=True)
        self.row("the key of ns1 as that of ns2", False, "not proven", w.server, NS[2], bare=True)
        self.row("the certificate of ns1 as that of ns9", False, OTHER_KEY, w.server, NS[9])
        self.row("2 0 1: the certificate has another name", False, "refused", w.misnamed, NS[6], **sent)
        self.row("2 0 1: the authority is not shown", False, "refused", w.leaf[6], NS[6])
        self.row("2 0 1: of another authority", False, "refused", w.leaf[1], NS[6], **sent)
        self.row("PKIX passes, 3 1 1 means another key", False, OTHER_KEY, w.leaf[1], **root)
        self.row("PKIX passes, 1 1 1 means another key", False, "refused", w.other3, NS[3],
                 **root)
        self.row("1 1 1: right certificate, authority unknown", False, "left to charon", w.leaf[3],
                 NS[3])
        self.row("0 1 1: right certificate, authority unknown", False, "left to charon", w.leaf[7],
                 NS[7])

    def unproven(self):
        """Where nothing is proven of any key: refused in strict."""
        w, root = self.world, {"authority": self.world.root.chain_file}
        w.renew()  # what is not there is not proven for long
        self.row("nothing published", False, NOTHING, w.server, NS[5])
        self.row("nothing published, PKIX passes", False, NOTHING, w.leaf[5], NS[5], **root)
        self.row("insecure, right certificate", False, UNSIGNED, w.server, INSECURE)
        self.hopeless()

    def hopeless(self):
        """Refused in both modes."""
        for name, what in ((BOGUS, "bogus"), (SILENT, "unanswered"), (HIDDEN, "hidden")):
            self.row(f"{what}, right certificate", False, NO_PROOF, self.world.server, name)

    def left_alone(self):
        w, root = self.world, {"authority": self.world.root.chain_file}
        self.row("unlisted: PKIX passes, no veto", True, None, w.leaf[1], name="other", **root)
        self.row("unlisted: no trust", False, None, w.server, name="other")
        self.row("remote.id = %any: no veto", True, "left alone", w.leaf[1], other="%any",
                 identity=NS[1], **root)
        self.row("remote.id = %any: no trust", False, "left alone", w.server, other="%any",
                 identity=NS[1])
        self.row("remote.id with a star: no trust", False, "left alone", w.server,
                 other="*.good.test", identity=NS[1])

    def opportunistic(self):
        """By `mode`, which charon is told while it runs."""
        w, good, unknown = self.world, "authenticated '", "unauthenticated '"
        self.lab.settings["mode"] = "opportunistic"
        self.lab.reload()
        w.renew()
        self.row("opportunistic, 3 1 1", True, good, w.server)
        self.row("opportunistic, nothing published", True, unknown, w.server, NS[5])
        self.row("opportunistic, insecure", True, unknown, w.evil, INSECURE)
        self.row("opportunistic, nothing published, wrong name", False, None, w.server, NS[5],
                 identity=NS[1])
        self.row("opportunistic, wrong key", False, OTHER_KEY, w.evil)
        self.row("opportunistic, nothing published, a raw key", False, "refused", w.server, NS[5],
                 bare=True)
        self.row("opportunistic, unlisted", False, None, w.server, NS[5], name="other")
        self.hopeless()
        self.lab.settings["mode"] = "Opportunistic"
        self.lab.reload()
        self.row("a mode that is none is strict", False, "refused", w.server, NS[5])
        del self.lab.settings["mode"]
        self.lab.reload()
        self.row("strict again", False, "refused", w.server, NS[5])


def honest(lab, tap):
    rows = Rows(lab, tap)
    rows.start()
    for part in (rows.accepted, rows.refused, rows.unproven, rows.left_alone, rows.opportunistic):
        part()


def other_version(lab, tap):
    """Such a plugin is not loaded; where the operator asked for it, charon is not there either."""
    rows = Rows(lab, tap)
    rows.world.serve()
    rows.world.look_up()
    lab.connect()
    lab.daemon("A")
    lab.daemon("B")
    tap.ok("danepriv: not loaded: built for another charon" in lab.log(), "another charon: not loaded",
           lab.log())
    rows.row("another charon: no trust", False, None, rows.world.server)
    with_files.ends_without(lab, tap, "another charon: none at all with `danepriv!`")


PARTS = {"honest": honest, "other-version": other_version, "rogue": with_rogue.all_rows,
         "shared": with_others.shared, "later": with_others.later,
         "hanging": with_others.hanging,
         "live": lambda lab, tap: with_time.Live(lab, tap).all_rows(),
         "files": with_files.all_rows}


def main(folder, build, part):
    tap = Tap()
    own = Path(folder)
    with laboratory.Lab(own, build) as lab:
        PARTS[part](lab, tap)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

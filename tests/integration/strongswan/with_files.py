# SPDX-License-Identifier: BSD-2-Clause
"""What becomes of SAs when a file is not as it should be, or charon is told to read it again?"""

from world import NS, World

import lab as laboratory

NO_PROOF = "there is no proof of its records that holds now"


class Files:
    def __init__(self, lab, tap):
        self.lab, self.tap = lab, tap
        self.world = World(lab)

    def row(self, title, wanted, says):
        up, lines, said = self.lab.initiate()
        self.tap.ok(up == wanted and any(line.startswith(says) for line in lines), title, *lines,
                    said)
        self.lab.terminate()

    def refused(self, title):
        up, lines, said = self.lab.initiate()
        self.tap.ok(not up and any(NO_PROOF in line for line in lines), title, *lines, said)

    def put(self, octets):
        """Other octets in the file; waits until charon has read them."""
        before = len(self.lab.log())
        self.lab.proofs.write_bytes(octets)
        if not self.lab.wait_for("proofs taken", before):
            raise RuntimeError(f"charon has not read the file: {self.lab.log()[before:]}")

    def proofs_of(self, name):
        self.lab.look_up(name)
        return self.lab.proofs.read_bytes()

    def bad_files(self):
        """Each is read by a charon that knows nothing yet."""
        whole = self.proofs_of(NS[1])
        other = self.proofs_of(NS[4])
        self.lab.proofs.unlink()
        self.lab.daemon("A")
        self.lab.daemon("B")
        self.lab.load_client(self.world.client)
        self.lab.load_server(self.world.server, self.world.client)
        self.refused("no proofs file")
        for length in (0, 7, len(whole) // 2, len(whole) - 1):
            self.put(whole[:length])
            self.refused(f"proofs file cut at {length}")
        for place in (len(whole) // 3, len(whole) - 3):
            self.put(whole[:place] + bytes((whole[place] ^ 1,)) + whole[place + 1:])
            self.refused(f"proofs file altered at {place}")
        self.put(other)
        self.refused("proofs of another name")
        self.put(other[:-1] + whole)
        self.refused("behind a proof that is cut, nothing can be read")
        self.put(other + whole + other[:100])
        self.row("half written: the proofs before it hold", True, "authenticated")

    def foreign_tree(self):
        """Flawless proofs of a tree of somebody else's, in the place of the owner's."""
        folder = self.lab.folder / "foreign"
        folder.mkdir()
        with laboratory.Lab(folder, self.lab.build) as foreign:
            foreign.serve(self.world.records(self.world.evil.tlsa(3, 1, 1)))
            foreign.look_up(NS[1])
            self.put(foreign.proofs.read_bytes())
            self.lab.load_server(self.world.evil, self.world.client)
            self.row("proofs by another root", False, "refused")
            self.anchors_of(foreign)
        self.lab.load_server(self.world.server, self.world.client)

    def anchors_of(self, foreign):
        """charon is told of other anchors: what the old ones have proven holds no longer."""
        self.lab.load_server(self.world.server, self.world.client)
        self.tap.ok(self.lab.initiate()[0], "an SA to live with")
        before = len(self.lab.log())
        self.lab.settings["anchors"] = self.lab.folder / "nothing-here"
        self.lab.reload("the anchors from before hold")
        self.tap.ok("nothing-here" in self.lab.log()[before:] and self.lab.is_up(),
                    "reloaded, no anchors: those from before hold", self.lab.log()[before:])
        before = len(self.lab.log())
        self.lab.settings["anchors"] = foreign.anchor
        self.lab.reload(None)
        self.tap.ok(self.lab.wait_for("closed: no longer", before) and self.lab.comes_down(),
                    "reloaded, other anchors: the SA is closed", self.lab.log()[before:])


def without_anchors(lab, tap, files):
    """charon comes up without anchors: it refuses."""
    files.proofs_of(NS[1])
    path = lab.settings["anchors"] = lab.folder / "anchors"
    lab.load_server(files.world.leaf[1], files.world.client)
    pkix = {"authority": files.world.root.chain_file}
    for title, text in (("missing", None), ("empty", ""), ("none", "no anchor\n")):
        if text is not None:
            path.write_text(text)
        tap.equal(lab.stop("A"), 0, "charon ends")
        lab.daemon("A")
        lab.load_client(files.world.client, **pkix)
        files.refused(f"anchors file {title}: PKIX does not pass")
        lab.load_client(files.world.client, name="other", **pkix)
        tap.ok(lab.initiate()[0], f"anchors file {title}: unlisted is left alone")
        lab.terminate()
    lab.load_server(files.world.server, files.world.client)
    lab.load_client(files.world.client)
    lab.settings["anchors"] = lab.anchor
    lab.reload("1 proofs taken")
    files.row("anchors at last", True, "authenticated")


def ends_without(lab, tap, title):
    """With `load = ... danepriv!` there is no charon where the plugin is not."""
    lab.stop("A")
    lab.critical = True
    child = lab.daemon("A", wait=False)
    tap.ok(child.wait(laboratory.PATIENCE) != 0, title)
    lab.critical = False


def all_rows(lab, tap):
    files = Files(lab, tap)
    files.world.serve()
    lab.connect()
    files.bad_files()
    files.foreign_tree()
    without_anchors(lab, tap, files)

#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Does `danepriv lookup NAME... --proofs FILE` write what another process can take, for each name
that something is proven of, and does FILE stay whole whatever goes wrong?"""

import os
import socket
import stat
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from cli import WORKERS, check_no_room, call_lines, is_sane, program  # noqa: E402
from in_world import run_in_world  # noqa: E402

NAME, OTHER, THIRD = "ns1.nsec.test", "ns1.rsa256.test", "ns1.nsec3.test"
ADDRESS, REVERSE = "192.168.1.2", "2.1.168.192.in-addr.arpa"
PROVEN = ("secure", "denied", "insecure")
# Unbound knows that nothing is below it, and follows loops itself.
NOT_AT_UNBOUND = ("tonowhere.alias.test", "loop.alias.test", "self.alias.test")
# Signed names that are aliases themselves, beside those of `bases`: by wildcard, and below a DNAME.
ALIASES = (".wc.", "nodata.d.alias.", "nothere.d.alias.")
NAMES_MAX = 1024


def arguments(world, names, path, *more, anchor="all", resolver=None):
    return ["lookup", *names, "--proofs", path, "--resolver",
            resolver or world["resolver"]["address"], "--anchor", world["anchors"][anchor], *more]


def imported(world, path, *names, anchor="all"):
    """What a process takes that asks nobody: (word, octets) a proof, and what it then knows."""
    done = subprocess.run([os.environ["DANEPRIV_IMPORTED"], str(path), world["anchors"][anchor],
                           *names], capture_output=True, text=True, check=True)
    rows = [line.split() for line in done.stdout.splitlines()]
    return ([(word, int(octets)) for label, word, octets in (r for r in rows if r[0] == "proof")],
            [" ".join(row) for row in rows if row[0] != "proof"])


def told(run, key):
    return [line[key] for line in run["lines"]]


def silent():
    """A resolver that never answers: the socket, and its address."""
    place = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    place.bind(("127.0.0.1", 0))
    return place, f"127.0.0.1@{place.getsockname()[1]}"


def check_transports(tap, world, folder):
    """What goes in comes out, for each transport, and for no other."""
    peers = [world["servers"][label]["name"] for label in ("ns1", "ns2")]
    rows = [("dot", [NAME, OTHER, THIRD], []), ("ipsec", [NAME, OTHER], []),
            ("ipsec", [REVERSE], []), ("doh", peers, []), ("doq", peers, []),
            ("dtls", peers, []), ("doh3", peers, []), ("dot", [NAME], ["--name-server"])]
    for i, (transport, names, more) in enumerate(rows):
        path = folder / f"transport{i}"
        run = call_lines(*arguments(world, names, path, "--transport", transport, *more))
        label = f"{transport} {' '.join(names + more)}"
        tap.ok(run.code == 0 and told(run, "name") == names and run["errors"] == ""
               and told(run, "status") == ["secure"] * len(names)
               and told(run, "proof") == ["exported"] * len(names), f"written: {label}", run.text)
        proofs, known = imported(world, path, *names)
        tap.ok([word for word, _ in proofs] == ["taken"] * len(names)
               and sum(octets for _, octets in proofs) == path.stat().st_size,
               f"taken: {label}", *proofs)
        tap.equal([line.rsplit(" ", 1)[0] for line in known],
                  [f"{name} {transport} secure" for name in names], f"known: {label}")
    run = call_lines(*arguments(world, [ADDRESS], folder / "address", "--transport", "ipsec"))
    tap.equal((run.code, told(run, "owner")), (0, [f"_53.{REVERSE}."]), "an address", run.text)
    tap.equal(imported(world, folder / "address", REVERSE)[1], [f"{REVERSE} ipsec secure 1"],
              "an address is known by its name")
    tap.equal(imported(world, folder / "address", REVERSE, anchor="root_dnskey")[1], [],
              "an address without the anchor of its zone")
    run = call_lines(*arguments(world, [NAME], folder / "label", "--transport", "doq", "--label",
                                "_tcp"))
    tap.equal((run.code, imported(world, folder / "label", NAME)),
              (0, ([("taken", (folder / "label").stat().st_size)], [])),
              "another label is another server", run.text)


def check_all(tap, world, folder):
    """Every name of the world in one file: what is proven is in it, and what is not is told."""
    bases = {base["name"] for base in world["bases"]}
    wanted = {claim["name"]: claim["status"] for claim in world["claims"] + world["bases"]
              if claim["name"] not in NOT_AT_UNBOUND}
    path = folder / "all"
    run = call_lines(*arguments(world, wanted, path, anchor="root_dnskey"))
    tap.equal((run.code, told(run, "name"), run["errors"]), (1, list(wanted), ""),
              "all names: told in order")
    known = []
    for line in run["lines"]:
        name, status = line["name"], wanted[line["name"]]
        is_alias = name in bases or (status != "insecure"
                                     and any(part in name for part in ALIASES))
        proof = "unproven" if status not in PROVEN else "alias" if is_alias else \
            "ended" if name == "zero.ttl.test" else "exported"
        tap.equal((line["status"], line["proof"]), (status, proof), f"all names: {name}", line)
        if proof == "exported":
            known.append(f"{name} dot {status} {len(line['records'])}")
    proofs, lines = imported(world, path, *wanted, anchor="root_dnskey")
    tap.equal({word for word, _ in proofs}, {"taken"}, "all names: each proof is taken")
    tap.equal(sum(octets for _, octets in proofs), path.stat().st_size, "all names: and no more")
    tap.equal(lines, known, "all names: as they were told")
    stranger = imported(world, path, *wanted, anchor="island_dnskey")
    tap.equal(({word for word, _ in stranger[0]}, stranger[1]), ({"refused"}, []),
              "all names: nothing for those with other anchors")
    octets = path.read_bytes()
    path.write_bytes(octets[:len(octets) // 2])
    proofs, lines = imported(world, path, *wanted, anchor="root_dnskey")
    tap.ok(proofs[-1] == ("junk", 0) and lines == known[:len(lines)] and lines,
           "half a file: its first proofs are taken", *proofs)


def check_half(tap, world, folder):
    """Names that fail leave the others' proofs, whatever order they come in."""
    path = folder / "half-of-them"
    rows = [(NAME, "secure", "exported"), ("ns1.bogus.test", "bogus", "unproven"),
            ("nodata.nsec.test", "denied", "exported"), ("host.alias.test", "secure", "alias"),
            ("ns1.insecure.test", "insecure", "exported"),
            ("flood.many.test", "indeterminate", "unproven"), (OTHER, "secure", "exported"),
            ("tobare.alias.test", "secure", "alias"), ("tonothing.alias.test", "denied", "alias")]
    known = [f"{name} dot {status} {1 if status == 'secure' else 0}" for name, status, proof in rows
             if proof == "exported"]
    for order in (rows, rows[::-1]):
        run = call_lines(*arguments(world, [row[0] for row in order], path))
        got = list(zip(told(run, "name"), told(run, "status"), told(run, "proof")))
        tap.equal((run.code, got, run["errors"]), (1, order, ""), "half of them fail", run.text)
        proofs, lines = imported(world, path, *(row[0] for row in rows))
        tap.equal(([word for word, _ in proofs], lines), (["taken"] * 4, known),
                  "half of them fail: the others are known")
    run = call_lines(*arguments(world, ["ns1.wrongds.test", NAME], path, "--negative-anchor",
                                "wrongds.test"))
    tap.equal((run.code, told(run, "proof")), (1, ["unproven", "exported"]),
              "what only we take for unsigned is no proof for others", run.text)
    run = call_lines(*arguments(world, ["host.alias.test", NAME], path, "--name-server"))
    tap.equal((run.code, told(run, "reason"), told(run, "proof")),
              (1, ["alias", None], ["unproven", "exported"]), "an alias that is refused", run.text)
    run = call_lines(*arguments(world, [NAME, NAME.upper() + "."], path))
    tap.equal((run.code, imported(world, path, NAME)[1]), (0, [f"{NAME} dot secure 1"]),
              "the same name twice", run.text)


def check_without(tap, world):
    """Several names without --proofs: an object a line, and the same exit status."""
    asked = ["--resolver", world["resolver"]["address"], "--anchor", world["anchors"]["all"]]
    place, nobody = silent()
    with place:
        absent = ["--resolver", nobody, "--anchor", world["anchors"]["all"], "--timeout", "1"]
        rows = [([NAME, OTHER, *asked], 0, ["secure", "secure"]),
                ([NAME, "ns1.bogus.test", *asked], 1, ["secure", "bogus"]),
                (["nodata.nsec.test", NAME, *asked], 1, ["denied", "secure"]),
                ([NAME, "host.alias.test", *asked], 0, ["secure", "secure"]),
                ([NAME, OTHER, *absent], 4, ["indeterminate", "indeterminate"]),
                ([*asked, "--", NAME, OTHER], 0, ["secure", "secure"]),
                ([NAME, "a..b", *asked], 2, []), ([NAME, "", *asked], 2, []),
                ([NAME, ADDRESS, *asked], 2, [])]
        for row, code, statuses in rows:
            run = call_lines("lookup", *row)
            tap.ok((run.code, told(run, "status")) == (code, statuses)
                   and not any("proof" in line for line in run["lines"]),
                   f"several names: {' '.join(row[:2])}", run.text)


def check_failures(tap, world, folder):
    """Where FILE cannot be written, or there is nothing to write, it is as it was."""
    old = folder / "old"
    old.write_bytes(b"earlier")
    place, nobody = silent()
    many = [f"a{n}.nsec.test" for n in range(NAMES_MAX + 1)]
    rows = [
        ([NAME], folder / "none" / "x", [], 4, "no such folder"),
        ([NAME], folder, [], 4, "a folder in place of a file"),
        ([NAME], old / "x", [], 4, "a file in place of a folder"),
        ([NAME], folder / ("x" * 300), [], 4, "a file name too long"),
        ([NAME], "/" + "x/" * 2500 + "x", [], 4, "a path too long"),
        ([NAME], "/proc/proofs", [], 4, "a folder that takes no files"),
        ([NAME], "/dev/full", [], 4, "a device that is full"),
        ([NAME], "", [], 4, "a file without a name"),
        ([NAME], "-", [], 2, "standard output"),
        ([NAME], old, ["--proofs", old], 2, "two files"),
        ([], old, [], 2, "no name"),
        ([NAME, "a..b"], old, [], 2, "an empty label"),
        ([NAME, "a\nb.test"], old, [], 2, "a line end in a name"),
        ([NAME, "nseç.test"], old, [], 2, "a U-label"),
        ([NAME, ADDRESS], old, [], 2, "an address over TLS"),
        (many, old, [], 2, "too many names"),
        (["ns1.bogus.test"], old, [], 1, "nothing is proven"),
        (["host.alias.test", "far.alias.test"], old, [], 1, "aliases alone"),
        (["zero.ttl.test"], old, [], 1, "a TTL of zero"),
    ]
    for names, path, more, code, what in rows:
        run = call_lines(*arguments(world, names, path, *more))
        tap.equal((run.code, run["errors"].count("\n")), (code, 1), f"exit {code}: {what}",
                  run.text)
        tap.ok(is_sane(run) and (code != 2 or run["lines"] == []), f"sane: {what}")
    with place:
        run = call_lines(*arguments(world, [NAME, OTHER], old, "--timeout", "1", resolver=nobody))
        tap.equal((run.code, told(run, "proof")), (4, ["unproven"] * 2), "nobody answers", run.text)
    with open("/dev/full", "w", encoding="ascii") as full:
        argv = [program(), *map(str, arguments(world, [NAME], old))]
        done = subprocess.run(argv, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    tap.ok(done.returncode == 2 and done.stderr.count("\n") == 1, "stdout is full", done.stderr)
    tap.equal(old.read_bytes(), b"earlier", "the old file is as it was")
    tap.ok(not list(folder.glob("*.new")) and Path("/dev/full").is_char_device(),
           "nothing is left, nothing is replaced", *folder.iterdir())


def check_folder(tap, world, folder):
    """A folder that may not be written to; a superuser may."""
    if os.geteuid() == 0:
        tap.skip("a folder without permission", "run by the superuser")
        return
    closed = folder / "closed"
    closed.mkdir()
    (closed / "old").write_bytes(b"earlier")
    closed.chmod(0o555)
    run = call_lines(*arguments(world, [NAME], closed / "old"))
    closed.chmod(0o755)
    tap.equal((run.code, [path.name for path in closed.iterdir()],
               (closed / "old").read_bytes()), (4, ["old"], b"earlier"),
              "a folder without permission", run.text)


def check_mode(tap, world, folder):
    """Everybody may read it, but for the umask; an old one may have been read-only, or a link."""
    path, target = folder / "mode", folder / "target"
    for mask in (0o022, 0o027, 0o077):
        path.write_bytes(b"earlier")
        path.chmod(0o444)
        argv = [program(), *map(str, arguments(world, [NAME], path))]
        done = subprocess.run(argv, capture_output=True, check=False, umask=mask)
        tap.equal((done.returncode, stat.S_IMODE(path.stat().st_mode)), (0, 0o644 & ~mask),
                  f"mode by umask {mask:o}", done.stderr)
    target.write_bytes(b"earlier")
    path.unlink()
    path.symlink_to(target)
    run = call_lines(*arguments(world, [NAME], path))
    tap.ok(run.code == 0 and not path.is_symlink() and target.read_bytes() == b"earlier",
           "a link is replaced, and what it leads to is left alone", run.text)


def check_links(tap, world, folder):
    """Links under the names that are written to first lead nowhere."""
    path, victim = folder / "linked", folder / "victim"
    victim.write_bytes(b"earlier")
    argv = [program(), *map(str, arguments(world, [NAME], path))]
    for count, code in ((1, 0), (63, 0), (64, 4)):
        path.unlink(missing_ok=True)
        script = (f'for i in $(seq 0 {count - 1}); do ln -s "$0" "$1.$$.$i.new"; done; '
                  'shift; exec "$@"')
        done = subprocess.run(["sh", "-c", script, str(victim), str(path), *argv],
                              capture_output=True, text=True, check=False)
        tap.ok(done.returncode == code and victim.read_bytes() == b"earlier"
               and path.exists() == (code == 0) and done.stderr.count("\n") == (code != 0),
               f"{count} links in the way", done.returncode, done.stderr)
        left = list(folder.glob("linked.*"))
        tap.ok(len(left) == count and all(link.is_symlink() for link in left),
               f"{count} links in the way: they stay, and nothing beside", *left)
        for link in left:
            link.unlink()


def check_whole(tap, world, folder):
    """FILE is the old one or the new one, never half of it."""
    path = folder / "half"
    argv = arguments(world, [NAME, OTHER], path)
    check_no_room(tap, argv, path)
    path.write_bytes(b"earlier")
    check_no_room(tap, argv, path)
    place, nobody = silent()
    with place:
        argv = [program(), *map(str, arguments(world, [NAME], path, resolver=nobody))]
        with subprocess.Popen(argv, stdout=subprocess.DEVNULL) as child:
            time.sleep(0.3)
            child.kill()
        tap.ok(path.read_bytes() == b"earlier" and not list(folder.glob("half.*")),
               "killed while it waits", *folder.glob("half*"))


def check_crowd(tap, world, folder):
    """Many write the same file: it is one of theirs at all times."""
    path, choices = folder / "crowd", ([NAME], [NAME, OTHER], [THIRD, NAME, OTHER])
    seen = set()
    with ThreadPoolExecutor(WORKERS) as pool:
        runs = [pool.submit(call_lines, *arguments(world, choices[n % 3], path))
                for n in range(24)]
        while not all(run.done() for run in runs):
            if path.exists():
                seen.add(path.read_bytes())
    seen.add(path.read_bytes())
    tap.ok(all(run.result().code == 0 for run in runs), "many at once: all are well",
           *(run.result().text for run in runs))
    counts = set()
    for i, octets in enumerate(seen):
        (folder / f"seen{i}").write_bytes(octets)
        proofs, _ = imported(world, folder / f"seen{i}")
        counts.add((len(proofs), *{word for word, _ in proofs}))
    tap.ok(counts and counts <= {(1, "taken"), (2, "taken"), (3, "taken")},
           "many at once: whole files only", *counts)
    tap.equal(list(folder.glob("crowd.*")), [], "many at once: nothing is left")


def check_words(tap, world, folder):
    """For people: facts one a line, a block a name; where the name fails, nothing on stderr."""
    names = [NAME, "host.alias.test", "ns1.bogus.test"]
    argv = [program(), *map(str, arguments(world, names, folder / "words"))]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    blocks = [dict(line.split(": ", 1) for line in block.splitlines())
              for block in done.stdout.split("\n\n")]
    tap.equal((done.returncode, done.stderr, [block["owner"] for block in blocks]),
              (1, "", [f"_853._tcp.{name}." for name in names]), "words: a block a name")
    tap.ok([block["proof"].split(":")[0] for block in blocks]
           == ["exported", "not exportable", "none"], "words: what became of the proofs",
           done.stdout)
    piped = subprocess.run([*argv[:2], NAME, "--proofs", "/dev/stderr", *argv[7:]],
                           capture_output=True, check=False)
    (folder / "piped").write_bytes(piped.stderr)
    tap.ok(piped.returncode == 0 and imported(world, folder / "piped", NAME)[1]
           == [f"{NAME} dot secure 1"], "into a pipe", piped.stdout, piped.stderr)
    link, opened = folder / "stderr", folder / "opened"
    link.symlink_to("/proc/self/fd/2")  # as /dev/stderr is one
    with opened.open("wb") as output:
        done = subprocess.run([*argv[:2], NAME, "--proofs", link, *argv[7:]],
                              stdout=subprocess.DEVNULL, stderr=output, check=False)
    tap.ok(done.returncode == 0 and link.is_symlink()
           and imported(world, opened, NAME)[1] == [f"{NAME} dot secure 1"],
           "into what is open, though it is a file: the link to it stays", opened.read_bytes())


def test_all(tap, world, folder):
    proofs = folder / "proofs"
    proofs.mkdir()
    check_without(tap, world)
    for check in (check_transports, check_all, check_half, check_failures, check_folder,
                  check_mode, check_links, check_whole, check_crowd, check_words):
        check(tap, world, proofs)


if __name__ == "__main__":
    sys.exit(run_in_world("lookup", test_all))

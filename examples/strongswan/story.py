#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""The story that `try` tells: an honest name server over IPsec, and then an impostor."""

import sys

import lab as laboratory

NAME = "ns1.good.test"


def say(text):
    print(text, flush=True)


def tell(lines):
    for line in lines:
        say(f"   charon: {line}")


def honest(lab):
    """Authenticated, and DNS goes through ESP."""
    up, lines, said = lab.initiate()
    tell(lines)
    if not up or not any(line.startswith("authenticated") for line in lines):
        say(said)
        return False
    good = True
    before = 0
    for transport in ("udp", "tcp"):
        answered, answer = lab.ask(transport == "tcp")
        now = lab.packets()
        through = now > before
        before = now
        say(f"   {transport}: {answer} ({'through' if through else 'NOT THROUGH'} ESP)")
        good = good and answered and through
    lab.terminate()
    return good


def impostor(lab):
    up, lines, said = lab.initiate()
    tell(lines)
    if up or not any(line.startswith("refused") for line in lines):
        say(said)
        return False
    return True


def main(folder, build):
    own = laboratory.Path(folder)
    server = laboratory.self_signed(own, "server", NAME)
    evil = laboratory.self_signed(own, "impostor", NAME)
    client = laboratory.self_signed(own, "client", laboratory.CLIENT)
    with laboratory.Lab(folder, build) as lab:
        published = server.tlsa(3, 1, 1)
        lab.serve(f"ns1 A {laboratory.INNER['B']}\n"
                  f"_53.ns1 TYPE65347 {laboratory.record(published)}\n")
        say(f"The owner of {NAME} publishes: _53.{NAME} IPSECA {published[:24]}...")
        looked_up, _ = lab.look_up(NAME)
        if looked_up.returncode:
            say(looked_up.stdout + looked_up.stderr)
            return 1
        say("A timer looks it up, and writes its proof to a file.  charon has no network for that.")
        lab.connect()
        lab.name_server()
        lab.daemon("A")
        lab.daemon("B")
        lab.load_client(client)
        say("\n1. An honest name server")
        lab.load_server(server, client)
        good = honest(lab)
        say("\n2. An impostor: the same name, a flawless certificate, a key of its own")
        lab.load_server(evil, client)
        good = impostor(lab) and good
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""The story that `try` tells: an honest name server over IPsec, an impostor, a key that is withdrawn,
and two that know nothing of each other."""

import re
import sys

import lab as laboratory

NAME = "ns1.good.test"
ADDRESS = f"ns1 A {laboratory.ADDRESS['B']}\n"


def say(text):
    print(text, flush=True)


class Story:
    """Each part gives whether it went as it should."""

    def __init__(self, folder, build):
        self.owner = laboratory.Owner(folder, build)
        self.folder = self.owner.folder
        self.honest_keys = laboratory.Keys(self.folder / "honest-keys").make()
        self.other_keys = laboratory.Keys(self.folder / "other-keys").make()
        self.esp = laboratory.has_esp()

    def publish(self):
        record = self.owner.record(NAME, self.honest_keys)
        self.owner.serve(f"{ADDRESS}{record}\n")
        say(f"The owner of {NAME} publishes: {record[:76]}...")
        say(f"A timer looks it up, and writes its proof to a file: {self.owner.look_up(NAME)}")
        self.connections = self.owner.connections(NAME)
        say("danepriv ipsec prints the client's connections: one for UDP, and one for TCP.")
        if not self.esp:
            say("This kernel has no ESP.  What is reached is the IKE_SA, and no answer comes.")

    def pair(self, title):
        return laboratory.Pair(self.folder / title)

    def start(self, pair, keys):
        """A server with a key, and a client that knows no more than its name."""
        if self.esp:
            pair.name_server(self.owner)
        server = laboratory.Pluto(pair, "B", laboratory.server(NAME, keys), keys=keys)
        client = laboratory.Pluto(pair, "A", self.connections)
        server.wait(2)
        return client.wait(2, traps=2)

    def renew(self, pluto):
        names = re.findall("^conn (.*)$", self.connections, re.MULTILINE)
        for line in self.owner.renew(pluto, NAME, *names)[1].splitlines():
            say(f"   keys.py: {line}")

    def ask(self, pair, tcp, may_answer):
        """A question, on demand.  An answer comes through ESP, or not at all."""
        answered, said = pair.ask(f"{NAME}.", tcp, patient=may_answer and self.esp)
        say(f"   {'tcp' if tcp else 'udp'}: {said}")
        return answered == (may_answer and self.esp)

    def told(self, pluto, wanted):
        word, line = pluto.outcome()
        say(f"   pluto: {word}: {line}")
        return word == wanted

    def nothing_clear(self, pair):
        udp, tcp = pair.counter.clear()
        say(f"   packets of DNS in clear: {udp} over UDP, {tcp} over TCP")
        return udp == tcp == 0

    def honest(self, tcp):
        with self.pair("tcp" if tcp else "udp") as pair:
            pluto = self.start(pair, self.honest_keys)
            self.renew(pluto)
            return all([self.ask(pair, tcp, True), self.told(pluto, "authenticated"),
                        self.nothing_clear(pair)])

    def impostor(self):
        with self.pair("impostor") as pair:
            pluto = self.start(pair, self.other_keys)
            self.renew(pluto)
            return all([self.ask(pair, False, False), self.told(pluto, "refused"),
                        self.ask(pair, True, False), self.nothing_clear(pair)])

    def withdrawn(self):
        with self.pair("withdrawn") as pair:
            pluto = self.start(pair, self.honest_keys)
            self.renew(pluto)
            self.owner.publish(ADDRESS)
            say(f"   the timer looks up: {self.owner.look_up(NAME)}")
            self.renew(pluto)
            return all([self.ask(pair, False, False), self.told(pluto, "refused"),
                        self.nothing_clear(pair)])

    def strangers(self):
        with self.pair("strangers") as pair:
            if self.esp:
                pair.name_server(self.owner)
            server, client = (laboratory.Pluto(pair, side, *laboratory.anybody(side))
                              for side in "BA")
            server.wait(1)
            client.wait(1, traps=1)
            return all([self.ask(pair, False, True), self.told(client, "anonymous"),
                        self.nothing_clear(pair)])


PARTS = (
    ("An honest name server, over UDP, on demand", lambda story: story.honest(False)),
    ("An honest name server, over TCP, on demand", lambda story: story.honest(True)),
    ("An impostor: the same name at the same address, a key of its own", Story.impostor),
    ("The owner withdraws the key, and the server goes on using it", Story.withdrawn),
    ("Two that know nothing of each other, with NULL on both sides", Story.strangers),
)


def main(folder, build):
    good = True
    story = Story(folder, build)
    with story.owner:
        story.publish()
        for number, (title, part) in enumerate(PARTS, 1):
            say(f"\n{number}. {title}")
            if not part(story):
                say("   THAT IS WRONG")
                good = False
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

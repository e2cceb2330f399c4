#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Does the example server serve all its clients, also where some are slow, silent or strange?"""

import random
import signal
import socket
import ssl
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

import dns.message  # noqa: E402

from cli import call, call_all  # noqa: E402
from dot_servers import (ANSWER, HERE, DotServers, answers, check, connected,  # noqa: E402
                         connection, framed, has_ended, outcome, receive_message)
from in_world import run_in_world  # noqa: E402
from processes import PATIENCE  # noqa: E402

PLACES = 64  # connections that the server takes at once
YES = (0, "authenticated", "match", "secure")


def test_clients(tap, world, servers):
    """Many at once, and some who are no clients."""
    _, address = servers.start()
    no_tls = [random.Random(7).randbytes(4096), b"\x16\x03\x01" * 9, b"GET / HTTP/1.0\r\n\r\n",
              framed(dns.message.make_query(".", "NS").to_wire())]
    with ExitStack() as stack:
        silent = [stack.enter_context(connection(address, octets)) for octets in (b"", b"\0")]
        strange = [stack.enter_context(connection(address, octets)) for octets in no_tls]
        idle = stack.enter_context(connected(address))
        calls = [(check(world, "ns1.example.test", address), n) for n in range(8)]
        tap.ok(all(outcome(run) == YES for _, run in call_all(calls, workers=8)),
               "eight checks at once")
        several = [stack.enter_context(connected(address)) for _ in range(20)]
        sets = [[dns.message.make_query("www.example.test", "A") for _ in range(10)]
                for _ in several]
        got = [answers(tls, queries) for tls, queries in zip(several, sets)]
        tap.ok(all(set(texts) == {q.id for q in queries}
                   and all(ANSWER in text for text in texts.values())
                   for texts, queries in zip(got, sets)), "ten questions each from twenty clients")
        tap.ok(all(has_ended(s) for s in strange), "what is no TLS ends")
        tap.ok(all(has_ended(s) for s in silent), "who says nothing is sent away")
        tap.ok(has_ended(idle), "who asks nothing is sent away, with a word")


def is_open(stream):
    """Has the other side not ended it yet?"""
    stream.setblocking(False)
    try:
        return stream.recv(1) != b""
    except (BlockingIOError, ssl.SSLWantReadError):
        return True
    except (ConnectionResetError, ssl.SSLEOFError):
        return False
    finally:
        stream.settimeout(PATIENCE)


def give_way(stack, address, old):
    """Newcomers, until the last of the old has gone.  More of them than there are places: a client
    is as old as the end of its handshake, which the server may see late."""
    later = [stack.enter_context(connection(address)) for _ in range(PLACES)]
    for stream in old:
        while is_open(stream) and len(later) < 10 * PLACES:
            later.append(stack.enter_context(connection(address)))
    return later


def test_places(tap, _world, servers):
    """More clients than it takes: the slowest gives way to the next, not the next to the slow."""
    for_ever = ("-t", 86400)
    child, address = servers.start(options=for_ever)
    with ExitStack() as stack:
        held = [stack.enter_context(connection(address)) for _ in range(PLACES)]
        quick = stack.enter_context(connected(address))
        query = dns.message.make_query("www.example.test", "A")
        tap.ok(ANSWER in answers(quick, [query])[query.id],
               f"{PLACES} who say nothing: one more is served")
        tap.ok(has_ended(held[0]) and is_open(held[-1]), "it took the place of the first of them")
        more = [stack.enter_context(connection(address)) for _ in range(PLACES - 1)]
        tap.ok(all(has_ended(s) for s in held), "others who say nothing take the places of all")
        tap.ok(ANSWER in answers(quick, [query])[query.id], "and not that of who asked")
        asking = [stack.enter_context(connected(address)) for _ in range(3)]
        for stream in asking:
            stream.sendall(b"\0")
        later = give_way(stack, address, (*more, quick, *asking))
        tap.ok(not any(is_open(s) for s in (*more, quick, *asking)) and is_open(later[-1]),
               "half a length is no question")
        child.send_signal(signal.SIGTERM)
        tap.equal(child.wait(60), 0, "it ends when told, also with all places taken")
    with ExitStack() as stack:
        listener = stack.enter_context(socket.create_server((HERE, 0)))
        listener.settimeout(PATIENCE)
        _, address = servers.start(options=for_ever,
                                   backend=f"{HERE}@{listener.getsockname()[1]}")
        waiting = stack.enter_context(connected(address))
        waiting.sendall(framed(b"a question"))
        backend = stack.enter_context(listener.accept()[0])
        backend.settimeout(PATIENCE)
        receive_message(backend)
        held = [stack.enter_context(connection(address)) for _ in range(PLACES)]
        tap.ok(has_ended(held[0]), "who waits for an answer keeps its place")
        backend.sendall(framed(b"an answer"))
        tap.equal(receive_message(waiting), b"an answer", "and gets it")


def hello():
    """What a TLS client says first."""
    said = ssl.MemoryBIO()
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).wrap_bio(
            ssl.MemoryBIO(), said, server_hostname="ns1.example.test").do_handshake()
    except ssl.SSLWantReadError:
        return said.read()


def drip(stream, octets):
    """Says one at a time.  Is it sent away before it has said all?"""
    stream.settimeout(0.1)
    for octet in octets:
        try:
            stream.sendall(bytes([octet]))
            if stream.recv(1) == b"":
                return True
        except TimeoutError:
            continue
        except OSError:
            return True
    return False


def test_slow(tap, _world, servers):
    """A whole handshake has a deadline, and so has a whole question: single octets gain nothing."""
    octets = hello()
    query = dns.message.make_query("www.example.test", "A")
    with ExitStack() as stack:
        listener = stack.enter_context(socket.create_server((HERE, 0)))
        listener.settimeout(PATIENCE)
        silent = f"{HERE}@{listener.getsockname()[1]}"
        at = [servers.start(options=("-t", seconds), backend=backend)[1]
              for seconds, backend in ((1, None), (4, None), (1, silent))]

        def shake_hands():
            with connection(at[0]) as s:
                return drip(s, octets)

        def ask(before):
            with connected(at[0]) as tls:
                if before:
                    answers(tls, [query])
                return drip(tls, framed(bytes(500)))

        def ask_in_vain():
            with connected(at[2]) as tls:
                tls.sendall(framed(query.to_wire()))
                return has_ended(tls)

        def take_nothing():
            """The name server has much to say, and the client does not listen."""
            with connected(at[2]) as tls:
                tls.sendall(framed(query.to_wire()))
                with listener.accept()[0] as backend:
                    backend.settimeout(PATIENCE)
                    try:
                        for _ in range(1000):
                            backend.sendall(framed(bytes(65535)))
                    except (BrokenPipeError, ConnectionResetError):
                        return True
            return False

        def ask_quickly():
            end = time.monotonic() + 6
            with connected(at[1]) as tls:
                while time.monotonic() < end:
                    if ANSWER not in answers(tls, [query])[query.id]:
                        return False
                return True

        rows = [("a ClientHello in octets is not heard out", shake_hands),
                ("nor is a question", lambda: ask(False)),
                ("nor is the second question", lambda: ask(True)),
                ("who asks quickly goes on for longer than a question may take", ask_quickly)]
        with ThreadPoolExecutor(len(rows)) as pool:
            running = [(about, pool.submit(row)) for about, row in rows]
            for about, row in running:
                tap.ok(row.result(), about)
        tap.ok(take_nothing(), "who takes no answers is sent away")
        tap.ok(ask_in_vain(), "an answer that does not come is not waited for")


def test_sizes(tap, _world, servers):
    """The longest message there is, there and back."""
    with socket.create_server((HERE, 0)) as listener:
        listener.settimeout(60)
        _, address = servers.start(backend=f"{HERE}@{listener.getsockname()[1]}")
        message = random.Random(11).randbytes(65535)
        with connected(address) as tls:
            tls.sendall(framed(message))
            with listener.accept()[0] as backend:
                backend.settimeout(60)
                got = receive_message(backend)
                tap.ok(got == message, "65535 octets arrive", len(got))
                backend.sendall(framed(got))
                tap.ok(receive_message(tls) == message, "65535 octets come back")
                tls.sendall(b"\0")
                tap.equal(backend.recv(16), b"\0", "a message in pieces")
                tls.sendall(b"\1x")
                tap.equal(backend.recv(16), b"\1x", "and its rest")
            tap.ok(has_ended(tls), "the name server ends: so does the client's connection")


def test_backend(tap, world, servers):
    """Nobody is behind it: clients are told so at once, by a proper end."""
    child, address = servers.start(backend=f"{HERE}@1")
    query = framed(dns.message.make_query("www.example.test", "A").to_wire())
    with connected(address) as tls:
        tls.sendall(query)
        tap.equal(tls.recv(1), b"", "no name server: the connection is closed")
    run = call(*check(world, "ns1.example.test", address))
    tap.ok(run["decision"] == "authenticated" and not run["answer"],
           "no name server: authenticated, and no answer", run.text)
    tap.ok(child.poll() is None, "it goes on")


def test_end(tap, _world, servers):
    """It is told to end while clients are connected."""
    for number in (signal.SIGTERM, signal.SIGINT):
        child, address = servers.start()
        with connected(address) as one, connected(address) as two:
            query = dns.message.make_query("www.example.test", "A")
            tap.ok(ANSWER in answers(one, [query])[query.id], "an answer")
            child.send_signal(number)
            tap.ok(has_ended(one) and has_ended(two), f"{number.name}: clients are sent away")
            tap.equal(child.wait(60), 0, f"{number.name}: it ends well",
                      child.log.read_text(encoding="utf-8"))


def test_all(tap, world, folder):
    for test in (test_clients, test_places, test_slow, test_sizes, test_backend, test_end):
        with DotServers(world, folder / test.__name__) as servers:
            test(tap, world, servers)
            tap.equal(servers.end(), {0}, f"{test.__name__}: its servers end well")


if __name__ == "__main__":
    sys.exit(run_in_world("check", test_all))

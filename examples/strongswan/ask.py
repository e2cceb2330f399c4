#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Does a name server answer?  ask.py OWN_ADDRESS SERVER [tcp]"""

import sys

import dns.exception
import dns.message
import dns.query

PATIENCE = 2


def main(own, server, transport="udp"):
    question = dns.message.make_query("ns1.good.test.", "A")
    send = dns.query.tcp if transport == "tcp" else dns.query.udp
    try:
        answer = send(question, server, PATIENCE, source=own)
    except (dns.exception.DNSException, OSError) as error:
        print(f"no answer: {error}")
        return 1
    print(answer.answer[0] if answer.answer else f"rcode {answer.rcode()}")
    return 0 if answer.answer else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

# SPDX-License-Identifier: LGPL-2.1-or-later
"""Two hosts behind two NATs try to reach each other by UDP, with plain sockets.

lab_punch.py meet     in the world: tells each of two who ask the endpoint it sees of the other.
lab_punch.py          in both clients: prints as JSON whether a packet of the other came, and from where."""
import json
import os
import select
import socket
import sys

WORLD = (os.environ['AIONET_LAB_WORLD'], 9999)
ROUNDS = 20
PATIENCE = 3000


def make_socket():
    return socket.socket(socket.AF_INET6 if ':' in WORLD[0] else socket.AF_INET, socket.SOCK_DGRAM)


def meet():
    known = {}
    with make_socket() as sock:
        sock.bind(WORLD)
        while True:
            text, source = sock.recvfrom(100)
            name, rounds = text.split()
            known[name] = (source, rounds)
            for other, (endpoint, their_rounds) in known.items():
                if other != name:
                    sock.sendto(json.dumps([endpoint[0], endpoint[1], int(their_rounds)]).encode(), source)


def punch():
    """Sends to where the other was last heard, until it was heard and has heard, or both have tried often enough."""
    rounds, others, heard, acknowledged = 0, 0, None, False
    with make_socket() as sock:
        for _ in range(PATIENCE):
            if (heard and acknowledged) or (others > ROUNDS and rounds > ROUNDS):
                break
            sock.sendto(b'%d %d' % (os.getpid(), rounds), WORLD)
            while select.select([sock], [], [], 0.01)[0]:
                try:
                    text, source = sock.recvfrom(100)
                except ConnectionRefusedError:
                    continue
                if source[:2] == WORLD:
                    host, port, others = json.loads(text)
                    rounds += 1
                    sock.sendto(b'yes' if heard else b'no', heard or (host, port))
                else:
                    heard = source[:2]
                    acknowledged |= text == b'yes'
                    sock.sendto(b'yes', heard)
                    if acknowledged:
                        break
        # The other may still wait for its acknowledgement, or for the count of rounds.
        for _ in range(3):
            sock.sendto(b'%d %d' % (os.getpid(), rounds + ROUNDS), WORLD)
            if heard:
                sock.sendto(b'yes', heard)
    return {'reached': bool(heard and acknowledged), 'from': heard, 'rounds': rounds}


if __name__ == '__main__':
    if sys.argv[1:] == ['meet']:
        meet()
    print(json.dumps(punch()))

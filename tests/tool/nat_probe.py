# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a NAT of the lab does to packets, without a line of the code that is to be tested.

nat_probe.py reflect   in the world: two addresses with two ports each, 0 to 3. A datagram that says "1 3 0" is answered
                       from these three, in that order, each telling whom it saw.
nat_probe.py           in the client: prints what it measured as JSON."""
import json
import os
import select
import socket
import sys

import stun_client

PORTS = (7001, 7002)
PATIENCE = 30


def endpoints():
    family = 6 if '[' in os.environ['AIONET_STUN_SERVERS'].split(',', maxsplit=1)[0] else 4
    hosts = [host for host, _ in stun_client.servers(family)][:2]
    return [(host, port) for host in hosts for port in PORTS]


def make_socket(kind=socket.SOCK_DGRAM, address=('', 0)):
    made = socket.socket(socket.AF_INET6 if ':' in REMOTES[0][0] else socket.AF_INET, kind)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    made.bind(address)
    made.settimeout(PATIENCE)
    return made


def reflect():
    doors = [make_socket(address=remote) for remote in REMOTES]
    gates = [make_socket(socket.SOCK_STREAM, remote) for remote in REMOTES]
    for gate in gates:
        gate.listen()
    while True:
        for ready in select.select(doors + gates, [], [])[0]:
            if ready in gates:
                visitor, source = ready.accept()
                with visitor:
                    visitor.sendall(f'{source[1]}'.encode())
                continue
            request, source = ready.recvfrom(1000)
            for number in request.split():
                doors[int(number)].sendto(f'{number.decode()} {source[0]} {source[1]}'.encode(), source)


def ask(sock, remote, answers_from):
    """Number of the remote -> what it saw, of all answers up to that of the remote asked, which comes last."""
    sock.sendto(' '.join(map(str, [*answers_from, remote])).encode(), REMOTES[remote])
    heard = {}
    while remote not in heard or (heard.keys() < {*answers_from, remote} and select.select([sock], [], [], 0.02)[0]):
        text, source = sock.recvfrom(1000)
        number, host, port = text.decode().split()
        assert source[:2] == REMOTES[int(number)], source
        heard[int(number)] = (host, int(port))
    return heard


def mapped(sock, remote=0):
    return ask(sock, remote, [])[remote]


def wait_for_reflector():
    with make_socket() as sock:
        sock.settimeout(0.01)
        for _ in range(100 * PATIENCE):
            try:
                return mapped(sock)
            except (TimeoutError, ConnectionRefusedError):
                pass
    raise TimeoutError('no reflector')


def mapping():
    with make_socket() as sock:
        return [mapped(sock, remote) for remote in (0, 1, 2, 3, 0, 3)]


def filtering():
    """Who gets in after only remote 0 was asked, while another socket of this host has asked all."""
    with make_socket() as other, make_socket() as sock:
        for remote in range(4):
            mapped(other, remote)
        return sorted(ask(sock, 0, [3, 2, 1]))


def ports(local_ports):
    """[local, mapped] of a new socket for each."""
    kept = [make_socket(address=('', port)) for port in local_ports]
    return [[sock.getsockname()[1], mapped(sock)[1]] for sock in kept]


def hairpinning():
    """The source that one socket sees when another sends to its mapping, and that other's mapping."""
    with make_socket() as target, make_socket() as sender:
        outside = mapped(target)
        expected = mapped(sender)
        sender.sendto(b'hairpin', outside)
        # Whatever is sent after it arrives after it.
        mapped(sender)
        if not select.select([target], [], [], 0.1)[0]:
            return None
        text, source = target.recvfrom(1000)
        return text == b'hairpin' and source[:2] == expected


def tcp_mapping():
    """As mapping, of connections from one local port."""
    kept, found = [], []
    for remote in REMOTES:
        kept.append(make_socket(socket.SOCK_STREAM, ('', kept[0].getsockname()[1] if kept else 0)))
        kept[-1].connect(remote)
        found.append(int(kept[-1].makefile().read()))
    return found


def own_address():
    with socket.socket(make_socket().family, socket.SOCK_DGRAM) as sock:
        sock.connect(REMOTES[0])
        return sock.getsockname()[0]


def measure():
    first = wait_for_reflector()
    base = 42000
    return {'own': own_address(), 'external': first[0], 'mapping': mapping(), 'filtering': filtering(), 'hairpinning': hairpinning(),
            'tcp_mapping': tcp_mapping(),
            'steps': ports(range(base, base + 12)),
            'jumps': ports([base + offset for offset in (1001, 17, 520, 1400, 333, 2100, 900, 55)])}


if __name__ == '__main__':
    REMOTES = endpoints()
    if sys.argv[1:] == ['reflect']:
        reflect()
    print(json.dumps(measure()))

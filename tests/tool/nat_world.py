# SPDX-License-Identifier: LGPL-2.1-or-later
"""STUN servers of RFC 5780 that owe the library nothing, for the world of a lab.

nat_world.py [--servers N] [--lying N] [--deaf N] [--family 4|6]

Server k answers at 9.k.1.1 and 9.k.2.1 (2400:9:k:1::1, 2400:9:k:2::1), ports 3478 and 3479, over UDP, and over TCP
where it was asked. The first N lie, all the same; the first N that are deaf ignore CHANGE-REQUEST."""
import argparse
import select
import socket
import struct
import subprocess
import time

COOKIE = 0x2112A442
MAPPED, CHANGE, ORIGIN, OTHER = 0x0020, 0x0003, 0x802b, 0x802c
LIES = {4: ('6.6.6.6', 666), 6: ('2606:6666::6', 666)}


def hosts(family, server):
    return [f'9.{server}.{i}.1' if family == 4 else f'2400:9:{server}:{i}::1' for i in (1, 2)]


def configuration(family=4, servers=5):
    """What AIONET_STUN_SERVERS is to be for these servers."""
    return ','.join(f'{h}:3478' if family == 4 else f'[{h}]:3478'
                    for h in (hosts(family, k)[0] for k in range(1, servers + 1)))


def wait(family, server=5):
    """Until a server listens, the last one at first: it is on the way, the lab does not wait for it."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            socket.create_connection((hosts(family, server)[1], 3479), timeout=1).close()
            return
        except OSError:
            time.sleep(0.02)
    raise SystemExit('the world did not begin')


def address(kind, host, port, key=None):
    family = socket.AF_INET6 if ':' in host else socket.AF_INET
    raw = struct.pack('!H', port) + socket.inet_pton(family, host)
    if key:
        pad = key[:2] + key[:len(raw) - 2]
        raw = bytes(a ^ b for a, b in zip(raw, pad))
    return struct.pack('!HHBB', kind, len(raw) + 2, 0, 2 if ':' in host else 1) + raw


def change_of(request):
    """Flags of CHANGE-REQUEST; None for what is no Binding request."""
    if len(request) < 20 or struct.unpack('!HHI', request[:8])[::2] != (1, COOKIE):
        return None
    at = 20
    while at + 4 <= len(request):
        kind, length = struct.unpack('!HH', request[at:at + 4])
        if kind == CHANGE:
            return struct.unpack('!I', request[at + 4:at + 8])[0]
        at += 4 + (length + 3) // 4 * 4
    return 0


class Server:
    def __init__(self, family, number, lying, deaf):
        self.family, self.lying, self.deaf = family, lying, deaf
        self.places = {(i, j): (host, port) for i, host in enumerate(hosts(family, number))
                       for j, port in enumerate((3478, 3479))}
        kind = socket.AF_INET if family == 4 else socket.AF_INET6
        self.doors, self.gates = {}, {}
        for place, endpoint in self.places.items():
            self.doors[place] = socket.socket(kind, socket.SOCK_DGRAM)
            self.doors[place].bind(endpoint)
            self.gates[place] = socket.create_server(endpoint, family=kind)

    def answer(self, request, source, place, leaves):
        host, port = LIES[self.family] if self.lying else source[:2]
        other = self.places[1 - place[0], 1 - place[1]]
        body = (address(MAPPED, host, port, request[4:20]) + address(ORIGIN, *self.places[leaves]) +
                address(OTHER, *other))
        return struct.pack('!HH', 0x0101, len(body)) + request[4:20] + body

    def receive(self, place):
        request, source = self.doors[place].recvfrom(2048)
        change = change_of(request)
        if change is None:
            return
        leaves = place if self.deaf else (place[0] ^ bool(change & 4), place[1] ^ bool(change & 2))
        self.doors[leaves].sendto(self.answer(request, source, place, leaves), source)

    def accept(self, place):
        """Nothing waits for a visitor: what comes of it is a way more in the loop."""
        visitor, source = self.gates[place].accept()
        visitor.setblocking(False)
        return visitor, lambda _: self.serve(visitor, source, place)

    def serve(self, visitor, source, place):
        with visitor:
            request = visitor.recv(2048)
            if change_of(request) is not None:
                visitor.sendall(self.answer(request, source, place, place))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--servers', type=int, default=5)
    parser.add_argument('--lying', type=int, default=0)
    parser.add_argument('--deaf', type=int, default=0)
    parser.add_argument('--family', type=int, default=4)
    options = parser.parse_args()
    commands = ''.join(f'address add {host}/{32 if options.family == 4 else 128} dev lo'
                       f'{" nodad" if options.family == 6 else ""}\n'
                       for k in range(1, options.servers + 1) for host in hosts(options.family, k))
    subprocess.run(['ip', '-batch', '-'], input=commands, text=True, check=True)
    servers = [Server(options.family, k, k <= options.lying, k <= options.deaf) for k in range(1, options.servers + 1)]
    ways = {sock: (way, place) for server in servers for sockets, way in
            ((server.doors, server.receive), (server.gates, server.accept)) for place, sock in sockets.items()}
    while True:
        for ready in select.select(list(ways), [], [])[0]:
            way, place = ways[ready]
            try:
                visit = way(place)
            except OSError:
                visit = None
            if visit:
                ways[visit[0]] = visit[1], None
            elif ready.fileno() < 0:
                del ways[ready]


if __name__ == '__main__':
    main()

# SPDX-License-Identifier: LGPL-2.1-or-later
"""What each STUN server of the lab answers to CHANGE-REQUEST, by plain sockets: prints JSON."""
import ipaddress
import json
import os
import select
import socket
import struct

import stun_client

CHANGE_REQUEST, XOR_MAPPED, OTHER_ADDRESS = 0x0003, 0x0020, 0x802c


def attributes(answer):
    at, found = 20, {}
    while at + 4 <= len(answer):
        kind, size = struct.unpack_from('!HH', answer, at)
        found[kind] = answer[at + 4:at + 4 + size]
        at += 4 + size + -size % 4
    return found


def address(value, key=bytes(20)):
    if value is None or len(value) not in {8, 20}:
        return None
    port = int.from_bytes(value[2:4], 'big') ^ int.from_bytes(key[:2], 'big')
    return [str(ipaddress.ip_address(bytes(a ^ b for a, b in zip(value[4:], key)))), port]


def read(sock, key):
    answer, source = sock.recvfrom(2000)
    found = attributes(answer)
    whole = len(answer) >= 20 and struct.unpack_from('!H', answer, 2)[0] == len(answer) - 20
    return {'source': list(source[:2]), 'whole': whole, 'class': answer[0],
            'mapped': address(found.get(XOR_MAPPED), key), 'other': address(found.get(OTHER_ADDRESS))}


def ask(server, change, control):
    """All answers of one server, and whether the request was refused. control, an honest server, ends the wait."""
    key = struct.pack('!I', stun_client.COOKIE) + os.urandom(12)
    with stun_client.make_socket(6 if ':' in server[0] else 4, False, None, None, 30) as sock:
        sock.sendto(struct.pack('!HH', 1, 8) + key + struct.pack('!HHI', CHANGE_REQUEST, 4, change), server)
        got = {'answers': [], 'refused': False, 'local': sock.getsockname()[1]}
        for _ in range(2):
            wait_for(control)
            while select.select([sock], [], [], 0.02)[0]:
                try:
                    got['answers'].append(read(sock, key))
                except ConnectionRefusedError:
                    got['refused'] = True
                    return got
    return got


def wait_for(server):
    with stun_client.make_socket(6 if ':' in server[0] else 4, False, None, None, 30) as sock:
        sock.sendto(struct.pack('!HHI12s', 1, 0, stun_client.COOKIE, os.urandom(12)), server)
        sock.recv(2000)


if __name__ == '__main__':
    SERVERS = stun_client.servers(6 if '[' in os.environ['AIONET_STUN_SERVERS'] else 4)
    print(json.dumps([[ask(server, change, SERVERS[-1]) for change in (0, 2, 4, 6)] for server in SERVERS]))

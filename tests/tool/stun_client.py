# SPDX-License-Identifier: LGPL-2.1-or-later
"""An independent STUN client: the lab's networks are tested without the code they are to test.

As a program: stun_client.py [fd=NUMBER of an open UDP socket] [tcp=1] [family=6] [source=ADDRESS] [device=NAME] [timeout=SECONDS]
prints a JSON array with one object a server of AIONET_STUN_SERVERS, all asked from one UDP socket."""
import ipaddress
import json
import os
import socket
import struct
import sys
import time

COOKIE = 0x2112A442
IPV6_FREEBIND = 78
IP_RECVERR, IPV6_RECVERR = 11, 25


def servers(family):
    found = []
    for text in os.environ['AIONET_STUN_SERVERS'].split(','):
        host, port = text.rsplit(':', 1)
        if host.startswith('[') == (family == 6):
            found.append((host.strip('[]'), int(port)))
    return found


def mapped_address(answer, transaction):
    kind, length, cookie, echoed = struct.unpack_from('!HHI12s', answer)
    assert (kind, cookie, echoed) == (0x0101, COOKIE, transaction) and length == len(answer) - 20
    at = 20
    while at < len(answer):
        attribute, size = struct.unpack_from('!HH', answer, at)
        if attribute == 0x0020:
            port = struct.unpack_from('!H', answer, at + 6)[0] ^ (COOKIE >> 16)
            key = struct.pack('!I', COOKIE) + transaction
            packed = bytes(a ^ b for a, b in zip(answer[at + 8:at + 4 + size], key))
            return str(ipaddress.ip_address(packed)), port
        at += 4 + size + -size % 4
    raise AssertionError('no XOR-MAPPED-ADDRESS')


def make_socket(family, tcp, source, device, timeout):
    version6 = family == 6
    made = socket.socket(socket.AF_INET6 if version6 else socket.AF_INET,
                         socket.SOCK_STREAM if tcp else socket.SOCK_DGRAM)
    if device:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, device.encode())
    if version6:
        made.setsockopt(socket.IPPROTO_IPV6, IPV6_FREEBIND, 1)
        made.setsockopt(socket.IPPROTO_IPV6, IPV6_RECVERR, 1)
    else:
        made.setsockopt(socket.IPPROTO_IP, IP_RECVERR, 1)
    if source:
        made.bind((source, 0))
    made.settimeout(timeout)
    return made


def ask(family=4, tcp=False, source=None, device=None, timeout=0.4, fd=None):
    answers = []
    shared = socket.socket(fileno=fd) if fd else None if tcp else make_socket(family, tcp, source, device, timeout)
    if shared:
        shared.settimeout(timeout)
    for server in servers(family):
        transaction = os.urandom(12)
        request = struct.pack('!HHI12s', 1, 0, COOKIE, transaction)
        used = shared or make_socket(family, tcp, source, device, timeout)
        entry = {'server': server[0], 'external': None, 'port': None, 'error': None}
        began = time.monotonic()
        try:
            if tcp:
                used.connect(server)
                used.sendall(request)
            else:
                used.sendto(request, server)
            entry['external'], entry['port'] = mapped_address(used.recv(1500), transaction)
        except OSError as error:
            entry['error'] = type(error).__name__
        entry['ms'] = (time.monotonic() - began) * 1000
        entry['local_port'] = used.getsockname()[1]
        answers.append(entry)
    return answers


if __name__ == '__main__':
    options = dict(argument.split('=') for argument in sys.argv[1:])
    for number, kind in (('family', int), ('tcp', int), ('timeout', float), ('fd', int)):
        if number in options:
            options[number] = kind(options[number])
    print(json.dumps(ask(**options)))

#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Writes what rtnetlink says of a made-up host: unshare -Urn ./record.py host.bin"""
import socket
import struct
import subprocess
import sys

HOST = '''
link set lo up
link add eth0 index 10 address 02:00:00:00:00:0a mtu 1400 type veth peer name far index 11
link set far up
link set eth0 up
link add br0 index 12 address 02:00:00:00:00:0c type bridge
tuntap add tun0 mode tun
addr add 192.168.21.21/24 dev eth0
addr add 192.168.21.22/24 dev eth0
addr add 193.168.0.0/16 dev eth0
addr add 10.9.9.1 peer 10.9.9.2/32 dev eth0
addr add 2001:db8:1::21/64 dev eth0 nodad
addr add 2001:db8:1::22/64 dev eth0 nodad preferred_lft 0
addr add fe80::21/64 dev eth0 nodad
route add local 8.8.0.0/16 dev eth0
route add local 7.7.7.7 dev lo proto static
route add local 192.168.21.21 dev eth0 metric 9
route add local default dev lo metric 77 table local
-6 route add local 2001:db8:8::/48 dev lo
route add default metric 5 proto static nexthop via 192.168.21.1 dev eth0 nexthop via 192.168.21.2 dev eth0
-4 route add default via inet6 fe80::1 dev eth0 metric 7
route add default dev eth0 metric 9
route add 203.0.113.0/24 via 192.168.21.1
-6 route add default via fe80::1 dev eth0 metric 100
route add default via 192.168.21.3 dev eth0 table 1001
rule add from 192.168.21.22 lookup 1001 priority 100
rule add fwmark 5 lookup 1002 priority 101
'''
DUMPS = [  # type, family, length of the header
    (18, 0, 16), (22, 0, 8), (34, 0, 12), (26, 2, 12), (26, 10, 12)]


def dump(kind, family, length):
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0) as sock:
        header = struct.pack('=IHHII', 16 + length, kind, 0x301, 1, 0)
        sock.send(header + bytes([family]) + bytes(length - 1))
        while True:
            data = sock.recv(1 << 20)
            start = 0
            while start < len(data):
                size, what = struct.unpack_from('=IH', data, start)
                if what == 3:
                    return
                yield data[start:start + (size + 3 & ~3)]
                start += size + 3 & ~3


for line in HOST.strip().splitlines():
    subprocess.run(['ip', *line.split()], check=True)
with open(sys.argv[1], 'wb') as file:
    for request in DUMPS:
        for message in dump(*request):
            file.write(message)

# SPDX-License-Identifier: LGPL-2.1-or-later
"""sniff.py INTERFACE COMMAND...: runs a command and prints JSON: its exit status and output, and the
packets to a STUN port that left the interface meanwhile, by source address."""
import collections
import ipaddress
import json
import socket
import struct
import subprocess
import sys

ETH_P_ALL, PACKET_OUTGOING = 3, 4
STUN_PORT = 3478


def source_of(frame):
    """Source address of an IP packet to a STUN port, or None."""
    kind, = struct.unpack_from('!H', frame, 12)
    packet = frame[14:]
    if kind == 0x0800:
        header, protocol, source = (packet[0] & 15) * 4, packet[9], packet[12:16]
    elif kind == 0x86DD:
        header, protocol, source = 40, packet[6], packet[8:24]
    else:
        return None
    if protocol not in (socket.IPPROTO_UDP, socket.IPPROTO_TCP):
        return None
    port, = struct.unpack_from('!H', packet, header + 2)
    return str(ipaddress.ip_address(source)) if port == STUN_PORT else None


def main():
    sniffer = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
    sniffer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)
    sniffer.bind((sys.argv[1], ETH_P_ALL))
    ended = subprocess.run(sys.argv[2:], capture_output=True, text=True, check=False)
    sniffer.setblocking(False)
    sources = collections.Counter()
    while True:
        try:
            frame, address = sniffer.recvfrom(65536)
        except BlockingIOError:
            break
        source = source_of(frame) if address[2] == PACKET_OUTGOING else None
        if source:
            sources[source] += 1
    print(json.dumps({'status': ended.returncode, 'stdout': ended.stdout, 'stderr': ended.stderr,
                      'sources': sources}))


main()

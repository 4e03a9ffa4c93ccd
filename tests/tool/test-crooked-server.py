# SPDX-License-Identifier: LGPL-2.1-or-later
"""`aionet serve stun` as it misbehaves for the lab, and as it serves interfaces."""
import contextlib
import re
import signal
import socket
import struct
import subprocess
import unittest

import stun_client
import tap
import tool

ID = bytes(range(12))
OTHER_ADDRESS, RESPONSE_ORIGIN, CHANGE_REQUEST = 0x802c, 0x802b, 0x0003
# A client that waits this long has heard all there is: the server answers in microseconds.
PATIENCE = 0.3


def request(change=None):
    attributes = b'' if change is None else struct.pack('!HHI', CHANGE_REQUEST, 4, change)
    return struct.pack('!HHI12s', 1, len(attributes), stun_client.COOKIE, ID) + attributes


def attributes(answer):
    found, at = {}, 20
    while at + 4 <= len(answer):
        kind, size = struct.unpack_from('!HH', answer, at)
        found[kind] = answer[at + 4:at + 4 + size]
        at += 4 + size + -size % 4
    return found


def endpoint(value):
    return socket.inet_ntoa(value[4:8]), struct.unpack_from('!H', value, 2)[0]


class Client:
    def __init__(self, ports):
        self.ports = ports
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(('127.0.0.1', 0))

    def ask(self, change=None, at=0):
        """All that comes back, as pairs of bytes and sender."""
        self.socket.settimeout(PATIENCE)
        self.socket.sendto(request(change), self.ports[at])
        heard = []
        with contextlib.suppress(TimeoutError):
            while True:
                heard.append(self.socket.recvfrom(2048))
        return heard


@contextlib.contextmanager
def crooked(*arguments, addresses=('127.0.0.1',)):
    """A client of a server; its ports are those of UDP, the primary ones first."""
    command = [tool.TOOL, 'serve', 'stun', '--port', '0', *arguments]
    for address in addresses:
        command += ['--address', address]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        lines = [server.stdout.readline() for _ in range(4 * len(addresses))]
        ports = [(host, int(port)) for host, port in re.findall(r'udp (\S+):(\d+)', ''.join(lines))]
        client = Client(ports)
        try:
            yield client
        finally:
            client.socket.close()
            server.send_signal(signal.SIGTERM)
            server.communicate(timeout=tool.TIMEOUT)
            assert server.returncode == 0, server.returncode


class Crooked(unittest.TestCase):
    def test_honest_with_two_addresses(self):
        with crooked(addresses=('127.0.0.1', '127.0.0.2')) as client:
            [(answer, sender)] = client.ask()
            self.assertEqual(sender, client.ports[0])
            self.assertEqual(endpoint(attributes(answer)[RESPONSE_ORIGIN]), client.ports[0])
            self.assertEqual(endpoint(attributes(answer)[OTHER_ADDRESS]), client.ports[3])
            self.assertEqual([sender for _, sender in client.ask(6)], [client.ports[3]])

    def test_ignores_change(self):
        for addresses in (('127.0.0.1',), ('127.0.0.1', '127.0.0.2')):
            with self.subTest(addresses), crooked('--ignore-change', addresses=addresses) as client:
                for change in (2, 4, 6):
                    [(answer, sender)] = client.ask(change)
                    self.assertEqual((sender, answer[:2]), (client.ports[0], b'\x01\x01'))
                    self.assertEqual(endpoint(attributes(answer)[RESPONSE_ORIGIN]), client.ports[0])
                    self.assertEqual(stun_client.mapped_address(answer, ID), client.socket.getsockname())

    def test_dead_alternate(self):
        with crooked('--dead-alternate', '127.0.0.9:9') as client:
            [(answer, _)] = client.ask()
            self.assertEqual(endpoint(attributes(answer)[OTHER_ADDRESS]), ('127.0.0.9', 9))
            for change in (2, 4, 6):
                self.assertEqual(client.ask(change), [])

    def test_same_alternate(self):
        with crooked('--same-alternate') as client:
            [(answer, _)] = client.ask()
            self.assertEqual(endpoint(attributes(answer)[OTHER_ADDRESS]), client.ports[1])
            [(answer, sender)] = client.ask(6)
            self.assertEqual((sender, answer[:2]), (client.ports[1], b'\x01\x01'))

    def test_truncates(self):
        with crooked('--truncate') as client:
            [(answer, _)] = client.ask()
            self.assertEqual(len(answer), 16)

    def test_floods(self):
        with crooked('--flood', '5') as client:
            answers = client.ask()
            self.assertEqual(len(answers), 5)
            self.assertEqual(len(set(answers)), 1)

    def test_from_elsewhere(self):
        with crooked('--elsewhere') as client:
            self.assertEqual([sender for _, sender in client.ask()], [client.ports[1]])
            self.assertEqual([sender for _, sender in client.ask(at=1)], [client.ports[0]])

    def test_stalls(self):
        with crooked('--stall') as client:
            self.assertEqual(client.ask(), [])
            with socket.create_connection(client.ports[0]) as stream:
                stream.settimeout(PATIENCE)
                stream.send(request())
                self.assertEqual(len(stream.recv(100)), 16)
                self.assertRaises(TimeoutError, stream.recv, 100)

    def test_lies_about_everything_but_what_it_announces(self):
        with crooked('--answer', '6.6.6.6:6', addresses=('127.0.0.1', '127.0.0.2')) as client:
            [(answer, _)] = client.ask()
            self.assertEqual(stun_client.mapped_address(answer, ID), ('6.6.6.6', 6))
            self.assertEqual(endpoint(attributes(answer)[OTHER_ADDRESS]), client.ports[3])


@tool.needs_lab
class Interfaces(unittest.TestCase):
    # Ends the server once it has told about the last of its endpoints. The shell closes its own
    # descriptor of a coprocess that has ended, whatever is still to be read.
    SCRIPT = ('coproc SERVER { exec "$0" serve stun "$@"; }; exec 3<&"${SERVER[0]}"; pid=$SERVER_PID;'
              ' while read -r line <&3; do echo "$line";'
              ' [[ $line != "Known outside as tcp"*":3479:"* ]] || kill "$pid"; done')

    def test_unknown_interface(self):
        ended = tool.lab(tool.TOOL, 'serve', 'stun', 'nosuch0')
        self.assertEqual((ended.returncode, ended.stderr), (1, 'aionet: there is no interface “nosuch0”\n'))

    def test_external_addresses_are_told(self):
        for names in ((), ('eth0',)):
            ended = tool.lab('bash', '-c', self.SCRIPT, tool.TOOL, *names)
            self.assertEqual(ended.stderr, '')
            self.assertIn('Listening on udp 192.168.21.21:3478\n', ended.stdout)
            self.assertIn('Known outside as udp 192.168.21.21:3478: 1.3.3.7:3478\n', ended.stdout)
            self.assertNotIn('Alternate', ended.stdout)
            self.assertTrue(ended.stdout.splitlines()[-1].startswith('Answered 0, '), ended.stdout)


if __name__ == '__main__':
    tap.main()

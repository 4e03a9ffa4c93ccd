# SPDX-License-Identifier: LGPL-2.1-or-later
"""`aionet serve stun` on loopback, asked by an independent client."""
import contextlib
import signal
import socket
import struct
import subprocess
import threading
import time
import unittest

import stun_client
import tap
import tool

ID = bytes(range(12))
REQUEST = struct.pack('!HHI12s', 1, 0, stun_client.COOKIE, ID)
CLASSIC = struct.pack('!HH4s12s', 1, 0, b'1234', ID)


class Server:
    """A running server; counters is its last line, once it has ended."""

    def __init__(self, *arguments):
        self.process = subprocess.Popen([tool.TOOL, 'serve', 'stun', *arguments], stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True)
        self.counters = None

    def endpoints(self, number):
        guard = threading.Timer(tool.TIMEOUT, self.process.kill)
        guard.start()
        lines = [self.process.stdout.readline() for _ in range(number)]
        guard.cancel()
        found = {}
        for line in lines:
            assert line.startswith('Listening on '), line
            protocol, endpoint = line.split()[2:]
            host, port = endpoint.rsplit(':', 1)
            found[protocol, host.strip('[]')] = int(port)
        return found

    def end(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        output, errors = self.process.communicate(timeout=tool.TIMEOUT)
        self.counters = output.splitlines()[-1]
        return errors


@contextlib.contextmanager
def serving(*arguments, address='127.0.0.1'):
    server = Server('--port', '0', '--address', address, *arguments)
    try:
        server.port = server.endpoints(2)['udp', address]
        yield server
    finally:
        server.end()
        assert server.process.returncode == 0, server.process.returncode


def connected(port, tcp=False, address='127.0.0.1'):
    made = socket.socket(socket.AF_INET6 if ':' in address else socket.AF_INET,
                         socket.SOCK_STREAM if tcp else socket.SOCK_DGRAM)
    made.settimeout(20)
    made.connect((address, port))  # UDP: only answers from the address asked are heard
    return made


class Answers(unittest.TestCase):
    def test_every_protocol_and_family(self):
        for address in ('127.0.0.1', '::1'):
            with serving(address=address) as server:
                for tcp in (False, True):
                    with connected(server.port, tcp, address) as client:
                        client.send(REQUEST)
                        self.assertEqual(stun_client.mapped_address(client.recv(1500), ID), client.getsockname()[:2])
            self.assertEqual(server.counters, 'Answered 2, with an error 0, ignored 0, above the rate 0, lost 0, cut off 0')

    def test_classic_clients_get_a_plain_address(self):
        with serving() as server, connected(server.port) as client:
            client.send(CLASSIC)
            answer = client.recv(1500)
            self.assertEqual(answer[:20], struct.pack('!HH4s12s', 0x0101, 12, b'1234', ID))
            self.assertEqual(answer[20:], struct.pack('!HHxBH4s', 1, 8, 1, client.getsockname()[1],
                                                      socket.inet_aton('127.0.0.1')))

    def test_what_is_no_request_gets_no_answer_and_is_counted(self):
        with serving() as server, connected(server.port) as client:
            for garbage in (b'', b'x', b'\xff' * 40, REQUEST[:-1], REQUEST + b'more', b'\x01\x01' + REQUEST[2:]):
                client.send(garbage)
            client.send(REQUEST)
            self.assertEqual(client.recv(1500)[:2], b'\x01\x01', 'the first answer is that to the request')
        self.assertEqual(server.counters, 'Answered 1, with an error 0, ignored 6, above the rate 0, lost 0, cut off 0')

    def test_an_unreachable_port_of_many_clients_does_no_harm(self):
        with serving() as server:
            for _ in range(50):
                with connected(server.port) as gone:
                    gone.send(REQUEST)
            with connected(server.port) as client:
                client.send(REQUEST)
                self.assertEqual(client.recv(1500)[:2], b'\x01\x01')


class Streams(unittest.TestCase):
    def test_requests_byte_by_byte_and_two_at_once(self):
        with serving() as server, connected(server.port, tcp=True) as client:
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for byte in REQUEST:
                client.send(bytes([byte]))
            self.assertEqual(len(client.recv(1500, socket.MSG_WAITALL | socket.MSG_PEEK) or b'') > 0, True)
            first = client.recv(1500)
            client.send(REQUEST + REQUEST)
            both = b''
            while len(both) < 2 * len(first):
                both += client.recv(1500)
            self.assertEqual(both, first + first)

    def test_garbage_ends_the_connection(self):
        with serving() as server:
            for garbage in (b'GET / HTTP/1.0\r\n\r\n', b'\x00\x01\xff\xfc', b'\x01\x01' + REQUEST[2:]):
                # One that says nothing for longer is still there: it is not idleness that ends the other.
                with connected(server.port, tcp=True) as idle, connected(server.port, tcp=True) as client:
                    client.send(garbage)
                    self.assertEqual(client.recv(10), b'')
                    idle.send(REQUEST)
                    self.assertEqual(idle.recv(1500)[:2], b'\x01\x01')
        self.assertTrue(server.counters.endswith('cut off 3'), server.counters)

    def test_too_many_clients_are_turned_away(self):
        with serving() as server, contextlib.ExitStack() as stack:
            clients = [stack.enter_context(connected(server.port, tcp=True)) for _ in range(64)]
            clients[0].send(REQUEST)
            self.assertEqual(clients[0].recv(1500)[:2], b'\x01\x01')
            clients[-1].send(REQUEST)
            self.assertEqual(clients[-1].recv(1500)[:2], b'\x01\x01')
            late = stack.enter_context(connected(server.port, tcp=True))
            self.assertEqual(late.recv(10), b'')


class ForTheLab(unittest.TestCase):
    def test_lies(self):
        with serving('--answer', '6.6.6.6') as server, connected(server.port) as client:
            client.send(REQUEST)
            self.assertEqual(stun_client.mapped_address(client.recv(1500), ID),
                             ('6.6.6.6', client.getsockname()[1]))

    def test_errors(self):
        with serving('--error', '500') as server, connected(server.port) as client:
            client.send(REQUEST)
            self.assertEqual(client.recv(1500)[:2], b'\x01\x11')

    def test_silence(self):
        with serving('--silent') as server, connected(server.port) as client:
            client.send(REQUEST)
            client.settimeout(0.2)
            self.assertRaises(TimeoutError, client.recv, 1500)

    def test_delay(self):
        with serving('--delay', '200') as server, connected(server.port) as client:
            began = time.monotonic()
            client.send(REQUEST)
            self.assertEqual(client.recv(1500)[:2], b'\x01\x01')
            self.assertGreaterEqual(time.monotonic() - began, 0.19)


class Usage(unittest.TestCase):
    def test_misuse(self):
        for arguments in (('--port', '65536'), ('--address', 'nowhere'), ('--error', '200'), ('--address', '::1', 'more'),
                          ('--delay', '-1'), ('--answer', 'x'), ('--unknown',), ('--alternate-port', '65536'),
                          ('--flood', '0'), ('--rate', '-1'), ('--address', '::1', '--dead-alternate', 'x')):
            ended = tool.run('serve', 'stun', *arguments)
            self.assertEqual((ended.returncode, ended.stdout), (2, ''), arguments)
            self.assertEqual(ended.stderr.count('\n'), 1, ended.stderr)
        self.assertEqual(tool.run('serve').returncode, 2)
        self.assertEqual(tool.run('serve', 'nothing').returncode, 2)

    def test_help_hides_what_is_for_the_lab(self):
        ended = tool.run('serve', 'stun', '--help')
        self.assertEqual(ended.returncode, 0)
        self.assertIn('--address', ended.stdout)
        self.assertNotIn('--silent', ended.stdout)

    def test_a_port_in_use_for_tcp_only(self):
        with socket.create_server(('127.0.0.1', 0)) as taken:
            port = taken.getsockname()[1]
            server = Server('--port', str(port), '--alternate-port', '0', '--address', '127.0.0.1')
            self.assertEqual(server.endpoints(1), {('udp', '127.0.0.1'): port})
            errors = server.end()
        self.assertIn(f'cannot listen on tcp 127.0.0.1:{port}', errors)

    def test_a_port_in_use(self):
        with serving() as server:
            ended = tool.run('serve', 'stun', '--address', '127.0.0.1', '--port', str(server.port))
            self.assertEqual(ended.returncode, 1)
            self.assertIn('127.0.0.1', ended.stderr)


if __name__ == '__main__':
    tap.main()

# SPDX-License-Identifier: LGPL-2.1-or-later
"""`aionet relay` on loopback, between sockets of this test."""
import contextlib
import os
import pty
import signal
import socket
import subprocess
import threading
import unittest

import tap
import tool


class Relay:
    """A running relay; totals is its last line, once it has ended."""

    def __init__(self, *arguments, errors=subprocess.PIPE):
        self.process = subprocess.Popen([tool.TOOL, 'relay', *arguments], stdout=subprocess.PIPE, stderr=errors,
                                        stdin=subprocess.DEVNULL, text=True, env=os.environ | {'TERM': 'xterm'})
        self.totals = self.errors = None

    def port(self):
        line = self.process.stdout.readline()
        assert line.startswith('Listening on '), line
        return int(line.rsplit(':', 1)[1])

    def end(self, number=signal.SIGINT):
        self.process.send_signal(number)
        output, self.errors = self.process.communicate(timeout=tool.TIMEOUT)
        self.totals = output.splitlines()[-1]
        return self.process.returncode


@contextlib.contextmanager
def relaying(*arguments):
    relay = Relay(*arguments)
    try:
        relay.at = relay.port()
        yield relay
    finally:
        assert relay.end() == 0, relay.process.returncode


def listening(kind=socket.SOCK_STREAM):
    made = socket.socket(socket.AF_INET, kind)
    made.settimeout(tool.TIMEOUT)
    made.bind(('127.0.0.1', 0))
    if kind == socket.SOCK_STREAM:
        made.listen()
    return made


def connected(port, kind=socket.SOCK_STREAM):
    made = socket.socket(socket.AF_INET, kind)
    made.settimeout(tool.TIMEOUT)
    made.connect(('127.0.0.1', port))
    return made


def port_of(made):
    return made.getsockname()[1]


def read_all(connection):
    pieces = []
    while piece := connection.recv(65536):
        pieces.append(piece)
    return b''.join(pieces)


def read(connection, number):
    data = b''
    while len(data) < number:
        data += connection.recv(number - len(data))
    return data


class Streams(unittest.TestCase):
    def test_both_ways_and_half_close(self):
        there, back = os.urandom(3_000_000), os.urandom(2_000_000)
        with listening() as target, relaying('tcp:127.0.0.1:0', f'tcp:127.0.0.1:{port_of(target)}') as relay, \
                connected(relay.at) as client:
            far, _ = target.accept()
            with far:
                sender = threading.Thread(target=lambda: (client.sendall(there), client.shutdown(socket.SHUT_WR)))
                sender.start()
                self.assertEqual(read_all(far), there)
                sender.join()
                sender = threading.Thread(target=lambda: (far.sendall(back), far.shutdown(socket.SHUT_WR)))
                sender.start()
                self.assertEqual(read_all(client), back)
                sender.join()
        self.assertEqual(relay.totals, 'Relayed 1 clients, 3000000 bytes in, 2000000 bytes out, refused 0, failed 0, dropped 0')
        self.assertEqual(relay.errors, '')

    def test_a_client_that_finishes_at_once_is_answered(self):
        with listening() as target, relaying('tcp:127.0.0.1:0', f'127.0.0.1:{port_of(target)}') as relay, \
                connected(relay.at) as client:
            client.sendall(b'question')
            client.shutdown(socket.SHUT_WR)
            far, _ = target.accept()
            with far:
                self.assertEqual(read_all(far), b'question')
                far.sendall(b'answer')
            self.assertEqual(read_all(client), b'answer')

    def test_a_plain_port_is_every_address(self):
        with listening() as target:
            relay = Relay('0', f'127.0.0.1:{port_of(target)}')
            try:
                with connected(relay.port()) as client:
                    far, _ = target.accept()
                    with far:
                        far.sendall(b'hello')
                        self.assertEqual(read(client, 5), b'hello')
            finally:
                self.assertEqual(relay.end(signal.SIGTERM), 0)

    def test_a_source_address(self):
        with listening() as target, relaying('--from=127.0.0.3', 'tcp:127.0.0.1:0', f'127.0.0.1:{port_of(target)}') as relay, \
                connected(relay.at):
            far, source = target.accept()
            far.close()
            self.assertEqual(source[0], '127.0.0.3')

    def test_nobody_at_the_target(self):
        with socket.socket() as closed:
            closed.bind(('127.0.0.1', 0))
            with relaying('tcp:127.0.0.1:0', f'tcp:127.0.0.1:{port_of(closed)}') as relay, connected(relay.at) as client:
                self.assertRaises(ConnectionResetError, client.recv, 1)
        self.assertIn('failed 1,', relay.totals)
        self.assertRegex(relay.errors, r'^aionet: The other side of the relay: .*\n$')

    def test_too_many_clients(self):
        with listening() as target, relaying('--max-clients=2', 'tcp:127.0.0.1:0', f'127.0.0.1:{port_of(target)}') as relay, \
                contextlib.ExitStack() as stack:
            for _ in range(2):
                stack.enter_context(connected(relay.at)).sendall(b'x')
                far = stack.enter_context(target.accept()[0])
                self.assertEqual(read(far, 1), b'x')
            late = stack.enter_context(connected(relay.at))
            self.assertEqual(late.recv(1), b'')
        self.assertIn('refused 1,', relay.totals)
        self.assertTrue(relay.totals.startswith('Relayed 2 clients, 2 bytes in,'), relay.totals)


class Datagrams(unittest.TestCase):
    def test_every_client_has_its_own_answers(self):
        with listening(socket.SOCK_DGRAM) as target, relaying('udp:127.0.0.1:0', f'udp:127.0.0.1:{port_of(target)}') as relay, \
                connected(relay.at, socket.SOCK_DGRAM) as one, connected(relay.at, socket.SOCK_DGRAM) as two:
            sources = {}
            for client, text in ((one, b'one'), (two, b'two'), (one, b'')):
                client.send(text)
                data, sources[text] = target.recvfrom(100)
                self.assertEqual(data, text)
            self.assertNotEqual(sources[b'one'], sources[b'two'])
            self.assertEqual(sources[b'one'], sources[b''])
            target.sendto(b'to two', sources[b'two'])
            target.sendto(b'to one', sources[b'one'])
            self.assertEqual(one.recv(100), b'to one')
            self.assertEqual(two.recv(100), b'to two')
        self.assertEqual(relay.totals, 'Relayed 2 clients, 6 bytes in, 12 bytes out, refused 0, failed 0, dropped 0')

    def test_silent_clients_are_forgotten(self):
        with listening(socket.SOCK_DGRAM) as target, relaying(
                '--idle-timeout=1', 'udp:127.0.0.1:0', f'127.0.0.1:{port_of(target)}') as relay, \
                connected(relay.at, socket.SOCK_DGRAM) as client:
            client.send(b'first')
            _, first = target.recvfrom(100)
            late, second = None, first
            for _ in range(tool.TIMEOUT):
                threading.Event().wait(1.5)
                client.send(b'again')
                late, second = target.recvfrom(100)
                if second != first:
                    break
            self.assertEqual(late, b'again')
            self.assertNotEqual(second, first)

    def test_too_many_clients(self):
        with listening(socket.SOCK_DGRAM) as target, relaying(
                '--max-clients=1', 'udp:127.0.0.1:0', f'127.0.0.1:{port_of(target)}') as relay, \
                connected(relay.at, socket.SOCK_DGRAM) as one, connected(relay.at, socket.SOCK_DGRAM) as two:
            for client, text in ((one, b'first'), (two, b'refused'), (one, b'last')):
                client.send(text)
            self.assertEqual([target.recv(100), target.recv(100)], [b'first', b'last'])
        self.assertIn('refused 1,', relay.totals)


class Mixed(unittest.TestCase):
    def test_stream_to_datagrams(self):
        with listening(socket.SOCK_DGRAM) as target, relaying('tcp:127.0.0.1:0', f'udp:127.0.0.1:{port_of(target)}') as relay:
            with connected(relay.at) as client:
                client.sendall(b'question')
                data, source = target.recvfrom(100)
                self.assertEqual(data, b'question')
                target.sendto(b'answer', source)
                self.assertEqual(read(client, 6), b'answer')

    def test_datagrams_to_stream(self):
        with listening() as target, relaying('udp:127.0.0.1:0', f'tcp:127.0.0.1:{port_of(target)}') as relay, \
                connected(relay.at, socket.SOCK_DGRAM) as client:
            client.send(b'one ')
            client.send(b'two')
            far, _ = target.accept()
            with far:
                self.assertEqual(read(far, 7), b'one two')
                far.sendall(b'answer')
                self.assertEqual(client.recv(100), b'answer')


class Usage(unittest.TestCase):
    def test_misuse(self):
        for arguments in ((), ('1',), ('1', '2', '3'), ('65536', 'a:1'), ('udp:x', 'a:1'), ('1', 'udp:'), ('1', 'nowhere'),
                          ('--max-clients=-1', '1', 'a:1'), ('--idle-timeout=0', '1', 'a:1'), ('localhost:1', 'a:1')):
            with self.subTest(arguments):
                ended = tool.run('relay', *arguments)
                self.assertEqual((ended.returncode, ended.stdout), (2, ''))
                self.assertEqual(ended.stderr.count('\n'), 1, ended.stderr)

    def test_a_port_in_use(self):
        with listening() as target:
            ended = tool.run('relay', f'tcp:127.0.0.1:{port_of(target)}', 'tcp:127.0.0.1:1')
            self.assertEqual(ended.returncode, 1)
            self.assertIn('127.0.0.1', ended.stderr)

    def test_counters_on_a_terminal(self):
        leader, follower = pty.openpty()
        with listening() as target:
            relay = Relay('tcp:127.0.0.1:0', f'127.0.0.1:{port_of(target)}', errors=follower)
            os.close(follower)
            text = b''
            with connected(relay.port()) as client:
                client.sendall(b'hello')
                while b'1 connected, 1 in all, 5 bytes in, 0 bytes out' not in text:
                    text += os.read(leader, 4096)
            self.assertEqual(relay.end(), 0)
        os.close(leader)


if __name__ == '__main__':
    tap.main()

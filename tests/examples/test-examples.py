# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 The libaionet authors
"""Runs the examples of one language on loopback, with plain sockets on the other side."""
import socket
import threading
import unittest

import examples
import tap
from examples import INTERRUPTED, PATIENCE, Running

USAGE = {
    'hole-punch': 'RENDEZVOUS:PORT TEXT', 'http-over-route': 'URL ADDRESS...', 'interfaces': '', 'nat': '',
    'plugin': '', 'relay': 'PORT HOST:PORT', 'rendezvous': 'PORT', 'stun-server': 'PORT',
    'subscribe': 'PORT PATTERN SENDER', 'tcp-echo-daemon': 'PORT', 'tcp-request': 'HOST:PORT TEXT',
    'udp-reply': 'PORT', 'udp-request': 'HOST:PORT TEXT', 'watch': '',
}


def has_ipv6():
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(('::1', 0))
        return True
    except OSError:
        return False


HOSTS = ('127.0.0.1', '::1') if has_ipv6() else ('127.0.0.1',)


def free_port(kind):
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]


def server(kind):
    made = socket.socket(socket.AF_INET, kind)
    made.settimeout(PATIENCE)
    made.bind(('127.0.0.1', 0))
    if kind == socket.SOCK_STREAM:
        made.listen()
    return made


def datagrams(host):
    made = socket.socket(socket.AF_INET6 if ':' in host else socket.AF_INET, socket.SOCK_DGRAM)
    made.settimeout(PATIENCE)
    made.bind((host, 0))
    return made


def receive(peer, length):
    data = b''
    while len(data) < length:
        part = peer.recv(65536)
        assert part, f'{len(data)} of {length} bytes'
        data += part
    return data


def is_closed(peer):
    try:
        return peer.recv(100) == b''
    except ConnectionResetError:
        return True


class Clients(unittest.TestCase):
    def test_tcp_request(self):
        for host in ('127.0.0.1', 'localhost'):
            with self.subTest(host), server(socket.SOCK_STREAM) as listening, \
                    Running('tcp-request', f'{host}:{listening.getsockname()[1]}', 'hello') as running:
                with listening.accept()[0] as peer:
                    self.assertEqual(peer.recv(100), b'hello')
                    peer.sendall(b'good day')
                    self.assertEqual(running.end(), (0, 'good day\n', ''))

    def test_tcp_request_that_fails(self):
        for target, reason in ((f'127.0.0.1:{free_port(socket.SOCK_STREAM)}', '(?i)refused'), ('nowhere', 'nowhere')):
            with self.subTest(target):
                status, output, errors = examples.run('tcp-request', target, 'hello')
                self.assertEqual((status, output), (1, ''))
                self.assertRegex(errors, reason)
                self.assertEqual(errors.count('\n'), 1, errors)

    def test_tcp_request_interrupted(self):
        with server(socket.SOCK_STREAM) as listening, \
                Running('tcp-request', f'127.0.0.1:{listening.getsockname()[1]}', 'hello') as running:
            with listening.accept()[0] as peer:
                self.assertEqual(peer.recv(100), b'hello')
                status, *printed = running.interrupt()
                self.assertIn(status, INTERRUPTED)
                self.assertEqual(printed, ['', ''])

    def test_udp_request(self):
        """Is asked again, and takes the answer to either."""
        with server(socket.SOCK_DGRAM) as asked, \
                Running('udp-request', '127.0.0.1:%d' % asked.getsockname()[1], 'anybody?') as running:
            requests = [asked.recvfrom(100) for _ in range(2)]
            self.assertEqual({request for request, _ in requests}, {b'anybody?'})
            asked.sendto(b'me', requests[0][1])
            self.assertEqual(running.end(), (0, 'me\n', ''))

    def test_udp_request_without_an_answer(self):
        """Gives up after the fifth time."""
        with server(socket.SOCK_DGRAM) as asked:
            status, output, errors = examples.run('udp-request', '127.0.0.1:%d' % asked.getsockname()[1], 'anybody?')
            self.assertEqual((status, output, errors.count('\n')), (1, '', 1), errors)
            asked.setblocking(False)
            self.assertEqual([asked.recv(100) for _ in range(5)], [b'anybody?'] * 5)
            self.assertRaises(BlockingIOError, asked.recv, 100)


class Servers(unittest.TestCase):
    def assert_closes(self, running, output=''):
        self.assertEqual(running.interrupt(), (0, output, ''))

    def test_tcp_echo_daemon(self):
        """Clients one after the other, over either family."""
        with Running('tcp-echo-daemon', 0) as running:
            port = running.port()
            for host in HOSTS:
                for text in (b'hello', bytes(range(256)) * 400):
                    with socket.create_connection((host, port), PATIENCE) as client:
                        client.sendall(text)
                        client.shutdown(socket.SHUT_WR)
                        self.assertEqual(receive(client, len(text)), text)
            self.assert_closes(running)

    def test_udp_reply(self):
        """Tells clients of either family where they are."""
        with Running('udp-reply', 0) as running:
            port = running.port()
            for host in HOSTS:
                with datagrams(host) as client:
                    own = client.getsockname()[1]
                    client.sendto(b'hello', (host, port))
                    expected = f'[{host}]:{own}' if ':' in host else f'{host}:{own}'
                    self.assertEqual(client.recv(1000).decode(), f'{expected} said hello')
            self.assert_closes(running)

    def test_relay(self):
        data = bytes(range(256)) * 4096
        with server(socket.SOCK_STREAM) as listening, \
                Running('relay', 0, '127.0.0.1:%d' % listening.getsockname()[1]) as running:
            port = running.port()
            for host in HOSTS:
                with socket.create_connection((host, port), PATIENCE) as client, listening.accept()[0] as peer:
                    for sender, receiver in ((client, peer), (peer, client)):
                        writer = threading.Thread(target=lambda s=sender: (s.sendall(data), s.shutdown(socket.SHUT_WR)))
                        writer.start()
                        self.assertTrue(b''.join(iter(lambda r=receiver: r.recv(65536), b'')) == data)
                        writer.join()
            self.assert_closes(running)

    def test_relay_to_nowhere(self):
        """Closes the client, says why, and goes on."""
        with Running('relay', 0, '127.0.0.1:%d' % free_port(socket.SOCK_STREAM)) as running:
            with socket.create_connection(('127.0.0.1', running.port()), PATIENCE) as client:
                self.assertTrue(is_closed(client))
            status, output, errors = running.interrupt()
            self.assertEqual((status, output), (0, ''))
            self.assertRegex(errors, '(?i)^[^\n]*refused[^\n]*\n$')

    def test_rendezvous(self):
        """Any two clients swap what they say."""
        with Running('rendezvous', 0) as running:
            port = running.port()
            for _ in range(2):
                with socket.create_connection(('127.0.0.1', port), PATIENCE) as first, \
                        socket.create_connection(('127.0.0.1', port), PATIENCE) as second:
                    first.sendall(b'one')
                    second.sendall(b'two')
                    self.assertEqual((first.recv(100), second.recv(100)), (b'two', b'one'))
            self.assert_closes(running)

    def test_port_taken(self):
        for name, kind, *more in (('tcp-echo-daemon', socket.SOCK_STREAM), ('udp-reply', socket.SOCK_DGRAM),
                                  ('relay', socket.SOCK_STREAM, 'x:1'), ('rendezvous', socket.SOCK_STREAM)):
            with self.subTest(name), socket.socket(socket.AF_INET6 if len(HOSTS) > 1 else socket.AF_INET, kind) as taken:
                taken.bind(('', 0))  # of both families
                if kind == socket.SOCK_STREAM:
                    taken.listen()
                status, output, errors = examples.run(name, taken.getsockname()[1], *more)
                self.assertEqual((status, output), (1, ''))
                self.assertRegex(errors, '(?i)^[^\n]*in use[^\n]*\n$')

    def test_subscribe(self):
        port = free_port(socket.SOCK_DGRAM)
        with Running('subscribe', port, '^NEWS ', '127.0.0.1') as running, \
                datagrams('127.0.0.1') as friend, datagrams('127.0.0.9') as stranger:
            seen = threading.Event()

            def publish():
                while not seen.wait(0.02):
                    friend.sendto(b'gossip', ('127.0.0.1', port))
                    stranger.sendto(b'NEWS of a stranger', ('127.0.0.1', port))
                    friend.sendto(b'NEWS of a friend', ('127.0.0.1', port))

            publisher = threading.Thread(target=publish)
            publisher.start()
            lines = {running.line() for _ in range(5)}
            seen.set()
            publisher.join()
            status, output, errors = running.interrupt()
        self.assertEqual(lines | set(output.splitlines()), {'NEWS of a friend'})
        self.assertIn(status, INTERRUPTED)
        self.assertEqual(errors, '')


class Usage(unittest.TestCase):
    def assert_refused(self, name, *arguments):
        status, output, errors = examples.run(name, *arguments)
        self.assertEqual((status, output), (2, ''), (name, arguments, errors))
        script = examples.command(name)[-1].rpartition('/')[2]
        first = errors.splitlines()[0]
        self.assertEqual(first, f'usage: {script} {USAGE[name]}'.rstrip(), (name, arguments))

    def test_arguments(self):
        """Too few or too many, and a port that is none."""
        for name, usage in USAGE.items():
            if examples.missing(name):
                continue
            words = usage.split()
            with self.subTest(name):
                self.assert_refused(name, *[] if words else ['x'])
                if '...' not in usage:
                    self.assert_refused(name, *['1'] * (len(words) + 1))
                if words[:1] == ['PORT']:
                    self.assert_refused(name, '65536', *['127.0.0.1:1'] * (len(words) - 1))
        for port in ('x', '-1', '', '7x'):
            self.assert_refused('udp-reply', port)


if __name__ == '__main__':
    tap.main()

# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 The libaionet authors
"""Runs the examples of one language with plain sockets on the other side: LANGUAGE COMMAND… with {} for the name."""
import os
import pathlib
import re
import socket
import subprocess
import sys
import threading
import time
import unittest

import tap

# A hang is a failure; the figure only has to be far above what a busy machine needs.
PATIENCE = 60
COMMAND = sys.argv[1:]


def command(name, *arguments):
    return [part.replace('{}', name) for part in COMMAND] + [str(argument) for argument in arguments]


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


class Examples(unittest.TestCase):
    def start(self, *arguments):
        running = subprocess.Popen(command(*arguments), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.addCleanup(running.communicate)
        self.addCleanup(running.kill)
        return running

    def run_to_end(self, *arguments):
        return subprocess.run(command(*arguments), capture_output=True, timeout=PATIENCE, check=False)

    def test_tcp_request(self):
        for host in ('127.0.0.1', 'localhost'):
            with self.subTest(host), server(socket.SOCK_STREAM) as listening:
                running = self.start('tcp-request', f'{host}:{listening.getsockname()[1]}', 'hello')
                with listening.accept()[0] as peer:
                    self.assertEqual(peer.recv(100), b'hello')
                    peer.sendall(b'good day')
                    self.assertEqual(running.communicate(timeout=PATIENCE), (b'good day\n', b''))
                self.assertEqual(running.returncode, 0)

    def test_tcp_request_that_fails(self):
        ended = self.run_to_end('tcp-request', f'127.0.0.1:{free_port(socket.SOCK_STREAM)}', 'hello')
        self.assertEqual((ended.returncode, ended.stdout), (1, b''))
        self.assertRegex(ended.stderr, rb'(?i)refused')

    def test_udp_retry(self):
        with server(socket.SOCK_DGRAM) as listening:
            running = self.start('udp-retry', '127.0.0.1:%d' % listening.getsockname()[1], 'anybody?')
            requests = [listening.recvfrom(100) for _ in range(2)]
            self.assertEqual({request for request, _ in requests}, {b'anybody?'})
            listening.sendto(b'me', requests[0][1])
            self.assertEqual(running.communicate(timeout=PATIENCE), (b'me\n', b''))
            self.assertEqual(running.returncode, 0)

    def test_subscribe(self):
        port = free_port(socket.SOCK_DGRAM)
        running = self.start('subscribe', port, '^NEWS ', '127.0.0.1')
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as friend, \
                socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
            stranger.bind(('127.0.0.9', 0))
            seen = threading.Event()

            def publish():
                while not seen.wait(0.02):
                    friend.sendto(b'gossip', ('127.0.0.1', port))
                    stranger.sendto(b'NEWS of a stranger', ('127.0.0.1', port))
                    friend.sendto(b'NEWS of a friend', ('127.0.0.1', port))

            publisher = threading.Thread(target=publish)
            publisher.start()
            lines = [running.stdout.readline() for _ in range(5)]
            seen.set()
            publisher.join()
        self.assertEqual(set(lines), {b'NEWS of a friend\n'})

    def test_relay(self):
        port, data = free_port(socket.SOCK_STREAM), bytes(range(256)) * 4096
        with server(socket.SOCK_STREAM) as listening:
            self.start('relay', port, '127.0.0.1:%d' % listening.getsockname()[1])
            with self.connect(port) as client, listening.accept()[0] as peer:
                for sender, receiver in ((client, peer), (peer, client)):
                    writer = threading.Thread(target=lambda s=sender: (s.sendall(data), s.shutdown(socket.SHUT_WR)))
                    writer.start()
                    self.assertTrue(b''.join(iter(lambda r=receiver: r.recv(65536), b'')) == data)
                    writer.join()

    def connect(self, port):
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                return socket.create_connection(('127.0.0.1', port), PATIENCE)
            except ConnectionRefusedError:
                self.assertLess(time.monotonic(), deadline)
                time.sleep(0.02)

    def test_short(self):
        suffix = pathlib.Path(next(part for part in COMMAND if '{}' in part)).suffix
        folder = {'.py': 'python', '.js': 'js'}.get(suffix, 'c')
        sources = list((pathlib.Path(__file__).parents[2] / 'examples' / folder).glob('*.*'))
        self.assertGreaterEqual(len(sources), 5)
        for source in sources:
            self.assertLess(len(source.read_text(encoding='utf-8').splitlines()), 60, source)


class InTheLab(unittest.TestCase):
    def test_interfaces(self):
        if 'AIONET_TOOL' not in os.environ:
            self.skipTest('the lab is not in this build')
        import tool
        if tool.lab_refusal():
            self.skipTest(tool.lab_refusal())
        ended = tool.lab(*command('interfaces'), nat='guide-example-1')
        self.assertEqual((ended.returncode, ended.stderr), (0, ''))
        self.assertEqual(set(ended.stdout.splitlines()[:2]), {'eth0', 'lo'})
        self.assertIn('\n65025 external addresses\n', ended.stdout)
        self.assertIn('8.8.0.0/16', ended.stdout.partition('addresses')[2])


if __name__ == '__main__':
    tap.main()

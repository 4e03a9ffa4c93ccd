# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 The libaionet authors
"""Runs an example that prints `port N` and then echoes what TCP clients send: its command."""
import os
import pathlib
import socket
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))
import tap

PATIENCE = 30
COMMAND = sys.argv[1:]


def has_ipv6():
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(('::1', 0))
        return True
    except OSError:
        return False


class TestEcho(unittest.TestCase):
    def setUp(self):
        self.daemon = subprocess.Popen(COMMAND, stdout=subprocess.PIPE, text=True, env=os.environ)
        self.addCleanup(self.end)
        words = self.daemon.stdout.readline().split()
        self.assertEqual(words[:1], ['port'])
        self.port = int(words[1])

    def end(self):
        self.daemon.kill()
        self.daemon.wait(PATIENCE)
        self.daemon.stdout.close()

    def echo(self, host, text):
        with socket.create_connection((host, self.port), PATIENCE) as client:
            client.sendall(text)
            client.shutdown(socket.SHUT_WR)
            answer = b''
            while len(answer) < len(text):
                part = client.recv(65536)
                self.assertTrue(part, f'{len(answer)} of {len(text)} bytes')
                answer += part
        self.assertEqual(answer, text)

    def test_ipv4(self):
        """Clients one after the other over IPv4."""
        for text in (b'hello', bytes(range(256)) * 400):
            self.echo('127.0.0.1', text)

    def test_ipv6(self):
        """The same port over IPv6."""
        if not has_ipv6():
            self.skipTest('no IPv6 here')
        self.echo('::1', b'hello')


if __name__ == '__main__':
    tap.main()

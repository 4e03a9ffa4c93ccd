# SPDX-License-Identifier: LGPL-2.1-or-later
"""Conversations of the tool with plain sockets: `aionet connect` and `aionet listen`."""
import contextlib
import hashlib
import re
import socket
import subprocess
import unittest

import tool

LARGE = b''.join(hashlib.sha256(bytes([n % 256, n // 256 % 256, n // 65536])).digest() for n in range(10 * 2**20 // 32))
ONE_LINE = rb'^aionet: [^\n]+\n$'


def target(server):
    host, port = server.getsockname()[:2]
    return f'[{host}]:{port}' if ':' in host else f'{host}:{port}'


def listening(family=socket.AF_INET, host='127.0.0.1', kind=socket.SOCK_STREAM):
    server = socket.socket(family, kind)
    server.settimeout(tool.TIMEOUT)
    server.bind((host, 0))
    if kind == socket.SOCK_STREAM:
        server.listen()
    return server


def start(*arguments, **options):
    for stream in ('stdin', 'stdout', 'stderr'):
        options.setdefault(stream, subprocess.PIPE)
    return subprocess.Popen([tool.TOOL, *arguments], **options)


def read_all(peer):
    return b''.join(iter(lambda: peer.recv(65536), b''))


class Tool(unittest.TestCase):
    def start(self, *arguments, **options):
        running = start(*arguments, **options)
        self.addCleanup(self.end, running)
        return running

    @staticmethod
    def end(running):
        running.kill()
        running.wait(tool.TIMEOUT)
        for stream in (running.stdin, running.stdout, running.stderr):
            with contextlib.suppress(OSError):
                if stream is not None:
                    stream.close()

    def listen(self, *arguments, **options):
        """A listening tool, and its port."""
        running = self.start('listen', *arguments, '-v', **options)
        line = running.stderr.readline().decode()
        self.assertRegex(line, r'^aionet: listening on ')
        return running, int(re.search(r':(\d+)\n$', line).group(1))

    def connect(self, port, host='127.0.0.1'):
        peer = socket.create_connection((host, port), tool.TIMEOUT)
        self.addCleanup(peer.close)
        return peer

    def assert_failed(self, ended, text=b''):
        self.assertEqual((ended.returncode, ended.stdout), (1, b''))
        self.assertRegex(ended.stderr, ONE_LINE)
        self.assertIn(text, ended.stderr)


def run(*arguments, **options):
    return subprocess.run([tool.TOOL, *arguments], capture_output=True, check=False, timeout=tool.TIMEOUT, **options)

# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 The libaionet authors
"""The examples in Vala, compiled as a stranger would, and run: VALAC DIRECTORY."""
import functools
import os
import pathlib
import re
import socket
import subprocess
import sys
import tempfile
import unittest

import tap

VALAC, SOURCES = sys.argv[1], pathlib.Path(sys.argv[2])
# A hang is a failure; the figure only has to be far above what a busy machine needs.
PATIENCE = 60
work = tempfile.TemporaryDirectory()


@functools.lru_cache(None)
def program(name):
    """The program, compiled by the command that its source tells; C of valac's making is not ours to mend."""
    source = SOURCES / f'{name}.vala'
    told = re.search(r'\$ valac (--pkg \S+) (\S+) &&', source.read_text(encoding='utf-8'))
    assert told and told.group(2) == source.name, 'no command'
    ended = subprocess.run([VALAC, '--fatal-warnings', '-X', '-w', *told.group(1).split(), source, '-o', name],
                           cwd=work.name, capture_output=True, text=True, check=False, timeout=PATIENCE)
    assert (ended.returncode, ended.stderr) == (0, ''), ended.stdout + ended.stderr
    return f'{work.name}/{name}'


def run(name, *arguments):
    return subprocess.run([program(name), *arguments], capture_output=True, text=True, check=False, timeout=PATIENCE)


class TcpRequest(unittest.TestCase):
    def test_reply(self):
        with socket.create_server(('127.0.0.1', 0)) as server:
            server.settimeout(PATIENCE)
            command = [program('tcp-request'), f'127.0.0.1:{server.getsockname()[1]}', 'hello']
            with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
                with server.accept()[0] as peer:
                    self.assertEqual(peer.recv(100), b'hello')
                    peer.sendall(b'good day')
                    self.assertEqual(running.communicate(timeout=PATIENCE), (b'good day\n', b''))
                self.assertEqual(running.returncode, 0)

    def test_refused(self):
        with socket.create_server(('127.0.0.1', 0)) as server:
            target = f'127.0.0.1:{server.getsockname()[1]}'
        ended = run('tcp-request', target, 'hello')
        self.assertEqual((ended.returncode, ended.stdout), (1, ''))
        self.assertRegex(ended.stderr, r'^.*[Rr]efused.*\n$')

    def test_usage(self):
        for name in ('interfaces', 'plugin', 'tcp-request'):
            ended = run(name, 'too', 'many', 'words')
            self.assertEqual((ended.returncode, ended.stdout), (2, ''))
            self.assertRegex(ended.stderr, rf'^usage: {name}.*\n$')


class InTheLab(unittest.TestCase):
    def setUp(self):
        if 'AIONET_TOOL' not in os.environ:
            self.skipTest('the tool is not in this build')
        import tool
        if tool.lab_refusal():
            self.skipTest(tool.lab_refusal())
        if not {'netlink', 'nice'} <= tool.plugins():
            self.skipTest('the plugins “netlink” and “nice” are not in this build')
        self.lab = tool.lab

    def test_interfaces(self):
        """The guide's first example."""
        ended = self.lab(program('interfaces'), nat='guide-example-1')
        self.assertEqual((ended.returncode, ended.stderr), (0, ''))
        lines = ended.stdout.splitlines()
        self.assertEqual([line for line in lines if line[0] != ' '], ['eth0', 'lo'])
        self.assertEqual(len(lines), 4, ended.stdout)
        self.assertRegex(lines[1], r'^  \[.*193\.168\.0\.0/16.*\] -> \[1\.3\.3\.7\]$')
        self.assertEqual(lines[2], '  [8.8.0.0/16] -> [8.8.0.0/16]')

    def test_plugin(self):
        """Hides what Docker made; everything else is there."""
        ended = self.lab('sh', '-c', f'ip link add docker0 type veth peer name docker1 && {program("plugin")}')
        self.assertEqual((ended.returncode, ended.stderr), (0, ''))
        self.assertEqual(ended.stdout.splitlines(), ['eth0', 'lo'])


class Sources(unittest.TestCase):
    def test_short(self):
        sources = sorted(SOURCES.glob('*.vala'))
        self.assertEqual([source.stem for source in sources], ['interfaces', 'plugin', 'tcp-request'])
        for source in sources:
            self.assertLess(len(source.read_text(encoding='utf-8').splitlines()), 80, source)


if __name__ == '__main__':
    tap.main()

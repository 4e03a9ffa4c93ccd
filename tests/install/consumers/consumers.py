# SPDX-License-Identifier: LGPL-2.1-or-later
"""Builds and runs the strangers' projects in the folders beside this file, each in a copy of its
own, with the library that pkg-config, the dynamic linker and the introspection find by themselves.

Whoever calls this says by the environment where the library is, if it is at no usual place.
AIONET_WITHOUT names what it was built without: introspection, vala, replay, tool.
"""
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

import tap

HERE = pathlib.Path(__file__).resolve().parent
WITHOUT = os.environ.get('AIONET_WITHOUT', '').split()
PYTHON = os.environ.get('AIONET_PYTHON', '/usr/bin/python3')
# A host in a file, and no mapping but its own: nothing is asked outside.
HOST = {
    'links': [
        {'name': 'lo', 'kind': 'loopback', 'addresses': [{'ip': '127.0.0.1', 'cidr': 8}]},
        {'name': 'eth0', 'kind': 'ethernet', 'addresses': [{'ip': '192.168.21.21', 'cidr': 24}],
         'gateways': [{'address': '192.168.21.1'}]},
    ],
    'mappings': [{'local': '192.168.21.21', 'external': '1.3.3.7'}],
}
# Asked of the file, as well; three, because two have to agree.
SERVERS = '192.0.2.1:3478,198.51.100.1:3478,203.0.113.1:3478'
EXPECTED = ['link lo', 'link eth0', 'external 1.3.3.7', 'received hello']


class Consumers(unittest.TestCase):
    def setUp(self):
        work = tempfile.TemporaryDirectory()
        self.addCleanup(work.cleanup)
        self.work = pathlib.Path(work.name)
        (self.work / 'host.json').write_text(json.dumps(HOST))
        self.environment = {
            **os.environ,
            'AIONET_ADDRESS_BACKEND': 'replay',
            'AIONET_STUN_PROVIDER': 'replay',
            'AIONET_REPLAY_FILE': str(self.work / 'host.json'),
            'AIONET_STUN_SERVERS': SERVERS,
            'PYTHONDONTWRITEBYTECODE': '1',
        }

    def need(self, *programs, parts=()):
        for program in programs:
            if shutil.which(program) is None:
                self.skipTest(f'there is no {program}')
        for part in ('replay', *parts):
            if part in WITHOUT:
                self.skipTest(f'built without {part}')

    def run_in(self, project, *command):
        ended = subprocess.run([str(word) for word in command], cwd=project, env=self.environment,
                               capture_output=True, text=True, check=False, timeout=120)
        if ended.returncode != 0:
            self.fail(f'{command}: exit {ended.returncode}\n{ended.stdout}\n{ended.stderr}')
        return ended.stdout

    def consume(self, name, builds, program):
        """Copies the project `name`, runs the commands that build it, and then what it is."""
        project = self.work / name
        shutil.copytree(HERE / name, project)
        for command in builds:
            self.run_in(project, *command)
        self.assertEqual(self.run_in(project, *program).splitlines(), EXPECTED)

    def test_c_with_meson(self):
        self.need('meson', 'cc', 'pkg-config')
        self.consume('c', [('meson', 'setup', 'build'), ('meson', 'compile', '-C', 'build')],
                     ['./build/stranger'])

    def test_c_with_make(self):
        self.need('make', 'cc', 'pkg-config')
        self.consume('c', [('make',)], ['./stranger'])

    def test_cxx(self):
        self.need('make', 'g++', 'pkg-config')
        self.consume('cxx', [('make',)], ['./stranger'])

    def test_python(self):
        self.need(PYTHON, parts=['introspection'])
        self.consume('python', [], [PYTHON, 'stranger.py'])

    def test_js(self):
        self.need('gjs', parts=['introspection'])
        self.consume('js', [], ['gjs', 'stranger.js'])

    def test_vala(self):
        self.need('meson', 'valac', parts=['introspection', 'vala'])
        self.consume('vala', [('meson', 'setup', 'build'), ('meson', 'compile', '-C', 'build')],
                     ['./build/stranger'])

    def test_tool(self):
        self.need(parts=['tool'])
        self.assertIsNotNone(shutil.which('aionet'))
        nic = json.loads(self.run_in(self.work, 'aionet', 'show', 'eth0', '--json'))
        self.assertEqual(nic['rp']['2'][0]['ext_ips'][0]['ip'], '1.3.3.7')


if __name__ == '__main__':
    tap.main()

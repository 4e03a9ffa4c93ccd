# SPDX-License-Identifier: LGPL-2.1-or-later
"""Two clients behind two NATs in one world."""
import json
import os
import pathlib
import re
import shlex
import sys
import tempfile
import unittest

import tap
import tool

PUNCH = [sys.executable, os.path.join(tool.HERE, 'lab_punch.py')]


def punched(nat, peer, *options):
    ended = tool.lab(*PUNCH, nat=nat, options=('--world', shlex.join([*PUNCH, 'meet']),
                                               '--peer', f'{peer}:{shlex.join(PUNCH)}', *options))
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout)


@tool.needs_lab
class Peer(unittest.TestCase):
    def test_hole_punching_is_as_the_types_say(self):
        for nat, peer, reached in (('guide', 'guide', True), ('open', 'open', True),
                                   ('udp-firewall', 'udp-firewall', True), ('full-cone', 'symmetric', True),
                                   ('address-restricted', 'symmetric', True), ('guide', 'symmetric', False),
                                   ('symmetric', 'guide', False), ('symmetric', 'symmetric', False),
                                   ('apd-ad', 'apd-ad', False), ('apd-ei', 'symmetric', True),
                                   ('cgnat', 'cgnat', True), ('cgnat', 'symmetric', False),
                                   ('equal-delta', 'dependent-delta', True), ('nat66', 'ipv6-firewall', True)):
            with self.subTest(f'{nat} {peer}'):
                self.assertEqual(punched(nat, peer)['reached'], reached)

    def test_outside_addresses_differ(self):
        for nat, external in (('guide', '1.4.3.7'), ('nat66', '2400:beef:7::7'), ('open', '1.4.3.7')):
            with self.subTest(nat):
                self.assertEqual(punched(nat, nat)['from'][0], external)

    def test_wires_of_both_sides(self):
        self.assertTrue(punched('guide', 'guide', '--rtt', '20', '--loss', '10')['reached'])
        ended = tool.lab('true', options=('--peer', 'guide:true', '--rtt', '1', '-v'))
        self.assertEqual(len(re.findall('the wire carried', ended.stderr)), 2)

    def test_any_two_make_a_lab_and_each_sees_its_own(self):
        names = [network['name'] for network in json.loads(tool.run('lab', 'list', '--json').stdout)]
        tell = 'echo $AIONET_LAB $AIONET_LAB_WORLD; ls /sys/class/net; cut -d: -f1 -s /proc/net/dev'
        for name, other in zip(names, names[1:] + names[:1]):
            with self.subTest(f'{name} {other}'), tempfile.TemporaryDirectory() as directory:
                peer = f'cd {directory}; ({tell}) > new; mv new told'
                ended = tool.lab('sh', '-c', f'until [ -e {directory}/told ]; do sleep 0.01; done; {tell}', nat=name,
                                 options=('--peer', f'{other}:sh -c {shlex.quote(peer)}'))
                self.assertEqual(ended.stderr, '')
                with open(os.path.join(directory, 'told'), encoding='utf-8') as told:
                    self.assert_told(told.read().split(), other)
                self.assert_told(ended.stdout.split(), name)

    def assert_told(self, told, name):
        links = {'lo', 'eth0', 'eth1'} if name == 'dual-homed' else {'lo', 'eth0'}
        self.assertEqual((told[0], set(told[2:])), (name, links))
        self.assertIn(told[1], {'198.18.0.1', '2001:db8::1'})

    def test_servers_are_told_by_family(self):
        with tempfile.TemporaryDirectory() as directory:
            peer = f'cd {directory}; echo $AIONET_STUN_SERVERS > new; mv new told'
            ended = tool.lab('sh', '-c', f'until [ -e {directory}/told ]; do sleep 0.01; done; echo $AIONET_STUN_SERVERS',
                             nat='nat66', options=('--peer', f'guide:sh -c {shlex.quote(peer)}'))
            self.assertEqual((ended.stdout.count('['), ended.stdout.count(',')), (5, 4))
            with open(os.path.join(directory, 'told'), encoding='utf-8') as told:
                self.assertRegex(told.read(), r'^(\d+\.\d+\.\d+\.10:3478,){4}\d+\.\d+\.\d+\.10:3478$')

    def test_it_ends_with_the_lab(self):
        ended = tool.lab('readlink', '/proc/self/ns/pid', options=('--peer', 'guide:sleep 1000', '--rtt', '1'))
        namespace = ended.stdout.strip()
        self.assertRegex(namespace, r'^pid:\[\d+\]$')
        for process in pathlib.Path('/proc').glob('[0-9]*'):
            try:
                self.assertNotEqual(os.readlink(process / 'ns/pid'), namespace)
            except OSError:
                pass

    def test_failure_is_told(self):
        ended = tool.lab('sleep', '0.5', options=('--peer', 'open:sh -c "exit 3"'))
        self.assertRegex(ended.stderr, '^aionet: lab: “sh -c "exit 3"” of the peer ended with status 3\n$')

    def test_usage(self):
        for peer in ('', 'nowhere:true', 'guide', 'guide:', 'guide:"'):
            with self.subTest(peer):
                ended = tool.run('lab', 'run', '--peer', peer, 'true')
                self.assertEqual((ended.returncode, ended.stdout), (2, ''))
                self.assertRegex(ended.stderr, r'^aionet: --peer: [^\n]+\n$')


if __name__ == '__main__':
    tap.main()

# SPDX-License-Identifier: LGPL-2.1-or-later
"""The STUN servers of the lab: RFC 5780 by five operators, and all the ways to mislead."""
import json
import os
import shutil
import sys
import unittest

import tap
import tool

PROBE = [sys.executable, os.path.join(tool.HERE, 'server_probe.py')]
PORTS = 3478, 3479


def probed(*options, nat='open'):
    """For each server what it answers without change, to another port, another address, and both."""
    return json.loads(tool.lab(*PROBE, nat=nat, options=options).stdout)


def place(number, alternate=False, port=0):
    """An endpoint of the server of a number."""
    network = {1: '192.0.2', 2: '198.51.100', 3: '203.0.113'}.get(number, f'198.18.{number}')
    return [f'{network}.{11 if alternate else 10}', PORTS[port]]


def sources(answers):
    return [answer['source'] for answer in answers['answers']]


def all_places(number):
    return [[place(number)], [place(number, port=1)], [place(number, alternate=True)],
            [place(number, alternate=True, port=1)]]


@tool.needs_lab
class Servers(unittest.TestCase):
    def one(self, role):
        """What the first server of two does in a role; the other is honest."""
        first, honest = probed('--servers', '2', '--' + role, '1')
        self.assertEqual([sources(answers) for answers in honest], all_places(2))
        return first

    def assert_sound(self, number, changes):
        self.assertEqual([sources(answers) for answers in changes], all_places(number))
        for answers in changes:
            self.assertEqual(answers['answers'][0]['mapped'], ['1.3.3.7', answers['local']])
        self.assertEqual(changes[0]['answers'][0]['other'], place(number, alternate=True, port=1))

    def test_five_operators_answer_from_elsewhere(self):
        for number, changes in enumerate(probed(), start=1):
            self.assert_sound(number, changes)

    def test_ipv6(self):
        for number, changes in enumerate(probed(nat='guide-example-2'), start=1):
            places = [[f'2001:db8:{number}::{host}', port] for host in (10, 11) for port in PORTS]
            self.assertEqual([sources(answers) for answers in changes], [[place] for place in places])

    def test_coturn(self):
        if not shutil.which('turnserver'):
            ended = tool.lab('true', options=('--coturn', '1'))
            self.assertEqual(ended.returncode, 1)
            self.assertRegex(ended.stderr, r'^aionet: .*Debian package coturn\)\n$')
            self.skipTest('coturn is not installed')
        for number, changes in enumerate(probed('--servers', '2', '--coturn', '2'), start=1):
            self.assert_sound(number, changes)

    def test_liars_disagree_and_colluders_agree(self):
        lies = [changes[0]['answers'][0]['mapped'][0] for changes in probed('--lying', '2', '--colluding', '2')]
        self.assertEqual(lies, ['6.6.6.1', '6.6.6.2', '6.6.7.6', '6.6.7.6', '1.3.3.7'])

    def test_silent_and_dead(self):
        for role in ('silent', 'dead'):
            for answers in self.one(role):
                self.assertEqual((answers['answers'], answers['refused']), ([], role == 'dead'))

    def test_failing(self):
        for answers in self.one('failing'):
            self.assertEqual({answer['class'] for answer in answers['answers']}, {0x01}, 'an error')
            self.assertEqual(answers['answers'][0]['mapped'], None)

    def test_stalling(self):
        self.assertEqual([answers['answers'] for answers in self.one('stalling')], [[], [], [], []])

    def test_truncating(self):
        for answers in self.one('truncating'):
            self.assertEqual([answer['whole'] for answer in answers['answers']], [False])

    def test_flooding(self):
        for answers in self.one('flooding'):
            self.assertEqual(len(answers['answers']), 50)

    def test_elsewhere(self):
        self.assertEqual(sources(self.one('elsewhere')[0]), [place(1, port=1)])

    def test_ignoring_change(self):
        self.assertEqual([sources(answers) for answers in self.one('ignoring-change')], [[place(1)]] * 4)

    def test_dead_alternate(self):
        changes = self.one('dead-alternate')
        self.assertEqual([sources(answers) for answers in changes], [[place(1)], [], [], []])
        self.assertEqual(changes[0]['answers'][0]['other'], place(1, alternate=True, port=1))

    def test_same_alternate(self):
        changes = self.one('same-alternate')
        self.assertEqual(changes[0]['answers'][0]['other'], place(1, port=1))

    def test_plain(self):
        changes = self.one('plain')
        self.assertEqual(sources(changes[0]), [place(1)])
        self.assertEqual(changes[0]['answers'][0]['other'], None)
        for answers in changes[1:]:
            self.assertNotIn(0x01, [answer['class'] for answer in answers['answers'] if answer['mapped']])

    def test_every_role_is_tested_here(self):
        tests = ' '.join(name for name in dir(self) if name.startswith('test_'))
        names = {'lying': 'liars', 'colluding': 'colluders'}
        group = tool.run('lab', 'run', '--help').stdout.split('So many of the servers…:')[1].split('\n\n')[0]
        roles = [line.split('=')[0].strip(' -') for line in group.splitlines() if line.strip().startswith('--')]
        self.assertIn('lying', roles)
        for role in roles:
            self.assertIn(names.get(role, role).replace('-', '_'), tests)


if __name__ == '__main__':
    tap.main()

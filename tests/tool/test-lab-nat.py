# SPDX-License-Identifier: LGPL-2.1-or-later
"""Every NAT of the lab does to packets what “aionet lab list --json” says about it."""
import functools
import json
import os
import shlex
import sys
import unittest

import tap
import tool

PROBE = [sys.executable, os.path.join(tool.HERE, 'nat_probe.py')]
OPEN, FIREWALL, FULL_CONE, RESTRICTED, PORT_RESTRICTED, SYMMETRIC, BLOCKED = range(1, 8)
NOT_APPLICABLE, EQUAL, PRESERVING, INDEPENDENT, DEPENDENT, RANDOM = range(1, 7)
INDEPENDENT_OF_ALL, OF_ADDRESS, OF_ALL = 'endpoint-independent', 'address-dependent', 'address-and-port-dependent'
# The number space of the NATs that count: 1 to 65535.
SPACE = 65535


@functools.lru_cache(None)
def networks():
    return {network['name']: network for network in json.loads(tool.run('lab', 'list', '--json').stdout)}


@functools.lru_cache(None)
def measured(name):
    return tool.lab_json(*PROBE, nat=name, options=('--world', shlex.join([*PROBE, 'reflect'])))


def truths():
    """Of all networks through which UDP passes."""
    return {name: network['nat'] for name, network in networks().items() if network['nat']['type'] != BLOCKED}


def steps(pairs):
    return [(after - before + SPACE // 2) % SPACE - SPACE // 2 for (_, before), (_, after) in zip(pairs, pairs[1:])]


@tool.needs_lab
class Truth(unittest.TestCase):
    def check_each(self, check, *, delta=None):
        """Calls check with truth and measurement of every network, or of those with a kind of delta."""
        chosen = {name: truth for name, truth in truths().items() if delta in {None, truth['delta']['type']}}
        self.assertNotEqual(chosen, {})
        for name, truth in chosen.items():
            with self.subTest(name):
                check(truth, measured(name))

    def test_type_follows_from_the_behaviours(self):
        def check(truth, seen):
            translates = seen['external'] != seen['own']
            cone = {INDEPENDENT_OF_ALL: FULL_CONE, OF_ADDRESS: RESTRICTED, OF_ALL: PORT_RESTRICTED}
            expected = cone[truth['filtering']] if truth['mapping'] == INDEPENDENT_OF_ALL else SYMMETRIC
            if not translates:
                expected = OPEN if truth['filtering'] == INDEPENDENT_OF_ALL else FIREWALL
            self.assertEqual(truth['type'], expected)
        self.check_each(check)

    def test_mapping(self):
        def check(truth, seen):
            self.assertEqual(len({host for host, _ in seen['mapping']}), 1, 'one outside address')
            for protocol in ([port for _, port in seen['mapping']], seen['tcp_mapping']):
                expected = {INDEPENDENT_OF_ALL: [0, 0, 0, 0], OF_ADDRESS: [0, 0, 1, 1], OF_ALL: [0, 1, 2, 3]}
                classes = [sorted(set(protocol), key=protocol.index).index(port) for port in protocol]
                self.assertEqual(classes[:4], expected[truth['mapping']], protocol)
            self.assertEqual(seen['mapping'][0], seen['mapping'][4], 'a mapping stays')
            self.assertEqual(seen['mapping'][3], seen['mapping'][5], 'a mapping stays')
        self.check_each(check)

    def test_filtering(self):
        def check(truth, seen):
            expected = {INDEPENDENT_OF_ALL: [0, 1, 2, 3], OF_ADDRESS: [0, 1], OF_ALL: [0]}
            self.assertEqual(seen['filtering'], expected[truth['filtering']])
        self.check_each(check)

    def test_hairpinning(self):
        def check(truth, seen):
            if truth['type'] not in {OPEN, FIREWALL}:
                self.assertEqual(seen['hairpinning'], True if truth['hairpinning'] else None)
        self.check_each(check)
        self.assertTrue(truths()['full-cone-hairpin']['hairpinning'])

    def test_no_translation(self):
        def check(_, seen):
            self.assertEqual(seen['external'], seen['own'])
            for local, mapped in seen['steps'] + seen['jumps']:
                self.assertEqual(local, mapped)
        self.check_each(check, delta=NOT_APPLICABLE)

    def test_equal_delta(self):
        def check(truth, seen):
            self.assertEqual(truth['delta']['value'], 0)
            self.assertNotEqual(seen['external'], seen['own'])
            for local, mapped in seen['steps'] + seen['jumps']:
                self.assertEqual(local, mapped)
        self.check_each(check, delta=EQUAL)

    def test_preserving_delta(self):
        def check(truth, seen):
            self.assertEqual(truth['delta']['value'], 0)
            distances = {mapped - local for local, mapped in seen['steps'] + seen['jumps']}
            self.assertEqual(len(distances), 1)
            self.assertNotEqual(distances, {0})
        self.check_each(check, delta=PRESERVING)

    def test_independent_delta(self):
        def check(truth, seen):
            self.assertEqual(set(steps(seen['steps'] + seen['jumps'])), {truth['delta']['value']})
        self.check_each(check, delta=INDEPENDENT)

    def test_independent_delta_goes_around(self):
        seen = measured('independent-delta-wrap')
        self.assertLess(seen['jumps'][-1][1], seen['mapping'][0][1])

    def test_dependent_delta(self):
        def check(truth, seen):
            self.assertEqual(set(steps(seen['steps'])), {truth['delta']['value']})
            self.assertNotIn(truth['delta']['value'], steps(seen['jumps']))
        self.check_each(check, delta=DEPENDENT)

    def test_random_delta(self):
        def check(truth, seen):
            self.assertEqual(truth['delta']['value'], 0)
            pairs = seen['steps'] + seen['jumps']
            self.assertEqual(len({mapped for _, mapped in pairs}), len(pairs))
            self.assertGreater(len(set(steps(pairs))), len(pairs) / 2, 'no step is common')
            for local, mapped in pairs:
                self.assertNotEqual(local, mapped)
        self.check_each(check, delta=RANDOM)

    def test_all_nine_combinations_and_all_deltas_are_there(self):
        behaviours = INDEPENDENT_OF_ALL, OF_ADDRESS, OF_ALL
        there = {(truth['mapping'], truth['filtering']) for truth in truths().values() if truth['type'] > FIREWALL}
        self.assertEqual(there, {(mapping, filtering) for mapping in behaviours for filtering in behaviours})
        self.assertEqual({truth['delta']['type'] for truth in truths().values()}, set(range(NOT_APPLICABLE, RANDOM + 1)))
        self.assertEqual({network['nat']['type'] for network in networks().values()}, set(range(OPEN, BLOCKED + 1)))


@tool.needs_lab
class List(unittest.TestCase):
    def test_every_truth_is_complete(self):
        for network in networks().values():
            nat = network['nat']
            self.assertEqual(set(nat), {'type', 'mapping', 'filtering', 'delta', 'hairpinning'})
            self.assertEqual(set(nat['delta']), {'type', 'value'})
            if nat['type'] == BLOCKED:
                self.assertEqual((nat['mapping'], nat['filtering'], nat['delta']),
                                 ('unknown', 'unknown', {'type': NOT_APPLICABLE, 'value': 0}))

    def test_every_alias_builds_the_same(self):
        for name, network in networks().items():
            if network['alias']:
                ended = tool.lab('sh', '-c', 'echo $AIONET_LAB', nat=network['alias'])
                self.assertEqual((ended.stdout, ended.stderr), (name + '\n', ''))


if __name__ == '__main__':
    tap.main()

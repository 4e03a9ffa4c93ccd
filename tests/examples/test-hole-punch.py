# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 The libaionet authors
"""Two hosts behind two NATs of the lab reach each other when aionet_nat_can_connect says so, and else they do not.

AIONET_TEST_PAIRS=all tries every pair of networks, and prints the matrix."""
import concurrent.futures
import functools
import itertools
import json
import os
import pathlib
import shlex
import sys
import tempfile
import unittest

import gi
gi.require_version('Aionet', '1')
from gi.repository import Aionet

import examples
import tap
import tool

SIDE = [sys.executable, os.path.join(os.path.dirname(os.path.abspath(__file__)), 'punch_side.py')]
ALL = os.environ.get('AIONET_TEST_PAIRS') == 'all'
# One of each way that a plan can be about, in both orders where it matters who starts.
PAIRS = (('guide', 'guide'), ('open', 'symmetric'), ('symmetric', 'open'), ('full-cone', 'guide'),
         ('address-restricted', 'symmetric'), ('guide', 'symmetric-sequential'), ('ad-ei', 'apd-ad'),
         ('symmetric-sequential', 'symmetric-sequential'), ('apd-ei', 'guide'),
         ('cgnat', 'udp-firewall'), ('nat66', 'ipv6-firewall'),
         ('guide', 'symmetric'), ('symmetric-sequential', 'apd-ad'), ('udp-blocked', 'open'))
BEHAVIOURS = {'unknown': 'UNKNOWN', 'endpoint-independent': 'ENDPOINT_INDEPENDENT',
              'address-dependent': 'ADDRESS_DEPENDENT', 'address-and-port-dependent': 'ADDRESS_AND_PORT_DEPENDENT'}


@functools.lru_cache(None)
def networks():
    return {network['name']: network for network in json.loads(tool.run('lab', 'list', '--json').stdout)}


@functools.lru_cache(None)
def true_nat(name):
    truth = networks()[name]['nat']
    return Aionet.Nat(type=Aionet.NatType(truth['type']), delta_type=Aionet.DeltaType(truth['delta']['type']),
                      delta_value=truth['delta']['value'], tested=True, confidence=1,
                      mapping=getattr(Aionet.NatBehavior, BEHAVIOURS[truth['mapping']]),
                      filtering=getattr(Aionet.NatBehavior, BEHAVIOURS[truth['filtering']]))


def attempt(nat, peer):
    """What both sides printed: (status, stdout, stderr) each."""
    with tempfile.TemporaryDirectory() as directory:
        first = [*SIDE, directory, 'first', 'second', *examples.command('hole-punch')]
        second = [*SIDE, directory, 'second', 'first', *examples.command('hole-punch')]
        ended = tool.lab(*first, nat=nat, options=('--world', shlex.join(examples.command('rendezvous', 9000)),
                                                   '--peer', f'{peer}:{shlex.join(second)}'))
        assert ended.returncode == 0, ended.stderr
        return [json.loads((pathlib.Path(directory) / name).read_text(encoding='utf-8'))
                for name in ('first', 'second')]


# From these nobody gets to the rendezvous, or what servers see of them is no address to be reached at.
ALONE = {'refused', 'no-internet', 'private-external'}


def all_pairs():
    for pair in itertools.combinations_with_replacement([name for name in networks() if name not in ALONE], 2):
        first, second = map(networks().get, pair)
        if (first['ipv4'] and second['ipv4']) or (first['ipv6'] and second['ipv6'] and first['ipv4'] == second['ipv4']):
            yield pair


@tool.needs_lab
class HolePunch(unittest.TestCase):
    def test_pairs(self):
        """It is as aionet_nat_can_connect says."""
        pairs = list(all_pairs() if ALL else PAIRS)
        # Most of the time is waiting.
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            attempts = [pool.submit(attempt, *pair) for pair in pairs]
            for (nat, peer), attempted in zip(pairs, attempts):
                with self.subTest(f'{nat} {peer}'):
                    self.check(nat, peer, attempted.result())

    def check(self, nat, peer, ended):
        plan = Aionet.NatPlan.new(true_nat(nat), true_nat(peer))
        self.assertEqual(plan.is_possible(), true_nat(nat).can_connect(true_nat(peer)))
        reached = [(status, out) for status, out, _ in ended] == [(0, 'second\n'), (0, 'first\n')]
        print(f'# {nat:28} {peer:28} {plan.get_method().value_nick:16} '
              f'{"reached" if reached else "not reached"}', flush=True)
        self.assertEqual(reached, plan.is_possible(), f'{plan.get_reason()}: {ended}')
        if not reached:
            self.assertEqual([(status, out) for status, out, _ in ended], [(1, ''), (1, '')])


if __name__ == '__main__':
    tap.main()

# SPDX-License-Identifier: LGPL-2.1-or-later
"""aionet nat and aionet show --nat, behind every NAT of the lab, with servers that owe the library nothing."""
import json
import re
import shlex
import shutil
import sys
import unittest

import nat_runs
import nat_world
import tap
import tool

WORLD = [sys.executable, nat_world.__file__]
RUNS = 2


def in_world(*arguments, nat='guide', world=(), options=()):
    """Runs a command in a lab, once its servers are there."""
    family = 4 if nat_runs.networks()[nat]['ipv4'] else 6
    waiting = ('import os, sys; sys.path.insert(0, sys.argv[1]); import nat_world; nat_world.wait(%d); '
               'os.environ["AIONET_STUN_SERVERS"] = nat_world.configuration(%d); '
               'os.execvp(sys.argv[2], sys.argv[2:])' % (family, family))
    return tool.lab(sys.executable, '-c', waiting, tool.HERE, *arguments, nat=nat,
                    options=('--world', shlex.join([*WORLD, '--family', str(family), *world]), *options))


@tool.needs_lab
@tool.needs_plugins('nice')
class Networks(unittest.TestCase):
    def check(self, name, *options, world=''):
        truth = nat_runs.networks()[name]['nat']
        for nat in nat_runs.observe(name, RUNS, options, world):
            with self.subTest(name, options=options, world=world):
                self.assertEqual(nat_runs.judge(truth, nat), ('right', True), nat)
                self.assertTrue(nat['tested'])

    def test_every_network(self):
        for name in nat_runs.networks():
            self.check(name)

    def test_one_liar(self):
        for name in ('guide', 'open', 'full-cone', 'symmetric'):
            self.check(name, world='--lying 1')

    def test_two_liars_who_tell_the_same(self):
        for name in ('guide', 'udp-firewall', 'address-restricted', 'independent-delta'):
            self.check(name, world='--lying 2')

    def test_servers_that_ignore_change_request(self):
        for name in ('guide', 'full-cone'):
            self.check(name, world='--deaf 2')

    def test_loss(self):
        for name in ('guide', 'full-cone', 'symmetric-sequential'):
            self.check(name, '--loss=10', '--rtt=20', '--seed=4')

    def test_the_labs_own_servers(self):
        for name in ('guide', 'open', 'full-cone-hairpin', 'symmetric-sequential', 'nat66'):
            for options in ((), ('--lying=2',)):
                with self.subTest(name, options=options):
                    nat = tool.lab_json('aionet', 'nat', '--json', nat=name, options=options)
                    self.assertEqual(nat_runs.judge(nat_runs.networks()[name]['nat'], nat), ('right', True), nat)


@tool.needs_lab
@tool.needs_plugins('nice')
@unittest.skipUnless(shutil.which('turnserver') and shutil.which('turnutils_natdiscovery'), 'coturn is not installed')
class Coturn(unittest.TestCase):
    """As server, and as a client that must agree."""
    OPTIONS = ['-n', '-S', '-p', '3478', '--alt-listening-port=3479', '--no-cli', '--no-tls', '--no-dtls',
               '--pidfile=/dev/null', '--log-file=/dev/null']

    def ask(self, name):
        servers = [nat_world.hosts(4, k) for k in (1, 2)]
        world = []
        for hosts in servers:
            added = ' && '.join(f'ip address add {host}/32 dev lo' for host in hosts)
            listening = shlex.join(['turnserver', *self.OPTIONS, *(f'-L{host}' for host in hosts)])
            world += ['--world', shlex.join(['sh', '-c', f'{added} && exec {listening} >/dev/null 2>&1'])]
        script = ('import sys; sys.path.insert(0, sys.argv[1]); import nat_world; nat_world.wait(4, 1); '
                  'nat_world.wait(4, 2); import os; os.execvp("sh", ["sh", "-c", sys.argv[2]])')
        asking = ('AIONET_STUN_SERVERS=9.1.1.1,9.2.1.1 aionet nat --json && echo === && '
                  'turnutils_natdiscovery -m -f -p 3478 9.1.1.1')
        ended = tool.lab(sys.executable, '-c', script, tool.HERE, asking, nat=name, options=world)
        document, _, said = ended.stdout.partition('===')
        return json.loads(document), said

    def test_agrees(self):
        words = {'endpoint-independent': 'Endpoint Independent', 'address-dependent': 'Address Dependent',
                 'address-and-port-dependent': 'Address and Port Dependent'}
        for name in ('guide', 'full-cone', 'address-restricted', 'symmetric'):
            with self.subTest(name):
                nat, said = self.ask(name)
                self.assertEqual(nat_runs.judge(nat_runs.networks()[name]['nat'], nat), ('right', True), nat)
                self.assertIn(f'NAT with {words[nat["mapping"]]} Mapping', said)
                if nat['filtering'] != 'unknown':
                    self.assertIn(f'NAT with {words[nat["filtering"]]} Filtering', said)


@tool.needs_lab
@tool.needs_plugins('nice')
class Output(unittest.TestCase):
    def test_guide(self):
        ended = tool.lab('aionet', 'nat')
        self.assertEqual((ended.returncode, ended.stderr), (0, ''))
        self.assertRegex(ended.stdout, r'\btype +5 +restrict port\n')
        self.assertRegex(ended.stdout, r'\bdelta +6 +random delta \(local port == rand port\)\n')
        self.assertIn('can reach each other directly: yes, by hole punching', ended.stdout)
        self.assertNotIn('What was seen', ended.stdout)

    def test_guides_json(self):
        document = json.loads(in_world('aionet', 'nat', '--json').stdout)
        guide = {'type': 5, 'nat_info': 'restrict port', 'delta': {'type': 6, 'value': 0},
                 'delta_info': 'random delta (local port == rand port)'}
        self.assertEqual({key: document[key] for key in guide}, guide)

    def test_symmetric_ones_do_not_meet(self):
        self.assertIn('can reach each other directly: no', in_world('aionet', 'nat', nat='symmetric').stdout)

    def test_verbose_tells_the_evidence(self):
        ended = in_world('aionet', 'nat', 'eth0', '-v')
        self.assertTrue(re.search(r'What was seen, in [0-9.]+ s:\n  The mapping is the same', ended.stdout), ended.stdout)

    def test_show(self):
        document = json.loads(in_world('aionet', 'show', '--nat', '--json', nat='full-cone').stdout)
        self.assertEqual((document['nat']['type'], document['nat']['tested']), (3, True))
        self.assertEqual(document['rp']['2'][0]['ext_ips'][0]['ip'], '1.3.3.7')

    def test_show_all(self):
        found = {nic['name']: nic for nic in json.loads(in_world('aionet', 'show', '--all', '--nat', '--json').stdout)}
        self.assertTrue(found['eth0']['nat']['tested'])
        self.assertFalse(found['lo']['nat']['tested'])

    def test_show_says_it(self):
        self.assertIn('nat: restrict port, random delta', in_world('aionet', 'show', '--nat').stdout)

    def test_loopback_has_none(self):
        ended = tool.lab('aionet', 'nat', 'lo')
        self.assertEqual(ended.returncode, 1)
        self.assertEqual(ended.stderr, 'aionet: The NAT of interface “lo” cannot be tested: loopback has no external address\n')

    def test_no_such_interface(self):
        ended = tool.lab('aionet', 'nat', 'nic9')
        self.assertEqual((ended.returncode, ended.stderr), (1, 'aionet: there is no interface “nic9”\n'))

    def test_usage(self):
        self.assertEqual(tool.run('nat', 'a', 'b').returncode, 2)
        self.assertEqual(tool.run('show', '--nat', '--no-external').returncode, 2)


if __name__ == '__main__':
    tap.main()

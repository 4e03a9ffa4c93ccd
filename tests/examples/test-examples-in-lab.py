# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 The libaionet authors
"""Runs the examples of one language in networks of the lab where their point shows."""
import json
import os
import pathlib
import re
import shlex
import shutil
import sys
import unittest

import examples
import tap
import tool

HERE = pathlib.Path(__file__).parent
INSIDE = [sys.executable, str(HERE / 'inside.py')]
WORLD = '198.18.0.1'


@tool.needs_lab
@tool.needs_plugins('netlink', 'nice')
class InLab(unittest.TestCase):
    def scene(self, name, *arguments, nat='guide', world=(), said=''):
        """What came of a scene of inside.py, and of a command beside it that says something."""
        options = ['--world', shlex.join(map(str, world))] if world else []
        ended = tool.lab(*INSIDE, name, *arguments, nat=nat, options=options)
        self.assertEqual((ended.returncode, ended.stderr), (0, said), (name, arguments))
        return json.loads(ended.stdout)

    def needs(self, name):
        if examples.missing(name):
            self.skipTest(examples.missing(name))

    def test_interfaces(self):
        """The guide's first example."""
        status, output, errors = self.scene('plain', 'interfaces', nat='guide-example-1')
        self.assertEqual((status, errors), (0, ''))
        self.assertEqual(output.splitlines(), [
            'eth0', '  [192.168.0.20, 193.168.0.0/16, 7.7.7.7] -> [1.3.3.7]', '  [8.8.0.0/16] -> [8.8.0.0/16]', 'lo'])

    def test_interfaces_ipv6(self):
        """The guide's second."""
        status, output, errors = self.scene('plain', 'interfaces', nat='guide-example-2')
        self.assertEqual((status, errors), (0, ''))
        self.assertEqual(output.splitlines(), [
            'eth0', '  [fe80:deed:beef::%eth0] -> [2020:deed:beef::]',
            '  [fe80:deed:beef::%eth0] -> [2020:deed:deed::/64]', 'lo'])

    def test_nat(self):
        for nat, label, ports, verdict in (
                ('guide', 'restrict port', 'random delta', 'can connect: Both NATs keep'),
                ('full-cone', 'full cone', 'random delta', 'can connect: Both NATs let in anybody'),
                ('symmetric', 'symmetric', 'random delta', 'need a relay: Each NAT picks a port'),
                ('open', 'open internet (no NAT)', 'not applicable', 'can connect: Both NATs let in anybody')):
            with self.subTest(nat):
                status, output, errors = self.scene('plain', 'nat', nat=nat)
                self.assertEqual((status, errors), (0, ''))
                lines = output.splitlines()
                self.assertEqual(lines[0], f'eth0: {label}')
                self.assertEqual(lines[1][:len(ports)], ports)
                self.assertRegex(lines[2], f'^two such hosts {verdict}')

    def test_nothing_to_ask(self):
        """Without a network there is one line that says so."""
        status, output, errors = self.scene('plain', 'nat', nat='no-internet')
        self.assertEqual((status, errors), (0, ''))
        self.assertIn('eth0: unknown (all responses blocked)', output)

    def test_interrupted(self):
        """Ctrl+C while nothing comes: no more is said."""
        for name, *arguments in (('interfaces',), ('nat',), ('http-over-route', f'http://{WORLD}/', '1.3.3.7'),
                                 ('hole-punch', f'{WORLD}:9', 'hello')):
            if not examples.missing(name):
                with self.subTest(name):
                    status, *printed = self.scene('interrupt', name, *arguments, nat='no-internet')
                    self.assertIn(status, examples.INTERRUPTED)
                    self.assertEqual(printed, ['', ''])

    def http(self, *externals, nat='three-externals'):
        return self.scene('http', *externals, nat=nat, world=[sys.executable, HERE / 'http_server.py', 8080])

    def test_http_over_route(self):
        """Three NATs, and three addresses of a block: three clients; and IPv6."""
        self.needs('http-over-route')
        for nat, externals in (('three-externals', ('1.3.3.7', '1.3.3.8', '1.3.3.9')),
                               ('routed-block', ('1.3.4.9', '1.3.4.12', '1.3.4.14')),
                               ('dual-stack', ('2400:cafe:21::21',))):
            with self.subTest(nat):
                self.assertEqual(self.http(*externals, nat=nat), [0, ''.join(f'{ext}\n' for ext in externals), ''])

    def test_http_over_a_strange_address(self):
        self.needs('http-over-route')
        for address, reason in (('9.9.9.9', 'not an address of this host'), ('nonsense', '.*(address of this host|IP address)')):
            status, output, errors = self.http('1.3.3.8', address)
            self.assertEqual((status, output), (1, '1.3.3.8\n'))
            self.assertRegex(errors, f'^{address}: {reason}\n$')

    def test_every_address(self):
        addresses = ['127.0.0.1', '::1', '192.168.21.21', '2400:cafe:21::21']
        self.assertEqual(self.scene('every_address', *addresses, nat='dual-stack'), addresses)

    def test_relay(self):
        """The server sees the relay."""
        world = [sys.executable, HERE / 'http_server.py', 8080]
        self.assertEqual(self.scene('relay', nat='open', world=world), '1.3.3.7')

    def test_udp(self):
        """The server tells a client behind a NAT its outside address."""
        status, output, errors = self.scene('udp', world=examples.command('udp-reply', 7000), said='port 7000\n')
        self.assertEqual((status, errors), (0, ''))
        self.assertRegex(output, r'^1\.3\.3\.7:\d+ said hello\n$')

    def test_stun_server(self):
        """Answers the tool, and a client by others, where the host's address is the outside one."""
        clients = [f'{shlex.quote(tool.TOOL)} stun --json 1.3.3.7:3478']
        coturn = shutil.which('turnutils_stunclient')
        if coturn:
            clients.append(f'{coturn} -p 3478 1.3.3.7')
        came = self.scene('stun', *clients, nat='open')
        self.assertEqual(sorted(came['lines']), [
            'TCP 1.3.3.7:3478', 'TCP 1.3.3.7:3479', 'UDP 1.3.3.7:3478', 'UDP 1.3.3.7:3479'])
        for status, output, errors in came['answers']:
            self.assertEqual(status, 0, errors)
            self.assertIn('1.3.3.7', output)
        status, output, errors = came['end']
        self.assertEqual((status, errors), (0, ''))
        answered = re.fullmatch(r'answered (\d+) requests\n', output)
        self.assertGreaterEqual(int(answered.group(1)), len(clients))

    def test_watch(self):
        """Addresses and interfaces that come and go."""
        lines, (status, output, errors) = self.scene('watch')
        self.assertIn('eth0 up 192.168.21.21', lines)
        self.assertIn(status, examples.INTERRUPTED)
        self.assertEqual(errors, '')
        last = {}
        for line in [*lines, *output.splitlines()]:
            name = line.split()[0]
            self.assertNotEqual(last.get(name), line, 'nothing is told twice')
            last[name] = line

    def test_plugin(self):
        """Hides what Docker made; everything else is there."""
        if examples.LANGUAGE == 'c':
            directory = pathlib.Path(examples.command('x')[0]).parent
            path = f'{directory}:{os.environ["AIONET_PLUGIN_PATH"]}'
            command = ['interfaces']
        else:
            path, command = os.environ['AIONET_PLUGIN_PATH'], ['plugin']
        ended = tool.lab(*INSIDE, 'docker', *command, env={'AIONET_PLUGIN_PATH': path})
        self.assertEqual((ended.returncode, ended.stderr), (0, ''))
        status, output, errors, there = json.loads(ended.stdout)
        self.assertEqual((status, errors), (0, ''))
        self.assertEqual(there, ['docker0', 'docker1', 'eth0', 'lo'])
        self.assertEqual([line for line in output.splitlines() if line[0] != ' '], ['eth0', 'lo'])


if __name__ == '__main__':
    tap.main()

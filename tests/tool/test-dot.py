# SPDX-License-Identifier: LGPL-2.1-or-later
"""`aionet show --dot`: which addresses are joined how, and that Graphviz draws it."""
import html
import json
import os
import re
import shutil
import subprocess
import tempfile
import unittest

import tap
import tool

FIXTURES = os.environ['AIONET_FIXTURES']


def replay(path, *arguments):
    return tool.run('show', '--backend=replay', '--timeout=30000', '--dot', *arguments, env={'AIONET_REPLAY_FILE': path})


def fixture(name, *arguments):
    ended = replay(os.path.join(FIXTURES, name + '.json'), *arguments)
    assert (ended.returncode, ended.stderr) == (0, ''), ended.stderr
    return ended.stdout


def labels(picture):
    """What each node, port and box says: {'nic0': 'eth0 …', 'nic0:p0': '192.168.0.20 private'}"""
    found = {}
    for name, label in re.findall(r'^ *(\w+) \[.*?label=<(.*)>\];$', picture, re.M):
        found[name] = text_of(label.split('</tr>')[0])
        for row in label.split('</tr>')[1:]:
            port = re.search('port="(p[0-9]+)"', row)
            if port:
                found[f'{name}:{port.group(1)}'] = text_of(row)
    found.update((name, text_of(label)) for name, label in re.findall(r'cluster_(\w+) {\n    label=<(.*?)>;', picture))
    return found


def text_of(markup):
    return html.unescape(' '.join(re.sub('<[^>]*>', ' ', markup).split()))


def edges(picture):
    """["192.168.0.20 private -> nat0_0"], with the style where there is one"""
    names = labels(picture)
    lines = []
    for start, end, rest in re.findall(r'^  (\S+) -> (\w+)(.*);$', picture, re.M):
        style = re.search('style=([a-z]+)', rest)
        start = names.get(start.removesuffix(':e')) or start
        lines.append(f'{start} -> {names.get(end) or end}{" " + style.group(1) if style else ""}')
    return lines


@tool.needs_plugins('replay')
class Pictures(unittest.TestCase):
    def test_example_1(self):
        picture = fixture('guide-example-1')
        self.assertEqual(edges(picture), [
            '192.168.0.20 private -> nat0_0',
            '193.168.0.0/16 65024 addresses -> nat0_0',
            '7.7.7.7 public -> nat0_0',
            'nat0_0 -> 1.3.3.7 public',
            '8.8.0.0/16 65024 addresses -> 8.8.0.0/16 65024 addresses'])
        self.assertEqual(labels(picture)['nic0'], 'eth0 ethernet, default, 02:00:00:00:00:02')
        self.assertEqual(labels(picture)['nat0'], 'NAT, not tested')

    def test_example_2(self):
        first, second, link = ('2020:deed:beef:: public', '2020:deed:deed::/64 a lot of addresses',
                               'fe80:deed:beef:: link-local')
        self.assertEqual(edges(fixture('guide-example-2')), [
            f'{first} -> {first}', f'{link} -> {first} dotted', f'{second} -> {second}', f'{link} -> {second} dotted'])

    def test_all(self):
        names = labels(fixture('dual-homed', '--all'))
        self.assertEqual([names[f'nic{i}'].split()[0] for i in range(3)], ['eth0', 'eth1', 'lo'])
        self.assertEqual(names['nic2:p1'], '::1 loopback')
        self.assertNotIn('none0', names)

    def test_one_external_of_two_interfaces_is_one_node(self):
        host = {'links': [{'name': name, 'addresses': [{'ip': ip, 'cidr': 24}],
                           'gateways': [{'address': '10.0.0.1', 'metric': metric}]}
                          for name, ip, metric in (('a', '10.0.0.7', 1), ('b', '10.0.1.7', 2))],
                'stun_servers': [f'{network}.1:3478' for network in ('192.0.2', '198.51.100', '203.0.113')],
                'mappings': [{'local': ip, 'external': '1.3.3.7'} for ip in ('10.0.0.7', '10.0.1.7')]}
        with tempfile.NamedTemporaryFile('w', suffix='.json') as file:
            json.dump(host, file)
            file.flush()
            picture = replay(file.name, '--all').stdout
        self.assertEqual(edges(picture), ['10.0.0.7 private -> nat0_0', 'nat0_0 -> 1.3.3.7 public',
                                          '10.0.1.7 private -> nat1_0', 'nat1_0 -> 1.3.3.7 public'])
        self.assertEqual(picture.count('ext0 [') + picture.count('ext1 ['), 1)

    def test_same_again(self):
        self.assertEqual(fixture('dual-homed', '--all'), fixture('dual-homed', '--all'))

    def test_names_cannot_leave_their_label(self):
        name = '"]; x -> y; <b>&lt;\\'
        with tempfile.NamedTemporaryFile('w', suffix='.json') as file:
            json.dump({'links': [{'name': name + '\u202e\u0007', 'addresses': []}]}, file)
            file.flush()
            ended = replay(file.name, '--all', '--no-external')
        self.assertEqual((ended.returncode, edges(ended.stdout)), (0, []))
        self.assertEqual(labels(ended.stdout)['nic0'], f'{name}?? other')
        self.draw(ended.stdout)

    def draw(self, picture):
        if shutil.which('dot') is None:
            self.skipTest('graphviz is not installed')
        drawn = subprocess.run(['dot', '-Tsvg'], input=picture, capture_output=True, text=True, check=False,
                               timeout=tool.TIMEOUT)
        self.assertEqual((drawn.returncode, drawn.stderr), (0, ''))
        self.assertIn('</svg>', drawn.stdout)

    def test_graphviz_draws_it(self):
        for name in ('guide-example-1', 'guide-example-2', 'sample', 'dual-homed'):
            with self.subTest(name):
                self.draw(fixture(name, '--all'))

    def test_one_form_of_output(self):
        ended = tool.run('show', '--dot', '--json')
        self.assertEqual((ended.returncode, ended.stdout), (2, ''))


@tool.needs_lab
@tool.needs_plugins('nice', 'netlink')
class Lab(unittest.TestCase):
    def show(self, *arguments, nat, **rest):
        ended = tool.lab('aionet', 'show', '--dot', *arguments, nat=nat, **rest)
        self.assertEqual((ended.returncode, ended.stderr), (0, ''))
        return ended.stdout

    def test_nat_that_was_tested(self):
        picture = self.show('--nat', nat='independent-delta')
        self.assertEqual(labels(picture)['nat0'], 'NAT: restrict port independent delta, +3')

    def test_three_externals(self):
        self.assertEqual(edges(self.show(nat='three-externals')), [
            line for i in range(3) for line in (f'11.0.0.{i + 1} public -> nat0_{i}',
                                                f'nat0_{i} -> 1.3.3.{i + 7} public')])

    def test_nat66(self):
        self.assertEqual(edges(self.show(nat='nat66')), [
            'fd00:21::21 private -> nat0_0', 'nat0_0 -> 2400:cafe:7::7 public',
            'fe80::21 link-local -> 2400:cafe:7::7 public dotted'])

    def test_unconfirmed_is_dashed(self):
        self.assertEqual(edges(self.show('--stun-server=192.0.2.10', nat='guide')),
                         ['192.168.21.21 private -> nat0_0 dashed', 'nat0_0 -> 1.3.3.7 public dashed'])

    def test_no_internet(self):
        self.assertEqual(edges(self.show('--timeout=500', nat='no-internet')),
                         ['192.168.21.21 private -> no external address no answer from 5 servers dashed'])


if __name__ == '__main__':
    tap.main()

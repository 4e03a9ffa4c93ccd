# SPDX-License-Identifier: LGPL-2.1-or-later
"""The main job behind real kernel NATs: what `aionet show` tells of the networks of the lab."""
import json
import os
import sys
import time
import unittest

import tap
import tool

SNIFF = [sys.executable, os.path.join(tool.HERE, 'sniff.py')]
CLIENT = [sys.executable, os.path.join(tool.HERE, 'stun_client.py')]
IPV6 = '10'


def show(*arguments, **rest):
    return tool.lab_json('aionet', 'show', *arguments, '--json', **rest)


def ranges(entries):
    return [f"{entry['ip']}/{entry['cidr']}" for entry in entries]


def routes(document, family='2'):
    """[(NIC ranges, external ranges)]"""
    return [(ranges(route['nic_ips']), ranges(route['ext_ips'])) for route in document['rp'][family]]


def sniffed(interface, *command, **rest):
    """What a command printed, and how many STUN packets left by source address."""
    seen = tool.lab_json(*SNIFF, interface, *command, **rest)
    assert seen['status'] == 0, seen
    return json.loads(seen['stdout']), seen['sources']


HOME = (['192.168.21.21/32'], ['1.3.3.7/32'])


@tool.needs_lab
@tool.needs_plugins('nice')
class Guide(unittest.TestCase):
    def test_sample(self):
        document = show()
        self.assertEqual(document['name'], 'eth0')
        nat = {key: document['nat'][key] for key in ('type', 'nat_info', 'delta', 'delta_info')}
        self.assertEqual(nat, {'type': 5, 'nat_info': 'restrict port', 'delta': {'type': 6, 'value': 0},
                               'delta_info': 'random delta (local port == rand port)'})
        self.assertEqual(set(document['rp']), {'2', IPV6})
        self.assertEqual(document['rp'][IPV6], [])
        self.assertEqual(len(document['rp']['2']), 1)
        wanted = {'af': 2, 'nic_ips': [{'ip': '192.168.21.21', 'cidr': 32, 'af': 2}],
                  'ext_ips': [{'ip': '1.3.3.7', 'cidr': 32, 'af': 2}]}
        self.assertEqual(document['rp']['2'][0] | wanted, document['rp']['2'][0])
        self.assertTrue(document['confirmed'] and document['usable'] and document['is_up'])
        self.assertEqual(document['unreachable'], [])

    @tool.needs_plugins('netlink')
    def test_example_1(self):
        document, sources = sniffed('eth0', 'aionet', 'show', 'eth0', '--json', nat='guide-example-1')
        self.assertEqual(routes(document), [
            (['192.168.0.20/32', '193.168.0.0/16', '7.7.7.7/32'], ['1.3.3.7/32']),
            (['8.8.0.0/16'], ['8.8.0.0/16'])])
        self.assertEqual(set(sources), {'192.168.0.20', '193.168.0.1', '7.7.7.7', '8.8.0.1'})

    @tool.needs_plugins('netlink')
    def test_example_1_pool_item_is_used_outside(self):
        script = 'echo $POOL_LENGTH $POOL_ITEM; exec "$@"'
        helper = [os.environ['POOL_ITEM_PROGRAM'], 'eth0', '40000', 'sh', '-c', script, 'sh', *CLIENT, 'fd=3']
        ended = tool.lab(*helper, nat='guide-example-1')
        self.assertEqual(ended.returncode, 0, ended.stderr)
        head, answers = ended.stdout.split('\n', 1)
        # Item 0 is 1.3.3.7, then 254 usable addresses in each of the blocks' /24.
        third, last = divmod(40000 - 1, 254)
        wanted = f'8.8.{third}.{last + 1}'
        self.assertEqual(head, f'65025 {wanted}')
        self.assertEqual({answer['external'] for answer in json.loads(answers)}, {wanted})

    @tool.needs_plugins('netlink')
    def test_example_2(self):
        document, sources = sniffed('eth0', 'aionet', 'show', '--json', nat='guide-example-2')
        self.assertEqual(document['rp']['2'], [])
        self.assertEqual([route[1] for route in routes(document, IPV6)],
                         [['2020:deed:beef::/128'], ['2020:deed:deed::/64']])
        for route in document['rp'][IPV6]:
            self.assertIn('fe80:deed:beef::', [entry['ip'] for entry in route['nic_ips'] + route['link_local_ips']])
        self.assertEqual(set(sources), {'2020:deed:beef::', '2020:deed:deed::1'})


@tool.needs_lab
@tool.needs_plugins('nice')
class Networks(unittest.TestCase):
    def test_open(self):
        self.assertEqual(routes(show(nat='open')), [(['1.3.3.7/32'], ['1.3.3.7/32'])])

    @tool.needs_plugins('netlink')
    def test_dual_homed(self):
        found = {nic['name']: nic for nic in show('--all', nat='dual-homed')}
        self.assertEqual(routes(found['eth0']), [HOME])
        self.assertEqual(routes(found['eth1']), [(['192.168.55.21/32'], ['5.5.5.5/32'])])
        self.assertTrue(found['eth0']['is_default']['2'])
        self.assertFalse(found['eth1']['is_default']['2'])
        self.assertFalse(found['lo']['usable'])
        self.assertEqual(found['lo']['rp'], {'2': [], IPV6: []})

    def test_dual_homed_by_name(self):
        documents = show('eth1', 'eth0', nat='dual-homed')
        self.assertEqual([nic['name'] for nic in documents], ['eth1', 'eth0'])
        self.assertEqual([routes(nic)[0][1] for nic in documents], [['5.5.5.5/32'], ['1.3.3.7/32']])

    def test_dual_stack(self):
        document = show(nat='dual-stack')
        self.assertEqual(routes(document), [HOME])
        self.assertEqual([route[1] for route in routes(document, IPV6)], [['2400:cafe:21::21/128']])
        self.assertEqual(ranges(document['link_local_ips']), ['fe80::21/128'])

    def test_nat66(self):
        # The link-local one is copied to each route, the unique local one is what leads outside.
        self.assertEqual(routes(show(nat='nat66'), IPV6),
                         [(['fd00:21::21/128', 'fe80::21/128'], ['2400:cafe:7::7/128'])])

    @tool.needs_plugins('netlink')
    def test_two_subnets(self):
        found = sorted(routes(show(nat='two-subnets')))
        self.assertEqual(found, [(['10.0.0.5/32'], ['1.3.3.8/32']), HOME])

    def test_three_externals(self):
        self.assertEqual([route[1] for route in routes(show(nat='three-externals'))],
                         [['1.3.3.7/32'], ['1.3.3.8/32'], ['1.3.3.9/32']])

    def test_private_external(self):
        refused = show(nat='private-external')
        self.assertEqual(refused['rp']['2'], [])
        self.assertEqual(ranges(refused['unreachable']), ['192.168.21.21/32'])
        allowed = show('--allow-private', nat='private-external')
        self.assertEqual(routes(allowed), [(['192.168.21.21/32'], ['10.9.9.9/32'])])

    def test_udp_blocked(self):
        self.assertEqual(routes(show(nat='udp-blocked')), [HOME])

    def test_udp_refused(self):
        self.assertEqual(routes(show(nat='udp-refused')), [HOME])

    def test_refused_ends_at_once(self):
        began = time.monotonic()
        document = show('--timeout=40000', nat='refused')
        self.assertLess(time.monotonic() - began, 40, 'refusals must not be waited out')
        self.assertEqual(document['rp']['2'], [])
        self.assertEqual(len(document['unreachable']), 1)

    def test_no_internet(self):
        document = show('--timeout=700', nat='no-internet')
        self.assertEqual(document['rp'], {'2': [], IPV6: []})
        self.assertEqual(ranges(document['addresses']), ['192.168.21.21/32'])
        self.assertEqual(ranges(document['unreachable']), ['192.168.21.21/32'])
        self.assertRegex(document['unreachable'][0]['reason'], 'no answer')

    def test_interface_without_address(self):
        script = ('ip link add veth8 type veth peer name veth9 && ip link set veth8 up && '
                  'exec aionet show veth8 --json')
        document = tool.lab_json('sh', '-c', script)
        self.assertEqual((document['name'], document['rp'], document['usable']), ('veth8', {'2': [], IPV6: []}, False))

    @tool.needs_plugins('getifaddrs')
    def test_getifaddrs_sees_the_same_route(self):
        self.assertEqual(routes(show('--backend=getifaddrs')), [HOME])


@tool.needs_lab
@tool.needs_plugins('nice')
class Servers(unittest.TestCase):
    def test_one_liar_and_one_silent_change_nothing(self):
        document = show(options=('--lying', '1', '--silent', '1'))
        self.assertEqual(routes(document), [HOME])
        self.assertTrue(document['confirmed'])
        self.assertNotIn('6.6.6.', json.dumps(document))

    def test_five_that_disagree(self):
        document = show('--timeout=2000', options=('--lying', '5'))
        self.assertFalse(document['confirmed'])
        self.assertEqual(document['rp']['2'], [])
        self.assertEqual(ranges(document['unreachable']), ['192.168.21.21/32'])

    def test_half_of_them_dead_or_silent(self):
        for kind in ('--dead', '--silent'):
            with self.subTest(kind):
                document = show(options=('--servers', '6', kind, '3'))
                self.assertEqual((routes(document), document['confirmed']), ([HOME], True))

    def test_all_silent(self):
        self.assertEqual(show('--timeout=700', options=('--silent', '5'))['rp']['2'], [])

    def test_loss(self):
        self.assertEqual(routes(show('--timeout=20000', options=('--loss', '20', '--servers', '16'))), [HOME])

    def test_one_server_is_not_confirmed(self):
        document = show('--stun-server=192.0.2.10:3478')
        self.assertEqual((routes(document), document['confirmed']), ([HOME], False))
        self.assertEqual(document['rp']['2'][0]['confirmed'], False)

    def test_port_3478_is_the_usual_one(self):
        self.assertEqual(routes(show('--stun-server=192.0.2.10', '--stun-server=203.0.113.10')), [HOME])

    def test_min_agree_beyond_the_servers(self):
        document = show('--min-agree=9')
        self.assertEqual((routes(document), document['confirmed']), ([HOME], False))

    def test_servers_from_the_environment_are_replaced(self):
        _, sources = sniffed('eth0', 'env', 'AIONET_STUN_SERVERS=nowhere.invalid:1', 'aionet', 'show', '--json',
                             '--stun-server=192.0.2.10:3478')
        self.assertEqual(set(sources), {'192.168.21.21'})


@tool.needs_lab
class NoPackets(unittest.TestCase):
    def test_list_and_no_external_ask_nobody(self):
        for arguments in (('list',), ('show', '--no-external'), ('show', '--no-external', '--all')):
            with self.subTest(arguments):
                document, sources = sniffed('eth0', 'aionet', *arguments, '--json')
                self.assertEqual(sources, {})
                first = document[0] if isinstance(document, list) else document
                self.assertEqual(ranges(first['addresses']), ['192.168.21.21/32'])
                self.assertEqual(first['rp'], {'2': [], IPV6: []})

    def test_list_is_what_the_system_has(self):
        script = 'ip link add veth8 type veth peer name veth9; ls /sys/class/net; echo; exec aionet list --json'
        names, document = tool.lab('sh', '-c', script, nat='dual-homed').stdout.split('\n\n', 1)
        found = json.loads(document)
        self.assertEqual({nic['name'] for nic in found}, set(names.split()))
        self.assertEqual([nic['usable'] for nic in found], sorted((nic['usable'] for nic in found), reverse=True))
        self.assertEqual({nic['name'] for nic in found if nic['usable']}, {'eth0', 'eth1'})

    def test_list_for_a_person(self):
        lines = tool.lab('aionet', 'list').stdout.splitlines()
        self.assertEqual(lines[0].split(), ['NAME', 'KIND', 'STATE', 'MTU', 'ADDRESSES'])
        self.assertRegex(lines[1], r'^\*  eth0 +\S+ +up +1500 +192\.168\.21\.21/24$')
        self.assertRegex(lines[2], r'^   lo +loopback +up +65536 +127\.0\.0\.1/8, ::1/128$')


if __name__ == '__main__':
    tap.main()

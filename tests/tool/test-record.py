# SPDX-License-Identifier: LGPL-2.1-or-later
"""`aionet record`: a host of the lab, replayed where there is no network, is the same host."""
import json
import os
import re
import subprocess
import tempfile
import unittest

import tap
import tool

# The host, a record of it, and one without what identifies it, all within one life of the network.
SCRIPT = '''aionet show --all --json "$@" && echo ---- && aionet record "$@" && echo ---- &&
aionet record --mask "$@"'''
# Those that answer do so at once; silence is waited out.
PATIENT = ('--timeout=30000',)
NETWORKS = dict.fromkeys(('guide', 'open', 'guide-example-1', 'guide-example-2', 'three-externals', 'routed-block',
                          'dual-stack', 'dual-homed', 'two-subnets', 'nat66', 'cgnat', 'udp-refused', 'refused'), PATIENT)
NETWORKS |= {'private-external': (*PATIENT, '--allow-private'), 'udp-blocked': ('--timeout=5000',),
             'no-internet': ('--timeout=700',)}
IPV4 = r'(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}'
IPV6 = r'(?<![0-9a-z:])[0-9a-f]*:[0-9a-f]*:[0-9a-f:]*[0-9a-f:]'
MAC = '(?:[0-9a-f]{2}:){5}[0-9a-f]{2}'
# Of every host, so they tell nothing.
COMMON = {'127.0.0.1', '::1', '00:00:00:00:00:00'}


def replay(record, *arguments, command=('show', '--all', '--json')):
    """What the tool tells of a record where there is nothing but a loopback interface that is down."""
    with tempfile.NamedTemporaryFile('w', suffix='.json') as file:
        file.write(record)
        file.flush()
        ended = subprocess.run(['unshare', '--user', '--map-root-user', '--net', tool.TOOL, *command,
                                '--backend=replay', *arguments], capture_output=True, text=True, check=False,
                               timeout=tool.TIMEOUT, env=os.environ | {'AIONET_REPLAY_FILE': file.name})
    assert (ended.returncode, ended.stderr) == (0, ''), ended.stderr
    return json.loads(ended.stdout)


def addresses_in(text):
    return set(re.findall(f'{MAC}|{IPV4}|{IPV6}', text)) - COMMON


def shape(document):
    """A document with every address replaced by a number, the same for the same address."""
    seen = {}
    return re.sub(f'{MAC}|{IPV4}|{IPV6}', lambda found: f'#{seen.setdefault(found.group(), len(seen))}',
                  json.dumps(document))


@tool.needs_lab
@tool.needs_plugins('nice', 'netlink', 'replay')
class Networks(unittest.TestCase):
    def test_replay_is_the_same_host(self):
        for nat, options in NETWORKS.items():
            with self.subTest(nat):
                ended = tool.lab('sh', '-c', SCRIPT, 'sh', *options, nat=nat)
                self.assertEqual((ended.returncode, ended.stderr), (0, ''))
                shown, record, masked = ended.stdout.split('----\n')
                self.assertEqual(replay(record, *options), json.loads(shown))
                self.assertEqual(addresses_in(record) & addresses_in(masked), set())
                self.assertEqual(shape(replay(masked, *options)), shape(json.loads(shown)))

    def test_a_record_of_a_replay_is_that_record(self):
        record = tool.lab('aionet', 'record', nat='guide-example-1').stdout
        self.assertEqual(replay(record, command=('record',)) | {'description': ''},
                         json.loads(record) | {'description': ''})

    def test_links_only(self):
        document = tool.lab_json('aionet', 'record', '--no-external', nat='routed-block')
        self.assertEqual(set(document), {'description', 'links'})
        link = document['links'][1]
        self.assertEqual((link['name'], link['is_up'], link['gateways'][0]['address']), ('eth0', True, '192.168.21.1'))
        self.assertIn({'ip': '1.3.4.8', 'cidr': 29, 'af': 2}, link['addresses'] + link['blocks'])

    def test_each_server_is_asked_from_each_address(self):
        document = tool.lab_json('aionet', 'record', '--timeout=5000', nat='three-externals',
                                 options=('--servers', '7', '--lying', '1', '--silent', '1'))
        self.assertEqual(len(document['stun_servers']), 7)
        for i in range(3):
            said = [mapping['external'] for mapping in document['mappings'] if mapping['local'] == f'11.0.0.{i + 1}']
            self.assertEqual((len(said), said.count(f'1.3.3.{i + 7}')), (6, 5), said)

    def test_masks_one_by_one(self):
        script = 'aionet record; echo ----; aionet record --mask-macs; echo ----; aionet record --mask-addresses'
        plain, macs, addresses = (json.loads(part) for part in tool.lab('sh', '-c', script).stdout.split('----\n'))
        mac = plain['links'][1].pop('hardware_address')
        self.assertEqual(macs['links'][1].pop('hardware_address'), '02:00:00:00:00:01')
        self.assertEqual(addresses['links'][1].pop('hardware_address'), mac)
        self.assertEqual(macs['links'], plain['links'])
        self.assertEqual(addresses_in(json.dumps(addresses)) & addresses_in(json.dumps(plain)), set())
        self.assertEqual(addresses['links'][1]['name'], 'eth0')


@tool.needs_plugins('replay')
class Masks(unittest.TestCase):
    HOST = {
        'links': [
            {'name': 'a', 'index': 1, 'hardware_address': '02:00:00:00:00:01',
             'addresses': [{'ip': '203.0.113.77', 'cidr': 24, 'af': 2}, {'ip': '5.6.0.0', 'cidr': 16, 'af': 2},
                           {'ip': '5.6.7.8', 'cidr': 16, 'af': 2},
                           {'ip': '2400:cafe:0:1:211:22ff:fe33:4455', 'cidr': 64, 'af': 10},
                           {'ip': 'fe80::211:22ff:fe33:4455', 'cidr': 64, 'af': 10}],
             'blocks': [{'ip': '2400:cafe:0:1::', 'cidr': 64, 'af': 10}],
             'gateways': [{'af': 2, 'address': '203.0.113.1', 'metric': 3, 'table': 254,
                           'source': {'ip': '10.0.0.0', 'cidr': 8, 'af': 2}}]},
            {'name': '10.1.2.3', 'index': 2, 'hardware_address': '02:00:00:00:00:01',
             'addresses': [{'ip': '10.1.2.3', 'cidr': 24, 'af': 2}, {'ip': '100.64.3.3', 'cidr': 10, 'af': 2}]}],
    }

    def test_what_stays(self):
        was = replay(json.dumps(self.HOST), '--no-external', command=('record',))
        for _ in range(20):
            now = replay(json.dumps(self.HOST), '--no-external', '--mask', command=('record',))
            self.check(was, now)

    def check(self, was, now):
        one, two = now['links']
        self.assertEqual([link['name'] for link in now['links']], ['a', '10.1.2.3'], 'names are kept')
        self.assertEqual(one['hardware_address'], two['hardware_address'])
        self.assertNotEqual(one['hardware_address'], '02:00:00:00:00:01')
        single, block, inside, slaac, link = (entry['ip'] for entry in one['addresses'])
        self.assertTrue(block.endswith('.0.0') and inside.startswith(block.removesuffix('0.0')), now)
        self.assertTrue(single.startswith('203.0.113.') and one['gateways'][0]['address'].startswith('203.0.113.'))
        self.assertTrue(link.startswith('fe80::') and 'ff:fe33' not in slaac + link)
        base = one['blocks'][0]['ip']
        self.assertEqual(base.removesuffix('::').split(':')[:4], slaac.split(':')[:4])
        self.assertEqual(one['gateways'][0]['source'], was['links'][0]['gateways'][0]['source'], '10/8 has no other')
        self.assertTrue(two['addresses'][0]['ip'].startswith('10.') and two['addresses'][1]['ip'].startswith('100.'))
        same = {'10.1.2.3', '10.0.0.0'}  # the name of a link, and the one network of its kind
        text = json.dumps(now)
        self.assertEqual((addresses_in(text) & addresses_in(json.dumps(was))) - same, set())


class Usage(unittest.TestCase):
    def test_wrong_command_lines(self):
        for arguments in (('x',), ('--nonsense',), ('--timeout=x',)):
            with self.subTest(arguments):
                ended = tool.run('record', *arguments)
                self.assertEqual((ended.returncode, ended.stdout), (2, ''))


if __name__ == '__main__':
    tap.main()

# SPDX-License-Identifier: LGPL-2.1-or-later
"""Everything that prints JSON prints what data/aionet.schema.json says, and no more than that."""
import copy
import json
import os
import re
import subprocess
import tempfile
import unittest

import tap
import tool

try:
    import jsonschema
except ImportError:
    raise SystemExit(print('1..0 # SKIP python3-jsonschema is not installed')) from None

SOURCE = os.path.join(os.environ['AIONET_FIXTURES'], '..', '..')
with open(os.path.join(SOURCE, 'data', 'aionet.schema.json'), encoding='utf-8') as schema_file:
    SCHEMA = json.load(schema_file)
GUIDE_SAMPLE = os.path.join(SOURCE, 'tests', 'topology', 'guide-sample.txt')
# What to print in the lab, and what it is.
OUTPUTS = (('list --json', 'interfaces'), ('show --json', 'interface'), ('show --all --json', 'interfaces'),
           ('show --no-external --json', 'interface'), ('show --nat --json', 'interface'), ('nat --json', 'nat'),
           ('record', 'record'), ('record --mask --no-external', 'record'))
LINK = {'name': 'a', 'index': 5, 'hardware_address': '02:00:00:00:00:05', 'mtu': 1500, 'kind': 'ethernet',
        'addresses': [{'ip': '10.0.0.5', 'cidr': 24}], 'gateways': [{'address': '10.0.0.1', 'metric': 3}]}
# States of a host, one after the other, that make every event there is.
STATES = (
    {'links': [LINK], 'mappings': [{'local': '10.0.0.5', 'external': '1.3.3.7'}]},
    {'links': [LINK | {'name': 'b', 'hardware_address': None, 'mtu': 1400, 'kind': 'wireless', 'is_up': False,
                       'addresses': [{'ip': '10.0.0.5', 'cidr': 24, 'flags': ['deprecated']}, {'ip': '10.0.0.6'}],
                       'blocks': [{'ip': '8.8.0.0', 'cidr': 16}], 'gateways': []}, {'name': 'c', 'index': 6}]},
    {'links': [LINK | {'addresses': []}], 'mappings': []},
    {'links': [LINK], 'mappings': [{'local': '10.0.0.5', 'external': '1.3.3.7'}]},
)


def strict(schema):
    """The same where unknown members are wrong: for us they are typos, for others a later version."""
    if isinstance(schema, list):
        return [strict(entry) for entry in schema]
    if not isinstance(schema, dict):
        return schema
    made = {key: entry if key == 'if' else strict(entry) for key, entry in schema.items()}
    if schema.get('type') == 'object' and 'properties' in schema:
        made.setdefault('additionalProperties', False)
    return made


STRICT = strict(SCHEMA)


def faults(document, what, schema=None):
    schema = (STRICT if schema is None else schema) | {'$ref': f'#/$defs/{what}'}
    return [f'{"/".join(map(str, fault.path))}: {fault.message}'
            for fault in jsonschema.Draft202012Validator(schema).iter_errors(document)]


def members(schema):
    """All names of members that a schema knows."""
    if isinstance(schema, list):
        return set().union(*map(members, schema))
    if not isinstance(schema, dict):
        return set()
    own = set(schema['properties']) if isinstance(schema.get('properties'), dict) else set()
    return own.union(*(members(entry) for entry in schema.values()))


def names(document):
    if isinstance(document, list):
        return set().union(*map(names, document))
    if isinstance(document, dict):
        return set(document).union(*map(names, document.values()))
    return set()


class Schema(unittest.TestCase):
    def test_is_one(self):
        jsonschema.Draft202012Validator.check_schema(SCHEMA)
        jsonschema.Draft202012Validator.check_schema(STRICT)

    def test_enumerations_are_those_of_the_library(self):
        for header, prefix, values in (
                ('provider/aionet-link.h', 'AIONET_LINK_KIND_', SCHEMA['$defs']['kind']['enum']),
                ('provider/aionet-plugin-info.h', 'AIONET_PLUGIN_STATE_', SCHEMA['$defs']['plugin_state']['enum']),
                ('provider/aionet-plugin-info.h', 'AIONET_PLUGIN_ORIGIN_', SCHEMA['$defs']['plugin_origin']['enum']),
                ('value/aionet-nat.h', 'AIONET_NAT_BEHAVIOR_', SCHEMA['$defs']['behavior']['enum'])):
            with open(os.path.join(SOURCE, 'libaionet', header), encoding='utf-8') as file:
                found = re.findall(rf'^  {prefix}(\w+)', file.read(), re.M)
            self.assertEqual([name.lower().replace('_', '-') for name in found], values)
        with open(os.path.join(SOURCE, 'libaionet', 'value', 'aionet-nat-labels.c'), encoding='utf-8') as file:
            labels = re.findall('return "(.*)";', file.read())
        known = SCHEMA['$defs']['nat']['properties']
        self.assertEqual(labels, known['nat_info']['enum'] + known['delta_info']['enum'])

    def test_the_guide_s_sample(self):
        with open(GUIDE_SAMPLE, encoding='utf-8') as file:
            sample = json.loads(file.read().strip().removeprefix('Interface.from_dict(').removesuffix(')'))
        self.assertEqual(faults(sample, 'interface'), [])

    def test_files(self):
        directory = os.environ['AIONET_FIXTURES']
        for name in os.listdir(directory):
            with open(os.path.join(directory, name), encoding='utf-8') as file:
                self.assertEqual(faults(json.load(file), 'record'), [], name)
        with open(os.path.join(SOURCE, 'data', 'stun-servers.json'), encoding='utf-8') as file:
            self.assertEqual(faults(json.load(file), 'servers'), [])

    def test_typos_are_found_and_more_members_are_allowed(self):
        with open(GUIDE_SAMPLE, encoding='utf-8') as file:
            sample = json.loads(file.read().strip().removeprefix('Interface.from_dict(').removesuffix(')'))
        more = copy.deepcopy(sample)
        more['rp']['2'][0]['nic_ips'][0]['later'] = more['later'] = True
        self.assertEqual(faults(more, 'interface', SCHEMA), [])
        self.assertEqual(len(faults(more, 'interface')), 2)
        for change in (lambda it: it.pop('name'), lambda it: it.update(name=5), lambda it: it['rp'].update({'7': []}),
                       lambda it: it['nat'].pop('delta'), lambda it: it['nat'].update(type=8),
                       lambda it: it['rp']['2'][0].pop('ext_ips'), lambda it: it['rp']['2'][0].update(af=11),
                       lambda it: it['rp']['2'][0]['nic_ips'][0].update(ip='1.2.3.4/32')):
            wrong = copy.deepcopy(sample)
            change(wrong)
            self.assertNotEqual(faults(wrong, 'interface', SCHEMA), [], wrong)


class Outputs(unittest.TestCase):
    def check(self, text, what):
        document = json.loads(text)
        self.assertEqual(faults(document, what), [], text)
        return names(document)

    @tool.needs_plugins('replay')
    def test_every_event(self):
        with tempfile.TemporaryDirectory() as directory:
            path = os.path.join(directory, 'host.json')

            def write(state):
                servers = [f'{network}.1:3478' for network in ('192.0.2', '198.51.100', '203.0.113')]
                with open(path + '.new', 'w', encoding='utf-8') as file:
                    json.dump({'stun_servers': servers} | state, file)
                os.replace(path + '.new', path)

            write(STATES[0])
            # What shows that a state has been taken in, with its routes, so that the next may come.
            following = {'watching': 1, 'route-removed': 2, 'interface-gone': 3}
            events = set()
            with subprocess.Popen([tool.TOOL, 'watch', '--json', '--load', '--backend=replay'], text=True,
                                  stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                  env=os.environ | {'AIONET_REPLAY_FILE': path}) as process:
                for line in process.stdout:
                    self.check(line, 'event')
                    event = json.loads(line)['event']
                    events.add(event)
                    if event in following:
                        write(STATES[following.pop(event)])
                    if events == set(SCHEMA['$defs']['event']['properties']['event']['enum']):
                        process.terminate()
            self.assertEqual(process.returncode, 0)

    def test_plugins_and_networks(self):
        self.check(tool.run('plugins', '--json').stdout, 'plugins')
        self.check(tool.run('lab', 'list', '--json').stdout, 'networks')


@tool.needs_lab
@tool.needs_plugins('nice', 'netlink')
class Lab(unittest.TestCase):
    check = Outputs.check

    def run_all(self, outputs, **rest):
        script = ' && echo ---- && '.join(f'aionet {arguments}' for arguments, _ in outputs)
        ended = tool.lab('sh', '-c', script, **rest)
        self.assertEqual((ended.returncode, ended.stderr), (0, ''))
        seen = set()
        for (arguments, what), text in zip(outputs, ended.stdout.split('----\n'), strict=True):
            with self.subTest(arguments):
                seen |= self.check(text, what)
        return seen

    def test_networks(self):
        seen = set()
        for nat in ('guide', 'guide-example-1', 'dual-stack', 'nat66', 'udp-refused'):
            with self.subTest(nat):
                seen |= self.run_all(OUTPUTS, nat=nat)
        known = members({key: SCHEMA['$defs'][key] for key in
                         ('interface', 'nat', 'route', 'range', 'record', 'link', 'answer', 'gateway')})
        self.assertEqual(known - seen - {'reason', 'fail', 'flags'}, set(), 'a member that nobody ever saw is a typo')

    def test_no_internet(self):
        seen = self.run_all([(f'show {more} --timeout=500 --json', what) for more, what in
                             (('', 'interface'), ('--all', 'interfaces'))], nat='no-internet')
        self.assertIn('reason', seen)

    def test_stun(self):
        self.run_all([('stun 192.0.2.10 --json', 'mapping'), ('stun 192.0.2.10 --tcp --json', 'mapping')])
        self.run_all([('stun 192.0.2.10 --timeout=20000 --json', 'mapping')], options=('--rtt', '700'))


if __name__ == '__main__':
    tap.main()

# SPDX-License-Identifier: LGPL-2.1-or-later
"""The command line: exit statuses, terminals, `aionet stun` and `aionet plugins`."""
import json
import re
import subprocess
import unittest

import tap
import tool

ONE_LINE = r'^aionet: [^\n]+\n$'


class Usage(unittest.TestCase):
    def test_wrong_command_lines(self):
        for arguments in ((), ('nonsense',), ('--nonsense',), ('list', 'x'), ('list', '--nonsense'), ('plugins', 'x'),
                          ('show', '--all', 'eth0'), ('show', '--timeout=x'), ('show', '--timeout=-1'),
                          ('show', '--min-agree=-1'), ('show', '--stun-server=:'), ('show', '--stun-server=a:99999'),
                          ('stun',), ('stun', 'a', 'b'), ('stun', '[::1'), ('stun', 'a:b'), ('serve',), ('list', '--color=sometimes'),
                          ('list', '--color'),
                          ('serve', 'nonsense')):
            with self.subTest(arguments):
                ended = tool.run(*arguments)
                self.assertEqual((ended.returncode, ended.stdout), (2, ''), ended.stderr)
                self.assertRegex(ended.stderr, ONE_LINE)

    def test_did_you_mean(self):
        for arguments, meant in ((('shwo',), '“show”'), (('stum',), '“stun”'), (('lab', 'rum'), '“run”'),
                                 (('serve', 'sturn'), '“stun”'), (('help', 'plugin'), '“plugins”'),
                                 (('show', '--jsno'), '--json'), (('show', '--time=5'), '--timeout'),
                                 (('show', 'eth0', '--no-externl'), '--no-external'), (('nat', '--verbos'), '--verbose'),
                                 (('lab', 'run', '--nat=symetric', 'true'), '“symmetric”')):
            with self.subTest(arguments):
                ended = tool.run(*arguments)
                self.assertEqual((ended.returncode, ended.stdout), (2, ''))
                self.assertRegex(ended.stderr, ONE_LINE)
                self.assertIn(f'did you mean {meant}?', ended.stderr)
        for arguments in (('xyzzy',), ('x',), ('', ), ('show', '--xyzzy'), ('show', '-x'), ('__complet',),
                          ('lab', 'run', '--nat=xyzzy', 'true'), ('a' * 1000,), ('show', '--' + 'a' * 1000)):
            with self.subTest(arguments):
                ended = tool.run(*arguments)
                self.assertEqual((ended.returncode, ended.stdout), (2, ''))
                self.assertNotIn('did you mean', ended.stderr)

    def test_unknown_names(self):
        for arguments, text in ((('show', 'nosuch0'), '“nosuch0”'), (('list', '--backend=nosuch'), 'nosuch'),
                                (('show', '--provider=nosuch'), 'nosuch'),
                                (('stun', '192.0.2.1', '--from=nosuch0'), '“nosuch0”'),
                                (('stun', '192.0.2.1', '--from=192.0.2.77'), '“192.0.2.77”')):
            with self.subTest(arguments):
                ended = tool.run(*arguments)
                self.assertEqual((ended.returncode, ended.stdout), (1, ''))
                self.assertRegex(ended.stderr, ONE_LINE)
                self.assertIn(text, ended.stderr)

    def test_output_that_cannot_be_written(self):
        with open('/dev/full', 'w', encoding='utf-8') as full:
            ended = subprocess.run([tool.TOOL, 'list'], stdout=full, stderr=subprocess.PIPE, text=True, check=False,
                                   timeout=tool.TIMEOUT)
        self.assertEqual(ended.returncode, 1)
        self.assertRegex(ended.stderr, ONE_LINE)


class Plugins(unittest.TestCase):
    def test_json(self):
        found = json.loads(tool.run('plugins', '--json').stdout)
        for plugin in found:
            self.assertEqual(set(plugin), {'name', 'kind', 'version', 'description', 'priority', 'origin', 'state',
                                           'reason', 'path'})
        self.assertLessEqual({plugin['kind'] for plugin in found}, {'address-backend', 'stun-provider'})
        self.assertIn('ready', {plugin['state'] for plugin in found})

    def test_table(self):
        table = tool.run('plugins').stdout.splitlines()
        self.assertEqual(table[0].split(), ['NAME', 'KIND', 'VERSION', 'ORIGIN', 'STATE', 'REASON', 'PATH'])
        self.assertEqual(len(table) - 1, len(json.loads(tool.run('plugins', '--json').stdout)))


@tool.needs_lab
@tool.needs_plugins('nice')
class Terminal(unittest.TestCase):
    ARGUMENTS = ('lab', 'run', '--', 'aionet', 'show')

    def test_plain_in_a_pipe(self):
        ended = tool.run(*self.ARGUMENTS)
        self.assertEqual(ended.stderr, '')
        self.assertNotIn('\033', ended.stdout)
        self.assertRegex(ended.stdout, r'^eth0  \S+, default  ([0-9a-f]{2}:){5}[0-9a-f]{2}  nat: restrict port')
        self.assertRegex(ended.stdout, r'\n  IPv4  192\.168\.21\.21  ->  1\.3\.3\.7\n')

    def test_coloured_on_a_terminal_only_where_it_is_wanted(self):
        self.assertIn('\033[1meth0\033[0m', tool.on_terminal(*self.ARGUMENTS))
        for env in ({'NO_COLOR': '1'}, {'TERM': 'dumb'}):
            with self.subTest(env):
                self.assertNotIn('\033', tool.on_terminal(*self.ARGUMENTS, env=env, output_only=True))
        self.assertIn('\033', tool.on_terminal(*self.ARGUMENTS, env={'NO_COLOR': ''}, output_only=True), 'an empty NO_COLOR is none')

    def test_color(self):
        show = self.ARGUMENTS
        self.assertIn('\033[1meth0\033[0m', tool.run(*show, '--color=always').stdout)
        self.assertIn('\033', tool.run(*show, '--color', 'always', env={'NO_COLOR': '1', 'TERM': 'dumb'}).stdout)
        self.assertNotIn('\033', tool.run(*show, '--color=auto').stdout)
        for option in ((), ('--color=auto',), ('--color=never',)):
            self.assertEqual('\033' in tool.on_terminal(*show, *option, output_only=True), option != ('--color=never',))
        for arguments in (('list',), ('plugins',), ('nat',), ('stun', '192.0.2.10'), ('lab', 'list'), ('show', '--help'), ('--help',)):
            with self.subTest(arguments):
                said = tool.on_terminal('lab', 'run', '--', 'aionet', *arguments, output_only=True)
                self.assertIn('\033[', said)
                # Only what is there on every terminal, is readable on light and dark, and is ended again.
                self.assertLessEqual(set(re.findall('\033\\[(.*?)m', said)), {'0', '1', '2', '31', '32'})
                self.assertEqual(said.count('\033'), 2 * said.count('\033[0m'))
                self.assertNotIn('\033', tool.run('lab', 'run', '--', 'aionet', *arguments).stdout)

    def test_json_has_no_colour(self):
        for arguments in (('list', '--json'), ('show', '--json'), ('stun', '192.0.2.10', '--json'), ('plugins', '--json'),
                          ('nat', '--json')):
            with self.subTest(arguments):
                said = tool.on_terminal('lab', 'run', '--', 'aionet', *arguments, '--color=always', output_only=True)
                self.assertNotIn('\033', said)
                json.loads(said)

    def test_colours_keep_columns_aligned(self):
        # The address of the hardware is another one each time.
        coloured, plain = (re.sub('([0-9a-f]{2}:){5}..', '', tool.on_terminal(*self.ARGUMENTS, '--all', option, output_only=True))
                           for option in ('--color=always', '--color=never'))
        self.assertNotEqual(coloured, plain)
        self.assertEqual(tool.without_colours(coloured), plain)

    def test_narrow_terminal(self):
        said = tool.without_colours(tool.on_terminal('lab', 'run', '--nat=symmetric', '--', 'aionet', 'nat', '-v', columns=80,
                                                     output_only=True))
        self.assertIn('cannot be foretold', ' '.join(said.split()))
        self.assertLessEqual(max(map(len, said.split('\r\n'))), 80)
        for arguments in (('plugins',), ('lab', 'run', '--nat=dual-stack', '--', 'aionet', 'list'), ('lab', 'list')):
            with self.subTest(arguments):
                wide, narrow = (tool.without_colours(tool.on_terminal(*arguments, columns=columns, output_only=True)).split('\r\n')
                                for columns in (500, 80))
                self.assertLessEqual(max(map(len, narrow)), 80)
                self.assertGreater(len(narrow), len(wide))
                self.assertEqual(sorted(' '.join(narrow).split()), sorted(' '.join(wide).split()), 'nothing is lost')
                self.assertEqual(len(wide), len(tool.run(*arguments).stdout.split('\n')), 'a pipe gets a line a row')

    def test_names_that_steer_a_terminal(self):
        """An interface may be called so: a colour, C1's CSI, and a turn of the direction of writing."""
        name = 'e\033[31m\u009b1m\u202e'
        self.assertLessEqual(len(name.encode()), 15)
        for arguments in (('list',), ('show', name, '--no-external'), ('show', name, '--stun-server=127.0.0.1'),
                          ('show', name + 'x'), ('nat', name), ('stun', '127.0.0.1', '--from=' + name + 'x')):
            with self.subTest(arguments):
                script = 'ip link add "$0" type veth peer name other && exec aionet "$@"'
                for said in (tool.on_terminal('lab', 'run', '--', 'sh', '-c', script, name, *arguments, '--color=never'),
                             tool.on_terminal('lab', 'run', '--', 'sh', '-c', script, name, *arguments, '--json')
                             if arguments[0] != 'stun' else ''):
                    said = re.sub(r'\r(\w+… [\d.]+ s|\033\[K)', '', said)  # what tells that it takes long
                    self.assertFalse(set(said) & set('\033\u009b\u202e'), said)
        listed = tool.run('lab', 'run', '--', 'sh', '-c', script, name, 'list', '--json').stdout
        self.assertIn(name, {nic['name'] for nic in json.loads(listed)}, 'JSON means it all the same')

    @tool.needs_plugins('netlink')
    def test_columns_are_aligned(self):
        lines = tool.lab('aionet', 'show', nat='guide-example-1').stdout.splitlines()
        arrows = {line.index('->') for line in lines if '->' in line}
        self.assertEqual((len(arrows), sum('->' in line for line in lines)), (1, 2))

    def test_progress_only_when_it_takes_long_and_is_seen(self):
        slow = ('lab', 'run', '--rtt', '800', '--', 'aionet', 'show', '--timeout=20000')
        self.assertIn('asking STUN servers… ', tool.on_terminal(*slow, errors_only=True))
        self.assertEqual(tool.run(*slow).stderr, '')
        self.assertNotIn('asking', tool.on_terminal(*slow, env={'TERM': 'dumb'}, errors_only=True))

    def test_no_internet_is_told(self):
        ended = tool.lab('aionet', 'show', '--timeout=500', nat='no-internet')
        self.assertEqual((ended.returncode, ended.stderr), (0, ''))
        self.assertRegex(ended.stdout, r'\n  IPv4  192\.168\.21\.21  ->  none  no answer')
        self.assertRegex(ended.stdout, r'\n  No internet: no answer')

    def test_interrupt(self):
        # Without job control the shell would have a background job ignore SIGINT.
        script = 'set -m; aionet show --timeout=50000 & sleep 1; kill -INT $!; wait $!'
        ended = tool.lab('bash', '-c', script, nat='no-internet')
        self.assertEqual((ended.returncode, ended.stdout), (130, ''))
        self.assertEqual(ended.stderr.splitlines()[0], 'aionet: interrupted', 'bash adds its own line')


@tool.needs_lab
@tool.needs_plugins('nice')
class Stun(unittest.TestCase):
    def ask(self, *arguments, **rest):
        return tool.lab_json('aionet', 'stun', *arguments, '--json', **rest)

    def test_udp_and_tcp(self):
        for protocol in ('udp', 'tcp'):
            with self.subTest(protocol):
                said = self.ask('192.0.2.10:3478', *(('--tcp',) if protocol == 'tcp' else ()))
                self.assertEqual(said['protocol'], protocol)
                self.assertEqual(said['external']['ip'], '1.3.3.7')
                self.assertEqual(said['server'], {'ip': '192.0.2.10', 'port': 3478, 'af': 2})
                self.assertEqual(said['local']['ip'], '192.168.21.21')
                self.assertGreater(said['round_trip_ms'], 0)
                self.assertEqual(said['sent'], 1)

    def test_ipv6_and_the_usual_port(self):
        said = self.ask('[2001:db8:1::10]', nat='dual-stack')
        self.assertEqual((said['external']['ip'], said['server']['port']), ('2400:cafe:21::21', 3478))

    def test_from_an_address_or_an_interface(self):
        for source, external in (('192.168.55.21', '5.5.5.5'), ('eth1', '5.5.5.5'), ('192.168.21.21', '1.3.3.7')):
            for protocol in ((), ('--tcp',)):
                with self.subTest((source, protocol)):
                    said = self.ask('192.0.2.10', '--from', source, *protocol, nat='dual-homed')
                    self.assertEqual(said['external']['ip'], external)

    @tool.needs_plugins('netlink')
    def test_from_inside_a_block(self):
        said = self.ask('192.0.2.10', '--from', '8.8.77.7', nat='guide-example-1')
        self.assertEqual((said['local']['ip'], said['external']['ip']), ('8.8.77.7', '8.8.77.7'))

    def test_for_a_person(self):
        said = tool.lab('aionet', 'stun', '192.0.2.10').stdout
        self.assertRegex(said, r'^external +1\.3\.3\.7:\d+\nlocal +192\.168\.21\.21:\d+\nserver +192\.0\.2\.10:3478\n'
                               r'round trip +[\d.]+ ms, UDP, sent 1\n')

    def test_retransmission_is_told(self):
        said = self.ask('192.0.2.10', '--timeout=20000', options=('--rtt', '700'))
        self.assertGreaterEqual(said['sent'], 2)
        self.assertIsNone(said['round_trip_ms'], 'nobody knows which request was answered')

    def test_no_answer(self):
        for options, arguments in ((('--silent', '5'), ('--timeout=300',)), (('--dead', '5'), ('--timeout=40000',)),
                                   (('--dead', '5'), ('--tcp', '--timeout=40000'))):
            with self.subTest((options, arguments)):
                ended = tool.lab('aionet', 'stun', '192.0.2.10', *arguments, options=options)
                self.assertEqual((ended.returncode, ended.stdout), (1, ''))
                self.assertRegex(ended.stderr, ONE_LINE)

    def test_name_that_is_not_there(self):
        ended = tool.lab('aionet', 'stun', 'nowhere.invalid', '--timeout=2000')
        self.assertEqual((ended.returncode, ended.stdout), (1, ''))
        self.assertRegex(ended.stderr, ONE_LINE)


if __name__ == '__main__':
    tap.main()

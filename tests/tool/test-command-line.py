# SPDX-License-Identifier: LGPL-2.1-or-later
"""The command line: help, manual, exit statuses, terminals, `aionet stun` and `aionet plugins`."""
import fcntl
import json
import os
import pty
import re
import struct
import subprocess
import termios
import unittest

import tap
import tool

COMMANDS = (('list',), ('show',), ('nat',), ('stun',), ('watch',), ('record',), ('plugins',), ('connect',), ('listen',), ('relay',),
            ('lab',), ('lab', 'run'), ('lab', 'list'), ('serve', 'stun'))
ONE_LINE = r'^aionet: [^\n]+\n$'


def on_terminal(*arguments, env=None, errors_only=False):
    """Output of the tool on a pseudo-terminal; errors_only: only standard error is one."""
    leader, follower = pty.openpty()
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack('HHHH', 40, 200, 0, 0))
    clean = {k: v for k, v in os.environ.items() if k not in ('NO_COLOR', 'TERM')}
    output = subprocess.DEVNULL if errors_only else follower
    with subprocess.Popen([tool.TOOL, *arguments], stdin=subprocess.DEVNULL, stdout=output, stderr=follower,
                          env=clean | {'TERM': 'xterm'} | (env or {})) as running:
        os.close(follower)
        text = b''
        while True:
            try:
                piece = os.read(leader, 65536)
            except OSError:  # EIO: everybody has closed it
                break
            if not piece:
                break
            text += piece
        running.wait(tool.TIMEOUT)
    os.close(leader)
    return text.decode()


class Help(unittest.TestCase):
    def test_every_command_has_help(self):
        for command in ((), *COMMANDS):
            with self.subTest(command):
                ended = tool.run(*command, '--help')
                self.assertEqual((ended.returncode, ended.stderr), (0, ''))
                self.assertTrue(ended.stdout.startswith(f'Usage:\n  {" ".join(("aionet", *command))} '), ended.stdout)

    def test_every_command_is_tested_here(self):
        listed = re.findall(r'^  ([a-z]+)  ', tool.run('--help').stdout, re.M)
        self.assertEqual(set(listed), {command[0] for command in COMMANDS})

    def test_version(self):
        self.assertRegex(tool.run('--version').stdout, r'^aionet \d+\.\d+\.\d+\n$')

    def test_manual_has_every_command_and_option_and_no_other(self):
        with open(os.environ['AIONET_MANUAL'], encoding='utf-8') as file:
            manual = file.read().replace('\\-', '-')
        sections = {name: text for name, text in re.findall(r'^\.SS (\S+)\n(.*?)(?=^\.S[SH] )', manual, re.M | re.S)}
        self.assertEqual(set(sections), {command[0] for command in COMMANDS})
        for name, text in sections.items():
            with self.subTest(name):
                offered = set()
                for command in COMMANDS:
                    if command[0] == name and command != ('lab',):
                        offered |= set(re.findall(r'(?<![\w-])--[a-z][a-z-]*', options_of(command)))
                self.assertEqual(set(re.findall(r'^\.(?:B|BI|BR)\s.*?(--[a-z][a-z-]*)=?', text, re.M)),
                                 offered - {'--help', '--help-all'})


def options_of(command):
    """The option table of a command's help, without its summary and examples, which may name other options."""
    return tool.run(*command, '--help').stdout.partition('Help Options:')[2].partition('\nExamples:')[0]


class Usage(unittest.TestCase):
    def test_wrong_command_lines(self):
        for arguments in ((), ('nonsense',), ('--nonsense',), ('list', 'x'), ('list', '--nonsense'), ('plugins', 'x'),
                          ('show', '--all', 'eth0'), ('show', '--timeout=x'), ('show', '--timeout=-1'),
                          ('show', '--min-agree=-1'), ('show', '--stun-server=:'), ('show', '--stun-server=a:99999'),
                          ('stun',), ('stun', 'a', 'b'), ('stun', '[::1'), ('stun', 'a:b'), ('serve',),
                          ('serve', 'nonsense')):
            with self.subTest(arguments):
                ended = tool.run(*arguments)
                self.assertEqual((ended.returncode, ended.stdout), (2, ''), ended.stderr)
                self.assertRegex(ended.stderr, ONE_LINE)

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
        self.assertIn('\033[1meth0\033[0m', on_terminal(*self.ARGUMENTS))
        for env in ({'NO_COLOR': '1'}, {'TERM': 'dumb'}):
            with self.subTest(env):
                self.assertNotIn('\033', on_terminal(*self.ARGUMENTS, env=env))
        self.assertIn('\033', on_terminal(*self.ARGUMENTS, env={'NO_COLOR': ''}), 'an empty NO_COLOR is none')

    @tool.needs_plugins('netlink')
    def test_columns_are_aligned(self):
        lines = tool.lab('aionet', 'show', nat='guide-example-1').stdout.splitlines()
        arrows = {line.index('->') for line in lines if '->' in line}
        self.assertEqual((len(arrows), sum('->' in line for line in lines)), (1, 2))

    def test_progress_only_when_it_takes_long_and_is_seen(self):
        slow = ('lab', 'run', '--rtt', '800', '--', 'aionet', 'show', '--timeout=20000')
        self.assertIn('asking STUN servers… ', on_terminal(*slow, errors_only=True))
        self.assertEqual(tool.run(*slow).stderr, '')
        self.assertNotIn('asking', on_terminal(*slow, env={'TERM': 'dumb'}, errors_only=True))

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

# SPDX-License-Identifier: LGPL-2.1-or-later
"""--help of every command, its examples, and the manual."""
import os
import re
import shutil
import subprocess
import tempfile
import unittest

import tap
import tool

COMMANDS = (('list',), ('show',), ('nat',), ('stun',), ('watch',), ('record',), ('plugins',), ('connect',), ('listen',), ('relay',),
            ('lab',), ('lab', 'run'), ('lab', 'list'), ('serve', 'stun'))


class Help(unittest.TestCase):
    def test_every_command_has_help(self):
        for command in ((), *COMMANDS):
            with self.subTest(command):
                ended = tool.run(*command, '--help')
                self.assertEqual((ended.returncode, ended.stderr), (0, ''))
                self.assertTrue(ended.stdout.startswith(f'Usage:\n  {" ".join(("aionet", *command))} '), ended.stdout)

    def test_every_command_is_tested_here(self):
        listed = re.findall(r'^  ([a-z]+)  ', tool.run('--help').stdout.partition('Environment:')[0], re.M)
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
                offered = {}
                for command in COMMANDS:
                    if command[0] == name and command != ('lab',):
                        offered |= options_of(command)
                self.assertEqual({option: value.replace('...', '…') for option, value in described(text).items()},
                                 {option: value for option, value in offered.items() if option not in COMMON})
        for option in COMMON:
            self.assertIn('.BR ' + option, manual.partition('.SH COMMANDS')[0])

    def test_manual_has_every_variable(self):
        with open(os.environ['AIONET_MANUAL'], encoding='utf-8') as file:
            environment = file.read().partition('.SH ENVIRONMENT')[2].partition('.SH ')[0]
        offered = re.findall(r'^  ([A-Z_]{4,}) ', tool.run('--help').stdout.partition('Environment:')[2], re.M)
        self.assertIn('NO_COLOR', offered)
        self.assertEqual(set(re.findall(r'[A-Z_]{4,}(?=[ "\n])', ' '.join(re.findall(r'^\.BR? .*\n', environment, re.M)))) -
                         {'SH'}, set(offered))

    def test_help_fits_and_is_complete(self):
        for command in COMMANDS:
            with self.subTest(command):
                text = tool.run(*command, '--help').stdout
                if 'COMMAND [OPTION' in text:
                    continue
                for part in ('Usage:\n', '\nOptions:\n', '\nCommon options:\n', '\nExamples:\n', '\nExit status:\n'):
                    self.assertIn(part, text)
                for line in text.partition('\nExamples:')[0].splitlines():
                    self.assertLessEqual(len(line), 80, line)
                for option, value in options_of(command).items():
                    if value in {'MS', 'N', 'SECONDS', 'PERCENT', 'NUMBER'} and 'So many of' not in text.partition(option)[0]:
                        self.assertRegex(text.partition(option)[2].partition('--')[0], r'[0-9]+[^()]*\([^()]+\)',
                                         f'{option} tells range and default')

    def test_all_ways_to_ask_for_help(self):
        for command in COMMANDS:
            with self.subTest(command):
                text = tool.run(*command, '--help').stdout
                for arguments in ((*command, '-h'), ('help', *command)):
                    ended = tool.run(*arguments)
                    self.assertEqual((ended.returncode, ended.stdout, ended.stderr), (0, text, ''))
        self.assertEqual(tool.run('help').stdout, tool.run('--help').stdout)
        self.assertEqual(tool.run('lab', 'help', 'run').stdout, tool.run('lab', 'run', '--help').stdout)

    def test_help_is_as_wide_as_the_terminal(self):
        wide = tool.on_terminal('connect', '--help', columns=200).replace('\r', '').partition('Examples')[0]
        narrow = tool.on_terminal('connect', '--help', columns=60).replace('\r', '').partition('Examples')[0]
        self.assertLess(wide.count('\n'), narrow.count('\n'))
        self.assertLessEqual(max(map(len, tool.without_colours(narrow).splitlines())), 60)


COMMON = ('--help', '--color')


def options_of(command):
    """What --help lists: names, and what value each takes."""
    listed = tool.run(*command, '--help').stdout.partition('\nExamples:')[0]
    return dict(re.findall(r'^  (?:-\w, )?(--[a-z-]+)(?:=(\S+(?: LINE)?))?(?:  |$)', listed, re.M))


def described(section):
    """The same of a section of the manual."""
    lines = re.findall(r'^\.TP\n\.(?:B|BI|BR) (.*)$', section, re.M)
    plain = [re.sub(r'\\f[IR]|"', '', line.replace('", " ', '').replace('= ', '=')) for line in lines]
    return dict(re.findall(r'(--[a-z-]+)(?:=(.*))?$', '\n'.join(plain), re.M))


def examples():
    """Lines for a shell: those of every --help, and those of the manual."""
    for command in COMMANDS:
        text = tool.run(*command, '--help').stdout
        if 'COMMAND [OPTION' in text:
            continue
        found = re.findall(r'^  (\S.*)\n {6}\S', text.partition('\nExamples:\n')[2].partition('\nExit status:')[0], re.M)
        assert 2 <= len(found) <= 4, (command, found)
        assert f'aionet {" ".join(command)}' in found[0], found
        yield from found
    with open(os.environ['AIONET_MANUAL'], encoding='utf-8') as file:
        lines = re.findall(r'^\.TP\n\.B (.*)\n', file.read().partition('.SH EXAMPLES')[2], re.M)
    assert lines
    yield from (line.replace('\\-', '-').replace('\\e', '\\') for line in lines)


@tool.needs_lab
@tool.needs_plugins('nice')
class Examples(unittest.TestCase):
    # What keeps running until somebody ends it.
    SERVERS = re.compile(r'^aionet (listen|relay|serve|watch(?!.*--timeout))\b')
    # What the lab has not: names, three external addresses, those of others, programs of the reader.
    ELSEWHERE = re.compile(r'--address=192|example\.org|eth0/4/2|\./program')

    def run_line(self, line, directory):
        """In the lab, with something behind 192.0.2.10:7; what builds a lab of its own as it is."""
        environment = {'PATH': f'{os.path.dirname(tool.TOOL)}:{os.environ["PATH"]}'}
        if self.SERVERS.match(line):
            line = f'timeout 2 {line}'
        if 'aionet lab' in line:
            return subprocess.run(['sh', '-c', line], capture_output=True, text=True, check=False, cwd=directory,
                                  timeout=tool.TIMEOUT, stdin=subprocess.DEVNULL, env=os.environ | environment)
        options = ()
        if 'udp 192.0.2.10:7' in line:
            options = ('--world', f'{tool.TOOL} listen udp 7 --echo')
            # The lab does not wait for what runs in its world.
            line = f'until echo | aionet connect udp 192.0.2.10:7 --wait=1 2>&1 | grep -qx ""; do sleep 0.1; done; {line}'
        return tool.lab('sh', '-c', line, options=options, cwd=directory, env=environment)

    def test_every_one_works(self):
        certificate = os.path.join(tool.HERE, '../pipe/tls/server.pem')
        n_lines = 0
        with tempfile.TemporaryDirectory() as directory:
            for name in 'server.pem', 'server.key':
                shutil.copy(certificate, os.path.join(directory, name))
            for line in examples():
                n_lines += 1
                if 'curl' in line and shutil.which('curl') is None:
                    print(f'# not run, there is no curl: {line}')
                    continue
                with self.subTest(line):
                    ended = self.run_line(line, directory)
                    self.assertNotIn('--help', ended.stderr, 'it is no wrong command line')
                    if self.ELSEWHERE.search(line):
                        continue
                    self.assertEqual(ended.returncode, 124 if self.SERVERS.match(line) else 0, ended.stderr)
        self.assertGreater(n_lines, 20)


if __name__ == '__main__':
    tap.main()

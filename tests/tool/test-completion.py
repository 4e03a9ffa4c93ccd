# SPDX-License-Identifier: LGPL-2.1-or-later
"""Completion: what the tool offers, and that bash, zsh and fish offer it."""
import os
import pathlib
import pty
import re
import select
import shutil
import subprocess
import tempfile
import time
import unittest

import tap
import tool

SCRIPTS = os.environ['AIONET_COMPLETIONS']
BIN = os.path.dirname(tool.TOOL)
FIXTURE = os.environ['AIONET_FIXTURES'] + '/dual-homed.json'
BASH_COMPLETION = '/usr/share/bash-completion/bash_completion'


def asked(*words, **rest):
    """Candidates with their explanations, and what the shell is to add."""
    ended = tool.run('__complete', *words, **rest)
    assert (ended.returncode, ended.stderr) == (0, ''), ended
    *lines, last = ended.stdout.splitlines()
    assert last.startswith(':'), last
    return dict(line.split('\t') for line in lines), last


def commands(*before):
    """All commands, as --help lists them: ('lab', 'run') and so on."""
    listed = re.findall(r'^  ([a-z]+)  +\w', tool.run(*before, '--help').stdout.partition('Environment:')[0], re.M)
    for name in listed:
        below = [] if before else list(commands(name)) if 'COMMAND [OPTION' in tool.run(name, '--help').stdout else []
        yield from below or [(*before, name)]


def options(command):
    """Of a command, as --help lists them: name and what value they take."""
    return dict(re.findall(r'^  (?:-\w, )?(--[a-z-]+)(?:=(\S+(?: LINE)?))?(?:  |$)', tool.run(*command, '--help').stdout, re.M))


class Offers(unittest.TestCase):
    def test_every_command(self):
        names = {command[0] for command in commands()}
        self.assertIn('show', names)
        self.assertEqual(set(asked('')[0]), names | {'help', '--help', '--version'})
        for name in {command[0] for command in commands() if len(command) > 1}:
            self.assertEqual(set(asked(name, '')[0]),
                             {command[1] for command in commands() if command[0] == name} | {'help', '--help'})
        self.assertEqual(asked('help', 'lab', 'r'), ({'run': asked('lab', 'r')[0]['run']}, ':done'))

    def test_every_option_of_every_command(self):
        for command in commands():
            with self.subTest(command):
                expected = {name + ('=' if value else '') for name, value in options(command).items()}
                self.assertTrue({'--help', '--color='} <= expected)
                self.assertEqual(set(asked(*command, '--')[0]), expected)

    def test_every_value_is_known_how_to_complete(self):
        for command in commands():
            for name, value in options(command).items():
                with self.subTest((command, name)):
                    # A namespace of its own has no interfaces but lo; what is unknown is told.
                    asked(*command, f'{name}=' if value else name)

    def test_every_parameter_is_known_how_to_complete(self):
        for command in commands():
            for before in ((), ('x',), ('x', 'y')):
                with self.subTest((command, before)):
                    asked(*command, *before, '')

    def test_values(self):
        networks = {network for network in tool.run('lab', 'list').stdout.split('\n') if network}
        self.assertGreater(len(networks), 10)
        for words, expected, end in (
                (('lab', 'run', '--nat=symm'), {'--nat=symmetric', '--nat=symmetric-sequential',
                                                '--nat=symmetric-address-dependent'}, ':done'),
                (('lab', 'run', '--nat', 'hairp'), set(), ':done'),
                (('lab', 'run', '--peer=full-cone-h'), {'--peer=full-cone-hairpin:'}, ':done'),
                (('list', '--backend=replay'), {'--backend=replay'}, ':done'),
                (('show', '--color='), {'--color=auto', '--color=always', '--color=never'}, ':done'),
                (('connect', ''), {'tcp', 'udp'}, ':done'), (('connect', 'tcp', ''), set(), ':done'),
                (('connect', '--wait', '2', 'u'), {'udp'}, ':done'), (('listen', '-w', ''), set(), ':done'),
                (('listen', '-w', '2', ''), {'tcp', 'udp'}, ':done'),
                (('relay', ''), {'tcp:', 'udp:'}, ':done'), (('relay', 'tcp:80', 'u'), {'udp:'}, ':done'),
                (('connect', '--ca', ''), set(), ':files'), (('connect', '--ca='), set(), ':files'),
                (('listen', 'tcp', '7', '--exec='), set(), ':commands'), (('listen', '--', '--'), set(), ':done'),
                (('lab', 'run', ''), set(), ':command 3'), (('lab', 'run', '--', 'ls', '--al'), set(), ':command 4'),
                (('lab', 'run', '--nat', 'guide', '-v', 'ls', ''), set(), ':command 6'),
                (('lab', 'run', '--rtt=5', 'ls', '-l', ''), set(), ':command 4'),
                (('nosuch', ''), set(), '')):
            with self.subTest(words):
                if not end:
                    self.assertEqual(tool.run('__complete', *words).stdout, '')
                    continue
                self.assertEqual((set(asked(*words)[0]), asked(*words)[1]), (expected, end))

    def test_stun_servers_are_those_of_the_environment(self):
        offered = asked('stun', '192', env={'AIONET_STUN_SERVERS': '192.0.2.7:3478,198.51.100.7:3478'})[0]
        self.assertEqual(set(offered), {'192.0.2.7:3478'})

    def test_hidden_from_help_is_hidden_here(self):
        self.assertEqual(set(asked('serve', 'stun', '--help')[0]), {'--help', '--help-lab'})
        self.assertEqual(asked('serve', 'stun', '--sil'), ({}, ':done'))
        self.assertEqual(asked('__'), ({}, ':done'))


@tool.needs_lab
@tool.needs_plugins('netlink')
class Interfaces(unittest.TestCase):
    def offered(self, *words, nat='dual-stack', before=''):
        ended = tool.lab('sh', '-c', f'{before}exec aionet __complete "$@"', 'sh', *words, nat=nat)
        self.assertEqual((ended.returncode, ended.stderr), (0, ''))
        return {line.partition('\t')[0] for line in ended.stdout.splitlines() if not line.startswith(':')}

    def test_names(self):
        for words in (('show', ''), ('show', 'eth0', ''), ('nat', ''), ('serve', 'stun', '')):
            self.assertEqual(self.offered(*words), {'eth0', 'lo'}, words)
        self.assertEqual(self.offered('nat', 'eth0', ''), set(), 'nat takes one')
        self.assertEqual(self.offered('show', '', nat='dual-homed'), {'eth0', 'eth1', 'lo'})

    def test_routes(self):
        self.assertEqual(self.offered('connect', '--route=e'),
                         {'--route=eth0', '--route=eth0/4', '--route=eth0/6'})
        self.assertEqual(self.offered('relay', '--route', '', nat='guide'),
                         {'default', 'eth0', 'eth0/4', 'lo', 'lo/4', 'lo/6'})

    def test_addresses(self):
        self.assertEqual(self.offered('connect', '--from=1'), {'--from=127.0.0.1', '--from=192.168.21.21'})
        self.assertEqual(self.offered('stun', '--from', 'e'), {'eth0'})

    def test_backend_of_the_line(self):
        before = f'export AIONET_REPLAY_FILE={FIXTURE}; '
        self.assertEqual(self.offered('show', '--backend=replay', 'eth', before=before), {'eth0', 'eth1'})
        self.assertEqual(self.offered('show', '--backend', 'replay', 'eth', before=before), {'eth0', 'eth1'})
        self.assertEqual(self.offered('show', 'eth', before=before), {'eth0'})

    def test_no_packet_leaves(self):
        """Between two looks at the counter of eth0, with all completions that list interfaces."""
        script = '''
            n () { cat /sys/class/net/eth0/statistics/tx_packets; }
            ip -br link show eth0 >/dev/null; before=$(n)
            for i in 1 2 3; do aionet __complete show ''; aionet __complete connect --route=; aionet __complete stun ''
            done >/dev/null; echo $(($(n) - before))'''
        # A neighbour may be asked for at any time: a question to a server would be many more packets.
        self.assertLess(int(tool.lab('sh', '-c', script).stdout), 3)

    def test_names_that_a_shell_would_run(self):
        script = "ip link add 'x$(id)' type veth peer name 'y;id' && ip link add ok0 type veth peer name 'ok`id`' && "
        self.assertEqual(self.offered('show', '', before=script), {'eth0', 'lo', 'ok0'})


def clean_environment(**more):
    kept = {k: v for k, v in os.environ.items() if k in {'LC_ALL', 'AIONET_PLUGIN_PATH', 'LD_LIBRARY_PATH', 'ASAN_OPTIONS',
                                                         'UBSAN_OPTIONS', 'LSAN_OPTIONS'}}
    return kept | {'PATH': f'{BIN}:{os.environ["PATH"]}', 'TERM': 'dumb'} | more


# What is typed, and what the shell has to offer then.
TYPED = (
    ('aionet sh', {'show'}), ('aionet lab ', {'run', 'list', 'help', '--help'}), ('aionet help la', {'lab'}),
    ('aionet list --j', {'--json'}), ('aionet lab run --rt', {'--rtt='}),
    ('aionet lab run --nat=full-cone-h', {'--nat=full-cone-hairpin'}),
    ('aionet lab run --nat full-cone-h', {'full-cone-hairpin'}),
    ('aionet connect u', {'udp'}), ('aionet relay tcp:80 u', {'udp:'}),
    ('aionet stun 192.0.2.7:3', {'192.0.2.7:3478'}), ('aionet stun [2001:d', {'[2001:db8::7]:3478'}),
    ('aionet connect --ca kno', {'known.pem'}), ('aionet connect --ca=kno', {'--ca=known.pem'}),
    ('aionet lab run -- aionet show --al', {'--all', '--allow-private'}),
)


class Shell:
    """Tests of one shell; offered () types a line there."""
    program = None
    known = TYPED

    def setUp(self):
        if shutil.which(self.program) is None:
            self.skipTest(f'{self.program} is not installed')
        self.directory = tempfile.TemporaryDirectory()
        self.addCleanup(self.directory.cleanup)
        with open(os.path.join(self.directory.name, 'known.pem'), 'w', encoding='utf-8'):
            pass
        self.environment = clean_environment(HOME=self.directory.name, ZDOTDIR=self.directory.name,
                                             AIONET_STUN_SERVERS='192.0.2.7:3478,[2001:db8::7]:3478')

    def run_shell(self, *arguments):
        ended = subprocess.run([self.program, *arguments], capture_output=True, text=True, check=False,
                               stdin=subprocess.DEVNULL, timeout=tool.TIMEOUT, cwd=self.directory.name,
                               env=self.environment)
        return ended

    def test_offers(self):
        for line, expected in self.known:
            with self.subTest(line):
                self.assertEqual(self.offered(line), expected)

    def test_every_command_and_option(self):
        for command in commands():
            with self.subTest(command):
                start = ' '.join(('aionet', *command[:-1], ''))
                self.assertIn(command[-1], self.offered(start))
                expected = {name + ('=' if value else '') for name, value in options(command).items()}
                self.assertEqual(self.offered(' '.join(('aionet', *command, '--'))), expected)


def readline_words(line):
    """As readline splits a line with the usual COMP_WORDBREAKS: blanks end a word, runs of = and : are words."""
    words = re.findall(r'[=:]+|[^\s=:]+', line)
    return words + [''] if line[-1:].isspace() else words


class Bash(Shell, unittest.TestCase):
    program = 'bash'
    # Where bash-completion is not, the rest of "lab run" is files.
    known = TYPED[:-1] + (('aionet lab run -- aionet show kno', {'known.pem'}),)

    def offered(self, line, prelude=''):
        words = readline_words(line)
        quoted = ' '.join("'" + word + "'" for word in words)
        script = f'''{prelude}
            compopt () {{ :; }}
            . {SCRIPTS}/aionet.bash
            COMP_WORDS=({quoted}); COMP_CWORD={len(words) - 1}; COMP_LINE='{line}'; COMP_POINT={len(line)}
            "$(complete -p aionet | sed 's/.*-F \\([^ ]*\\).*/\\1/')" aionet
            printf '%s\\n' "${{COMPREPLY[@]}}"'''
        ended = self.run_shell('--norc', '-c', script)
        self.assertEqual(ended.stderr, '')
        # Readline puts the candidate behind the last mark of the word.
        stem = re.search(r'(\S*[=:])?[^\s=:]*$', line).group(1) or ''
        return {stem + candidate for candidate in ended.stdout.splitlines() if candidate}

    def test_with_bash_completion(self):
        if not os.path.exists(BASH_COMPLETION):
            self.skipTest('bash-completion is not installed')
        for line, expected in (*TYPED, ('aionet lab run --nat=guide -- aionet lab run --rt', {'--rtt='})):
            with self.subTest(line):
                self.assertEqual(self.offered(line, f'. {BASH_COMPLETION}'), expected)

    def test_on_a_terminal(self):
        """Readline itself: what stands on the line after the tabulator key, run by echo."""
        setup = os.path.join(self.directory.name, 'bashrc')
        with open(setup, 'w', encoding='utf-8') as file:
            file.write(f"PS1='READY> '; bind 'set enable-bracketed-paste off'; . {SCRIPTS}/aionet.bash\n"
                       'aionet () { if [ "$1" = __complete ]; then command aionet "$@"; else echo "<$*>"; fi; }\n')
        for typed, expected in (('aionet sh\t--al\t\n', '<show --all>'),
                                ('aionet lab run --nat=full-cone-h\tls\n', '<lab run --nat=full-cone-hairpin ls>'),
                                ('aionet stun 192.0.2.7:3\t--tc\t\n', '<stun 192.0.2.7:3478 --tcp>')):
            with self.subTest(typed):
                said = on_terminal(['bash', '--rcfile', setup, '-i'], self.environment, self.directory.name, typed,
                                   expected)
                self.assertIn(expected, said)


class Zsh(Shell, unittest.TestCase):
    program = 'zsh'
    # A bracket begins a subscript there.
    known = tuple(pair for pair in TYPED if '[' not in pair[0])
    CAPTURE = r'''
        PS1='READY> '
        fpath=(%s $fpath)
        autoload -Uz compinit && compinit -D -u
        compadd () {
            local -a found
            builtin compadd -O found "$@"
            (( $#found )) && print -rl -- "$IPREFIX"$^found >> %s/found
            builtin compadd "$@"
        }
        capture () { _main_complete; print end >> %s/found; }
        zle -C capture complete-word capture
        bindkey '^I' capture
        '''

    def offered(self, line):
        here = self.directory.name
        found = os.path.join(here, 'found')
        with open(found, 'w', encoding='utf-8'):
            pass
        with open(os.path.join(here, '.zshrc'), 'w', encoding='utf-8') as file:
            file.write(self.CAPTURE % (SCRIPTS, here, here))
        on_terminal(['zsh', '-i'], self.environment, here, line + '\t',
                    lambda: pathlib.Path(found).read_text(encoding='utf-8').endswith('end\n'))
        with open(found, encoding='utf-8') as file:
            return {word for word in file.read().splitlines() if word != 'end'}


def on_terminal(command, environment, directory, typed, until):
    """Types into a shell once it prompts, until there is a text or until is true; gives what it wrote."""
    pid, leader = pty.fork()
    if pid == 0:
        os.chdir(directory)
        os.execvpe(command[0], command, environment)
    said, end = '', time.monotonic() + tool.TIMEOUT
    is_over = until if callable(until) else lambda: until in said
    try:
        while time.monotonic() < end and not is_over():
            if select.select([leader], [], [], 0.05)[0]:
                try:
                    said += os.read(leader, 65536).decode(errors='replace')
                except OSError:
                    break
            if typed and 'READY> ' in said:
                os.write(leader, typed.encode())
                typed = ''
    finally:
        os.kill(pid, 9)
        os.waitpid(pid, 0)
        os.close(leader)
    return said


class Fish(Shell, unittest.TestCase):
    program = 'fish'

    def offered(self, line):
        ended = self.run_shell('--no-config', '-c', f'source {SCRIPTS}/aionet.fish; complete -C "{line}"')
        self.assertEqual(ended.stderr, '')
        return {candidate.partition('\t')[0] for candidate in ended.stdout.splitlines()}


if __name__ == '__main__':
    tap.main()

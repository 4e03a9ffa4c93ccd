# SPDX-License-Identifier: LGPL-2.1-or-later
"""The lab itself: its networks as an independent client sees them, its command, and its end."""
import json
import os
import pathlib
import pty
import re
import shlex
import signal
import subprocess
import sys
import time
import unittest

import tap
import tool

CLIENT = [sys.executable, os.path.join(tool.HERE, 'stun_client.py')]


def asked(nat, *arguments, options=()):
    return tool.lab_json(*CLIENT, *arguments, nat=nat, options=options)


def externals(nat, *arguments, options=()):
    return [answer['external'] for answer in asked(nat, *arguments, options=options)]


@tool.needs_lab
class Networks(unittest.TestCase):
    def test_guide_is_port_restricted_with_random_ports(self):
        answers = asked('guide')
        self.assertEqual({answer['external'] for answer in answers}, {'1.3.3.7'})
        self.assertEqual(len({answer['port'] for answer in answers}), 1, 'one mapping for every destination')
        self.assertNotEqual(answers[0]['port'], answers[0]['local_port'])
        self.assertEqual(asked('port-restricted')[0]['external'], '1.3.3.7')

    def test_open_keeps_address_and_port(self):
        for answer in asked('open'):
            self.assertEqual((answer['external'], answer['port']), ('1.3.3.7', answer['local_port']))

    def test_guide_example_1(self):
        for source, external in (('192.168.0.20', '1.3.3.7'), ('193.168.0.1', '1.3.3.7'), ('7.7.7.7', '1.3.3.7'),
                                 ('193.168.255.254', '1.3.3.7'), ('8.8.0.1', '8.8.0.1'), ('8.8.200.3', '8.8.200.3')):
            with self.subTest(source):
                self.assertEqual(set(externals('guide-example-1', 'source=' + source)), {external})

    def test_guide_example_2(self):
        for source in ('2020:deed:beef::', '2020:deed:deed::1', '2020:deed:deed::ffff'):
            with self.subTest(source):
                self.assertEqual(set(externals('guide-example-2', 'family=6', 'source=' + source)), {source})

    def test_dual_homed_needs_the_pin(self):
        self.assertEqual(set(externals('dual-homed')), {'1.3.3.7'})
        self.assertEqual(set(externals('dual-homed', 'device=eth1')), {'5.5.5.5'})
        self.assertEqual(set(externals('dual-homed', 'device=eth1', 'tcp=1')), {'5.5.5.5'})

    def test_dual_stack(self):
        self.assertEqual(set(externals('dual-stack')), {'1.3.3.7'})
        self.assertEqual(set(externals('dual-stack', 'family=6')), {'2400:cafe:21::21'})

    def test_nat66(self):
        self.assertEqual(set(externals('nat66', 'family=6')), {'2400:cafe:7::7'})

    def test_two_subnets(self):
        self.assertEqual(set(externals('two-subnets', 'source=192.168.21.21')), {'1.3.3.7'})
        self.assertEqual(set(externals('two-subnets', 'source=10.0.0.5')), {'1.3.3.8'})

    def test_three_externals(self):
        for last, external in (('1', '1.3.3.7'), ('2', '1.3.3.8'), ('3', '1.3.3.9')):
            self.assertEqual(set(externals('three-externals', 'source=11.0.0.' + last)), {external})

    def test_routed_block(self):
        for source, external in (('192.168.21.21', '1.3.3.7'), ('1.3.4.9', '1.3.4.9'), ('1.3.4.14', '1.3.4.14')):
            self.assertEqual(set(externals('routed-block', 'source=' + source)), {external})

    def test_private_external(self):
        self.assertEqual(set(externals('private-external')), {'10.9.9.9'})

    def test_udp_blocked(self):
        self.assertEqual({answer['error'] for answer in asked('udp-blocked')}, {'TimeoutError'})
        self.assertEqual(set(externals('udp-blocked', 'tcp=1')), {'1.3.3.7'})

    def test_udp_refused(self):
        self.assertEqual({answer['error'] for answer in asked('udp-refused')}, {'ConnectionRefusedError'})
        self.assertEqual(set(externals('udp-refused', 'tcp=1')), {'1.3.3.7'})

    def test_refused(self):
        for protocol in ('tcp=0', 'tcp=1'):
            errors = {answer['error'] for answer in asked('refused', protocol)}
            self.assertEqual(errors, {'ConnectionRefusedError'})

    def test_no_internet(self):
        for protocol in ('tcp=0', 'tcp=1'):
            errors = {answer['error'] for answer in asked('no-internet', protocol, 'timeout=0.1')}
            self.assertEqual(errors, {'TimeoutError'})

    def test_every_network_that_blocks_is_tested_here(self):
        tests = ' '.join(name for name in dir(self) if name.startswith('test_'))
        blocked = 7
        for network in json.loads(tool.run('lab', 'list', '--json').stdout):
            if network['nat']['type'] == blocked:  # all others: test-lab-nat.py
                self.assertIn(network['name'].replace('-', '_'), tests)

    def test_servers_are_on_networks_of_their_own(self):
        names = [answer['server'] for answer in asked('guide', options=('--servers', '16'))]
        self.assertEqual(len({name.rsplit('.', 1)[0] for name in names}), 16)

    def test_liars_silent_and_dead_come_first(self):
        options = ('--servers', '6', '--lying', '2', '--silent', '1', '--dead', '1')
        answers = asked('guide', options=options)
        self.assertEqual([answer['external'] for answer in answers],
                         ['6.6.6.1', '6.6.6.2', None, None, '1.3.3.7', '1.3.3.7'])
        self.assertEqual([answer['error'] for answer in answers[2:4]], ['TimeoutError', 'ConnectionRefusedError'])

    def test_rtt_delays_by_no_less(self):
        for answer in asked('dual-stack', 'timeout=20', options=('--rtt', '60')):
            self.assertGreaterEqual(answer['ms'], 60)
        for answer in asked('dual-stack', 'family=6', 'tcp=1', 'timeout=20', options=('--rtt', '60')):
            self.assertGreaterEqual(answer['ms'], 120, 'handshake and request: two round trips')

    def test_loss_is_counted(self):
        ended = tool.lab(*CLIENT, 'timeout=0.1', options=('--loss', '100', '-v'))
        self.assertEqual({answer['external'] for answer in json.loads(ended.stdout)}, {None})
        lost = re.search(r'frames, lost (\d+) and reordered 0 as asked', ended.stderr)
        self.assertGreaterEqual(int(lost.group(1)), 5, 'one request for each server')

    def test_reordering_is_counted(self):
        count = ('import socket\n'
                 's = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n'
                 's.bind(("1.3.3.1", 99))\n'
                 'order = []\n'
                 'while len(set(order)) < 101:\n'
                 '    number, source = s.recvfrom(100)\n'
                 '    order.append(int(number))\n'
                 '    if order[-1] == 0:\n'
                 '        s.sendto(b"go", source)\n'
                 's.sendto(b" ".join(b"%d" % n for n in order if n), source)\n')
        send = ('import socket\n'
                's = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n'
                's.connect(("1.3.3.1", 99))\n'
                's.settimeout(0.1)\n'
                'answer = None\n'
                'while answer is None:\n'
                '    try:\n'
                '        s.send(b"0")\n'
                '        answer = s.recv(2000)\n'
                '    except OSError:\n'
                '        pass\n'
                's.settimeout(30)\n'
                'for n in range(1, 101):\n'
                '    s.send(b"%d" % n)\n'
                'while answer == b"go":\n'
                '    answer = s.recv(2000)\n'
                'print(answer.decode())')
        for percent in (0, 50, 100):
            with self.subTest(percent):
                ended = tool.lab(sys.executable, '-c', send,
                                 options=('--world', shlex.join([sys.executable, '-c', count]), '--rtt', '1',
                                          '--reorder', str(percent), '-v'))
                order = [int(number) for number in ended.stdout.split()]
                self.assertEqual(sorted(order), list(range(1, 101)), ended.stderr)
                overtaken = sum(after < before for before, after in zip(order, order[1:]))
                self.assertEqual(overtaken > 0, percent > 0)
                counted = int(re.search(r'reordered (\d+) as asked', ended.stderr).group(1))
                self.assertGreaterEqual(counted, overtaken)
                self.assertEqual(counted > 0, percent > 0)

    def test_seed_repeats_chance(self):
        def ports(*seed):
            ended = tool.lab(*CLIENT, nat='apd-ei', options=('-v', *seed))
            told = re.search(r'--seed (\d+) repeats', ended.stderr).group(1)
            return told, [answer['port'] for answer in json.loads(ended.stdout)]
        seed, first = ports()
        self.assertEqual(ports('--seed', seed), (seed, first))
        self.assertNotEqual(ports('--seed', str((int(seed) + 1) % 2**32))[1], first)

    def test_large_segments_pass_the_wire(self):
        # Two thousand requests in one write leave as segments larger than the MTU.
        script = ('import socket, struct\n'
                  's = socket.create_connection(("192.0.2.10", 3478), 30)\n'
                  's.sendall(b"".join(struct.pack("!HHI8xI", 1, 0, 0x2112A442, n) for n in range(2000)))\n'
                  'got, seen = s.makefile("rb"), set()\n'
                  'while len(seen) < 2000:\n'
                  '  head = got.read(20)\n'
                  '  seen.add(head[16:])\n'
                  '  got.read(struct.unpack_from("!H", head, 2)[0])\n'
                  'print(len(seen))')
        ended = tool.lab(sys.executable, '-c', script, options=('--rtt', '2'))
        self.assertEqual((ended.stdout, ended.stderr), ('2000\n', ''))


@tool.needs_lab
class Command(unittest.TestCase):
    def test_exit_status_is_the_commands(self):
        for script, status in (('exit 0', 0), ('exit 7', 7), ('kill -9 $$', 137), ('kill -TERM $$', 143)):
            with self.subTest(script):
                self.assertEqual(tool.lab('sh', '-c', script).returncode, status)

    def test_command_that_is_not_there(self):
        ended = tool.lab('aionet-no-such-command')
        self.assertEqual(ended.returncode, 127)
        self.assertEqual(ended.stderr, 'aionet: cannot run “aionet-no-such-command”: No such file or directory\n')
        self.assertEqual(tool.lab('/etc').returncode, 126)

    def test_standard_streams_are_the_commands(self):
        ended = subprocess.run([tool.TOOL, 'lab', 'run', '--', 'sh', '-c', 'cat; echo error >&2'], input='text',
                               capture_output=True, text=True, timeout=tool.TIMEOUT, check=True)
        self.assertEqual((ended.stdout, ended.stderr), ('text', 'error\n'))

    def test_environment(self):
        ended = tool.lab('sh', '-c', 'echo $AIONET_LAB $AIONET_STUN_SERVERS; command -v aionet; id -u; hostname')
        first, *rest = ended.stdout.splitlines()
        self.assertRegex(first, r'^guide (\d+\.\d+\.\d+\.10:3478,){4}\d+\.\d+\.\d+\.10:3478$')
        self.assertEqual(rest, [os.path.realpath(tool.TOOL), '0', 'lab'])

    def test_only_the_labs_interfaces_are_seen(self):
        ended = tool.lab('sh', '-c', 'cut -d: -f1 -s /proc/net/dev; ls /sys/class/net', nat='dual-homed')
        self.assertEqual(set(ended.stdout.split()), {'lo', 'eth0', 'eth1'})

    def test_signals_are_handed_on(self):
        script = 'trap "exit 3" USR1; echo ready; while :; do sleep 0.02; done'
        with subprocess.Popen([tool.TOOL, 'lab', 'run', '--', 'sh', '-c', script], stdout=subprocess.PIPE) as lab:
            lab.stdout.readline()
            lab.send_signal(signal.SIGUSR1)
            self.assertEqual(lab.wait(tool.TIMEOUT), 3)

    def test_normal_user(self):
        if os.geteuid() != 0:
            self.skipTest('this is a normal user already: the other tests have shown it')
        drop = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '--inh-caps=-all', '--bounding-set=-all']
        if subprocess.run([*drop, tool.TOOL, '--version'], capture_output=True, check=False).returncode != 0:
            self.skipTest('another user may not run the tool where it was built')
        ended = subprocess.run([*drop, tool.TOOL, 'lab', 'run', '--', 'cat', '/proc/self/uid_map'],
                               capture_output=True, text=True, timeout=tool.TIMEOUT, check=False)
        if 'forbidden' in ended.stderr:
            self.skipTest(ended.stderr.strip())
        self.assertEqual(ended.stdout.split(), ['0', '65534', '1'], ended.stderr)

    def test_without_user_namespaces(self):
        forbid = 'echo 0 > /proc/sys/user/max_user_namespaces; exec '
        outside = ['unshare', '-Ur', 'sh', '-c']
        if subprocess.run([*outside, 'true'], capture_output=True, check=False).returncode != 0:
            self.skipTest('unshare -Ur is refused here')
        with self.subTest('root goes on without'):
            ended = subprocess.run([*outside, forbid + f'"{tool.TOOL}" lab run -- hostname'], capture_output=True,
                                   text=True, timeout=tool.TIMEOUT, check=False)
            self.assertEqual((ended.returncode, ended.stdout), (0, 'lab\n'), ended.stderr)
        with self.subTest('others are told the setting'):
            powerless = f'setpriv --bounding-set=-all --inh-caps=-all "{tool.TOOL}" lab run -- true'
            ended = subprocess.run([*outside, forbid + powerless], capture_output=True, text=True,
                                   timeout=tool.TIMEOUT, check=False)
            self.assertEqual((ended.returncode, ended.stdout), (1, ''))
            self.assertRegex(ended.stderr, r'^aionet: lab: namespaces are forbidden here .*: '
                                           r'user\.max_user_namespaces is 0; .*sudo.*\n$')

    def test_lab_in_a_lab(self):
        ended = tool.lab('aionet', 'lab', 'run', '--nat', 'open', '--', 'sh', '-c', 'echo $AIONET_LAB')
        self.assertEqual(ended.stdout, 'open\n', ended.stderr)

    def test_terminal_belongs_to_the_command(self):
        leader, follower = pty.openpty()
        script = 'trap "echo interrupted; exit 5" INT; echo ready; while :; do sleep 0.02; done'
        with subprocess.Popen(['setsid', '-cw', tool.TOOL, 'lab', 'run', '--', 'sh', '-c', script], stdin=follower,
                              stdout=follower, stderr=follower) as lab:
            os.close(follower)
            text = b''
            while b'ready' not in text:
                text += os.read(leader, 1000)
            os.write(leader, b'\x03')
            self.assertEqual(lab.wait(tool.TIMEOUT), 5)
            text = os.read(leader, 1000)
        os.close(leader)
        self.assertEqual(text.count(b'interrupted'), 1)

    def test_usage(self):
        for arguments in ((), ('run',), ('run', '--nat', 'nowhere', '--', 'true'), ('run', '--rtt', '-1', 'true'),
                          ('run', '--loss', '101', 'true'), ('run', '--loss', 'nan', 'true'),
                          ('run', '--reorder', '101', 'true'), ('run', '--reorder', '-1', 'true'),
                          ('run', '--seed', '-1', 'true'), ('run', '--seed', '4294967296', 'true'),
                          ('run', '--servers', '0', 'true'), ('run', '--servers', '17', 'true'),
                          ('run', '--lying', '6', 'true'), ('run', '--silent', '3', '--dead', '3', 'true'),
                          ('run', '--nonsense', 'true'), ('list', 'more'), ('nonsense',)):
            with self.subTest(arguments):
                ended = tool.run('lab', *arguments)
                self.assertEqual((ended.returncode, ended.stdout), (2, ''))
                self.assertRegex(ended.stderr, r'^aionet: [^\n]+\n$')

    def test_options_end_at_the_command(self):
        self.assertEqual(tool.run('lab', 'run', 'echo', '--nat', '-v').stdout, '--nat -v\n')


@tool.needs_lab
class World(unittest.TestCase):
    """Commands that run outside beside the one inside."""
    GREET = ('import socket, sys\n'
             's = socket.create_server(("1.3.3.1", int(sys.argv[1])))\n'
             'while True:\n'
             '    c, (host, port) = s.accept()\n'
             '    c.sendall(f"{host} {sys.argv[2]}\\n".encode())\n'
             '    c.close()\n')
    VISIT = ('import socket, sys, time\n'
             'for port in sys.argv[1:]:\n'
             '    for attempt in range(2000):\n'
             '        try:\n'
             '            s = socket.create_connection(("1.3.3.1", int(port)), 30)\n'
             '            break\n'
             '        except ConnectionRefusedError:\n'
             '            time.sleep(0.01)\n'
             '    print(s.makefile().read(), end="")\n')

    # Until process 1 has no children but the STUN server and this one, hence has told the end of the others.
    WAIT = ('import os, pathlib, time\n'
            'def others():\n'
            '    for process in pathlib.Path("/proc").glob("[0-9]*"):\n'
            '        try:\n'
            '            if int(process.name) != os.getpid() and b"serve" not in (process / "cmdline").read_bytes():\n'
            '                yield from (line for line in (process / "status").read_text().splitlines()\n'
            '                            if line == "PPid:\\t1")\n'
            '        except OSError:\n'
            '            pass\n'
            'while any(others()):\n'
            '    time.sleep(0.01)\n')

    def greeter(self, port, word):
        return '--world', shlex.join([sys.executable, '-c', self.GREET, str(port), word])

    def test_servers_outside_see_the_clients_external_address(self):
        ended = tool.lab(sys.executable, '-c', self.VISIT, '81', '82',
                        options=(*self.greeter(81, 'a word'), *self.greeter(82, "it's")))
        self.assertEqual((ended.returncode, ended.stdout, ended.stderr), (0, "1.3.3.7 a word\n1.3.3.7 it's\n", ''))

    def test_output_goes_to_standard_error(self):
        ended = tool.lab(sys.executable, '-c', self.WAIT, options=('--world', 'sh -c "echo out; echo err >&2; command -v aionet"'))
        self.assertEqual((ended.stdout, ended.stderr), ('', f'out\nerr\n{os.path.realpath(tool.TOOL)}\n'))

    def test_failures_are_told(self):
        for line, text in (('sh -c "exit 3"', r'“sh -c "exit 3"” in the world ended with status 3\n'),
                           ('sh -c "kill -9 $$"', r'in the world ended with signal 9\n'),
                           ('aionet-no-such', r'cannot run “aionet-no-such”: No such file or directory\n')):
            with self.subTest(line):
                ended = tool.lab(sys.executable, '-c', self.WAIT, options=('--world', line))
                self.assertEqual((ended.returncode, ended.stdout), (0, ''))
                self.assertRegex(ended.stderr, '^aionet: lab: .*' + text)

    def test_it_ends_with_the_lab(self):
        ended = tool.lab('readlink', '/proc/self/ns/pid', options=('--world', 'sleep 1000'))
        End.assert_gone(End(), ended.stdout.strip(), set())

    def test_usage(self):
        for line in ('"', ''):
            ended = tool.run('lab', 'run', '--world', line, 'true')
            self.assertEqual((ended.returncode, ended.stdout), (2, ''))
            self.assertRegex(ended.stderr, r'^aionet: --world: [^\n]+\n$')


@tool.needs_lab
class End(unittest.TestCase):
    """Nothing is left, whoever is killed."""

    # What the lab has made, as the command sees it from inside: all processes of its PID namespace.
    SCRIPT = ('sleep 1000 & readlink /proc/self/ns/pid; echo ready; exec sleep 1000')

    def start(self):
        lab = subprocess.Popen([tool.TOOL, 'lab', 'run', '--rtt', '5', '--', 'sh', '-c', self.SCRIPT],
                               stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.addCleanup(lab.stdout.close)
        self.addCleanup(lab.kill)
        namespace = lab.stdout.readline().strip()
        self.assertRegex(namespace, r'^pid:\[\d+\]$')
        lab.stdout.readline()
        return lab, namespace

    @staticmethod
    def members(namespace):
        """PID -> network namespace, of the processes in a PID namespace."""
        found = {}
        for process in pathlib.Path('/proc').glob('[0-9]*'):
            try:
                if os.readlink(process / 'ns/pid') == namespace:
                    found[int(process.name)] = os.readlink(process / 'ns/net')
            except OSError:
                pass
        return found

    @staticmethod
    def find_command(members, init):
        """The child of process 1 that is neither wire nor server."""
        for pid in members:
            name = pathlib.Path(f'/proc/{pid}/comm').read_text(encoding='utf-8').strip()
            status = pathlib.Path(f'/proc/{pid}/status').read_text(encoding='utf-8')
            if name in ('sh', 'sleep') and f'PPid:\t{init}\n' in status:
                return pid
        raise AssertionError('no command')

    def assert_gone(self, namespace, networks):
        deadline = time.monotonic() + tool.TIMEOUT
        while self.members(namespace) and time.monotonic() < deadline:
            time.sleep(0.01)
        self.assertEqual(self.members(namespace), {})
        for process in pathlib.Path('/proc').glob('[0-9]*'):
            try:
                self.assertNotIn(os.readlink(process / 'ns/net'), networks)
            except OSError:
                pass

    def test_killed_from_every_side(self):
        for victim in ('outer', 'process 1', 'command'):
            with self.subTest(victim):
                lab, namespace = self.start()
                members = self.members(namespace)
                self.assertGreaterEqual(len(members), 5, 'process 1, wire, server, command, its child')
                init = min(members)
                victims = {'outer': lab.pid, 'process 1': init, 'command': self.find_command(members, init)}
                os.kill(victims[victim], signal.SIGKILL)
                self.assertEqual(lab.wait(tool.TIMEOUT), -9 if victim == 'outer' else 137)
                self.assert_gone(namespace, set(members.values()))

    def test_background_processes_end_with_the_command(self):
        ended = tool.lab('sh', '-c', 'sleep 1000 >/dev/null 2>&1 & readlink /proc/self/ns/pid')
        self.assert_gone(ended.stdout.strip(), set())

    def test_killed_while_it_is_being_built(self):
        for delay in (0.01, 0.03, 0.06, 0.1):
            with self.subTest(delay):
                with subprocess.Popen([tool.TOOL, 'lab', 'run', '--', 'sleep', '1000']) as lab:
                    time.sleep(delay)
                    lab.terminate()
                    # -15: before the lab had looked after its signals.
                    self.assertIn(lab.wait(tool.TIMEOUT), (143, -15))


if __name__ == '__main__':
    tap.main()

# SPDX-License-Identifier: LGPL-2.1-or-later
"""`aionet watch`: real changes in a namespace of its own, and how it ends."""
import json
import os
import queue
import signal
import subprocess
import tempfile
import threading
import unittest

import tap
import tool

VETH = 'link add veth0 type veth peer name veth1'
ALONE = ('unshare', '--user', '--map-root-user', '--net')
UP = ('link set veth0 up', 'link set veth1 up')


class Watch:
    """The tool in a network namespace of its own, where the test changes things."""

    def __init__(self, *arguments, setup=(), env=None):
        script = ''.join(f'ip {command} && ' for command in setup) + 'exec "$@"'
        self.process = subprocess.Popen(
            [*ALONE, 'sh', '-c', script, 'sh', tool.TOOL, 'watch', *arguments],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env=os.environ | (env or {}))
        self.lines, self.errors = queue.Queue(), queue.Queue()
        for stream, lines in ((self.process.stdout, self.lines), (self.process.stderr, self.errors)):
            threading.Thread(target=self._read, args=(stream, lines), daemon=True).start()

    @staticmethod
    def _read(stream, lines):
        for line in stream:
            lines.put(line)
        lines.put(None)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()

    def ip(self, *commands):
        for command in commands:
            subprocess.run(['nsenter', '--preserve-credentials', '--user', '--net', f'--target={self.process.pid}',
                            'ip', *command.split()], check=True, timeout=tool.TIMEOUT)

    def line(self):
        return self.lines.get(timeout=tool.TIMEOUT)

    def until(self, event, interface=None, **details):
        """All events up to one, which is the last of them."""
        wanted = details | {'event': event} | ({'interface': interface} if interface else {})
        seen = []
        while not seen or seen[-1] | wanted != seen[-1]:
            line = self.line()
            assert line is not None, f'ended after {seen}'
            seen.append(json.loads(line))
        return seen

    def end(self):
        return self.process.wait(tool.TIMEOUT)


def has_namespaces():
    return subprocess.run([*ALONE, 'ip', 'link', 'show'], capture_output=True, check=False).returncode == 0


@tool.needs_plugins('netlink')
class Changes(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if not has_namespaces():
            raise unittest.SkipTest('user and network namespaces are refused here')

    def test_what_happens_to_an_interface(self):
        with Watch('--json') as watch:
            first = watch.until('watching')
            self.assertEqual([event['event'] for event in first], ['interface-present', 'watching'])
            self.assertEqual(first[0]['link']['kind'], 'loopback')
            self.assertEqual((first[1]['backend'], first[1]['polling']), ('netlink', False))
            watch.ip(VETH)
            self.assertEqual(watch.until('interface-appeared', 'veth0')[-1]['link']['is_up'], False)
            watch.ip(*UP)
            watch.until('interface-up', 'veth0')
            watch.ip('address add 10.0.0.7/24 dev veth0')
            added = {'ip': '10.0.0.7', 'cidr': 24, 'af': 2}
            watch.until('address-added', 'veth0', address=added)
            watch.ip('route add default via 10.0.0.1 dev veth0')
            gateway, default = watch.until('default-changed')[-2:]
            self.assertEqual(gateway['gateway']['address'], '10.0.0.1')
            self.assertEqual((default['interface'], default['af'], default['was']), ('veth0', 2, None))
            watch.ip('link set veth0 mtu 1400')
            watch.until('mtu-changed', 'veth0', mtu=1400, was=1500)
            watch.ip('address delete 10.0.0.7/24 dev veth0')
            watch.until('address-removed', 'veth0', address=added)
            self.assertIsNone(watch.until('default-changed', was='veth0')[-1]['interface'])
            watch.ip('link set veth0 down', 'link set veth0 name wan0')
            watch.until('interface-renamed', 'wan0', was='veth0')
            watch.ip('link delete wan0')
            watch.until('interface-gone', 'wan0')

    def test_names_that_are_not_there_yet(self):
        with Watch('--json', '--count=2', 'veth1') as watch:
            self.assertEqual([event['event'] for event in watch.until('watching')], ['watching'])
            watch.ip(VETH)
            self.assertEqual(watch.until('interface-appeared')[-1]['interface'], 'veth1')
            watch.ip('link delete veth0')
            self.assertEqual(watch.until('interface-gone')[-1]['interface'], 'veth1')
            self.assertEqual((watch.line(), watch.end()), (None, 0))

    def test_for_a_person(self):
        with Watch('--count=1', setup=(VETH,)) as watch:
            self.assertRegex(watch.line(), r'^\d\d:\d\d:\d\d  lo        present          loopback, down\n$')
            self.assertIn('veth', watch.line() + watch.line())
            watch.ip('link set veth0 mtu 1300')
            self.assertRegex(watch.line(), r'^\d\d:\d\d:\d\d  veth0     mtu changed      1300, was 1500\n$')
            self.assertEqual(watch.end(), 0)

    @tool.needs_plugins('getifaddrs')
    def test_a_backend_that_cannot_watch(self):
        with Watch('--json', '--backend=getifaddrs', '--count=1', setup=(VETH,)) as watch:
            self.assertEqual(watch.until('watching')[-1]['polling'], True)
            self.assertRegex(watch.errors.get(timeout=tool.TIMEOUT), '“getifaddrs” cannot watch; looking every 1 s')
            watch.ip('link set veth0 mtu 1300')
            self.assertEqual(watch.until('mtu-changed')[-1]['mtu'], 1300)
            self.assertEqual(watch.end(), 0)

    def test_ends(self):
        for how in (signal.SIGINT, signal.SIGTERM, 'timeout'):
            with self.subTest(how), Watch('--json', *(('--timeout=1',) if how == 'timeout' else ())) as watch:
                if how != 'timeout':
                    watch.until('watching')
                    watch.process.send_signal(how)
                self.assertEqual((watch.end(), watch.errors.get(timeout=tool.TIMEOUT)), (0, None))

    def test_ends_when_its_reader_goes_though_nothing_happens(self):
        with subprocess.Popen([*ALONE, tool.TOOL, 'watch', '--json'], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True) as process:
            while '"watching"' not in process.stdout.readline():
                self.assertIsNone(process.poll())
            process.stdout.close()
            self.assertEqual((process.wait(tool.TIMEOUT), process.stderr.read()), (0, ''))

    def test_wrong_command_lines(self):
        for arguments in (('--count=-1',), ('--timeout=-1',), ('--timeout=x',), ('--count=x',)):
            with self.subTest(arguments):
                ended = tool.run('watch', *arguments)
                self.assertEqual((ended.returncode, ended.stdout), (2, ''))


@tool.needs_plugins('replay')
class Replay(unittest.TestCase):
    def test_a_file_that_changes(self):
        def write(text):
            with open(path + '.new', 'w', encoding='utf-8') as file:
                file.write(text)
            os.replace(path + '.new', path)

        with tempfile.TemporaryDirectory() as directory:
            path = os.path.join(directory, 'host.json')
            write('{"links": [{"name": "a"}]}')
            with Watch('--json', '--backend=replay', env={'AIONET_REPLAY_FILE': path}) as watch:
                watch.until('watching')
                self.assertRegex(watch.errors.get(timeout=tool.TIMEOUT), '“replay” cannot watch')
                write('{"links": [')
                self.assertRegex(watch.errors.get(timeout=tool.TIMEOUT), 'not complete')
                write('{"links": [{"name": "a", "addresses": [{"ip": "10.0.0.7"}]}]}')
                self.assertEqual(watch.until('address-added')[-1]['address'], {'ip': '10.0.0.7', 'cidr': 32, 'af': 2})
                watch.process.send_signal(signal.SIGTERM)
                self.assertEqual(watch.end(), 0)
                self.assertEqual(watch.errors.get(timeout=tool.TIMEOUT), None, 'one failure is told once')

    def test_a_file_that_is_broken_from_the_beginning(self):
        with tempfile.NamedTemporaryFile('w', suffix='.json') as file:
            ended = tool.run('watch', '--backend=replay', env={'AIONET_REPLAY_FILE': file.name})
            self.assertEqual((ended.returncode, ended.stdout), (1, ''))


@tool.needs_lab
@tool.needs_plugins('nice', 'netlink')
class Load(unittest.TestCase):
    def test_routes_come_and_go(self):
        # A new address behind the same NAT has the same external one: the route gets it, too.
        script = '''aionet watch --load --json --count=$1 eth0 > $2 & watch=$!
until grep -q watching $2; do sleep 0.05; done
ip address $3 10.0.0.9/32 dev eth0
wait $watch && cat $2'''
        with tempfile.NamedTemporaryFile() as file:
            ended = tool.lab('bash', '-c', script, 'bash', '3', file.name, 'add', nat='guide')
        self.assertEqual(ended.returncode, 0, ended.stderr)
        events = [json.loads(line) for line in ended.stdout.splitlines()]
        self.assertEqual([event['event'] for event in events if event['event'].startswith('route-')],
                         ['route-present', 'route-removed', 'route-added'])
        route = events[-1]['route']
        self.assertEqual([entry['ip'] for entry in route['nic_ips']], ['192.168.21.21', '10.0.0.9'])
        self.assertEqual([entry['ip'] for entry in route['ext_ips']], ['1.3.3.7'])


if __name__ == '__main__':
    tap.main()

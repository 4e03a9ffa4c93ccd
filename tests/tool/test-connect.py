# SPDX-License-Identifier: LGPL-2.1-or-later
"""`aionet connect` and `aionet listen` against plain sockets and each other, on loopback and in the lab."""
import contextlib
import shlex
import signal
import socket
import subprocess
import sys
import threading
import unittest

import tap
import tool
from conversation import LARGE, ONE_LINE, Tool, listening, read_all, run, target

FAMILIES = [(socket.AF_INET, '127.0.0.1')]
with contextlib.suppress(OSError), socket.socket(socket.AF_INET6) as probe:
    probe.bind(('::1', 0))
    FAMILIES.append((socket.AF_INET6, '::1'))


class Connect(Tool):
    def test_both_ends_finish(self):
        for family, host in FAMILIES:
            with self.subTest(host), listening(family, host) as server:
                running = self.start('connect', 'tcp', target(server))
                peer = server.accept()[0]
                with peer:
                    running.stdin.write(b'request')
                    running.stdin.close()
                    self.assertEqual(read_all(peer), b'request')
                    peer.sendall(b'reply')
                self.assertEqual(running.stdout.read(), b'reply')
                self.assertEqual(running.wait(tool.TIMEOUT), 0)

    def test_peer_that_finishes_first_still_gets_everything(self):
        with listening() as server:
            running = self.start('connect', 'tcp', target(server))
            peer = server.accept()[0]
            with peer:
                peer.sendall(b'greeting')
                peer.shutdown(socket.SHUT_WR)
                self.assertEqual(running.stdout.read(8), b'greeting')
                writer = threading.Thread(target=lambda: (running.stdin.write(LARGE), running.stdin.close()))
                writer.start()
                self.assertEqual(read_all(peer), LARGE)
                writer.join()
            self.assertEqual(running.wait(tool.TIMEOUT), 0)

    def test_ten_megabytes_both_ways_at_once(self):
        with listening() as server:
            running = self.start('connect', 'tcp', target(server))
            peer = server.accept()[0]
            with peer:
                def send():
                    peer.sendall(LARGE[::-1])
                    peer.shutdown(socket.SHUT_WR)

                seen = []
                threads = [threading.Thread(target=send), threading.Thread(target=lambda: seen.append(read_all(peer)))]
                for thread in threads:
                    thread.start()
                output, errors = running.communicate(LARGE, tool.TIMEOUT)
                for thread in threads:
                    thread.join()
        self.assertEqual((running.returncode, errors), (0, b''))
        self.assertTrue(output == LARGE[::-1] and seen == [LARGE])

    def test_name(self):
        with listening() as server:
            running = self.start('connect', 'tcp', f'localhost:{server.getsockname()[1]}', stdin=subprocess.DEVNULL)
            server.accept()[0].close()
            self.assertEqual(running.wait(tool.TIMEOUT), 0)

    def test_from(self):
        with listening() as server:
            running = self.start('connect', 'tcp', target(server), '--from', '127.0.0.5')
            peer, (host, _) = server.accept()
            peer.close()
            self.assertEqual(host, '127.0.0.5')
            running.stdin.close()
            self.assertEqual(running.wait(tool.TIMEOUT), 0)

    def test_refused(self):
        with listening() as server:
            gone = target(server)
        self.assert_failed(run('connect', 'tcp', gone, stdin=subprocess.DEVNULL), b'refused')
        self.assert_failed(run('connect', 'udp', gone, input=b'x'), b'refused')

    def test_silence(self):
        with listening() as server:
            ended = run('connect', 'tcp', target(server), '-w', '0.2', stdin=subprocess.DEVNULL)
            self.assert_failed(ended, b'no data for 0.2 s')
        with listening(kind=socket.SOCK_DGRAM) as server:
            ended = run('connect', 'udp', target(server), '-w', '0.2', stdin=subprocess.DEVNULL)
            self.assertEqual((ended.returncode, ended.stdout, ended.stderr), (0, b'', b''), 'datagrams have no other end')

    def test_signals_end_it(self):
        with listening() as server:
            for number in (signal.SIGINT, signal.SIGTERM):
                running = self.start('connect', 'tcp', target(server), '-v')
                running.stderr.readline()
                running.send_signal(number)
                self.assertEqual(running.wait(tool.TIMEOUT), -number)

    def test_reset(self):
        with listening() as server:
            running = self.start('connect', 'tcp', target(server))
            peer = server.accept()[0]
            peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b'\1\0\0\0\0\0\0\0')
            peer.close()
            self.assertEqual(running.wait(tool.TIMEOUT), 1)
            self.assertRegex(running.stderr.read(), ONE_LINE)

    def test_reader_that_is_gone(self):
        with listening() as server:
            running = self.start('connect', 'tcp', target(server))
            peer = server.accept()[0]
            with peer:
                running.stdout.close()
                peer.sendall(b'nobody reads this')
                self.assertEqual(running.wait(tool.TIMEOUT), 1)

    def test_udp(self):
        for family, host in FAMILIES:
            with self.subTest(host), listening(family, host, socket.SOCK_DGRAM) as server:
                running = self.start('connect', 'udp', target(server))
                for word in (b'one\n', b'two\n'):
                    running.stdin.write(word)
                    running.stdin.flush()
                    data, peer = server.recvfrom(100)
                    self.assertEqual(data, word)
                    server.sendto(data.upper(), peer)
                    self.assertEqual(running.stdout.readline(), word.upper())
                running.kill()

    def test_usage(self):
        for arguments in ((), ('tcp',), ('sctp', 'a:1'), ('tcp', 'a'), ('tcp', '[::1'), ('tcp', 'a:1', 'b'),
                          ('tcp', 'a:1', '-w', '-1'), ('tcp', 'a:1', '--route', ''), ('tcp', 'a:1', '--route', 'x/5'),
                          ('tcp', 'a:1', '--route', 'x/4/y'), ('tcp', 'a:1', '--route', 'x', '--from', '1.2.3.4'),
                          ('tcp', 'a:1', '--from', 'x')):
            with self.subTest(arguments):
                ended = run('connect', *arguments, stdin=subprocess.DEVNULL)
                self.assertEqual((ended.returncode, ended.stdout), (2, b''))
                self.assertRegex(ended.stderr, ONE_LINE)


class Listen(Tool):
    def test_first_client(self):
        for host in [host for _, host in FAMILIES]:
            with self.subTest(host):
                running, port = self.listen('tcp', '0')
                peer = self.connect(port, host)
                peer.sendall(b'request')
                peer.shutdown(socket.SHUT_WR)
                running.stdin.write(b'reply')
                running.stdin.close()
                self.assertEqual(read_all(peer), b'reply')
                self.assertEqual(running.stdout.read(), b'request')
                self.assertEqual(running.wait(tool.TIMEOUT), 0)

    def test_address(self):
        running, port = self.listen('tcp', '0', '--address', '127.0.0.7')
        with self.assertRaises(ConnectionRefusedError):
            self.connect(port)
        self.connect(port, '127.0.0.7').close()
        running.stdin.close()
        self.assertEqual(running.wait(tool.TIMEOUT), 0)

    def test_keep_open(self):
        running, port = self.listen('tcp', '0', '--keep-open')
        running.stdin.close()
        for word in (b'first', b'second'):
            with socket.create_connection(('127.0.0.1', port), tool.TIMEOUT) as peer:
                peer.sendall(word)
                peer.shutdown(socket.SHUT_WR)
                self.assertEqual(read_all(peer), b'')
            self.assertEqual(running.stdout.read(len(word)), word)
        self.assertIsNone(running.poll())

    def test_echo(self):
        _, port = self.listen('tcp', '0', '--echo')
        peers = [self.connect(port) for _ in range(3)]
        for number, peer in enumerate(peers):
            peer.sendall(b'%d' % number)
        for number, peer in enumerate(peers):
            self.assertEqual(peer.recv(10), b'%d' % number)
        sender = threading.Thread(target=lambda: (peers[0].sendall(LARGE), peers[0].shutdown(socket.SHUT_WR)))
        sender.start()
        self.assertTrue(read_all(peers[0]) == LARGE)
        sender.join()

    def test_echo_udp(self):
        _, port = self.listen('udp', '0', '--echo')
        for family, host in FAMILIES:
            with socket.socket(family, socket.SOCK_DGRAM) as peer:
                peer.settimeout(tool.TIMEOUT)
                peer.connect((host, port))
                for data in (b'hello', b'', b'x' * 60000):
                    peer.send(data)
                    self.assertEqual(peer.recv(65536), data)

    def test_udp_first_sender(self):
        running, port = self.listen('udp', '0')
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as peer, \
                socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
            peer.settimeout(tool.TIMEOUT)
            peer.sendto(b'one\n', ('127.0.0.1', port))
            self.assertEqual(running.stdout.readline(), b'one\n')
            running.stdin.write(b'answer')
            running.stdin.flush()
            self.assertEqual(peer.recv(100), b'answer')
            stranger.sendto(b'other\n', ('127.0.0.1', port))
            peer.sendto(b'two\n', ('127.0.0.1', port))
            self.assertEqual(running.stdout.readline(), b'two\n')

    def test_exec(self):
        script = 'import os, sys; sys.stdout.write(os.environ["AIONET_PEER"] + " " + sys.stdin.read().upper())'
        _, port = self.listen('tcp', '0', '--exec', shlex.join([sys.executable, '-c', script]))
        for word in ('first', 'second'):
            peer = self.connect(port)
            peer.sendall(word.encode())
            peer.shutdown(socket.SHUT_WR)
            name = '%s:%d' % peer.getsockname()
            self.assertEqual(read_all(peer), f'{name} {word.upper()}'.encode())

    def test_exec_has_no_shell(self):
        _, port = self.listen('tcp', '0', '--exec', 'echo $HOME "a  b"')
        self.assertEqual(read_all(self.connect(port)), b'$HOME a  b\n')

    def test_exec_that_cannot_run(self):
        running, port = self.listen('tcp', '0', '--exec', 'aionet-no-such-command')
        self.assertEqual(read_all(self.connect(port)), b'')
        lines = iter(running.stderr.readline, b'')
        self.assertTrue(any(b'aionet-no-such-command' in line for line in lines))

    def test_address_in_use(self):
        with listening() as server:
            port = str(server.getsockname()[1])
            self.assert_failed(run('listen', 'tcp', port, '--address', '127.0.0.1', stdin=subprocess.DEVNULL), b'use')

    def test_usage(self):
        for arguments in ((), ('tcp',), ('sctp', '1'), ('tcp', 'x'), ('tcp', '65536'), ('tcp', '-1'), ('udp', '1', '-k'),
                          ('udp', '1', '--exec', 'cat'), ('tcp', '1', '--exec', '"'), ('tcp', '1', '--exec', ''),
                          ('tcp', '1', '--exec', 'cat', '--echo'), ('tcp', '1', '-w', '-1'), ('tcp', '1', '2')):
            with self.subTest(arguments):
                ended = run('listen', *arguments, stdin=subprocess.DEVNULL)
                self.assertEqual((ended.returncode, ended.stdout), (2, b''))
                self.assertRegex(ended.stderr, ONE_LINE)


class Together(Tool):
    def test_ten_megabytes(self):
        server, port = self.listen('tcp', '0', stdin=subprocess.DEVNULL)
        client = self.start('connect', 'tcp', f'127.0.0.1:{port}', stdout=subprocess.DEVNULL)
        writer = threading.Thread(target=lambda: (client.stdin.write(LARGE), client.stdin.close()))
        writer.start()
        self.assertTrue(server.stdout.read() == LARGE)
        writer.join()
        self.assertEqual((client.wait(tool.TIMEOUT), server.wait(tool.TIMEOUT)), (0, 0))


@tool.needs_lab
@tool.needs_plugins('nice', 'netlink')
class Routes(unittest.TestCase):
    """The server outside sees the external address that was chosen."""
    VISIT = 'until aionet connect "$1" "$2" --route "$3" < /dev/null 2>/dev/null; do sleep 0.02; done'
    TELL = "aionet listen tcp 7 --exec 'sh -c \"echo $AIONET_PEER\"'"

    def seen(self, nat, route):
        ended = tool.lab('sh', '-c', self.VISIT, 'sh', 'tcp', '1.3.3.1:7', route, nat=nat, options=('--world', self.TELL))
        self.assertEqual((ended.returncode, ended.stderr), (0, ''))
        self.assertRegex(ended.stdout, r'^[0-9.]+:[0-9]+\n$')
        return ended.stdout.rpartition(':')[0]

    def test_three_externals(self):
        for index, external in enumerate(('1.3.3.7', '1.3.3.8', '1.3.3.9')):
            self.assertEqual(self.seen('three-externals', f'eth0/4/{index}'), external)

    def test_block(self):
        self.assertEqual({self.seen('routed-block', f'eth0/4/{index}') for index in (1, 2, 6)},
                         {'1.3.4.9', '1.3.4.10', '1.3.4.14'})

    def test_second_card(self):
        self.assertEqual(self.seen('dual-homed', 'eth1'), '5.5.5.5')

    def test_no_such(self):
        for route, text in (('eth0/4/3', 'there is no index 3'), ('eth7', 'no interface “eth7”'), ('eth0/6', '')):
            ended = tool.lab('aionet', 'connect', 'tcp', '1.3.3.1:7', '--route', route, nat='three-externals')
            self.assertEqual((ended.returncode, ended.stdout), (1, ''))
            self.assertRegex(ended.stderr, r'^aionet: [^\n]+\n$')
            self.assertIn(text, ended.stderr)


if __name__ == '__main__':
    tap.main()

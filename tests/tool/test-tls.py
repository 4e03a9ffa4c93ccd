# SPDX-License-Identifier: LGPL-2.1-or-later
"""`aionet connect --tls` and `aionet listen --tls` against Python's own TLS, on loopback."""
import contextlib
import os
import shlex
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import unittest

import tap
import tool
from conversation import LARGE, ONE_LINE, Tool, listening, run, target

CERTIFICATES = os.path.join(tool.HERE, '../pipe/tls')
CA, SERVER, CLIENT = (os.path.join(CERTIFICATES, name) for name in ('authority.pem', 'server.pem', 'client.pem'))


def no_tls():
    """Why GIO speaks no TLS on this machine, or None."""
    with listening() as server:
        running = subprocess.Popen([tool.TOOL, 'connect', 'tcp', target(server), '--tls'],
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        server.accept()[0].close()
        errors = running.communicate(timeout=tool.TIMEOUT)[1]
    return 'GIO has no TLS backend here' if b'TLS support is not available' in errors else None


def server_context(**options):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(SERVER)
    if options.get('asks'):
        context.load_verify_locations(CA)
        context.verify_mode = ssl.CERT_REQUIRED
    if 'alpn' in options:
        context.set_alpn_protocols(options['alpn'])
    return context


def client_context():
    return ssl.create_default_context(cafile=CA)


def read_all(peer):
    """Until the other side has said good-bye; its direction only."""
    return b''.join(iter(lambda: peer.recv(65536), b''))


class Tls(Tool):
    def setUp(self):
        reason = no_tls()
        if reason:
            self.skipTest(reason)

    @contextlib.contextmanager
    def served(self, *arguments, context=None, **options):
        """A connecting tool, and its peer once the handshake is done."""
        with listening() as server:
            running = self.start('connect', 'tcp', target(server), '--tls', '--ca', CA, *arguments, **options)
            peer = server.accept()[0]
            peer.settimeout(tool.TIMEOUT)
            with (context or server_context()).wrap_socket(peer, server_side=True, suppress_ragged_eofs=False) as peer:
                yield running, peer

    def secure(self, port):
        peer = client_context().wrap_socket(self.connect(port), server_hostname='localhost', suppress_ragged_eofs=False)
        self.addCleanup(peer.close)
        return peer


class Connect(Tls):
    def test_both_ends_finish(self):
        with self.served() as (running, peer):
            running.stdin.write(b'request')
            running.stdin.close()
            self.assertEqual(read_all(peer), b'request')
            peer.sendall(b'reply')
            peer.unwrap()
            self.assertEqual(running.stdout.read(), b'reply')
            self.assertEqual(running.wait(tool.TIMEOUT), 0)

    def test_ten_megabytes_both_ways_at_once(self):
        with self.served() as (running, peer):
            seen = []
            reader = threading.Thread(target=lambda: seen.append(running.stdout.read()))
            writer = threading.Thread(target=lambda: (running.stdin.write(LARGE), running.stdin.close()))
            for thread in (reader, writer):
                thread.start()
            # One thread has the TLS of Python: a block in, a block out.
            got = b''
            for begin in range(0, len(LARGE), 2**16):
                peer.sendall(LARGE[begin:begin + 2**16])
                while len(got) < begin + 2**16:
                    got += peer.recv(2**16)
            got += read_all(peer)
            peer.unwrap()
            for thread in (reader, writer):
                thread.join()
            self.assertTrue(got == LARGE and seen == [LARGE])
            self.assertEqual(running.wait(tool.TIMEOUT), 0)

    def refused(self, *arguments):
        """What the tool says when it breaks off the handshake."""
        with listening() as server:
            running = self.start('connect', 'tcp', target(server), '--tls', *arguments)
            peer = server.accept()[0]
            peer.settimeout(tool.TIMEOUT)
            # Whether the alert comes before the end of the handshake depends on the version.
            with peer, contextlib.suppress(OSError), server_context().wrap_socket(peer, server_side=True) as secure:
                self.assertEqual(secure.recv(1), b'')
            output, errors = running.communicate(timeout=tool.TIMEOUT)
        self.assertEqual((running.returncode, output), (1, b''))
        self.assertRegex(errors, ONE_LINE)
        return errors

    def test_unknown_authority(self):
        self.assertIn(b'no known authority', self.refused())

    def test_another_name(self):
        self.assertIn(b'another host', self.refused('--ca', CA, '--tls-name', 'example.org'))

    def test_name(self):
        for options in (('--ca', CA, '--tls-name', 'server.test'), ('--insecure',)):
            with self.subTest(options), listening() as server:
                running = self.start('connect', 'tcp', target(server), '--tls', *options, stdin=subprocess.DEVNULL)
                peer = server.accept()[0]
                with server_context().wrap_socket(peer, server_side=True) as peer:
                    peer.unwrap()
                    self.assertEqual(running.wait(tool.TIMEOUT), 0, running.stderr.read())

    def test_certificate_of_its_own(self):
        with self.served('--cert', CLIENT, context=server_context(asks=True)) as (running, peer):
            self.assertIn((('commonName', 'test client'),), peer.getpeercert()['subject'])
            running.stdin.close()
            self.assertEqual(read_all(peer), b'')
            peer.unwrap()
            self.assertEqual(running.wait(tool.TIMEOUT), 0)

    def test_alpn(self):
        with self.served('--alpn', 'h2', '--alpn', 'http/1.1', '-v', context=server_context(alpn=['http/1.1'])) as (running, peer):
            self.assertEqual(peer.selected_alpn_protocol(), 'http/1.1')
            running.stdin.close()
            peer.unwrap()
            self.assertIn(b'http/1.1', running.stderr.read())

    def test_cut_off(self):
        with self.served() as (running, peer):
            peer.sendall(b'half of')
            self.assertEqual(running.stdout.read(7), b'half of')
            peer.shutdown(socket.SHUT_RDWR)
            self.assertEqual(running.wait(tool.TIMEOUT), 1)
            self.assertRegex(running.stderr.read(), ONE_LINE)

    def test_no_tls_there(self):
        with listening() as server:
            running = self.start('connect', 'tcp', target(server), '--tls')
            with server.accept()[0] as peer:
                peer.sendall(b'220 this is something else\r\n')
                output, errors = running.communicate(timeout=tool.TIMEOUT)
        self.assertEqual((running.returncode, output), (1, b''))
        self.assertRegex(errors, ONE_LINE)

    def test_files(self):
        for option in ('--ca', '--cert'):
            ended = run('connect', 'tcp', '127.0.0.1:1', '--tls', option, '/nowhere.pem', stdin=subprocess.DEVNULL)
            self.assert_failed(ended, b'/nowhere.pem')

    def test_usage(self):
        for arguments in (('udp', 'a:1', '--tls'), ('tcp', 'a:1', '--insecure'), ('tcp', 'a:1', '--ca', CA),
                          ('tcp', 'a:1', '--tls', '--key', CLIENT), ('tcp', 'a:1', '--tls', '--insecure', '--ca', CA)):
            with self.subTest(arguments):
                ended = run('connect', *arguments, stdin=subprocess.DEVNULL)
                self.assertEqual((ended.returncode, ended.stdout), (2, b''))
                self.assertRegex(ended.stderr, ONE_LINE)


class Listen(Tls):
    TLS = ('--tls', '--cert', SERVER)

    def test_first_client(self):
        running, port = self.listen('tcp', '0', *self.TLS)
        peer = self.secure(port)
        peer.sendall(b'request')
        running.stdin.write(b'reply')
        running.stdin.close()
        self.assertEqual(read_all(peer), b'reply')
        peer.unwrap()
        self.assertEqual(running.stdout.read(), b'request')
        self.assertEqual(running.wait(tool.TIMEOUT), 0)

    def test_echo(self):
        _, port = self.listen('tcp', '0', '--echo', *self.TLS)
        peers = [self.secure(port) for _ in range(3)]
        for number, peer in enumerate(peers):
            peer.sendall(b'%d' % number)
        for number, peer in enumerate(peers):
            self.assertEqual(peer.recv(10), b'%d' % number)

    def test_exec(self):
        script = 'import os, sys; sys.stdout.write(os.environ["AIONET_PEER"] + " " + sys.stdin.readline().upper())'
        _, port = self.listen('tcp', '0', '--exec', shlex.join([sys.executable, '-c', script]), *self.TLS)
        for word in ('first', 'second'):
            peer = self.secure(port)
            peer.sendall(f'{word}\n'.encode())
            name = '%s:%d' % peer.getsockname()
            self.assertEqual(read_all(peer), f'{name} {word.upper()}\n'.encode())

    def test_exec_closes_once_the_command_has_ended(self):
        """Whoever waits for the end of TCP, not only that of TLS, and has not said good-bye."""
        _, port = self.listen('tcp', '0', '--exec', 'echo done', *self.TLS)
        for says in (b'', b'nobody reads this\n' * 10000):
            with self.subTest(says[:6]):
                peer = self.secure(port)
                # What nobody reads makes the kernel reset the connection: over it is all the same.
                with contextlib.suppress(ConnectionError, ssl.SSLError) if says else contextlib.nullcontext():
                    peer.sendall(says)
                    self.assertEqual(read_all(peer), b'done\n')
                    # What is below TLS, which Python no longer looks at.
                    with socket.socket(fileno=os.dup(peer.fileno())) as below:
                        below.settimeout(tool.TIMEOUT)
                        self.assertEqual(below.recv(1), b'')

    def test_exec_tells_how_the_command_ended(self):
        running, port = self.listen('tcp', '0', '--exec', 'sh -c "exit 3"', '-v', *self.TLS)
        read_all(self.secure(port))
        lines = iter(running.stderr.readline, b'')
        self.assertTrue(any(b'command for 127.0.0.1:' in line and b'3' in line for line in lines))

    def test_exec_that_ends_its_output_still_reads(self):
        with tempfile.TemporaryDirectory() as directory:
            file = os.path.join(directory, 'said')
            _, port = self.listen('tcp', '0', '--exec', f'sh -c "exec >&-; cat > {file}"', *self.TLS)
            peer = self.secure(port)
            self.assertEqual(read_all(peer), b'')
            peer.sendall(b'after the end')
            with contextlib.suppress(OSError):
                peer.unwrap()
            # It is done with once the connection is.
            with socket.socket(fileno=os.dup(peer.fileno())) as below:
                below.settimeout(tool.TIMEOUT)
                self.assertEqual(below.recv(1), b'')
            with open(file, 'rb') as said:
                self.assertEqual(said.read(), b'after the end')

    def test_silence(self):
        running, port = self.listen('tcp', '0', '-w', '0.2', *self.TLS)
        self.secure(port)
        self.assertEqual(running.wait(tool.TIMEOUT), 1)
        self.assertIn(b'no data for 0.2 s', running.stderr.read())

    def test_keep_open(self):
        running, port = self.listen('tcp', '0', '--keep-open', *self.TLS)
        running.stdin.close()
        for word in (b'first', b'second'):
            peer = self.secure(port)
            peer.sendall(word)
            self.assertEqual(read_all(peer), b'')
            peer.unwrap()
            self.assertEqual(running.stdout.read(len(word)), word)
        self.assertIsNone(running.poll())

    def test_client_in_the_clear(self):
        running, port = self.listen('tcp', '0', *self.TLS)
        plain = self.connect(port)
        plain.sendall(b'GET / HTTP/1.0\r\n\r\n')
        lines = iter(running.stderr.readline, b'')
        self.assertTrue(any(b'127.0.0.1:%d: ' % plain.getsockname()[1] in line for line in lines))
        self.secure(port).sendall(b'hello')
        self.assertEqual(running.stdout.read(5), b'hello')

    def test_usage(self):
        for arguments in (('tcp', '1', '--tls'), ('udp', '1', *self.TLS), ('tcp', '1', '--cert', SERVER),
                          ('tcp', '1', '--tls', '--key', SERVER)):
            with self.subTest(arguments):
                ended = run('listen', *arguments, stdin=subprocess.DEVNULL)
                self.assertEqual((ended.returncode, ended.stdout), (2, b''))
                self.assertRegex(ended.stderr, ONE_LINE)


class Together(Tls):
    def test_ten_megabytes(self):
        server, port = self.listen('tcp', '0', '--tls', '--cert', SERVER, stdin=subprocess.DEVNULL)
        client = self.start('connect', 'tcp', f'localhost:{port}', '--tls', '--ca', CA, stdout=subprocess.DEVNULL)
        writer = threading.Thread(target=lambda: (client.stdin.write(LARGE), client.stdin.close()))
        writer.start()
        self.assertTrue(server.stdout.read() == LARGE)
        writer.join()
        self.assertEqual((client.wait(tool.TIMEOUT), server.wait(tool.TIMEOUT)), (0, 0))


if __name__ == '__main__':
    tap.main()

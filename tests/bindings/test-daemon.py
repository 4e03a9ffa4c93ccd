# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 The libaionet authors
"""Daemons written in Python, on loopback, with plain sockets as their clients."""
import asyncio
import socket
import unittest

import gi
gi.require_version('Aionet', '1')
from gi.repository import Aionet, Gio, GLib

import tap

PATIENCE = 20


class Echo(Aionet.Daemon):
    __gtype_name__ = 'TestPythonEcho'

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.seen = []

    def do_message(self, pipe, message):
        pipe.send(message.get_bytes(), message.get_sender())

    def do_client(self, client):
        self.seen.append('client')

    def do_client_closed(self, client, error):
        self.seen.append('closed')


async def ask(port, text):
    reader, writer = await asyncio.open_connection('127.0.0.1', port)
    writer.write(text)
    answer = await asyncio.wait_for(reader.readexactly(len(text)), PATIENCE)
    writer.close()
    await writer.wait_closed()
    return answer


class TestDaemon(unittest.TestCase):
    def test_subclass(self):
        """Methods of a subclass take messages, clients and their end; the daemon closes itself."""
        async def main():
            async with Echo() as daemon:
                port = daemon.listen_loopback(Aionet.TCP, 0, None)
                self.assertEqual(await ask(port, b'hello'), b'hello')
                self.assertEqual(await ask(port, b'again'), b'again')
                self.assertEqual(await daemon.stop_async(PATIENCE * 1000), 0)
                return daemon, port

        daemon, port = asyncio.run(main())
        self.assertEqual(sorted(daemon.seen), ['client'] * 2 + ['closed'] * 2)
        with self.assertRaises(ConnectionRefusedError):
            socket.create_connection(('127.0.0.1', port), PATIENCE)

    def test_constructors(self):
        """The constructors of C make objects of the override, beside asyncio and in it."""
        def construct():
            return Aionet.Daemon.new(), Aionet.Pipe.new(Aionet.TCP, '127.0.0.1:9', None)

        async def main():
            return construct()

        for daemon, pipe in (construct(), asyncio.run(main())):
            self.assertIs(type(daemon), Aionet.Daemon)
            self.assertIs(type(pipe), Aionet.Pipe)
            self.assertEqual(pipe.props.target, '127.0.0.1:9')

    def test_signal(self):
        """A handler of the signal serves UDP."""
        got = []

        def on_message(_, pipe, message):
            got.append(message.get_bytes().get_data())
            pipe.send(GLib.Bytes(b'answer'), message.get_sender())

        async def main():
            async with Aionet.Daemon() as daemon:
                daemon.connect('message', on_message)
                port = daemon.listen_loopback(Aionet.UDP, 0, None)
                self.assertIsNotNone(daemon.get_listener(Aionet.UDP, None, port))
                self.assertEqual({pipe.get_protocol() for pipe in daemon.get_listeners()}, {Aionet.UDP})
                with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
                    client.settimeout(PATIENCE)
                    client.sendto(b'question', ('127.0.0.1', port))
                    self.assertEqual(await asyncio.to_thread(client.recv, 100), b'answer')

        asyncio.run(main())
        self.assertEqual(got, [b'question'])

    def test_in_use(self):
        """An address in use is an error that names it, also where asyncio runs."""
        daemon = Aionet.Daemon()
        port = daemon.listen_loopback(Aionet.TCP, 0, None)

        async def listen():
            Aionet.Daemon().listen_loopback(Aionet.TCP, port, None)

        for call in (lambda: asyncio.run(listen()),
                     lambda: Aionet.Daemon().listen_loopback(Aionet.TCP, port, None)):
            with self.assertRaises(GLib.Error) as caught:
                call()
            self.assertTrue(caught.exception.matches(Gio.io_error_quark(),
                                                     Gio.IOErrorEnum.ADDRESS_IN_USE))
            self.assertIn(f'127.0.0.1 port {port}', caught.exception.message)
        daemon.close()

    def test_properties(self):
        """Limits are properties."""
        daemon = Echo(max_clients=1, idle_timeout_ms=60000)

        async def main():
            async with daemon:
                port = daemon.listen_loopback(Aionet.TCP, 0, None)
                _, first = await asyncio.open_connection('127.0.0.1', port)
                reader, second = await asyncio.open_connection('127.0.0.1', port)
                self.assertEqual(await asyncio.wait_for(reader.read(), PATIENCE), b'')
                self.assertEqual((daemon.props.n_clients, daemon.props.n_refused), (1, 1))
                for writer in (first, second):
                    writer.close()

        asyncio.run(main())


if __name__ == '__main__':
    tap.main()

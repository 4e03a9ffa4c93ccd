# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 The libaionet authors
"""STUN servers from Python, on loopback, with plain sockets as their clients."""
import asyncio
import socket
import struct
import unittest

import gi
gi.require_version('Aionet', '1')
from gi.repository import Aionet, Gio

import tap

PATIENCE = 20
REQUEST = struct.pack('!HHI12s', 1, 0, 0x2112a442, bytes(12))
CHANGE_BOTH = struct.pack('!HHI12sHHI', 1, 8, 0x2112a442, bytes(12), 3, 4, 6)


class Watching(Aionet.StunServer):
    __gtype_name__ = 'TestPythonWatchingServer'

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.seen = []

    def do_answer(self, asked, used, answer, to):
        self.seen.append((asked is used, bytes(answer.get_data())))
        used.send(answer, to)


def routes(*addresses):
    found = Gio.ListStore.new(Aionet.Route)
    any_route = Aionet.Interface.new_default().get_route(Gio.SocketFamily.IPV4)
    for address in addresses:
        found.append(any_route.bind_to(address, 0))
    return found


def endpoint(address):
    return address.get_address().to_string(), address.get_port()


async def ask(request, listener):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.settimeout(PATIENCE)
        client.sendto(request, endpoint(listener.get_local_address()))
        return await asyncio.get_running_loop().run_in_executor(None, client.recvfrom, 1000)


class StunServers(unittest.TestCase):
    def test_answers_and_counts(self):
        async def main():
            async with Aionet.StunServer(port=0, alternate_port=0) as server:
                server.listen_routes(routes('127.0.0.1', '127.0.0.2'))
                listener = server.get_listeners()[0]
                other = server.get_endpoint(listener, Aionet.StunChange.IP | Aionet.StunChange.PORT)
                answer, sender = await ask(REQUEST, listener)
                self.assertEqual((answer[:2], sender), (b'\1\1', endpoint(listener.get_local_address())))
                self.assertEqual((await ask(CHANGE_BOTH, listener))[1], endpoint(other))
                self.assertEqual(server.get_n_answered(Gio.SocketProtocol.UDP), 2)
                self.assertEqual(server.get_n_answered(Gio.SocketProtocol.TCP), 0)
            self.assertEqual(len(server.get_listeners()), 0)
        asyncio.run(main())

    def test_a_subclass_sees_every_answer(self):
        async def main():
            server = Watching(port=0, behavior_discovery=False)
            server.listen_routes(routes('127.0.0.1'))
            answer, _ = await ask(REQUEST, server.get_listeners()[0])
            self.assertEqual(server.seen, [(True, answer)])
            self.assertEqual(await server.stop_async(1000), 0)
        asyncio.run(main())

    def test_no_interface(self):
        async def main():
            server = Aionet.StunServer()
            with self.assertRaises(Exception) as caught:
                await server.start_async(Gio.ListStore.new(Aionet.Interface))
            self.assertTrue(caught.exception.matches(Aionet.Error.quark(), Aionet.Error.NO_INTERFACE))
        asyncio.run(main())


if __name__ == '__main__':
    tap.main()

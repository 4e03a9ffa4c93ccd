# SPDX-License-Identifier: LGPL-2.1-or-later
"""Pipes from Python with asyncio, on loopback: the cases C-01 to C-31 that make sense here."""
import asyncio
import contextlib
import socket
import threading
import unittest

import gi
gi.require_version('Aionet', '1')
from gi.repository import Aionet, Gio, GLib

import tap

TCP, UDP, IP4, IP6 = Aionet.TCP, Aionet.UDP, Aionet.IP4, Aionet.IP6
LOOPBACK = {IP4: '127.0.0.1', IP6: '::1'}
# A hang is a failure; the figure only has to be far above what a busy machine needs.
PATIENCE = 60
CLOSED = (Aionet.error_quark(), Aionet.Error.CLOSED)


def endpoint(text, port=0):
    return Gio.InetSocketAddress.new_from_string(text, port)


def has_ipv6():
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as probe:
            probe.bind(('::1', 0))
        return True
    except OSError:
        return False


def families():
    return (IP4, IP6) if has_ipv6() else (IP4,)


def serve(protocol, family=IP4):
    """A pipe that serves on loopback, on a port of the system's choice; not open yet."""
    route = Aionet.Interface.new_default().get_route(family).bind_to(LOOPBACK[family], 0)
    return Aionet.Pipe(protocol, None, route)


def target(server):
    return server.get_local_address().to_string()


def run(test):
    return asyncio.run(asyncio.wait_for(test, PATIENCE))


class Async(unittest.TestCase):
    def assert_fails(self, caught, domain, code):
        self.assertTrue(caught.exception.matches(domain, code), caught.exception)

    async def assert_closed(self, awaitable):
        with self.assertRaises(GLib.Error) as caught:
            await awaitable
        self.assert_fails(caught, *CLOSED)


class Many(Async):
    def test_send_many(self):
        """Several datagrams with one call, and an exception only if none was taken."""
        async def test():
            async with serve(UDP) as server, Aionet.Pipe(UDP, target(server)) as client:
                self.assertEqual(client.send_many([b'one', b'', b'three']), 3)
                for expected in (b'one', b'', b'three'):
                    self.assertEqual(bytes(await server.receive_async()), expected)
                self.assertEqual(client.send_many([b'fits', b'x' * 70000]), 1)
                with self.assertRaises(GLib.Error) as caught:
                    client.send_many([b'x' * 70000])
                self.assert_fails(caught, Gio.io_error_quark(), Gio.IOErrorEnum.MESSAGE_TOO_LARGE)
        run(test())


class Echo(Async):
    async def echo(self, protocol, family):
        async with serve(protocol, family) as server:
            async def answer():
                if protocol == UDP:
                    message = await server.receive_async()
                    server.send(bytes(message), message.sender)
                else:
                    async with await server.accept_async() as client:
                        await client.send_async(bytes(await client.receive_async()))

            task = asyncio.ensure_future(answer())
            async with Aionet.Pipe(protocol, target(server)) as client:
                self.assertTrue(client.is_open())
                await client.send_async(b'hello')
                message = await client.receive_async()
                self.assertEqual(bytes(message), b'hello')
                self.assertEqual(message.bytes, b'hello')
                self.assertEqual(message.sender.to_string(), target(server))
                await task
        self.assertFalse(server.is_open())

    def test_c01_tcp(self):
        for family in families():
            with self.subTest(family):
                run(self.echo(TCP, family))

    def test_c02_udp(self):
        for family in families():
            with self.subTest(family):
                run(self.echo(UDP, family))


class Receiving(Async):
    def test_c04_nothing_comes(self):
        async def test():
            async with serve(UDP) as pipe:
                for timeout_ms in (0, 300):
                    began = asyncio.get_running_loop().time()
                    with self.assertRaises(GLib.Error) as caught:
                        await pipe.receive_async(timeout_ms)
                    self.assert_fails(caught, Gio.io_error_quark(), Gio.IOErrorEnum.TIMED_OUT)
                    self.assertGreaterEqual(asyncio.get_running_loop().time() - began, timeout_ms / 1000 - 0.001)
        run(test())

    def test_c07_subscriptions(self):
        async def test():
            async with serve(UDP) as server, serve(UDP) as one, serve(UDP) as two:
                first, second = one.get_local_address(), two.get_local_address()
                subscriptions = [server.subscribe('^A.*'), server.subscribe(None, second),
                                 server.subscribe(sender=endpoint('127.0.0.1')), server.subscribe('B$', first),
                                 server.subscribe()]
                for sender, data in ((one, b'A1'), (two, b'xA2'), (two, b'A3'), (one, b'zB')):
                    sender.send(data, server.get_local_address())
                    self.assertEqual(bytes(await subscriptions[4].receive_async()), data)
                every = [b'A1', b'xA2', b'A3', b'zB']
                for subscription, wanted in zip(subscriptions, ([b'A1', b'A3'], [b'xA2', b'A3'], every, [b'zB'])):
                    self.assertEqual([bytes(await subscription.receive_async()) for _ in wanted], wanted)
                    self.assertIsNone(subscription.try_receive())
        run(test())

    def test_subscription_is_scoped_and_iterable(self):
        async def test():
            async with serve(UDP) as server:
                with server.subscribe_literal(b'yes', 1) as subscription:
                    for data in (b'-yes', b'no', b'+yes'):
                        server.send(data, server.get_local_address())
                    seen = []
                    async for message in subscription:
                        seen.append(bytes(message))
                        if len(seen) == 2:
                            break
                self.assertEqual(seen, [b'-yes', b'+yes'])
                await self.assert_closed(subscription.receive_async())
        run(test())

    def test_exact_number_of_bytes(self):
        async def test():
            async with serve(TCP) as server, Aionet.Pipe(TCP, target(server)) as client:
                accepted = await server.accept_async()
                for data in (b'ab', b'cd', b'e'):
                    await client.send_async(data)
                self.assertEqual(bytes(await accepted.receive_n_async(4)), b'abcd')
                self.assertEqual(bytes(await accepted.receive_n_async(4, 100)), b'e')
        run(test())

    def test_empty_datagram_is_a_message(self):
        async def test():
            async with serve(UDP) as pipe:
                pipe.send(b'', pipe.get_local_address())
                self.assertEqual(bytes(await pipe.receive_async()), b'')
        run(test())

    def test_cancelled_task_leaves_the_message(self):
        async def test():
            async with serve(UDP) as pipe:
                waiting = asyncio.ensure_future(pipe.receive_async())
                await asyncio.sleep(0)
                waiting.cancel()
                with self.assertRaises(asyncio.CancelledError):
                    await waiting
                pipe.send(b'later', pipe.get_local_address())
                self.assertEqual(bytes(await pipe.receive_async()), b'later')
        run(test())


class Sending(Async):
    def test_what_has_bytes_is_sent(self):
        async def test():
            async with serve(UDP) as pipe:
                for data in (b'x', bytearray(b'x'), memoryview(b'x'), GLib.Bytes.new(b'x')):
                    pipe.send(data, pipe.get_local_address())
                    self.assertEqual(bytes(await pipe.receive_async()), b'x')
                    await pipe.send_async(data, pipe.get_local_address())
                    self.assertEqual(bytes(await pipe.receive_async()), b'x')
                for text in ('x', None, 1):
                    with self.assertRaises(TypeError):
                        pipe.send(text, pipe.get_local_address())
        run(test())

    def test_one_mebibyte(self):
        data = bytes(range(256)) * 4096

        async def test():
            async with serve(TCP) as server, Aionet.Pipe(TCP, target(server)) as client:
                accepted = await server.accept_async()
                sending = asyncio.ensure_future(client.send_async(data))
                self.assertEqual(bytes(await accepted.receive_n_async(len(data))), data)
                await sending
        run(test())

    def test_threads_that_call_at_once(self):
        async def test():
            async with serve(UDP) as pipe:
                subscription = pipe.subscribe('^wanted$')

                def call():
                    for _ in range(200):
                        pipe.send(b'wanted', pipe.get_local_address())
                        pipe.subscribe('unwanted').cancel()

                threads = [threading.Thread(target=call) for _ in range(4)]
                for thread in threads:
                    thread.start()
                for _ in range(800):
                    self.assertEqual(bytes(await subscription.receive_async()), b'wanted')
                for thread in threads:
                    thread.join()
        run(test())


class Ends(Async):
    def test_c17_remote_closes(self):
        async def test():
            async with serve(TCP) as server, Aionet.Pipe(TCP, target(server)) as client:
                ends = []
                client.connect('closed', lambda pipe, error: ends.append((pipe, error)))
                accepted = await server.accept_async()
                accepted.close()
                self.assertEqual([message async for message in client], [])
                self.assertFalse(client.is_open())
                self.assertEqual(ends, [(client, None)])
                with self.assertRaises(GLib.Error) as caught:
                    client.send(b'late')
                self.assert_fails(caught, *CLOSED)
                await self.assert_closed(client.send_async(b'late'))
        run(test())

    def test_messages_until_the_peer_finishes(self):
        async def test():
            async with serve(TCP) as server:
                async with Aionet.Pipe(TCP, target(server)) as client:
                    for _ in range(3):
                        await client.send_async(b'piece')
                accepted = await server.accept_async()
                self.assertEqual(b''.join([bytes(message) async for message in accepted]), b'piece' * 3)
        run(test())

    def test_a_reset_is_raised(self):
        async def test():
            async with serve(TCP) as server:
                with socket.create_connection(('127.0.0.1', server.get_local_address().get_port())) as peer:
                    accepted = await server.accept_async()
                    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b'\1\0\0\0\0\0\0\0')
                with self.assertRaises(GLib.Error):
                    async for _ in accepted:
                        pass
        run(test())

    def test_clients_one_by_one(self):
        async def test():
            server = serve(TCP)
            await server.open_async()
            async with contextlib.AsyncExitStack() as stack:
                connected = [await stack.enter_async_context(Aionet.Pipe(TCP, target(server))) for _ in range(2)]
                peers = []
                async for client in server.clients():
                    peers.append(client.get_remote_address().to_string())
                    if len(peers) == 2:
                        server.close()
                self.assertEqual(peers, [pipe.get_local_address().to_string() for pipe in connected])
        run(test())

    def test_c25_refused(self):
        async def test():
            async with serve(TCP) as server:
                port = server.get_local_address().get_port()
            with self.assertRaises(GLib.Error) as caught:
                async with Aionet.Pipe(TCP, f'127.0.0.1:{port}'):
                    self.fail('nobody listens')
            self.assert_fails(caught, Gio.io_error_quark(), Gio.IOErrorEnum.CONNECTION_REFUSED)
        run(test())

    def test_c31_closed_on_exit_whatever_happens(self):
        async def test():
            with self.assertRaises(KeyError):
                async with serve(UDP) as pipe:
                    waiting = asyncio.ensure_future(pipe.receive_async())
                    await asyncio.sleep(0)
                    raise KeyError('in between')
            self.assertFalse(pipe.is_open())
            await self.assert_closed(waiting)
            pipe.close()
        run(test())


class Messages(unittest.TestCase):
    def test_made_in_python(self):
        message = Aionet.Message(b'data', endpoint('127.0.0.1', 9))
        self.assertEqual((bytes(message), message.sender.to_string()), (b'data', '127.0.0.1:9'))
        self.assertEqual(repr(message), "<Aionet.Message b'data' from 127.0.0.1:9>")
        self.assertEqual(repr(Aionet.Message(b'')), "<Aionet.Message b'' from nobody>")
        self.assertEqual(repr(Aionet.Message(b'x' * 65)), f"<Aionet.Message {b'x' * 64!r}… 65 bytes from nobody>")
        with self.assertRaises(TypeError):
            Aionet.Message('text')


class MainLoop(unittest.TestCase):
    def test_callbacks_in_a_context_of_ones_own(self):
        context = GLib.MainContext.new()
        context.push_thread_default()
        self.addCleanup(context.pop_thread_default)
        loop, seen = GLib.MainLoop.new(context, False), []
        server = serve(UDP)

        def on_message(pipe, result):
            seen.append(bytes(pipe.receive_finish(result)))
            loop.quit()

        def on_open(pipe, result):
            pipe.open_finish(result)
            pipe.send(b'hello', pipe.get_local_address())
            pipe.receive_async(-1, None, on_message)

        server.open_async(None, on_open)
        loop.run()
        self.assertEqual(seen, [b'hello'])


if __name__ == '__main__':
    tap.main()

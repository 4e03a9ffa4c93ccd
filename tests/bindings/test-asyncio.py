# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 The libaionet authors
"""Aionet under plain asyncio as its users know it: cancelling, time-outs, tasks, loops, threads, ends."""
import asyncio
import gc
import importlib.util
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
import unittest
import weakref

import gi
gi.require_version('Aionet', '1')
from gi.repository import Aionet, Gio, GLib

import tap

# A hang is a failure; the figure only has to be far above what a busy machine needs.
PATIENCE = 60


def serve(protocol=Aionet.UDP):
    return Aionet.Pipe(protocol, None, Aionet.Interface('default').route(Aionet.IP4).bind_to('127.0.0.1'))


def run(test):
    return asyncio.run(asyncio.wait_for(test, PATIENCE))


def settled_context():
    """Waits until the helper thread has done what it had to do so far."""
    passed = threading.Event()
    source = GLib.Idle()
    source.set_callback(lambda *_: passed.set())
    source.attach(GLib.MainContext.default())
    passed.wait(PATIENCE)


async def settled():
    """Lets what was cancelled end: in the helper thread, and then in the loop."""
    context = GLib.MainContext.default()
    for _ in range(20):
        passed = asyncio.Event()
        source = GLib.Idle()
        source.set_callback(lambda *_, loop=asyncio.get_running_loop(), done=passed:
                            loop.call_soon_threadsafe(done.set) and False)
        source.attach(context)
        await passed.wait()
    gc.collect()


class Cancelling(unittest.TestCase):
    def test_task_cancels_the_cancellable(self):
        async def test():
            async with serve() as pipe:
                cancellable = Gio.Cancellable()

                async def wait():
                    await pipe.receive_async(-1, cancellable)
                task = asyncio.create_task(wait())
                await asyncio.sleep(0)
                task.cancel()
                with self.assertRaises(asyncio.CancelledError):
                    await task
                self.assertTrue(cancellable.is_cancelled())
        run(test())

    def test_cancellable_raises(self):
        async def test():
            async with serve() as pipe:
                cancellable = Gio.Cancellable()
                waiting = pipe.receive_async(cancellable=cancellable)
                cancellable.cancel()
                with self.assertRaises(GLib.Error) as caught:
                    await waiting
                self.assertTrue(caught.exception.matches(Gio.io_error_quark(), Gio.IOErrorEnum.CANCELLED))
        run(test())

    def test_timeouts_leak_nothing(self):
        async def test():
            async with serve() as pipe:
                calls = []
                for _ in range(50):
                    call = pipe.receive_async()
                    calls.append(weakref.ref(call))
                    with self.assertRaises(asyncio.TimeoutError):
                        await asyncio.wait_for(call, 0.001)
                    del call
                await settled()
                self.assertEqual([call() for call in calls if call() is not None], [])
                pipe.send(b'still here', pipe.local_address)
                self.assertEqual(bytes(await asyncio.wait_for(pipe.receive_async(), PATIENCE)), b'still here')
            gone = weakref.ref(pipe)
            del pipe
            await settled()
            self.assertIsNone(gone())
        run(test())

    @unittest.skipUnless(hasattr(asyncio, 'timeout'), 'asyncio.timeout () is of Python 3.11')
    def test_timeout_block(self):
        async def test():
            async with serve() as pipe:
                with self.assertRaises(asyncio.TimeoutError):
                    async with asyncio.timeout(0.01):
                        async for _ in pipe:
                            self.fail('nobody sent')
                self.assertTrue(pipe.is_open())
        run(test())


class NothingIsLost(unittest.TestCase):
    """What arrives in the very moment in which a task is cancelled is for the next who asks."""

    async def cancelled(self, call, cause):
        """Awaits a call in a task that is cancelled when the result is there and the task still asleep."""
        task = asyncio.create_task(call)
        call._future.add_done_callback(lambda _: task.cancel())  # called before the one that wakes it up
        await asyncio.sleep(0)
        await cause()
        with self.assertRaises(asyncio.CancelledError):
            await task

    def test_cancelled_before_the_loop_sees_it(self):
        async def test():
            async with serve() as pipe:
                for number in range(20):
                    before = pipe.n_received
                    task = asyncio.create_task(pipe.receive_async())
                    await asyncio.sleep(0)
                    pipe.send(b'%d' % number, pipe.local_address)
                    while pipe.n_received == before:
                        time.sleep(0.001)  # the loop must not run
                    settled_context()
                    task.cancel()
                    with self.assertRaises(asyncio.CancelledError):
                        await task
                    self.assertEqual(bytes(await pipe.receive_async()), b'%d' % number)
        run(test())

    def test_datagrams_and_subscriptions(self):
        async def test():
            async with serve() as pipe, serve() as other, other.subscribe('') as subscription:
                for receiver, to in ((pipe, pipe), (subscription, other)):
                    await self.cancelled(receiver.receive_async(), lambda to=to: pipe.send_async(b'1', to.local_address))
                    await pipe.send_async(b'2', to.local_address)
                    self.assertEqual([bytes(await receiver.receive_async()) for _ in range(2)], [b'1', b'2'])
        run(test())

    def test_streams(self):
        async def test():
            async with serve(Aionet.TCP) as server, \
                    Aionet.Pipe(Aionet.TCP, server.local_address.to_string()) as client:
                accepted = await server.accept_async()
                await self.cancelled(accepted.receive_async(), lambda: client.send_async(b'abcdef'))
                self.assertEqual(bytes(await accepted.receive_n_async(2)), b'ab')
                self.assertEqual(bytes(accepted.try_receive()), b'cdef')
                await self.cancelled(accepted.receive_n_async(3), lambda: client.send_async(b'ghi'))
                waiting = asyncio.create_task(accepted.receive_n_async(5))
                await asyncio.sleep(0)
                waiting.cancel()
                with self.assertRaises(asyncio.CancelledError):
                    await waiting
                await client.send_async(b'jk')
                self.assertEqual(bytes(await accepted.receive_n_async(5)), b'ghijk')
                await self.cancelled(accepted.receive_async(), lambda: client.send_async(b'l'))
                self.assertEqual(bytes(await accepted.receive_n_async(5, 0)), b'l')
        run(test())

    def test_clients(self):
        async def test():
            async with serve(Aionet.TCP) as server:
                client = Aionet.Pipe(Aionet.TCP, server.local_address.to_string())
                await self.cancelled(server.accept_async(), lambda: client.open_async())
                accepted = await server.accept_async()
                self.assertEqual(accepted.remote_address.to_string(), client.local_address.to_string())
                client.close()
        run(test())

    def test_the_loop_is_gone(self):
        pipe = serve()
        kept = []

        async def ask():
            await pipe.open_async()
            kept.append(pipe.receive_async())
        run(ask())
        pipe.send(b'for the next loop', pipe.local_address)

        async def get():
            return bytes(await pipe.receive_async())
        self.assertEqual(run(get()), b'for the next loop')
        pipe.close()


class Tasks(unittest.TestCase):
    def test_calls_are_coroutines_for_tasks(self):
        async def test():
            async with serve() as pipe:
                task = asyncio.create_task(pipe.receive_async())
                await pipe.send_async(b'one', pipe.local_address)
                self.assertEqual(bytes(await task), b'one')
                task = asyncio.create_task(pipe.receive_async())
                await asyncio.sleep(0)
                task.cancel()
                with self.assertRaises(asyncio.CancelledError):
                    await task
                task = asyncio.create_task(pipe.receive_async())
                task.cancel()  # before its first step
                with self.assertRaises(asyncio.CancelledError):
                    await task
                pipe.send(b'two', pipe.local_address)
                self.assertEqual(bytes(await pipe.receive_async()), b'two')
                task = asyncio.create_task(pipe.receive_async(0))
                with self.assertRaises(GLib.Error):
                    await task
        run(test())

    def test_gather_and_wait(self):
        async def test():
            async with serve() as one, serve() as two:
                both = asyncio.gather(one.receive_async(), two.receive_async())
                for pipe in (two, one):
                    pipe.send(pipe.local_address.to_string().encode(), pipe.local_address)
                self.assertEqual([bytes(message).decode() for message in await both],
                                 [pipe.local_address.to_string() for pipe in (one, two)])
                done, pending = await asyncio.wait(
                    [asyncio.ensure_future(call) for call in (one.receive_async(), two.receive_async(0))],
                    return_when=asyncio.FIRST_COMPLETED)
                self.assertEqual((len(done), len(pending)), (1, 1))
                self.assertIsInstance(done.pop().exception(), GLib.Error)
                pending.pop().cancel()
        run(test())

    @unittest.skipUnless(hasattr(asyncio, 'TaskGroup'), 'asyncio.TaskGroup is of Python 3.11')
    def test_task_group(self):
        async def test():
            async with serve() as pipe:
                with self.assertRaises(BaseExceptionGroup):
                    async with asyncio.TaskGroup() as group:
                        waiting = group.create_task(pipe.receive_async())
                        group.create_task(pipe.receive_n_async(4, 0))
                self.assertTrue(waiting.cancelled())
        run(test())

    def test_context_managers(self):
        async def test():
            async with serve() as pipe, Aionet.Daemon() as daemon, Aionet.StunServer(port=0) as server:
                async with pipe.subscribe('^yes') as subscription:
                    for data in (b'no', b'yes 1', b'yes 2'):
                        pipe.send(data, pipe.local_address)
                    self.assertEqual([bytes(await anext(subscription)), bytes(await subscription.receive_async())],
                                     [b'yes 1', b'yes 2'])
                with self.assertRaises(GLib.Error) as caught:
                    await subscription.receive_async()
                self.assertTrue(Aionet.Error.CLOSED.matches(caught.exception))
                daemon.listen_loopback(Aionet.TCP, 0)
                server.listen_routes([Aionet.Interface('default').route(Aionet.IP4).bind_to('127.0.0.1')])
                self.assertEqual((bool(len(daemon.get_listeners())), bool(len(server.get_listeners()))), (True, True))
            self.assertEqual((pipe.is_open(), len(daemon.get_listeners()), len(server.get_listeners())), (False, 0, 0))
        run(test())


class Loops(unittest.TestCase):
    def test_one_after_the_other(self):
        pipe = serve()
        run(pipe.__aenter__())
        for number in range(3):
            async def test(data):
                await pipe.send_async(data, pipe.local_address)
                return bytes(await pipe.receive_async())
            data = str(number).encode()
            self.assertEqual(run(test(data)), data)
        pipe.close()

    def test_side_by_side(self):
        """An asyncio loop in each of several threads."""
        got, failed = [], []

        async def test(number):
            async with serve() as pipe:
                for step in range(50):
                    await pipe.send_async(b'%d %d' % (number, step), pipe.local_address)
                    got.append(bytes(await pipe.receive_async()))

        def work(number):
            try:
                asyncio.run(test(number))
            except BaseException as error:  # pylint: disable=broad-except
                failed.append(error)

        threads = [threading.Thread(target=work, args=[number]) for number in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE)
        self.assertEqual((failed, len(got)), ([], 150))

    def test_calls_from_worker_threads(self):
        async def test():
            async with serve() as pipe:
                def work():
                    pipe.send(b'from a thread', pipe.local_address)
                    return pipe.subscribe('x').get_n_queued(), pipe.ttl
                self.assertEqual((await asyncio.to_thread(work))[0], 0)
                self.assertEqual(bytes(await pipe.receive_async()), b'from a thread')
        run(test())

    def test_needs_a_loop(self):
        pipe = Aionet.Pipe(Aionet.UDP, '127.0.0.1:9')
        with self.assertRaisesRegex(RuntimeError, 'no running event loop'):
            pipe.open_async()


PREAMBLE = '''
import asyncio, sys
import gi
gi.require_version('Aionet', '1')
from gi.repository import Aionet, GLib

def serve():
    return Aionet.Pipe(Aionet.UDP, None, Aionet.Interface('default').route(Aionet.IP4).bind_to('127.0.0.1'))
'''


class Programs(unittest.TestCase):
    """Whole programs, that do not say what nobody asked."""

    def program(self, text, *options):
        return subprocess.Popen([sys.executable, *options, '-c', PREAMBLE + textwrap.dedent(text)], text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                env={**os.environ, 'PYTHONUNBUFFERED': '1'})

    def assert_quiet(self, text, *options):
        with self.program(text, *options) as program:
            out, said = program.communicate(timeout=PATIENCE)
        self.assertEqual((program.returncode, said), (0, ''))
        return out


class Ends(Programs):
    def test_loop_closed_while_calls_are_pending(self):
        for _ in range(3):
            self.assertEqual(self.assert_quiet('''
                async def main():
                    pipes = [serve() for _ in range(20)]
                    for pipe in pipes:
                        await pipe.open_async()
                    kept.extend(pipe.receive_async() for pipe in pipes)
                    for pipe in pipes:
                        pipe.receive_async()
                        pipe.send(b'at the last moment', pipe.get_local_address())
                        asyncio.ensure_future(waits(pipe))
                async def waits(pipe):
                    await pipe.receive_async()
                kept = []
                asyncio.run(main())
                print('closed')
                '''), 'closed\n')

    def test_a_thread_without_a_loop_waits_for_the_context(self):
        """Whoever has it may leave it without having looked who waits."""
        self.assertEqual(self.assert_quiet('''
            import threading
            daemon, context, told = Aionet.Daemon(), GLib.MainContext.default(), []
            assert context.acquire()
            thread = threading.Thread(target=lambda: told.append(daemon.n_clients))
            thread.start()
            thread.join(0.3)
            print(told)
            context.release()
            thread.join()
            print(told, threading.active_count())
            '''), '[]\n[0] 1\n')

    def test_daemons_that_are_not_closed(self):
        """The helper thread calls into Python until the very end."""
        for _ in range(3):
            self.assert_quiet('''
                class Echo(Aionet.Daemon):
                    def do_message(self, pipe, message):
                        pipe.send(message.bytes, message.sender)

                async def main():
                    daemon = Echo()
                    port = daemon.listen_loopback(Aionet.UDP, 0)
                    pipe = Aionet.Pipe(Aionet.UDP, f'127.0.0.1:{port}')
                    await pipe.open_async()
                    for _ in range(50):
                        pipe.send(b'hello')
                    await pipe.receive_async()
                    return daemon, pipe
                kept = asyncio.run(main())
                ''')

    def test_nothing_to_tell_in_development_mode(self):
        """asyncio's debug mode finds coroutines that are never awaited and calls from wrong threads."""
        said = self.assert_quiet('''
            async def main():
                asyncio.get_running_loop().slow_callback_duration = 1000  # a busy machine is no fault
                async with serve() as pipe:
                    pipe.send(b'x', pipe.local_address)
                    pipe.send(b'y', pipe.local_address)
                    async for message in pipe:
                        break
                    print(bytes(await asyncio.create_task(pipe.receive_async())))
                    try:
                        await asyncio.wait_for(pipe.receive_async(), 0.01)
                    except asyncio.TimeoutError:
                        print('late')
            asyncio.run(main(), debug=True)
            ''', '-W', 'error::RuntimeWarning')
        self.assertEqual(said, "b'y'\nlate\n")

    def test_interrupted(self):
        """Control-C ends a program that waits, wherever it waits."""
        for wait in ('await pipe.receive_async()', 'async for message in pipe: pass',
                     'await asyncio.sleep(1000)', 'await asyncio.create_task(pipe.receive_async())'):
            with self.program(f'''
                async def main():
                    async with serve() as pipe:
                        print('waits')
                        {wait}
                asyncio.run(main())
                ''') as program:
                self.assertEqual(program.stdout.readline(), 'waits\n')
                program.send_signal(signal.SIGINT)
                try:
                    _, said = program.communicate(timeout=PATIENCE)
                except subprocess.TimeoutExpired:
                    program.kill()
                    raise
            self.assertIn(program.returncode, (-signal.SIGINT, 130, 1), said)
            self.assertTrue(said.rstrip().endswith('KeyboardInterrupt'), said)


@unittest.skipIf(importlib.util.find_spec('gi.events') is None, 'gi.events is of PyGObject 3.50')
class GLibLoop(Programs):
    """The asyncio loop of newer PyGObject iterates the main context itself: no helper thread there."""

    def test_no_helper_thread(self):
        self.assertEqual(self.assert_quiet('''
            import threading
            from gi.events import GLibEventLoopPolicy

            async def main():
                async with serve() as pipe:
                    await pipe.send_async(b'hello', pipe.local_address)
                    print(bytes(await asyncio.create_task(pipe.receive_async())))
                    await asyncio.to_thread(pipe.send, b'again', pipe.local_address)
                    print(bytes(await pipe.receive_async()))
                    try:
                        await asyncio.wait_for(pipe.receive_async(), 0.01)
                    except asyncio.TimeoutError:
                        print('late')
                print([thread.name for thread in threading.enumerate() if 'aionet' in thread.name])
            policy = GLibEventLoopPolicy()
            asyncio.set_event_loop_policy(policy)
            policy.get_event_loop().run_until_complete(main())
            policy.get_event_loop().run_until_complete(main())
            '''), "b'hello'\nb'again'\nlate\n[]\n" * 2)


if __name__ == '__main__':
    tap.main()

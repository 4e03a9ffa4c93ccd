# SPDX-License-Identifier: LGPL-2.1-or-later
"""Listing and loading from Python, on the replay plugin and on providers written in Python."""
import asyncio
import gc
import os
import unittest

import gi
gi.require_version('Aionet', '1')
from gi.repository import Aionet, Gio, GLib, GObject

import tap

SERVERS = ['192.0.2.1:3478', '198.51.100.1:3478', '203.0.113.1:3478']


def address(text, port=0):
    return Gio.InetSocketAddress.new_from_string(text, port)


class PythonBackend(Aionet.AddressBackend):
    """A host with one card and one address."""
    __gtype_name__ = 'TestPythonBackend'

    def do_begin(self, request):
        link = Aionet.Link.new('py0', 7)
        link.props.is_up = True
        link.add_address(Aionet.IpRange('192.168.7.7'), Aionet.AddressFlags.NONE)
        links = Gio.ListStore.new(Aionet.Link)
        links.append(link)
        request.complete(links)


class PythonStun(Aionet.StunProvider):
    """Sees every address as 1.3.3.7, from every server."""
    __gtype_name__ = 'TestPythonStun'

    def do_begin(self, request):
        local = request.get_local_address()
        request.complete(Aionet.Mapping.new(request.get_protocol(), request.get_server(), local,
                                            address('1.3.3.7', 40000)))


class Raises(Aionet.AddressBackend):
    __gtype_name__ = 'TestRaises'

    def do_begin(self, request):
        request.fail(GLib.Error.new_literal(Gio.io_error_quark(), 'no links today', Gio.IOErrorEnum.FAILED))


class Forgets(Aionet.StunProvider):
    __gtype_name__ = 'TestForgets'
    kept = []

    def do_begin(self, request):
        self.kept.append(request)


class AnswersWrong(Aionet.AddressBackend):
    __gtype_name__ = 'TestAnswersWrong'

    def do_begin(self, request):
        request.complete(Gio.Cancellable())


def host(backend=None, stun=None, **properties):
    made = Aionet.Host.new()
    made.set_stun_servers(SERVERS)
    if backend is not None:
        made.set_address_backend(backend)
    if stun is not None:
        made.set_stun_provider(stun)
    for name, value in properties.items():
        made.set_property(name, value)
    return made


class PythonProviders(unittest.TestCase):
    def test_backend_and_provider_in_python(self):
        async def load():
            made = host(PythonBackend(), PythonStun())
            await made.refresh_async()
            await made.load_all_async()
            return made['py0']
        nic = asyncio.run(load())
        pool = nic.rp[Aionet.IP4]
        self.assertEqual(len(pool), 1)
        self.assertEqual(pool[0], '1.3.3.7')
        self.assertEqual(pool[-1], '1.3.3.7')
        self.assertEqual([r.get_nic_address().to_string() for r in pool], ['192.168.7.7'])
        self.assertTrue(pool[0].get_confirmed())

    def test_failing_backend_reports(self):
        with self.assertRaises(GLib.Error) as caught:
            asyncio.run(self.refresh(Raises()))
        self.assertIn('no links today', caught.exception.message)

    def test_wrong_answer_is_misbehaviour(self):
        with self.assertRaises(GLib.Error) as caught:
            asyncio.run(self.refresh(AnswersWrong()))
        self.assertTrue(caught.exception.matches(Aionet.error_quark(), Aionet.Error.PROVIDER_MISBEHAVED))

    @staticmethod
    async def refresh(backend):
        made = host(backend)
        await made.refresh_async()

    def test_forgetful_provider_costs_its_deadline_only(self):
        async def load():
            made = host(PythonBackend(), Forgets(), timeout=300)
            await made.refresh_async()
            await made.load_all_async()
            return made['py0']
        nic = asyncio.run(load())
        self.assertEqual(len(nic.rp[Aionet.IP4]), 0)
        self.assertEqual(nic.to_dict()['addresses'][0]['ip'], '192.168.7.7')
        Forgets.kept.clear()
        gc.collect()

    def test_cancelled_task_cancels_the_call(self):
        async def load():
            made = host(PythonBackend(), Forgets(), timeout=60000)
            await made.refresh_async()
            task = asyncio.ensure_future(made.load_all_async())
            while not Forgets.kept:
                await asyncio.sleep(0.01)
            task.cancel()
            with self.assertRaises(asyncio.CancelledError):
                await task
            for _ in range(500):
                if all(request.is_done() for request in Forgets.kept):
                    return
                await asyncio.sleep(0.01)
            self.fail('requests outlived the cancelled call')
        asyncio.run(load())
        Forgets.kept.clear()

    def test_registry_takes_python_types(self):
        registry = Aionet.Registry.new()
        self.assertTrue(registry.add_type(PythonBackend, 'python', 90))
        provider = registry.create_provider(Aionet.AddressBackend, 'python')
        self.assertIsInstance(provider, PythonBackend)
        with self.assertRaises(GLib.Error):
            registry.add_type(GObject.Object, 'object', 0)
        with self.assertRaises(GLib.Error) as caught:
            registry.create_provider(Aionet.AddressBackend, 'nobody')
        self.assertTrue(caught.exception.matches(Aionet.error_quark(), Aionet.Error.NO_PROVIDER))


class Default(unittest.TestCase):
    def test_usable_without_loading(self):
        nic = Aionet.Interface('default')
        self.assertIsNotNone(nic.route(Aionet.IP4))
        self.assertTrue(nic.is_default(Aionet.IP4))

    def test_awaiting_does_not_break(self):
        async def load():
            return await Aionet.Interface('default')
        self.assertEqual(asyncio.run(load()).get_name(), 'default')


class DefaultHost(unittest.TestCase):
    """Interfaces made by name use the default host of the thread that made them, though awaited
    calls may run in another one."""

    def tearDown(self):
        default = Aionet.Host.get_default()
        default.set_stun_servers(None)
        default.set_address_backend(None)
        default.set_stun_provider(None)

    def test_settings_count_for_interfaces_made_by_name(self):
        default = Aionet.Host.get_default()
        default.set_address_backend(PythonBackend())
        default.set_stun_provider(PythonStun())
        default.set_stun_servers(SERVERS)

        async def load():
            return await Aionet.Interface('py0')
        nic = asyncio.run(load())
        self.assertEqual([str(r.get_ext_address().to_string()) for r in nic.rp[Aionet.IP4]], ['1.3.3.7'])

    def test_broken_setting_is_told(self):
        default = Aionet.Host.get_default()
        default.set_address_backend(PythonBackend())
        default.set_stun_provider(PythonStun())
        default.set_stun_servers(['nonsense:99999'])

        async def load():
            return await Aionet.Interface('py0')
        with self.assertRaises(GLib.Error) as caught:
            asyncio.run(load())
        self.assertIn('nonsense:99999', caught.exception.message)

    def test_interface_without_its_host_says_so(self):
        async def load():
            made = host(PythonBackend(), PythonStun())
            await made.load_all_async()
            nic = made['py0']
            del made
            gc.collect()
            await nic.load_async()
        with self.assertRaises(GLib.Error) as caught:
            asyncio.run(load())
        self.assertTrue(caught.exception.matches(Aionet.error_quark(), Aionet.Error.NO_PROVIDER))


class Callbacks(unittest.TestCase):
    def test_callback_form_in_a_worker_context(self):
        context, done = GLib.MainContext.new(), []
        context.push_thread_default()
        try:
            made = host(PythonBackend(), PythonStun())
            made.refresh_async(None, lambda source, result: done.append(source.refresh_finish(result)))
            while not done:
                context.iteration(True)
        finally:
            context.pop_thread_default()
        self.assertEqual(done, [True])
        self.assertEqual([nic.get_name() for nic in made], ['py0'])


if __name__ == '__main__':
    tap.main()

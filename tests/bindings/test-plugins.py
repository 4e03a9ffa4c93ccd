# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 The libaionet authors
"""Plugins in a few lines of Python; one that raises, forgets or is late costs its own request only."""
import asyncio
import contextlib
import io
import threading
import unittest

import gi
gi.require_version('Aionet', '1')
from gi.repository import Aionet, Gio, GLib

import tap

SERVERS = ['192.0.2.1:3478', '198.51.100.1:3478', '203.0.113.1:3478']
PATIENCE = 60


class Backend(Aionet.AddressBackend):
    """A host with one card and two addresses."""
    __gtype_name__ = 'TestPluginsBackend'

    def do_begin(self, request):
        link = Aionet.Link('py0', 7, is_up=True)
        link.add_address('192.168.7.7/24')
        link.add_address('8.8.0.0/16')
        request.complete([link])


class Stun(Aionet.StunProvider):
    """Sees private addresses as 1.3.3.7, and public ones as they are."""
    __gtype_name__ = 'TestPluginsStun'

    def do_begin(self, request):
        local = request.local_address.get_address().to_string()
        seen = '1.3.3.7' if local.startswith('192.168.') else local
        request.complete(Aionet.Mapping(request.protocol, request.server, request.local_address, (seen, 40000)))


class Sick(Stun):
    """Is well for every server but the first: for that it does what `how` says."""
    __gtype_name__ = 'TestPluginsSick'
    how, kept = None, []

    def do_begin(self, request):
        if request.server.get_address().to_string() != '192.0.2.1':
            super().do_begin(request)
        else:
            self.how(request)


def raises(request):
    raise KeyError('not today')


def fails(request):
    raise Aionet.Error.STUN_FAILED.new('not today')


def answers_wrong(request):
    request.complete(Gio.Cancellable())


def answers_nothing(request):
    request.complete(None)


async def load(stun, backend=None, **settings):
    host = Aionet.Host.new()
    host.address_backend = backend or Backend()
    host.stun_provider = stun
    host.stun_servers = SERVERS
    for name, value in settings.items():
        setattr(host, name, value)
    await asyncio.wait_for(host.load_all_async(), PATIENCE)
    return host, host['py0']


class Plugins(unittest.TestCase):
    def assert_routes(self, nic):
        self.assertEqual([str(group) for group in nic.rp[Aionet.IP4].groups],
                         ['[192.168.7.7] -> [1.3.3.7]', '[8.8.0.0/16] -> [8.8.0.0/16]'])

    def test_by_name(self):
        """As programs use them: known to a registry, chosen by name."""
        registry = Aionet.Registry.new()
        self.assertTrue(registry.add_type(Backend, 'py', 90) and registry.add_type(Stun, 'py', 90))
        info = registry.lookup(Aionet.AddressBackend, 'py')
        self.assertEqual((info.name, info.priority, info.origin), ('py', 90, Aionet.PluginOrigin.PROGRAM))
        _, nic = asyncio.run(load(registry.create_provider(Aionet.StunProvider, 'py'),
                                  registry.create_provider(Aionet.AddressBackend, 'py')))
        self.assert_routes(nic)

    def test_providers_can_be_asked(self):
        async def main():
            links = await Backend().list_links_async()
            self.assertEqual([str(address) for address in links[0].addresses], ['192.168.7.7', '8.8.0.0/16'])
            mapping = await Stun().ask_async('192.0.2.1:3478', local_address=('192.168.7.7', 5))
            self.assertEqual((mapping.external.to_string(), mapping.server.to_string()),
                             ('1.3.3.7:40000', '192.0.2.1:3478'))
            self.assertIn('192.168.7.7:5 -> 1.3.3.7:40000', repr(mapping))
        asyncio.run(main())

    def ask(self, how):
        async def main():
            provider = Sick()
            provider.how = how
            said = io.StringIO()
            with contextlib.redirect_stderr(said):
                try:
                    # No deadline: what nobody answers hangs.
                    await asyncio.wait_for(provider.ask_async('192.0.2.1:3478', local_address='192.168.7.7:5'), PATIENCE)
                except GLib.Error as error:
                    caught = error
            mapping = await provider.ask_async('198.51.100.1:3478', local_address='192.168.7.7:5')
            self.assertEqual(mapping.external.to_string(), '1.3.3.7:40000')
            return caught, said.getvalue()
        return asyncio.run(main())

    def test_what_it_raises_is_told_at_once(self):
        error, said = self.ask(raises)
        self.assertTrue(Aionet.Error.PROVIDER_MISBEHAVED.matches(error))
        self.assertIn("KeyError: 'not today'", error.message)
        self.assertIn('in raises', said)
        error, said = self.ask(fails)
        self.assertTrue(Aionet.Error.STUN_FAILED.matches(error))
        self.assertEqual((error.message, said), ('not today', ''))

    def test_wrong_answers(self):
        for how in (answers_wrong, answers_nothing):
            self.assertTrue(Aionet.Error.PROVIDER_MISBEHAVED.matches(self.ask(how)[0]), how.__name__)

    def test_others_are_not_held_up(self):
        """One server's requests go wrong in every way: the two others agree."""
        for how in (raises, fails, answers_wrong, answers_nothing, Sick.kept.append):
            with self.subTest(how), contextlib.redirect_stderr(io.StringIO()):
                stun = Sick()
                stun.how = how
                _, nic = asyncio.run(load(stun, min_agree=2))
                self.assert_routes(nic)
        Sick.kept.clear()

    def test_forgotten(self):
        """A request that nobody holds any more is dropped, without waiting for a deadline."""
        error, _ = self.ask(lambda request: None)
        self.assertTrue(Aionet.Error.PROVIDER_DROPPED.matches(error))

    def test_late(self):
        """The deadline ends it; what comes afterwards is refused and counted."""
        async def main():
            provider, answered = Sick(), []
            provider.how = Sick.kept.append
            with self.assertRaises(GLib.Error) as caught:
                await provider.ask_async('192.0.2.1:3478', local_address='192.168.7.7:5', timeout_ms=20)
            self.assertTrue(caught.exception.matches(Gio.io_error_quark(), Gio.IOErrorEnum.TIMED_OUT))
            request = Sick.kept.pop()
            self.assertTrue(request.is_done())
            thread = threading.Thread(target=lambda: answered.append(Stun.do_begin(provider, request)))
            thread.start()
            await asyncio.to_thread(thread.join)
            self.assertEqual(provider.n_late_answers, 1)
        asyncio.run(main())

    def test_answers_from_another_thread(self):
        async def main():
            provider = Sick()
            provider.how = lambda request: threading.Timer(0.01, Stun.do_begin, (provider, request)).start()
            mapping = await provider.ask_async('192.0.2.1:3478', local_address='192.168.7.7:5')
            self.assertEqual(mapping.external.to_string(), '1.3.3.7:40000')
        asyncio.run(main())

    def test_broken_backend(self):
        class Broken(Aionet.AddressBackend):
            __gtype_name__ = 'TestPluginsBroken'

            def do_begin(self, request):
                raise OSError('no links today')

        with contextlib.redirect_stderr(io.StringIO()), self.assertRaises(GLib.Error) as caught:
            asyncio.run(load(Stun(), Broken()))
        self.assertIn('OSError: no links today', caught.exception.message)


if __name__ == '__main__':
    tap.main()

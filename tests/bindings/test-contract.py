# SPDX-License-Identifier: LGPL-2.1-or-later
"""The contract of providers, checked from Python on every one there is, and on two written here."""
import ipaddress
import os
import socket
import struct
import threading
import unittest

import gi
gi.require_version('Aionet', '1')
from gi.repository import Aionet, Gio, GLib

import tap

FIXTURE = os.path.join(os.environ['AIONET_FIXTURES'], 'guide-example-1.json')
os.environ['AIONET_REPLAY_FILE'] = FIXTURE


class PythonBackend(Aionet.AddressBackend):
    __gtype_name__ = 'ContractPythonBackend'

    def do_begin(self, request):
        links = Gio.ListStore.new(Aionet.Link)
        for index, name in ((1, 'lo'), (2, 'py0')):
            link = Aionet.Link.new(name, index)
            link.props.is_up = True
            link.props.kind = Aionet.LinkKind.LOOPBACK if index == 1 else Aionet.LinkKind.VIRTUAL
            text = '127.0.0.1/8' if index == 1 else '192.168.7.7/24'
            link.add_address(Aionet.IpRange(text), Aionet.AddressFlags.NONE)
            links.append(link)
        request.complete(links)


class PythonStun(Aionet.StunProvider):
    __gtype_name__ = 'ContractPythonStun'

    def do_begin(self, request):
        local = request.get_local_address() or Gio.InetSocketAddress.new_from_string('127.0.0.1', 9)
        request.complete(Aionet.Mapping.new(request.get_protocol(), request.get_server(), local,
                                            Gio.InetSocketAddress.new_from_string('1.3.3.7', 40000)))


class StunServer(threading.Thread):
    """Answers a few Binding requests on loopback, as RFC 8489 says."""

    def __init__(self):
        super().__init__(daemon=True)
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(('127.0.0.1', 0))
        self.socket.settimeout(20)
        self.port = self.socket.getsockname()[1]

    def run(self):
        try:
            for _ in range(50):
                data, (host, port) = self.socket.recvfrom(2048)
                if len(data) < 20:
                    return
                address = struct.unpack('!I', socket.inet_aton(host))[0] ^ 0x2112a442
                attribute = struct.pack('!HHBBHI', 0x0020, 8, 0, 1, port ^ 0x2112, address)
                self.socket.sendto(struct.pack('!HH', 0x0101, len(attribute)) + data[4:20] + attribute,
                                   (host, port))
        except OSError:
            pass


def wait(start, finish):
    """Runs one asynchronous call on the default main context; returns what finish returns."""
    loop, box = GLib.MainLoop(), []

    def on_ready(_, result):
        try:
            box.append((finish(result), None))
        except GLib.Error as error:
            box.append((None, error))
        loop.quit()

    start(on_ready)
    loop.run()
    value, error = box[0]
    if error is not None:
        raise error
    return value


def providers(kind, own, name):
    """(name, provider, why not) of each plugin of a kind, and of the one written in Python."""
    registry = Aionet.Registry.new()
    registry.add_type(own, name, 1)
    seen = set()
    for info in registry:
        if info.get_kind() != kind.replace('_', '-') or info.get_name() in seen:
            continue
        seen.add(info.get_name())
        gtype = Aionet.AddressBackend if kind == 'address-backend' else Aionet.StunProvider
        try:
            yield info.get_name(), registry.create_provider(gtype, info.get_name())
        except GLib.Error as error:
            raise AssertionError(f'{info.get_name()}: {error.message}') from error


class AddressBackends(unittest.TestCase):
    def each(self):
        found = list(providers('address-backend', PythonBackend, 'python'))
        self.assertIn('python', [name for name, _ in found])
        return [backend for _, backend in found]

    @staticmethod
    def links(backend, cancellable=None, timeout=5000):
        return wait(lambda ready: backend.list_links_async(timeout, cancellable, ready),
                    backend.list_links_finish)

    def test_links_make_sense(self):
        for backend in self.each():
            links = list(self.links(backend))
            self.assertGreater(len(links), 0)
            self.assertEqual(len({link.get_name() for link in links}), len(links))
            self.assertEqual(len({link.get_index() for link in links}), len(links))
            loopbacks = [link for link in links if link.get_kind() == Aionet.LinkKind.LOOPBACK]
            for link in loopbacks:
                for address in link.get_addresses():
                    if address.get_family() == Aionet.IP4:
                        self.assertTrue(ipaddress.ip_address(address.get_address().to_string()).is_loopback)
            for link in links:
                for position, address in enumerate(link.get_addresses()):
                    self.assertIn(address.get_family(), (Aionet.IP4, Aionet.IP6))
                    self.assertIsNotNone(link.get_address_flags(position))

    def test_cancelled_before(self):
        for backend in self.each():
            cancellable = Gio.Cancellable()
            cancellable.cancel()
            with self.assertRaises(GLib.Error) as caught:
                self.links(backend, cancellable)
            self.assertTrue(caught.exception.matches(Gio.io_error_quark(), Gio.IOErrorEnum.CANCELLED))

    def test_two_at_a_time(self):
        for backend in self.each():
            loop, done = GLib.MainLoop(), []

            def on_ready(source, result, backend=backend, loop=loop, done=done):
                done.append(len(backend.list_links_finish(result)))
                if len(done) == 2:
                    loop.quit()

            for _ in range(2):
                backend.list_links_async(5000, None, on_ready)
            loop.run()
            self.assertEqual(done[0], done[1])

    def test_changed_can_be_connected(self):
        for backend in self.each():
            seen = []
            handler = backend.connect('changed', seen.append)
            backend.emit_changed()
            context = GLib.MainContext.default()
            while not seen:
                context.iteration(True)
            backend.disconnect(handler)


class StunProviders(unittest.TestCase):
    def each(self):
        found = list(providers('stun-provider', PythonStun, 'python'))
        self.assertIn('python', [name for name, _ in found])
        return found

    @staticmethod
    def ask(provider, server, local=None, cancellable=None, timeout=5000):
        return wait(lambda ready: provider.ask_async(server, Aionet.UDP, local, None, Aionet.StunChange.NONE,
                                                     timeout, cancellable, ready),
                    provider.ask_finish)

    def test_mapping_is_of_the_server_asked(self):
        server = StunServer()
        server.start()
        for name, provider in self.each():
            if name == 'replay':
                endpoint = Gio.InetSocketAddress.new_from_string('192.0.2.1', 3478)
                local = Gio.InetSocketAddress.new_from_string('192.168.0.20', 0)
            else:
                endpoint = Gio.InetSocketAddress.new_from_string('127.0.0.1', server.port)
                local = Gio.InetSocketAddress.new_from_string('127.0.0.1', 0)
            mapping = self.ask(provider, endpoint, local)
            self.assertEqual(mapping.get_protocol(), Aionet.UDP)
            self.assertEqual(mapping.get_server().to_string(), endpoint.to_string())
            self.assertIsNotNone(mapping.get_external())
            if name == 'nice':
                self.assertEqual(mapping.get_external().get_address().to_string(), '127.0.0.1')
        server.socket.sendto(b'', ('127.0.0.1', server.port))
        server.join(5)

    def test_cancelled_before(self):
        for _, provider in self.each():
            cancellable = Gio.Cancellable()
            cancellable.cancel()
            with self.assertRaises(GLib.Error) as caught:
                self.ask(provider, Gio.InetSocketAddress.new_from_string('127.0.0.1', 9), None, cancellable)
            self.assertTrue(caught.exception.matches(Gio.io_error_quark(), Gio.IOErrorEnum.CANCELLED))


if __name__ == '__main__':
    tap.main()

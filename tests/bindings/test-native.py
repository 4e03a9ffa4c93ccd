# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 The libaionet authors
"""What makes Aionet feel native in Python: values, sequences, attributes, arguments, errors, help."""
import asyncio
import collections.abc
import inspect
import ipaddress
import pydoc
import unittest

import gi
gi.require_version('Aionet', '1')
from gi.repository import Aionet, Gio, GLib, GObject

import tap

IP4, IP6 = Aionet.IP4, Aionet.IP6
BIG = '2020:deed:deed::/64'


def classes():
    """Every class of the typelib, as programs see it."""
    for name in dir(Aionet):
        cls = getattr(Aionet, name)
        if isinstance(cls, type) and issubclass(cls, GObject.Object) and cls.__gtype__.name == 'Aionet' + name:
            yield cls


def nat(**properties):
    return Aionet.Nat(type=Aionet.NatType.SYMMETRIC, delta_type=Aionet.DeltaType.EQUAL, **properties)


class Everywhere(unittest.TestCase):
    def test_every_async_call_is_awaitable(self):
        """Of every class there is: without a callback the wrapper of the override is what is called."""
        found = []
        for cls in classes():
            for name in dir(cls):
                if name.endswith('_async') and not name.startswith('_'):
                    self.assertTrue(inspect.isfunction(getattr(cls, name)), f'{cls.__name__}.{name}')
                    self.assertTrue(hasattr(cls, name[:-len('async')] + 'finish'), f'{cls.__name__}.{name}')
                    found.append(f'{cls.__name__}.{name}')
        self.assertGreater(len(found), 15)
        self.assertIn('HolePunch.open_async', found)

    def test_subclasses_are_subclasses(self):
        self.assertTrue(issubclass(Aionet.StunServer, Aionet.Daemon))
        for provider in (Aionet.AddressBackend, Aionet.StunProvider):
            self.assertTrue(issubclass(provider, Aionet.Provider))

    def test_every_property_is_an_attribute(self):
        for cls in classes():
            for pspec in GObject.list_properties(cls):
                self.assertTrue(hasattr(cls, pspec.name.replace('-', '_')), f'{cls.__name__}: {pspec.name}')

    def test_attributes_read_and_write(self):
        link = Aionet.Link('eth0', 2, is_up=True)
        link.mtu = 1400
        self.assertEqual((link.name, link.index, link.is_up, link.mtu, link.get_mtu()), ('eth0', 2, True, 1400, 1400))
        with self.assertRaises(AttributeError):
            link.name = 'eth1'
        pipe = Aionet.Pipe(Aionet.UDP, '127.0.0.1:9')
        pipe.ttl = 7
        self.assertEqual((pipe.target, pipe.ttl, pipe.get_ttl()), ('127.0.0.1:9', 7, 7))
        self.assertEqual((nat().type, nat().nat_type), (Aionet.NatType.SYMMETRIC,) * 2)
        host = Aionet.Host()
        host.stun_servers = ['192.0.2.1:3478']
        self.assertEqual(host.get_stun_servers(), ['192.0.2.1:3478'])

    def test_help_reads_well(self):
        for cls, words in ((Aionet.Pipe, ('async with', 'receive_async(self, timeout_ms', 'Nothing that arrives')),
                           (Aionet.RoutePool, ('Slices are lazy',)), (Aionet.AddressBackend, ('do_begin',))):
            text = pydoc.plain(pydoc.render_doc(cls))
            for word in words:
                self.assertIn(word, text)

    def test_every_class_prints(self):
        for value, text in ((Aionet.Target('example.org:80'), 'example.org:80'), (Aionet.Link('x', 3), '3 x'),
                            (nat(), 'symmetric'), (Aionet.Registry.new(), 'Registry'),
                            (Aionet.Gateway(family=IP4, metric=5), 'metric 5'),
                            (Aionet.Pipe(Aionet.TCP, '127.0.0.1:9'), 'TCP'),
                            (Aionet.NatPlan.new(nat(), nat()), 'NatPlan')):
            self.assertIn(text, repr(value))


class Values(unittest.TestCase):
    def test_equal_values_hash_equally(self):
        def link():
            made = Aionet.Link('eth0', 2)
            made.add_address('192.168.7.7/24')
            return made

        for make in (lambda: Aionet.IpRange('8.8.0.0/16'), lambda: Aionet.Target('example.org', 80), nat, link,
                     lambda: Aionet.Route(IP4, ['192.168.0.2'], ['1.3.3.7']),
                     lambda: Aionet.RoutePool(IP4, [Aionet.Route(IP4, ['192.168.0.2'], ['1.3.3.7'])]),
                     lambda: Aionet.Gateway.new(IP4, None, 1, 254, None), lambda: Aionet.Interface('default')):
            one, same = make(), make()
            self.assertIsNot(one, same)
            self.assertEqual(one, same)
            self.assertEqual(hash(one), hash(same), repr(one))
            self.assertEqual(len({one, same}), 1)
            self.assertNotEqual(one, None)
            self.assertNotEqual(one, 'something else')

    def test_different_values_differ(self):
        self.assertNotEqual(nat(), nat(delta_value=3))
        self.assertNotEqual(Aionet.Target('a.example:1'), Aionet.Target('a.example:2'))
        self.assertNotEqual(Aionet.Link('a', 1), Aionet.Link('a', 2))
        self.assertNotEqual(Aionet.RoutePool(IP4), Aionet.RoutePool(IP6))

    def test_they_sort(self):
        texts = ['10.0.0.0/8', '9.9.9.9', '10.0.0.1']
        self.assertEqual([str(item) for item in sorted(map(Aionet.IpRange, texts))],
                         [str(item) for item in sorted(map(Aionet.IpRange, reversed(texts)))])
        self.assertEqual(str(min(map(Aionet.IpRange, texts))), '9.9.9.9')
        one, other = Aionet.IpRange('1.1.1.1'), Aionet.IpRange('2.2.2.2')
        self.assertTrue(one < other and one <= other and other > one and other >= one)
        targets = [Aionet.Target(text) for text in ('b.example:1', '10.0.0.9:1', '9.0.0.1:2', 'a.example:1', '9.0.0.1:1')]
        self.assertEqual([str(target) for target in sorted(targets)],
                         ['9.0.0.1:1', '9.0.0.1:2', '10.0.0.9:1', 'a.example:1', 'b.example:1'])
        routes = [Aionet.Route(IP4, ['10.0.0.1'], [ext]) for ext in ('9.9.9.9', '1.1.1.1', '10.1.1.1')]
        self.assertEqual([route.get_ext_address().to_string() for route in sorted(routes)],
                         ['1.1.1.1', '9.9.9.9', '10.1.1.1'])
        with self.assertRaises(TypeError):
            one < 3  # pylint: disable=pointless-statement

    def test_ways_to_make_a_range(self):
        wanted = Aionet.IpRange('8.8.0.0/16')
        for args in ((ipaddress.ip_network('8.8.0.0/16'),), ('8.8.0.0', 16), (b'\x08\x08\0\0', 16),
                     (bytearray(b'\x08\x08\0\0'), 16), (memoryview(b'\x08\x08\0\0'), 16),
                     (ipaddress.ip_address('8.8.0.0'), 16), (Gio.InetAddress.new_from_string('8.8.0.0'), 16)):
            self.assertEqual(Aionet.IpRange(*args), wanted)
        self.assertEqual(Aionet.IpRange(b'\x01\x02\x03\x04'), Aionet.IpRange('1.2.3.4'))
        self.assertEqual(Aionet.IpRange(Gio.InetAddress.new_from_string('::1')), Aionet.IpRange('::1'))
        with self.assertRaises(ValueError):
            Aionet.IpRange('meow', 16)


class Sequences(unittest.TestCase):
    def test_slices_are_lazy(self):
        pool = Aionet.RoutePool(IP6, [Aionet.Route(IP6, ['fe80::1'], [BIG])])
        for items in (Aionet.IpRange(BIG), pool):
            whole = items[:]
            self.assertEqual(whole[2**64 - 2:], items[-1:])
            self.assertEqual(whole[5:8], items[5:8])
            self.assertNotEqual(whole[5:8], items[6:9])
            self.assertEqual(len(items[5:8]), 3)
            self.assertEqual([items[5:11:2][1]], items[7:8])
            self.assertIs(type(items[::-1][0]), type(items[-1]))
            self.assertEqual([items[2**63:][0]], items[2**63:2**63 + 1])
            self.assertIn('2020:deed:deed::9', items[3:])
            self.assertNotIn('2020:deed:deed::9', items[3:5])
            self.assertEqual(items[3:].index('2020:deed:deed::9'), 5)
            with self.assertRaises(IndexError):
                items[5:8][3]  # pylint: disable=expression-not-assigned
            self.assertIn('…', repr(whole))

    def test_slices_compare(self):
        block = Aionet.IpRange('192.168.1.0/24')
        pool = Aionet.RoutePool(IP4, [Aionet.Route(IP4, ['10.0.0.1'], ['8.8.8.0/24'])])
        self.assertEqual(block[:3], list(Aionet.IpRange('192.168.1.0/24')[:3]))
        self.assertEqual(pool[:2], [pool[0], pool[1]])
        self.assertEqual(pool[:2], ['8.8.8.1', '8.8.8.2'])
        self.assertNotEqual(pool[:2], pool[:3])
        self.assertEqual((len(pool[:0]), bool(pool[:0]), list(pool[300:])), (0, False, []))

    def test_more_than_len_can_tell(self):
        for items in (Aionet.IpRange(BIG), Aionet.RoutePool(IP6, [Aionet.Route(IP6, ['fe80::1'], [BIG])])):
            with self.assertRaisesRegex(OverflowError, '18446744073709551615 addresses.*n_addresses'):
                len(items)
            with self.assertRaises(OverflowError):
                list(items)
            self.assertEqual(items.n_addresses, 2**64 - 1)

    def test_they_are_sequences(self):
        block = Aionet.IpRange('192.168.1.0/24')
        pool = Aionet.RoutePool(IP4, [Aionet.Route(IP4, ['10.0.0.1'], ['8.8.8.0/24']),
                                      Aionet.Route(IP4, ['10.0.0.1'], ['9.9.9.9'])])
        for items in (block, pool):
            self.assertIsInstance(items, collections.abc.Sequence)
            for at in (0, 7, len(items) - 1):
                self.assertEqual((items.index(items[at]), items.count(items[at])), (at, 1))
        self.assertEqual((pool.index('9.9.9.9'), pool.index(ipaddress.ip_address('8.8.8.5'))), (254, 4))
        for missing in ('9.9.9.8', pool.get_groups()[0]):
            with self.assertRaises(ValueError):
                pool.index(missing)
        with self.assertRaises(ValueError):
            block.index('192.168.1.0')
        self.assertEqual(block.count('192.168.2.1'), 0)
        self.assertEqual(pool.lookup(b'\x09\x09\x09\x09'), '9.9.9.9')
        self.assertIsNone(pool.lookup('9.9.9.8'))
        group, index = pool.find('9.9.9.9')
        self.assertEqual((group, index), ('9.9.9.9', 254))

    def test_indexes_beyond_c(self):
        block = Aionet.IpRange('2402:1f00:8101::/48')
        for at in (0, 5, 2**64 - 2, 2**64 - 1, 2**64, 2**70 + 3, 2**80 - 2):
            self.assertEqual(block.index(block[at]), at)

    def test_list_models(self):
        route = Aionet.Route(IP4, ['10.0.0.1', '10.0.0.2', '10.0.0.3'], ['1.3.3.7'])
        ranges = route.nic_ranges
        self.assertEqual((len(ranges), str(ranges[-1]), [str(item) for item in ranges[1:]]),
                         (3, '10.0.0.3', ['10.0.0.2', '10.0.0.3']))
        self.assertIn(ranges[0], ranges)
        registry = Aionet.Registry.get_default()
        self.assertEqual(len(registry), len(list(registry)))
        self.assertIn(registry[0].name, repr(registry))

    def test_pools_of_an_interface(self):
        nic = Aionet.Interface.from_dict({'name': 'x', 'rp': {'2': [
            {'af': 2, 'nic_ips': [{'ip': '10.0.0.1', 'cidr': 32, 'af': 2}],
             'ext_ips': [{'ip': '1.3.3.7', 'cidr': 32, 'af': 2}]}]}})
        self.assertEqual(list(nic.rp), [IP4, IP6])
        self.assertEqual({int(family): len(pool) for family, pool in nic.rp.items()}, {int(IP4): 1, int(IP6): 0})
        self.assertIn('1.3.3.7', nic.rp[IP4])
        self.assertIn('1.3.3.7', repr(nic.rp))
        self.assertTrue(IP4 in nic.rp and 77 not in nic.rp)
        with self.assertRaises(KeyError):
            nic.rp[77]  # pylint: disable=expression-not-assigned

    def test_host(self):
        host = Aionet.Host.new()
        self.assertEqual((len(host), list(host), host[:], 'eth0' in host), (0, [], [], False))
        with self.assertRaises(KeyError):
            host['eth0']  # pylint: disable=expression-not-assigned
        with self.assertRaises(IndexError):
            host[0]  # pylint: disable=expression-not-assigned


class Arguments(unittest.TestCase):
    def test_endpoints(self):
        for value in ('127.0.0.1:9', ('127.0.0.1', 9), (ipaddress.ip_address('127.0.0.1'), 9),
                      Gio.InetSocketAddress.new_from_string('127.0.0.1', 9)):
            self.assertEqual(Aionet.Message(b'', value).sender.to_string(), '127.0.0.1:9')
        self.assertEqual(Aionet.Message(b'', '[::1]:9').sender.to_string(), '[::1]:9')
        self.assertEqual(Aionet.Message(b'', '[fe80::1%lo]:9').sender.get_scope_id(), 1)
        for value in ('example.org:9', 'nonsense', ('meow', 9), 7):
            with self.assertRaises((ValueError, GLib.Error)):
                Aionet.Message(b'', value)

    def test_messages(self):
        message = Aionet.Message(memoryview(b'hello'))
        self.assertEqual((len(message), bytes(message), message.bytes, message.sender), (5, b'hello', b'hello', None))
        self.assertTrue(Aionet.Message(b''))

    def test_addresses(self):
        route = Aionet.Route(IP4, ['127.0.0.1'], ['1.3.3.7'])
        self.assertTrue(route.has_ext_address(b'\x01\x03\x03\x07') and route.has_nic_address('127.0.0.1'))
        self.assertEqual(route.bind_to(ipaddress.ip_address('127.0.0.1')).local_address.to_string(), '127.0.0.1')
        self.assertEqual(route.bind(80).local_address.get_port(), 80)
        self.assertNotEqual(route, 'no address at all')

    def test_calls_with_too_little_or_too_much(self):
        async def main():
            pipe = Aionet.Pipe(Aionet.UDP, '127.0.0.1:9')
            with self.assertRaisesRegex(TypeError, 'n_bytes'):
                pipe.receive_n_async()
            with self.assertRaisesRegex(TypeError, 'nonsense'):
                pipe.receive_async(nonsense=1)
        asyncio.run(main())


class Errors(unittest.TestCase):
    def test_domain_and_code(self):
        with self.assertRaises(GLib.Error) as caught:
            Aionet.IpRange('meow')
        error = caught.exception
        self.assertTrue(Aionet.Error.INVALID_ADDRESS.matches(error))
        self.assertFalse(Aionet.Error.NO_ROUTE.matches(error))
        self.assertFalse(Aionet.Error.NO_ROUTE.matches(ValueError('meow')))
        self.assertEqual((error.domain, error.code), ('aionet-error-quark', Aionet.Error.INVALID_ADDRESS))

    def test_made_in_python(self):
        with self.assertRaises(GLib.Error) as caught:
            raise Aionet.Error.NO_ROUTE.new('nowhere to go')
        self.assertTrue(Aionet.Error.NO_ROUTE.matches(caught.exception))
        self.assertEqual(caught.exception.message, 'nowhere to go')


if __name__ == '__main__':
    tap.main()

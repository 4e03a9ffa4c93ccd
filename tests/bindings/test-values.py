# SPDX-License-Identifier: LGPL-2.1-or-later
"""Values and JSON from Python, on the built typelib."""
import json
import unittest

import gi
gi.require_version('Aionet', '1')
from gi.repository import Aionet, Gio, GLib

import tap

GUIDE = {
    'name': 'Intel(R) Wi-Fi 6 AX200 160MHz',
    'nat': {'type': 5, 'nat_info': 'restrict port', 'delta': {'type': 6, 'value': 0},
            'delta_info': 'random delta (local port == rand port)'},
    'rp': {'2': [{'af': 2,
                  'nic_ips': [{'ip': '192.168.21.21', 'cidr': 32, 'af': 2}],
                  'ext_ips': [{'ip': '1.3.3.7', 'cidr': 32, 'af': 2}]}],
           '23': []},
}


def texts(addresses):
    return [address.to_string() for address in addresses]


def single(text, ext, family=Aionet.IP4):
    nic, out = Gio.ListStore.new(Aionet.IpRange), Gio.ListStore.new(Aionet.IpRange)
    nic.append(Aionet.IpRange(text))
    out.append(Aionet.IpRange(ext))
    return Aionet.Route.new(family, nic, out, None)


def pool6(*exts):
    routes = Gio.ListStore.new(Aionet.Route)
    for ext in exts:
        routes.append(single('fe80::1', ext, Aionet.IP6))
    return Aionet.RoutePool.new(Aionet.IP6, routes)


def pool(*exts):
    routes = Gio.ListStore.new(Aionet.Route)
    for ext in exts:
        routes.append(single(ext, ext))
    return Aionet.RoutePool.new(Aionet.IP4, routes)


class Ranges(unittest.TestCase):
    def test_len_index_slice(self):
        block = Aionet.IpRange('8.8.0.0/16')
        self.assertEqual(len(block), 65024)
        self.assertEqual(block[65023].to_string(), '8.8.255.254')
        self.assertEqual(block[-1].to_string(), '8.8.255.254')
        self.assertEqual(block[-65024].to_string(), '8.8.0.1')
        for index in (65024, -65025):
            with self.assertRaises(IndexError):
                block[index]
        small = Aionet.IpRange('192.168.1.0/24')
        self.assertEqual(texts(small[0:3]), ['192.168.1.1', '192.168.1.2', '192.168.1.3'])
        self.assertEqual(texts(small[-3:]), ['192.168.1.252', '192.168.1.253', '192.168.1.254'])
        self.assertEqual(texts(reversed(small))[:2], ['192.168.1.254', '192.168.1.253'])
        self.assertEqual(len(list(small)), 254)

    def test_large_ipv6(self):
        block = Aionet.IpRange('2402:1f00:8101::/48')
        self.assertEqual(block.n_addresses, 2**80 - 1)
        self.assertEqual(block[2**80 - 2].to_string(), '2402:1f00:8101:ffff:ffff:ffff:ffff:ffff')
        self.assertEqual(block[0].to_string(), '2402:1f00:8101::1')
        self.assertEqual(Aionet.IpRange('2402:1f00:8101:83f::/64').get_n_addresses(), 2**64 - 1)

    def test_equality_and_hash(self):
        one, same = Aionet.IpRange('10.0.0.0/8'), Aionet.IpRange('10.0.0.0/8')
        self.assertEqual(one, same)
        self.assertEqual(len({one, same, Aionet.IpRange('10.0.0.1')}), 2)
        self.assertNotEqual(Aionet.IpRange('0.0.0.1'), Aionet.IpRange('::1'))
        self.assertIn('10.1.2.3', one)
        self.assertNotIn('11.0.0.1', one)
        self.assertEqual(str(one), '10.0.0.0/8')

    def test_errors_carry_domain_and_code(self):
        for text in ('meow', '256.1.1.1', '1.2.3', '', '10.0.0.0/33', '10.0.0.0/255.0.255.0'):
            with self.assertRaises(GLib.Error) as caught:
                Aionet.IpRange(text)
            self.assertTrue(caught.exception.matches(Aionet.error_quark(), Aionet.Error.INVALID_ADDRESS))


class Pools(unittest.TestCase):
    def test_mixed_pool(self):
        mixed = pool('8.8.8.0/24', '7.7.7.0/24', '9.9.9.9')
        ext = lambda route: route.get_ext_address().to_string()
        self.assertEqual(len(mixed), 509)
        self.assertEqual([ext(mixed[i]) for i in (10, 264, 507, 508, -1, -2)],
                         ['8.8.8.11', '7.7.7.11', '7.7.7.254', '9.9.9.9', '9.9.9.9', '7.7.7.254'])
        for index in (509, 1000, -510):
            with self.assertRaises(IndexError):
                mixed[index]
        self.assertEqual([ext(r) for r in mixed[253:255]], ['8.8.8.254', '7.7.7.1'])
        self.assertEqual([ext(r) for r in mixed[(253, 254, -1)]], ['8.8.8.254', '7.7.7.1', '9.9.9.9'])
        walked = list(mixed)
        self.assertEqual((len(walked), ext(walked[0]), ext(walked[-1])), (509, '8.8.8.1', '9.9.9.9'))
        self.assertTrue(all(len(route) == 1 for route in walked))
        self.assertEqual([ext(r) for r in reversed(pool('1.1.1.1', '2.2.2.2', '3.3.3.3'))],
                         ['3.3.3.3', '2.2.2.2', '1.1.1.1'])
        self.assertIn('8.8.8.77', mixed)
        self.assertNotIn('8.8.9.1', mixed)

    def test_more_than_c_counts(self):
        """The guide's example 2 has 2^64 external addresses; P-25 one less."""
        block = pool6('2020:deed:deed::/64')
        self.assertEqual(block.n_addresses, 2**64 - 1)
        both = pool6('2020:deed:beef::/128', '2020:deed:deed::/64')
        ext = lambda route: route.get_ext_address().to_string()
        self.assertEqual(both.n_addresses, 2**64)
        self.assertEqual([ext(both[i]) for i in (0, 1, 2, -2, -1)],
                         ['2020:deed:beef::', '2020:deed:deed::1', '2020:deed:deed::2',
                          '2020:deed:deed:0:ffff:ffff:ffff:fffe', '2020:deed:deed:0:ffff:ffff:ffff:ffff'])
        self.assertEqual(ext(next(reversed(both))), '2020:deed:deed:0:ffff:ffff:ffff:ffff')
        self.assertEqual([ext(r) for _, r in zip(range(2), both)], ['2020:deed:beef::', '2020:deed:deed::1'])
        with self.assertRaises(IndexError):
            both[2**64]
        self.assertEqual(ext(pool6('2020:1::/64', '2020:2::/64')[-1]), '2020:2::ffff:ffff:ffff:ffff')
        with self.assertRaises(IndexError):
            pool6('2020:1::/48')[-1]

    def test_empty(self):
        empty = pool()
        self.assertEqual((len(empty), list(empty), bool(empty)), (0, [], False))
        with self.assertRaises(IndexError):
            empty[0]

    def test_route_compares_with_text_and_bytes(self):
        route = single('192.168.21.21', '1.3.3.7')
        self.assertEqual(route, '1.3.3.7')
        self.assertEqual(route, bytes([1, 3, 3, 7]))
        self.assertNotEqual(route, '1.3.3.8')
        self.assertEqual(bytes(route), bytes([1, 3, 3, 7]))
        self.assertEqual(len({route, single('192.168.21.21', '1.3.3.7')}), 1)

    def test_route_errors(self):
        with self.assertRaises(GLib.Error) as caught:
            Aionet.Route.new(Aionet.IP4, Gio.ListStore.new(Aionet.IpRange),
                             Gio.ListStore.new(Aionet.IpRange), None)
        self.assertTrue(caught.exception.matches(Aionet.error_quark(), Aionet.Error.INVALID_ROUTE))


class Json(unittest.TestCase):
    def assertSuperset(self, whole, part, path='$'):
        if isinstance(part, dict):
            for key, value in part.items():
                self.assertIn(key, whole, path)
                self.assertSuperset(whole[key], value, f'{path}.{key}')
        elif isinstance(part, list):
            self.assertEqual(len(whole), len(part), path)
            for number, (one, other) in enumerate(zip(whole, part)):
                self.assertSuperset(one, other, f'{path}[{number}]')
        else:
            self.assertEqual(whole, part, path)

    def test_guide_sample(self):
        nic = Aionet.Interface.from_dict(GUIDE)
        self.assertEqual(nic.get_name(), GUIDE['name'])
        self.assertEqual(len(nic.rp[Aionet.IP4]), 1)
        self.assertEqual(nic.rp[Aionet.IP4][0], '1.3.3.7')
        self.assertEqual(len(nic.rp[Aionet.IP6]), 0)
        written = nic.to_dict()
        self.assertSuperset(written, {key: GUIDE[key] for key in ('name', 'nat')})
        self.assertSuperset(written['rp']['2'], GUIDE['rp']['2'])

    def test_repr_is_from_dict(self):
        nic = Aionet.Interface.from_dict(GUIDE)
        text = repr(nic)
        self.assertTrue(text.startswith('Interface.from_dict('), text)
        self.assertTrue(text.endswith(')'), text)
        again = Aionet.Interface.from_dict(json.loads(text[len('Interface.from_dict('):-1]))
        self.assertEqual(again, nic)
        self.assertEqual(again.to_dict(), nic.to_dict())

    def test_broken(self):
        for text in ('', '[]', '{', '{"rp": 1}', '{"name": 1}', '{"rp": {"2": [{}]}}', '[' * 1000):
            with self.assertRaises(GLib.Error) as caught:
                Aionet.Interface.new_from_json_string(text)
            self.assertTrue(caught.exception.matches(Aionet.error_quark(), Aionet.Error.INVALID_JSON), text)


class Nats(unittest.TestCase):
    def test_made_by_hand(self):
        nat = Aionet.Nat(type=Aionet.NatType.SYMMETRIC, delta_type=Aionet.DeltaType.INDEPENDENT,
                         delta_value=2, mapping=Aionet.NatBehavior.ADDRESS_DEPENDENT,
                         filtering=Aionet.NatBehavior.ADDRESS_DEPENDENT, confidence=0.75,
                         tested=True, protocol=Gio.SocketProtocol.UDP, reasons=['Seen', 'Not seen'])
        self.assertEqual(nat.get_reasons(), ['Seen', 'Not seen'])
        self.assertEqual(nat.get_protocol(), Gio.SocketProtocol.UDP)
        self.assertEqual(nat.predict_ports(5000, 7000, 6000, 3), [7002, 7004, 7006])
        self.assertEqual(Aionet.Nat.new_untested().predict_ports(1, 2, 3, 4), [])

    def test_plan(self):
        strict = Aionet.Nat.new(Aionet.NatType.PORT_RESTRICTED, Aionet.DeltaType.RANDOM, 0)
        random = Aionet.Nat.new(Aionet.NatType.SYMMETRIC, Aionet.DeltaType.RANDOM, 0)
        self.assertTrue(strict.can_connect(strict))
        self.assertFalse(strict.can_connect(random))
        plan = Aionet.NatPlan.new(strict, strict)
        self.assertTrue(plan.is_possible())
        self.assertEqual(plan.get_method(), Aionet.NatMethod.HOLE_PUNCHING)
        self.assertEqual(plan.get_starter(), Aionet.NatStarter.BOTH)
        self.assertIn('cannot be foretold', Aionet.NatPlan.new(strict, random).get_reason())


if __name__ == '__main__':
    tap.main()

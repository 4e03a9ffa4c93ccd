# SPDX-License-Identifier: LGPL-2.1-or-later
"""The promises of the guide (S1 to S65), as a Python program meets them, on replayed hosts."""
import asyncio
import json
import os
import unittest

import gi
gi.require_version('Aionet', '1')
from gi.repository import Aionet, Gio, GLib, GObject

import tap

SERVERS = ['192.0.2.1', '198.51.100.1', '203.0.113.1', '[2001:db8:1::1]', '[2001:db8:2::1]', '[2001:db8:3::1]']


def replay(fixture):
    """Makes the default host one that replays a fixture."""
    registry, host = Aionet.Registry.get_default(), Aionet.Host.get_default()
    GLib.setenv('AIONET_REPLAY_FILE', os.path.join(os.environ['AIONET_FIXTURES'], fixture), True)
    host.set_address_backend(registry.create_provider(Aionet.AddressBackend, 'replay'))
    host.set_stun_provider(registry.create_provider(Aionet.StunProvider, 'replay'))
    host.set_stun_servers(SERVERS)
    return host


def load(fixture, name=None):
    replay(fixture)

    async def main():
        return await Aionet.Interface(name)
    return asyncio.run(main())


def texts(model):
    return [str(item) for item in model]


def local(route):
    return route.get_local_address().get_address().to_string()


class Replayed(unittest.TestCase):
    def setUp(self):
        if Aionet.Registry.get_default().lookup(Aionet.AddressBackend, 'replay') is None:
            self.skipTest('the plugin “replay” is not in this build')

    def tearDown(self):
        host = Aionet.Host.get_default()
        host.set_address_backend(None)
        host.set_stun_provider(None)
        host.set_stun_servers(None)


class Interfaces(Replayed):
    def test_preferred_interface_has_its_facts(self):
        """S1, S2, S3, S24"""
        nic = load('dual-homed.json')
        self.assertIsInstance(nic, GObject.Object)
        self.assertEqual((nic.get_name(), nic.get_index(), nic.get_hardware_address()),
                         ('eth0', 2, '02:00:00:00:00:02'))
        self.assertEqual(nic.props.name, 'eth0')
        self.assertTrue(nic.is_default(Aionet.IP4))
        route = nic.route()
        self.assertEqual((texts(route.get_nic_ranges()), texts(route.get_ext_ranges())),
                         (['192.168.21.21'], ['1.3.3.7']))

    def test_both_loops_run_during_a_load(self):
        """S4"""
        replay('dual-homed.json')
        ticks = []

        async def main():
            nic = asyncio.ensure_future(Aionet.Interface().load_async())
            while not nic.done():
                ticks.append('asyncio')
                await asyncio.sleep(0.001)
            await nic
        asyncio.run(main())

        context, done = GLib.MainContext.new(), []
        context.push_thread_default()
        try:
            replay('dual-homed.json')
            timer = GLib.timeout_source_new(1)
            timer.set_callback(lambda *_: ticks.append('glib') or True)
            timer.attach(context)
            nic = Aionet.Interface()
            nic.load_async(None, lambda source, result: done.append(source.load_finish(result)))
            while not done:
                context.iteration(True)
            timer.destroy()
        finally:
            context.pop_thread_default()
        self.assertEqual(done, [True])
        self.assertLessEqual({'asyncio', 'glib'}, set(ticks))

    def test_nat_is_assumed_until_it_is_tested(self):
        """S5, S9, S10"""
        nat = load('dual-homed.json').get_nat()
        self.assertEqual((int(nat.props.type), int(nat.props.delta_type), nat.props.delta_value, nat.props.tested),
                         (5, 6, 0, False))
        self.assertEqual((nat.get_info(), nat.get_delta_info()),
                         ('restrict port', 'random delta (local port == rand port)'))

    def test_text_is_the_guides_form(self):
        """S6, S7, S8, S12, S13, S14, S16"""
        nic = load('guide-example-1.json')
        text = repr(nic)
        self.assertTrue(text.startswith('Interface.from_dict(') and text.endswith(')'))
        self.assertEqual(str(nic), text)
        values = json.loads(text[len('Interface.from_dict('):-1])
        self.assertEqual(set(values['rp']), {'2', str(int(Gio.SocketFamily.IPV6))})
        self.assertEqual(values['rp'][str(int(Gio.SocketFamily.IPV6))], [])
        for route in values['rp']['2']:
            self.assertLessEqual({'af', 'nic_ips', 'ext_ips'}, set(route))
            for ip_range in route['nic_ips'] + route['ext_ips']:
                self.assertLessEqual({'ip', 'cidr', 'af'}, set(ip_range))
        self.assertEqual(values['rp']['2'][0]['ext_ips'], [{'ip': '1.3.3.7', 'cidr': 32, 'af': 2}])
        self.assertEqual(values['nat']['nat_info'], 'restrict port')
        again = Aionet.Interface.from_dict(values)
        self.assertEqual(again, nic)
        self.assertEqual(Aionet.Interface.new_from_json_string(text), nic)

    def test_list_and_load_all(self):
        """S17, S18, S19"""
        host = replay('dual-homed.json')
        self.assertEqual(asyncio.run(Aionet.list_interfaces()), ['eth0', 'eth1'])
        self.assertEqual(asyncio.run(Aionet.list_interfaces(usable=False)), ['eth0', 'eth1', 'lo'])

        async def main():
            await host.load_all_async()
        asyncio.run(main())
        self.assertEqual([str(host[name].route().get_ext_address().to_string()) for name in ('eth0', 'eth1')],
                         ['1.3.3.7', '1.3.3.8'])

    def test_no_internet(self):
        """S50: addresses without an answer have no route, and say why."""
        replay('dual-homed.json').set_stun_servers(['[2001:db8:1::1]'])

        async def main():
            return await Aionet.Interface()
        nic = asyncio.run(main())
        self.assertEqual((len(nic.rp[Aionet.IP4]), texts(nic.get_addresses())), (0, ['192.168.21.21']))
        self.assertEqual([text.partition(':')[0] for text in nic.get_unreachable()], ['192.168.21.21'])
        with self.assertRaises(GLib.Error) as caught:
            nic.route(Aionet.IP4)
        self.assertTrue(caught.exception.matches(Aionet.error_quark(), Aionet.Error.NO_ROUTE))


class Routes(Replayed):
    def test_example_1(self):
        """S26 to S34, S46, S54"""
        pool = load('guide-example-1.json').rp[Aionet.IP4]
        self.assertEqual([(texts(group.get_nic_ranges()), texts(group.get_ext_ranges()))
                          for group in pool.get_groups()],
                         [(['192.168.0.20', '193.168.0.0/16', '7.7.7.7'], ['1.3.3.7']),
                          (['8.8.0.0/16'], ['8.8.0.0/16'])])
        self.assertEqual(len(pool), 65025)
        self.assertEqual([len(group) for group in pool.get_groups()], [1, 65024])

    def test_example_2(self):
        """S35, S36, S37, S38"""
        pool = load('guide-example-2.json').rp[Aionet.IP6]
        self.assertEqual([(texts(group.get_link_locals()), texts(group.get_ext_ranges()))
                          for group in pool.get_groups()],
                         [(['fe80:deed:beef::%eth0'], ['2020:deed:beef::']),
                          (['fe80:deed:beef::%eth0'], ['2020:deed:deed::/64'])])
        self.assertEqual(pool.n_addresses, 2**64)
        self.assertEqual(local(pool[0].bind(0)), '2020:deed:beef::')
        self.assertEqual(local(pool[7].bind(0)), '2020:deed:deed::7')

    def test_routes_know_what_to_bind(self):
        """S23, S38, S39, S44, S45, S47, S48, S58"""
        nic = load('guide-example-1.json')
        route = nic.route(Aionet.IP4)
        bound = route.bind(0)
        self.assertEqual(local(bound), '192.168.0.20')
        self.assertFalse(route.get_is_bound())
        self.assertFalse(nic.rp[Aionet.IP4].get_groups()[0].get_is_bound())
        self.assertIs(route.get_interface(), nic)
        self.assertEqual(local(nic.rp[Aionet.IP4][11].bind(80)), '8.8.0.11')
        self.assertEqual(nic.rp[Aionet.IP4][11].bind(80).get_local_address().get_port(), 80)

    def test_addresses_may_be_given(self):
        """S40"""
        route = load('guide-example-1.json').route()
        self.assertEqual(local(route.bind_to('127.0.0.1', 0)), '127.0.0.1')
        self.assertEqual(local(route.bind_to('*', 0)), '0.0.0.0')
        with self.assertRaises(GLib.Error) as caught:
            route.bind_to('::1', 0)
        self.assertTrue(caught.exception.matches(Aionet.error_quark(), Aionet.Error.UNSUPPORTED_FAMILY))

    def test_link_local_peers_have_a_scope(self):
        """S60"""
        nic = load('guide-example-2.json')
        bound = nic.route(Aionet.IP6).bind_towards(Gio.InetAddress.new_from_string('fe80::99'), 0)
        self.assertEqual((local(bound), bound.get_local_address().get_scope_id()),
                         ('fe80:deed:beef::', nic.get_index()))

    def test_private_and_public(self):
        """S42"""
        for text, public in (('fd00::1', False), ('fec0::1', False), ('fe80::1', False), ('2402:1f00::1', True)):
            with self.subTest(text):
                self.assertEqual(Aionet.IpRange(text).is_public(), public)

    def test_pools(self):
        """S25, S51, S52, S53, S55, S56, S57"""
        nic = load('guide-example-1.json')
        pool = nic.rp[2]
        self.assertIs(pool, nic.get_route_pool(Aionet.IP4))
        self.assertEqual(len(nic.rp[int(Gio.SocketFamily.IPV6)]), 0)
        seen = {route.get_ext_address().to_string() for route in pool}
        self.assertEqual(len(seen), len(pool))
        self.assertTrue(all(len(route) == 1 for route in pool[:300]))
        self.assertEqual(str(pool[0]), '[192.168.0.20, 193.168.0.0/16, 7.7.7.7] -> [1.3.3.7]')
        self.assertEqual(nic.route(), nic.route(Aionet.IP4))


class Default(unittest.TestCase):
    def test_usable_at_once(self):
        """S61 to S65"""
        nic = Aionet.Interface('default')
        self.assertTrue(nic.is_default(Aionet.IP4) and nic.supports(Aionet.IP6))
        bound = nic.route(Aionet.IP4).bind(0)
        self.assertEqual(local(bound), '0.0.0.0')
        self.assertIsInstance(bound.create_socket(Aionet.UDP), Gio.Socket)

        async def main():
            return await nic
        self.assertIs(asyncio.run(main()), nic)
        self.assertEqual(Aionet.Interface.from_dict(nic.to_dict()), nic)


if __name__ == '__main__':
    tap.main()

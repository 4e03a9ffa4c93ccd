# SPDX-License-Identifier: LGPL-2.1-or-later
"""The guide's first example from Python, behind a NAT of the lab: list, load, index, iterate, use."""
import asyncio
import unittest

import gi
gi.require_version('Aionet', '1')
from gi.repository import Aionet, Gio, GLib

import tap


def ext(route):
    return route.get_ext_address().to_string()


def ranges(model):
    return [str(item) for item in model]


class Lab(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        async def load():
            return await Aionet.Interface()
        cls.nic = asyncio.run(load())

    def test_list_interfaces(self):
        self.assertEqual(asyncio.run(Aionet.list_interfaces()), ['eth0'])
        self.assertEqual(asyncio.run(Aionet.list_interfaces(usable=False)), ['eth0', 'lo'])

    def test_groups(self):
        groups = [(ranges(g.get_nic_ranges()), ranges(g.get_ext_ranges()))
                  for g in self.nic.rp[Aionet.IP4].get_groups()]
        self.assertEqual(groups, [(['192.168.0.20', '193.168.0.0/16', '7.7.7.7'], ['1.3.3.7']),
                                  (['8.8.0.0/16'], ['8.8.0.0/16'])])

    def test_index_and_iterate(self):
        pool = self.nic.rp[Aionet.IP4]
        self.assertEqual(len(pool), 65025)
        self.assertEqual([ext(pool[i]) for i in (0, 1, 40000, -1)],
                         ['1.3.3.7', '8.8.0.1', '8.8.157.122', '8.8.255.254'])
        self.assertEqual(sum(1 for _ in pool), 65025)
        self.assertIn('8.8.77.77', pool)

    def test_socket_of_an_item(self):
        socket = self.nic.rp[Aionet.IP4][40000].bind(0).create_socket(Aionet.UDP)
        self.assertEqual(socket.get_local_address().get_address().to_string(), '8.8.157.122')
        socket.close()

    def test_nat(self):
        async def load():
            nic = Aionet.Interface('eth0')
            return nic, await nic.load_nat()
        nic, nat = asyncio.run(load())
        self.assertEqual(nat.get_nat_type(), Aionet.NatType.PORT_RESTRICTED)
        self.assertEqual(nat.get_info(), 'restrict port')
        self.assertEqual(nic.get_nat(), nat)
        self.assertTrue(nic.to_dict()['nat']['tested'])
        # It was loaded beside that.
        self.assertEqual(len(nic.rp[Aionet.IP4]), 65025)

    def test_json_there_and_back(self):
        again = Aionet.Interface.new_from_json_string(self.nic.to_json_string())
        self.assertEqual(again, self.nic)
        self.assertEqual(len(again.rp[Aionet.IP4]), 65025)

    def test_routes(self):
        self.assertEqual(self.nic.route(), '1.3.3.7')
        with self.assertRaises(GLib.Error) as caught:
            self.nic.route(Aionet.IP6)
        self.assertEqual(caught.exception.domain, 'aionet-error-quark')

    def test_unknown_interface(self):
        async def load():
            await Aionet.Interface('nosuch0')
        with self.assertRaises(GLib.Error) as caught:
            asyncio.run(load())
        self.assertTrue(caught.exception.matches(Aionet.error_quark(), Aionet.Error.NO_INTERFACE))
        self.assertIn('nosuch0', caught.exception.message)


if __name__ == '__main__':
    tap.main()

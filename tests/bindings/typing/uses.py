# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 The libaionet authors
"""Correct uses: mypy has nothing to say but the types, which `# R:` gives."""
import asyncio
import ipaddress

import gi
gi.require_version('Aionet', '1')
from gi.repository import Aionet, Gio, GLib


class Echo(Aionet.Daemon):
    def do_message(self, pipe: Aionet.Pipe, message: Aionet.Message) -> None:
        pipe.send(message.bytes, message.sender)


class Backend(Aionet.AddressBackend):
    def do_begin(self, request: Aionet.Request) -> None:
        link = Aionet.Link('eth0', 2, is_up=True, mtu=1400)
        link.add_address('192.168.7.7/24')
        request.complete([link])


class Stun(Aionet.StunProvider):
    def do_begin(self, request: Aionet.StunRequest) -> None:
        request.complete(Aionet.Mapping(request.protocol, request.server, ('192.168.7.7', 1), '1.3.3.7:40000'))


async def interfaces() -> None:
    nic = await Aionet.Interface()
    reveal_type(nic)  # R: Aionet.Interface
    reveal_type(nic.rp[Aionet.IP4])  # R: Aionet.RoutePool
    reveal_type(nic.route())  # R: Aionet.Route
    reveal_type(nic.rp[Aionet.IP4][0])  # R: Aionet.Route
    reveal_type(nic.rp[Aionet.IP4][2:5])  # R: typing.Sequence[gi.repository.Aionet.Route]
    reveal_type(nic.rp[Aionet.IP4].groups[0].nic_ranges[0][0])  # R: Gio.InetAddress
    reveal_type(nic.name)  # R: Union[builtins.str, Any]
    reveal_type(await nic.load_nat())  # R: Aionet.Nat
    reveal_type(await nic.load_async())  # R: builtins.bool
    reveal_type(await Aionet.list_interfaces())  # R: builtins.list[builtins.str]
    for route in nic.rp[Aionet.IP6]:
        print(len(route), route.bind(80).local_address)
    host = Aionet.Host.get_default()
    reveal_type(host['eth0'])  # R: Aionet.Interface
    reveal_type([one.index for one in host])  # R: builtins.list[builtins.int]
    host.timeout = 500
    host.address_backend = Backend()


async def pipes() -> None:
    async with Aionet.Pipe(Aionet.TCP, 'example.org:80', tls=True) as pipe:
        reveal_type(pipe)  # R: Aionet.Pipe
        await pipe.send_async(b'hello')
        pipe.send(memoryview(b'hello'), ('127.0.0.1', 9))
        reveal_type(await pipe.receive_async(timeout_ms=5000))  # R: Aionet.Message
        reveal_type(bytes(await pipe.receive_async()))  # R: builtins.bytes
        reveal_type(await asyncio.create_task(pipe.receive_async()))  # R: Aionet.Message
        reveal_type(await asyncio.wait_for(pipe.accept_async(), 1))  # R: Aionet.Pipe
        async for message in pipe:
            reveal_type(message.sender)  # R: Union[gi.repository.Gio.InetSocketAddress, Any]
            reveal_type(message.sender.get_port())  # R: Union[builtins.int, Any]
        async for client in pipe.clients():
            reveal_type(client)  # R: Aionet.Pipe
        async with pipe.subscribe('^A') as subscription:
            reveal_type([message.bytes async for message in subscription])  # R: builtins.list[builtins.bytes]
        pipe.connect('message', lambda _, received: print(received.bytes))
        pipe.receive_async(-1, None, lambda source, result: print(source.receive_finish(result)))
    async with Echo() as daemon, Aionet.StunServer(port=3478) as server:
        reveal_type(daemon)  # R: uses.Echo
        reveal_type(server)  # R: Aionet.StunServer
        reveal_type(daemon.listen_all(Aionet.TCP, 0))  # R: builtins.int


def values() -> None:
    block = Aionet.IpRange('8.8.0.0/16')
    reveal_type(block[0])  # R: Gio.InetAddress
    reveal_type(sorted([block, Aionet.IpRange(ipaddress.ip_network('10.0.0.0/8'))]))  # R: list[gi.repository.Aionet.IpRange]
    reveal_type({block: 1})  # R: builtins.dict[gi.repository.Aionet.IpRange, builtins.int]
    reveal_type(block.get_index_of(block[1]))  # R: Tuple[builtins.bool, builtins.int]
    registry = Aionet.Registry.get_default()
    reveal_type(registry.create_provider(Aionet.StunProvider, 'nice'))  # R: Aionet.StunProvider
    registry.add_type(Stun, 'mine', 50)
    reveal_type(Aionet.Nat.new_untested().predict_ports(1, 2, 3, 4))  # R: Union[builtins.list[builtins.int], None]
    try:
        Aionet.Target('example.org')
    except GLib.Error as error:
        reveal_type(Aionet.Error.INVALID_ADDRESS.matches(error))  # R: builtins.bool
    ranges = Gio.ListStore.new(Aionet.IpRange)
    ranges.append(block)
    Aionet.Route.new(Aionet.IP4, ranges, ranges, None)
    reveal_type(Aionet.Route(Aionet.IP4, ['10.0.0.1'], ['1.3.3.7']).interface)  # R: Union[gi.repository.Aionet.Interface, None]
    reveal_type(block[0] in block or ipaddress.ip_address('::1') in block)  # R: builtins.bool

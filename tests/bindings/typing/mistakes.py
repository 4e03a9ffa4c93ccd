# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 The libaionet authors
"""Mistakes that mypy must find: each line has one, and `# E:` says which."""
import gi
gi.require_version('Aionet', '1')
from gi.repository import Aionet, GLib


class Echo(Aionet.Daemon):
    def do_message(self, pipe: Aionet.Pipe, message: str) -> None:  # E: override
        pass


async def mistakes() -> None:
    nic = Aionet.Interface('eth0')
    nic.rout()  # E: attr-defined
    nic.name = 'eth1'  # E: misc
    nic.route('4')  # E: arg-type
    nic.rp['IP4']  # E: index
    pipe = Aionet.Pipe(Aionet.TCP, 80)  # E: arg-type
    Aionet.Pipe(Aionet.TCP, tsl=True)  # E: call-arg
    pipe.send('text')  # E: arg-type
    pipe.send(b'x', 9)  # E: arg-type
    message = pipe.receive_async()
    bytes(message)  # E: call-overload
    print((await pipe.receive_async()).sender.adress)  # E: union-attr
    print(nic.hardware_address.upper())  # E: union-attr
    await pipe.receive_n_async()  # E: call-overload
    await pipe.send(b'x')  # E: misc
    pipe.ttl = 'high'  # E: assignment
    pipe.n_sent = 3  # E: misc
    pipe.colse()  # E: attr-defined
    with pipe:  # E: attr-defined
        pass
    async for client in pipe.clients():
        client.frward(pipe)  # E: attr-defined
    for group in nic.rp[Aionet.IP4].groups:
        group.bind('80')  # E: arg-type
        group.nic_range  # E: attr-defined
    Aionet.IpRange(8)  # E: arg-type
    Aionet.IpRange('::1') < 3  # E: operator
    Aionet.NatType.SYMETRIC  # E: attr-defined
    Aionet.Nat(type=Aionet.DeltaType.EQUAL)  # E: arg-type
    Aionet.Errors.NO_ROUTE  # E: attr-defined
    Aionet.Error.NO_ROUTE.matches('no route')  # E: arg-type
    Aionet.Registry.get_default().create_provider(GLib.Error)  # E: type-var
    wrong: str = await nic.load_nat()  # E: assignment
    print(wrong)

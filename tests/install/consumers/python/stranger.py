# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 The libaionet authors
"""What stranger.c does, in Python."""
import asyncio

import gi
gi.require_version('Aionet', '1')
from gi.repository import Aionet

PATIENCE_MS = 30000


async def send_to_myself(text):
    local = Aionet.Interface('default').route(Aionet.IP4).bind_to('127.0.0.1', 0)
    async with Aionet.Pipe(Aionet.TCP, None, local) as server:
        target = server.get_local_address().to_string()
        async with Aionet.Pipe(Aionet.TCP, target) as client:
            await client.send_async(text.encode())
            visitor = await server.accept_async(PATIENCE_MS)
            message = await visitor.receive_async(PATIENCE_MS)
            print('received', bytes(message).decode())


async def main():
    backend = Aionet.Host.get_default().get_address_backend()
    for link in await backend.list_links_async(PATIENCE_MS):
        print('link', link.get_name())
    nic = Aionet.Interface('eth0')
    await nic.load_async()
    print('external', nic.rp[Aionet.IP4][0].get_ext_address().to_string())
    await send_to_myself('hello')


asyncio.run(main())

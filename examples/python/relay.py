#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 The libaionet authors
"""Joins the clients of a port of this host with a server elsewhere: relay.py PORT HOST:PORT"""
import asyncio
import sys

import gi
gi.require_version('Aionet', '1')
from gi.repository import Aionet, GLib


async def join(client, target):
    pipe = Aionet.Pipe(Aionet.TCP, target)
    try:
        client.forward(pipe)  # the relay keeps both pipes until the last byte has passed
        await pipe.open_async()
    except GLib.Error as error:
        print(error.message, file=sys.stderr)


async def main(port, target):
    route = Aionet.Interface('default').route(Aionet.IP4).bind(int(port))
    joining = set()
    async with Aionet.Pipe(Aionet.TCP, None, route) as server:
        async for client in server.clients():
            task = asyncio.create_task(join(client, target))
            joining.add(task)
            task.add_done_callback(joining.discard)


try:
    asyncio.run(main(*sys.argv[1:]))
except GLib.Error as error:
    sys.exit(error.message)

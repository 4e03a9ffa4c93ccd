#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 The libaionet authors
"""Prints the datagrams on a port of this host that match a pattern and a sender:
subscribe.py PORT PATTERN SENDER"""
import asyncio
import sys

import gi
gi.require_version('Aionet', '1')
from gi.repository import Aionet, Gio, GLib


async def main(port, pattern, sender):
    route = Aionet.Interface('default').route(Aionet.IP4).bind(int(port))
    # Port 0: whatever port the sender uses.
    address = Gio.InetSocketAddress.new_from_string(sender, 0)
    async with Aionet.Pipe(Aionet.UDP, None, route) as pipe:
        async for message in pipe.subscribe(pattern, address):
            print(message.bytes.decode(errors='replace'), flush=True)


try:
    asyncio.run(main(*sys.argv[1:]))
except GLib.Error as error:
    sys.exit(error.message)

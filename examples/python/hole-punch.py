#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 The libaionet authors
"""Speaks with a host behind another NAT, without a relay: hole-punch.py RENDEZVOUS:PORT TEXT"""
import asyncio
import sys

import gi
gi.require_version('Aionet', '1')
from gi.repository import Aionet, GLib


async def swap(pipe, text):
    pipe.send(text.encode())
    return (await pipe.receive_async(20000)).bytes.decode()


async def main(rendezvous, text):
    async with Aionet.Pipe(Aionet.TCP, rendezvous) as third:
        route = Aionet.Interface('default').get_route(third.get_remote_address().get_family())
        punch = Aionet.HolePunch.new(route, None)
        offer = await swap(third, await punch.prepare_async())
        pipe = await punch.open_async(offer, 3000)
    print(await swap(pipe, text))


try:
    asyncio.run(main(*sys.argv[1:]))
except GLib.Error as error:
    sys.exit(error.message)

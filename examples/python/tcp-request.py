#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 The libaionet authors
"""Sends a text to a TCP server and prints the reply: tcp-request.py HOST:PORT TEXT"""
import asyncio
import sys

import gi
gi.require_version('Aionet', '1')
from gi.repository import Aionet, GLib


async def main(target, text):
    route = Aionet.Interface('default').route(Aionet.IP4)
    async with Aionet.Pipe(Aionet.TCP, target, route) as pipe:
        await pipe.send_async(text.encode())
        reply = await pipe.receive_async(timeout_ms=5000)
        print(reply.bytes.decode())


try:
    asyncio.run(main(*sys.argv[1:]))
except GLib.Error as error:
    sys.exit(error.message)

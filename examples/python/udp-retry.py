#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 The libaionet authors
"""Sends a UDP request until it is answered: udp-retry.py HOST:PORT TEXT"""
import asyncio
import sys

import gi
gi.require_version('Aionet', '1')
from gi.repository import Aionet, Gio, GLib


async def ask(target, text):
    async with Aionet.Pipe(Aionet.UDP, target) as pipe:
        for timeout_ms in (250, 500, 1000, 2000, 4000):
            pipe.send(text.encode())
            try:
                return await pipe.receive_async(timeout_ms)
            except GLib.Error as error:
                if not error.matches(Gio.io_error_quark(), Gio.IOErrorEnum.TIMED_OUT):
                    raise
    sys.exit('no answer')


try:
    print(asyncio.run(ask(*sys.argv[1:])).bytes.decode())
except GLib.Error as error:
    sys.exit(error.message)

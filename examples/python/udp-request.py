#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 The libaionet authors
"""Asks a UDP server until it answers, as datagrams get lost, and waits longer each time; prints the
answer. udp-reply.py is such a server.

    $ ./udp-request.py 192.0.2.10:7000 hello
    1.3.3.7:40312 said hello
"""
import argparse
import asyncio
import sys

import gi
gi.require_version('Aionet', '1')
from gi.repository import Aionet, Gio, GLib

TIMEOUTS_MS = [250, 500, 1000, 2000, 4000]


async def main(target: str, text: str) -> None:
    async with Aionet.Pipe(Aionet.UDP, target) as pipe:
        for timeout_ms in TIMEOUTS_MS:
            pipe.send(text.encode())
            try:
                reply = await pipe.receive_async(timeout_ms)
                break
            except GLib.Error as error:
                timed_out = error.matches(Gio.io_error_quark(), Gio.IOErrorEnum.TIMED_OUT)
                if not timed_out or timeout_ms == TIMEOUTS_MS[-1]:
                    raise
        print(reply.bytes.decode(errors='replace'))


parser = argparse.ArgumentParser(usage='udp-request.py HOST:PORT TEXT')
parser.add_argument('target')
parser.add_argument('text')
options = parser.parse_args()
try:
    asyncio.run(main(options.target, options.text))
except GLib.Error as error:
    sys.exit(error.message)
except KeyboardInterrupt:
    sys.exit(130)

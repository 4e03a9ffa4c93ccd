#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 The libaionet authors
"""Sends a text to a TCP server, and prints what it replies within five seconds.

    $ ./tcp-request.py example.com:7 hello
    hello
"""
import argparse
import asyncio
import sys

import gi
gi.require_version('Aionet', '1')
from gi.repository import Aionet, GLib


async def main(target: str, text: str) -> None:
    async with Aionet.Pipe(Aionet.TCP, target) as pipe:
        pipe.send(text.encode())
        reply = await pipe.receive_async(timeout_ms=5000)
        print(reply.bytes.decode(errors='replace'))


parser = argparse.ArgumentParser(usage='tcp-request.py HOST:PORT TEXT')
parser.add_argument('target')
parser.add_argument('text')
options = parser.parse_args()
try:
    asyncio.run(main(options.target, options.text))
except GLib.Error as error:
    sys.exit(error.message)
except KeyboardInterrupt:
    sys.exit(130)

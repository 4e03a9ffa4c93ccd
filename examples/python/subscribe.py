#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 The libaionet authors
"""Prints the datagrams on a port of this host that match a pattern and come from one sender, until
Ctrl+C. The library sorts them out; the program never sees the others.

    $ ./subscribe.py 7000 '^NEWS ' 192.0.2.10
    NEWS of a friend
"""
import argparse
import asyncio
import sys

import gi
gi.require_version('Aionet', '1')
from gi.repository import Aionet, Gio, GLib


async def main(port: int, pattern: str, sender: Gio.SocketAddress) -> None:
    route = Aionet.Interface('default').route(Aionet.IP4).bind(port)
    async with Aionet.Pipe(Aionet.UDP, None, route) as pipe:
        async for message in pipe.subscribe(pattern, sender):
            print(message.bytes.decode(errors='replace'), flush=True)


def port(text: str) -> int:
    number = int(text)
    if not 0 <= number < 65536:
        raise ValueError
    return number


def sender(text: str) -> Gio.SocketAddress:
    address = Gio.InetSocketAddress.new_from_string(text, 0)  # 0: from any of its ports
    if address is None:
        raise ValueError
    return address


parser = argparse.ArgumentParser(usage='subscribe.py PORT PATTERN SENDER')
parser.add_argument('port', type=port)
parser.add_argument('pattern')
parser.add_argument('sender', type=sender)
options = parser.parse_args()
try:
    asyncio.run(main(options.port, options.pattern, options.sender))
except GLib.Error as error:
    sys.exit(error.message)
except KeyboardInterrupt:
    sys.exit(130)

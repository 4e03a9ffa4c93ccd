#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 The libaionet authors
"""A STUN server on the external addresses of this host, until Ctrl+C; then it tells how many
requests it has answered. With two external addresses it helps clients to find out about NATs.

    $ ./stun-server.py 3478
    UDP 1.3.3.7:3478
    ...
    ^C
    answered 2 requests
"""
import argparse
import asyncio
import sys

import gi
gi.require_version('Aionet', '1')
from gi.repository import Aionet, Gio, GLib


async def main(port: int) -> None:
    async with Aionet.StunServer(port=port) as server:
        await server.start_async()  # loads all interfaces first, to know what clients see of them
        for listener in server.get_listeners():
            protocol = 'UDP' if listener.protocol == Aionet.UDP else 'TCP'
            print(protocol, listener.local_address.to_string(), flush=True)
        try:
            await asyncio.Event().wait()  # for ever
        finally:
            print('answered', server.get_n_answered(Gio.SocketProtocol.DEFAULT), 'requests')


def port(text: str) -> int:
    number = int(text)
    if not 0 <= number < 65536:
        raise ValueError
    return number


parser = argparse.ArgumentParser(usage='stun-server.py PORT')
parser.add_argument('port', type=port)
try:
    asyncio.run(main(parser.parse_args().port))
except GLib.Error as error:
    sys.exit(error.message)
except KeyboardInterrupt:
    pass

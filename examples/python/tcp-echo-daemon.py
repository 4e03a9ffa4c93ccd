#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 The libaionet authors
"""Echoes what TCP clients send, on every address of this host, over IPv4 and IPv6, until Ctrl+C.
For port 0 the system picks one, the same for both.

    $ ./tcp-echo-daemon.py 0
    port 40001
"""
import argparse
import asyncio
import sys

import gi
gi.require_version('Aionet', '1')
from gi.repository import Aionet, GLib


class Echo(Aionet.Daemon):
    def do_message(self, client: Aionet.Pipe, message: Aionet.Message) -> None:
        try:
            client.send(message.bytes, message.sender)
        except GLib.Error as error:  # it does not read what it asked for, or is gone
            print(error.message, file=sys.stderr)
            client.close()


async def main(port: int) -> None:
    async with Echo() as daemon:
        print('port', daemon.listen_all(Aionet.TCP, port), flush=True)
        await asyncio.Event().wait()  # for ever


def port(text: str) -> int:
    number = int(text)
    if not 0 <= number < 65536:
        raise ValueError
    return number


parser = argparse.ArgumentParser(usage='tcp-echo-daemon.py PORT')
parser.add_argument('port', type=port)
try:
    asyncio.run(main(parser.parse_args().port))
except GLib.Error as error:
    sys.exit(error.message)
except KeyboardInterrupt:
    pass

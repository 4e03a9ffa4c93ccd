#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 The libaionet authors
"""Joins the TCP clients of a port of this host with a server elsewhere, until Ctrl+C.

    $ ./relay.py 8080 192.0.2.10:80
    port 8080
"""
import argparse
import asyncio
import sys

import gi
gi.require_version('Aionet', '1')
from gi.repository import Aionet, Gio, GLib


class Relay(Aionet.Daemon):
    def __init__(self, target: str) -> None:
        super().__init__()
        self.target = target

    def do_client(self, client: Aionet.Pipe) -> None:
        pipe = Aionet.Pipe(Aionet.TCP, self.target)
        client.forward(pipe)  # the relay keeps both pipes until the last byte has passed
        pipe.open_async(None, self.on_open)

    def on_open(self, pipe: Aionet.Pipe, result: Gio.AsyncResult) -> None:
        try:
            pipe.open_finish(result)
        except GLib.Error as error:  # it is closed then, and its client with it
            print(error.message, file=sys.stderr)


async def main(port: int, target: str) -> None:
    async with Relay(target) as daemon:
        print('port', daemon.listen_all(Aionet.TCP, port), flush=True)
        await asyncio.Event().wait()  # for ever


def port(text: str) -> int:
    number = int(text)
    if not 0 <= number < 65536:
        raise ValueError
    return number


parser = argparse.ArgumentParser(usage='relay.py PORT HOST:PORT')
parser.add_argument('port', type=port)
parser.add_argument('target')
options = parser.parse_args()
try:
    asyncio.run(main(options.port, options.target))
except GLib.Error as error:
    sys.exit(error.message)
except KeyboardInterrupt:
    pass

#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 The libaionet authors
"""Hands what one TCP client says to the next, and the other way round, until Ctrl+C: hole-punch.py
needs such a third host for the two to tell each other where they are.

    $ ./rendezvous.py 9000
    port 9000
"""
import argparse
import asyncio
import sys

import gi
gi.require_version('Aionet', '1')
from gi.repository import Aionet, GLib


class Rendezvous(Aionet.Daemon):
    first: tuple[Aionet.Pipe, bytes] | None = None

    def do_message(self, client: Aionet.Pipe, message: Aionet.Message) -> None:
        # An offer is small enough to come as one message. The first client waits for the second.
        if self.first is None:
            self.first = client, message.bytes
            return
        (waiting, offer), self.first = self.first, None
        tell(waiting, message.bytes)
        tell(client, offer)


def tell(client: Aionet.Pipe, offer: bytes) -> None:
    try:
        client.send(offer)
    except GLib.Error as error:
        print(error.message, file=sys.stderr)


async def main(port: int) -> None:
    async with Rendezvous() as daemon:
        print('port', daemon.listen_all(Aionet.TCP, port), flush=True)
        await asyncio.Event().wait()  # for ever


def port(text: str) -> int:
    number = int(text)
    if not 0 <= number < 65536:
        raise ValueError
    return number


parser = argparse.ArgumentParser(usage='rendezvous.py PORT')
parser.add_argument('port', type=port)
try:
    asyncio.run(main(parser.parse_args().port))
except GLib.Error as error:
    sys.exit(error.message)
except KeyboardInterrupt:
    pass

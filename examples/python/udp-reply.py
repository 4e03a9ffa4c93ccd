#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 The libaionet authors
"""Answers every datagram with where it came from, as seen here, and what it said, on every address
of this host until Ctrl+C. udp-request.py is its client; behind a NAT it learns its outside address.

    $ ./udp-reply.py 7000
    port 7000
"""
import argparse
import asyncio
import sys

import gi
gi.require_version('Aionet', '1')
from gi.repository import Aionet, GLib


class Reply(Aionet.Daemon):
    def do_message(self, server: Aionet.Pipe, message: Aionet.Message) -> None:
        sender = message.sender.to_string()
        try:
            server.send(f'{sender} said '.encode() + message.bytes, message.sender)
        except GLib.Error as error:
            print(f'{sender}: {error.message}', file=sys.stderr)


async def main(port: int) -> None:
    async with Reply() as daemon:
        print('port', daemon.listen_all(Aionet.UDP, port), flush=True)
        await asyncio.Event().wait()  # for ever


def port(text: str) -> int:
    number = int(text)
    if not 0 <= number < 65536:
        raise ValueError
    return number


parser = argparse.ArgumentParser(usage='udp-reply.py PORT')
parser.add_argument('port', type=port)
try:
    asyncio.run(main(parser.parse_args().port))
except GLib.Error as error:
    sys.exit(error.message)
except KeyboardInterrupt:
    pass

#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 The libaionet authors
"""Swaps a text with a host behind another NAT, without a relay; rendezvous.py lets both meet.

    $ ./hole-punch.py 192.0.2.10:9000 hello
    good day
"""
import argparse
import asyncio
import sys

import gi
gi.require_version('Aionet', '1')
from gi.repository import Aionet, GLib


async def swap(pipe: Aionet.Pipe, text: str) -> str:
    pipe.send(text.encode())
    return (await pipe.receive_async(timeout_ms=20000)).bytes.decode(errors='replace')


async def main(rendezvous: str, text: str) -> None:
    async with Aionet.Pipe(Aionet.TCP, rendezvous) as third:
        family = third.remote_address.get_family()
        punch = Aionet.HolePunch(Aionet.Interface('default').route(family))
        offer = await swap(third, await punch.prepare_async())
        async with await punch.open_async(offer, timeout_ms=3000) as pipe:
            print(await swap(pipe, text))


parser = argparse.ArgumentParser(usage='hole-punch.py RENDEZVOUS:PORT TEXT')
parser.add_argument('rendezvous')
parser.add_argument('text')
options = parser.parse_args()
try:
    asyncio.run(main(options.rendezvous, options.text))
except GLib.Error as error:
    sys.exit(error.message)
except KeyboardInterrupt:
    sys.exit(130)

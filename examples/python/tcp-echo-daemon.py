#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 The libaionet authors
"""Echoes what TCP clients send, on every address of this host: tcp-echo-daemon.py [PORT]"""
import asyncio
import sys

import gi
gi.require_version('Aionet', '1')
from gi.repository import Aionet, GLib


class Echo(Aionet.Daemon):
    def do_message(self, pipe, message):
        try:
            pipe.send(message.get_bytes(), message.get_sender())
        except GLib.Error as error:  # a client that does not read what it asked for, or is gone
            print(error.message, file=sys.stderr)
            pipe.close()


async def main(port):
    nic = Aionet.Interface('default')
    async with Echo() as daemon:
        print('port', daemon.listen_all(Aionet.TCP, port, nic), flush=True)
        await asyncio.Event().wait()


asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 0))

#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 The libaionet authors
"""Follows the interfaces of this host until Ctrl+C: prints each with its addresses, and again
whenever that has changed. One that is gone is down. No packet is sent.

    $ ./watch.py
    eth0 up 192.168.21.21
    eth0 up 192.168.21.21 192.168.21.50
"""
import argparse
import asyncio
import sys

import gi
gi.require_version('Aionet', '1')
from gi.repository import Aionet, GLib


class Watch:
    """Prints an interface whenever it has changed."""

    def __init__(self, nic: Aionet.Interface) -> None:
        self.nic = nic
        self.line = ''
        nic.connect('notify::is-up', self.show)
        nic.addresses.connect('items-changed', self.show)
        self.show()

    def show(self, *_: object) -> None:
        state = 'up' if self.nic.is_up else 'down'
        line = ' '.join([self.nic.name, state, *map(str, self.nic.addresses)])
        if line != self.line:  # several signals may come of one change
            print(line, flush=True)
        self.line = line


async def main() -> None:
    watched: dict[Aionet.Interface, Watch] = {}

    def on_interfaces_changed(host: Aionet.Host, position: int, n_removed: int, n_added: int) -> None:
        for nic in host[position:position + n_added]:
            # One that has only changed its place in the list is watched already.
            if nic not in watched:
                watched[nic] = Watch(nic)

    host = Aionet.Host.get_default()
    host.connect('items-changed', on_interfaces_changed)
    await host.refresh_async()  # from its first refresh on the list follows what happens
    await asyncio.Event().wait()  # for ever


argparse.ArgumentParser(usage='watch.py').parse_args()
try:
    asyncio.run(main())
except GLib.Error as error:
    sys.exit(error.message)
except KeyboardInterrupt:
    sys.exit(130)

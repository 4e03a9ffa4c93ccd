#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 The libaionet authors
"""An address backend as a plugin: what netlink finds, without the interfaces of Docker. The program
adds it to the plugins of the library, which uses it for its high priority.

    $ ./plugin.py
    eth0
    lo
"""
import argparse
import asyncio
import sys

import gi
gi.require_version('Aionet', '1')
from gi.repository import Aionet, Gio, GLib


class NoDocker(Aionet.AddressBackend):
    def do_begin(self, request: Aionet.Request) -> None:
        # The other request ends when this one does. A backend that watches the host itself, as
        # netlink does, calls emit_changed() when something happens.
        netlink = Aionet.Registry.get_default().create_provider(Aionet.AddressBackend, 'netlink')
        netlink.list_links_async(0, request.cancellable, self.on_links, request)

    def on_links(self, netlink: Aionet.AddressBackend, result: Gio.AsyncResult, request: Aionet.Request) -> None:
        try:
            links = netlink.list_links_finish(result)
        except GLib.Error as error:
            request.fail(error)
        else:
            request.complete([link for link in links if not link.name.startswith('docker')])


async def main() -> None:
    Aionet.Registry.get_default().add_type(NoDocker, 'no-docker', 200)
    for name in await Aionet.list_interfaces(usable=False):
        print(name)


argparse.ArgumentParser(usage='plugin.py').parse_args()
try:
    asyncio.run(main())
except GLib.Error as error:
    sys.exit(error.message)
except KeyboardInterrupt:
    sys.exit(130)

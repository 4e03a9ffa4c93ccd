#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 The libaionet authors
"""Loads all interfaces of this host, and prints their routes: which addresses of an interface the
outside sees as which.

    $ ./interfaces.py
    eth0
      [192.168.21.21] -> [1.3.3.7]
    lo
"""
import argparse
import asyncio
import sys

import gi
gi.require_version('Aionet', '1')
from gi.repository import Aionet, GLib


async def main() -> None:
    host = Aionet.Host.get_default()
    await host.load_all_async()
    for nic in host:
        print(nic.name)
        for family in (Aionet.IP4, Aionet.IP6):
            for route in nic.rp[family].groups:
                print(f'  {route}')


argparse.ArgumentParser(usage='interfaces.py').parse_args()
try:
    asyncio.run(main())
except GLib.Error as error:
    sys.exit(error.message)
except KeyboardInterrupt:
    sys.exit(130)

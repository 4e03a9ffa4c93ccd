#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 The libaionet authors
"""Lists the interfaces of this host, and the routes of the one that the system prefers."""
import asyncio

import gi
gi.require_version('Aionet', '1')
from gi.repository import Aionet


async def main():
    for name in await Aionet.list_interfaces(usable=False):
        print(name)
    nic = await Aionet.Interface()
    pool = nic.rp[Aionet.IP4]
    print(len(pool), 'external addresses')
    for group in pool.get_groups():
        print(group)


asyncio.run(main())

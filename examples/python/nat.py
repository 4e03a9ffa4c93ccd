#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 The libaionet authors
"""Finds out what kind of NAT this host is behind, and whether two hosts behind such NATs can reach
each other over UDP without a relay.

    $ ./nat.py
    eth0: restrict port
    random delta (local port == rand port)
    two such hosts can connect: Both NATs keep one external port for all destinations
"""
import argparse
import asyncio
import sys

import gi
gi.require_version('Aionet', '1')
from gi.repository import Aionet, GLib


async def main() -> None:
    nic = Aionet.Interface()  # the one that the system prefers
    nat = await nic.load_nat()
    plan = Aionet.NatPlan.new(nat, nat)
    print(f'{nic.name}: {nat.info}')
    print(nat.delta_info)
    print('two such hosts', 'can connect:' if plan.is_possible() else 'need a relay:', plan.reason)


argparse.ArgumentParser(usage='nat.py').parse_args()
try:
    asyncio.run(main())
except GLib.Error as error:
    sys.exit(error.message)
except KeyboardInterrupt:
    sys.exit(130)

#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 The libaionet authors
"""Fetches a page once over each of some external addresses of this host, with Python's own HTTP
client: the server sees a different client each time.

    $ ./http-over-route.py http://192.0.2.10:8080/ 1.3.3.7 1.3.3.8
    You are 1.3.3.7
    You are 1.3.3.8
"""
import argparse
import asyncio
import sys
import urllib.parse
from http.client import HTTPConnection, HTTPException, HTTPSConnection

import gi
gi.require_version('Aionet', '1')
from gi.repository import Aionet, GLib


def find_source(nic: Aionet.Interface, address: str) -> str:
    """The local address from where others see the external one."""
    route = nic.rp[Aionet.IP6 if ':' in address else Aionet.IP4].lookup(address)
    if route is None:
        raise ValueError('not an address of this host')
    return route.bind().local_address.get_address().to_string()


def fetch(url: str, source: str) -> str:
    parts = urllib.parse.urlsplit(url)
    kind: type[HTTPConnection] = HTTPSConnection if parts.scheme == 'https' else HTTPConnection
    connection = kind(parts.netloc, source_address=(source, 0), timeout=30)
    connection.request('GET', parts._replace(scheme='', netloc='').geturl() or '/')
    return connection.getresponse().read().decode(errors='replace')


async def main(url: str, addresses: list[str]) -> None:
    nic = await Aionet.Interface()  # the one that the system prefers
    for address in addresses:
        try:
            print(await asyncio.to_thread(fetch, url, find_source(nic, address)))
        except (ValueError, OSError, HTTPException) as error:
            sys.exit(f'{address}: {error}')


parser = argparse.ArgumentParser(usage='http-over-route.py URL ADDRESS...')
parser.add_argument('url')
parser.add_argument('addresses', nargs='+')
options = parser.parse_args()
try:
    asyncio.run(main(options.url, options.addresses))
except GLib.Error as error:
    sys.exit(error.message)
except KeyboardInterrupt:
    sys.exit(130)

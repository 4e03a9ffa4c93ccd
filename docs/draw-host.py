#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 The libaionet authors
"""draw-host.py HOST.json: prints what `aionet show --dot` draws of a recorded host, as SVG.

The drawing differs with the version of graphviz, its source does not: the SVG ends with the digest of it."""
import hashlib
import os
import subprocess
import sys


def source(host):
    """What the tool prints. The servers are asked of the recording; as addresses, they need no name resolved."""
    return subprocess.run(
        ['aionet', 'show', 'eth0', 'eth1', '--dot', '--backend', 'replay', '--provider', 'replay'],
        env={**os.environ, 'AIONET_REPLAY_FILE': host, 'AIONET_STUN_SERVERS': '192.0.2.1:1,198.51.100.1:1'},
        stdout=subprocess.PIPE, check=True).stdout


def mark(dot):
    return f'<!-- of {hashlib.sha256(dot).hexdigest()} -->\n'


if __name__ == '__main__':
    drawn = source(sys.argv[1])
    svg = subprocess.run(['dot', '-Tsvg'], input=drawn, stdout=subprocess.PIPE, check=True).stdout
    sys.stdout.write(svg.decode() + mark(drawn))

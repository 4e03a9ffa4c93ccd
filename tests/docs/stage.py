# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 The libaionet authors
"""stage.py COMMAND…: runs a block of the docs in the lab, where example.org is a server of the lab's world."""
import os
import socket
import subprocess
import sys
import time

WORLD = os.environ['AIONET_LAB_WORLD']
# Only has to be far above what a busy machine needs.
PATIENCE = 30

if os.environ.get('AIONET_DOCS_WORLD'):
    with open('hosts', 'w', encoding='utf-8') as hosts:
        server = os.environ['AIONET_STUN_SERVERS'].partition(',')[0].rpartition(':')[0]
        hosts.write(f'127.0.0.1 localhost\n{WORLD} example.org\n{server} stun.example.org\n')
    subprocess.run(['mount', '--bind', 'hosts', '/etc/hosts'], check=True)
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            socket.create_connection((WORLD, 80), PATIENCE).close()
            break
        except ConnectionRefusedError:
            time.sleep(0.02)
os.execvp(sys.argv[1], sys.argv[1:])

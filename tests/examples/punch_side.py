# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 The libaionet authors
"""Runs the example on one side once the rendezvous is there: punch_side.py DIRECTORY OWN OTHER COMMAND…

Leaves in DIRECTORY/OWN what came of it, and ends when the other side has done the same."""
import json
import os
import pathlib
import socket
import subprocess
import sys
import time

PORT = 9000
PATIENCE = 60


def wait_for(condition):
    deadline = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            sys.exit('the other side did not come')
        time.sleep(0.02)


def is_listening(host):
    try:
        socket.create_connection((host, PORT), PATIENCE).close()
    except ConnectionRefusedError:
        return False
    return True


def main(directory, own, other, *command):
    host = os.environ['AIONET_LAB_WORLD']
    wait_for(lambda: is_listening(host))
    target = f'[{host}]:{PORT}' if ':' in host else f'{host}:{PORT}'
    ended = subprocess.run([*command, target, own], capture_output=True, text=True, timeout=PATIENCE, check=False)
    results = pathlib.Path(directory)
    (results / f'{own}.new').write_text(json.dumps([ended.returncode, ended.stdout, ended.stderr]), encoding='utf-8')
    (results / f'{own}.new').rename(results / own)
    wait_for((results / other).exists)


main(*sys.argv[1:])

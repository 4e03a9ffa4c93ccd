# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 The libaionet authors
"""What happens around an example inside a network of the lab: inside.py SCENE ARGUMENT…

Prints what came of it as JSON. Every scene is a function here."""
import json
import os
import pathlib
import socket
import subprocess
import sys
import time
import urllib.request

import examples
from examples import PATIENCE, Running

WORLD = os.environ['AIONET_LAB_WORLD']


def wait_for(condition):
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, 'nothing happened'
        time.sleep(0.02)


def is_listening(host, port):
    try:
        socket.create_connection((host, port), PATIENCE).close()
    except OSError:
        return False
    return True


def ip(words):
    subprocess.run(['ip', *words.split()], check=True)


def plain(name, *arguments):
    return examples.run(name, *arguments)


def http(*externals):
    """The world started its server beside this."""
    wait_for(lambda: is_listening(WORLD, 8080))
    host = '[2001:db8::1]' if ':' in externals[0] else WORLD
    return examples.run('http-over-route', f'http://{host}:8080/', *externals)


def relay():
    """A client of the relay is seen as the relay."""
    wait_for(lambda: is_listening(WORLD, 8080))
    with Running('relay', 0, f'{WORLD}:8080') as running:
        with urllib.request.urlopen(f'http://127.0.0.1:{running.port()}/', timeout=PATIENCE) as page:
            return page.read().decode()


def every_address(*addresses):
    """Which addresses of this host the daemon echoes on."""
    with Running('tcp-echo-daemon', 0) as running:
        port, answers = running.port(), []
        for address in addresses:
            with socket.create_connection((address, port), PATIENCE) as client:
                client.sendall(address.encode())
                answers.append(client.recv(100).decode())
        return answers


def udp():
    """Datagrams from behind a NAT to a server that the world started beside this."""
    ended = []

    def has_answer():
        ended[:] = examples.run('udp-request', f'{WORLD}:7000', 'hello')
        return ended[0] == 0  # before the server is there its host refuses

    wait_for(has_answer)
    return ended


def stun(*clients):
    """Each of the clients, a command, asks the server on this host; and what the server tells in the end."""
    with Running('stun-server', 3478) as running:
        lines = [running.line() for _ in range(4)]
        answers = []
        for client in clients:
            ended = subprocess.run(client, shell=True, capture_output=True, text=True, timeout=PATIENCE, check=False)
            answers.append((ended.returncode, ended.stdout, ended.stderr))
        return {'lines': lines, 'answers': answers, 'end': running.interrupt()}


# What is done to the host, and the line that tells of it.
CHANGES = (
    ('address add 192.168.21.50/24 dev eth0', 'eth0 up 192.168.21.21 192.168.21.50'),
    ('address del 192.168.21.50/24 dev eth0', 'eth0 up 192.168.21.21'),
    ('link add tun7 type veth peer name tun8', 'tun7 down'),
    ('address add 10.7.0.1/24 dev tun7', 'tun7 down 10.7.0.1'),
    ('link set tun8 up', None),
    ('link set tun7 up', 'tun7 up 10.7.0.1'),
    ('link delete tun7', 'tun7 down'),
    ('address add 192.168.21.60/24 dev eth0', 'eth0 up 192.168.21.21 192.168.21.60'),
)


def watch():
    """All that is printed until the last change is told of."""
    lines = []

    def read_until(is_it):
        while not lines or not is_it(lines[-1]):
            lines.append(running.line())
            assert lines[-1], running.end()

    with Running('watch') as running:
        read_until(lambda line: line.startswith('lo up 127.0.0.1'))  # the last one at first
        for change, expected in CHANGES:
            ip(change)
            if expected:
                read_until(expected.__eq__)
        return lines, running.interrupt()


def has_sockets():
    """Of this network, where nobody else has any."""
    tables = [f'/proc/net/{name}' for name in ('tcp', 'tcp6', 'udp', 'udp6')]
    return any(len(pathlib.Path(table).read_text(encoding='ascii').splitlines()) > 1 for table in tables)


def interrupt(*arguments):
    """Ctrl+C once it has begun with the network, where it waits for what never comes. On a busy machine it may have
    given up by then, which says nothing: once more."""
    while True:
        with Running(*arguments) as running:
            wait_for(lambda: has_sockets() or running.process.poll() is not None)
            ended = running.interrupt()
            if ended[0] in examples.INTERRUPTED:
                return ended


def docker(*command):
    """What the plugin leaves of the host's interfaces, beside what there is."""
    ip('link add docker0 type veth peer name docker1')
    status, output, errors = examples.run(*command)
    return status, output, errors, sorted(name for _, name in socket.if_nameindex())


if __name__ == '__main__':
    print(json.dumps(globals()[sys.argv[1]](*sys.argv[2:])))

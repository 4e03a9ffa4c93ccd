# SPDX-License-Identifier: LGPL-2.1-or-later
"""The example that fetches a page with libsoup, over routes, from a server in the world of the lab."""
import os
import shlex
import sys
import unittest

import tap
import tool

EXAMPLE = os.environ['HTTP_OVER_ROUTE']
SERVER = ('192.0.2.10', 8080)
# The world starts its server beside the client: knock until it opens, then become the example.
KNOCK = '''
import os, socket, sys, time
for _ in range(300):
    try:
        socket.create_connection((sys.argv[1], int(sys.argv[2])), 1).close()
        break
    except OSError:
        time.sleep(0.05)
os.execv(sys.argv[3], sys.argv[3:])
'''


def fetch(nat, *externals):
    host, port = SERVER
    world = shlex.join([sys.executable, os.path.join(tool.HERE, 'http_server.py'), str(port)])
    return tool.lab(sys.executable, '-c', KNOCK, host, str(port), EXAMPLE, f'http://{host}:{port}/', *externals,
                    nat=nat, options=('--world', world))


@tool.needs_lab
@tool.needs_plugins('netlink', 'nice')
class HttpOverRoute(unittest.TestCase):
    def check(self, nat, *externals):
        ended = fetch(nat, *externals)
        self.assertEqual(ended.returncode, 0, ended.stderr)
        self.assertEqual(ended.stdout.split('\n')[:-1], list(externals))

    def test_three_addresses_of_a_block_are_three_clients(self):
        self.check('routed-block', '1.3.4.9', '1.3.4.12', '1.3.4.14')

    def test_three_nats_are_three_clients(self):
        self.check('three-externals', '1.3.3.7', '1.3.3.8', '1.3.3.9')

    def test_the_address_of_somebody_else_is_an_error(self):
        ended = fetch('routed-block', '1.3.4.9', '9.9.9.9')
        self.assertEqual(ended.returncode, 1, ended.stderr)
        self.assertEqual(ended.stdout, '1.3.4.9\n')
        self.assertIn('9.9.9.9: not of this host', ended.stderr)


if __name__ == '__main__':
    tap.main()

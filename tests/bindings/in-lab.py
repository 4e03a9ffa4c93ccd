# SPDX-License-Identifier: LGPL-2.1-or-later
"""in-lab.py NETWORK COMMAND…: runs a TAP program behind one of the lab's NATs, or says why it cannot."""
import os
import subprocess
import sys

tool = os.environ['AIONET_TOOL']
network, command = sys.argv[1], sys.argv[2:]
if not os.access(tool, os.X_OK):
    print('1..0 # SKIP the aionet tool is not built')
    sys.exit(0)
attempt = subprocess.run([tool, 'lab', 'run', '--', 'true'], capture_output=True, text=True, check=False)
if attempt.returncode != 0 and 'namespace' in attempt.stderr:
    print('1..0 # SKIP', attempt.stderr.strip().replace('\n', ' '))
    sys.exit(0)
plugins = subprocess.run([tool, 'plugins'], capture_output=True, text=True, check=False).stdout
for needed in ('netlink', 'nice'):
    if needed not in plugins:
        print(f'1..0 # SKIP built without the plugin {needed}')
        sys.exit(0)
os.execv(tool, [tool, 'lab', 'run', '--nat', network, '--', *command])

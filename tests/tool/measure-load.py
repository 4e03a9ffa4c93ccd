# SPDX-License-Identifier: LGPL-2.1-or-later
"""How long loading an interface takes behind the lab's NAT. Not a test: run it on a quiet machine,
by hand or by `meson test --benchmark`.

Each figure is measured inside the process (`aionet show --timing`), the median of several runs that are
interleaved, so that a busy moment of the machine spoils no case alone."""
import argparse
import os
import re
import statistics
import subprocess
import sys

TOOL = os.environ.get('AIONET_TOOL', 'aionet')
CASES = (
    ('healthy', ['--nat', 'guide'], lambda rtt: rtt + 20),
    ('healthy, two NICs', ['--nat', 'dual-homed'], lambda rtt: rtt + 20),
    ('half dead (silent)', ['--servers', '6', '--silent', '3'], lambda rtt: rtt + 150),
    ('half dead (refused)', ['--servers', '6', '--dead', '3'], lambda rtt: rtt + 150),
    ('one lying, one silent of 5', ['--lying', '1', '--silent', '1'], lambda rtt: rtt + 150),
    ('UDP blocked', ['--nat', 'udp-blocked'], lambda rtt: 1000),
    ('UDP refused by ICMP', ['--nat', 'udp-refused'], lambda rtt: 1000),
    ('all refused', ['--nat', 'refused'], lambda rtt: 1000),
)


def measure(options, rtt):
    everything = ['--all'] if 'dual-homed' in options else []
    ended = subprocess.run([TOOL, 'lab', 'run', '--rtt', str(rtt), *options, '--', 'aionet', 'show', '--json',
                            '--timing', *everything], capture_output=True, text=True, check=False)
    found = re.search(r'^loaded in ([\d.]+) ms$', ended.stderr, re.M)
    if ended.returncode != 0 or not found:
        sys.exit(f'{options}: exit {ended.returncode}: {ended.stderr}')
    return float(found.group(1)), '1.3.3.7' in ended.stdout


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--rtt', type=float, default=50)
    parser.add_argument('--runs', type=int, default=5)
    options = parser.parse_args()
    times = {case[0]: [] for case in CASES}
    seen = {}
    for _ in range(options.runs):
        for name, arguments, _goal in CASES:
            elapsed, seen[name] = measure(arguments, options.rtt)
            times[name].append(elapsed)
    print(f'{"case":30}{"median ms":>10}{"worst ms":>10}{"goal ms":>10}  external')
    for name, _arguments, goal in CASES:
        median = statistics.median(times[name])
        late = '' if median <= goal(options.rtt) else '  too slow'
        print(f'{name:30}{median:10.1f}{max(times[name]):10.1f}{goal(options.rtt):10.0f}  '
              f'{"found" if seen[name] else "none"}{late}')


main()

#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Classifies the NATs of the lab again and again, and tells how often rightly.

nat_runs.py [--runs N] [--rtt MS] [--loss PERCENT] [--world OPTIONS] [NETWORK…]

Prints a table: per network what is true, how many verdicts were right, uncertain and wrong, how many deltas right, and
the seconds a verdict took. Also run in the client of a lab by itself (nat_runs.py client N)."""
import argparse
import json
import os
import shlex
import statistics
import subprocess
import sys
import time

import nat_world
import tool

HERE = os.path.abspath(__file__)
SYMMETRIC, BLOCKED, NOT_APPLICABLE, CERTAIN = 6, 7, 1, 0.5


def networks():
    listed = json.loads(tool.run('lab', 'list', '--json').stdout)
    for network in listed:
        if not network['ipv4']:
            network['nat']['delta'] = {'type': NOT_APPLICABLE, 'value': 0}
    return {network['name']: network for network in listed}


def client(runs, family, waits):
    """In the lab: prints an array of what each run gave."""
    seen = []
    if waits:
        nat_world.wait(family)
    environment = dict(os.environ, AIONET_STUN_SERVERS=nat_world.configuration(family))
    for _ in range(runs):
        began = time.monotonic()
        ended = subprocess.run([tool.TOOL, 'nat', '--json', '--allow-private'], capture_output=True, text=True, check=False,
                               env=environment)
        if ended.returncode != 0:
            raise SystemExit(ended.stderr)
        seen.append(dict(json.loads(ended.stdout), seconds=time.monotonic() - began))
    print(json.dumps(seen))


# The NATs of the lab that count have 4096 outside ports, and give each out once before they begin anew, whether or
# not its mapping is still there: a run that follows too many others would see ports that are taken.
RUNS_OF_A_LAB = 25


def observe(name, runs, options=(), world=''):
    """What each of these runs gave in the network of that name, built anew now and then."""
    seen = []
    while runs > len(seen):
        seen += observe_once(name, min(runs - len(seen), RUNS_OF_A_LAB), options, world)
    return seen


def observe_once(name, runs, options, world):
    network = networks()[name]
    family = 4 if network['ipv4'] else 6
    command = [sys.executable, os.path.join(tool.HERE, 'nat_world.py'), '--family', str(family), *shlex.split(world)]
    passes = 'refused' not in name and name not in {'no-internet', 'udp-blocked'}
    ended = subprocess.run([tool.TOOL, 'lab', 'run', '--nat', name, '--world', shlex.join(command), *options, '--',
                            sys.executable, HERE, 'client', str(runs), str(family), '1' if passes or name == 'udp-blocked' else ''],
                           capture_output=True, text=True, check=False)
    if ended.returncode != 0:
        raise AssertionError(f'{name}: exit {ended.returncode}: {ended.stderr}')
    return json.loads(ended.stdout)


def judge(truth, nat):
    """'right', 'uncertain' or 'wrong'; whether the delta is right."""
    right = nat['type'] == truth['type'] and (truth['type'] == BLOCKED or (
        nat['mapping'] == truth['mapping'] and (nat['hairpinning'] == 'yes') == truth['hairpinning'] and
        nat['filtering'] in ({truth['filtering'], 'unknown'} if truth['type'] == SYMMETRIC else {truth['filtering']})))
    verdict = 'uncertain' if nat['confidence'] < CERTAIN else 'right' if right else 'wrong'
    # Of what is blocked none can be known.
    return verdict, truth['type'] == BLOCKED or all(nat['delta'][key] == truth['delta'][key] for key in ('type', 'value'))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--runs', type=int, default=20)
    parser.add_argument('--rtt', type=int)
    parser.add_argument('--loss', type=float)
    parser.add_argument('--world', default='')
    parser.add_argument('--show', action='store_true', help='print what was not right')
    parser.add_argument('networks', nargs='*')
    options = parser.parse_args()
    lab = [f'--rtt={options.rtt}'] * bool(options.rtt) + [f'--loss={options.loss}'] * bool(options.loss)
    print(f'{"NETWORK":28} TYPE  DELTA   RIGHT UNCERTAIN WRONG  DELTA RIGHT  MEDIAN s  LONGEST s')
    for name in options.networks or networks():
        truth = networks()[name]['nat']
        seen = observe(name, options.runs, lab, options.world)
        verdicts = [judge(truth, nat) for nat in seen]
        count = {word: sum(verdict == word for verdict, _ in verdicts) for word in ('right', 'uncertain', 'wrong')}
        seconds = [nat['seconds'] for nat in seen]
        print(f'{name:28} {truth["type"]:4}  {truth["delta"]["type"]} {truth["delta"]["value"]:3}  '
              f'{count["right"]:6} {count["uncertain"]:9} {count["wrong"]:5} {sum(delta for _, delta in verdicts):12} '
              f'{statistics.median(seconds):9.3f} {max(seconds):10.3f}', flush=True)
        for nat, (verdict, delta) in zip(seen, verdicts):
            if options.show and (verdict != 'right' or not delta):
                print('   ', json.dumps(nat))


if __name__ == '__main__':
    if sys.argv[1:2] == ['client']:
        client(int(sys.argv[2]), int(sys.argv[3]), sys.argv[4])
    else:
        main()

#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Adds up what meson recorded of the test runs in the build directories given.

Prints each failure and each skipped test with its reason, and ends with the closing line
`N passed, N failed, N skipped`. Fails when anything failed, or when nothing passed.
"""
import collections
import json
import pathlib
import re
import sys

TAP = re.compile(r'^\s*(not )?ok\b\s*\d*\s*-?\s*(.*)$')
GTEST = re.compile(r'^\[ +(OK|FAILED|SKIPPED) +\] (.*) \(\d+ ms\)$')
OUTCOMES = {'OK': 'passed', 'FAILED': 'failed', 'SKIPPED': 'skipped'}
FAILURES = {'FAIL', 'ERROR', 'TIMEOUT', 'INTERRUPT', 'UNEXPECTEDPASS'}
count = collections.Counter()


def record(build, test, outcome, text):
    count[outcome] += 1
    if outcome != 'passed':
        print(f'{outcome}: {build}: {test}: {text}')


def read_tap(build, test, output):
    """Counts the points of one TAP program; False when there are none."""
    seen = False
    for line in output.splitlines():
        match = TAP.match(line)
        if match is None or line.startswith(' '):
            continue
        seen = True
        skip = re.search(r'#\s*SKIP\b\s*(.*)', match.group(2), re.I)
        if skip:
            record(build, test, 'skipped', match.group(2).replace('# SKIP', '—').strip())
        else:
            record(build, test, 'failed' if match.group(1) else 'passed', match.group(2))
    return seen


def read_gtest(build, test, output):
    """The same of a GoogleTest program, which tells the reason of a skip on the line before."""
    seen, before = False, ''
    for line in output.splitlines():
        match = GTEST.match(line)
        if match is not None:
            seen, outcome, name = True, OUTCOMES[match.group(1)], match.group(2)
            record(build, test, outcome, f'{name} — {before}' if outcome == 'skipped' else name)
        before = line or before
    return seen


for directory in map(pathlib.Path, sys.argv[1:]):
    log = directory / 'meson-logs/testlog.json'
    if not log.exists():
        record(directory.name, 'meson test', 'failed', 'did not run')
        continue
    for line in log.read_text(encoding='utf-8').splitlines():
        entry = json.loads(line)
        before = count['failed']
        output = entry.get('stdout') or ''
        points = (read_tap(directory.name, entry['name'], output) or
                  read_gtest(directory.name, entry['name'], output))
        if entry['result'] in FAILURES and count['failed'] == before:
            record(directory.name, entry['name'], 'failed', entry['result'].lower())
        elif not points and entry['result'] in {'OK', 'EXPECTEDFAIL'}:
            record(directory.name, entry['name'], 'passed', '')
        elif not points and entry['result'] == 'SKIP':
            reason = (output.strip().splitlines() or ['no reason given'])[-1]
            record(directory.name, entry['name'], 'skipped', reason)

print(f"{count['passed']} passed, {count['failed']} failed, {count['skipped']} skipped")
sys.exit(1 if count['failed'] or not count['passed'] else 0)

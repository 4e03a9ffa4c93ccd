#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Runs a libFuzzer program for a bounded time on a copy of its corpus; a crash leaves its input."""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

program, corpus = (pathlib.Path(path) for path in sys.argv[1:3])
seconds = os.environ.get('AIONET_FUZZ_SECONDS', '10')

if not any(corpus.iterdir()):
    sys.exit(f'{corpus} is empty')
os.environ.setdefault('UBSAN_OPTIONS', 'halt_on_error=1:print_stacktrace=1')
os.environ.setdefault('G_SLICE', 'always-malloc')

command = [program, f'-max_total_time={seconds}', '-timeout=5', '-rss_limit_mb=1024',
           '-print_final_stats=1', f'-artifact_prefix={program}-']
dictionary = corpus.parent.parent / f'{corpus.name}.dict'
if dictionary.exists():
    command.append(f'-dict={dictionary}')

with tempfile.TemporaryDirectory() as directory:
    shutil.copytree(corpus, directory, dirs_exist_ok=True)
    sys.exit(subprocess.run([*command, directory], check=False).returncode and 1)

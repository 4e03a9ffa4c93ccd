# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 The libaionet authors
"""What every test of the examples needs. The language is in EXAMPLE_COMMAND: how its programs are run, {} for the
name."""
import functools
import os
import shlex
import signal
import subprocess

COMMAND = shlex.split(os.environ['EXAMPLE_COMMAND'])
LANGUAGE = {'.py': 'python', '.js': 'js'}.get(os.path.splitext(COMMAND[-1])[1], 'c')
# A hang is a failure; the figure only has to be far above what a busy machine needs.
PATIENCE = 60


def command(name, *arguments):
    return [part.replace('{}', name) for part in COMMAND] + [str(argument) for argument in arguments]


def run(*arguments):
    """Runs an example to its end: its status, and what it printed."""
    ended = subprocess.run(command(*arguments), capture_output=True, text=True, timeout=PATIENCE, check=False)
    return ended.returncode, ended.stdout, ended.stderr


@functools.lru_cache(None)
def missing(name):
    """Why there is no such program here, or None."""
    if name == 'plugin' and LANGUAGE == 'c':
        return 'a module, that interfaces loads'
    if not any(os.path.exists(part) for part in command(name)[-1:]):
        return 'libsoup-3.0 was not there to build it with'
    if name == 'http-over-route' and LANGUAGE == 'js':
        has_soup = [*command(name)[:1], '-c', "imports.gi.versions.Soup = '3.0'; imports.gi.Soup"]
        if subprocess.run(has_soup, capture_output=True, check=False).returncode != 0:
            return 'the typelib of libsoup-3.0 is not installed'
    return None


class Running:
    """An example that goes on until Ctrl+C."""

    def __init__(self, *arguments):
        self.process = subprocess.Popen(command(*arguments), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.communicate()

    def line(self):
        return self.process.stdout.readline().rstrip('\n')

    def port(self):
        word, number = self.line().split()
        assert word == 'port'
        return int(number)

    def interrupt(self):
        """Ctrl+C: the status, and what else was printed."""
        self.process.send_signal(signal.SIGINT)
        return self.end()

    def end(self):
        output, errors = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, output, errors


# How a program ends that Ctrl+C has no need to close anything in: by the signal, or as a shell tells it.
INTERRUPTED = (-signal.SIGINT, 128 + signal.SIGINT)

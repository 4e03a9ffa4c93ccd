# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 The libaionet authors
"""The type stubs: complete, without fault, and good enough for mypy to find mistakes.

Told where they are by AIONET_STUBS (Aionet.pyi), AIONET_PARTIAL (its py.typed), AIONET_FALLBACK
(stubs of PyGObject) and AIONET_EXAMPLES; the folder `typing` beside this file has what mypy is tried on.
"""
import ast
import glob
import inspect
import os
import re
import shutil
import subprocess
import tempfile
import unittest

import gi
gi.require_version('Aionet', '1')
from gi.repository import Aionet, GObject

import tap

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'typing')
MYPY = shutil.which('mypy')
FOUND = re.compile(r'([^:]+):(\d+): (error|note): (.*?)(?:  \[([\w-]+)\])?$')


def setUpModule():
    if MYPY is None:
        raise unittest.SkipTest('mypy is not installed')


class Checked(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        """As an installation has it: a site with our stub package, and MYPYPATH with the fallback."""
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        cls.site = os.path.join(cls.folder.name, 'site')
        os.makedirs(cls.site + '/gi-stubs/repository')
        os.makedirs(cls.site + '/gi/overrides')
        shutil.copy(os.environ['AIONET_STUBS'], cls.site + '/gi-stubs/repository')
        shutil.copy(os.environ['AIONET_PARTIAL'], cls.site + '/gi-stubs')
        shutil.copytree(os.environ['AIONET_FALLBACK'], cls.folder.name + '/fallback')

    def mypy(self, *arguments):
        done = subprocess.run([MYPY, '--strict', '--no-error-summary', '--config-file=', *arguments], text=True,
                              capture_output=True, check=False, cwd=self.folder.name,
                              env={**os.environ, 'MYPYPATH': self.folder.name + '/fallback', 'PYTHONPATH': self.site,
                                   'MYPY_CACHE_DIR': self.folder.name + '/cache'})
        self.assertEqual(done.stderr, '')
        return done.stdout.splitlines()

    def marked(self, name, mark):
        with open(os.path.join(HERE, name), encoding='utf-8') as file:
            return {number: line.rpartition(mark)[2].strip() for number, line in enumerate(file, 1) if '  ' + mark in line}


class Mypy(Checked):
    def test_stubs_have_no_fault(self):
        together = shutil.copytree(os.environ['AIONET_FALLBACK'], self.folder.name + '/together')
        shutil.copy(os.environ['AIONET_STUBS'], together + '/gi/repository')
        self.assertEqual(self.mypy(*glob.glob(together + '/gi/**/*.pyi', recursive=True)), [])

    def test_examples_have_no_fault(self):
        examples = sorted(glob.glob(os.environ['AIONET_EXAMPLES'] + '/*.py'))
        self.assertGreater(len(examples), 5)
        for example in examples:
            self.assertEqual(self.mypy(example), [])

    def test_types_are_known(self):
        wanted, told = self.marked('uses.py', '# R:'), {}
        for line in self.mypy(os.path.join(HERE, 'uses.py')):
            _, number, kind, text, _ = FOUND.match(line).groups()
            self.assertEqual(kind, 'note', line)
            told[int(number)] = text.partition('"')[2].rpartition('"')[0]
        self.assertEqual(told.keys(), wanted.keys())
        for number, text in wanted.items():
            self.assertTrue(told[number].endswith(text), f'line {number}: {told[number]} is not {text}')

    def test_mistakes_are_found(self):
        told = {}
        for line in self.mypy(os.path.join(HERE, 'mistakes.py')):
            _, number, kind, _, code = FOUND.match(line).groups()
            if kind == 'error':
                told[int(number)] = code
        self.assertEqual(told, self.marked('mistakes.py', '# E:'))


class Completeness(unittest.TestCase):
    """What is there at run time is in the stub, and the other way round."""

    @classmethod
    def setUpClass(cls):
        with open(os.environ['AIONET_STUBS'], encoding='utf-8') as file:
            body = ast.parse(file.read()).body
        cls.classes = {node.name: node for node in body if isinstance(node, ast.ClassDef)}
        cls.names = {*cls.classes, *(node.name for node in body if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))),
                     *(node.target.id for node in body if isinstance(node, ast.AnnAssign))}

    @classmethod
    def members(cls, name):
        """Name -> number of parameters of every form of it, of a class of the stub and its parents."""
        found = {}
        node = cls.classes[name]
        for base in node.bases:
            if isinstance(base, ast.Name) and base.id in cls.classes:
                found.update(cls.members(base.id))
        for member in node.body:
            if isinstance(member, (ast.FunctionDef, ast.AsyncFunctionDef)):
                found.setdefault(member.name, []).append(member)
            elif isinstance(member, ast.Assign):
                found[member.targets[0].id] = []
        return found

    @staticmethod
    def is_struct_of_class(name):
        return name.endswith('Class') and hasattr(Aionet, name[:-len('Class')])

    def test_names(self):
        known = {name for name in dir(Aionet) if not name.startswith('_') and not self.is_struct_of_class(name)}
        self.assertEqual(known, self.names)

    def test_members_at_run_time_are_in_the_stub(self):
        for name in self.classes:
            cls = getattr(Aionet, name)
            stub = self.members(name)
            for base in cls.__mro__:
                if not base.__module__.endswith(('Aionet', '_aionet_common', '_aionet_pipes', '_aionet_providers')):
                    continue
                for member in vars(base):
                    if not member.startswith('_') and member != 'parent_instance':
                        self.assertIn(member, stub, f'{name}.{member}')

    def test_members_of_the_stub_are_there_at_run_time(self):
        for name in self.classes:
            cls = getattr(Aionet, name)
            members = self.members(name)
            if issubclass(cls, int):
                cls = getattr(cls, next(member for member in members if member.isupper()))
            for member in members:
                self.assertTrue(hasattr(cls, member), f'{name}.{member}')

    def test_every_property_is_typed(self):
        for name, node in self.classes.items():
            cls = getattr(Aionet, name)
            if not issubclass(cls, GObject.Object):
                continue
            props = [member for member in node.body if isinstance(member, ast.ClassDef) and member.name == 'Props']
            told = {one.name if isinstance(one, ast.FunctionDef) else one.target.id for one in props[0].body} if props else set()
            self.assertEqual(told, {pspec.name.replace('-', '_') for pspec in GObject.list_properties(cls)
                                    if pspec.owner_type == cls.__gtype__}, name)

    def test_functions_of_the_override_have_the_same_parameters(self):
        for name in self.classes:
            for member, forms in self.members(name).items():
                function = inspect.getattr_static(getattr(Aionet, name), member, None)
                if not inspect.isfunction(function) or hasattr(function, '__wrapped__'):
                    continue
                told = set.union(*({argument.arg for argument in form.args.args + form.args.posonlyargs} for form in forms))
                for argument in inspect.signature(function).parameters.values():
                    if argument.kind == argument.POSITIONAL_OR_KEYWORD:
                        self.assertIn(argument.name, told, f'{name}.{member}')

    def test_everything_is_documented(self):
        """Editors show it: every class and every method of C has its documentation."""
        for name, node in self.classes.items():
            self.assertTrue(ast.get_docstring(node), name)
            for member in node.body:
                if isinstance(member, ast.FunctionDef) and not member.name.startswith(('_', 'connect', 'props', 'value_', 'first_value_')) \
                        and not any('setter' in ast.unparse(one) or 'overload' in ast.unparse(one)
                                    for one in member.decorator_list):
                    self.assertTrue(ast.get_docstring(member), f'{name}.{member.name}')


if __name__ == '__main__':
    tap.main()

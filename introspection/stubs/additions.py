# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 The libaionet authors
"""Reads what the override adds to the classes of the typelib, from its annotated source."""
import ast
import copy
import pathlib


def _is_public(name):
    return not name.startswith('_') or (name.startswith('__') and name.endswith('__'))


def _default(node):
    """The default of a parameter, where a stub can say it."""
    return node if isinstance(node, ast.Constant) else ast.Constant(...)


def _signature(function):
    function.args.defaults = [_default(node) for node in function.args.defaults]
    function.args.kw_defaults = [node and _default(node) for node in function.args.kw_defaults]
    return function


def _named(function, name):
    function = copy.copy(function)
    function.name = name
    return function


def _is_generator(function):
    return any(isinstance(node, (ast.Yield, ast.YieldFrom)) for node in ast.walk(function))


class Additions:
    """Classes by name: their documentation, and their functions (several of a name are overloads)."""

    def __init__(self, folder):
        trees = [ast.parse(path.read_text()) for path in sorted(pathlib.Path(folder).glob('_aionet_*.py'))]
        nodes = [node for tree in trees for node in tree.body]
        self._bodies = {node.name: node for node in nodes if isinstance(node, ast.ClassDef)}
        self.classes = {name: node for name, node in self._bodies.items() if self._is_exported(node)}
        self.functions = {node.name: node for node in nodes
                          if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.returns}

    @staticmethod
    def _is_exported(node):
        return any(getattr(decorator, 'id', None) == 'export' for decorator in node.decorator_list)

    def doc(self, name):
        return ast.get_docstring(self.classes[name]) or '' if name in self.classes else ''

    def _mixins(self, node):
        """What a class is mixed with, and those with; the last counts."""
        for base in reversed(node.bases):
            if isinstance(base, ast.Name):
                yield from self._mixins(self._bodies[base.id])
                yield self._bodies[base.id]

    def members(self, name):
        """Functions of a class and of what it is mixed with: name -> overloads."""
        found = {}
        node = self.classes.get(name)
        if node is None:
            return found
        for body in [*self._mixins(node), node]:
            own = {}
            for member in body.body:
                if isinstance(member, (ast.FunctionDef, ast.AsyncFunctionDef)) and _is_public(member.name):
                    own.setdefault(member.name, []).append(member)
                elif isinstance(member, ast.Assign) and isinstance(member.value, ast.Name) and member.value.id in own:
                    own[member.targets[0].id] = [_named(one, member.targets[0].id) for one in own[member.value.id]]
            found.update(own)
        if '__new__' in found:
            found.pop('__init__', None)
        found.pop('__init_subclass__', None)
        return {key: [_signature(one) for one in several if one.returns] for key, several in found.items()}


def decorators(function):
    return [ast.unparse(decorator) for decorator in function.decorator_list]


def keyword(function):
    """`def` or `async def`, as a stub has it: async generators are plain functions there."""
    return 'async def' if isinstance(function, ast.AsyncFunctionDef) and not _is_generator(function) else 'def'

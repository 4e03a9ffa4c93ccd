#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 The libaionet authors
"""make-stubs.py GIR OVERRIDES OUTPUT: writes Aionet.pyi, for editors and type checkers.

What the typelib has is read from the GIR, what the override adds or changes from its source.
"""
import ast
import re
import sys
import textwrap

sys.dont_write_bytecode = True  # beside the source
import additions  # noqa: E402
import gir  # noqa: E402

HEADER = '''\
# Made by make-stubs.py from the GIR and the override: do not edit.
import asyncio
import builtins
import collections.abc
import enum
import ipaddress
from collections.abc import AsyncIterator, Callable, Coroutine, Generator, Iterable, Iterator, Sequence
from typing import Any, Literal, TypeVar, overload

from gi.repository import Gio, GLib, GObject, Json
from typing_extensions import Self

_T = TypeVar('_T')
_ProviderT = TypeVar('_ProviderT', bound='Provider')
# A coroutine that runs already.
_Call = Coroutine[Any, Any, _T]
_Ip = ipaddress.IPv4Address | ipaddress.IPv6Address
_Address = Gio.InetAddress | str | bytes | bytearray | memoryview | _Ip
_Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_Endpoint = Gio.SocketAddress | str | tuple[str | _Ip, int]
_Bytes = GLib.Bytes | bytes | bytearray | memoryview

IP4: Gio.SocketFamily
IP6: Gio.SocketFamily
TCP: Gio.SocketProtocol
UDP: Gio.SocketProtocol
'''
# With an error set there is an exception instead.
NO_RESULT = re.compile(r'(?:,? or|[;:,]) (?:None|False|0|-1) with `?error`? set$')
# What classes that are lists are lists of.
ITEMS = {'Host': 'Interface', 'IpRange': 'Gio.InetAddress', 'Registry': 'PluginInfo', 'RoutePool': 'Route'}
ENUMS_TELL = (('value_name', 'str'), ('value_nick', 'str'))
FLAGS_TELL = (('first_value_name', 'str'), ('first_value_nick', 'str'), ('value_names', 'list[str]'),
              ('value_nicks', 'list[str]'))
# `bytes` is a property where these are.
SHADOWED = {'Message': {'bytes': 'builtins.bytes'}}


def docstring(text, indent):
    if not text:
        return '...'
    text = text.replace('\\', '\\\\').replace('"""', "'''")
    lines = '\n'.join(line.rstrip() for line in text.splitlines())
    if '\n' in lines or len(lines) > 100 or lines.endswith('"'):
        lines += '\n'
    return textwrap.indent(f'"""{lines}"""', ' ' * indent).strip()


class Writer:
    def __init__(self, namespace, added):
        self.namespace, self.added, self.lines = namespace, added, []

    def put(self, text, indent=0):
        self.lines.append(textwrap.indent(text, ' ' * indent))

    def define(self, head, doc, indent):
        body = docstring(doc, indent + 4)
        separator = ' ' if body == '...' else '\n' + ' ' * (indent + 4)
        self.lines.append(' ' * indent + head + separator + body)

    # ------------------------------------------------------------------- functions

    def type(self, name):
        """A type as annotations have it; callbacks are what can be called like them."""
        function = self.namespace.callbacks.get(name)
        if function is None:
            return 'Callable[..., object]' if name.endswith('Callback') else name
        return f'Callable[[{", ".join(parameter.type for parameter in function.parameters)}], object]'

    def parameters(self, function, skip=()):
        """The parameters as PyGObject takes them: only the last ones may be left out."""
        parts, optional = [], True
        for parameter in reversed([one for one in function.parameters if one.name not in skip]):
            optional = optional and parameter.nullable
            parts.insert(0, f'{parameter.name}: {self.type(parameter.type)}{" | None" if parameter.nullable else ""}'
                            f'{" = None" if optional else ""}')
        if function.callback:
            parts.append('*user_data: Any')
        return parts

    def document(self, function, finish=None, doc=''):
        told = [part for part in (doc, function.doc if function.doc != doc else '') if part]
        listed = [f'{one.name}: {" ".join(one.doc.split())}' for one in function.parameters
                  if one.doc and one.name not in ('callback', 'user_data') and not (finish and one.name == 'cancellable')]
        returned = finish or function
        if listed:
            told.append('\n'.join(listed))
        if finish and finish.doc:
            told.append(finish.doc.split('\n\n', 1)[1] if '\n\n' in finish.doc else '')
        if returned.returns_doc:
            told.append('Returns: ' + NO_RESULT.sub('', ' '.join(returned.returns_doc.split())))
        return '\n\n'.join(part for part in told if part)

    def function(self, name, function, indent, owner=''):
        first, mark, returns = [], '', function.returns
        if indent:
            first = ['self']
            if function.kind == 'constructor':
                first, mark, returns = ['cls'], '@classmethod', owner
            elif function.kind == 'function':
                first, mark = [], '@staticmethod'
        if mark:
            self.put(mark, indent)
        parameters = first + self.parameters(function)
        if function.kind == 'virtual-method' and len(parameters) > 1:
            parameters.append('/')
        self.define(f'def {name}({", ".join(parameters)}) -> {returns}:', self.document(function), indent)

    def asynchronous(self, name, function, finish):
        """Two forms: with a callback, and without one to be awaited."""
        before, optional = [], []
        for parameter in function.parameters[:[one.name for one in function.parameters].index('callback')]:
            kind = self.type(parameter.type) + (' | None' if parameter.nullable else '')
            default = '-1' if parameter.name == 'timeout_ms' and parameter.signed else 'None' if parameter.nullable else ''
            before.append(f'{parameter.name}: {kind}')
            optional.append(before[-1] + (f' = {default}' if default else ''))
        self.put('@overload', 4)
        self.define(f'def {name}({", ".join(["self", *optional])}) -> _Call[{finish.returns}]:',
                    self.document(function, finish), 4)
        self.put('@overload', 4)
        self.put(f'def {name}({", ".join(["self", *before])}, callback: Callable[..., object], '
                 '*user_data: Any) -> None: ...', 4)

    # --------------------------------------------------------- what the override has

    def source(self, text, owner):
        for name, full in {'Call[': '_Call[', '_Item': ITEMS.get(owner, 'Any')}.items():
            text = text.replace(name, full)
        return text

    def add(self, function, cls, keywords=()):
        """A function of the override; its documentation goes before that of what it replaces."""
        name = function.name
        for decorator in additions.decorators(function):
            self.put('@' + decorator, 4)
        replaced = cls.functions.get(name)
        if name in cls.properties or 'get_' + name in cls.functions:
            replaced = replaced or cls.functions.get('get_' + name)
        doc = ast.get_docstring(function) or ''
        callback = function.args.vararg is not None and function.args.vararg.arg == 'callback'
        arguments, returns = function.args, self.source(ast.unparse(function.returns), cls.name)
        for old, new in SHADOWED.get(cls.name, {}).items():
            returns = new if returns == old else returns
        if callback:
            arguments.vararg = None
            self.put('@overload', 4)
        signature = ast.unparse(arguments)
        if arguments.kwarg is not None:
            rest = ', '.join(['*', *keywords]) if keywords else ''
            signature = signature.replace(f'**{signature.rpartition("**")[2]}', rest).rstrip(', ')
        signature = self.source(signature, cls.name)
        finish = cls.functions.get(name[:-len('async')] + 'finish') if callback else None
        text = self.document(replaced, finish, gir.prose(doc)) if replaced is not None else doc
        self.define(f'{additions.keyword(function)} {name}({signature}) -> {returns}:', text, 4)
        if callback:
            arguments.defaults = []
            self.put('@overload', 4)
            self.put(f'def {name}({self.source(ast.unparse(arguments), cls.name)}, callback: Callable[..., object], '
                     '*user_data: Any) -> None: ...', 4)

    # --------------------------------------------------------------------- classes

    def ancestors(self, cls):
        while cls is not None:
            yield cls
            cls = self.namespace.classes.get(cls.parent)

    def keywords(self, cls, without=()):
        return [f'{one.name}: {one.type} = ...' for ancestor in self.ancestors(cls)
                for one in ancestor.properties.values() if one.writable and one.name not in without]

    def attributes(self, cls, taken):
        """Every plain getter, and every property, is an attribute, as the override makes them."""
        getters = {name[len('get_'):]: function for name, function in cls.functions.items()
                   if name.startswith('get_') and function.kind == 'method' and not function.throws
                   and not function.parameters}
        for name in dict.fromkeys([*getters, *cls.properties]):
            if name in taken:
                continue
            function, told = cls.functions.get('get_' + name), cls.properties.get(name)
            kind = function.returns if function else told.type
            doc = function.doc if function else told.doc
            self.put('@property', 4)
            self.define(f'def {name}(self) -> {kind}:', doc, 4)
            setter = cls.functions.get('set_' + name)
            if setter or (told and told.writable and not told.construct_only):
                value = setter.parameters[0] if setter else None
                kind = value.type + (' | None' if value.nullable else '') if value else kind
                self.put(f'@{name}.setter', 4)
                self.put(f'def {name}(self, value: {kind}) -> None: ...', 4)

    def props(self, cls):
        if not cls.properties:
            return
        parent = f'({cls.parent}.Props)' if cls.parent in self.namespace.classes else ''
        self.put(f'class Props{parent}:', 4)
        for one in cls.properties.values():
            if one.writable and not one.construct_only:
                self.put(f'{one.name}: {one.type}', 8)
            else:
                self.put(f'@property\ndef {one.name}(self) -> {one.type}: ...', 8)
        self.put('@property\ndef props(self) -> Props: ...', 4)

    def signals(self, cls):
        """connect () knows the signals by name, and what their handlers get."""
        if not cls.signals:
            return
        seen = {name: function for ancestor in self.ancestors(cls) for name, function in ancestor.signals.items()}
        for name, function in seen.items():
            kinds = ['Self', *(one.type + (' | None' if one.nullable or one.type == 'GLib.Error' else '')
                               for one in function.parameters)]
            self.put('@overload', 4)
            self.define(f"def connect(self, detailed_signal: Literal['{name}'], "
                        f'handler: Callable[[{", ".join(kinds)}], object]) -> int:', function.doc, 4)
        self.put('@overload', 4)
        self.put('def connect(self, detailed_signal: str, handler: Callable[..., object], *args: Any) -> int: ...', 4)

    def klass(self, cls):
        own = self.added.members(cls.name)
        bases = [cls.parent or 'GObject.GBoxed'] + ([f'Gio.ListModel[{ITEMS[cls.name]}]'] if cls.name in ITEMS else [])
        self.put(f'\nclass {cls.name}({", ".join(bases)}):')
        self.put(docstring('\n\n'.join(filter(None, (self.added.doc(cls.name), cls.doc))), 0), 4)
        self.props(cls)
        if not {'__init__', '__new__'} & set(own) and self.keywords(cls):
            self.put(f'def __init__(self, *, {", ".join(self.keywords(cls))}) -> None: ...', 4)
        for functions in own.values():
            for function in functions:
                named = [argument.arg for argument in function.args.args]
                self.add(function, cls, self.keywords(cls, named))
        taken = {*own, *cls.functions, *(name for ancestor in list(self.ancestors(cls))[1:] for name in ancestor.functions)}
        for name, function in cls.functions.items():
            if name in own:
                continue
            finish = cls.functions.get(name[:-len('async')] + 'finish') if name.endswith('_async') else None
            if finish is not None:
                self.asynchronous(name, function, finish)
            else:
                self.function(name, function, 4, cls.name)
        self.attributes(cls, taken)
        self.signals(cls)

    def enum(self, name, is_flags, doc, members, functions):
        self.put(f'\nclass {name}(enum.{"IntFlag" if is_flags else "IntEnum"}):')
        self.put(docstring(doc, 0), 4)
        for member, value, told in members:
            self.put(f'{member} = {value}', 4)
            if told:
                self.put(docstring(told, 0), 4)
        for attribute, kind in FLAGS_TELL if is_flags else ENUMS_TELL:
            self.put(f'@property\ndef {attribute}(self) -> {kind}: ...', 4)
        for key, function in functions.items():
            self.function(key, function, 4)
        for function in self.added.functions.values():
            if function.args.args and ast.unparse(function.args.args[0].annotation or ast.Constant('')) == name:
                function.args.args[0].annotation = None
                self.define(f'def {function.name[1:]}({ast.unparse(function.args)}) -> {ast.unparse(function.returns)}:',
                            ast.get_docstring(function), 4)

    def everything(self):
        self.lines = [HEADER]
        for name, kind in self.namespace.constants.items():
            self.put(f'{name}: {kind}')
        for name, of in self.namespace.enums.items():
            self.enum(name, *of)
        for cls in self.in_order():
            self.klass(cls)
        self.put('')
        for name, function in self.namespace.functions.items():
            self.function(name, function, 0)
        function = self.added.functions['list_interfaces']
        self.define(f'async def list_interfaces({ast.unparse(function.args)}) -> {ast.unparse(function.returns)}:',
                    ast.get_docstring(function), 0)
        return '\n'.join(self.lines) + '\n'

    def in_order(self):
        """Parents come before their children."""
        return sorted(self.namespace.classes.values(), key=lambda cls: (len(list(self.ancestors(cls))), cls.name))


def main(gir_path, overrides, output):
    writer = Writer(gir.Namespace(gir_path), additions.Additions(overrides))
    text = writer.everything()
    ast.parse(text)
    with open(output, 'w', encoding='utf-8') as file:
        file.write(text)


main(*sys.argv[1:])

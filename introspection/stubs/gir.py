# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 The libaionet authors
"""Reads what Python sees of a GIR file: its names, their types and what they are for."""
import dataclasses
import keyword
import re
import xml.etree.ElementTree as ET

CORE = '{http://www.gtk.org/introspection/core/1.0}'
C = '{http://www.gtk.org/introspection/c/1.0}'
GLIB = '{http://www.gtk.org/introspection/glib/1.0}'
BASIC = {'utf8': 'str', 'filename': 'str', 'gboolean': 'bool', 'none': 'None', 'gpointer': 'object',
         'gdouble': 'float', 'gfloat': 'float',
         **{f'g{kind}{size}': 'int' for kind in ('int', 'uint') for size in ('', 8, 16, 32, 64)},
         **dict.fromkeys(('gsize', 'gssize', 'glong', 'gulong', 'gunichar'), 'int')}
ITEMS = re.compile(r'list of \[class@(\w+)\]')


# None before a pipe is open, a route is bound, an interface is loaded; in messages made by hand. Who
# knows better need not check: what is there is one or the other for type checkers, too.
SELDOM_NONE = {'aionet_interface_get_name', 'aionet_message_get_sender', 'aionet_pipe_get_local_address',
               'aionet_pipe_get_remote_address', 'aionet_route_get_local_address'}


def prose(text):
    """GIR documentation as Python programmers read it."""
    text = re.sub(r'\[(?:method|ctor|func|vfunc)@([\w.]+)\]', r'`\1()`', text or '')
    text = re.sub(r'\[(?:signal|property)@(\w+)::?([\w-]+)\]', r'`\1:\2`', text)
    text = re.sub(r'\[\w+@([\w.]+)\]', r'`\1`', text)
    text = re.sub(r'%(TRUE|FALSE|NULL)\b|(?<!\w)(TRUE|FALSE|NULL)\b',
                  lambda found: {'TRUE': 'True', 'FALSE': 'False', 'NULL': 'None'}[found[1] or found[2]], text)
    text = re.sub(r'%?\bAIONET_ERROR_(\w+)', r'Aionet.Error.\1', text)
    text = re.sub(r'%?\bG_IO_ERROR_(\w+)', r'Gio.IOErrorEnum.\1', text)
    return re.sub(r'(?<![\w.])[@%#](?=\w)', '', text).strip()


@dataclasses.dataclass
class Parameter:
    name: str
    type: str
    nullable: bool
    doc: str
    signed: bool = False


@dataclasses.dataclass
class Function:
    name: str
    kind: str  # method, constructor, function, virtual-method
    parameters: list
    callback: bool
    returns: str
    throws: bool
    doc: str
    returns_doc: str


@dataclasses.dataclass
class Property:
    name: str
    type: str
    writable: bool
    construct_only: bool
    doc: str


@dataclasses.dataclass
class Class:
    name: str
    parent: str
    doc: str
    functions: dict
    properties: dict
    signals: dict


def _doc(node):
    return node.findtext(CORE + 'doc') or ''


def type_of(node, is_input):
    """The Python type of a parameter, a return value or a property."""
    array = node.find(CORE + 'array')
    if array is not None:
        item = type_of(array, is_input)
        if array.find(CORE + 'type').get('name') == 'guint8':
            return 'bytes'
        return f'Sequence[{item}]' if is_input else f'list[{item}]'
    name = node.find(CORE + 'type').get('name')
    if name == 'GType':
        return 'type[GObject.Object]' if is_input else 'GObject.GType'
    if name == 'Gio.ListModel':
        items = ITEMS.search(_doc(node))
        return f'Gio.ListModel[{items[1] if items else "Any"}]'
    if name == 'Gio.SocketAddress' and not is_input:
        return 'Gio.InetSocketAddress'  # there are no others here
    return BASIC.get(name, name)


def _parameter(node, is_input=True):
    name = node.get('name')
    kind = node.find(CORE + 'type')
    return Parameter(name + '_' if keyword.iskeyword(name) else name, type_of(node, is_input),
                     node.get('nullable') == '1', prose(_doc(node)), kind is not None and kind.get('name') == 'gint')


def _function(node):
    parameters = node.findall(f'{CORE}parameters/{CORE}parameter')
    skipped = {parameter.find(CORE + 'array').get('length') for parameter in [*parameters, node.find(CORE + 'return-value')]
               if parameter.find(CORE + 'array') is not None}
    skipped |= {parameter.get(role) for parameter in parameters for role in ('closure', 'destroy')}
    seen = [parameter for at, parameter in enumerate(parameters) if str(at) not in skipped]
    returned = node.find(CORE + 'return-value')
    returns = type_of(returned, False)
    # With an error set there is an exception instead of NULL.
    if returned.get('nullable') == '1' and node.get('throws') != '1':
        returns += ' | Any' if node.get(C + 'identifier') in SELDOM_NONE else ' | None'
    outs = [type_of(parameter, False) for parameter in seen if parameter.get('direction') == 'out']
    if outs:
        outs = outs if returns == 'None' else [returns, *outs]
        returns = f'tuple[{", ".join(outs)}]' if len(outs) > 1 else outs[0]
    return Function(node.get('name'), node.tag.replace(CORE, ''),
                    [_parameter(parameter, node.tag in (CORE + 'method', CORE + 'constructor', CORE + 'function'))
                     for parameter in seen if parameter.get('direction') != 'out'],
                    any(parameter.get('scope') is not None for parameter in seen), returns,
                    node.get('throws') == '1', prose(_doc(node)), prose(_doc(returned)))


def _class(node):
    functions, virtual = {}, {}
    for child in node:
        kind = child.tag.replace(CORE, '')
        if child.get('introspectable') == '0' or kind not in ('method', 'constructor', 'function', 'virtual-method'):
            continue
        (virtual if kind == 'virtual-method' else functions)[child.get('name')] = _function(child)
    properties = {}
    for child in node.findall(CORE + 'property'):
        name = child.get('name').replace('-', '_')
        getter = functions.get('get_' + name)
        kind = getter.returns if getter else type_of(child, False)
        if getter is None and (kind == 'str' or '.' in kind):
            kind += ' | None'
        properties[name] = Property(name, kind, child.get('writable') == '1', child.get('construct-only') == '1',
                                    prose(_doc(child)))
    signals = {child.get('name'): _function(child) for child in node.findall(GLIB + 'signal')}
    functions.update({'do_' + name: function for name, function in virtual.items()})
    return Class(node.get('name'), node.get('parent'), prose(_doc(node)), functions, properties, signals)


class Namespace:
    """Everything of a GIR file that Python sees."""

    def __init__(self, path):
        root = ET.parse(path).getroot().find(CORE + 'namespace')
        seen = [node for node in root if node.get('introspectable') != '0']
        self.constants = {node.get('name'): type_of(node, False) for node in seen if node.tag == CORE + 'constant'}
        self.functions = {node.get('name'): _function(node) for node in seen if node.tag == CORE + 'function'}
        self.moved = {node.get('name'): node.get('moved-to') for node in seen if node.get('moved-to')}
        self.callbacks = {node.get('name'): _function(node) for node in seen if node.tag == CORE + 'callback'}
        self.enums, self.classes = {}, {}
        for node in seen:
            if node.tag in (CORE + 'enumeration', CORE + 'bitfield'):
                members = [(member.get('name').upper(), int(member.get('value')), prose(_doc(member)))
                           for member in node.findall(CORE + 'member')]
                functions = {child.get('name'): _function(child) for child in node.findall(CORE + 'function')}
                self.enums[node.get('name')] = node.tag == CORE + 'bitfield', prose(_doc(node)), members, functions
            elif node.tag == CORE + 'class' or (node.tag == CORE + 'record' and not node.get(GLIB + 'is-gtype-struct-for')):
                self.classes[node.get('name')] = _class(node)

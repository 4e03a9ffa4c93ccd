# SPDX-License-Identifier: LGPL-2.1-or-later
"""What programs are built against: the library's ABI as abidw tells it, and the API that bindings
see, a line for each thing of the GIR."""
import pathlib
import re
import subprocess
import tempfile
import xml.etree.ElementTree as ET

HERE = pathlib.Path(__file__).resolve().parent
SUPPRESSIONS = HERE / 'aionet.suppr'
VERSION = re.compile(r'(MAJOR|MINOR|MICRO)_VERSION|VERSION_\w+')
CORE = '{http://www.gtk.org/introspection/core/1.0}'
GLIB = '{http://www.gtk.org/introspection/glib/1.0}'
CALLS = {CORE + 'constructor', CORE + 'method', CORE + 'function', CORE + 'virtual-method', CORE + 'callback',
         GLIB + 'signal'}
TYPES = {CORE + name for name in ('class', 'interface', 'record', 'enumeration', 'bitfield')}


def dump(library, headers, out):
    """Writes the ABI that the public headers in the directory promise, with no path of this machine."""
    subprocess.run(['abidw', '--headers-dir', headers, '--suppressions', SUPPRESSIONS, '--drop-private-types',
                    '--drop-undefined-syms', '--exported-interfaces-only', '--no-corpus-path', '--no-comp-dir-path',
                    '--short-locs', '--no-elf-needed', '--no-write-default-sizes', '--type-id-style', 'hash',
                    '--out-file', out, library], check=True)
    text = pathlib.Path(out).read_text()
    text = re.sub(r"(path=')[^']*/", r'\1', text)
    # Types need their place, or they count as private ones; functions do not.
    text = re.sub(r"(<(?:function-decl|parameter) [^>]*?) filepath='[^']*' line='\d+' column='\d+'", r'\1', text)
    pathlib.Path(out).write_text(text)


def compare(baseline, library, headers):
    """What abidiff finds wrong, '' if nothing; what is new is not wrong."""
    with tempfile.TemporaryDirectory() as work:
        # Told which headers are public, abidiff passes over changes of all that they take from elsewhere,
        # be it another integer: so what is private is left out before.
        now = pathlib.Path(work) / 'now.abi'
        dump(library, headers, now)
        ended = subprocess.run(['abidiff', '--no-added-syms', '--suppressions', SUPPRESSIONS, baseline, now],
                               capture_output=True, text=True, check=False)
    # Bit 0 is an error of the tool, bit 1 of its usage, bit 2 a change, bit 3 an incompatible one.
    return ended.stdout + ended.stderr if ended.returncode else ''


def _type(element):
    """The type of a parameter, property or member, as Namespace.Name."""
    for kind in ('array', 'type'):
        found = element.find(CORE + kind)
        if found is not None and kind == 'array':
            return f'array<{_type(found)}>'
        if found is not None:
            inner = ', '.join(child.get('name', '?') for child in found.findall(CORE + 'type'))
            return found.get('name', '?') + (f'<{inner}>' if inner else '')
    return '...'


def _value(element):
    words = [element.get('direction', ''), element.get('transfer-ownership', '')]
    mark = '?' if element.get('nullable') == '1' or element.get('allow-none') == '1' else ''
    return ' '.join(word for word in words if word not in ('', 'in', 'none')) + f' {_type(element)}{mark}'


def _call(element):
    parameters = element.find(CORE + 'parameters')
    values = [] if parameters is None else [_value(each).strip() for each in parameters.findall(CORE + 'parameter')]
    throws = ' throws' if element.get('throws') == '1' else ''
    returned = element.find(CORE + 'return-value')
    return f'({", ".join(values)}) -> {_value(returned).strip()}{throws}'


def _lines(element, scope):
    kind, name = element.tag.split('}')[1], element.get('name')
    if element.get('introspectable') == '0' or name is None or VERSION.fullmatch(name):
        return
    path = f'{scope}.{name}'
    if element.tag in CALLS:
        yield f'{kind} {path} {_call(element)}'
    elif element.tag == CORE + 'property':
        how = [word for word in ('readable', 'writable', 'construct', 'construct-only')
               if element.get(word, '1' if word == 'readable' else '0') == '1']
        yield f'property {path}: {_type(element)} [{" ".join(how)}]'
    elif element.tag == CORE + 'member' or element.tag == CORE + 'constant':
        yield f'{kind} {path} = {element.get("value")}'
    elif element.tag in TYPES and element.get(GLIB + 'is-gtype-struct-for') is None:
        yield f'{kind} {path}' + (f' : {element.get("parent")}' if element.get('parent') else '')
        for child in element:
            yield from _lines(child, path)


def api(gir):
    """Sorted lines; one that is missing later, or another, breaks somebody's program."""
    namespace = ET.parse(gir).getroot().find(CORE + 'namespace')
    return sorted(line for child in namespace for line in _lines(child, namespace.get('name')))

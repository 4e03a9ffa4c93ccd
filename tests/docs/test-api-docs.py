# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 The libaionet authors
"""What a user needs to know of every public symbol is in the GIR: test-api-docs.py GIR."""
import re
import sys
import unittest
import xml.etree.ElementTree as ElementTree

import tap

CORE = '{http://www.gtk.org/introspection/core/1.0}'
GLIB = '{http://www.gtk.org/introspection/glib/1.0}'
CALLABLES = {'constructor', 'function', 'method', 'virtual-method', 'glib:signal', 'callback', 'function-macro'}
# Members of a type that are documented one by one.
PARTS = CALLABLES | {'property', 'member', 'field', 'constant'}

# Made by a provider's base class, or seen only inside the classes that are named.
WITHOUT_EXAMPLE = {
    'Gateway': 'Link', 'Provider': 'AddressBackend', 'Request': 'AddressBackend', 'StunRequest': 'StunProvider',
    'Mapping': 'StunProvider', 'PluginInfo': 'Registry', 'Message': 'Pipe',
}


def tag_of(element):
    return element.tag.replace(CORE, '').replace(GLIB, 'glib:')


def text_of(element):
    doc = element.find(CORE + 'doc') if element is not None else None
    return '' if doc is None else re.sub(r'\s+', ' ', doc.text or '').strip()


class Symbol:
    def __init__(self, element, owner=None):
        self.element, self.owner, self.kind = element, owner, tag_of(element)
        self.name = f'{owner.name}.{element.get("name")}' if owner else element.get('name')
        self.text = text_of(element)
        self.is_callable = self.kind in CALLABLES

    def parameters(self):
        return self.element.findall(f'{CORE}parameters/{CORE}parameter')

    def returned(self):
        """The documented value that a call has, if it has one."""
        value = self.element.find(CORE + 'return-value')
        kind = None if value is None else value.find(CORE + 'type')
        return None if kind is not None and kind.get('name') == 'none' else value

    def all_text(self):
        parts = [text_of(part) for part in self.parameters()] + [text_of(self.returned())]
        return ' '.join([self.text, *parts])


def is_inside(element):
    """Not for programs: private members, the structs of final classes, a parent's part of an instance."""
    return (element.get('private') == '1' or element.get('introspectable') == '0' and element.tag == CORE + 'virtual-method'
            or element.get('name') in {'parent_instance', 'parent_class', 'padding'}
            or element.find(CORE + 'callback') is not None)


def read(path):
    for element in ElementTree.parse(path).getroot().find(CORE + 'namespace'):
        is_class_struct = element.get(GLIB + 'is-gtype-struct-for')
        if is_class_struct and not text_of(element):
            continue
        top = Symbol(element)
        yield top
        if not top.is_callable:
            for part in element:
                if tag_of(part) in PARTS and not is_inside(part):
                    yield Symbol(part, top)


SYMBOLS = list(read(sys.argv[1]))
BY_NAME = {(symbol.kind, symbol.name): symbol for symbol in SYMBOLS}


class EverySymbol(unittest.TestCase):
    def assert_none(self, faults):
        faults = list(faults)
        self.assertEqual(faults, [], f'{len(faults)} of them')

    def test_there_are_many(self):
        counts = {kind: sum(symbol.kind == kind for symbol in SYMBOLS) for kind in PARTS | {'class'}}
        for kind, least in {'class': 20, 'method': 200, 'property': 100, 'glib:signal': 8, 'member': 50,
                            'virtual-method': 6, 'function-macro': 2, 'constant': 4}.items():
            self.assertGreaterEqual(counts.get(kind, 0), least, kind)

    def test_says_what_it_is(self):
        self.assert_none(f'{symbol.kind} {symbol.name}' for symbol in SYMBOLS if len(symbol.text.split()) < 2)

    def test_says_since_when(self):
        """A member or field came with its type unless it says otherwise."""
        self.assert_none(f'{symbol.kind} {symbol.name}' for symbol in SYMBOLS
                         if symbol.kind not in {'member', 'field'} and not symbol.element.get('version'))

    def test_says_what_goes_in_and_comes_out(self):
        for symbol in SYMBOLS:
            with self.subTest(symbol.name):
                self.assert_none(part.get('name') for part in symbol.parameters() if not text_of(part))
                if symbol.returned() is not None:
                    self.assertNotEqual(text_of(symbol.returned()), '', 'what it returns')

    def test_says_which_errors(self):
        """Of a pair of functions the second has them."""
        self.assert_none(symbol.name for symbol in SYMBOLS
                         if symbol.element.get('throws') == '1' and not re.search('Errors: |ERROR', symbol.text))

    def test_says_where_callbacks_run(self):
        def is_told(symbol):
            return 'main context' in symbol.all_text()

        self.assert_none(symbol.name for symbol in SYMBOLS
                         if symbol.is_callable and symbol.name.endswith('_async') and not is_told(symbol))
        self.assert_none(symbol.name for symbol in SYMBOLS
                         if symbol.kind == 'glib:signal' and not is_told(symbol) and not is_told(symbol.owner))

    def test_says_units(self):
        """Where a name has a unit, or stands for something that has one. A getter may point at its property."""
        rules = [(r'(^|[-_])(timeout|ms)([-_]ms)?$', 'millisecond'), (r'[-_]us$', 'microsecond'),
                 (r'(^|[-_])port$', 'host (byte )?order')]
        faults = []
        for symbol in SYMBOLS:
            named = [(part.get('name'), text_of(part)) for part in symbol.parameters()]
            if symbol.kind == 'property':
                named.append((symbol.element.get('name'), symbol.text))
            if symbol.kind in {'method', 'function'} and symbol.returned() is not None:
                named.append((symbol.element.get('name'), symbol.all_text()))
            for name, text in named:
                faults += [f'{symbol.name}: {name}: {unit}' for pattern, unit in rules
                           if re.search(pattern, name or '') and not re.search(unit + r'|value of \[property@', text)]
        self.assert_none(faults)

    def test_links_instead_of_naming(self):
        """`[method@Pipe.send]` becomes a link; `aionet_pipe_send()` and `#AionetPipe` stay words."""
        self.assert_none(symbol.name for symbol in SYMBOLS
                         if re.search(r'\baionet_\w+ ?\(\)|#Aionet|#G[A-Z]', re.sub('```.*?```', '', symbol.all_text())))

    def test_is_for_strangers(self):
        """No numbers of cases and promises that only the authors know."""
        self.assert_none(symbol.name for symbol in SYMBOLS if re.search(r'\b[A-Z]-?\d\d\b', symbol.all_text()))

    def test_classes_show_how(self):
        for symbol in SYMBOLS:
            if symbol.kind != 'class':
                continue
            shown = WITHOUT_EXAMPLE.get(symbol.name)
            with self.subTest(symbol.name):
                if shown:
                    self.assertIn('```', BY_NAME['class', shown].text, f'the example is said to be with {shown}')
                else:
                    self.assertIn('```', symbol.text, 'an example')


if __name__ == '__main__':
    tap.main()

# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 The libaionet authors
"""What all parts of the override share: how classes are prepared, and what arguments may be."""
from __future__ import annotations

import collections.abc
import ipaddress
from typing import Iterator, Sequence, overload

from gi.repository import Gio, GLib, GObject

from .._gi import Direction
from ..module import get_introspection_module
from ..overrides import override
from ._aionet_bridge import bind_to_context, make_awaitable

Aionet = get_introspection_module('Aionet')
exported = {}


def export(cls):
    """Puts a class of the override in the place of that of the typelib."""
    cls.__module__ = 'gi.overrides.Aionet'  # that is how PyGObject knows what is overridden
    cls.__qualname__ = cls.__name__
    exported[cls.__name__] = override(cls)
    return cls


def _is_plain_getter(call):
    return (call.is_method() and not call.can_throw_gerror()
            and all(argument.get_direction() == Direction.OUT for argument in call.get_arguments()))


def _attribute(cls, name, pspec):
    """The attribute `name`, by what the class has for it: methods, or a property of GObject."""
    getter, setter = 'get_' + name, 'set_' + name
    fset = None
    if getter in vars(cls):
        doc = f'What {getter} () tells.'

        def fget(self):
            return getattr(self, getter)()
    else:
        doc = f'The property {pspec.name}.'

        def fget(self):
            return self.get_property(name)

    if setter in vars(cls):
        def fset(self, value):
            getattr(self, setter)(value)
    elif (pspec is not None and pspec.flags & GObject.ParamFlags.WRITABLE
          and not pspec.flags & GObject.ParamFlags.CONSTRUCT_ONLY):
        def fset(self, value):
            self.set_property(name, value)
    return property(fget, fset, doc=doc)


def _add_attributes(cls):
    """What get_x () tells, and the property x, is the attribute x, unless a method has that name."""
    pspecs = {}
    if issubclass(cls, GObject.Object):
        pspecs = {pspec.name.replace('-', '_'): pspec for pspec in GObject.list_properties(cls)
                  if pspec.owner_type == cls.__gtype__}
    getters = [name[len('get_'):] for name, call in vars(cls).items()
               if name.startswith('get_') and hasattr(call, 'is_method') and _is_plain_getter(call)]
    for name in dict.fromkeys([*getters, *pspecs]):
        if not hasattr(cls, name):
            setattr(cls, name, _attribute(cls, name, pspecs.get(name)))


def prepare(cls, bound=False):
    """Makes a class of the typelib awaitable and gives it attributes; once, before it is overridden.

    Objects of a bound class belong to a main context, and are used from its thread only.
    """
    _add_attributes(cls)
    if bound:
        bind_to_context(cls)
    make_awaitable(cls)
    return cls


# ---------------------------------------------------------------------------- arguments


def as_address(value):
    """A Gio.InetAddress of one, of text, of bytes or of the ipaddress module's kind."""
    if isinstance(value, Gio.InetAddress):
        return value
    if isinstance(value, (bytes, bytearray, memoryview)):
        value = ipaddress.ip_address(bytes(value))
    try:
        return Gio.InetAddress.new_from_string(str(value))
    except TypeError:
        raise ValueError(f'{value!r} is not an IP address') from None


def as_endpoint(value):
    """A Gio.SocketAddress of one, of 'address:port', or of a tuple of address and port; None stays."""
    if value is None or isinstance(value, Gio.SocketAddress):
        return value
    if isinstance(value, str):
        target = Aionet.Target.new_from_string(value, 0)
        if target.get_address() is None:
            raise ValueError(f'{value!r} is a name, not an address with a port')
        scope = target.get_scope_name()
        value = target.get_hostname() + (f'%{scope}' if scope else ''), target.get_port()
    if isinstance(value, tuple) and len(value) >= 2:
        try:
            return Gio.InetSocketAddress.new_from_string(str(value[0]), value[1])
        except TypeError:
            pass
    raise ValueError(f'{value!r} is not an address with a port')


def as_bytes(data):
    """GLib.Bytes of whatever has bytes; text has none before it is encoded."""
    return data if isinstance(data, GLib.Bytes) else GLib.Bytes.new(bytes(memoryview(data)))


def as_model(items, cls, convert=lambda item: item):
    """A Gio.ListModel of one, or of whatever can be iterated; None stays."""
    if items is None or isinstance(items, Gio.ListModel):
        return items
    model = Gio.ListStore.new(cls)
    for item in items:
        model.append(convert(item))
    return model


def packed(address):
    return b'' if address is None else ipaddress.ip_address(address.to_string()).packed


# ------------------------------------------------------------------- order and sequences


class Ordered:
    """All comparisons, from __lt__ and __eq__ of the class. GObject has some of its own, by address."""

    def __le__(self, other: Self) -> bool:
        less = self.__lt__(other)
        return less if less is NotImplemented else less or self == other

    def __gt__(self, other: Self) -> bool:
        less = self.__lt__(other)
        return less if less is NotImplemented else not less and self != other

    def __ge__(self, other: Self) -> bool:
        less = self.__lt__(other)
        return less if less is NotImplemented else not less


def _same(one, other):
    if isinstance(one, Gio.InetAddress) and isinstance(other, Gio.InetAddress):
        return one.equal(other)
    return one == other


class Slice(collections.abc.Sequence):
    """Some items of a sequence, by index; none is made before it is asked for."""

    __slots__ = ('_at', '_position', '_indexes')

    def __init__(self, at, position, indexes):
        self._at, self._position, self._indexes = at, position, indexes

    def __len__(self):
        return len(self._indexes)

    def __bool__(self):
        return bool(self._indexes)

    def __getitem__(self, key):
        if isinstance(key, slice):
            return Slice(self._at, self._position, self._indexes[key])
        return self._at(self._indexes[key])

    def __iter__(self):
        return map(self._at, self._indexes)

    def __reversed__(self):
        return map(self._at, reversed(self._indexes))

    def __contains__(self, value):
        return self._position(value) in self._indexes

    def index(self, value):  # pylint: disable=arguments-differ
        return self._indexes.index(self._position(value))

    def count(self, value):
        return int(value in self)

    def __eq__(self, other):
        if isinstance(other, Slice) and self._indexes == other._indexes and self._at == other._at:
            return True
        if not isinstance(other, collections.abc.Sequence) or isinstance(other, (str, bytes)):
            return NotImplemented
        return len(self) == len(other) and all(map(_same, self, other))

    __hash__ = None

    def __repr__(self):
        shown = [str(item) if isinstance(item, GObject.Object) and not isinstance(item, Gio.InetAddress)
                 else item.to_string() for item in self[:3]]
        return f'[{", ".join(shown)}{", …" if self._indexes[3:] else ""}]'


class Indexed:
    """A sequence by _at_exactly () and _position (), of n_addresses items; maybe more than len () can tell."""

    def __len__(self) -> int:
        count = self.n_addresses
        if count >= 2**63:
            raise OverflowError(f'{self} has {count} addresses, more than len () can tell: see n_addresses')
        return count

    def _at(self, index):
        count = self.n_addresses
        if not -count <= index < count:
            raise IndexError(f'{index} is out of the {count} addresses of {self}')
        return self._at_exactly(index % count)

    @overload
    def __getitem__(self, key: int) -> _Item:
        """The item at an index."""

    @overload
    def __getitem__(self, key: slice) -> Sequence[_Item]:
        """Some items, lazily: none is made before it is asked for."""

    @overload
    def __getitem__(self, key: tuple[int, ...]) -> list[_Item]:
        """The items at several indexes."""

    def __getitem__(self, key):
        """The item at an index; a slice looks lazily at some; a tuple of indexes gives a list."""
        if isinstance(key, slice):
            return Slice(self._at_exactly, self._position, range(*key.indices(self.n_addresses)))
        if isinstance(key, tuple):
            return [self._at(index) for index in key]
        return self._at(key)

    def __iter__(self) -> Iterator[_Item]:
        return map(self._at_exactly, range(self.n_addresses))

    def __reversed__(self) -> Iterator[_Item]:
        return map(self._at_exactly, reversed(range(self.n_addresses)))

    def index(self, value: _Item | _Address) -> int:
        """The index of an item; ValueError if it is not there."""
        at = self._position(value)
        if at is None:
            raise ValueError(f'{value} is not in {self}')
        return at

    def count(self, value: _Item | _Address) -> int:
        """1 if it is there, or 0."""
        return int(self._position(value) is not None)

# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 The libaionet authors
"""Hosts, interfaces, and the routes of their pools."""
from __future__ import annotations

import collections.abc
import json
from typing import Any, Generator, Iterable, Iterator, overload

from gi.repository import Gio

from ._aionet_common import Aionet, Indexed, Ordered, as_address, as_model, export, packed, prepare
from ._aionet_values import IpRange

IP4 = Gio.SocketFamily.IPV4
IP6 = Gio.SocketFamily.IPV6


def _as_range(value):
    return value if isinstance(value, Aionet.IpRange) else IpRange(value)


def _count_exactly(route):
    """External addresses of a route that stands for a whole group."""
    return sum(ext_range.n_addresses for ext_range in route.get_ext_ranges())


@export
class Route(Ordered, prepare(Aionet.Route)):
    """How local addresses relate to external ones; immutable.

    Interfaces make routes, see Interface.route() and Interface.rp. By hand it is
    Route(IP4, ['192.168.0.20'], ['1.3.3.7']). bind() gives a copy for pipes and sockets.

    It equals another route, and also its external address as text or bytes. Only those that are
    equal as routes hash equally.
    """

    def __new__(cls, family: Gio.SocketFamily, nic_ranges: Iterable[IpRange | str],
                ext_ranges: Iterable[IpRange | str], interface: Interface | None = None) -> Route:
        return cls.new(family, as_model(nic_ranges, Aionet.IpRange, _as_range),
                       as_model(ext_ranges, Aionet.IpRange, _as_range), interface)

    def __init__(self, *_args, **_kwargs):
        pass

    @property
    def n_addresses(self) -> int:
        """Number of external addresses; exact, where C saturates at 2^64 - 1."""
        count = self.get_n_addresses()
        return count if count < 2**64 - 1 else _count_exactly(self)

    def bind(self, port: int = 0) -> Route:
        """A copy bound to its address; port 0 is any."""
        return super().bind(port)

    def bind_to(self, address: _Address, port: int = 0) -> Route:
        """A copy bound to an address that is given: '127.0.0.1', '::1', '*'."""
        return super().bind_to(address.to_string() if isinstance(address, Gio.InetAddress) else str(address), port)

    def bind_towards(self, destination: _Address, port: int = 0) -> Route:
        """A copy bound to the address from which to reach another."""
        return super().bind_towards(as_address(destination), port)

    def has_ext_address(self, address: _Address) -> bool:
        """Whether an address is one of the external ones."""
        return super().has_ext_address(as_address(address))

    def has_nic_address(self, address: _Address) -> bool:
        """Whether an address is one of the local ones."""
        return super().has_nic_address(as_address(address))

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Aionet.Route):
            return self.equal(other)
        if isinstance(other, (str, bytes, bytearray, memoryview, Gio.InetAddress)):
            try:
                return self.has_ext_address(other)
            except ValueError:
                return False
        return NotImplemented

    def __hash__(self) -> int:
        return self.hash()

    def _key(self):
        return int(self.get_family()), list(self.get_ext_ranges()), list(self.get_nic_ranges())

    def __lt__(self, other: Route) -> bool:
        return self._key() < other._key() if isinstance(other, Route) else NotImplemented

    def __len__(self) -> int:
        return self.n_addresses

    def __bool__(self) -> bool:
        return True

    def __bytes__(self) -> bytes:
        return packed(self.get_ext_address())

    def __str__(self) -> str:
        return self.to_string()

    def __repr__(self) -> str:
        return f'<Aionet.Route {self.to_string()}>'


@export
class RoutePool(Indexed, prepare(Aionet.RoutePool)):
    """All routes of one family: a sequence of routes, each to one single external address.

    Slices are lazy. A pool with more addresses than len() can tell has n_addresses. `in`, index() and
    find() take routes, or external addresses in any form.
    """

    def __new__(cls, family: Gio.SocketFamily, routes: Iterable[Route] = ()) -> RoutePool:
        return cls.new(family, as_model(routes, Aionet.Route))

    def __init__(self, *_args, **_kwargs):
        pass

    @property
    def n_addresses(self) -> int:
        """Number of external addresses; exact, where C saturates at 2^64 - 1."""
        count = self.get_n_addresses()
        if count < 2**64 - 1:
            return count
        return sum(map(_count_exactly, self.get_groups()))

    def __bool__(self) -> bool:
        return self.get_n_addresses() > 0

    def _at_exactly(self, index):
        if index < 2**64 - 1:
            return self.get_route_at(index)
        # Beyond what C can count: as an item of its group alone.
        for group in self.get_groups():
            count = _count_exactly(group)
            if index < count:
                break
            index -= count
        route = RoutePool(self.get_family(), [group]).get_route_at(min(index, 2**64 - 1))
        if route is None:
            raise IndexError('routes beyond 2^64 addresses of one group cannot be indexed')
        return route

    def _position(self, value):
        if isinstance(value, Aionet.Route):
            if value.n_addresses != 1:
                return None
            value = value.get_ext_address()
        address, before = as_address(value), 0
        for group in self.get_groups():
            for ext_range in group.get_ext_ranges():
                at = ext_range._position(address)
                if at is not None:
                    return before + at
                before += ext_range.n_addresses
        return None

    def find(self, ext_address: _Address) -> tuple[Route | None, int]:
        """The group of an external address and the index of its item; None if it is not there."""
        return super().find(as_address(ext_address))

    def lookup(self, ext_address: _Address) -> Route | None:
        """The route of one external address, None if the pool has no such address."""
        return super().lookup(as_address(ext_address))

    def __contains__(self, value: Route | _Address) -> bool:
        """Whether an external address, or that of a route, is in the pool."""
        if isinstance(value, Aionet.Route):
            value = value.get_ext_address()
        return self.contains(as_address(value))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Aionet.RoutePool):
            return NotImplemented
        return self.get_family() == other.get_family() and list(self.get_groups()) == list(other.get_groups())

    def __hash__(self) -> int:
        return hash((int(self.get_family()), *self.get_groups()))

    def __str__(self) -> str:
        return '[' + ', '.join(str(group) for group in self.get_groups()) + ']'

    def __repr__(self) -> str:
        return f'<Aionet.RoutePool {self.n_addresses} addresses: {self}>'


class _Pools(collections.abc.Mapping):
    """`nic.rp`: route pools by family; families may be given as Gio's or as AF numbers."""

    def __init__(self, nic):
        self._nic = nic

    def __getitem__(self, family):
        try:
            pool = self._nic.get_route_pool(Gio.SocketFamily(int(family)))
        except ValueError:
            pool = None
        if pool is None:
            raise KeyError(family)
        return pool

    def __iter__(self):
        return iter((IP4, IP6))

    def __len__(self):
        return 2

    def __repr__(self):
        return '{' + ', '.join(f'{name}: {self[family]!s}' for name, family in (('IP4', IP4), ('IP6', IP6))) + '}'


@export
class Interface(prepare(Aionet.Interface)):
    """A network interface. `await Interface()` loads the one that the system prefers.

    `await Interface('eth0')` loads another; Interface('default') is usable at once, without I/O.
    Loading finds its addresses, and what they are outside: nic.rp[IP4] and nic.rp[IP6] are its route
    pools, nic.route() is the first route. repr() is a dict that from_dict() reads.
    """

    def __init__(self, name: str | None = None, **properties: object) -> None:
        super().__init__(name=name, **properties)

    def __await__(self) -> Generator[Any, Any, Interface]:
        yield from self.load_async().__await__()
        return self

    async def load_nat(self, cancellable: Gio.Cancellable | None = None) -> Nat:
        """Tests what kind of NAT is in front of it; returns that, and keeps it as its `nat`."""
        return await self.load_nat_async(cancellable)

    @property
    def rp(self) -> collections.abc.Mapping[int, RoutePool]:
        """Its route pools by family: nic.rp[IP4], nic.rp[IP6]."""
        return _Pools(self)

    def route(self, family: Gio.SocketFamily | None = None) -> Route:
        """The first route of a family; without one, of the first family that has any."""
        if family is not None:
            return self.get_route(family)
        families = [f for f in self.get_families() if self.get_route_pool(f)] or [IP4]
        return self.get_route(families[0])

    def to_dict(self) -> dict[str, Any]:
        """What to_json_string() writes, as a dict."""
        return json.loads(self.to_json_string())

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Interface:
        """The interface that to_dict() or repr() described."""
        return cls.new_from_json_string(json.dumps(values))

    def __eq__(self, other: object) -> bool:
        return self.equal(other) if isinstance(other, Aionet.Interface) else NotImplemented

    def __hash__(self) -> int:
        # Loading changes all that equality looks at, and must not move it in a dict.
        return hash(Aionet.Interface)

    def __str__(self) -> str:
        return self.to_string()

    __repr__ = __str__


@export
class Host(prepare(Aionet.Host)):
    """This machine: a sequence of its interfaces, usable ones first; host['eth0'] is one by name.

    Host.get_default() is the one that Interface() uses. `await host.refresh_async()` lists, and
    `await host.load_all_async()` loads them.
    """

    @overload
    def __getitem__(self, key: int | str) -> Interface:
        """The interface at an index, or of a name."""

    @overload
    def __getitem__(self, key: slice) -> list[Interface]:
        """Some interfaces."""

    def __getitem__(self, key):
        if isinstance(key, str):
            nic = self.get_interface(key)
            if nic is None:
                raise KeyError(key)
            return nic
        count = self.get_n_items()
        if isinstance(key, slice):
            return [self.get_item(index) for index in range(*key.indices(count))]
        if not -count <= key < count:
            raise IndexError(f'{key} is out of {count} interfaces')
        return self.get_item(key % count)

    def __contains__(self, value: object) -> bool:
        if isinstance(value, str):
            return self.get_interface(value) is not None
        return any(nic is value for nic in self)

    def __len__(self) -> int:
        return self.get_n_items()

    def __bool__(self) -> bool:
        return True

    def __iter__(self) -> Iterator[Interface]:
        return (self.get_item(index) for index in range(self.get_n_items()))

    def __repr__(self) -> str:
        return f'<Aionet.Host {", ".join(str(nic.get_name()) for nic in self)}>'


async def list_interfaces(usable: bool = True) -> list[str]:
    """Names of the interfaces of this host; with usable=False loopback and idle ones, too."""
    host = Host.get_default()
    await host.refresh_async()
    return [nic.get_name() for nic in host if nic.get_usable() or not usable]


collections.abc.Sequence.register(RoutePool)

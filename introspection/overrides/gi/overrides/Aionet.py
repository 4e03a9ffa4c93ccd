# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 The libaionet authors
"""Makes Aionet feel native in Python: values compare, hash, print and slice; `*_async` can be awaited.

An `*_async` call without a callback returns an awaitable for plain asyncio. PyGObject before 3.50
cannot do that by itself: there the calls run in the GLib main context, which a helper thread
iterates as long as nobody else does, so callbacks and the virtual functions of providers written
in Python are called in that thread. Methods of pipes run there, too, as long as it does.
"""
import ipaddress
import json

from gi.repository import Gio, GLib, GObject

from ..module import get_introspection_module
from ..overrides import override
from ._aionet_bridge import bind_to_context, make_awaitable, needs_bridge

Aionet = get_introspection_module('Aionet')
__all__ = []

IP4 = Gio.SocketFamily.IPV4
IP6 = Gio.SocketFamily.IPV6
TCP = Gio.SocketProtocol.TCP
UDP = Gio.SocketProtocol.UDP
__all__ += ['IP4', 'IP6', 'TCP', 'UDP']


def _export(cls):
    cls = override(cls)
    __all__.append(cls.__name__)
    return cls


# ------------------------------------------------------------------------------- values


def _text(cls):
    """Printing, equality and hash from to_string, equal and hash."""
    native_equal = cls.equal
    native_hash = getattr(cls, 'hash', None)
    cls.__str__ = lambda self: self.to_string()
    cls.__repr__ = lambda self: f'<Aionet.{cls.__name__} {self.to_string()}>'
    cls.__eq__ = lambda self, other: native_equal(self, other) if isinstance(other, cls) else NotImplemented
    cls.__hash__ = (lambda self: native_hash(self)) if native_hash else object.__hash__
    return cls


def _address(value):
    """A Gio.InetAddress of one, of text, of bytes or of the ipaddress module's kind."""
    if isinstance(value, Gio.InetAddress):
        return value
    if isinstance(value, (bytes, bytearray)):
        value = ipaddress.ip_address(bytes(value))
    return Gio.InetAddress.new_from_string(str(value))


def _indexes(key, count):
    """Indexes of a slice or a tuple of them, over `count` items."""
    if isinstance(key, slice):
        return range(*key.indices(count))
    return key


@_export
class IpRange(Aionet.IpRange):
    def __new__(cls, *args):
        if len(args) == 1 and isinstance(args[0], str):
            return cls.new_from_string(args[0])
        if len(args) == 2:
            return cls.new(_address(args[0]), args[1])
        return super().__new__(cls, *args)

    def __init__(self, *args, **kwargs):
        pass

    @property
    def n_addresses(self):
        """Number of usable addresses; exact, where C saturates at 2^64 - 1."""
        count = self.get_n_addresses()
        if count < 2**64 - 1:
            return count
        return 2**(128 - self.get_prefix_length()) - 1

    def __len__(self):
        return self.n_addresses

    def __bool__(self):
        return True

    def _at(self, index):
        count = self.n_addresses
        if not -count <= index < count:
            raise IndexError(f'{index} is out of the {count} addresses of {self}')
        index %= count
        if index < 2**64:
            return self.get_address_at(index)
        first = int(ipaddress.ip_address(self.get_address_at(0).to_string()))
        return Gio.InetAddress.new_from_string(str(ipaddress.ip_address(first + index)))

    def __getitem__(self, key):
        if isinstance(key, int):
            return self._at(key)
        return [self._at(index) for index in _indexes(key, self.n_addresses)]

    def __iter__(self):
        return (self._at(index) for index in range(self.n_addresses))

    def __reversed__(self):
        return (self._at(index) for index in reversed(range(self.n_addresses)))

    def __contains__(self, value):
        return self.contains(_address(value))

    def __lt__(self, other):
        return self.compare(other) < 0


_text(IpRange)


@_export
class Target(Aionet.Target):
    pass


_text(Target)


@_export
class Nat(Aionet.Nat):
    def __eq__(self, other):
        return self.equal(other) if isinstance(other, Nat) else NotImplemented

    __hash__ = object.__hash__

    def __repr__(self):
        return f'<Aionet.Nat {self.get_info()}, {self.get_delta_info()}>'


# ----------------------------------------------------------------------------- topology


@_export
class Route(Aionet.Route):
    def __eq__(self, other):
        if isinstance(other, Route):
            return self.equal(other)
        if isinstance(other, (str, bytes, bytearray, Gio.InetAddress)):
            try:
                address = _address(other)
            except (ValueError, GLib.Error, TypeError):
                return False
            return address is not None and self.has_ext_address(address)
        return NotImplemented

    def __hash__(self):
        return self.hash()

    def __len__(self):
        return self.get_n_addresses()

    def __bool__(self):
        return True

    def __bytes__(self):
        return _bytes(self.get_ext_address())

    def __str__(self):
        return self.to_string()

    def __repr__(self):
        return f'<Aionet.Route {self.to_string()}>'


def _bytes(address):
    return b'' if address is None else ipaddress.ip_address(address.to_string()).packed


def _count_exactly(route):
    """External addresses of a route that stands for a whole group."""
    return sum(IpRange.n_addresses.fget(ext_range) for ext_range in route.get_ext_ranges())


@_export
class RoutePool(Aionet.RoutePool):
    """A sequence of routes, each to one single external address."""

    @property
    def n_addresses(self):
        """Number of external addresses; exact, where C saturates. For len () there must be less than 2^63."""
        count = self.get_n_addresses()
        if count < 2**64 - 1:
            return count
        return sum(map(_count_exactly, self.get_groups()))

    def __len__(self):
        return self.n_addresses

    def __bool__(self):
        return self.get_n_addresses() > 0

    def _at(self, index):
        count = self.n_addresses
        if not -count <= index < count:
            raise IndexError(f'{index} is out of the {count} addresses of the pool')
        return self._at_exactly(index % count)

    def _at_exactly(self, index):
        if index < 2**64 - 1:
            return self.get_route_at(index)
        # Beyond what C can count: as an item of its group alone.
        for group in self.get_groups():
            count = _count_exactly(group)
            if index < count:
                break
            index -= count
        alone = Gio.ListStore.new(Aionet.Route)
        alone.append(group)
        route = Aionet.RoutePool.new(self.get_family(), alone).get_route_at(min(index, 2**64 - 1))
        if route is None:
            raise IndexError('routes beyond 2^64 addresses of one group cannot be indexed')
        return route

    def __getitem__(self, key):
        if isinstance(key, int):
            return self._at(key)
        return [self._at(index) for index in _indexes(key, self.n_addresses)]

    def __iter__(self):
        return (self._at_exactly(index) for index in range(self.n_addresses))

    def __reversed__(self):
        return (self._at_exactly(index) for index in reversed(range(self.n_addresses)))

    def __contains__(self, value):
        if isinstance(value, Aionet.Route):
            value = value.get_ext_address()
        return self.contains(_address(value))


class _Pools:
    """`nic.rp`: route pools by family; families may be given as Gio's or as AF numbers."""

    def __init__(self, nic):
        self._nic = nic

    def __getitem__(self, family):
        return self._nic.get_route_pool(Gio.SocketFamily(int(family)))

    def __iter__(self):
        return iter((IP4, IP6))

    def __len__(self):
        return 2


@_export
class Interface(Aionet.Interface):
    """A network interface; `await Interface()` loads the one that the system prefers."""

    def __init__(self, name=None, **kwargs):
        super().__init__(name=name, **kwargs)

    def __await__(self):
        yield from self.load_async().__await__()
        return self

    async def load_nat(self, cancellable=None):
        """Tests what kind of NAT is in front of it; returns that, and keeps it as its `nat`."""
        return await self.load_nat_async(cancellable)

    @property
    def rp(self):
        return _Pools(self)

    @property
    def nat(self):
        return self.get_nat()

    def route(self, family=None):
        """The first route of a family; without one, of the first family that has any."""
        if family is not None:
            return self.get_route(family)
        families = [f for f in self.get_families() if self.get_route_pool(f)] or [IP4]
        return self.get_route(families[0])

    def to_dict(self):
        return json.loads(self.to_json_string())

    @classmethod
    def from_dict(cls, values):
        return cls.new_from_json_string(json.dumps(values))

    def __eq__(self, other):
        return self.equal(other) if isinstance(other, Interface) else NotImplemented

    __hash__ = object.__hash__

    def __str__(self):
        return self.to_string()

    __repr__ = __str__


@_export
class Host(Aionet.Host):
    def __getitem__(self, key):
        if isinstance(key, str):
            nic = self.get_interface(key)
            if nic is None:
                raise KeyError(key)
            return nic
        count = self.get_n_items()
        if isinstance(key, int):
            if not -count <= key < count:
                raise IndexError(f'{key} is out of {count} interfaces')
            return self.get_item(key % count)
        return [self.get_item(index) for index in _indexes(key, count)]

    def __len__(self):
        return self.get_n_items()

    def __bool__(self):
        return True

    def __iter__(self):
        return (self.get_item(index) for index in range(self.get_n_items()))


async def list_interfaces(usable=True):
    """Names of the interfaces of this host; with usable=False loopback and idle ones, too."""
    host = Host.get_default()
    await host.refresh_async()
    return [nic.get_name() for nic in host if nic.get_usable() or not usable]


__all__.append('list_interfaces')


# ----------------------------------------------------------------------------------- pipes


def _as_bytes(data):
    """GLib.Bytes of whatever has bytes; text has none before it is encoded."""
    return data if isinstance(data, GLib.Bytes) else GLib.Bytes.new(bytes(memoryview(data)))


if needs_bridge:
    for _class in (Aionet.Pipe, Aionet.Subscription, Aionet.Daemon, Aionet.StunServer):
        bind_to_context(_class)
        make_awaitable(_class)


@_export
class Message(Aionet.Message):
    """`bytes (message)`, or `message.bytes`, is what arrived, `message.sender` from where."""

    def __new__(cls, data, sender=None):
        return cls.new(_as_bytes(data), sender)

    def __init__(self, *args, **kwargs):
        pass

    def __bytes__(self):
        return self.get_bytes().get_data() or b''

    @property
    def bytes(self):
        return bytes(self)

    @property
    def sender(self):
        return self.get_sender()

    def __repr__(self):
        data, sender = bytes(self), self.sender
        more = f'… {len(data)} bytes' if len(data) > 64 else ''
        return f'<Aionet.Message {data[:64]!r}{more} from {sender.to_string() if sender else "nobody"}>'


class _Messages:
    """`async for message in …`: until the pipe is closed; raises what it was closed for."""

    async def __aiter__(self):
        while True:
            try:
                message = await self.receive_async()
            except GLib.Error as error:
                if _is_plain_end(error):
                    return
                raise
            yield message


def _is_plain_end(error):
    """Closed by either side. After a failure the message goes on with what happened."""
    return error.matches(Aionet.error_quark(), Aionet.Error.CLOSED) and ':' not in error.message


@_export
class Pipe(_Messages, Aionet.Pipe):
    """`async with Pipe (TCP, 'host:port') as pipe` opens and closes; without a target it serves."""

    def __init__(self, protocol=TCP, target=None, route=None, **kwargs):
        super().__init__(protocol=protocol, target=target, route=route, **kwargs)

    async def __aenter__(self):
        if not self.is_open():
            await self.open_async()
        return self

    async def __aexit__(self, *_):
        self.close()

    def send(self, data, to=None):
        return super().send(_as_bytes(data), to)

    def send_many(self, messages, to=None):
        return super().send_many([_as_bytes(data) for data in messages], to)

    def send_async(self, data, to=None, cancellable=None, *callback):
        return super().send_async(_as_bytes(data), to, cancellable, *callback)

    def receive_async(self, timeout_ms=-1, cancellable=None, *callback):
        return super().receive_async(timeout_ms, cancellable, *callback)

    def receive_n_async(self, n_bytes, timeout_ms=-1, cancellable=None, *callback):
        return super().receive_n_async(n_bytes, timeout_ms, cancellable, *callback)

    def accept_async(self, timeout_ms=-1, cancellable=None, *callback):
        return super().accept_async(timeout_ms, cancellable, *callback)

    async def clients(self):
        """`async for client in server.clients ()`: until the server is closed."""
        while True:
            try:
                client = await self.accept_async()
            except GLib.Error as error:
                if _is_plain_end(error):
                    return
                raise
            yield client

    def subscribe(self, pattern=None, sender=None):
        return super().subscribe(pattern, sender)

    def subscribe_literal(self, literal, offset=0, sender=None):
        return super().subscribe_literal(_as_bytes(literal), offset, sender)


class _Closing:
    """`async with …`: closed in the end."""

    async def __aenter__(self):
        return self

    async def __aexit__(self, *_):
        self.close()


@_export
class Daemon(_Closing, Aionet.Daemon):
    """Listens; `async with Daemon () as daemon` closes it in the end."""


@_export
class StunServer(_Closing, Aionet.StunServer):
    """Answers STUN; `async with StunServer () as server` closes it in the end."""

    def start_async(self, interfaces=None, cancellable=None, *callback):
        return super().start_async(interfaces, cancellable, *callback)


@_export
class Subscription(_Messages, Aionet.Subscription):
    """`async for message in subscription`; `with subscription:` cancels it in the end."""

    def receive_async(self, timeout_ms=-1, cancellable=None, *callback):
        return super().receive_async(timeout_ms, cancellable, *callback)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.cancel()


# ------------------------------------------------------------------------------- the rest


def _make_all_awaitable():
    for name in dir(Aionet):
        cls = globals().get(name) or getattr(Aionet, name)
        if isinstance(cls, type) and issubclass(cls, GObject.Object):
            make_awaitable(cls)


if needs_bridge:
    _make_all_awaitable()

# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 The libaionet authors
"""Values: they compare, hash, print and sort as Python's own do."""
from __future__ import annotations

import collections.abc
import ipaddress
from typing import Any

from gi.repository import Gio, GLib

from ._aionet_common import Aionet, Indexed, Ordered, as_address, as_bytes, as_endpoint, export, prepare


def _matches(self: Error, error: BaseException) -> bool:
    """Whether an exception is this error: `if Aionet.Error.NO_ROUTE.matches (error)`."""
    return isinstance(error, GLib.Error) and error.matches(Aionet.error_quark(), self)


def _new(self: Error, message: str) -> GLib.Error:
    """An exception with this code, to raise or to fail a request with."""
    return GLib.Error.new_literal(Aionet.error_quark(), message, self)


Aionet.Error.matches, Aionet.Error.new = _matches, _new


@export
class IpRange(Indexed, Ordered, prepare(Aionet.IpRange)):
    """One IP address, or a block of them; immutable, and a sequence of its usable addresses.

    IpRange('8.8.0.0/16'), IpRange('fe80::1%eth0'), IpRange(ipaddress.ip_network('10.0.0.0/8')),
    IpRange(address, prefix_length) with an address as text, as bytes or of Gio or ipaddress.

    len(), indexes, slices and `in` count usable addresses: 254 of a /24, 65024 of a /16. Slices are
    lazy. A block with more addresses than len() can tell has n_addresses.
    """

    def __new__(cls, address: _Address | _Network, prefix_length: int | None = None) -> IpRange:
        if prefix_length is not None:
            return cls.new(as_address(address), prefix_length)
        if isinstance(address, Gio.InetAddress):
            return cls.new(address, address.get_native_size() * 8)
        if isinstance(address, (bytes, bytearray, memoryview)):
            address = ipaddress.ip_address(bytes(address))
        return cls.new_from_string(str(address))

    def __init__(self, *_args, **_kwargs):
        pass

    @property
    def n_addresses(self) -> int:
        """Number of usable addresses; exact, where C saturates at 2^64 - 1."""
        count = self.get_n_addresses()
        if count < 2**64 - 1:
            return count
        return 2**(128 - self.get_prefix_length()) - 1

    def __bool__(self) -> bool:
        return True

    def _at_exactly(self, index):
        if index < 2**64 - 1:
            return self.get_address_at(index)
        first = int(ipaddress.ip_address(self.get_address_at(0).to_string()))
        return Gio.InetAddress.new_from_string(str(ipaddress.ip_address(first + index)))

    def _position(self, value):
        """The index of an address that can be used, or None."""
        address = as_address(value)
        if not self.contains(address):
            return None
        found, index = self.get_index_of(address)
        if found and index < 2**64 - 1:
            return index
        first = self.get_address_at(0)
        index = int(ipaddress.ip_address(address.to_string())) - int(ipaddress.ip_address(first.to_string()))
        return index if 2**64 - 1 <= index < self.n_addresses else None

    def __contains__(self, value: _Address) -> bool:
        """Whether an address belongs to the block, be it usable or not."""
        return self.contains(as_address(value))

    def __str__(self) -> str:
        return self.to_string()

    def __repr__(self) -> str:
        return f"<Aionet.IpRange {self.to_string()}>"

    def __eq__(self, other: object) -> bool:
        return self.equal(other) if isinstance(other, Aionet.IpRange) else NotImplemented

    def __hash__(self) -> int:
        return self.hash()

    def __lt__(self, other: IpRange) -> bool:
        return self.compare(other) < 0 if isinstance(other, Aionet.IpRange) else NotImplemented


@export
class Target(Ordered, prepare(Aionet.Target)):
    """Where a pipe goes: a host name or an address, and a port; immutable.

    Target('example.org:80'), Target('[fe80::1%eth0]:80'), Target('example.org', 80).
    """

    def __new__(cls, text: str, default_port: int = 0) -> Target:
        return cls.new_from_string(text, default_port)

    def __init__(self, *_args, **_kwargs):
        pass

    def _key(self):
        address = self.get_address()
        if address is None:
            return 1, self.get_hostname(), 0, self.get_port()
        address = ipaddress.ip_address(address.to_string())
        return 0, f'{address.version} {self.get_scope_name() or ""}', int(address), self.get_port()

    def __str__(self) -> str:
        return self.to_string()

    def __repr__(self) -> str:
        return f'<Aionet.Target {self.to_string()}>'

    def __eq__(self, other: object) -> bool:
        return self.equal(other) if isinstance(other, Aionet.Target) else NotImplemented

    def __hash__(self) -> int:
        return self.hash()

    def __lt__(self, other: Target) -> bool:
        return self._key() < other._key() if isinstance(other, Target) else NotImplemented


@export
class Nat(prepare(Aionet.Nat)):
    """What kind of NAT is in front of an interface; immutable."""

    def __eq__(self, other: object) -> bool:
        return self.equal(other) if isinstance(other, Aionet.Nat) else NotImplemented

    def __hash__(self) -> int:
        return hash((int(self.get_nat_type()), int(self.get_delta_type()), self.get_delta_value()))

    def __str__(self) -> str:
        return f'{self.get_info()}, {self.get_delta_info()}'

    def __repr__(self) -> str:
        return f'<Aionet.Nat {self}>'


@export
class NatPlan(prepare(Aionet.NatPlan)):
    """Whether and how two hosts behind their NATs can connect."""

    def __str__(self) -> str:
        return self.get_reason()

    def __repr__(self) -> str:
        return f'<Aionet.NatPlan {self.get_reason()}>'


@export
class Gateway(prepare(Aionet.Gateway)):
    """Where a link sends what is not on it."""

    def __eq__(self, other: object) -> bool:
        return self.equal(other) if isinstance(other, Aionet.Gateway) else NotImplemented

    def __hash__(self) -> int:
        return hash((int(self.get_family()), self.get_metric(), self.get_table()))

    def __repr__(self) -> str:
        address = self.get_address()
        return f'<Aionet.Gateway {address.to_string() if address else "on-link"} metric {self.get_metric()}>'


@export
class Link(prepare(Aionet.Link)):
    """An interface as an address backend reports it: Link('eth0', 2).

    Addresses, blocks and gateways are added; ranges may be text: add_address('192.168.7.7/24').
    """

    def __init__(self, name: str, index: int, **properties: object) -> None:
        super().__init__(name=name, index=index, **properties)

    def add_address(self, range: IpRange | str,  # pylint: disable=redefined-builtin
                    flags: AddressFlags = Aionet.AddressFlags.NONE) -> None:
        super().add_address(range if isinstance(range, Aionet.IpRange) else IpRange(range), flags)

    def add_block(self, range: IpRange | str) -> None:  # pylint: disable=redefined-builtin
        super().add_block(range if isinstance(range, Aionet.IpRange) else IpRange(range))

    def __eq__(self, other: object) -> bool:
        return self.equal(other) if isinstance(other, Aionet.Link) else NotImplemented

    def __hash__(self) -> int:
        return hash((self.get_name(), self.get_index()))

    def __repr__(self) -> str:
        addresses = ', '.join(str(address) for address in self.get_addresses())
        return f'<Aionet.Link {self.get_index()} {self.get_name()}: {addresses}>'


@export
class Mapping(prepare(Aionet.Mapping)):
    """What one STUN server saw: Mapping(protocol, server, local, external).

    Endpoints are Gio.InetSocketAddress, 'address:port' or a tuple of address and port.
    """

    def __init__(self, protocol: Gio.SocketProtocol, server: _Endpoint, local: _Endpoint, external: _Endpoint,
                 **properties: object) -> None:
        super().__init__(protocol=protocol, server=as_endpoint(server), local=as_endpoint(local),
                         external=as_endpoint(external), **properties)

    def __repr__(self) -> str:
        local, external, server = (endpoint.to_string()
                                   for endpoint in (self.get_local(), self.get_external(), self.get_server()))
        return f'<Aionet.Mapping {local} -> {external} by {server}>'


@export
class Message(prepare(Aionet.Message)):
    """What arrived, `bytes(message)` or `message.bytes`, and from where, `message.sender`; immutable."""

    def __new__(cls, data: _Bytes, sender: _Endpoint | None = None) -> Message:
        return cls.new(as_bytes(data), as_endpoint(sender))

    def __init__(self, *_args, **_kwargs):
        pass

    def __bytes__(self) -> bytes:
        return self.get_bytes().get_data() or b''

    @property
    def bytes(self) -> bytes:
        """What arrived."""
        return self.__bytes__()

    @property
    def sender(self) -> Gio.InetSocketAddress | Any:
        """From where it came."""
        return self.get_sender()

    def __len__(self) -> int:
        return self.get_bytes().get_size()

    def __bool__(self) -> bool:
        return True

    def __repr__(self) -> str:
        data, sender = self.__bytes__(), self.get_sender()
        more = f'… {len(data)} bytes' if len(data) > 64 else ''
        return f'<Aionet.Message {data[:64]!r}{more} from {sender.to_string() if sender else "nobody"}>'


collections.abc.Sequence.register(IpRange)

# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 The libaionet authors
"""Providers, for plugins written in Python."""
from __future__ import annotations

import functools
import sys
from typing import Iterable

from gi.repository import Gio, GLib

from ._aionet_common import Aionet, as_endpoint, as_model, export, prepare


def _guarded(begin):
    """What begin () raises fails its request, at once; without that nobody would answer it."""
    @functools.wraps(begin)
    def do_begin(self, request):
        try:
            begin(self, request)
        except GLib.Error as error:
            request.fail(error)
        except Exception as error:  # pylint: disable=broad-except
            request.fail(Aionet.Error.PROVIDER_MISBEHAVED.new(f'{type(error).__name__}: {error}'))
            sys.excepthook(type(error), error, error.__traceback__)

    return do_begin


class Begins:
    """Guards the begin () of classes that derive from it."""

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        if 'do_begin' in vars(cls):
            cls.do_begin = _guarded(cls.do_begin)


@export
class Request(prepare(Aionet.Request)):
    """What a provider is asked: complete() it or fail() it once, now or later, from any thread."""

    def complete(self, result: GObject.Object | Iterable[Link] | None) -> bool:
        """Answers; with a Mapping, or with the links that there are. False if it had ended before."""
        if isinstance(result, (list, tuple)):
            result = as_model(result, Aionet.Link)
        return super().complete(result)


@export
class AddressBackend(Begins, prepare(Aionet.AddressBackend)):
    """Knows the links of a host. Derive from it and implement do_begin():

        class Mine(Aionet.AddressBackend):
            def do_begin(self, request):
                link = Aionet.Link('eth0', 2, is_up=True)
                link.add_address('192.168.7.7/24')
                request.complete([link])

    Registry.add_type(Mine, 'mine', 50) makes it known by name; Host.set_address_backend(Mine()) uses
    it. What do_begin() raises fails the request. It runs in the thread of the main context, which
    beside plain asyncio is not that of the asyncio loop.
    """

    def list_links_async(self, timeout_ms: int = 0, cancellable: Gio.Cancellable | None = None,
                         *callback) -> Call[Gio.ListModel[Link]]:
        """The links of the host, as they are now; timeout_ms=0 waits as long as it takes."""
        return super().list_links_async(timeout_ms, cancellable, *callback)


@export
class StunProvider(Begins, prepare(Aionet.StunProvider)):
    """Asks STUN servers. Derive from it and implement do_begin():

        class Mine(Aionet.StunProvider):
            def do_begin(self, request):
                request.complete(Aionet.Mapping(request.protocol, request.server, request.local_address,
                                                '1.3.3.7:40000'))

    As with AddressBackend, what do_begin() raises fails the request.
    """

    def ask_async(self, server: _Endpoint, protocol: Gio.SocketProtocol = Gio.SocketProtocol.UDP,
                  local_address: _Endpoint | None = None, interface_name: str | None = None,
                  change: StunChange = Aionet.StunChange.NONE, timeout_ms: int = 0,
                  cancellable: Gio.Cancellable | None = None, *callback) -> Call[Mapping]:
        """What a server sees; timeout_ms=0 waits as long as it takes."""
        return super().ask_async(as_endpoint(server), protocol, as_endpoint(local_address), interface_name, change,
                                 timeout_ms, cancellable, *callback)


@export
class Registry(prepare(Aionet.Registry)):
    """Knows the plugins; Registry.get_default() is what hosts use. `for info in registry` lists them."""

    def create_provider(self, kind: type[_ProviderT], name: str | None = None) -> _ProviderT:
        """A provider of a kind, such as AddressBackend; without a name the best that works here."""
        return super().create_provider(kind, name)

    def __repr__(self) -> str:
        return f'<Aionet.Registry {", ".join(info.get_name() for info in self)}>'


@export
class PluginInfo(prepare(Aionet.PluginInfo)):
    """What is known of one plugin."""

    def __repr__(self) -> str:
        return f'<Aionet.PluginInfo {self.get_kind()} {self.get_name()}>'

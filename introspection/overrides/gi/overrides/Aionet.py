# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 The libaionet authors
"""Makes Aionet feel native in Python: values compare, hash, print and slice; `*_async` can be awaited.

An `*_async` call without a callback returns an awaitable of the running asyncio loop, whichever that
is. Beside a loop that does not iterate the GLib main context (plain asyncio) a helper thread
iterates that as long as nobody else does, so callbacks and the virtual functions of daemons and
providers written in Python are called in that thread. Methods of pipes run there, too.
"""
from gi.repository import GObject

from ._aionet_common import Aionet as _typelib, exported as _exported, prepare as _prepare
from . import _aionet_values, _aionet_topology, _aionet_pipes, _aionet_providers  # noqa: F401
from ._aionet_pipes import TCP, UDP
from ._aionet_topology import IP4, IP6, list_interfaces


def _prepare_the_rest():
    for name in dir(_typelib):
        cls = getattr(_typelib, name)
        if name not in _exported and isinstance(cls, type) and issubclass(cls, GObject.Object):
            _prepare(cls)


_prepare_the_rest()
globals().update(_exported)
__all__ = ['IP4', 'IP6', 'TCP', 'UDP', 'list_interfaces', *_exported]

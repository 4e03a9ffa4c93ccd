# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 The libaionet authors
"""Pipes and what serves on them."""
from __future__ import annotations

import collections
from typing import AsyncIterator, Iterable

from gi.repository import Gio, GLib

from ._aionet_bridge import completed
from ._aionet_common import Aionet, as_bytes, as_endpoint, as_model, export, prepare
from ._aionet_values import Message

TCP = Gio.SocketProtocol.TCP
UDP = Gio.SocketProtocol.UDP


def _is_plain_end(error):
    """Closed by either side. After a failure the message goes on with what happened."""
    return Aionet.Error.CLOSED.matches(error) and ':' not in error.message


class Kept:
    """Keeps what came for a call that was cancelled at the same moment, for the next call.

    The call ends in one thread, and is cancelled in another: without this it would be lost.
    """

    def _kept(self, kind):
        return self.__dict__.setdefault('_kept_' + kind, collections.deque())

    def _take(self, kind, keep):
        try:
            return completed(self._kept(kind).popleft(), keep)
        except IndexError:
            return None


class Messages(Kept):
    """`async for message in …`: until it is closed; raises what it was closed for."""

    def _keep_receive_async(self, message):
        self._kept('messages').append(message)

    _keep_receive_n_async = _keep_receive_async

    def receive_async(self, timeout_ms: int = -1, cancellable: Gio.Cancellable | None = None,
                      *callback) -> Call[Message]:
        """The next message. A task that is cancelled while it waits loses none."""
        kept = None if callback else self._take('messages', self._keep_receive_async)
        return kept or super().receive_async(timeout_ms, cancellable, *callback)

    def try_receive(self) -> Message | None:
        """A message that is there already, or None."""
        return self._kept('messages').popleft() if self._kept('messages') else super().try_receive()

    def __aiter__(self) -> AsyncIterator[Message]:
        return self

    async def __anext__(self) -> Message:
        try:
            return await self.receive_async()
        except GLib.Error as error:
            if _is_plain_end(error):
                raise StopAsyncIteration from None
            raise


class Closing:
    """`async with …`: closed in the end."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self.close()


@export
class Pipe(Messages, prepare(Aionet.Pipe, bound=True)):
    """One socket: TCP or UDP, client or server. Pipe(TCP, 'example.org:80') is a client.

        async with Aionet.Pipe(Aionet.TCP, 'example.org:80', nic.route()) as pipe:
            await pipe.send_async(b'hello')
            print(bytes(await pipe.receive_async(timeout_ms=5000)))

    `async with` opens it and closes it; `async for` takes messages until it is closed. Without a
    target it serves, on a route that is bound: `async for client in pipe.clients()`. What is sent is
    anything that has bytes; where to is a Gio.SocketAddress, 'address:port' or a tuple of them.
    Nothing that arrives before the first receive is lost. All methods may be called from any thread.
    """

    def __init__(self, protocol: Gio.SocketProtocol = TCP, target: str | None = None, route: Route | None = None,
                 **properties: object) -> None:
        super().__init__(protocol=protocol, target=target, route=route, **properties)

    async def __aenter__(self) -> Self:
        if not self.is_open():
            await self.open_async()
        return self

    async def __aexit__(self, *_: object) -> None:
        self.close()

    def send(self, data: _Bytes, to: _Endpoint | None = None) -> bool:
        """Sends without waiting; raises Gio.IOErrorEnum.WOULD_BLOCK if too much is queued already."""
        return super().send(as_bytes(data), as_endpoint(to))

    def send_many(self, messages: Iterable[_Bytes], to: _Endpoint | None = None) -> int:
        """Sends several datagrams with one call; returns how many were taken."""
        return super().send_many([as_bytes(data) for data in messages], as_endpoint(to))

    def send_async(self, data: _Bytes, to: _Endpoint | None = None, cancellable: Gio.Cancellable | None = None,
                   *callback) -> Call[bool]:
        """Sends as soon as there is room."""
        return super().send_async(as_bytes(data), as_endpoint(to), cancellable, *callback)

    def receive_n_async(self, n_bytes: int, timeout_ms: int = -1, cancellable: Gio.Cancellable | None = None,
                        *callback) -> Call[Message]:
        """As many bytes; fewer when no more came in time, or before the end."""
        if callback or not self._kept('messages') or self.get_protocol() != TCP:
            return super().receive_n_async(n_bytes, timeout_ms, cancellable, *callback)
        return self._receive_n(n_bytes, super().receive_n_async, timeout_ms, cancellable)

    async def _receive_n(self, n_bytes, receive_more, *args):
        kept, parts = self._kept('messages'), []
        while kept and sum(map(len, parts)) < n_bytes:
            parts.append(kept.popleft())
        missing = n_bytes - sum(map(len, parts))
        try:
            if missing > 0:
                parts.append(await receive_more(missing, *args))
        except GLib.Error:
            pass  # the next call gets it, after what there was before
        except BaseException:
            kept.extendleft(reversed(parts))
            raise
        data = b''.join(map(bytes, parts))
        if len(data) > n_bytes:
            kept.appendleft(Message(data[n_bytes:], parts[0].sender))
        return Message(data[:n_bytes], parts[0].sender)

    def _keep_accept_async(self, client):
        self._kept('clients').append(client)

    def accept_async(self, timeout_ms: int = -1, cancellable: Gio.Cancellable | None = None,
                     *callback) -> Call[Pipe]:
        """The next client of a server. A task that is cancelled while it waits loses none."""
        kept = None if callback else self._take('clients', self._keep_accept_async)
        return kept or super().accept_async(timeout_ms, cancellable, *callback)

    async def clients(self) -> AsyncIterator[Pipe]:
        """`async for client in server.clients()`: until the server is closed."""
        while True:
            try:
                client = await self.accept_async()
            except GLib.Error as error:
                if _is_plain_end(error):
                    return
                raise
            yield client

    def subscribe(self, pattern: str | None = None, sender: _Endpoint | None = None) -> Subscription:
        """A queue of the messages that match a regular expression and come from a sender."""
        return super().subscribe(pattern, as_endpoint(sender))

    def subscribe_literal(self, literal: _Bytes, offset: int = 0, sender: _Endpoint | None = None) -> Subscription:
        """A queue of the messages with these bytes at an offset, that come from a sender."""
        return super().subscribe_literal(as_bytes(literal), offset, as_endpoint(sender))

    def __repr__(self) -> str:
        ends = [end.to_string() if end else '?' for end in (self.get_local_address(), self.get_remote_address())]
        kind = 'TCP' if self.get_protocol() == TCP else 'UDP'
        state = 'open' if self.is_open() else 'not open'
        return f'<Aionet.Pipe {kind} {ends[0]} {"serves" if self.is_server() else f"-> {ends[1]}"}, {state}>'


@export
class Subscription(Messages, prepare(Aionet.Subscription, bound=True)):
    """A queue of the messages of a pipe that match: `async for message in pipe.subscribe('^A')`.

    `with subscription:` or `async with subscription:` cancels it in the end.
    """

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.cancel()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self.cancel()


@export
class Daemon(Closing, prepare(Aionet.Daemon, bound=True)):
    """A set of listening pipes with one handler: derive from it and implement do_message().

        class Echo(Aionet.Daemon):
            def do_message(self, pipe, message):
                pipe.send(message.bytes, message.sender)

        async with Echo() as daemon:
            port = daemon.listen_all(Aionet.TCP, 0)

    `async with` closes it in the end. do_message() runs in the thread of the main context, which
    beside plain asyncio is not that of the asyncio loop.
    """


# After Daemon, which is its parent.
@export
class StunServer(prepare(Aionet.StunServer, bound=True)):
    """Answers STUN on the addresses of this host; `async with` closes it in the end."""

    def start_async(self, interfaces: Iterable[Interface] | None = None, cancellable: Gio.Cancellable | None = None,
                    *callback) -> Call[bool]:
        """Listens on the external addresses of interfaces; without any, on those of the default host."""
        return super().start_async(as_model(interfaces, Aionet.Interface), cancellable, *callback)

    def listen_routes(self, routes: Iterable[Route]) -> bool:
        """Listens on routes."""
        return super().listen_routes(as_model(routes, Aionet.Route))


@export
class HolePunch(prepare(Aionet.HolePunch)):
    """Speaks with a host behind another NAT: HolePunch(route), or with a nat that is known already."""

    def __init__(self, route: Route, nat: Nat | None = None) -> None:
        super().__init__(route=route, nat=nat)

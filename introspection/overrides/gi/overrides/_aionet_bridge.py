# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 The libaionet authors
"""From asyncio to the GLib main context and back, for PyGObject before 3.50."""
import asyncio
import concurrent.futures
import functools
import importlib.util
import threading

from gi.repository import Gio, GLib


class _Call(asyncio.Future):
    """What an *_async call will return; cancelling it cancels the call at once, not in the loop's next turn."""

    def __init__(self, loop, cancellable):
        super().__init__(loop=loop)
        self._cancellable = cancellable

    def cancel(self, msg=None):
        cancelled = super().cancel(msg)
        if cancelled:
            self._cancellable.cancel()
        return cancelled


def _runs_asyncio():
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


class _Bridge:
    """Runs calls in the default main context, for threads that run asyncio instead."""

    def __init__(self):
        self._lock = threading.Lock()
        self._thread = None

    def invoke(self, function):
        with self._lock:
            if self._thread is None:
                # Waits for the context when a program runs a main loop of its own on it.
                self._thread = threading.Thread(target=GLib.MainLoop().run, daemon=True,
                                                name='aionet-main-context')
                self._thread.start()
        source = GLib.Idle()
        source.set_priority(GLib.PRIORITY_DEFAULT)

        def call(*_):
            function()
            return GLib.SOURCE_REMOVE

        source.set_callback(call)
        source.attach(GLib.MainContext.default())

    def call(self, start, finish, cancellable):
        loop = asyncio.get_running_loop()
        future = _Call(loop, cancellable)

        def settle(result, error):
            def set_in_loop():
                if future.cancelled():
                    return
                if error is not None:
                    future.set_exception(error)
                else:
                    future.set_result(result)
            try:
                loop.call_soon_threadsafe(set_in_loop)
            except RuntimeError:
                pass  # the asyncio loop is gone, nobody waits any more

        def on_ready(source, result, *_):
            try:
                settle(finish(source, result), None)
            except Exception as error:  # pylint: disable=broad-except
                settle(None, error)

        def begin():
            try:
                start(on_ready)
            except Exception as error:  # pylint: disable=broad-except
                settle(None, error)

        self.invoke(begin)
        return future

    def run(self, function):
        """Runs a function in the thread of the default main context, and waits for it."""
        context = GLib.MainContext.default()
        if GLib.MainContext.get_thread_default() is not None:
            return function()
        # Under asyncio nobody else would iterate the context for what the function starts.
        if (context.is_owner() or not _runs_asyncio()) and context.acquire():
            try:
                return function()
            finally:
                context.release()
        done = concurrent.futures.Future()

        def settle():
            try:
                done.set_result(function())
            except BaseException as error:  # pylint: disable=broad-except
                done.set_exception(error)

        self.invoke(settle)
        return done.result()


_bridge = _Bridge()
# PyGObject from 3.50 on runs asyncio on the main context itself, and awaits by itself.
needs_bridge = importlib.util.find_spec('gi.events') is None


def _awaitable(name, call, finish):
    """The *_async function `call`; without a callback it returns a future of what `finish` does."""
    names = [argument.get_name() for argument in call.get_arguments()]
    callback_at = names.index('callback')
    cancellable_at = names.index('cancellable') if 'cancellable' in names else None

    @functools.wraps(call)
    def wrapper(self, *args, **kwargs):
        args = list(args)
        for at in range(len(args), len(names)):
            if names[at] in kwargs:
                args += [None] * (at - len(args)) + [kwargs.pop(names[at])]
        if kwargs:
            raise TypeError(f'{name}() got an unexpected argument {next(iter(kwargs))!r}')
        if any(argument is not None for argument in args[callback_at:]):
            return call(self, *args)
        args = args[:callback_at] + [None] * (callback_at - len(args))
        cancellable = args[cancellable_at] if cancellable_at is not None else None
        if cancellable is None:
            cancellable = Gio.Cancellable()
            if cancellable_at is not None:
                args[cancellable_at] = cancellable
        return _bridge.call(lambda ready: call(self, *args, ready, None),
                            lambda _, result: finish(self, result), cancellable)

    return wrapper


def make_awaitable(cls):
    """Gives every *_async / *_finish pair of a class an awaitable form."""
    for name in dir(cls):
        if not name.endswith('_async'):
            continue
        call = getattr(cls, name)
        finish = getattr(cls, name[:-len('async')] + 'finish', None)
        if finish is not None and hasattr(call, 'get_arguments'):
            setattr(cls, name, _awaitable(name, call, finish))


def _in_context(call):
    @functools.wraps(call)
    def wrapper(*args, **kwargs):
        return _bridge.run(lambda: call(*args, **kwargs))

    return wrapper


def bind_to_context(cls):
    """Makes the methods of a class, which belongs to a main context, safe to call beside its thread."""
    for name, call in list(vars(cls).items()):
        if not hasattr(call, 'is_constructor') or name.endswith(('_async', '_finish')):
            continue
        wrapper = _in_context(call)
        # Constructors take the class, as methods do the object.
        if call.is_constructor():
            wrapper = classmethod(wrapper)
        elif not call.is_method():
            wrapper = staticmethod(wrapper)
        setattr(cls, name, wrapper)

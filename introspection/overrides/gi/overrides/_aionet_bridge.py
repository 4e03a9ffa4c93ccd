# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 The libaionet authors
"""From asyncio to the GLib main context and back.

An asyncio loop that iterates a main context itself (gi.events, from PyGObject 3.50 on) needs no
help: calls start in it, and end in it. Beside any other loop a thread iterates the default main
context, unless the program does so itself.
"""
import asyncio
import collections.abc
import concurrent.futures
import functools
import inspect
import threading

from gi.repository import Gio, GLib


class _Future(asyncio.Future):
    """Cancelling it cancels the call at once, not in the loop's next turn."""

    def __init__(self, loop, cancellable):
        super().__init__(loop=loop)
        self._cancellable = cancellable

    def cancel(self, msg=None):
        cancelled = super().cancel(msg)
        if cancelled:
            self._cancellable.cancel()
        return cancelled


class Call(collections.abc.Coroutine):
    """What an *_async call returns: a coroutine like that of any async function, but it runs already."""

    __slots__ = ('_future', '_keep', '_steps', '__weakref__')

    def __init__(self, future, keep):
        self._future = future
        self._keep = keep  # takes a result that nobody waits for any more
        self._steps = None

    def __await__(self):
        try:
            return (yield from self._future.__await__())
        except BaseException:
            # Cancelled after the result had come, and before it was taken.
            if self._future.done() and not self._future.cancelled() and self._future.exception() is None:
                self._keep(self._future.result())
            raise

    def send(self, value):
        if self._steps is None:
            self._steps = self.__await__()
        return self._steps.send(value)

    def throw(self, *what):
        self._future.cancel()  # whatever it is for, nobody waits any more
        if self._steps is None:
            self._steps = self.__await__()
        return self._steps.throw(*what)

    def close(self):
        self._future.cancel()

    def __repr__(self):
        return f'<Aionet call {self._future!r}>'


def _running_loop():
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


def _iterates_context(loop):
    """Whether an asyncio loop iterates the main context that calls made in it would use."""
    return isinstance(getattr(loop, '_context', None), GLib.MainContext)


def _attach(function):
    """Has the default main context call a function, in whatever thread iterates that."""
    source = GLib.Idle()
    source.set_priority(GLib.PRIORITY_DEFAULT)

    def call(*_):
        function()
        return GLib.SOURCE_REMOVE

    source.set_callback(call)
    source.attach(GLib.MainContext.default())


class _Bridge:
    """Runs calls in the default main context, for threads that run asyncio instead."""

    def __init__(self):
        self._lock = threading.Lock()
        self._thread = None

    def _start_thread(self):
        with self._lock:
            if self._thread is None:
                # Waits for the context when a program runs a main loop of its own on it. Not by the
                # override's run (), which is for threads that can have signals and asyncio loops.
                run = super(GLib.MainLoop, GLib.MainLoop).run
                self._thread = threading.Thread(target=run, args=[GLib.MainLoop()], daemon=True,
                                                name='aionet-main-context')
                self._thread.start()

    def call(self, start, finish, cancellable, keep):
        loop = asyncio.get_running_loop()
        future = _Future(loop, cancellable)

        def settle(result, error):
            def set_in_loop():
                if future.done():
                    drop()
                elif error is not None:
                    future.set_exception(error)
                else:
                    future.set_result(result)

            def drop():
                if error is None:
                    keep(result)
            try:
                loop.call_soon_threadsafe(set_in_loop)
            except RuntimeError:
                drop()  # the asyncio loop is gone, nobody waits any more

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

        if _iterates_context(loop):
            begin()
        else:
            self._start_thread()
            _attach(begin)
        return Call(future, keep)

    def run(self, function):
        """Runs a function in the thread of the default main context, and waits for it."""
        context = GLib.MainContext.default()
        loop = _running_loop()
        if GLib.MainContext.get_thread_default() is not None or _iterates_context(loop):
            return function()
        # Under asyncio nobody else would iterate the context for what the function starts.
        if (context.is_owner() or loop is None) and context.acquire():
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

        if loop is not None:
            self._start_thread()
        _attach(settle)
        while not concurrent.futures.wait([done], 0.1).done:
            # Whoever had the context may have left it without a look.
            if loop is None and context.acquire():
                while context.pending():
                    context.iteration(False)
                context.release()
        return done.result()


_bridge = _Bridge()


def completed(result, keep):
    """A call that has its result already."""
    future = _Future(asyncio.get_running_loop(), Gio.Cancellable())
    future.set_result(result)
    return Call(future, keep)


def _default(argument, method):
    """What an argument that was left out means."""
    if argument.may_be_null():
        return None
    # Where a time may be negative that is to wait as long as it takes.
    if argument.get_name() == 'timeout_ms' and argument.get_type().get_tag_as_string() == 'gint32':
        return -1
    raise TypeError(f"{method}() missing required argument: '{argument.get_name()}'")


def _signature(arguments, name):
    """What help () and editors show: without the callback, which programs leave out."""
    parameters, left_out = [], True
    for argument in reversed(arguments):
        default = inspect.Parameter.empty
        try:
            default = _default(argument, name) if left_out else default
        except TypeError:
            left_out = False
        parameters.insert(0, inspect.Parameter(argument.get_name(), inspect.Parameter.POSITIONAL_OR_KEYWORD,
                                               default=default))
    return inspect.Signature([inspect.Parameter('self', inspect.Parameter.POSITIONAL_OR_KEYWORD), *parameters])


def _awaitable(name, call, finish):
    """The *_async function `call`; without a callback it can be awaited for what `finish` returns."""
    arguments = call.get_arguments()
    names = [argument.get_name() for argument in arguments]
    callback_at = names.index('callback')
    cancellable_at = names.index('cancellable')

    @functools.wraps(call)
    def wrapper(self, *args, **kwargs):
        args = list(args)
        for at, argument in enumerate(arguments[len(args):callback_at], len(args)):
            if names[at] in kwargs:
                args.append(kwargs.pop(names[at]))
            else:
                args.append(_default(argument, name))
        rest = args[callback_at:] or [kwargs.pop('callback', None)]
        if kwargs:
            raise TypeError(f'{name}() got an unexpected argument {next(iter(kwargs))!r}')
        if any(argument is not None for argument in rest):
            return call(self, *args[:callback_at], *rest)
        args = args[:callback_at]
        if args[cancellable_at] is None:
            args[cancellable_at] = Gio.Cancellable()
        keep = getattr(self, '_keep_' + name, lambda result: None)
        return _bridge.call(lambda ready: call(self, *args, ready),
                            lambda _, result: finish(self, result), args[cancellable_at], keep)

    wrapper.__signature__ = _signature(arguments[:callback_at], name)
    returned = finish.__doc__.rpartition(' -> ')[2]
    wrapper.__doc__ = f'{name}{wrapper.__signature__} -> {returned}, to be awaited.'
    return wrapper


def make_awaitable(cls):
    """Gives every *_async / *_finish pair that a class brings along an awaitable form."""
    for name, call in list(vars(cls).items()):
        if name.endswith('_async') and hasattr(call, 'get_arguments'):
            setattr(cls, name, _awaitable(name, call, getattr(cls, name[:-len('async')] + 'finish')))


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

// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright 2026 The libaionet authors
/* exported MAX_ITEMS, METHODS, CONSTRUCTORS, inet */

// What callers may leave out of the arguments of Aionet, or write in a way of their own: a function
// for each method, from the arguments as given to those that C wants.

const {Gio, GLib, GObject} = imports.gi;
const Gi = imports.gi; // Aionet itself is not ready yet

// g_list_model_get_n_items() cannot count further.
var MAX_ITEMS = 0xffffffff;

// Text is UTF-8, as everywhere in JS.
function bytes(data) {
    if (data instanceof Uint8Array || data instanceof GLib.Bytes)
        return data;
    if (typeof data === 'string')
        return new TextEncoder().encode(data);
    if (data instanceof ArrayBuffer)
        return new Uint8Array(data);
    if (ArrayBuffer.isView(data))
        return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    throw new TypeError(`Bytes are a Uint8Array, an ArrayBuffer, GLib.Bytes or a string, not ${data}`);
}

function octets(data) {
    data = bytes(data);
    return data instanceof GLib.Bytes ? data.toArray() : data;
}

function gbytes(data) {
    data = bytes(data);
    return data instanceof GLib.Bytes ? data : new GLib.Bytes(data);
}

function inet(value) {
    if (typeof value !== 'string')
        return value;
    const address = Gio.InetAddress.new_from_string(value);
    if (address === null)
        throw new GLib.Error(Gi.Aionet.Error, Gi.Aionet.Error.INVALID_ADDRESS, `“${value}” is not an IP address`);
    return address;
}

function range(value) {
    return typeof value === 'string' ? Gi.Aionet.IpRange.new_from_string(value) : value;
}

// A list model of one, or of anything that is iterable.
function model(type, items) {
    if (items === null || items === undefined || items instanceof GObject.Object)
        return items;
    const store = Gio.ListStore.new(type);
    for (const item of items)
        store.append(item);
    return store;
}

const ranges = items => typeof items === 'string'
    ? ranges([items])
    : model(Gi.Aionet.IpRange, items instanceof GObject.Object ? items : [...items].map(range));

// What people may leave out or write otherwise. The cancellable of an asynchronous call comes
// after its arguments, and may be left out anyhow.
var METHODS = {
    AddressBackend: {
        list_links_async: (timeoutMs = 0) => [timeoutMs],
    },
    Daemon: {
        listen_all: (protocol, port = 0, nic = null) => [protocol, port, nic],
        listen_loopback: (protocol, port = 0, nic = null) => [protocol, port, nic],
        stop_async: (timeoutMs = -1) => [timeoutMs],
    },
    IpRange: {
        contains: address => [inet(address)],
        get_index_of: address => [inet(address)],
    },
    Link: {
        add_address: (address, flags = 0) => [range(address), flags],
        add_block: block => [range(block)],
    },
    Pipe: {
        accept_async: (timeoutMs = -1) => [timeoutMs],
        join_group: (group, source = null) => [inet(group), inet(source)],
        leave_group: (group, source = null) => [inet(group), inet(source)],
        receive_async: (timeoutMs = -1) => [timeoutMs],
        receive_n_async: (nBytes, timeoutMs = -1) => [nBytes, timeoutMs],
        send: (data, to = null) => [bytes(data), to],
        send_async: (data, to = null) => [bytes(data), to],
        send_data: (data, to = null) => [octets(data), to],
        send_many: (messages, to = null) => [Array.from(messages, gbytes), to],
        send_text: (text, to = null) => [text, to],
        subscribe: (pattern = null, sender = null) => [pattern, sender],
        subscribe_literal: (literal, offset = 0, sender = null) => [bytes(literal), offset, sender],
    },
    Registry: {
        create_provider: (kind, name = null) => [kind, name],
    },
    Request: {
        complete: (result = null) => [model(Gi.Aionet.Link, result)],
    },
    Route: {
        bind: (port = 0) => [port],
        bind_to: (address, port = 0) => [address, port],
        bind_towards: (destination, port = 0) => [inet(destination), port],
        has_ext_address: address => [inet(address)],
        has_nic_address: address => [inet(address)],
    },
    RoutePool: {
        contains: address => [inet(address)],
        find: address => [inet(address)],
        lookup: address => [inet(address)],
        get_alternatives: (route, limit = MAX_ITEMS) => [route, limit],
    },
    StunProvider: {
        ask_async: (server, protocol, local = null, nicName = null, change = 0, timeoutMs = 0) =>
            [server, protocol, local, nicName, change, timeoutMs],
    },
    StunServer: {
        listen: (route, alternate = null) => [route, alternate],
        start_async: (interfaces = null) => [model(Gi.Aionet.Interface, interfaces)],
    },
    Subscription: {
        receive_async: (timeoutMs = -1) => [timeoutMs],
    },
};

// The same for constructors. `new Class (...)` takes what Class.new () takes.
var CONSTRUCTORS = {
    Gateway: {
        new: (family, address = null, metric = 0, table = 0, source = null) =>
            [family, inet(address), metric, table, range(source)],
    },
    HolePunch: {new: (route, nat = null) => [route, nat]},
    Interface: {new: (name = null) => [name]},
    IpRange: {
        new: (address, prefixLength) => [inet(address), prefixLength],
        new_from_bytes: (data, prefixLength, scope = null) => [octets(data), prefixLength, scope],
        new_scoped: (address, prefixLength, scope = null) => [inet(address), prefixLength, scope],
    },
    Link: {new: (name, index) => [name, index]},
    Mapping: {new: (...all) => all},
    Message: {new: (data, sender = null) => [bytes(data), sender]},
    Nat: {new: (...all) => all},
    NatPlan: {new: (...all) => all},
    Pipe: {
        new: (protocol, target = null, route = null) => [protocol, target, route],
        new_for_connectable: (protocol, connectable, route = null) => [protocol, connectable, route],
        new_for_socket: (socket, remote = null) => [socket, remote],
    },
    Route: {
        new: (family, nicRanges, extRanges, nic = null) => [family, ranges(nicRanges), ranges(extRanges), nic],
    },
    RoutePool: {new: (family, routes = null) => [family, model(Gi.Aionet.Route, routes)]},
    Target: {
        new: (hostname, port) => [hostname, port],
        new_from_string: (text, defaultPort = 0) => [text, defaultPort],
    },
};

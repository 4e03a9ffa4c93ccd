// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright 2026 The libaionet authors

// Runs at import, found in overrides/ on GJS_PATH or in gjs-1.0/overrides: every *_async method that has a
// *_finish returns a promise when it is called without a callback; pools, ranges, hosts and
// lists are iterable and indexed by at(), which counts negative numbers from the end; pipes and
// subscriptions are iterable with `for await`, messages convert to Uint8Array and text.

const {Gio} = imports.gi;

let Aionet;

// GJS resolves methods lazily, so the pairs cannot be found by looking at the prototypes.
const PAIRS = {
    AddressBackend: ['list_links'],
    Daemon: ['stop'],
    HolePunch: ['prepare', 'open'],
    Host: ['refresh', 'load_all'],
    Interface: ['load', 'load_nat'],
    Pipe: ['open', 'send', 'receive', 'receive_n', 'accept'],
    StunProvider: ['ask'],
    StunServer: ['start'],
    Subscription: ['receive'],
};

function define(klass, members) {
    for (const name of Reflect.ownKeys(members)) {
        Object.defineProperty(klass.prototype, name,
            {value: members[name], configurable: true, writable: true, enumerable: false});
    }
}

// A sequence of `count` items, of which `get` returns one.
function sequence(count, get) {
    return {
        at(index) {
            return get(this, index < 0 ? count(this) + index : index);
        },
        * [Symbol.iterator]() {
            const n = count(this);
            for (let index = 0; index < n; index++)
                yield get(this, index);
        },
    };
}

const printable = {
    toString() {
        return this.to_string();
    },
};

function isPlainEnd(error) {
    // After a failure the message goes on with what happened.
    return error.matches(Aionet.Error, Aionet.Error.CLOSED) && !error.message.includes(':');
}

// Calls `next` until the pipe is closed; throws what it was closed for.
async function* untilClosed(next) {
    for (;;) {
        let item;
        try {
            item = await next();
        } catch (error) {
            if (isPlainEnd(error))
                return;
            throw error;
        }
        yield item;
    }
}

// for await (const message of pipe)
const messages = {
    [Symbol.asyncIterator]() {
        return untilClosed(() => this.receive_async(-1, null));
    },
};

function _init() {
    Aionet = this;

    for (const [name, pairs] of Object.entries(PAIRS)) {
        for (const pair of pairs)
            Gio._promisify(Aionet[name].prototype, `${pair}_async`, `${pair}_finish`);
    }

    Aionet.IP4 = Gio.SocketFamily.IPV4;
    Aionet.IP6 = Gio.SocketFamily.IPV6;
    Aionet.TCP = Gio.SocketProtocol.TCP;
    Aionet.UDP = Gio.SocketProtocol.UDP;

    define(Aionet.RoutePool, sequence(pool => pool.get_n_addresses(),
        (pool, index) => index < 0 ? null : pool.get_route_at(index)));
    define(Aionet.IpRange, sequence(range => range.get_n_addresses(),
        (range, index) => index < 0 ? null : range.get_address_at(index)));
    define(Aionet.Host, sequence(host => host.get_n_items(),
        (host, index) => index < 0 ? null : host.get_item(index)));
    // Lists that nobody can change are of a class that has no name here.
    define({prototype: Object.getPrototypeOf(Aionet.Link.new('list', 0).get_addresses())},
        sequence(list => list.get_n_items(), (list, index) => index < 0 ? null : list.get_item(index)));
    for (const klass of [Aionet.IpRange, Aionet.Target, Aionet.Route, Aionet.Interface])
        define(klass, printable);
    define(Aionet.Pipe, messages);
    define(Aionet.Subscription, messages);
    define(Aionet.Pipe, {
        // for await (const client of server.clients())
        clients() {
            return untilClosed(() => this.accept_async(-1, null));
        },
    });
    define(Aionet.Message, {
        // The bytes as a Uint8Array; send() takes one, too.
        toArray() {
            return this.get_bytes().toArray();
        },
        toText() {
            return new TextDecoder().decode(this.toArray());
        },
    });
    define(Aionet.Interface, {
        // JSON.stringify (nic) gives the interface's JSON.
        toJSON() {
            return JSON.parse(this.to_json_string());
        },
    });
}

// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright 2026 The libaionet authors

// Runs at import, found on GJS_PATH or in gjs-1.0/overrides: every *_async method that has a
// *_finish returns a promise when it is called without a callback; pools and interfaces are
// indexed by at(), which counts negative numbers from the end.

const {Gio} = imports.gi;

let Aionet;

// GJS resolves methods lazily, so the pairs cannot be found by looking at the prototypes.
const PAIRS = {
    AddressBackend: ['list_links'],
    Host: ['refresh', 'load_all'],
    Interface: ['load'],
    Pipe: ['open', 'send', 'receive'],
    StunProvider: ['ask'],
    Subscription: ['receive'],
};

function define(klass, members) {
    for (const [name, value] of Object.entries(members)) {
        Object.defineProperty(klass.prototype, name,
            {value, configurable: true, writable: true, enumerable: false});
    }
}

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

    define(Aionet.RoutePool, {
        at(index) {
            const count = this.get_n_addresses();
            return this.get_route_at(index < 0 ? count + index : index);
        },
        * [Symbol.iterator]() {
            const count = this.get_n_addresses();
            for (let index = 0; index < count; index++)
                yield this.get_route_at(index);
        },
    });
    define(Aionet.IpRange, {
        at(index) {
            const count = this.get_n_addresses();
            return this.get_address_at(index < 0 ? count + index : index);
        },
        toString() {
            return this.to_string();
        },
    });
    define(Aionet.Route, {
        toString() {
            return this.to_string();
        },
    });
    define(Aionet.Interface, {
        toString() {
            return this.to_string();
        },
        // JSON.stringify (nic) gives the interface's JSON.
        toJSON() {
            return JSON.parse(this.to_json_string());
        },
    });
}

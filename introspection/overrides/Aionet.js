// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright 2026 The libaionet authors

// Runs at import, found in overrides/ on GJS_PATH or in gjs-1.0/overrides. What it adds is declared
// in introspection/typescript/additions.d.ts; a test holds the two against each other.
//
// Only translates: promises, arguments that may be left out, bytes, iteration, printing, errors.
// What things are and do is decided in C.

const {Gio, GLib, GObject} = imports.gi;
const {MAX_ITEMS, METHODS, CONSTRUCTORS, inet} = imports.overrides._aionetArguments;

let Aionet;

const IP4 = Gio.SocketFamily.IPV4;
const IP6 = Gio.SocketFamily.IPV6;

function define(klass, members) {
    const {prototype} = klass;
    for (const key of Reflect.ownKeys(members)) {
        const member = Object.getOwnPropertyDescriptor(members, key);
        // GJS lets some of its own be replaced only.
        if (Object.getOwnPropertyDescriptor(prototype, key)?.configurable === false)
            prototype[key] = member.value;
        else
            Object.defineProperty(prototype, key, {...member, enumerable: false});
    }
}

// ------------------------------------------------------------------------------ arguments

// What a single text stands for.
const TEXTUAL = ['IpRange', 'Target'];
// They have no properties to construct them with: only their functions set them up.
const WITHOUT_PROPERTIES = ['IpRange', 'NatPlan', 'Route', 'RoutePool'];

function reshape(holder, name, shape) {
    const native = holder[name];
    holder[name] = function (...args) {
        return native.call(this, ...shape(...args));
    };
}

function isProperties(args) {
    return args.length === 0 ||
        args.length === 1 && typeof args[0] === 'object' && args[0] !== null && !(args[0] instanceof GObject.Object);
}

// A GObject's constructor hands out what _init returns, if anything.
function makeConstructible(name) {
    const klass = Aionet[name];
    if (!(klass.prototype instanceof GObject.Object))
        return;
    const native = klass.prototype._init;
    klass.prototype._init = function (...args) {
        if (!WITHOUT_PROPERTIES.includes(name) && isProperties(args))
            return native.call(this, ...args);
        if (TEXTUAL.includes(name) && args.length === 1)
            return klass.new_from_string(args[0]);
        return klass.new(...args);
    };
}

// ------------------------------------------------------------------------------- promises

// Frames of this file say nothing to whoever called it.
function stackOf(caller) {
    return caller.stack.split('\n').filter(line => !line.includes('/overrides/Aionet.js:')).join('\n');
}

// A method with a promise for a result, unless it is given a callback.
function makeAwaitable(klass, name, shape) {
    const {prototype} = klass;
    const native = prototype[name];
    const finish = `${name.slice(0, -'async'.length)}finish`;
    const nArgs = native.length - 2;
    shape ??= (...args) => args;

    prototype[name] = function (...args) {
        if (args.length === native.length || typeof args[args.length - 1] === 'function') {
            const callback = args.pop();
            return native.call(this, ...shape(...args.slice(0, nArgs)), args[nArgs] ?? null, callback);
        }
        // Its stack is a text only once somebody asks for it.
        const caller = new Error();
        return new Promise((resolve, reject) => {
            const shaped = shape(...args.slice(0, nArgs));
            native.call(this, ...shaped, args[nArgs] ?? null, (_source, result) => {
                try {
                    resolve(this[finish](result));
                } catch (error) {
                    error.stack = stackOf(caller);
                    reject(error);
                }
            });
        });
    };
}

// In the namespace's own words, so that no pair can be forgotten.
function makeAllAwaitable() {
    for (const className of Reflect.ownKeys(Aionet)) {
        const klass = Aionet[className];
        if (typeof klass !== 'function' || !(klass.prototype instanceof GObject.Object))
            continue;
        for (const name of Object.getOwnPropertyNames(klass.prototype)) {
            if (name.endsWith('_async'))
                makeAwaitable(klass, name, METHODS[className]?.[name]);
        }
    }
}

// The arguments of the next emission of a signal.
function once(object, signal, cancellable = null) {
    return new Promise((resolve, reject) => {
        cancellable?.set_error_if_cancelled();
        const handlers = [];
        const listen = (emitter, name, func) =>
            handlers.push([emitter, GObject.signal_connect(emitter, name, func)]);
        const end = settle => {
            handlers.forEach(handler => GObject.signal_handler_disconnect(...handler));
            settle();
        };
        listen(object, signal, (_object, ...args) => end(() => resolve(args)));
        if (cancellable) {
            listen(cancellable, 'cancelled', () => end(() => reject(new GLib.Error(
                Gio.IOErrorEnum, Gio.IOErrorEnum.CANCELLED, `Waiting for “${signal}” was cancelled`))));
        }
    });
}

// ------------------------------------------------------------------------------ sequences

function atIndex(index, count) {
    index = typeof index === 'bigint' ? index : BigInt(Math.trunc(index) || 0);
    if (index < 0n)
        index += BigInt(count);
    return index < 0n || index >= BigInt(count) ? null : index;
}

// Items are made when they are asked for: a block of 2^64 addresses costs nothing.
const list = {
    at(index) {
        const position = atIndex(index, this.get_n_items());
        return position === null ? null : this.get_item(Number(position));
    },
    * [Symbol.iterator]() {
        for (let index = 0; index < this.get_n_items(); index++)
            yield this.get_item(index);
    },
    toJSON() {
        return [...this];
    },
};

// Ranges and pools count further than list models and than numbers.
function longList(count, get) {
    return {
        get size() {
            return BigInt(count(this));
        },
        at(index) {
            const position = atIndex(index, count(this));
            return position === null ? null : get(this, position);
        },
        * [Symbol.iterator]() {
            const n = count(this);
            for (let index = 0; index < n; index++)
                yield get(this, index);
        },
        // C's number, rounded without a warning where a Number cannot hold it.
        get_n_addresses() {
            return Number(count(this));
        },
        get n_addresses() {
            return Number(count(this));
        },
        get nAddresses() {
            return Number(count(this));
        },
    };
}

const C_MAX = 2n ** 64n - 1n;

// Only blocks of IPv6 are that large; they have all addresses but the first.
function countRange(block) {
    const n = block.get_n_items();
    return n < MAX_ITEMS ? n : (1n << BigInt(128 - block.get_prefix_length())) - 1n;
}

function addressAt(block, position) {
    if (position < C_MAX)
        return block.get_address_at(position);
    const groups = block.get_address().to_string().split('::')[0].split(':');
    const network = groups.map(group => group.padStart(4, '0')).join('').padEnd(32, '0');
    const address = BigInt(`0x${network}`) + position + 1n;
    return inet(address.toString(16).padStart(32, '0').match(/.{4}/g).join(':'));
}

function countRoute(route) {
    return [...route.get_ext_ranges()].reduce((sum, block) => sum + BigInt(countRange(block)), 0n);
}

function countPool(pool) {
    const n = pool.get_n_items();
    return n < MAX_ITEMS ? n : [...pool.get_groups()].reduce((sum, route) => sum + countRoute(route), 0n);
}

function routeAt(pool, position) {
    if (position < C_MAX)
        return pool.get_route_at(position);
    for (const group of pool.get_groups()) {
        const count = countRoute(group);
        if (position < C_MAX)
            return Aionet.RoutePool.new(pool.get_family(), [group]).get_route_at(position);
        if (position < count)
            throw new RangeError('Routes beyond 2^64 addresses of one group cannot be indexed');
        position -= count;
    }
    return null;
}

function makeSequence(model_) {
    const prototype = Object.getPrototypeOf(model_);
    if (!prototype[Symbol.iterator])
        define({prototype}, list);
    return model_;
}

// ------------------------------------------------------------------------- what is printed

const endpoint = address => address?.to_string() ?? 'nobody';
const protocolName = protocol => protocol === Gio.SocketProtocol.UDP ? 'UDP' : 'TCP';

// console.log() of GJS prints what JSON.stringify() gives: without toJSON() that is {}.
const value = {
    toString() {
        return this.to_string();
    },
    toJSON() {
        return this.to_string();
    },
};

const DESCRIPTIONS = {
    Gateway: gateway => gateway.get_address()?.to_string() ?? 'on-link',
    Link: link => `${link.get_index()} ${link.get_name()}`,
    Mapping: mapping => `${protocolName(mapping.get_protocol())} ${endpoint(mapping.get_local())} -> ` +
        `${endpoint(mapping.get_external())} by ${endpoint(mapping.get_server())}`,
    Message: message => `${message.get_bytes().get_size()} bytes from ${endpoint(message.get_sender())}`,
    NatPlan: plan => plan.get_reason(),
    Pipe: pipe => [
        protocolName(pipe.get_protocol()),
        pipe.is_server ? 'server' : null,
        pipe.get_local_address()?.to_string(),
        pipe.is_server ? null : `-> ${pipe.target ?? endpoint(pipe.get_remote_address())}`,
        pipe.is_open ? null : '(not open)',
    ].filter(part => part).join(' '),
    PluginInfo: info => `${info.get_name()} ${info.get_version() ?? ''}`.trim(),
};

function makePrintable() {
    for (const name of ['IpRange', 'Route', 'Target'])
        define(Aionet[name], value);
    for (const [name, describe] of Object.entries(DESCRIPTIONS)) {
        const toString = function () {
            return `[Aionet.${name} ${describe(this)}]`;
        };
        define(Aionet[name], {toString, toJSON: toString});
    }
    define(Aionet.Nat, {
        toString() {
            return `[Aionet.Nat ${this.get_info()}, ${this.get_delta_info()}]`;
        },
        // As in the JSON of an interface.
        toJSON() {
            return {
                type: this.get_nat_type(),
                nat_info: this.get_info(),
                delta: {type: this.get_delta_type(), value: this.get_delta_value()},
                delta_info: this.get_delta_info(),
            };
        },
    });
    define(Aionet.RoutePool, {
        toJSON() {
            return [...this.get_groups()];
        },
    });
    define(Aionet.Error, {
        toJSON() {
            return {domain: 'Aionet.Error', code: this.code, message: this.message, stack: this.stack};
        },
    });
}

// ---------------------------------------------------------------------------------- pipes

function isPlainEnd(error) {
    // After a failure the message goes on with what happened.
    return error instanceof Aionet.Error && error.code === Aionet.Error.CLOSED && !error.message.includes(':');
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

const messages = {
    // for await (const message of pipe.messages(cancellable))
    messages(cancellable = null) {
        return untilClosed(() => this.receive_async(-1, cancellable));
    },
    // for await (const message of pipe)
    [Symbol.asyncIterator]() {
        return this.messages();
    },
};

// `using` and `await using`, where the engine or a polyfill has them.
function makeDisposable(klass, method) {
    const dispose = function () {
        this[method]();
    };
    if (Symbol.dispose)
        define(klass, {[Symbol.dispose]: dispose});
    if (Symbol.asyncDispose)
        define(klass, {[Symbol.asyncDispose]: dispose});
}

function definePipes() {
    define(Aionet.Pipe, messages);
    define(Aionet.Subscription, messages);
    define(Aionet.Pipe, {
        // for await (const client of server.clients())
        clients(cancellable = null) {
            return untilClosed(() => this.accept_async(-1, cancellable));
        },
    });
    makeDisposable(Aionet.Pipe, 'close');
    makeDisposable(Aionet.Daemon, 'close');
    makeDisposable(Aionet.Subscription, 'cancel');
    define(Aionet.Message, {
        get bytes() {
            return this.get_bytes().toArray();
        },
        get sender() {
            return this.get_sender();
        },
        toArray() {
            return this.get_bytes().toArray();
        },
        toText() {
            return new TextDecoder().decode(this.toArray());
        },
    });
}

// ------------------------------------------------------------------------------- topology

function defineTopology() {
    define(Aionet.RoutePool, longList(countPool, routeAt));
    define(Aionet.IpRange, longList(countRange, addressAt));
    define(Aionet.Route, {
        get size() {
            return countRoute(this);
        },
        get_n_addresses() {
            return Number(countRoute(this));
        },
    });
    define(Aionet.Host, list);
    define(Aionet.Registry, list);
    // Lists that nobody can change, and slices of pools, are of classes that have no name here.
    makeSequence(Aionet.Link.new('list', 0).get_addresses());
    const {get_alternatives: getAlternatives} = Aionet.RoutePool.prototype;
    Aionet.RoutePool.prototype.get_alternatives = function (...args) {
        return makeSequence(getAlternatives.call(this, ...args));
    };

    define(Aionet.Interface, {
        // nic.rp[Aionet.IP4]
        get rp() {
            const nic = this;
            return {
                get [IP4]() {
                    return nic.get_route_pool(IP4);
                },
                get [IP6]() {
                    return nic.get_route_pool(IP6);
                },
                * [Symbol.iterator]() {
                    yield this[IP4];
                    yield this[IP6];
                },
            };
        },
        // The first route of a family; without one, of the first family that has any.
        route(family = null) {
            // The default interface has routes, but no pools.
            const usable = () => this.get_families().find(each => this.get_route_pool(each)?.get_n_items() > 0);
            return this.get_route(family ?? usable() ?? IP4);
        },
        toString() {
            return this.to_string();
        },
        // JSON.stringify(nic) gives the interface's JSON.
        toJSON() {
            return JSON.parse(this.to_json_string());
        },
    });
    Aionet.Interface.fromJSON = object =>
        Aionet.Interface.new_from_json_string(typeof object === 'string' ? object : JSON.stringify(object));
}

// Names of the interfaces of this host; with false loopback and idle ones, too.
async function listInterfaces(usable = true) {
    const host = Aionet.Host.get_default();
    await host.refresh_async();
    return [...host].filter(nic => !usable || nic.get_usable()).map(nic => nic.get_name());
}

// ---------------------------------------------------------------------------------- plugins

function fail(request, error) {
    if (!(error instanceof GLib.Error)) {
        const place = error?.stack?.split('\n')[0] ?? '';
        error = new GLib.Error(Aionet.Error, Aionet.Error.PROVIDER_MISBEHAVED, `${error} (${place})`);
    }
    request.fail(error);
}

// What a provider's vfunc_begin() returns, or what a promise that it returned comes to, is the answer;
// what it throws is the failure. Undefined: it answers by itself, later.
function answer(request, begin) {
    const settle = result => result !== undefined && request.complete(result);
    try {
        const result = begin();
        if (typeof result?.then === 'function')
            result.then(settle).catch(error => fail(request, error));
        else
            settle(result);
    } catch (error) {
        fail(request, error);
    }
}

function defineProviders() {
    Aionet.Provider._classInit = function (klass) {
        const {vfunc_begin: begin} = Object.getOwnPropertyDescriptors(klass.prototype);
        if (typeof begin?.value === 'function') {
            define(klass, {
                vfunc_begin(request) {
                    answer(request, () => begin.value.call(this, request));
                },
            });
        }
        return GObject.Object._classInit.call(this, klass);
    };
}

function _init() {
    Aionet = this;

    Aionet.IP4 = IP4;
    Aionet.IP6 = IP6;
    Aionet.TCP = Gio.SocketProtocol.TCP;
    Aionet.UDP = Gio.SocketProtocol.UDP;
    Aionet.once = once;
    Aionet.list_interfaces = listInterfaces;

    makeAllAwaitable();
    for (const [name, methods] of Object.entries(METHODS)) {
        for (const [method, shape] of Object.entries(methods)) {
            if (!method.endsWith('_async'))
                reshape(Aionet[name].prototype, method, shape);
        }
    }
    for (const [name, constructors] of Object.entries(CONSTRUCTORS)) {
        for (const [constructor, shape] of Object.entries(constructors))
            reshape(Aionet[name], constructor, shape);
        makeConstructible(name);
    }
    makePrintable();
    definePipes();
    defineTopology();
    defineProviders();
}

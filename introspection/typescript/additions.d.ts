// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright 2026 The libaionet authors

// What overrides/Aionet.js adds to the typelib, or takes in another way than it. make-types.mjs puts it
// in the place of what ts-for-gir says of the same members; a comment left out here is theirs.

declare module 'gi://Aionet?version=1' {

import type Gio from 'gi://Gio?version=2.0';
import type GLib from 'gi://GLib?version=2.0';
import type GObject from 'gi://GObject?version=2.0';

export namespace Aionet {
    const IP4: Gio.SocketFamily.IPV4;
    const IP6: Gio.SocketFamily.IPV6;
    const TCP: Gio.SocketProtocol.TCP;
    const UDP: Gio.SocketProtocol.UDP;

    /** What bytes are given as. Text is sent as UTF-8. */
    type Bytes = GLib.Bytes | ArrayBuffer | ArrayBufferView | string;

    /** An address, or its text. */
    type Address = Gio.InetAddress | string;

    /** A type, or the class that stands for it. */
    type TypeOf<T> = GObject.GType<any> | {$gtype: GObject.GType<any>, prototype: T};

    /** A list model, or anything else that can be iterated. */
    type Items<T extends GObject.Object> = Gio.ListModel | Iterable<T>;

    /** A list model that is iterated with `for … of`, spread and destructured. */
    interface List<T extends GObject.Object> extends Gio.ListModel<T> {
        /** The item at an index, from the end if negative; null if there is none. */
        at(index: number | bigint): T | null;
        [Symbol.iterator](): IterableIterator<T>;
        toJSON(): T[];
        connect(signal: 'items-changed',
            callback: (list: this, position: number, removed: number, added: number) => void): number;
        connect<K extends keyof GObject.Object.SignalSignatures>(signal: K,
            callback: GObject.SignalCallback<this, GObject.Object.SignalSignatures[K]>): number;
    }

    /** The route pools of an interface by family, and one after the other. */
    interface Pools extends Iterable<RoutePool> {
        readonly [Gio.SocketFamily.IPV4]: RoutePool;
        readonly [Gio.SocketFamily.IPV6]: RoutePool;
    }

    /**
     * Waits for the next emission of a signal of any object.
     * @returns the arguments of the signal
     */
    function once<O extends GObject.Object, K extends keyof O['$signals']>(object: O, signal: K,
        cancellable?: Gio.Cancellable | null): Promise<O['$signals'][K] extends (...args: infer A) => any ? A : never>;

    /**
     * Names of the interfaces of this host.
     * @param usable false: loopback and idle ones, too
     */
    function list_interfaces(usable?: boolean): Promise<string[]>;

    class AddressBackend {
        list_links_async(timeout_ms?: number, cancellable?: Gio.Cancellable | null): Promise<List<Link>>;
        list_links_async(timeout_ms: number, cancellable: Gio.Cancellable | null,
            callback: Gio.AsyncReadyCallback<this> | null): void;
        list_links_finish(result: Gio.AsyncResult): List<Link>;
        /**
         * What is returned, or what a promise that is returned comes to, is the answer; what is thrown is the
         * failure. Undefined: the request is completed by itself, later.
         */
        vfunc_begin(request: Request): Items<Link> | void | Promise<Items<Link> | void>;
    }

    class Daemon {
        get_listeners(): List<Pipe>;
        list_clients(): List<Pipe>;
        listen_all(protocol: Gio.SocketProtocol, port?: number, _interface?: Interface | null): number;
        listen_loopback(protocol: Gio.SocketProtocol, port?: number, _interface?: Interface | null): number;
        stop_async(timeout_ms?: number, cancellable?: Gio.Cancellable | null): Promise<number>;
        stop_async(timeout_ms: number, cancellable: Gio.Cancellable | null,
            callback: Gio.AsyncReadyCallback<this> | null): void;
    }

    class Error {
        toJSON(): {domain: string, code: number, message: string, stack: string};
    }

    class Gateway {
        constructor(properties?: Partial<Gateway.ConstructorProps>);
        constructor(family: Gio.SocketFamily, address?: Address | null, metric?: number, table?: number,
            source?: IpRange | string | null);
        static new(family: Gio.SocketFamily, address?: Address | null, metric?: number, table?: number,
            source?: IpRange | string | null): Gateway;
        toString(): string;
        toJSON(): string;
    }

    class HolePunch {
        constructor(properties?: Partial<HolePunch.ConstructorProps>);
        constructor(route: Route, nat?: Nat | null);
        static new(route: Route, nat?: Nat | null): HolePunch;
        open_async(offer: string, timeout_ms: number, cancellable?: Gio.Cancellable | null): Promise<Pipe>;
        open_async(offer: string, timeout_ms: number, cancellable: Gio.Cancellable | null,
            callback: Gio.AsyncReadyCallback<this> | null): void;
        prepare_async(cancellable?: Gio.Cancellable | null): Promise<string>;
        prepare_async(cancellable: Gio.Cancellable | null, callback: Gio.AsyncReadyCallback<this> | null): void;
    }

    class Host<A extends Interface = Interface> {
        /** The interface at an index, from the end if negative; null if there is none. */
        at(index: number | bigint): A | null;
        [Symbol.iterator](): IterableIterator<A>;
        toJSON(): A[];
        load_all_async(cancellable?: Gio.Cancellable | null): Promise<boolean>;
        load_all_async(cancellable: Gio.Cancellable | null, callback: Gio.AsyncReadyCallback<this> | null): void;
        refresh_async(cancellable?: Gio.Cancellable | null): Promise<boolean>;
        refresh_async(cancellable: Gio.Cancellable | null, callback: Gio.AsyncReadyCallback<this> | null): void;
    }

    class Interface {
        constructor(properties?: Partial<Interface.ConstructorProps>);
        constructor(name: string | null);
        static new(name?: string | null): Interface;
        /** The interface that toJSON() or JSON.stringify() told of. */
        static fromJSON(object: object | string): Interface;
        get addresses(): List<IpRange>;
        get link_locals(): List<IpRange>;
        get linkLocals(): List<IpRange>;
        get_addresses(): List<IpRange>;
        get_link_locals(): List<IpRange>;
        load_async(cancellable?: Gio.Cancellable | null): Promise<boolean>;
        load_async(cancellable: Gio.Cancellable | null, callback: Gio.AsyncReadyCallback<this> | null): void;
        load_nat_async(cancellable?: Gio.Cancellable | null): Promise<Nat>;
        load_nat_async(cancellable: Gio.Cancellable | null, callback: Gio.AsyncReadyCallback<this> | null): void;
        /** The route pools: `nic.rp[Aionet.IP4]`. */
        get rp(): Pools;
        /** The first route of a family; without one, of the first family that has any. Throws if there is none. */
        route(family?: Gio.SocketFamily | null): Route;
        toString(): string;
        toJSON(): any;
    }

    class IpRange<A extends Gio.InetAddress = Gio.InetAddress> {
        /** A range from its text: `new Aionet.IpRange('10.0.0.0/8')`. */
        constructor(text: string);
        constructor(address: Address, prefix_length: number);
        static new(address: Address, prefix_length: number): IpRange;
        static new_from_bytes(bytes: Bytes, prefix_length: number, scope_name?: string | null): IpRange;
        static new_scoped(address: Address, prefix_length: number, scope_name?: string | null): IpRange;
        /** Number of usable addresses, exact whatever it is; `n_addresses` is rounded above 2^53. */
        get size(): bigint;
        get n_addresses(): number;
        get nAddresses(): number;
        get_n_addresses(): number;
        /** The address at an index, from the end if negative; null if there is none. */
        at(index: number | bigint): A | null;
        [Symbol.iterator](): IterableIterator<A>;
        contains(address: Address): boolean;
        get_index_of(address: Address): [boolean, number];
        toString(): string;
        toJSON(): string;
    }

    class Link {
        constructor(properties?: Partial<Link.ConstructorProps>);
        constructor(name: string, index: number);
        static new(name: string, index: number): Link;
        add_address(range: IpRange | string, flags?: AddressFlags): void;
        add_block(range: IpRange | string): void;
        get_addresses(): List<IpRange>;
        get_blocks(): List<IpRange>;
        get_gateways(): List<Gateway>;
        toString(): string;
        toJSON(): string;
    }

    class Mapping {
        constructor(properties?: Partial<Mapping.ConstructorProps>);
        constructor(protocol: Gio.SocketProtocol, server: Gio.InetSocketAddress, local: Gio.InetSocketAddress,
            external: Gio.InetSocketAddress);
        static new(protocol: Gio.SocketProtocol, server: Gio.InetSocketAddress, local: Gio.InetSocketAddress,
            external: Gio.InetSocketAddress): Mapping;
        toString(): string;
        toJSON(): string;
    }

    class Message {
        constructor(data: Bytes, sender?: Gio.SocketAddress | null);
        static new(data: Bytes, sender?: Gio.SocketAddress | null): Message;
        /** What arrived, copied. */
        get bytes(): Uint8Array;
        /** Who sent it, if that is known. */
        get sender(): Gio.SocketAddress | null;
        /** What arrived, copied. */
        toArray(): Uint8Array;
        /** What arrived, read as UTF-8. */
        toText(): string;
        toString(): string;
        toJSON(): string;
    }

    class Nat {
        constructor(properties?: Partial<Nat.ConstructorProps>);
        constructor(type: NatType, delta_type: DeltaType, delta_value: number);
        static new(type: NatType, delta_type: DeltaType, delta_value: number): Nat;
        toString(): string;
        toJSON(): {type: NatType, nat_info: string, delta: {type: DeltaType, value: number}, delta_info: string};
    }

    class NatPlan {
        constructor(nat: Nat, other: Nat);
        static new(nat: Nat, other: Nat): NatPlan;
        toString(): string;
        toJSON(): string;
    }

    class Pipe {
        constructor(properties?: Partial<Pipe.ConstructorProps>);
        /** A pipe to `host:port`, or without a target a server. */
        constructor(protocol: Gio.SocketProtocol, target?: string | null, route?: Route | null);
        static new(protocol: Gio.SocketProtocol, target?: string | null, route?: Route | null): Pipe;
        static new_for_connectable(protocol: Gio.SocketProtocol, connectable: Gio.SocketConnectable,
            route?: Route | null): Pipe;
        static new_for_socket(socket: Gio.Socket, remote_address?: Gio.SocketAddress | null): Pipe;
        accept_async(timeout_ms?: number, cancellable?: Gio.Cancellable | null): Promise<Pipe>;
        accept_async(timeout_ms: number, cancellable: Gio.Cancellable | null,
            callback: Gio.AsyncReadyCallback<this> | null): void;
        /** The clients of a server, until it is closed; throws what it was closed for. */
        clients(cancellable?: Gio.Cancellable | null): AsyncIterableIterator<Pipe>;
        join_group(group: Address, source?: Address | null): boolean;
        leave_group(group: Address, source?: Address | null): boolean;
        /** What arrives, until the pipe is closed; throws what it was closed for. */
        messages(cancellable?: Gio.Cancellable | null): AsyncIterableIterator<Message>;
        [Symbol.asyncIterator](): AsyncIterableIterator<Message>;
        open_async(cancellable?: Gio.Cancellable | null): Promise<boolean>;
        open_async(cancellable: Gio.Cancellable | null, callback: Gio.AsyncReadyCallback<this> | null): void;
        receive_async(timeout_ms?: number, cancellable?: Gio.Cancellable | null): Promise<Message>;
        receive_async(timeout_ms: number, cancellable: Gio.Cancellable | null,
            callback: Gio.AsyncReadyCallback<this> | null): void;
        receive_n_async(n_bytes: number, timeout_ms?: number, cancellable?: Gio.Cancellable | null): Promise<Message>;
        receive_n_async(n_bytes: number, timeout_ms: number, cancellable: Gio.Cancellable | null,
            callback: Gio.AsyncReadyCallback<this> | null): void;
        send(data: Bytes, to?: Gio.SocketAddress | null): boolean;
        send_async(data: Bytes, to?: Gio.SocketAddress | null, cancellable?: Gio.Cancellable | null): Promise<boolean>;
        send_async(data: Bytes, to: Gio.SocketAddress | null, cancellable: Gio.Cancellable | null,
            callback: Gio.AsyncReadyCallback<this> | null): void;
        send_data(data: Bytes, to?: Gio.SocketAddress | null): boolean;
        send_many(messages: Iterable<Bytes>, to?: Gio.SocketAddress | null): number;
        send_text(text: string, to?: Gio.SocketAddress | null): boolean;
        subscribe(pattern?: string | null, sender?: Gio.SocketAddress | null): Subscription;
        subscribe_literal(literal: Bytes, offset?: number, sender?: Gio.SocketAddress | null): Subscription;
        toString(): string;
        toJSON(): string;
    }

    class PluginInfo {
        toString(): string;
        toJSON(): string;
    }

    class Registry<A extends PluginInfo = PluginInfo> {
        /** The plugin at an index, from the end if negative; null if there is none. */
        at(index: number | bigint): A | null;
        [Symbol.iterator](): IterableIterator<A>;
        toJSON(): A[];
        add_type(type: TypeOf<Provider>, name: string, priority: number): boolean;
        create_provider<T extends Provider>(kind: TypeOf<T>, name?: string | null): T;
        explain(kind: TypeOf<Provider>): string;
        lookup(kind: TypeOf<Provider>, name: string): PluginInfo | null;
    }

    class Request {
        complete(result?: GObject.Object | Iterable<Link> | null): boolean;
    }

    class Route {
        /** Ranges are given as such or as text, one of them or any number. */
        constructor(family: Gio.SocketFamily, nic_ranges: Gio.ListModel | Iterable<IpRange | string>,
            ext_ranges: Gio.ListModel | Iterable<IpRange | string>, _interface?: Interface | null);
        static new(family: Gio.SocketFamily, nic_ranges: Gio.ListModel | Iterable<IpRange | string>,
            ext_ranges: Gio.ListModel | Iterable<IpRange | string>, _interface?: Interface | null): Route;
        /** Number of external addresses, exact whatever it is. */
        get size(): bigint;
        get_n_addresses(): number;
        get ext_ranges(): List<IpRange>;
        get extRanges(): List<IpRange>;
        get link_locals(): List<IpRange>;
        get linkLocals(): List<IpRange>;
        get nic_ranges(): List<IpRange>;
        get nicRanges(): List<IpRange>;
        get_ext_ranges(): List<IpRange>;
        get_link_locals(): List<IpRange>;
        get_nic_ranges(): List<IpRange>;
        bind(port?: number): Route;
        bind_to(address: string, port?: number): Route;
        bind_towards(destination: Address, port?: number): Route;
        has_ext_address(address: Address): boolean;
        has_nic_address(address: Address): boolean;
        toString(): string;
        toJSON(): string;
    }

    class RoutePool<A extends Route = Route> {
        constructor(family: Gio.SocketFamily, routes?: Items<Route> | null);
        static new(family: Gio.SocketFamily, routes?: Items<Route> | null): RoutePool;
        /** Number of routes, exact whatever it is; `n_addresses` is rounded above 2^53. */
        get size(): bigint;
        get n_addresses(): number;
        get nAddresses(): number;
        get_n_addresses(): number;
        /** The route at an index, from the end if negative; null if there is none. */
        at(index: number | bigint): A | null;
        [Symbol.iterator](): IterableIterator<A>;
        get groups(): List<Route>;
        get_groups(): List<Route>;
        contains(ext_address: Address): boolean;
        find(ext_address: Address): [Route | null, number];
        lookup(ext_address: Address): Route | null;
        /** At most `limit` routes to other external addresses, the following ones first. */
        get_alternatives(route: Route, limit?: number): List<Route>;
        toJSON(): Route[];
    }

    class StunProvider {
        ask_async(server: Gio.InetSocketAddress, protocol: Gio.SocketProtocol, local_address?: Gio.SocketAddress | null,
            interface_name?: string | null, change?: StunChange, timeout_ms?: number,
            cancellable?: Gio.Cancellable | null): Promise<Mapping>;
        ask_async(server: Gio.InetSocketAddress, protocol: Gio.SocketProtocol, local_address: Gio.SocketAddress | null,
            interface_name: string | null, change: StunChange, timeout_ms: number,
            cancellable: Gio.Cancellable | null, callback: Gio.AsyncReadyCallback<this> | null): void;
        /**
         * What is returned, or what a promise that is returned comes to, is the answer; what is thrown is the
         * failure. Undefined: the request is completed by itself, later.
         */
        vfunc_begin(request: StunRequest): Mapping | void | Promise<Mapping | void>;
    }

    class StunServer {
        listen(route: Route, alternate?: Route | null): boolean;
        start_async(interfaces?: Items<Interface> | null, cancellable?: Gio.Cancellable | null): Promise<boolean>;
        start_async(interfaces: Items<Interface> | null, cancellable: Gio.Cancellable | null,
            callback: Gio.AsyncReadyCallback<this> | null): void;
    }

    class Subscription {
        /** What matches, until the pipe is closed or the subscription cancelled. */
        messages(cancellable?: Gio.Cancellable | null): AsyncIterableIterator<Message>;
        [Symbol.asyncIterator](): AsyncIterableIterator<Message>;
        receive_async(timeout_ms?: number, cancellable?: Gio.Cancellable | null): Promise<Message>;
        receive_async(timeout_ms: number, cancellable: Gio.Cancellable | null,
            callback: Gio.AsyncReadyCallback<this> | null): void;
    }

    class Target {
        constructor(properties?: Partial<Target.ConstructorProps>);
        /** A target from its text: `new Aionet.Target('[::1]:80')`. */
        constructor(text: string);
        constructor(hostname: string, port: number);
        static new(hostname: string, port: number): Target;
        static new_from_string(text: string, default_port?: number): Target;
        toString(): string;
        toJSON(): string;
    }
}

}

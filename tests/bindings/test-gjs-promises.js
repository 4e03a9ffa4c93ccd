// SPDX-License-Identifier: LGPL-2.1-or-later
// What the override makes of asynchronous calls, arguments and errors.
imports.searchPath.unshift(ARGV[0]);
const {Aionet, Gio, GLib, GObject} = imports.gi;
const {METHODS, CONSTRUCTORS} = imports.overrides._aionetArguments;
const {test, run, assert, assertEqual} = imports.tap;
const gir = imports.gir;

async function caught(promise) {
    return promise.then(() => null, error => error);
}

async function serve(protocol) {
    const route = Aionet.Interface.new_default().get_route(Aionet.IP4).bind_to('127.0.0.1');
    const server = new Aionet.Pipe(protocol, null, route);
    await server.open_async();
    return server;
}

async function connect(server) {
    const client = new Aionet.Pipe(server.get_protocol(), server.get_local_address().to_string());
    await client.open_async();
    return client;
}

test('every pair of the GIR gives a promise', async () => {
    let n = 0;
    for (const {name, methods} of gir.classes()) {
        for (const method of methods.filter(each => each.name.endsWith('_async'))) {
            // On what is no such object C is never reached: natively that throws at once.
            const promise = Aionet[name].prototype[method.name].call({});
            assert(promise instanceof Promise, `${name}.${method.name} gives no promise`);
            assert(await caught(promise) !== null, `${name}.${method.name} took anything`);
            n++;
        }
    }
    assert(n >= 16, `only ${n} pairs`);
});

test('what may be null at the end may be left out', () => {
    const missing = [];
    const check = (className, {name, parameters}, table) => {
        const given = parameters.filter(each => !each.out && !each.scope && each.name !== 'user_data');
        if (given.at(-1)?.name === 'cancellable')
            given.pop();
        if (given.at(-1)?.nullable && !name.startsWith('set_') && !parameters.some(each => each.scope === 'notified') &&
            table[className]?.[name] === undefined)
            missing.push(`${className}.${name}`);
    };
    for (const {name, methods, constructors} of gir.classes()) {
        methods.forEach(method => check(name, method, METHODS));
        constructors.forEach(constructor => check(name, constructor, CONSTRUCTORS));
    }
    assertEqual(missing, []);
});

test('a class of JS inherits promises', async () => {
    const Quiet = GObject.registerClass({GTypeName: 'TestQuietDaemon'}, class extends Aionet.Daemon {});
    assertEqual(await new Quiet().stop_async(), 0);
});

test('an error carries domain, code and the stack of the caller', async () => {
    async function whoAsks() {
        await new Aionet.Interface('nosuch0').load_async();
    }
    const error = await caught(whoAsks());
    assert(error instanceof Aionet.Error && error instanceof GLib.Error);
    assert(error.matches(Aionet.Error, Aionet.Error.NO_INTERFACE));
    assertEqual(error.code, Aionet.Error.NO_INTERFACE);
    assert(error.stack.startsWith('whoAsks@'), error.stack);
    assert(!error.stack.includes('overrides'), error.stack);
    const printed = JSON.parse(JSON.stringify(error));
    assertEqual([printed.message, printed.code], [error.message, error.code]);
});

test('wrong arguments reject, too', async () => {
    const error = await caught(new Aionet.Pipe(Aionet.UDP).send_async(42));
    assert(error instanceof TypeError, `${error}`);
});

test('callbacks still work', async () => {
    const server = await serve(Aionet.UDP);
    const client = await connect(server);
    client.send('one');
    client.send('two');
    const receive = (...args) => new Promise(resolve => {
        const nothing = server.receive_async(...args, (pipe, result) => resolve(pipe.receive_finish(result).toText()));
        assertEqual(nothing, undefined);
    });
    assertEqual(await receive(), 'one');
    assertEqual(await receive(-1, null), 'two');
    client.send_async('three', null, null, null);
    assertEqual((await server.receive_async()).toText(), 'three');
    client.close();
    server.close();
});

test('cancellables', async () => {
    const server = await serve(Aionet.UDP);
    const cancellable = new Gio.Cancellable();
    const calls = [server.receive_async(-1, cancellable), Aionet.once(server, 'closed', cancellable),
        server.messages(cancellable).next()].map(caught);
    cancellable.cancel();
    calls.push(caught(Aionet.once(server, 'closed', cancellable)));
    for (const error of await Promise.all(calls))
        assert(error.matches(Gio.IOErrorEnum, Gio.IOErrorEnum.CANCELLED), `${error}`);
    server.close();
});

test('signals as promises', async () => {
    const server = await serve(Aionet.TCP);
    const next = Aionet.once(server, 'client');
    const client = await connect(server);
    const [accepted] = await next;
    assertEqual(accepted.get_remote_address().to_string(), client.get_local_address().to_string());
    const cancellable = new Gio.Cancellable();
    const closed = Aionet.once(accepted, 'closed', cancellable);
    client.close();
    const [error] = await closed;
    assert(error === null || error instanceof GLib.Error, `${error}`);
    cancellable.cancel(); // too late: nothing listens any more
    assertEqual(GObject.signal_handler_find(cancellable, {signalId: 'cancelled'}) || null, null);
    assert(await caught(Aionet.once(server, 'no-such-signal')) !== null);
    server.close();
});

test('bytes of every kind', async () => {
    const server = await serve(Aionet.UDP);
    const client = await connect(server);
    const hello = new TextEncoder().encode('xhéllo');
    const kinds = ['héllo', hello.subarray(1), hello.slice(1).buffer, new DataView(hello.buffer, 1),
        new GLib.Bytes(hello.slice(1))];
    for (const data of kinds) {
        client.send(data);
        await client.send_async(data);
        client.send_data(data);
        for (let i = 0; i < 3; i++) {
            const message = await server.receive_async();
            assertEqual(message.toText(), 'héllo');
            assertEqual([...message.bytes], [...hello.slice(1)]);
            assertEqual(message.sender.to_string(), client.get_local_address().to_string());
        }
        assertEqual(new Aionet.Message(data).toText(), 'héllo');
        assertEqual(Aionet.Message.new(data, null).sender, null);
    }
    assertEqual(client.send_many(kinds), kinds.length);
    for (const _ of kinds)
        assertEqual((await server.receive_async()).toText(), 'héllo');
    for (const [number, data] of kinds.entries()) {
        const subscription = server.subscribe_literal(data);
        client.send(data);
        assertEqual((await subscription.receive_async()).toText(), 'héllo', number);
        subscription.cancel();
    }
    for (const data of [42, null, undefined, {}, [1, 2]]) {
        let failure = null;
        try {
            client.send(data);
        } catch (error) {
            failure = error;
        }
        assert(failure instanceof TypeError, `${data}: ${failure}`);
    }
    client.close();
    server.close();
});

test('leaving a loop leaves the pipe open, nothing is lost', async () => {
    const server = await serve(Aionet.UDP);
    const client = await connect(server);
    client.send_many(['1', '2', '3']);
    const seen = [];
    for await (const message of server) {
        seen.push(message.toText());
        break;
    }
    for await (const message of server) {
        seen.push(message.toText());
        if (seen.length === 3)
            server.close();
    }
    assertEqual(seen, ['1', '2', '3']);
    client.close();
});

test('a loop throws what the pipe was closed for', async () => {
    const server = await serve(Aionet.TCP);
    const client = await connect(server);
    const accepted = await server.accept_async();
    client.linger_ms = 0; // closes with a reset
    client.close();
    const error = await caught((async () => {
        for await (const message of accepted)
            assert(false, `${message}`);
    })());
    assert(error.matches(Gio.IOErrorEnum, Gio.IOErrorEnum.CONNECTION_CLOSED) ||
        error.matches(Aionet.Error, Aionet.Error.CLOSED), `${error}`);
    server.close();
});

run();

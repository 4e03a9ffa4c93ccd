// SPDX-License-Identifier: LGPL-2.1-or-later
// A walk through pipes in GJS, on loopback; test-pipes.py has the cases one by one.
imports.searchPath.unshift(ARGV[0]);
const {Aionet, Gio, GLib} = imports.gi;
const {test, run, assert, assertEqual} = imports.tap;

async function serve(protocol) {
    const route = Aionet.Interface.new_default().get_route(Aionet.IP4).bind_to('127.0.0.1', 0);
    const server = Aionet.Pipe.new(protocol, null, route);
    await server.open_async(null);
    return server;
}

async function connect(server) {
    const client = Aionet.Pipe.new(server.get_protocol(), server.get_local_address().to_string(), null);
    await client.open_async(null);
    return client;
}

const bytes = text => new TextEncoder().encode(text);

async function caught(promise) {
    return promise.then(() => null, error => error);
}

test('UDP echo, with Uint8Array in and out', async () => {
    const server = await serve(Aionet.UDP);
    const client = await connect(server);
    await client.send_async(bytes('hello'), null, null);
    const request = await server.receive_async(-1, null);
    server.send(request.get_bytes(), request.get_sender());
    const answer = await client.receive_async(-1, null);
    assert(answer.toArray() instanceof Uint8Array);
    assertEqual([...answer.toArray()], [...bytes('hello')]);
    assertEqual(answer.toText(), 'hello');
    assertEqual(answer.get_sender().to_string(), server.get_local_address().to_string());
    client.send(new Uint8Array(), null);
    assertEqual((await server.receive_async(-1, null)).toArray().length, 0);
    client.close();
    server.close();
});

test('TCP: clients and messages by for await', async () => {
    const server = await serve(Aionet.TCP);
    const client = await connect(server);
    await client.send_async(bytes('abc'), null, null);
    client.close();
    for await (const accepted of server.clients()) {
        let text = '';
        for await (const message of accepted)
            text += message.toText();
        assertEqual(text, 'abc');
        server.close();
    }
    assert(!server.is_open);
});

test('exact number of bytes', async () => {
    const server = await serve(Aionet.TCP);
    const client = await connect(server);
    const accepted = await server.accept_async(-1, null);
    await client.send_async(bytes('abcde'), null, null);
    assertEqual((await accepted.receive_n_async(4, -1, null)).toText(), 'abcd');
    assertEqual((await accepted.receive_async(-1, null)).toText(), 'e');
    client.close();
    server.close();
});

test('subscriptions', async () => {
    const server = await serve(Aionet.UDP);
    const client = await connect(server);
    const wanted = server.subscribe('^A', null);
    for (const text of ['A1', 'xA2', 'A3'])
        client.send(bytes(text), null);
    const seen = [];
    for await (const message of wanted) {
        seen.push(message.toText());
        if (seen.length === 2)
            break;
    }
    assertEqual(seen, ['A1', 'A3']);
    assertEqual((await server.receive_async(-1, null)).toText(), 'xA2');
    client.close();
    server.close();
});

test('errors: refused, late, timed out', async () => {
    const server = await serve(Aionet.TCP);
    const target = server.get_local_address().to_string();
    const waiting = caught(server.accept_async(1, null));
    assert((await waiting).matches(Gio.IOErrorEnum, Gio.IOErrorEnum.TIMED_OUT));
    server.close();
    const refused = await caught(Aionet.Pipe.new(Aionet.TCP, target, null).open_async(null));
    assert(refused.matches(Gio.IOErrorEnum, Gio.IOErrorEnum.CONNECTION_REFUSED), `${refused}`);
    const late = await caught(server.accept_async(-1, null));
    assert(late.matches(Aionet.Error, Aionet.Error.CLOSED), `${late}`);
});

run();

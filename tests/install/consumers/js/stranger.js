// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright 2026 The libaionet authors

// What stranger.c does, in JavaScript.
imports.gi.versions.Aionet = '1';
const {Aionet, GLib} = imports.gi;
const System = imports.system;

const PATIENCE_MS = 30000;

async function sendToMyself(text) {
    const local = Aionet.Interface.new_default().get_route(Aionet.IP4).bind_to('127.0.0.1', 0);
    const server = Aionet.Pipe.new(Aionet.TCP, null, local);
    await server.open_async(null);
    const client = Aionet.Pipe.new(Aionet.TCP, server.get_local_address().to_string(), null);
    await client.open_async(null);
    await client.send_async(new TextEncoder().encode(text), null, null);
    const visitor = await server.accept_async(PATIENCE_MS, null);
    const message = await visitor.receive_async(PATIENCE_MS, null);
    print(`received ${message.toText()}`);
}

async function main() {
    const backend = Aionet.Host.get_default().get_address_backend();
    for (const link of await backend.list_links_async(PATIENCE_MS, null))
        print(`link ${link.get_name()}`);
    const nic = Aionet.Interface.new('eth0');
    await nic.load_async(null);
    print(`external ${nic.get_route_pool(Aionet.IP4).at(0).get_ext_address().to_string()}`);
    await sendToMyself('hello');
}

const loop = new GLib.MainLoop(null, false);
let status = 0;
main().catch(error => {
    printerr(error);
    status = 1;
}).finally(() => loop.quit());
loop.run();
System.exit(status);

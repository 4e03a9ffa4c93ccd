#!/usr/bin/env -S gjs -m
// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright 2026 The libaionet authors

// A STUN server on the external addresses of this host, until Ctrl+C; then it tells how many
// requests it has answered. With two external addresses it helps clients to find out about NATs.
//
//     $ ./stun-server.js 3478
//     UDP 1.3.3.7:3478
//     ...
//     ^C
//     answered 2 requests
import Aionet from 'gi://Aionet?version=1';
import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import System from 'system';

const SIGINT = 2;
const port = /^\d+$/.test(ARGV[0]) ? Number(ARGV[0]) : NaN;
if (ARGV.length !== 1 || !(port <= 65535)) {
    printerr('usage: stun-server.js PORT');
    System.exit(2);
}

const server = new Aionet.StunServer({port});
try {
    // null: all interfaces of this host. Loads them first, to know what clients see of them.
    await server.start_async();
} catch (error) {
    printerr(error.message);
    System.exit(1);
}
for (const listener of server.get_listeners()) {
    const protocol = listener.get_protocol() === Aionet.UDP ? 'UDP' : 'TCP';
    print(`${protocol} ${listener.get_local_address().to_string()}`);
}
await new Promise(resolve => GLib.unix_signal_add(GLib.PRIORITY_DEFAULT, SIGINT, () => {
    resolve(null);
    return GLib.SOURCE_REMOVE;
}));
print(`answered ${server.get_n_answered(Gio.SocketProtocol.DEFAULT)} requests`);
server.close();

#!/usr/bin/env -S gjs -m
// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright 2026 The libaionet authors

// Echoes what TCP clients send, on every address of this host, over IPv4 and IPv6, until Ctrl+C.
// For port 0 the system picks one, the same for both.
//
//     $ ./tcp-echo-daemon.js 0
//     port 40001
import Aionet from 'gi://Aionet?version=1';
import GLib from 'gi://GLib';
import System from 'system';

const SIGINT = 2;
const port = /^\d+$/.test(ARGV[0]) ? Number(ARGV[0]) : NaN;
if (ARGV.length !== 1 || !(port <= 65535)) {
    printerr('usage: tcp-echo-daemon.js PORT');
    System.exit(2);
}

const daemon = new Aionet.Daemon();
daemon.connect('message', (_daemon, client, message) => {
    try {
        client.send(message.bytes, message.sender);
    } catch (error) { // it does not read what it asked for, or is gone
        printerr(error.message);
        client.close();
    }
});
try {
    print(`port ${daemon.listen_all(Aionet.TCP, port)}`);
} catch (error) {
    printerr(error.message);
    System.exit(1);
}
await new Promise(resolve => GLib.unix_signal_add(GLib.PRIORITY_DEFAULT, SIGINT, () => {
    resolve(null);
    return GLib.SOURCE_REMOVE;
}));
daemon.close();

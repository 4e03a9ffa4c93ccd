#!/usr/bin/env -S gjs -m
// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright 2026 The libaionet authors

// Joins the TCP clients of a port of this host with a server elsewhere, until Ctrl+C.
//
//     $ ./relay.js 8080 192.0.2.10:80
//     port 8080
import Aionet from 'gi://Aionet?version=1';
import GLib from 'gi://GLib';
import System from 'system';

const SIGINT = 2;
const [portText, target] = ARGV;
const port = /^\d+$/.test(portText) ? Number(portText) : NaN;
if (ARGV.length !== 2 || !(port <= 65535)) {
    printerr('usage: relay.js PORT HOST:PORT');
    System.exit(2);
}

const daemon = new Aionet.Daemon();
daemon.connect('client', async (_daemon, client) => {
    const pipe = new Aionet.Pipe(Aionet.TCP, target);
    try {
        client.forward(pipe); // the relay keeps both pipes until the last byte has passed
        await pipe.open_async();
    } catch (error) { // it is closed then, and its client with it
        printerr(error.message);
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

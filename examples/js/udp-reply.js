#!/usr/bin/env -S gjs -m
// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright 2026 The libaionet authors

// Answers every datagram with where it came from, as seen here, and what it said, on every address
// of this host until Ctrl+C. udp-request.js is its client; behind a NAT it learns its outside address.
//
//     $ ./udp-reply.js 7000
//     port 7000
import Aionet from 'gi://Aionet?version=1';
import GLib from 'gi://GLib';
import System from 'system';

const SIGINT = 2;
const port = /^\d+$/.test(ARGV[0]) ? Number(ARGV[0]) : NaN;
if (ARGV.length !== 1 || !(port <= 65535)) {
    printerr('usage: udp-reply.js PORT');
    System.exit(2);
}

const daemon = new Aionet.Daemon();
daemon.connect('message', (_daemon, server, message) => {
    const sender = message.sender;
    const reply = `${sender.to_string()} said ${message.toText()}`;
    try {
        server.send(reply, sender);
    } catch (error) {
        printerr(`${sender.to_string()}: ${error.message}`);
    }
});
try {
    print(`port ${daemon.listen_all(Aionet.UDP, port)}`);
} catch (error) {
    printerr(error.message);
    System.exit(1);
}
await new Promise(resolve => GLib.unix_signal_add(GLib.PRIORITY_DEFAULT, SIGINT, () => {
    resolve(null);
    return GLib.SOURCE_REMOVE;
}));
daemon.close();

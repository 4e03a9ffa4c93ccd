#!/usr/bin/env -S gjs -m
// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright 2026 The libaionet authors

// Hands what one TCP client says to the next, and the other way round, until Ctrl+C: hole-punch.js
// needs such a third host for the two to tell each other where they are.
//
//     $ ./rendezvous.js 9000
//     port 9000
import Aionet from 'gi://Aionet?version=1';
import GLib from 'gi://GLib';
import System from 'system';

const SIGINT = 2;
const port = /^\d+$/.test(ARGV[0]) ? Number(ARGV[0]) : NaN;
if (ARGV.length !== 1 || !(port <= 65535)) {
    printerr('usage: rendezvous.js PORT');
    System.exit(2);
}

function tell(client, offer) {
    try {
        client.send(offer);
    } catch (error) {
        printerr(error.message);
    }
}

const daemon = new Aionet.Daemon();
let first = null;
// An offer is small enough to come as one message. The first client waits for the second.
daemon.connect('message', (_daemon, client, message) => {
    if (!first) {
        first = {client, offer: message.bytes};
        return;
    }
    tell(first.client, message.bytes);
    tell(client, first.offer);
    first = null;
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

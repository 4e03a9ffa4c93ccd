#!/usr/bin/env -S gjs -m
// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright 2026 The libaionet authors

// Follows the interfaces of this host until Ctrl+C: prints each with its addresses, and again
// whenever that has changed. One that is gone is down. No packet is sent.
//
//     $ ./watch.js
//     eth0 up 192.168.21.21
//     eth0 up 192.168.21.21 192.168.21.50
import Aionet from 'gi://Aionet?version=1';
import System from 'system';

if (ARGV.length !== 0) {
    printerr('usage: watch.js');
    System.exit(2);
}

const shown = new Map(); // interface -> its line

function show(nic) {
    const addresses = [...nic.get_addresses()];
    const line = [nic.get_name(), nic.get_is_up() ? 'up' : 'down', ...addresses].join(' ');
    if (line !== shown.get(nic)) // several signals may come of one change
        print(line);
    shown.set(nic, line);
}

const host = Aionet.Host.get_default();
host.connect('items-changed', (_host, position, nRemoved, nAdded) => {
    for (const nic of [...host].slice(position, position + nAdded)) {
        // One that has only changed its place in the list is watched already.
        if (shown.has(nic))
            continue;
        show(nic);
        nic.connect('notify::is-up', () => show(nic));
        nic.get_addresses().connect('items-changed', () => show(nic));
    }
});
try {
    await host.refresh_async(); // from its first refresh on the list follows what happens
    await new Promise(() => {}); // for ever
} catch (error) {
    printerr(error.message);
    System.exit(1);
}

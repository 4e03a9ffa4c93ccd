#!/usr/bin/env -S gjs -m
// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright 2026 The libaionet authors

// Loads all interfaces of this host, and prints their routes: which addresses of an interface the
// outside sees as which.
//
//     $ ./interfaces.js
//     eth0
//       [192.168.21.21] -> [1.3.3.7]
//     lo
import Aionet from 'gi://Aionet?version=1';
import System from 'system';

if (ARGV.length !== 0) {
    printerr('usage: interfaces.js');
    System.exit(2);
}

try {
    const host = Aionet.Host.get_default();
    await host.load_all_async();
    for (const nic of host) {
        print(nic.get_name());
        for (const family of [Aionet.IP4, Aionet.IP6]) {
            for (const route of nic.rp[family].get_groups())
                print(`  ${route}`);
        }
    }
} catch (error) {
    printerr(error.message);
    System.exit(1);
}

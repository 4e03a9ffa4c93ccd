#!/usr/bin/env -S gjs -m
// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright 2026 The libaionet authors

// Fetches a page once over each of some external addresses of this host, with libsoup: the server
// sees a different client each time.
//
//     $ ./http-over-route.js http://192.0.2.10:8080/ 1.3.3.7 1.3.3.8
//     You are 1.3.3.7
//     You are 1.3.3.8
import Aionet from 'gi://Aionet?version=1';
import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import Soup from 'gi://Soup?version=3.0';
import System from 'system';

Gio._promisify(Soup.Session.prototype, 'send_and_read_async');

function findRoute(nic, address) {
    const route = nic.rp[address.includes(':') ? Aionet.IP6 : Aionet.IP4].lookup(address);
    if (!route)
        throw new Error('not an address of this host');
    return route.bind();
}

async function fetchPage(url, route) {
    const session = new Soup.Session({local_address: route.get_local_address()});
    const message = Soup.Message.new('GET', url);
    const page = await session.send_and_read_async(message, GLib.PRIORITY_DEFAULT, null);
    return new TextDecoder().decode(page.toArray());
}

const [url, ...addresses] = ARGV;
if (addresses.length === 0 || !GLib.uri_is_valid(url, GLib.UriFlags.NONE)) {
    printerr('usage: http-over-route.js URL ADDRESS...');
    System.exit(2);
}

try {
    const nic = new Aionet.Interface(); // the one that the system prefers
    await nic.load_async();
    for (const address of addresses) {
        try {
            print(await fetchPage(url, findRoute(nic, address)));
        } catch (error) {
            throw new Error(`${address}: ${error.message}`);
        }
    }
} catch (error) {
    printerr(error.message);
    System.exit(1);
}

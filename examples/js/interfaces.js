#!/usr/bin/env -S gjs
// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright 2026 The libaionet authors

// Lists the interfaces of this host, and the routes of the one that the system prefers.
imports.gi.versions.Aionet = '1';
const {Aionet, GLib} = imports.gi;
const System = imports.system;

async function main() {
    const host = Aionet.Host.get_default();
    await host.refresh_async(null);
    for (const nic of host)
        print(nic.get_name());
    const nic = Aionet.Interface.new(null);
    await nic.load_async(null);
    const pool = nic.get_route_pool(Aionet.IP4);
    print(`${pool.get_n_addresses()} external addresses`);
    const groups = pool.get_groups();
    for (let i = 0; i < groups.get_n_items(); i++)
        print(`${groups.get_item(i)}`);
}

const loop = new GLib.MainLoop(null, false);
let status = 0;
main().catch(error => {
    printerr(error.message);
    status = 1;
}).finally(() => loop.quit());
loop.run();
System.exit(status);

#!/usr/bin/env -S gjs -m
// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright 2026 The libaionet authors

// An address backend as a plugin: what netlink finds, without the interfaces of Docker. The program
// adds it to the plugins of the library, which uses it for its high priority.
//
//     $ ./plugin.js
//     eth0
//     lo
import Aionet from 'gi://Aionet?version=1';
import GObject from 'gi://GObject';
import System from 'system';

if (ARGV.length !== 0) {
    printerr('usage: plugin.js');
    System.exit(2);
}

const registry = Aionet.Registry.get_default();

const NoDocker = GObject.registerClass(class NoDocker extends Aionet.AddressBackend {
    // Its result, or what it throws, answers the request. The other request ends when this one does. A
    // backend that watches the host itself, as netlink does, calls emit_changed() on a change.
    async vfunc_begin(request) {
        const netlink = registry.create_provider(Aionet.AddressBackend, 'netlink');
        const links = await netlink.list_links_async(0, request.get_cancellable());
        return [...links].filter(link => !link.get_name().startsWith('docker'));
    }
});

try {
    registry.add_type(NoDocker, 'no-docker', 200);
    for (const name of await Aionet.list_interfaces(false))
        print(name);
} catch (error) {
    printerr(error.message);
    System.exit(1);
}

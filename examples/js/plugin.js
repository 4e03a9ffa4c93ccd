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
import Gio from 'gi://Gio';
import GObject from 'gi://GObject';
import System from 'system';

if (ARGV.length !== 0) {
    printerr('usage: plugin.js');
    System.exit(2);
}

const registry = Aionet.Registry.get_default();

const NoDocker = GObject.registerClass(class NoDocker extends Aionet.AddressBackend {
    async vfunc_begin(request) {
        const kept = Gio.ListStore.new(Aionet.Link);
        try {
            // The other request ends when this one does. A backend that watches the host itself, as
            // netlink does, calls emit_changed() when something happens.
            const netlink = registry.create_provider(Aionet.AddressBackend, 'netlink');
            for (const link of await netlink.list_links_async(0, request.get_cancellable())) {
                if (!link.get_name().startsWith('docker'))
                    kept.append(link);
            }
            request.complete(kept);
        } catch (error) {
            request.fail(error);
        }
    }
});

try {
    registry.add_type(NoDocker, 'no-docker', 200);
    const host = Aionet.Host.get_default();
    await host.refresh_async(null);
    for (const nic of host)
        print(nic.get_name());
} catch (error) {
    printerr(error.message);
    System.exit(1);
}

#!/usr/bin/env -S gjs
// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright 2026 The libaionet authors

// Prints the datagrams on a port of this host that match a pattern and a sender:
// subscribe.js PORT PATTERN SENDER
imports.gi.versions.Aionet = '1';
const {Aionet, Gio, GLib} = imports.gi;

async function main(port, pattern, sender) {
    const route = Aionet.Interface.new_default().get_route(Aionet.IP4).bind(Number(port));
    const pipe = Aionet.Pipe.new(Aionet.UDP, null, route);
    // Port 0: whatever port the sender uses.
    const subscription = pipe.subscribe(pattern, Gio.InetSocketAddress.new_from_string(sender, 0));
    await pipe.open_async(null);
    for await (const message of subscription)
        print(message.toText());
}

const loop = new GLib.MainLoop(null, false);
main(...ARGV).catch(error => printerr(error.message)).finally(() => loop.quit());
loop.run();
imports.system.exit(1);

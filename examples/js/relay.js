#!/usr/bin/env -S gjs
// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright 2026 The libaionet authors

// Joins the clients of a port of this host with a server elsewhere: relay.js PORT HOST:PORT
imports.gi.versions.Aionet = '1';
const {Aionet, GLib} = imports.gi;

async function join(client, target) {
    const pipe = Aionet.Pipe.new(Aionet.TCP, target, null);
    client.forward(pipe); // the relay keeps both pipes until the last byte has passed
    await pipe.open_async(null);
}

async function main(port, target) {
    const route = Aionet.Interface.new_default().get_route(Aionet.IP4).bind(Number(port));
    const server = Aionet.Pipe.new(Aionet.TCP, null, route);
    await server.open_async(null);
    for await (const client of server.clients())
        join(client, target).catch(error => printerr(error.message));
}

const loop = new GLib.MainLoop(null, false);
main(...ARGV).catch(error => printerr(error.message)).finally(() => loop.quit());
loop.run();
imports.system.exit(1);

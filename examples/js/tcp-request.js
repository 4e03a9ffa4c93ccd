#!/usr/bin/env -S gjs
// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright 2026 The libaionet authors

// Sends a text to a TCP server and prints the reply: tcp-request.js HOST:PORT TEXT
imports.gi.versions.Aionet = '1';
const {Aionet, GLib} = imports.gi;
const System = imports.system;

async function main(target, text) {
    const route = Aionet.Interface.new_default().get_route(Aionet.IP4);
    const pipe = Aionet.Pipe.new(Aionet.TCP, target, route);
    await pipe.open_async(null);
    await pipe.send_async(new TextEncoder().encode(text), null, null);
    const reply = await pipe.receive_async(5000, null);
    print(reply.toText());
    pipe.close();
}

const loop = new GLib.MainLoop(null, false);
let status = 0;
main(...ARGV).catch(error => {
    printerr(error.message);
    status = 1;
}).finally(() => loop.quit());
loop.run();
System.exit(status);

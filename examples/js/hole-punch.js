#!/usr/bin/env -S gjs
// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright 2026 The libaionet authors

// Speaks with a host behind another NAT, without a relay: hole-punch.js RENDEZVOUS:PORT TEXT
imports.gi.versions.Aionet = '1';
const {Aionet, GLib} = imports.gi;
const System = imports.system;

async function swap(pipe, text) {
    pipe.send(new TextEncoder().encode(text), null);
    return (await pipe.receive_async(20000, null)).toText();
}

async function reach(rendezvous) {
    const third = Aionet.Pipe.new(Aionet.TCP, rendezvous, null);
    await third.open_async(null);
    const family = third.get_remote_address().get_family();
    const route = Aionet.Interface.new_default().get_route(family);
    const punch = Aionet.HolePunch.new(route, null);
    const offer = await swap(third, await punch.prepare_async(null));
    return punch.open_async(offer, 3000, null);
}

const loop = new GLib.MainLoop(null, false);
let status = 0;
reach(ARGV[0]).then(pipe => swap(pipe, ARGV[1])).then(print).catch(error => {
    printerr(error.message);
    status = 1;
}).finally(() => loop.quit());
loop.run();
System.exit(status);

#!/usr/bin/env -S gjs
// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright 2026 The libaionet authors

// Sends a UDP request until it is answered: udp-retry.js HOST:PORT TEXT
imports.gi.versions.Aionet = '1';
const {Aionet, Gio, GLib} = imports.gi;
const System = imports.system;

async function ask(target, text) {
    const pipe = Aionet.Pipe.new(Aionet.UDP, target, null);
    await pipe.open_async(null);
    for (const timeoutMs of [250, 500, 1000, 2000, 4000]) {
        pipe.send(new TextEncoder().encode(text), null);
        try {
            return await pipe.receive_async(timeoutMs, null);
        } catch (error) {
            if (!error.matches(Gio.IOErrorEnum, Gio.IOErrorEnum.TIMED_OUT))
                throw error;
        }
    }
    throw new Error('no answer');
}

const loop = new GLib.MainLoop(null, false);
let status = 0;
ask(...ARGV).then(reply => print(reply.toText())).catch(error => {
    printerr(error.message);
    status = 1;
}).finally(() => loop.quit());
loop.run();
System.exit(status);

#!/usr/bin/env -S gjs -m
// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright 2026 The libaionet authors

// Asks a UDP server until it answers, as datagrams get lost, and waits longer each time; prints the
// answer. udp-reply.js is such a server.
//
//     $ ./udp-request.js 192.0.2.10:7000 hello
//     1.3.3.7:40312 said hello
import Aionet from 'gi://Aionet?version=1';
import Gio from 'gi://Gio';
import System from 'system';

const TIMEOUTS_MS = [250, 500, 1000, 2000, 4000];

async function ask(pipe, text) {
    for (const timeoutMs of TIMEOUTS_MS) {
        pipe.send(text);
        try {
            return await pipe.receive_async(timeoutMs);
        } catch (error) {
            const timedOut = error.matches(Gio.IOErrorEnum, Gio.IOErrorEnum.TIMED_OUT);
            if (!timedOut || timeoutMs === TIMEOUTS_MS.at(-1))
                throw error;
        }
    }
}

if (ARGV.length !== 2) {
    printerr('usage: udp-request.js HOST:PORT TEXT');
    System.exit(2);
}
const [target, text] = ARGV;

try {
    const pipe = new Aionet.Pipe(Aionet.UDP, target);
    await pipe.open_async();
    const reply = await ask(pipe, text);
    print(reply.toText());
    pipe.close();
} catch (error) {
    printerr(error.message);
    System.exit(1);
}

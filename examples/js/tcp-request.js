#!/usr/bin/env -S gjs -m
// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright 2026 The libaionet authors

// Sends a text to a TCP server, and prints what it replies within five seconds.
//
//     $ ./tcp-request.js example.com:7 hello
//     hello
import Aionet from 'gi://Aionet?version=1';
import System from 'system';

if (ARGV.length !== 2) {
    printerr('usage: tcp-request.js HOST:PORT TEXT');
    System.exit(2);
}
const [target, text] = ARGV;

try {
    const pipe = new Aionet.Pipe(Aionet.TCP, target);
    await pipe.open_async();
    pipe.send(text);
    const reply = await pipe.receive_async(5000);
    print(reply.toText());
    pipe.close();
} catch (error) {
    printerr(error.message);
    System.exit(1);
}

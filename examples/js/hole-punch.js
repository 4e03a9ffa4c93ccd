#!/usr/bin/env -S gjs -m
// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright 2026 The libaionet authors

// Swaps a text with a host behind another NAT, without a relay; rendezvous.js lets both meet.
//
//     $ ./hole-punch.js 192.0.2.10:9000 hello
//     good day
import Aionet from 'gi://Aionet?version=1';
import System from 'system';

if (ARGV.length !== 2) {
    printerr('usage: hole-punch.js RENDEZVOUS:PORT TEXT');
    System.exit(2);
}
const [rendezvous, text] = ARGV;

async function swap(pipe, message) {
    pipe.send(message);
    return (await pipe.receive_async(20000)).toText();
}

try {
    const third = new Aionet.Pipe(Aionet.TCP, rendezvous);
    await third.open_async();
    const family = third.get_remote_address().get_family();
    const route = Aionet.Interface.new_default().route(family);
    const punch = new Aionet.HolePunch(route);
    const offer = await swap(third, await punch.prepare_async());
    const pipe = await punch.open_async(offer, 3000);
    print(await swap(pipe, text));
    pipe.close();
    third.close();
} catch (error) {
    printerr(error.message);
    System.exit(1);
}

#!/usr/bin/env -S gjs -m
// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright 2026 The libaionet authors

// Prints the datagrams on a port of this host that match a pattern and come from one sender, until
// Ctrl+C. The library sorts them out; the program never sees the others.
//
//     $ ./subscribe.js 7000 '^NEWS ' 192.0.2.10
//     NEWS of a friend
import Aionet from 'gi://Aionet?version=1';
import Gio from 'gi://Gio';
import System from 'system';

const [portText, pattern, senderText] = ARGV;
const port = /^\d+$/.test(portText) ? Number(portText) : NaN;
// 0: from any of its ports
const sender = ARGV.length === 3 ? Gio.InetSocketAddress.new_from_string(senderText, 0) : null;
if (!sender || !(port <= 65535)) {
    printerr('usage: subscribe.js PORT PATTERN SENDER');
    System.exit(2);
}

try {
    const route = Aionet.Interface.new_default().route(Aionet.IP4).bind(port);
    const pipe = new Aionet.Pipe(Aionet.UDP, null, route);
    const news = pipe.subscribe(pattern, sender);
    await pipe.open_async();
    for await (const message of news)
        print(message.toText());
} catch (error) {
    printerr(error.message);
    System.exit(1);
}

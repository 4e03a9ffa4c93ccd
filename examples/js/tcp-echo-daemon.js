#!/usr/bin/env -S gjs
// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright 2026 The libaionet authors

// Echoes what TCP clients send, on every address of this host: tcp-echo-daemon.js [PORT]
imports.gi.versions.Aionet = '1';
const {Aionet, GLib, GObject} = imports.gi;

const Echo = GObject.registerClass(class EchoDaemon extends Aionet.Daemon {
    vfunc_message(pipe, message) {
        try {
            pipe.send(message.get_bytes(), message.get_sender());
        } catch (error) { // a client that does not read what it asked for, or is gone
            printerr(error.message);
            pipe.close();
        }
    }
});

const nic = Aionet.Interface.new_default();
const daemon = new Echo();
print(`port ${daemon.listen_all(Aionet.TCP, Number(ARGV[0] ?? 0), nic)}`);
new GLib.MainLoop(null, false).run();

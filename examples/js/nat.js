#!/usr/bin/env -S gjs -m
// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright 2026 The libaionet authors

// Finds out what kind of NAT this host is behind, and whether two hosts behind such NATs can reach
// each other over UDP without a relay.
//
//     $ ./nat.js
//     eth0: restrict port
//     random delta (local port == rand port)
//     two such hosts can connect: Both NATs keep one external port for all destinations
import Aionet from 'gi://Aionet?version=1';
import System from 'system';

if (ARGV.length !== 0) {
    printerr('usage: nat.js');
    System.exit(2);
}

try {
    const nic = new Aionet.Interface(); // the one that the system prefers
    const nat = await nic.load_nat_async();
    const plan = new Aionet.NatPlan(nat, nat);
    print(`${nic.get_name()}: ${nat.get_info()}`);
    print(nat.get_delta_info());
    print(`two such hosts ${plan.is_possible() ? 'can connect' : 'need a relay'}: ${plan.get_reason()}`);
} catch (error) {
    printerr(error.message);
    System.exit(1);
}

#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 The libaionet authors
"""Prints the table of which NATs can be met and how, as the library decides it, for nat-types.md."""
import gi
gi.require_version('Aionet', '1')
from gi.repository import Aionet

NATS = [(f'{number} {name}', Aionet.Nat.new(Aionet.NatType(number), Aionet.DeltaType.RANDOM, 0))
        for number, name in enumerate(('open', 'firewall', 'full cone', 'restricted', 'port restricted'), 1)]
NATS += [
    ('6a symmetric, ports in order', Aionet.Nat.new(Aionet.NatType.SYMMETRIC, Aionet.DeltaType.INDEPENDENT, 1)),
    ('6b symmetric, random ports', Aionet.Nat.new(Aionet.NatType.SYMMETRIC, Aionet.DeltaType.RANDOM, 0)),
    ('7 blocked', Aionet.Nat.new(Aionet.NatType.BLOCKED, Aionet.DeltaType.RANDOM, 0)),
]
METHODS = {
    Aionet.NatMethod.NONE: 'relay', Aionet.NatMethod.DIRECT: 'direct',
    Aionet.NatMethod.HOLE_PUNCHING: 'punch', Aionet.NatMethod.PORT_PREDICTION: 'predict',
}


def cell(nat, other):
    method = Aionet.NatPlan.new(nat, other).get_method()
    assert nat.can_connect(other) == (method != Aionet.NatMethod.NONE)
    return METHODS[method]


print('| | ' + ' | '.join(name.partition(' ')[0] for name, _ in NATS) + ' |')
print('|---' * (len(NATS) + 1) + '|')
for name, nat in NATS:
    print(f'| **{name}** | ' + ' | '.join(cell(nat, other) for _, other in NATS) + ' |')

// SPDX-License-Identifier: LGPL-2.1-or-later
// Iteration, numbers beyond 2^53, constructors, printing.
Symbol.dispose ??= Symbol('Symbol.dispose'); // as compilers and newer engines bring it
imports.searchPath.unshift(ARGV[0]);
const {Aionet, Gio, GLib} = imports.gi;
const {test, run, assert, assertEqual, assertThrows} = imports.tap;

const text = items => [...items].map(String);
const addresses = items => [...items].map(item => item.to_string());

function poolOf(family, ...exts) {
    return new Aionet.RoutePool(family, exts.map(ext => new Aionet.Route(family, ext, ext)));
}

test('every list of ours is iterable', () => {
    const pool = poolOf(Aionet.IP4, '8.8.8.0/24', '9.9.9.9');
    const [first, second, ...rest] = pool;
    assertEqual([`${first}`, `${second}`, rest.length], ['[8.8.8.1] -> [8.8.8.1]', '[8.8.8.2] -> [8.8.8.2]', 253]);
    assertEqual(text(pool.get_groups()), ['[8.8.8.0/24] -> [8.8.8.0/24]', '[9.9.9.9] -> [9.9.9.9]']);
    assertEqual(text(pool.groups.at(-1).get_ext_ranges()), ['9.9.9.9']);
    assertEqual(text(pool.get_alternatives(pool.at(-2), 2)), ['[9.9.9.9] -> [9.9.9.9]', '[8.8.8.1] -> [8.8.8.1]']);
    assertEqual([...pool.get_alternatives(first)].length, 254);
    assertEqual(pool.get_alternatives(first).at(254), null);
    assertEqual(addresses(new Aionet.IpRange('10.0.0.0/30')), ['10.0.0.1', '10.0.0.2']);

    const nic = Aionet.Interface.new_default();
    for (const list of [nic.get_addresses(), nic.get_link_locals(), new Aionet.Host(), new Aionet.Daemon().get_listeners(),
        new Aionet.Daemon().list_clients(), new Aionet.Link('a', 1).get_gateways(), new Aionet.Link('a', 1).get_blocks()])
        assertEqual([[...list], list.at?.(0) ?? null], [[], null]);
    assert([...Aionet.Registry.get_default()].map(info => info.get_name()).includes('replay'));
    assertEqual(Aionet.Registry.get_default().at(0), [...Aionet.Registry.get_default()][0]);
});

test('at() counts as that of arrays does', () => {
    const block = new Aionet.IpRange('10.0.0.0/29');
    const array = [...block];
    for (const index of [0, 1, -1, -6, -7, 5, 6, 1.9, -1.9, NaN, undefined])
        assertEqual(block.at(index)?.to_string(), array.at(index)?.to_string());
    assertEqual(block.at(3n).to_string(), '10.0.0.4');
    assertEqual(block.at(-3n).to_string(), '10.0.0.4');
});

test('sizes beyond 2^53 are exact, and nothing is materialised', () => {
    const block = new Aionet.IpRange('2001:db8::/64');
    assertEqual(`${block.size}`, `${2n ** 64n - 1n}`);
    assertEqual(block.at(-1).to_string(), '2001:db8::ffff:ffff:ffff:ffff');
    assertEqual(block.at(2n ** 53n).to_string(), '2001:db8::20:0:0:1');
    assertEqual(block.at(block.size), null);
    // Numbers are what C's numbers come to, without a warning on each.
    assertEqual([block.n_addresses, block.nAddresses, block.get_n_addresses()], [2 ** 64, 2 ** 64, 2 ** 64]);

    const wide = new Aionet.IpRange('2001:db8::/48');
    assertEqual(`${wide.size}`, `${2n ** 80n - 1n}`);
    assertEqual(wide.at(-1).to_string(), '2001:db8:0:ffff:ffff:ffff:ffff:ffff');
    assertEqual([2n ** 64n - 2n, 2n ** 64n - 1n, 2n ** 64n].map(i => wide.at(i).to_string()),
        ['2001:db8::ffff:ffff:ffff:ffff', '2001:db8:0:1::', '2001:db8:0:1::1']);

    const pool = poolOf(Aionet.IP6, '2001:db8::/64', '2001:db9::/64');
    assertEqual(`${pool.size}`, `${2n ** 65n - 2n}`);
    const ext = route => route.get_ext_address().to_string();
    assertEqual([0, -1, 2n ** 64n - 2n, 2n ** 64n - 1n].map(i => ext(pool.at(i))),
        ['2001:db8::1', '2001:db9::ffff:ffff:ffff:ffff', '2001:db8::ffff:ffff:ffff:ffff', '2001:db9::1']);
    const group = pool.groups.at(0);
    assertEqual([`${group.size}`, group.get_n_addresses()], [`${2n ** 64n - 1n}`, 2 ** 64]);
    for (const route of pool) {
        assertEqual(ext(route), '2001:db8::1');
        break;
    }
    assertEqual(`${poolOf(Aionet.IP4, '8.0.0.0/8').size}`, '16646144');
});

test('addresses and ranges may be text', () => {
    const pool = poolOf(Aionet.IP4, '8.8.8.0/24');
    const [route, index] = pool.find('8.8.8.9');
    assertEqual([`${route}`, index], ['[8.8.8.0/24] -> [8.8.8.0/24]', 8]);
    assert(pool.contains('8.8.8.1') && !pool.contains('9.9.9.9'));
    assert(new Aionet.IpRange('10.0.0.0/8').contains('10.1.2.3'));
    assert(route.has_ext_address('8.8.8.9') && !route.has_ext_address('8.8.9.9'));
    assertThrows(() => pool.contains('8.8.8.0/24'), Aionet.Error, Aionet.Error.INVALID_ADDRESS);
});

test('constructors', () => {
    const made = [
        new Aionet.IpRange('10.0.0.0/8'), new Aionet.IpRange('10.0.0.0', 8),
        new Aionet.IpRange(Gio.InetAddress.new_from_string('10.0.0.0'), 8), Aionet.IpRange.new('10.0.0.0', 8),
    ];
    for (const range of made)
        assert(range instanceof Aionet.IpRange && range.equal(made[0]));
    assertThrows(() => new Aionet.IpRange('10.0.0.0/33'), Aionet.Error, Aionet.Error.INVALID_ADDRESS);

    const route = new Aionet.Route(Aionet.IP4, ['127.0.0.1', '127.0.0.2'], '8.8.8.8').bind();
    assertEqual(text(route.get_nic_ranges()), ['127.0.0.1', '127.0.0.2']);
    for (const pipe of [new Aionet.Pipe(Aionet.UDP, '127.0.0.1:9', route), Aionet.Pipe.new(Aionet.UDP, '127.0.0.1:9', route),
        new Aionet.Pipe({protocol: Aionet.UDP, target: '127.0.0.1:9', route})])
        assert(pipe.protocol === Aionet.UDP && pipe.target === '127.0.0.1:9' && pipe.route.equal(route));
    assert(new Aionet.Pipe(Aionet.TCP, null, route).is_server);

    assertEqual([[], [null], ['a'], [{name: 'b'}]].map(args => new Aionet.Interface(...args).name),
        [null, null, 'a', 'b']);
    assertEqual(text([new Aionet.Target('[::1]:80'), new Aionet.Target('::1', 80), Aionet.Target.new_from_string('a', 80)]),
        ['[::1]:80', '[::1]:80', 'a:80']);
    const nat = new Aionet.Nat(Aionet.NatType.FULL_CONE, Aionet.DeltaType.EQUAL, 0);
    assert(nat.equal(Aionet.Nat.new(Aionet.NatType.FULL_CONE, Aionet.DeltaType.EQUAL, 0)));
    assert(new Aionet.NatPlan(nat, nat).is_possible());
    assert(new Aionet.HolePunch(route).nat !== undefined);
    for (const wrong of [() => new Aionet.IpRange(), () => new Aionet.Route(Aionet.IP4)]) {
        let failure = null;
        try {
            wrong();
        } catch (error) {
            failure = error;
        }
        assert(failure instanceof Error, `${wrong}`);
    }
});

test('an interface as Python has it', () => {
    const nic = Aionet.Interface.fromJSON({name: 'eth9', nat: {type: 5, delta: {type: 6, value: 0}}, rp: {
        2: [{af: 2, nic_ips: [{ip: '192.168.0.2', cidr: 32, af: 2}], ext_ips: [{ip: '1.3.3.7', cidr: 32, af: 2}]}],
    }});
    assertEqual([...nic.rp[Aionet.IP4]].map(String), ['[192.168.0.2] -> [1.3.3.7]']);
    assertEqual([...nic.rp[Aionet.IP6]], []);
    assertEqual([...nic.rp].map(pool => pool.get_family()), [Aionet.IP4, Aionet.IP6]);
    assertEqual(`${nic.route()}`, `${nic.route(Aionet.IP4)}`);
    assertThrows(() => nic.route(Aionet.IP6), Aionet.Error, Aionet.Error.UNSUPPORTED_FAMILY);
    assert(Aionet.Interface.fromJSON(JSON.stringify(nic)).equal(nic));
    const {type, nat_info: info, delta, delta_info: deltaInfo} = nic.toJSON().nat;
    assertEqual(nic.get_nat().toJSON(), {type, nat_info: info, delta, delta_info: deltaInfo});
});

test('what console.log() and templates print', () => {
    const pool = poolOf(Aionet.IP4, '8.8.8.8');
    assertEqual(JSON.stringify({pool, address: new Aionet.IpRange('::1'), to: new Aionet.Target('a:1')}),
        '{"pool":["[8.8.8.8] -> [8.8.8.8]"],"address":"::1","to":"a:1"}');
    const endpoint = port => Gio.InetSocketAddress.new_from_string('127.0.0.1', port);
    const printed = [
        [new Aionet.Message('hello', endpoint(9)), '[Aionet.Message 5 bytes from 127.0.0.1:9]'],
        [new Aionet.Pipe(Aionet.UDP, 'a:1'), '[Aionet.Pipe UDP -> a:1 (not open)]'],
        [new Aionet.Link('eth0', 2), '[Aionet.Link 2 eth0]'],
        [new Aionet.Gateway(Aionet.IP4, '10.0.0.1'), '[Aionet.Gateway 10.0.0.1]'],
        [new Aionet.Mapping(Aionet.UDP, endpoint(1), endpoint(2), endpoint(3)),
            '[Aionet.Mapping UDP 127.0.0.1:2 -> 127.0.0.1:3 by 127.0.0.1:1]'],
    ];
    for (const [object, wanted] of printed)
        assertEqual([`${object}`, JSON.parse(JSON.stringify(object))], [wanted, wanted]);
    assertEqual(`${new Aionet.Nat(2, 2, 0)}`, '[Aionet.Nat possible firewall (no NAT), equal delta (local port == mapped port)]');
});

test('pipes, daemons and subscriptions are disposable', async () => {
    const server = new Aionet.Pipe(Aionet.UDP, null,
        Aionet.Interface.new_default().get_route(Aionet.IP4).bind_to('127.0.0.1'));
    await server.open_async();
    const subscription = server.subscribe();
    subscription[Symbol.dispose]();
    for await (const message of subscription)
        assert(false, `${message} after the end`);
    server[Symbol.dispose]();
    assert(!server.is_open);
    const daemon = new Aionet.Daemon();
    daemon.listen_loopback(Aionet.TCP);
    daemon[Symbol.dispose]();
    assertEqual([...daemon.get_listeners()], []);
});

run();

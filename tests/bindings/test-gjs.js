// SPDX-License-Identifier: LGPL-2.1-or-later
// The walk of test-values.py and test-interface.py in GJS, on the built typelib.
imports.searchPath.unshift(ARGV[0]);
const {Aionet, Gio, GLib, GObject} = imports.gi;
const {test, run, assert, assertEqual, assertThrows} = imports.tap;

const GUIDE = {
    name: 'Intel(R) Wi-Fi 6 AX200 160MHz',
    nat: {
        type: 5, nat_info: 'restrict port', delta: {type: 6, value: 0},
        delta_info: 'random delta (local port == rand port)',
    },
    rp: {
        2: [{
            af: 2,
            nic_ips: [{ip: '192.168.21.21', cidr: 32, af: 2}],
            ext_ips: [{ip: '1.3.3.7', cidr: 32, af: 2}],
        }],
        23: [],
    },
};

const JsBackend = GObject.registerClass({GTypeName: 'TestJsBackend'},
    class extends Aionet.AddressBackend {
        vfunc_begin(request) {
            const link = Aionet.Link.new('js0', 8);
            link.is_up = true;
            link.add_address(Aionet.IpRange.new_from_string('192.168.8.8'), Aionet.AddressFlags.NONE);
            const links = Gio.ListStore.new(Aionet.Link);
            links.append(link);
            request.complete(links);
        }
    });

const JsStun = GObject.registerClass({GTypeName: 'TestJsStun'},
    class extends Aionet.StunProvider {
        vfunc_begin(request) {
            request.complete(Aionet.Mapping.new(request.get_protocol(), request.get_server(),
                request.get_local_address(), Gio.InetSocketAddress.new_from_string('1.3.3.7', 40000)));
        }
    });

const JsThrows = GObject.registerClass({GTypeName: 'TestJsThrows'},
    class extends Aionet.StunProvider {
        vfunc_begin(request) {
            request.fail(new GLib.Error(Gio.IOErrorEnum, Gio.IOErrorEnum.FAILED, 'no mapping today'));
        }
    });

const JsEcho = GObject.registerClass({GTypeName: 'TestJsEcho'},
    class extends Aionet.Daemon {
        vfunc_message(pipe, message) {
            pipe.send(message.get_bytes(), message.get_sender());
        }
    });

function makeHost(provider) {
    const host = Aionet.Host.new();
    host.set_stun_servers(['192.0.2.1:3478', '198.51.100.1:3478', '203.0.113.1:3478']);
    host.set_address_backend(new JsBackend());
    host.set_stun_provider(provider);
    return host;
}

function poolOf(...exts) {
    const routes = Gio.ListStore.new(Aionet.Route);
    for (const ext of exts) {
        const ranges = Gio.ListStore.new(Aionet.IpRange);
        ranges.append(Aionet.IpRange.new_from_string(ext));
        routes.append(Aionet.Route.new(Aionet.IP4, ranges, ranges, null));
    }
    return Aionet.RoutePool.new(Aionet.IP4, routes);
}

const ext = route => route.get_ext_address().to_string();

test('ranges', () => {
    const block = Aionet.IpRange.new_from_string('8.8.0.0/16');
    assertEqual(block.get_n_addresses(), 65024);
    assertEqual(block.at(0).to_string(), '8.8.0.1');
    assertEqual(block.at(-1).to_string(), '8.8.255.254');
    assertEqual(block.at(65024), null);
    assertEqual(`${block}`, '8.8.0.0/16');
    assert(block.equal(Aionet.IpRange.new_from_string('8.8.0.0/16')));
    assertEqual([...Aionet.IpRange.new_from_string('10.0.0.0/30')].map(a => a.to_string()), ['10.0.0.1', '10.0.0.2']);
});

test('pools: length, index, iteration', () => {
    const pool = poolOf('8.8.8.0/24', '7.7.7.0/24', '9.9.9.9');
    assertEqual(pool.get_n_addresses(), 509);
    assertEqual(pool.get_n_items(), 509);
    assertEqual([10, 264, 508, -1, -2].map(i => ext(pool.at(i))),
        ['8.8.8.11', '7.7.7.11', '9.9.9.9', '9.9.9.9', '7.7.7.254']);
    const walked = [...pool].map(ext);
    assertEqual([walked.length, walked[0], walked[508]], [509, '8.8.8.1', '9.9.9.9']);
    assertEqual(pool.get_route_at(509), null);
});

test('JSON there and back', () => {
    const nic = Aionet.Interface.new_from_json_string(JSON.stringify(GUIDE));
    assertEqual(nic.get_name(), GUIDE.name);
    assertEqual(ext(nic.get_route_pool(Aionet.IP4).at(0)), '1.3.3.7');
    assert(`${nic}`.startsWith('Interface.from_dict('));
    const again = Aionet.Interface.new_from_json_string(nic.to_json_string());
    assert(again.equal(nic));
    assertEqual(JSON.parse(JSON.stringify(nic)), JSON.parse(again.to_json_string()));
});

test('errors have domain and code', () => {
    assertThrows(() => Aionet.IpRange.new_from_string('meow'), Aionet.Error, Aionet.Error.INVALID_ADDRESS);
    assertThrows(() => Aionet.Interface.new_from_json_string('{'), Aionet.Error, Aionet.Error.INVALID_JSON);
});

test('providers in JS, loaded with promises', async () => {
    const host = makeHost(new JsStun());
    await host.refresh_async(null);
    await host.load_all_async(null);
    const nic = host.get_interface('js0');
    assertEqual([...nic.get_route_pool(Aionet.IP4)].map(ext), ['1.3.3.7']);
    assertEqual([...host].map(n => n.get_name()), ['js0']);
});

test('a failing provider costs the external address only', async () => {
    const host = makeHost(new JsThrows());
    await host.refresh_async(null);
    await host.load_all_async(null);
    const nic = host.get_interface('js0');
    assertEqual(nic.get_route_pool(Aionet.IP4).get_n_addresses(), 0);
    assertEqual(nic.get_addresses().get_n_items(), 1);
});

test('the contract of providers, on those written in JS', async () => {
    const registry = Aionet.Registry.new();
    registry.add_type(JsBackend, 'js', 90);
    registry.add_type(JsStun, 'js', 90);
    const backend = registry.create_provider(Aionet.AddressBackend, 'js');
    const links = [...await backend.list_links_async(5000, null)];
    assertEqual(links.map(link => [link.get_name(), link.get_index()]), [['js0', 8]]);
    assertEqual([...links[0].get_addresses()].map(range => range.to_string()), ['192.168.8.8']);
    assertEqual(links[0].get_addresses().at(-1).to_string(), '192.168.8.8');
    assertEqual([...links[0].get_gateways()], []);

    const provider = registry.create_provider(Aionet.StunProvider, 'js');
    const server = Gio.InetSocketAddress.new_from_string('127.0.0.1', 9);
    const local = Gio.InetSocketAddress.new_from_string('127.0.0.1', 10);
    const ask = cancellable => provider.ask_async(server, Aionet.UDP, local, null,
        Aionet.StunChange.NONE, 5000, cancellable);
    const mapping = await ask(null);
    assertEqual(mapping.get_server().to_string(), server.to_string());
    assertEqual(mapping.get_external().to_string(), '1.3.3.7:40000');

    const cancelled = new Gio.Cancellable();
    cancelled.cancel();
    for (const call of [() => backend.list_links_async(5000, cancelled), () => ask(cancelled)]) {
        let failure = null;
        await call().catch(error => (failure = error));
        assert(failure && failure.matches(Gio.IOErrorEnum, Gio.IOErrorEnum.CANCELLED), `${failure}`);
    }
});

test('a daemon in JS, spoken with by a pipe', async () => {
    const daemon = new JsEcho();
    const port = daemon.listen_loopback(Aionet.TCP, 0, null);
    const pipe = Aionet.Pipe.new(Aionet.TCP, `127.0.0.1:${port}`, null);
    await pipe.open_async(null);
    for (const text of ['hello', 'again']) {
        pipe.send(new GLib.Bytes(new TextEncoder().encode(text)), null);
        const answer = await pipe.receive_async(20000, null);
        assertEqual(new TextDecoder().decode(answer.get_bytes().toArray()), text);
    }
    assertEqual(daemon.n_clients, 1);
    pipe.close();
    assertEqual(await daemon.stop_async(20000, null), 0);
    assertThrows(() => daemon.listen_local(Aionet.TCP, 0, Aionet.Interface.new('none0')),
        Aionet.Error, Aionet.Error.NO_ROUTE);
});

test('default interface', async () => {
    const nic = Aionet.Interface.new_default();
    assert(nic.get_route(Aionet.IP4) !== null);
    await nic.load_async(null);
    assertEqual(nic.route(Aionet.IP6).get_family(), Aionet.IP6);
    assertEqual(nic.route().get_family(), Aionet.IP4);
});

run();

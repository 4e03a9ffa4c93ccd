// SPDX-License-Identifier: LGPL-2.1-or-later
// Compiled strictly, then run by gjs -m: what the definitions promise is what happens. The mistakes in
// mistakes() must not compile: definitions that let anything through would fail the test.
import GLib from 'gi://GLib?version=2.0';
import GObject from 'gi://GObject?version=2.0';
import Gio from 'gi://Gio?version=2.0';
import Aionet from 'gi://Aionet?version=1';
import System from 'system';
function equal(got, wanted, what) {
    if (JSON.stringify(got) !== JSON.stringify(wanted))
        throw new Error(`${what}: got ${JSON.stringify(got)}, wanted ${JSON.stringify(wanted)}`);
}
class Backend extends Aionet.AddressBackend {
    static {
        GObject.registerClass(this);
    }
    async vfunc_begin(_request) {
        const link = new Aionet.Link('ts0', 3);
        link.isUp = true;
        link.add_address('192.168.3.3');
        return [link];
    }
}
class Stun extends Aionet.StunProvider {
    static {
        GObject.registerClass(this);
    }
    vfunc_begin(request) {
        const external = Gio.InetSocketAddress.new_from_string('1.3.3.7', 7);
        return new Aionet.Mapping(request.get_protocol(), request.get_server(), request.get_local_address(), external);
    }
}
async function values() {
    const block = new Aionet.IpRange('2001:db8::/64');
    const size = block.size;
    const last = block.at(-1);
    equal(`${size} ${last?.to_string()}`, '18446744073709551615 2001:db8::ffff:ffff:ffff:ffff', 'a block');
    const pool = new Aionet.RoutePool(Aionet.IP4, [new Aionet.Route(Aionet.IP4, '10.0.0.1', '8.8.8.0/30')]);
    const texts = [...pool].map(route => route.to_string());
    equal(texts, ['[10.0.0.1] -> [8.8.8.1]', '[10.0.0.1] -> [8.8.8.2]'], 'a pool');
    const [first] = pool.groups.at(0).ext_ranges;
    equal(first.get_prefix_length(), 30, 'a group');
}
async function providers() {
    const host = new Aionet.Host({ addressBackend: new Backend(), stunProvider: new Stun() });
    host.set_stun_servers(['192.0.2.1:3478', '198.51.100.1:3478', '203.0.113.1:3478']);
    await host.refresh_async();
    await host.load_all_async();
    for (const nic of host)
        equal([...nic.rp[Aionet.IP4]].map(String), ['[192.168.3.3] -> [1.3.3.7]'], nic.name ?? '');
    equal(host.get_n_items(), 1, 'interfaces');
}
async function pipes() {
    const route = Aionet.Interface.new_default().get_route(Aionet.IP4).bind_to('127.0.0.1');
    const server = new Aionet.Pipe(Aionet.UDP, null, route);
    await server.open_async();
    const client = new Aionet.Pipe(Aionet.UDP, server.get_local_address().to_string());
    await client.open_async();
    await client.send_async('hello');
    for await (const message of server) {
        const bytes = message.bytes;
        equal([bytes.length, message.toText()], [5, 'hello'], 'a message');
        server.send(bytes, message.sender);
        break;
    }
    equal((await client.receive_async()).toText(), 'hello', 'an answer');
    const closed = Aionet.once(client, 'closed');
    client.close();
    const [error] = await closed;
    equal(error === null, true, 'a plain end');
    try {
        await client.receive_async(0);
        throw new Error('a closed pipe received');
    }
    catch (failure) {
        if (!(failure instanceof Aionet.Error))
            throw failure;
        equal(failure.code, Aionet.Error.CLOSED, 'an error');
    }
    server.close();
}
// Never called.
export async function mistakes(pipe, pool) {
    // @ts-expect-error a promise is no message
    pipe.receive_async().toText();
    // @ts-expect-error nor is a message text
    const text = await pipe.receive_async();
    // @ts-expect-error numbers are no bytes
    pipe.send(42);
    // @ts-expect-error pipes have no such method
    pipe.no_such_method();
    // @ts-expect-error a time-out is a number
    await pipe.receive_async('soon');
    // @ts-expect-error the protocol is missing
    new Aionet.Pipe('127.0.0.1:80');
    // @ts-expect-error there is no such signal
    pipe.connect('no-such-signal', () => { });
    // @ts-expect-error nor for a promise
    await Aionet.once(pipe, 'no-such-signal');
    // @ts-expect-error an item of a pool is a route
    const range = pool.at(0);
    // @ts-expect-error there may be no such route
    pool.at(0).get_ext_address();
    // @ts-expect-error sizes are exact
    const size = pool.size;
    // @ts-expect-error TCP is no family
    new Aionet.IpRange('10.0.0.0/8').get_family() === Aionet.TCP;
    // @ts-expect-error a range is constructed from text, or from two
    new Aionet.IpRange();
    // @ts-expect-error read-only
    pipe.n_sent = 1;
    // @ts-expect-error a backend answers with links
    class Wrong extends Aionet.AddressBackend {
        vfunc_begin() { return 1; }
    }
    // @ts-expect-error of routes
    new Aionet.RoutePool(Aionet.IP4, ['8.8.8.8']);
    // @ts-expect-error no such code
    Aionet.Error.NO_SUCH_CODE;
    void [text, range, size, Wrong];
}
const loop = new GLib.MainLoop(null, false);
let status = 1;
async function main() {
    print('1..3');
    for (const [number, part] of [values, providers, pipes].entries()) {
        await part();
        print(`ok ${number + 1} ${part.name}`);
    }
    status = 0;
}
main().catch((error) => printerr(`${error}\n${error.stack}`)).finally(() => loop.quit());
loop.run();
System.exit(status);

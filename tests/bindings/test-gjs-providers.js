// SPDX-License-Identifier: LGPL-2.1-or-later
// Plugins in JS that answer in every way there is: at once, late, with a promise, by throwing, not at all.
imports.searchPath.unshift(ARGV[0]);
const {Aionet, Gio, GLib, GObject} = imports.gi;
const {test, run, assert, assertEqual} = imports.tap;

const after = ms => new Promise(resolve => GLib.timeout_add(GLib.PRIORITY_DEFAULT, ms, () => {
    resolve();
    return GLib.SOURCE_REMOVE;
}));

function oneLink() {
    const link = new Aionet.Link('js0', 8);
    link.is_up = true;
    link.add_address('192.168.8.8');
    return [link];
}

let count = 0;

// A provider that does `begin`, straight or as an application would register it.
function backend(begin) {
    const Backend = GObject.registerClass({GTypeName: `TestBackend${++count}`},
        class extends Aionet.AddressBackend {
            vfunc_begin(request) {
                return begin(request);
            }
        });
    return new Backend();
}

function stun(begin) {
    const Stun = GObject.registerClass({GTypeName: `TestStun${++count}`},
        class extends Aionet.StunProvider {
            vfunc_begin(request) {
                return begin(request);
            }
        });
    return new Stun();
}

const endpoint = (address, port) => Gio.InetSocketAddress.new_from_string(address, port);
const mapping = request => new Aionet.Mapping(request.get_protocol(), request.get_server(),
    request.get_local_address(), endpoint('1.3.3.7', 40000));

function ask(begin, timeoutMs = 20000) {
    return stun(begin).ask_async(endpoint('127.0.0.1', 9), Aionet.UDP, endpoint('127.0.0.1', 10), null,
        Aionet.StunChange.NONE, timeoutMs);
}

async function failure(promise) {
    return promise.then(() => null, error => error);
}

test('the links of a backend', async () => {
    const ways = {
        'returned': () => oneLink(),
        'promised': async () => oneLink(),
        'late': async () => (await after(5), oneLink()),
        'completed': request => {
            request.complete(oneLink());
        },
        'completed later': request => {
            after(5).then(() => request.complete(oneLink()));
        },
        'completed twice': async request => {
            assert(request.complete(oneLink()));
            return [];
        },
    };
    for (const [way, begin] of Object.entries(ways)) {
        const links = await backend(begin).list_links_async(20000);
        assertEqual([way, [...links].map(link => `${link} ${[...link.get_addresses()]}`)],
            [way, ['[Aionet.Link 8 js0] 192.168.8.8']]);
    }
    assertEqual([...await backend(() => []).list_links_async()], []);
});

test('the mapping of a STUN provider', async () => {
    const ways = [mapping, async request => mapping(request), async request => (await after(5), mapping(request)),
        request => void request.complete(mapping(request))];
    for (const begin of ways)
        assertEqual((await ask(begin)).get_external().to_string(), '1.3.3.7:40000');
});

test('what is thrown fails the request, and says where', async () => {
    const thrown = [
        () => {
            throw new Error('no mapping today');
        },
        async () => {
            await after(1);
            throw new Error('no mapping today');
        },
        request => request.no_such_method('no mapping today'),
    ];
    for (const begin of thrown) {
        const error = await failure(ask(begin));
        assert(error.matches(Aionet.Error, Aionet.Error.PROVIDER_MISBEHAVED), `${error}`);
        assert(/no mapping today|no_such_method/.test(error.message), error.message);
        assert(error.message.includes('test-gjs-providers.js:'), error.message);
        const listing = await failure(backend(begin).list_links_async());
        assert(listing.matches(Aionet.Error, Aionet.Error.PROVIDER_MISBEHAVED), `${listing}`);
    }
});

test('a GLib.Error keeps domain and code', async () => {
    const refused = new GLib.Error(Gio.IOErrorEnum, Gio.IOErrorEnum.CONNECTION_REFUSED, 'no');
    for (const begin of [request => void request.fail(refused), async () => {
        throw refused;
    }]) {
        const error = await failure(ask(begin));
        assert(error.matches(Gio.IOErrorEnum, Gio.IOErrorEnum.CONNECTION_REFUSED), `${error}`);
    }
});

test('an answer of the wrong kind fails the request', async () => {
    for (const begin of [() => 'text', async () => oneLink(), async () => null]) {
        const error = await failure(ask(begin));
        assert(error.matches(Aionet.Error, Aionet.Error.PROVIDER_MISBEHAVED), `${error}`);
    }
});

test('who forgets costs a deadline, who is late nothing more', async () => {
    let held = null;
    const forgetful = await failure(ask(() => {}, 20));
    assert(forgetful instanceof GLib.Error, `${forgetful}`);
    const provider = stun(request => {
        held = request;
    });
    const late = await failure(provider.ask_async(endpoint('127.0.0.1', 9), Aionet.UDP, endpoint('127.0.0.1', 10), null, 0, 20));
    assert(late.matches(Gio.IOErrorEnum, Gio.IOErrorEnum.TIMED_OUT), `${late}`);
    assertEqual(held.complete(mapping(held)), false);
    assertEqual(provider.get_n_late_answers(), 1);
});

test('a subclass of a subclass chains up', async () => {
    const Base = GObject.registerClass({GTypeName: 'TestBase'}, class extends Aionet.AddressBackend {
        vfunc_begin(request) {
            request.complete(oneLink());
        }
    });
    const Derived = GObject.registerClass({GTypeName: 'TestDerived'}, class extends Base {
        vfunc_begin(request) {
            super.vfunc_begin(request);
        }
    });
    assertEqual([...await new Derived().list_links_async()].map(link => link.get_name()), ['js0']);
});

test('a host lives on them, found by name', async () => {
    const registry = Aionet.Registry.new();
    registry.add_type(backend(oneLink).constructor, 'js', 90);
    registry.add_type(stun(mapping).constructor, 'js', 90);
    const host = new Aionet.Host({registry});
    host.set_stun_servers(['192.0.2.1:3478', '198.51.100.1:3478', '203.0.113.1:3478']);
    await host.load_all_async();
    assertEqual([...host].map(nic => [nic.get_name(), [...nic.rp[Aionet.IP4]].map(String)]),
        [['js0', ['[192.168.8.8] -> [1.3.3.7]']]]);
});

run();

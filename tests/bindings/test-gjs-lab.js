// SPDX-License-Identifier: LGPL-2.1-or-later
// The walk of test-lab.py in GJS, behind a NAT of the lab.
imports.searchPath.unshift(ARGV[0]);
const {Aionet} = imports.gi;
const {test, run, assert, assertEqual} = imports.tap;

const ext = route => route.get_ext_address().to_string();

test('list, load, index, iterate', async () => {
    const nic = Aionet.Interface.new(null);
    await nic.load_async(null);
    assertEqual(nic.get_name(), 'eth0');
    const pool = nic.get_route_pool(Aionet.IP4);
    assertEqual(pool.get_n_addresses(), 65025);
    assertEqual([0, 1, 40000, -1].map(i => ext(pool.at(i))), ['1.3.3.7', '8.8.0.1', '8.8.157.122', '8.8.255.254']);
    assertEqual([...pool].length, 65025);
    const again = Aionet.Interface.new_from_json_string(nic.to_json_string());
    assert(again.equal(nic));
});

test('the NAT', async () => {
    const nic = Aionet.Interface.new('eth0');
    const nat = await nic.load_nat_async(null);
    assertEqual(nat.get_nat_type(), Aionet.NatType.PORT_RESTRICTED);
    assert(nic.get_nat().equal(nat));
});

test('the host lists what there is', async () => {
    const host = Aionet.Host.get_default();
    await host.refresh_async(null);
    assertEqual([...host].map(nic => [nic.get_name(), nic.get_usable()]), [['eth0', true], ['lo', false]]);
});

test('an unknown interface is an error', async () => {
    let failure = null;
    await Aionet.Interface.new('nosuch0').load_async(null).catch(error => (failure = error));
    assert(failure && failure.matches(Aionet.Error, Aionet.Error.NO_INTERFACE), `${failure}`);
});

run();

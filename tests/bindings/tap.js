// SPDX-License-Identifier: LGPL-2.1-or-later
/* exported test, run, assertEqual, assert, assertThrows */
const {GLib} = imports.gi;
const System = imports.system;

const tests = [];

function test(name, func) {
    tests.push([name, func]);
}

function assert(value, message = 'is not true') {
    if (!value)
        throw new Error(message);
}

function assertEqual(got, wanted) {
    if (JSON.stringify(got) !== JSON.stringify(wanted))
        throw new Error(`got ${JSON.stringify(got)}, wanted ${JSON.stringify(wanted)}`);
}

function assertThrows(func, domain, code) {
    try {
        func();
    } catch (error) {
        assert(error.matches && error.matches(domain, code), `threw ${error}`);
        return;
    }
    throw new Error('did not throw');
}

// Runs the tests in turn, prints TAP, leaves with the number of failures.
function run() {
    const loop = new GLib.MainLoop(null, false);
    let failures = 0;
    (async () => {
        print(`1..${tests.length}`);
        for (const [number, [name, func]] of tests.entries()) {
            try {
                await func();
                print(`ok ${number + 1} ${name}`);
            } catch (error) {
                failures++;
                print(`# ${error}\n# ${(error.stack || '').split('\n').join('\n# ')}`);
                print(`not ok ${number + 1} ${name}`);
            }
        }
        loop.quit();
    })();
    loop.run();
    System.exit(failures ? 1 : 0);
}

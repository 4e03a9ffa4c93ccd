// SPDX-License-Identifier: LGPL-2.1-or-later
// ES modules: run with gjs -m. Whether import runs the override, and which one.
import GLib from 'gi://GLib?version=2.0';
import Gio from 'gi://Gio?version=2.0';
import Aionet from 'gi://Aionet?version=1';
import System from 'system';

const {imports} = globalThis;
imports.searchPath.unshift(System.programArgs[0]);
const {test, run, assertEqual} = imports.tap;

test('import and imports.gi are one namespace', () => {
    assertEqual(imports.gi.Aionet === Aionet, true);
    assertEqual(Aionet.IP4, Gio.SocketFamily.IPV4);
});

// What another gjs says of the override it finds, with the environment of this one changed.
function whichOverride(variables, ...args) {
    const launcher = new Gio.SubprocessLauncher({flags: Gio.SubprocessFlags.STDOUT_PIPE});
    for (const [name, value] of Object.entries(variables))
        value === null ? launcher.unsetenv(name) : launcher.setenv(name, value, true);
    const [, out] = launcher.spawnv(['gjs', ...args]).communicate_utf8(null, null);
    return out.trim();
}

const SCRIPT = "print([imports.gi.Aionet.IP4, imports.overrides.Aionet.__file__])";
const MODULE = `import Aionet from 'gi://Aionet';
    print([Aionet.IP4, imports.overrides.Aionet.__file__])`;

function bothKinds(directory, variables) {
    const module = `${directory}/module.js`;
    GLib.file_set_contents(module, MODULE);
    return [whichOverride(variables, '-c', SCRIPT), whichOverride(variables, '-m', module)];
}

test('uninstalled, it is found on GJS_PATH', () => {
    const directory = GLib.Dir.make_tmp('aionet-js-XXXXXX');
    const found = `2,${GLib.getenv('GJS_PATH')}/overrides/Aionet.js`;
    assertEqual(bothKinds(directory, {}), [found, found]);
    GLib.spawn_command_line_sync(`rm -r ${directory}`);
});

test('installed, it is found in gjs-1.0 of any data directory', () => {
    const directory = GLib.Dir.make_tmp('aionet-js-XXXXXX');
    const overrides = `${directory}/share/gjs-1.0/overrides`;
    GLib.mkdir_with_parents(overrides, 0o755);
    for (const name of ['Aionet.js', '_aionetArguments.js']) {
        Gio.File.new_for_path(`${GLib.getenv('GJS_PATH')}/overrides/${name}`)
            .copy(Gio.File.new_for_path(`${overrides}/${name}`), Gio.FileCopyFlags.NONE, null, null);
    }
    const found = `2,${overrides}/Aionet.js`;
    assertEqual(bothKinds(directory, {GJS_PATH: null, XDG_DATA_DIRS: `${directory}/share`}), [found, found]);
    // Overrides of others do not hide it.
    GLib.mkdir_with_parents(`${directory}/others/overrides`, 0o755);
    GLib.file_set_contents(`${directory}/others/overrides/Other.js`, '');
    assertEqual(bothKinds(directory, {GJS_PATH: `${directory}/others`, XDG_DATA_DIRS: `${directory}/share`}),
        [found, found]);
    GLib.spawn_command_line_sync(`rm -r ${directory}`);
});

test('top-level promises', async () => {
    const route = Aionet.Interface.new_default().get_route(Aionet.IP4).bind_to('127.0.0.1');
    const server = new Aionet.Pipe(Aionet.UDP, null, route);
    await server.open_async();
    const client = new Aionet.Pipe(Aionet.UDP, `${server.get_local_address().to_string()}`);
    await client.open_async();
    client.send('hello');
    for await (const message of server) {
        assertEqual(message.toText(), 'hello');
        break;
    }
    assertEqual([...new Aionet.IpRange('10.0.0.0/30')].length, 2);
    client.close();
    server.close();
});

run();

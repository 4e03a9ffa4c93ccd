// SPDX-License-Identifier: LGPL-2.1-or-later
/* exported classes */
// The classes of the built GIR with their methods: what the typelib says, GJS cannot be asked.
const {GLib, Gio} = imports.gi;

function read() {
    const [directory] = GLib.getenv('GI_TYPELIB_PATH').split(':');
    const [, contents] = Gio.File.new_for_path(`${directory}/Aionet-1.gir`).load_contents(null);
    return new TextDecoder().decode(contents);
}

function parameters(text) {
    return [...text.matchAll(/<parameter ([^>]*)>/g)].map(([, attributes]) => ({
        name: /name="(\w+)"/.exec(attributes)[1],
        nullable: /nullable="1"|allow-none="1"/.test(attributes),
        out: /direction="out"/.test(attributes),
        scope: /scope="(\w+)"/.exec(attributes)?.[1],
    }));
}

function callables(text, kind) {
    return [...text.matchAll(new RegExp(`<${kind} name="(\\w+)"([\\s\\S]*?)</${kind}>`, 'g'))].map(([, name, body]) => ({
        name,
        returns: /<return-value[\s\S]*?<(?:type|array)(?: name="([\w.]+)")?/.exec(body)[1],
        parameters: parameters(body),
    }));
}

function classes() {
    return [...read().matchAll(/<(?:class|record) name="(\w+)"[\s\S]*?<\/(?:class|record)>/g)].map(([text, name]) => ({
        name,
        methods: callables(text, 'method'),
        constructors: callables(text, 'constructor'),
    }));
}

// SPDX-License-Identifier: LGPL-2.1-or-later
// members.js BINDINGS JSON: holds what members.mjs says of the definitions against what GJS has.
imports.searchPath.unshift(ARGV[0]);
const {Aionet, GObject} = imports.gi;
const {test, run, assertEqual} = imports.tap;
const [additions, definitions] = JSON.parse(ARGV[1]);

const SYMBOLS = new Map([['[Symbol.iterator]', Symbol.iterator], ['[Symbol.asyncIterator]', Symbol.asyncIterator]]);

function exists(klass, name) {
    if (name === 'constructor' || name.startsWith('vfunc_') || name.startsWith('$'))
        return true;
    if (name.startsWith('static '))
        return name.endsWith('$gtype') || name.slice(7) in klass;
    return (SYMBOLS.get(name) ?? name) in klass.prototype;
}

// Functions of the typelib have no source, which for some of them is an error.
function isScript(func) {
    try {
        return !Function.prototype.toString.call(func).includes('[native code]');
    } catch {
        return false;
    }
}

function isAdded(object, key) {
    const {value, get} = Object.getOwnPropertyDescriptor(object, key) ?? {}; // class structs: made elsewhere
    const func = value ?? get;
    return typeof func === 'function' && !(func.prototype instanceof GObject.Object) && isScript(func);
}

function addedKeys(object) {
    return Reflect.ownKeys(object).filter(key =>
        (typeof key === 'string' ? !key.startsWith('_') || key === '_init' : [...SYMBOLS.values()].includes(key)) &&
        isAdded(object, key));
}

function declaredName(key) {
    if (key === '_init')
        return 'constructor';
    return typeof key === 'symbol' ? `[${key.description}]` : key;
}

test('what the definitions declare exists', () => {
    const missing = [];
    for (const [className, members] of Object.entries(definitions.classes)) {
        missing.push(...members.filter(name => !exists(Aionet[className], name))
            .map(name => `${className}: ${name}`));
    }
    assertEqual(missing, []);
});

test('what exists in the namespace is declared', () => {
    assertEqual(Reflect.ownKeys(Aionet).filter(key =>
        !definitions.names.includes(key) && !key.startsWith('_')), []);
});

test('what the override adds is in its additions', () => {
    const missing = Reflect.ownKeys(Aionet).filter(key => isAdded(Aionet, key) && !additions.names.includes(key));
    for (const className of Object.keys(definitions.classes)) {
        const klass = Aionet[className];
        const declared = additions.classes[className] ?? [];
        const added = [...addedKeys(klass.prototype).filter(key => key !== 'constructor').map(declaredName),
            ...addedKeys(klass).map(key => `static ${declaredName(key)}`)];
        missing.push(...added.filter(name => !declared.includes(name)).map(name => `${className}: ${name}`));
    }
    assertEqual(missing, []);
});

run();

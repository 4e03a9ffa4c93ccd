// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright 2026 The libaionet authors

// make-types.mjs NODE_MODULES GIR ADDITIONS OUTPUT: TypeScript definitions of Aionet.
// ts-for-gir writes those of the GIR, and of what it includes, to the directory of OUTPUT, which gets
// the members of ADDITIONS in the place of its own.
import {execFileSync} from 'node:child_process';
import {readFileSync, writeFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {basename, dirname, join, resolve} from 'node:path';

const [modules, gir, additions, output] = process.argv.slice(2).map(path => resolve(path));
const ts = createRequire(`${modules}/`)('typescript');

function generate() {
    const directory = dirname(output);
    const system = ['/usr/share/gir-1.0', '/usr/local/share/gir-1.0'];
    execFileSync(process.execPath, [join(modules, '.bin/ts-for-gir'), 'generate', basename(gir, '.gir'),
        '--girDirectories', dirname(gir), ...system, '--outdir', directory, '--ignoreVersionConflicts'],
    {cwd: directory, stdio: ['ignore', 'pipe', 'pipe']});
}

function parse(path) {
    return ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true);
}

// The statements of `declare module … { export namespace Aionet { … } }`.
function namespaceOf(file) {
    const block = file.statements.filter(ts.isModuleDeclaration)[0].body;
    return block.statements.filter(ts.isModuleDeclaration)[0].body;
}

function nameOf(node) {
    if (ts.isConstructorDeclaration(node))
        return 'constructor';
    const name = ts.isComputedPropertyName(node.name) && ts.isStringLiteral(node.name.expression)
        ? node.name.expression.text : node.name.getText();
    const isStatic = node.modifiers?.some(each => each.kind === ts.SyntaxKind.StaticKeyword);
    return `${isStatic ? 'static ' : ''}${name}`;
}

function documentation(node, file) {
    return node.jsDoc?.length ? `${file.text.slice(node.jsDoc[0].pos, node.jsDoc.at(-1).end)}\n        ` : '';
}

// The edits that give a class the members of another of its name.
function mergeClass(generated, file, added, addedFile) {
    const edits = [];
    const members = [];
    const taken = new Map();
    for (const member of added.members)
        taken.set(nameOf(member), []);
    for (const member of generated.members) {
        const name = nameOf(member);
        if (taken.has(name)) {
            taken.get(name).push(member);
            edits.push([member.getFullStart(), member.end, '']);
        }
    }
    for (const member of added.members) {
        // The first of several overloads has the comment.
        const replaced = taken.get(nameOf(member)).splice(0)[0];
        const comment = documentation(member, addedFile) || (replaced ? documentation(replaced, file) : '');
        members.push(`\n\n        ${comment}${member.getText(addedFile)}`);
    }
    edits.push([generated.members.pos, generated.members.pos, members.join('')]);
    if (added.typeParameters) {
        edits.push([generated.typeParameters.pos, generated.typeParameters.end,
            added.typeParameters.map(each => each.getText(addedFile)).join(', ')]);
    }
    return edits;
}

function merge(generatedPath, additionsPath) {
    const file = parse(generatedPath);
    const addedFile = parse(additionsPath);
    const namespace = namespaceOf(file);
    const edits = [];
    const others = [];
    for (const statement of namespaceOf(addedFile).statements) {
        if (!ts.isClassDeclaration(statement)) {
            others.push(`    ${documentation(statement, addedFile)}${statement.getText(addedFile)}\n\n`);
            continue;
        }
        const generated = namespace.statements.find(each =>
            ts.isClassDeclaration(each) && each.name.text === statement.name.text);
        if (generated === undefined)
            throw new Error(`${additionsPath}: there is no class ${statement.name.text}`);
        edits.push(...mergeClass(generated, file, statement, addedFile));
    }
    edits.push([namespace.statements.pos, namespace.statements.pos, `\n${others.join('')}`]);
    let {text} = file;
    for (const [start, end, replacement] of edits.sort((a, b) => b[0] - a[0]))
        text = text.slice(0, start) + replacement + text.slice(end);
    // Gio and the others are modules of their own, wherever they come from.
    return text.replace(/^\/\/\/ <reference path=.*\n/gm, '').trimStart();
}

// `imports.gi.Aionet`, for scripts that are no modules.
const LEGACY = `
interface GjsGiImports {
    Aionet: typeof import('gi://Aionet?version=1').default;
}
`;

generate();
writeFileSync(output, merge(output, additions) + LEGACY);

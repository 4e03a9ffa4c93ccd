// SPDX-License-Identifier: LGPL-2.1-or-later
// members.mjs NODE_MODULES FILE…: what definitions of Aionet declare, as JSON: for each file the names in
// the namespace, and of each class the names of its members.
import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';

const [modules, ...paths] = process.argv.slice(2);
const ts = createRequire(`${modules}/`)('typescript');

function memberName(node) {
    if (ts.isConstructorDeclaration(node))
        return 'constructor';
    const literal = node.name.expression ?? node.name; // ["new"] and "interface" are new and interface
    const name = ts.isStringLiteral(literal) ? literal.text : node.name.getText();
    const isStatic = node.modifiers?.some(each => each.kind === ts.SyntaxKind.StaticKeyword);
    return `${isStatic ? 'static ' : ''}${name}`;
}

function names(statement) {
    return ts.isVariableStatement(statement)
        ? statement.declarationList.declarations.map(each => each.name.text) : [statement.name?.text];
}

function members(path) {
    const file = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true);
    const module = file.statements.find(ts.isModuleDeclaration).body;
    const {statements} = module.statements.find(ts.isModuleDeclaration).body;
    return {
        names: [...new Set(statements.flatMap(names))],
        classes: Object.fromEntries(statements.filter(ts.isClassDeclaration)
            .map(each => [each.name.text, [...new Set(each.members.map(memberName))]])),
    };
}

console.log(JSON.stringify(paths.map(members)));

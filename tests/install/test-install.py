# SPDX-License-Identifier: LGPL-2.1-or-later
"""Installs into a directory of its own, and uses nothing but what is there: headers, pkg-config
file, library, typelib, overrides, plugins, tool, man page and data."""
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

import tap

BUILD = os.environ['AIONET_BUILD']
MESON = os.environ['AIONET_MESON']
HERE = pathlib.Path(__file__).resolve().parent
CC = os.environ['AIONET_CC'].split()


def run(*command, **options):
    ended = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False,
                           timeout=120, **options)
    if ended.returncode != 0:
        raise AssertionError(f'{command}: exit {ended.returncode}\n{ended.stdout}\n{ended.stderr}')
    return ended.stdout


class Install(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.work = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.work.cleanup)
        cls.root = pathlib.Path(cls.work.name) / 'root'
        run(MESON, 'install', '-C', BUILD, '--no-rebuild', '--quiet', '--destdir', cls.root)
        cls.options = {option['name']: option['value']
                       for option in json.loads(run(MESON, 'introspect', '--buildoptions', BUILD))}
        cls.pc_dir = cls.one('libaionet-1.pc').parent
        cls.libdir = cls.pc_dir.parent
        cls.environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith('AIONET_')},
            'PKG_CONFIG_PATH': str(cls.pc_dir),
            'PKG_CONFIG_SYSROOT_DIR': str(cls.root),
            'LD_LIBRARY_PATH': str(cls.libdir),
            'AIONET_PLUGIN_PATH': '',
        }

    @classmethod
    def all(cls, pattern):
        return sorted(cls.root.rglob(pattern))

    @classmethod
    def files(cls):
        return [path for path in cls.all('*') if path.is_file() and not path.is_symlink()]

    @classmethod
    def one(cls, pattern):
        found = cls.all(pattern)
        if len(found) != 1:
            raise AssertionError(f'{pattern}: {found}')
        return found[0]

    def pkg_config(self, *options):
        """Words of pkg-config; what is not in the sysroot is the machine's."""
        words = run('pkg-config', *options, 'libaionet-1', env=self.environment).split()
        root = str(self.root)
        return [word if root not in word or pathlib.Path(word[2:]).exists() else word.replace(root, '')
                for word in words]

    def compile(self, source, output, *options):
        run(*CC, '-std=gnu11', '-Wall', '-Wextra', '-Werror', '-Wno-unused-parameter',
            '-Wno-missing-field-initializers', *options, source, '-o', output,
            *self.pkg_config('--cflags', '--libs'))

    def work_file(self, name):
        return pathlib.Path(self.work.name) / name

    def plugins_as(self, how):
        return {name[len('plugin_'):] for name, value in self.options.items()
                if name.startswith('plugin_') and value == how}

    def test_headers(self):
        """All that the umbrella and its headers name are there, and no private ones."""
        top = self.one('aionet.h').parent
        installed = {path.relative_to(top).as_posix() for path in top.rglob('*.h')}
        named = {'aionet.h'}
        for name in installed:
            self.assertNotIn('-private', name)
            named |= set(re.findall(r'#include [<"]((?:\w+/)?aionet[^>"]*)[>"]', (top / name).read_text()))
        self.assertEqual(named, installed)

    def test_program(self):
        """A C program of somebody else's compiles without a warning, runs, and finds the plugins."""
        self.compile(HERE / 'program.c', self.work_file('program'))
        lines = run(self.work_file('program'), env=self.environment).splitlines()
        self.assertIn('interface default', lines)
        self.assertEqual({line.split()[1] for line in lines if line.startswith('plugin ')},
                         self.plugins_as('builtin'))

    def test_cxx(self):
        """C++ programs may include the headers."""
        if shutil.which('g++') is None:
            self.skipTest('there is no g++')
        source = self.work_file('program.cc')
        source.write_text('#include <aionet.h>\nint main () { return aionet_interface_new_default () == nullptr; }\n')
        run('g++', '-Wall', '-Wextra', '-Werror', '-Wno-unused-parameter', source, '-o', self.work_file('cc'),
            *self.pkg_config('--cflags', '--libs'))
        run(self.work_file('cc'), env=self.environment)

    def test_plugin(self):
        """A plugin of somebody else's compiles against the installed headers, and is found."""
        plugins = self.work_file('plugins')
        plugins.mkdir(mode=0o700)
        self.compile(HERE.parent / 'provider' / 'museum' / 'good.c', plugins / 'libaionet-good.so',
                     '-shared', '-fPIC', '-fvisibility=hidden')
        self.compile(HERE / 'program.c', self.work_file('host'))
        lines = run(self.work_file('host'), 'good',
                    env={**self.environment, 'AIONET_PLUGIN_PATH': str(plugins)}).splitlines()
        self.assertIn('plugin good', lines)
        self.assertIn('link good0', lines)

    def test_module_plugins(self):
        """Plugins that are built as modules are in the directory that the pkg-config file names."""
        variable = run('pkg-config', '--variable=plugindir', 'libaionet-1', env=self.environment).strip()
        directory = pathlib.Path(variable if variable.startswith(str(self.root)) else f'{self.root}{variable}')
        self.assertEqual(directory, self.libdir / 'aionet-1' / 'plugins')
        modules = self.plugins_as('module')
        self.assertEqual({path.name for path in directory.glob('*')},
                         {f'libaionet-{name}.so' for name in modules})
        if not modules:
            return
        self.compile(HERE / 'program.c', self.work_file('modular'))
        lines = run(self.work_file('modular'),
                    env={**self.environment, 'AIONET_PLUGIN_PATH': str(directory)}).splitlines()
        self.assertLessEqual({f'plugin {name}' for name in modules}, set(lines))

    def test_exports(self):
        """The library exports what is public, and nothing else."""
        if shutil.which('nm') is None:
            self.skipTest('there is no nm')
        exported = {line.split()[-1] for line in run('nm', '-D', '--defined-only', self.one('libaionet-1.so.0.*'))
                    .splitlines()}
        self.assertEqual({name for name in exported if not name.startswith('aionet_')}, set())
        # Built-in plugins are compiled as modules are, which have to export these.
        declared = {f'aionet_plugin_1_{name}_describe' for name in self.plugins_as('builtin')}
        for path in self.one('aionet.h').parent.rglob('*.h'):
            declared |= set(re.findall(r'\b(aionet_\w+) \(', path.read_text()))
        self.assertEqual({name for name in exported if name not in declared and not name.endswith('_get_type')},
                         set())

    def test_no_traces(self):
        """Nothing that is installed names the directories in which it was built."""
        trees = [BUILD.encode(), str(HERE.parents[1]).encode()]
        for path in self.files():
            if path.read_bytes().startswith(b'\x7fELF'):
                # Their debugging information may.
                self.assertNotRegex(run('objdump', '-p', path), r'RPATH|RUNPATH')
            else:
                self.assertFalse([tree for tree in trees if tree in path.read_bytes()], path)

    def test_tags(self):
        """Each file says what it is for, so that `meson install --tags` can choose."""
        plan = json.loads(run(MESON, 'introspect', '--install-plan', BUILD))
        self.assertEqual([name for part in plan.values() for name, how in part.items() if not how['tag']], [])

    def test_bindings(self):
        """Typelib, GIR and the Python override work from where they are."""
        if not self.all('Aionet-1.typelib'):
            self.skipTest('built without introspection')
        self.one('Aionet-1.gir')
        self.assertEqual(self.one('Aionet.js').parent.parts[-2:], ('gjs-1.0', 'overrides'))
        override = self.one('Aionet.py')
        code = ('import gi\ngi.require_version("Aionet", "1")\nfrom gi.repository import Aionet\n'
                'import gi.overrides.Aionet as o\nprint(o.__file__)\n'
                'print(repr(Aionet.IpRange("10.0.0.0/24")))\n')
        out = run(os.environ['AIONET_PYTHON'], '-c', code, env={
            **self.environment, 'GI_TYPELIB_PATH': str(self.one('Aionet-1.typelib').parent),
            'PYTHONPATH': str(override.parents[2]), 'PYTHONDONTWRITEBYTECODE': '1'})
        self.assertEqual(out.splitlines(), [str(override), '<Aionet.IpRange 10.0.0.0/24>'])

    def test_tool(self):
        """The tool runs, and has its manual."""
        if not self.all('bin/aionet'):
            self.skipTest('built without the tool')
        listed = json.loads(run(self.one('bin/aionet'), 'plugins', '--json', env=self.environment))
        self.assertEqual({plugin['name'] for plugin in listed}, self.plugins_as('builtin'))
        self.assertGreater(self.one('man1/aionet.1').stat().st_size, 1000)

    def test_data(self):
        """The list of STUN servers is JSON that names servers."""
        servers = json.loads(self.one('stun-servers.json').read_text())['servers']
        self.assertTrue(all(':' in entry['server'] for entry in servers))


if __name__ == '__main__':
    tap.main()

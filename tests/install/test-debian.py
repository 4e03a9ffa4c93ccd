# SPDX-License-Identifier: LGPL-2.1-or-later
"""Builds the Debian packages as anybody would, checks them with lintian, and installs them on a
throwaway copy of this machine, where the strangers of consumers/ use them."""
import os
import pathlib
import re
import shutil
import subprocess
import tarfile
import tempfile
import unittest

import tap
import throwaway

BUILD = pathlib.Path(os.environ['AIONET_BUILD'])
PYTHON = os.environ['AIONET_PYTHON']
HERE = pathlib.Path(__file__).resolve().parent
SOURCE = throwaway.SOURCE
# Nothing of this session: no compiler cache, no language, no search paths.
ENVIRONMENT = {'PATH': '/usr/sbin:/usr/bin:/sbin:/bin', 'LC_ALL': 'C.UTF-8', 'CCACHE_DISABLE': '1'}


def run(*command, **options):
    ended = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                           text=True, check=False, timeout=1700, **options)
    if ended.returncode != 0:
        raise AssertionError(f'{command}: exit {ended.returncode}\n{ended.stdout[-6000:]}')
    return ended.stdout


def missing():
    for program in ('dpkg-buildpackage', 'dh', 'dh_girepository', 'dh_python3', 'gi-docgen', 'lintian', 'vapigen'):
        if shutil.which(program) is None:
            return f'there is no {program}'
    return None


def export(target):
    """Copies what belongs to the source; without git, all but what was built."""
    listed = subprocess.run(['git', '-C', SOURCE, 'ls-files', '-coz', '--exclude-standard'],
                            capture_output=True, text=True, check=False).stdout
    names = [name for name in listed.split('\0') if (SOURCE / name).is_file()]
    if not names:
        shutil.copytree(SOURCE, target, ignore=shutil.ignore_patterns('build', BUILD.name))
        return
    for name in names:
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(SOURCE / name, target / name)


@unittest.skipIf(missing(), missing())
class Packages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        work = tempfile.TemporaryDirectory()
        cls.addClassCleanup(work.cleanup)
        cls.work = pathlib.Path(work.name)
        version = re.match(r'libaionet \((.*)-', (SOURCE / 'debian/changelog').read_text()).group(1)
        tree = cls.work / f'libaionet-{version}'
        export(tree)
        with tarfile.open(cls.work / f'libaionet_{version}.orig.tar.gz', 'w:gz', compresslevel=1) as tar:
            tar.add(tree, tree.name, filter=lambda entry: None if entry.name == f'{tree.name}/debian' else entry)
        cls.log = run('dpkg-buildpackage', '-us', '-uc', cwd=tree, env={
            **ENVIRONMENT, 'HOME': work.name, 'DEB_BUILD_OPTIONS': f'nocheck parallel={os.cpu_count()}'})
        cls.debs = sorted(path for path in cls.work.glob('*.deb') if '-dbgsym_' not in path.name)

    def test_packages(self):
        """Each package that debian/control names came out of it, and nothing is in none or in two."""
        control = (SOURCE / 'debian/control').read_text()
        self.assertEqual({deb.name.split('_')[0] for deb in self.debs},
                         set(re.findall(r'^Package: (\S+)', control, re.M)))
        owners = {}
        for deb in self.debs:
            for line in run('dpkg-deb', '-c', deb).splitlines():
                if not line.startswith('d'):
                    owners.setdefault(line.split()[5], []).append(deb.name)
        self.assertEqual({path: debs for path, debs in owners.items() if len(debs) > 1}, {})

    def test_symbols(self):
        """dpkg-gensymbols found each symbol that is listed."""
        self.assertNotIn('disappear', self.log)

    def test_lintian(self):
        """Neither an error nor a warning, source and packages."""
        options = ['--allow-root'] if os.geteuid() == 0 else []
        out = run('lintian', *options, '--profile', 'debian', '--fail-on', 'none', '--display-info',
                  next(self.work.glob('*.changes')), env={**ENVIRONMENT, 'HOME': str(self.work)})
        print('# ' + '\n# '.join(out.splitlines()))
        self.assertEqual([line for line in out.splitlines() if re.match(r'[EW]: ', line)], [])

    def test_installed(self):
        """Strangers use the packages at their places; when they are removed, nothing is left."""
        if throwaway.missing():
            self.skipTest(throwaway.missing())
        strangers = self.work / 'strangers'
        shutil.copytree(HERE / 'consumers', strangers)
        for helper in (HERE.parent / 'tap.py', HERE / 'in-packages.py'):
            shutil.copy(helper, strangers)
        if throwaway.can_write():
            setup = throwaway.writable('/usr', '/etc', '/var')
            command = [PYTHON, strangers / 'in-packages.py', strangers / 'consumers.py', *self.debs]
        else:
            print('# dpkg cannot install on a copy of this machine: the packages are only unpacked')
            for deb in self.debs:
                run('dpkg-deb', '-x', deb, self.work / 'unpacked')
            setup = [throwaway.covered('/usr', self.work / 'unpacked/usr')]
            command = [PYTHON, strangers / 'consumers.py']
        ended = throwaway.run([*setup, *throwaway.hidden(BUILD, SOURCE)], command, {
            'AIONET_PYTHON': PYTHON, 'AIONET_WITHOUT': os.environ.get('AIONET_WITHOUT', '')})
        report = ended.stdout + ended.stderr
        print('# ' + '\n# '.join(report.splitlines()))
        self.assertEqual(ended.returncode, 0, report[-6000:])
        self.assertGreater(len(re.findall(r'^ok \d+ - (?!.*# SKIP)', report, re.M)), 3)


if __name__ == '__main__':
    tap.main()

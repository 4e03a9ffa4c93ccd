#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A recorded run becomes a page and a chart; input that is broken is an error, and changes nothing."""
import pathlib
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree

HERE = pathlib.Path(__file__).resolve().parent
RECORDED = (HERE / 'recorded.txt').read_text()
SVG = '{http://www.w3.org/2000/svg}'


class Report(unittest.TestCase):
    def setUp(self):
        self.scratch = tempfile.TemporaryDirectory()
        self.addCleanup(self.scratch.cleanup)
        self.into = pathlib.Path(self.scratch.name)

    def report(self, text):
        log = self.into / 'log.txt'
        log.write_text(text)
        return subprocess.run([sys.executable, HERE / 'report.py', log, '--into', self.into],
                              capture_output=True, text=True, check=False)

    def read(self, name):
        return (self.into / name).read_text()

    def test_table(self):
        self.assertEqual(self.report(RECORDED).returncode, 0)
        rows = [[cell.strip() for cell in line.split('|')[1:-1]]
                for line in self.read('benchmarks.md').splitlines() if line.startswith('| ')]
        self.assertEqual(rows[1], [
            'tcp echo 64 B, 100 (8)', 'us/msg', 'raw 4', 'pipe 4.4 (1.10); pipe-signal 6.8 (1.70); gio 52 (13.00)',
            'pipe ≤ 1.15 × raw: yes, 1.10; pipe-signal ≤ 1.6 × raw: **no**, 1.70'])
        self.assertEqual(rows[2][-1], 'pipe ≥ 0.95 × nginx: **no**, 0.91')
        self.assertEqual(rows[3][-1], 'never used ≤ 1536: yes, 755')
        self.assertEqual(len(rows), 4)

    def test_page_names_the_run(self):
        self.report(RECORDED)
        for text in ('Run: 2026-11-22, Linux 6.1.0 on x86_64, 2 processors', '- socat does not start',
                     '(benchmarks.svg)'):
            self.assertIn(text, self.read('benchmarks.md'))

    def test_chart(self):
        self.report(RECORDED)
        root = xml.etree.ElementTree.fromstring(self.read('benchmarks.svg'))
        rows = {circle.find(SVG + 'title').text: float(circle.get('cx'))
                for circle in root.iter(SVG + 'circle') if circle.find(SVG + 'title') is not None}
        self.assertLess(rows['raw: 1.00'], rows['pipe: 1.10'])
        self.assertLess(rows['pipe: 1.10'], rows['pipe-signal: 1.70'])
        # Off the scale: told in words.
        self.assertIn('13', [text.text for text in root.iter(SVG + 'text')])
        limits = [float(line.get('x1')) for line in root.iter(SVG + 'line') if line.get('class') == 'limit']
        self.assertEqual(len(limits), 3)
        self.assertTrue(rows['pipe: 1.10'] < limits[0] < limits[1] < rows['pipe-signal: 1.70'])
        self.assertIn('prefers-color-scheme: dark', self.read('benchmarks.svg'))

    def test_keeps_what_people_wrote(self):
        self.report(RECORDED)
        page = self.into / 'benchmarks.md'
        page.write_text(page.read_text().replace('4.400', '') + '\n## Where the rest goes\n')
        self.assertEqual(self.report(RECORDED.replace('4.000', '5.000')).returncode, 0)
        self.assertTrue(page.read_text().endswith('\n## Where the rest goes\n'))
        self.assertIn('raw 5 ', page.read_text())
        self.assertNotIn('raw 4 ', page.read_text())

    def test_broken(self):
        line = 'tcp echo 64 B, 100 (8)\tpipe\tus/msg\t4.400\t1.100\n'
        for text, reason in (
                ('', 'no line holds a figure'),
                ('# run: here\nnothing else\n', 'no line holds a figure'),
                (line, 'no line tells of the machine'),
                (RECORDED + line, 'line 11: measured twice'),
                (RECORDED.replace('\t1.100', ''), 'line 3: 4 fields, not 5'),
                (RECORDED.replace('4.400', 'fast'), 'line 3: could not convert'),
                (RECORDED.replace('4.400', 'nan'), 'line 3: not a measure'),
                (RECORDED.replace('4.400', '-4.4'), 'line 3: not a measure')):
            result = self.report(text)
            self.assertEqual(result.returncode, 1, text)
            self.assertIn(reason, result.stderr)
            self.assertNotIn('Traceback', result.stderr)
            self.assertFalse((self.into / 'benchmarks.md').exists())


if __name__ == '__main__':
    unittest.main()

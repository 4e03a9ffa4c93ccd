# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 The libaionet authors
"""The site holds together without a network: test-site.py SITE CHAPTER…"""
import html.parser
import pathlib
import sys
import unittest
import urllib.parse
import xml.etree.ElementTree as ElementTree

import tap

SITE = pathlib.Path(sys.argv[1])
CHAPTERS = sys.argv[2:]
# What a page may lead to elsewhere, for a reader who asks for it.
ELSEWHERE = {'docs.gtk.org', 'gnome.pages.gitlab.gnome.org', 'gitlab.gnome.org', 'www.rfc-editor.org', 'spdx.org'}


class Page(html.parser.HTMLParser):
    """Links of a page, what it loads by itself, and the places it has."""

    def __init__(self, path):
        super().__init__()
        self.links, self.loads, self.places, self.text = [], [], set(), []
        self.feed(path.read_text(encoding='utf-8'))

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self.places |= {attributes[key] for key in ('id', 'name') if attributes.get(key)}
        if tag == 'a' and attributes.get('href'):
            self.links.append(attributes['href'])
        elif tag == 'link' and attributes.get('rel') in {'stylesheet', 'icon'}:
            self.loads.append(attributes['href'])
        elif attributes.get('src'):
            self.loads.append(attributes['src'])

    def handle_data(self, data):
        self.text.append(data)


PAGES = {path.name: Page(path) for path in SITE.glob('*.html')}


class Site(unittest.TestCase):
    def test_pages_are_there(self):
        self.assertGreater(len(PAGES), 500)
        for chapter in CHAPTERS:
            self.assertIn(f'{chapter}.html', PAGES)
            self.assertIn(f'{chapter}.html', PAGES['index.html'].links, 'the front page leads there')

    def test_links_lead_somewhere(self):
        faults = []
        for name, page in PAGES.items():
            for link in page.links:
                url = urllib.parse.urlsplit(link)
                if url.scheme == 'javascript':
                    continue
                if url.netloc:
                    if url.netloc not in ELSEWHERE:
                        faults.append(f'{name}: {link}: elsewhere')
                    continue
                target = PAGES.get(url.path or name)
                if target is None or (url.fragment and urllib.parse.unquote(url.fragment) not in target.places):
                    faults.append(f'{name}: {link}')
        self.assertEqual(sorted(set(faults))[:40], [])

    def test_nothing_is_fetched(self):
        for name, page in PAGES.items():
            for load in page.loads:
                self.assertTrue((SITE / load).is_file(), f'{name} loads {load}')
        for sheet in SITE.glob('*.css'):
            self.assertNotRegex(sheet.read_text(encoding='utf-8'), r'url\(["\']?(https?:)?//', sheet.name)

    def test_every_link_of_ours_was_understood(self):
        """What gi-docgen does not know as a link stays text."""
        for name, page in PAGES.items():
            self.assertNotRegex(''.join(page.text), r'\[(class|method|func|property|signal|enum|error|struct|ctor|vfunc|iface)@', name)

    def test_devhelp_finds_it(self):
        book = ElementTree.parse(SITE / f'{SITE.name}.devhelp2').getroot()
        links = [element.get('link') for element in book.iter() if element.get('link')]
        self.assertGreater(len(links), 500)
        for link in links:
            self.assertIn(link.partition('#')[0], PAGES)


if __name__ == '__main__':
    tap.main()

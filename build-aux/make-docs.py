#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""make-docs.py GI-DOCGEN CONFIG GIR OUTPUT SOURCE…: the site, made of the GIR, chapters and pictures.

In the sources chapters link to each other as files, so that they can be read where the sources are
shown; in the site they are pages."""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

gi_docgen, config, gir, output, *sources = sys.argv[1:]
CHAPTER_LINK = re.compile(r'(\]\([\w-]+)\.md(?=[)#])')
# The front page has these rows whether there is anything in them or not.
EMPTY_ROW = re.compile(r'\s*<tr><td><em>\w+</em></td><td><a href="" class="external"></a></td></tr>')
# On a phone a wide table is moved on its own, not cut off.
STYLE = '''
@media (max-width: 700px) {
  .docblock table { display: block; overflow-x: auto; }
  .docblock td code { word-break: normal; overflow-wrap: normal; }
}
'''


def chapter(text):
    """As gi-docgen likes it: with a title, and with links to pages."""
    title = re.search('^# (.*)', text, re.M)[1].replace('`', '')
    return f'Title: {title}\n\n' + CHAPTER_LINK.sub(r'\1.html', text)


with tempfile.TemporaryDirectory(prefix='aionet-docs-') as content:
    for source in map(pathlib.Path, sources):
        copy = pathlib.Path(content, source.name)
        if source.suffix == '.md':
            copy.write_text(chapter(source.read_text('utf-8')), 'utf-8')
        else:
            shutil.copyfile(source, copy)
    shutil.rmtree(output, ignore_errors=True)
    ended = subprocess.run(
        [gi_docgen, 'generate', '--quiet', '--fatal-warnings', '--no-namespace-dir', '--config', config,
         '--add-include-path', pathlib.Path(gir).parent, '--content-dir', content,
         '--output-dir', output, gir], check=False)
    if ended.returncode != 0:
        sys.exit(ended.returncode)
front = pathlib.Path(output, 'index.html')
front.write_text(EMPTY_ROW.sub('', front.read_text('utf-8')), 'utf-8')
with open(pathlib.Path(output, 'style.css'), 'a', encoding='utf-8') as sheet:
    sheet.write(STYLE)

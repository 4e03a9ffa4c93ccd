#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 The libaionet authors
"""draw-routes.py HOST.json FAMILY: draws the routes that the library finds on a recorded host as SVG.

FAMILY is 4 or 6, of the interface that the host prefers. No packet is sent: the host is replayed."""
import asyncio
import os
import sys
from xml.sax.saxutils import escape

# The servers are asked of the recording; as addresses, they need no name resolved.
os.environ.update(AIONET_REPLAY_FILE=sys.argv[1], AIONET_ADDRESS_BACKEND='replay', AIONET_STUN_PROVIDER='replay',
                  AIONET_STUN_SERVERS='192.0.2.1:1,198.51.100.1:1,203.0.113.1:1,[2400::1]:1,[2600::1]:1,[2800::1]:1')

import gi
gi.require_version('Aionet', '1')
from gi.repository import Aionet

BOX, ROW, GAP, HEAD, RADIUS = 290, 34, 22, 46, 7
LEFT, RIGHT = 10, 450
WIDTH = RIGHT + BOX + 10
STYLE = '''
    text { font: 15px system-ui, sans-serif; fill: #222 }
    .head { font-weight: 600 } .count { fill: #666; font-size: 13px }
    .group { fill: none; stroke-width: 2; stroke-dasharray: 5 4 }
    .box { stroke-width: 1.5 } .way { fill: none; stroke-width: 2.5 }
    .r0 { stroke: #1a5fb4 } .box.r0 { fill: #dceafd } .tip.r0 { fill: #1a5fb4 }
    .r1 { stroke: #26843f } .box.r1 { fill: #ddf5e3 } .tip.r1 { fill: #26843f }
    @media (prefers-color-scheme: dark) {
      text { fill: #eee } .count { fill: #aaa }
      .r0 { stroke: #78aeed } .box.r0 { fill: #1c3352 } .tip.r0 { fill: #78aeed }
      .r1 { stroke: #7bd389 } .box.r1 { fill: #1c3f28 } .tip.r1 { fill: #7bd389 }
    }
'''


def count_text(ip_range):
    count = ip_range.n_addresses
    if count == 1:
        return '1 address'
    return f'{count} addresses' if count < 2**32 else f'2^{count.bit_length()} addresses'


def box(x, y, ip_range, style):
    text = str(ip_range)
    return [f'<rect class="box {style}" x="{x}" y="{y}" width="{BOX}" height="{ROW - 6}" rx="{RADIUS}"/>',
            f'<text x="{x + 10}" y="{y + 19}">{escape(text)}</text>',
            f'<text class="count" x="{x + BOX - 10}" y="{y + 19}" text-anchor="end">{count_text(ip_range)}</text>']


def draw_route(route, y, style):
    """Lines of SVG, and the height they take."""
    sides = [list(route.get_nic_ranges()) or list(route.get_link_locals()), list(route.get_ext_ranges())]
    height = max(len(side) for side in sides) * ROW
    lines, middle = [], y + height / 2 - 3
    for x, side in zip((LEFT, RIGHT), sides):
        top = y + (height - len(side) * ROW) / 2
        for position, ip_range in enumerate(side):
            lines += box(x, top + position * ROW, ip_range, style)
            start = top + position * ROW + ROW / 2 - 3
            if x == LEFT:
                bend = (LEFT + BOX + RIGHT) / 2
                lines.append(f'<path class="way {style}" d="M {LEFT + BOX} {start} C {bend} {start} {bend} {middle} {RIGHT - 10} {middle}"/>')
    lines.append(f'<path class="tip {style}" d="M {RIGHT - 12} {middle - 6} l 11 6 l -11 6 z"/>')
    return lines, height


async def main():
    nic = await Aionet.Interface()
    family = {'4': Aionet.IP4, '6': Aionet.IP6}[sys.argv[2]]
    lines, y = [], HEAD
    for position, route in enumerate(nic.rp[family].get_groups()):
        drawn, height = draw_route(route, y, f'r{position % 2}')
        lines += drawn
        y += height + GAP
    print(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y - GAP + 4}" role="img">')
    print(f'  <title>IPv{sys.argv[2]} routes of {escape(nic.get_name())}: addresses of the interface, and what they are seen as</title>')
    print(f'  <style>{STYLE}  </style>')
    for x, text in ((LEFT, f'addresses of {nic.get_name()}'), (RIGHT, 'seen from outside as')):
        print(f'  <text class="head" x="{x}" y="26">{escape(text)}</text>')
    print('\n'.join('  ' + line for line in lines))
    print('</svg>')

asyncio.run(main())

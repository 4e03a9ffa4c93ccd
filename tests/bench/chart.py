# SPDX-License-Identifier: LGPL-2.1-or-later
"""Draws ratios as dots on one logarithmic axis, a row a case, with the goals marked."""
import math
from xml.sax.saxutils import escape

LEFT, WIDTH, ROW, TOP = 290, 560, 22, 70
LEAST, MOST = 0.2, 12.0
TICKS = [0.25, 0.5, 0.75, 1, 1.5, 2, 3, 5, 10]
# Who is ours, and everybody else by hue.
COLOURS = {'pipe': '#2f6fde', 'pipe-signal': '#8fb4f5', 'raw': '#7f7f7f', 'libuv': '#2a9d5c', 'gio': '#d9822b',
           'haproxy-splice': '#b04fc4', 'nginx': '#c9453f'}
OURS = '#2f6fde'
STYLE = '''text{font:12px system-ui,sans-serif;fill:#1c1c1c}.small{font-size:10px;fill:#5a5a5a}
.grid{stroke:#d5d5d5}.one{stroke:#7a7a7a}.goal{fill:#2a9d5c;fill-opacity:.14}.limit{stroke:#2a9d5c;stroke-width:2}
@media (prefers-color-scheme: dark){text{fill:#e8e8e8}.small{fill:#a8a8a8}.grid{stroke:#3d3d3d}.one{stroke:#9a9a9a}
.goal{fill-opacity:.25}}'''


def get_x(ratio):
    ratio = min(max(ratio, LEAST), MOST)
    return LEFT + WIDTH * math.log(ratio / LEAST) / math.log(MOST / LEAST)


def draw_axis(height):
    for tick in TICKS:
        x = get_x(tick)
        yield f'<line class="{"one" if tick == 1 else "grid"}" x1="{x:.1f}" y1="{TOP - 8}" x2="{x:.1f}" y2="{height}"/>'
        yield f'<text class="small" x="{x:.1f}" y="{TOP - 14}" text-anchor="middle">{tick:g}</text>'


def draw_goals(y, goals):
    """The first with its ground, the others as a line."""
    _, sign, limit = goals[0]
    x = get_x(limit)
    start, end = (get_x(LEAST), x) if sign == '<=' else (x, get_x(MOST))
    yield f'<rect class="goal" x="{start:.1f}" y="{y - 8}" width="{end - start:.1f}" height="16"/>'
    for _, _, limit in goals:
        if LEAST < limit < MOST:
            yield f'<line class="limit" x1="{get_x(limit):.1f}" y1="{y - 9}" x2="{get_x(limit):.1f}" y2="{y + 9}"/>'


def draw_dot(y, peer, ratio, is_ours):
    title = f'<title>{escape(peer)}: {ratio:.2f}</title>'
    colour = COLOURS.get(peer, OURS if is_ours else '#9a9a9a')
    yield (f'<circle cx="{get_x(ratio):.1f}" cy="{y}" r="{5 if is_ours else 3.5}" fill="{colour}">{title}</circle>')
    if not LEAST <= ratio <= MOST:
        x, anchor = (get_x(MOST) + 8, 'start') if ratio > MOST else (get_x(LEAST) + 8, 'start')
        yield f'<text class="small" x="{x:.1f}" y="{y + 4}" text-anchor="{anchor}">{ratio:.3g}</text>'


def draw_row(y, case, metric, peers, goals):
    yield (f'<text x="{LEFT - 12}" y="{y + 4}" text-anchor="end">{escape(case)} '
           f'<tspan class="small">{escape(metric)}</tspan></text>')
    yield from draw_goals(y, goals)
    ours = {peer for peer, _, _ in goals}
    for peer in sorted(peers, key=lambda peer: peer in ours):
        yield from draw_dot(y, peer, peers[peer], peer in ours)


def draw_legend(rows):
    x = LEFT
    present = {peer for _, _, peers, _ in rows for peer in peers}
    for peer, colour in COLOURS.items():
        if peer in present:
            yield f'<circle cx="{x}" cy="34" r="4" fill="{colour}"/><text x="{x + 8}" y="38">{escape(peer)}</text>'
            x += 22 + 7 * len(peer)


def draw(rows, machine):
    height = TOP + ROW * len(rows)
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {LEFT + WIDTH + 60} {height + 34}" role="img">',
             f'<title>Ratios to the first peer of each case</title><style>{STYLE}</style>',
             f'<text x="{LEFT}" y="18">Ratio to the first peer of each case (raw calls); green: where the goal is'
             ' reached</text>',
             *draw_legend(rows), *draw_axis(height)]
    for i, (case, metric, peers, goals) in enumerate(rows):
        parts += draw_row(TOP + ROW * i + ROW // 2, case, metric, peers, goals)
    parts += [f'<text class="small" x="{LEFT}" y="{height + 20}">{escape(machine)}</text>', '</svg>']
    return '\n'.join(parts) + '\n'

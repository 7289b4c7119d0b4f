"""Draws columns of a training log as an SVG: no library needed, and the same log gives the same bytes.

    python curve.py logs/vector.csv --columns loss portrait_loss --right tar_1e-3 good_tar_1e-3 --out logs/vector.svg

`--columns` belong to the scale on the left, `--right` to one on the right from 0 to 1; across: `minutes`. Empty cells
are left out.
"""

from __future__ import annotations

import argparse
import csv
from pathlib import Path

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 720, 360, 56, 56, 16, 44
COLOURS = ("#b3541e", "#8a8a8a", "#1f5fa8", "#2b8a4b", "#7a3fa0", "#c2a000")


def nice(top: float) -> float:
    """A round number at or above the largest value."""
    step = 10.0 ** len(str(int(top))) / 10.0
    return next(step * k for k in (1, 2, 3, 4, 5, 6, 8, 10) if step * k >= top)


def draw(rows: list[dict[str, float]], left: list[str], right: list[str]) -> str:
    """The whole picture."""
    last = max(row["minutes"] for row in rows)
    top = nice(max(row.get(name, 0.0) for row in rows for name in left)) if left else 1.0
    x = lambda v: LEFT + (WIDTH - LEFT - RIGHT) * v / last
    y = lambda share: HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * share
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        'font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
    ]
    text = lambda px, py, word, anchor, fill="#333333": out.append(
        f'<text x="{px:.0f}" y="{py:.0f}" text-anchor="{anchor}" fill="{fill}">{word}</text>'
    )
    for k in range(6):
        out.append(f'<path d="M{LEFT} {y(k / 5):.1f}H{WIDTH - RIGHT}" stroke="#dddddd"/>')
        if left:
            text(LEFT - 8, y(k / 5) + 4, f"{top * k / 5:g}", "end")
        if right:
            text(WIDTH - RIGHT + 8, y(k / 5) + 4, f"{k / 5:g}", "start")
        text(x(last * k / 5), HEIGHT - BOTTOM + 18, f"{last * k / 5:.0f}", "middle")
    text((WIDTH + LEFT - RIGHT) / 2, HEIGHT - 8, "minutes", "middle")
    for number, name in enumerate(left + right):
        scale = top if name in left else 1.0
        points = " ".join(f"{x(row['minutes']):.1f},{y(row[name] / scale):.1f}" for row in rows if name in row)
        colour = COLOURS[number % len(COLOURS)]
        out.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>')
        side = " (left)" if name in left and right else ""
        text(LEFT + 12, TOP + 16 + 16 * number, name + side, "start", colour)
    return "\n".join([*out, "</svg>", ""])


def main() -> None:
    """Parses the command line and writes the picture."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("log", help="CSV with a column `minutes`")
    parser.add_argument("--columns", nargs="*", default=[], help="on the left scale")
    parser.add_argument("--right", nargs="*", default=[], help="shares, on the right scale")
    parser.add_argument("--out", required=True)
    chosen = parser.parse_args()
    with open(chosen.log, newline="") as file:
        rows = [{name: float(value) for name, value in line.items() if value} for line in csv.DictReader(file)]
    Path(chosen.out).write_text(draw(rows, chosen.columns, chosen.right))


if __name__ == "__main__":
    main()

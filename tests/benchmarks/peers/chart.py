"""The chart of CPU time per request, as SVG that is readable on a light and on a dark page."""

from collections.abc import Iterator
from html import escape

from tests.benchmarks.peers.comparison import Comparison, Figures
from tests.benchmarks.peers.operations import OPERATIONS

WIDTH, LABELS, BAR, GAP, HEAD = 860, 240, 18, 8, 58
SERVER, DATABASE = "#3b82c4", "#d9902f"
STYLE = """
  text { font: 13px system-ui, sans-serif; fill: #24292f }
  .title { font-weight: 600; font-size: 14px }
  @media (prefers-color-scheme: dark) { text { fill: #e6edf3 } }
"""


def chart(done: Comparison) -> str:
    """Bars of server and database time, for one process; an operation is a group."""
    groups = [
        (
            operation.title,
            [
                (peer, figures)
                for (processes, name, peer), figures in done.figures.items()
                if (processes, name) == (1, operation.name)
            ],
        )
        for operation in OPERATIONS
    ]
    longest = max(figures.cpu for _, bars in groups for _, figures in bars)
    scale = (WIDTH - LABELS - 160) / longest
    lines, top = [], HEAD
    for title, bars in groups:
        lines.append(_text(0, top + 13, title, "title"))
        top += BAR + GAP
        for peer, figures in bars:
            lines.extend(_bar(top, peer, figures, scale))
            top += BAR + GAP
        top += GAP
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {top}" role="img">',
            f"<title>CPU time per request</title><style>{STYLE}</style>",
            _text(0, 16, "CPU time per request in milliseconds, one process", "title"),
            *_legend(),
            *lines,
            "</svg>\n",
        ]
    )


def _legend() -> Iterator[str]:
    for left, color, label in ((0, SERVER, "server"), (90, DATABASE, "PostgreSQL")):
        yield f'<rect x="{left}" y="28" width="14" height="14" fill="{color}"/>'
        yield _text(left + 20, 40, label)


def _bar(top: int, peer: str, figures: Figures, scale: float) -> Iterator[str]:
    yield _text(16, top + 13, peer)
    left = float(LABELS)
    for time, color in ((figures.server_cpu, SERVER), (figures.database_cpu, DATABASE)):
        width = time * scale
        yield (
            f'<rect x="{left:.1f}" y="{top}" width="{width:.1f}" height="{BAR}" fill="{color}"/>'
        )
        left += width
    times = f"{figures.server_cpu:.2f} + {figures.database_cpu:.2f}"
    yield _text(left + 8, top + 13, times if figures.server_cpu else f"{figures.database_cpu:.2f}")


def _text(left: float, base: float, text: str, kind: str = "") -> str:
    of_kind = f' class="{kind}"' if kind else ""
    return f'<text x="{left:.1f}" y="{base:.1f}"{of_kind}>{escape(text)}</text>'

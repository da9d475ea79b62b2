"""Runs and histories as HTML for notebooks: the verdict, the scores, and the curves as inline SVG.

Not here: the whole report (Run.report).
"""

from __future__ import annotations

from html import escape
from math import isfinite
from typing import Any

WIDTH, HEIGHT, MARGIN = 420, 130, 34


def points_of(values: list[float | None], low: float, high: float) -> str:
    scale = (HEIGHT - 24) / (high - low or 1)
    step = (WIDTH - MARGIN - 8) / max(len(values) - 1, 1)
    return " ".join(
        f"{MARGIN + i * step:.1f},{12 + (high - value) * scale:.1f}"
        for i, value in enumerate(values)
        if value is not None and isfinite(value)
    )


def curves(epochs: list[dict[str, Any]], best_epoch: int) -> str:
    """Training and validation loss over the epochs."""
    series = {"training loss": "train_loss", "validation loss": "val_loss"}
    drawn = {title: [epoch.get(name) for epoch in epochs] for title, name in series.items()}
    drawn = {title: values for title, values in drawn.items() if any(value is not None for value in values)}
    numbers = [v for values in drawn.values() for v in values if v is not None and isfinite(v)]
    if not numbers:
        return ""
    low, high = min(numbers), max(numbers)
    lines = "".join(
        f'<polyline fill="none" stroke="{color}" stroke-width="1.5" points="{points_of(values, low, high)}"/>'
        f'<text x="{MARGIN + 8 + 130 * i}" y="10" fill="{color}" font-size="10">{title}</text>'
        for i, ((title, values), color) in enumerate(zip(drawn.items(), ("#4269d0", "#c2571a")))
    )
    best = MARGIN + (best_epoch - 1) * (WIDTH - MARGIN - 8) / max(len(epochs) - 1, 1)
    return (
        f'<svg role="img" aria-label="losses over {len(epochs)} epochs" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'width="{WIDTH}" height="{HEIGHT}" style="background:#fff;font-family:sans-serif">'
        f'<line x1="{best:.1f}" x2="{best:.1f}" y1="12" y2="{HEIGHT - 12}" stroke="#bbb" stroke-dasharray="3 3"/>'
        f'<text x="2" y="18" font-size="9">{high:.3g}</text><text x="2" y="{HEIGHT - 12}" font-size="9">{low:.3g}</text>'
        f'{lines}<text x="{MARGIN}" y="{HEIGHT - 2}" font-size="9">'
        f"{len(epochs)} epochs, best {best_epoch}</text></svg>"
    )


def run_html(run: Any) -> str:
    """A run: its verdict, its findings and its curves, and a link to its report if that is on disk."""
    parts = [f"<p>{'<br>'.join(escape(line) for line in run.verdict.splitlines())}</p>"]
    parts.append(curves(run.history.epochs, run.history.best_epoch))
    warnings = [finding for finding in run.findings if finding["level"] == "warning"]
    if warnings:
        items = "".join(f"<li><code>{escape(f['code'])}</code> {escape(f['text'])}</li>" for f in warnings)
        parts.append(f"<ul>{items}</ul>")
    if run.page:
        parts.append(f'<p><a href="{escape(run.page.as_uri())}" target="_blank">report</a></p>')
    return f"<div>{''.join(parts)}</div>"

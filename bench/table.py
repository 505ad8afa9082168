"""The figures as a table of plain text."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from typing import Self

from bench.load import Load


@dataclass(frozen=True)
class Line:
    """What was measured, and the figure; the rest where there is something to say."""

    measured: str
    figure: str = ""
    against: str = ""  # the figure of what ours is measured against
    ratio: str = ""
    target: str = ""
    verdict: str = ""
    p50: str = ""
    p99: str = ""
    note: str = ""

    @classmethod
    def of_load(cls, measured: str, ours: Load, bare: Load, target: float, note: str) -> Self:
        speeds = ours.per_second, bare.per_second
        return cls._of_speeds(measured, ours, speeds, speeds[0] / speeds[1], target, note)

    @classmethod
    def of_cpu(
        cls, measured: str, ours: Load, bare: Load, ratio: float, target: float, note: str
    ) -> Self:
        """Answers for each second of the servers' processor time; the ratio may be of more rounds
        than these loads."""
        speeds = ours.per_cpu_second, bare.per_cpu_second
        return cls._of_speeds(measured, ours, speeds, ratio, target, note)

    @classmethod
    def _of_speeds(
        cls,
        measured: str,
        ours: Load,
        speeds: tuple[float, float],
        ratio: float,
        target: float,
        note: str,
    ) -> Self:
        figure, against = speeds
        return cls(
            measured,
            figure=f"{figure:,.0f}/s",
            against=f"{against:,.0f}/s",
            ratio=f"{ratio:.2f}",
            target=f"≥ {target:.2f}",
            verdict="ok" if ratio >= target else "missed",
            p50=f"{ours.p50:.1f} ms",
            p99=f"{ours.p99:.1f} ms",
            note=note,
        )

    @classmethod
    def of_costs(
        cls, measured: str, unit: str, ours: float, theirs: float, target: float | None
    ) -> Self:
        """Seconds or megabytes, of which less is better: the ratio is theirs to ours."""
        ratio, digits = theirs / ours, 2 if unit == "s" else 0
        return cls(
            measured,
            figure=f"{ours:,.{digits}f} {unit}",
            against=f"{theirs:,.{digits}f} {unit}",
            ratio=f"{ratio:.1f}",
            target=f"≥ {target:.1f}" if target else "",
            verdict=("ok" if ratio >= target else "missed") if target else "",
        )


def printed(lines: Iterable[Line]) -> Iterator[str]:
    """The table line by line, words to the left and figures to the right."""
    names = [field.name for field in fields(Line)]
    rows = [names, *([getattr(line, name) for name in names] for line in lines)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(names))]
    for row in rows:
        cells = zip(row, widths, names, strict=True)
        yield "  ".join(_cell(*cell) for cell in cells).rstrip()


def _cell(text: str, width: int, name: str) -> str:
    return text.ljust(width) if name in ("measured", "verdict", "note") else text.rjust(width)

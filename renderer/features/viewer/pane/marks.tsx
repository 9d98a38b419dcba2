/** What lies over the image: measurements, drawn where their image points are on the screen now. */
import type { ReactNode } from 'react';
import { number } from '../../../ui/format.ts';
import type { Frame } from '../frames/frame.ts';
import { ellipseStatistics, lengthBetween } from '../measure/roi.ts';
import type { Point, SpacingMm } from '../measure/roi.ts';
import type { Mark } from './pane-state.ts';

interface Props {
  readonly marks: readonly Mark[];
  readonly frame: Frame;
  readonly spacing: SpacingMm;
  readonly unit: string;
  /** Width of the viewport: words that would leave it on the right stand left of their mark. */
  readonly width: number;
  toScreen(point: Point): Point | null;
}

/** The lines that a mark says of itself. */
export function markWords(mark: Mark, frame: Frame, spacing: SpacingMm, unit: string): readonly string[] {
  if (mark.kind === 'length') {
    const length = lengthBetween(mark.from, mark.to, spacing);
    return [`${number(length.value, 1)} ${length.unit}`];
  }
  const stats = ellipseStatistics(frame, mark.from, mark.to, spacing);
  if (!stats) return ['no pixels inside'];
  const digits = stats.max - stats.min < 20 ? 3 : 1;
  const u = unit === '' ? '' : ` ${unit}`;
  return [
    `mean ${number(stats.mean, digits)}${u}  SD ${number(stats.deviation, digits)}`,
    `min ${number(stats.min, digits)}  max ${number(stats.max, digits)}`,
    `${number(stats.area, 1)} ${stats.areaUnit}  n ${stats.pixels}`,
  ];
}

const letterPx = 7.3;

export function Marks({ marks, frame, spacing, unit, width, toScreen }: Props): ReactNode {
  return (
    <svg className="marks" aria-hidden="true">
      {marks.map((mark) => {
        const a = toScreen(mark.from);
        const b = toScreen(mark.to);
        if (!a || !b) return null;
        const words = markWords(mark, frame, spacing, unit);
        const left = mark.kind === 'length' ? b.x : Math.min(a.x, b.x);
        const right = mark.kind === 'length' ? b.x : Math.max(a.x, b.x);
        const isLeft = right + 8 + letterPx * Math.max(...words.map((line) => line.length)) > width;
        const textX = isLeft ? left - 8 : right + 8;
        const textY = mark.kind === 'length' ? b.y - 4 : (a.y + b.y) / 2 - (words.length - 1) * 7;
        return (
          <g key={mark.id}>
            {mark.kind === 'length' ? (
              <>
                <line className="mark-shadow" x1={a.x} y1={a.y} x2={b.x} y2={b.y} />
                <line className="mark" x1={a.x} y1={a.y} x2={b.x} y2={b.y} />
                <circle className="mark" cx={a.x} cy={a.y} r={3} />
                <circle className="mark" cx={b.x} cy={b.y} r={3} />
              </>
            ) : (
              <>
                <ellipse className="mark-shadow" cx={(a.x + b.x) / 2} cy={(a.y + b.y) / 2} rx={Math.abs(a.x - b.x) / 2} ry={Math.abs(a.y - b.y) / 2} />
                <ellipse className="mark" cx={(a.x + b.x) / 2} cy={(a.y + b.y) / 2} rx={Math.abs(a.x - b.x) / 2} ry={Math.abs(a.y - b.y) / 2} />
              </>
            )}
            {words.map((line, i) => (
              <text key={line} className="mark-text" textAnchor={isLeft ? 'end' : 'start'} x={textX} y={textY + i * 14}>{line}</text>
            ))}
          </g>
        );
      })}
    </svg>
  );
}

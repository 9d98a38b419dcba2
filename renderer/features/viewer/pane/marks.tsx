/** What lies over the image: measurements and cross-reference lines, drawn where their image points are on the screen now. */
import type { ReactNode } from 'react';
import { number } from '../../../ui/format.ts';
import type { Frame } from '../frames/frame.ts';
import type { CrossLine } from '../geometry/cross-reference.ts';
import { handlesOf } from '../measure/mark.ts';
import type { Mark } from '../measure/mark.ts';
import { angleAt, ellipseArea, ellipseStatistics, lengthBetween } from '../measure/roi.ts';
import type { Point, SpacingMm } from '../measure/roi.ts';
import type { Scale } from '../measure/ruler.ts';

/** Where another viewport's image cuts this one. */
export interface NamedLine extends CrossLine {
  readonly name: string;
  /** The other viewport is the active one. */
  readonly strong: boolean;
}

interface Props {
  readonly marks: readonly Mark[];
  readonly selected: number | null;
  readonly lines: readonly NamedLine[];
  readonly frame: Frame;
  /** Which scale holds between points of this image. */
  scaleOf(points: readonly Point[]): Scale;
  readonly unit: string;
  /** SUV of a value in modality units, where there is one. */
  readonly suvFactor: number | null;
  /** A projection: lengths are those at the detector. */
  readonly atDetector: boolean;
  /** Width of the viewport: words that would leave it on the right stand left of their mark. */
  readonly width: number;
  toScreen(point: Point): Point | null;
}

/** The lines that a mark says of itself. */
export function markWords(mark: Mark, frame: Frame, spacing: SpacingMm, unit: string, suvFactor: number | null = null, atDetector = false): readonly string[] {
  const [a, b, c] = mark.points as [Point, Point, Point];
  if (mark.kind === 'length') {
    const length = lengthBetween(a, b, spacing);
    return [`${number(length.value, 1)} ${length.unit}${atDetector && length.unit === 'mm' ? ' at the detector' : ''}`];
  }
  if (mark.kind === 'angle') {
    const degrees = angleAt(a, b, c, spacing);
    return degrees === null ? [] : [`${number(degrees, 1)}°`];
  }
  const stats = ellipseStatistics(frame, a, b, spacing);
  if (!stats && frame.samples > 1) {
    const { area, areaUnit } = ellipseArea(a, b, spacing);
    return ['colour: no values', `${number(area, 1)} ${areaUnit}`];
  }
  if (!stats) return ['no pixels inside'];
  const digits = stats.max - stats.min < 20 ? 3 : 1;
  const u = unit === '' ? '' : ` ${unit}`;
  const suv = suvFactor === null ? [] : [`SUV mean ${number(stats.mean * suvFactor, 2)}  max ${number(stats.max * suvFactor, 2)}`];
  return [
    ...suv,
    `mean ${number(stats.mean, digits)}${u}  SD ${number(stats.deviation, digits)}`,
    `min ${number(stats.min, digits)}  max ${number(stats.max, digits)}`,
    `${number(stats.area, 1)} ${stats.areaUnit}  n ${stats.pixels}`,
  ];
}

const letterPx = 7.3;

export function Marks({ marks, selected, lines, frame, scaleOf, unit, suvFactor, atDetector, width, toScreen }: Props): ReactNode {
  return (
    <svg className="marks" aria-hidden="true">
      {lines.map((line) => {
        const from = toScreen(line.from);
        const to = toScreen(line.to);
        if (!from || !to) return null;
        return (
          <g key={line.name} data-testid={`cross-line-${line.name}`}>
            <line className="cross-shadow" x1={from.x} y1={from.y} x2={to.x} y2={to.y} />
            <line className={`cross-line ${line.strong ? 'strong' : ''}`} x1={from.x} y1={from.y} x2={to.x} y2={to.y} />
            <text className="cross-name" x={to.x + 4} y={to.y - 4}>{line.name.toUpperCase()}</text>
          </g>
        );
      })}
      {marks.map((mark) => {
        // An ellipse is measured by its box.
        const { spacing, note } = scaleOf(handlesOf(mark));
        const words = markWords(mark, frame, spacing, unit, suvFactor, atDetector);
        return <MarkShape key={mark.id} mark={mark} selected={mark.id === selected} words={note === '' ? words : [...words, note]} width={width} toScreen={toScreen} />;
      })}
    </svg>
  );
}

function MarkShape({ mark, selected, words, width, toScreen }: { mark: Mark; selected: boolean; words: readonly string[]; width: number; toScreen(point: Point): Point | null }): ReactNode {
  const places = mark.points.map(toScreen).filter((point) => point !== null);
  if (places.length !== mark.points.length) return null;
  const [a, b] = places as [Point, Point];
  // Words stand beside the end of a length, the vertex of an angle, the side of an ellipse.
  const left = mark.kind === 'ellipse' ? Math.min(a.x, b.x) : b.x;
  const right = mark.kind === 'ellipse' ? Math.max(a.x, b.x) : b.x;
  const isLeft = right + 8 + letterPx * Math.max(0, ...words.map((line) => line.length)) > width;
  const textY = mark.kind === 'ellipse' ? (a.y + b.y) / 2 - (words.length - 1) * 7 : b.y - 6;
  const shape = (className: string): ReactNode =>
    mark.kind === 'ellipse'
      ? <ellipse className={className} cx={(a.x + b.x) / 2} cy={(a.y + b.y) / 2} rx={Math.abs(a.x - b.x) / 2} ry={Math.abs(a.y - b.y) / 2} />
      : <polyline className={className} points={places.map((point) => `${point.x},${point.y}`).join(' ')} />;
  return (
    <g className={selected ? 'mark-group selected' : 'mark-group'} data-kind={mark.kind}>
      {shape('mark-shadow')}
      {shape('mark')}
      {mark.kind === 'ellipse' ? null : places.map((point, i) => <circle key={i} className="mark" cx={point.x} cy={point.y} r={3} />)}
      {selected ? handlesOf(mark).map((handle, i) => {
        const point = toScreen(handle);
        return point ? <rect key={i} className="mark-handle" x={point.x - 4} y={point.y - 4} width={8} height={8} /> : null;
      }) : null}
      {words.map((line, i) => (
        <text key={line} className="mark-text" textAnchor={isLeft ? 'end' : 'start'} x={isLeft ? left - 8 : right + 8} y={textY + i * 14}>{line}</text>
      ))}
    </g>
  );
}

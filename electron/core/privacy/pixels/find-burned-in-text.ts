/**
 * Text that is drawn into the pixels of one frame: looked for in the pixels themselves, without a model and without reading it.
 *
 * A line of writing is many small shapes of one value with hard edges and one stroke's width, standing on one line. Anatomy, noise and speckle are rarely all of
 * that at once. What it finds and misses, measured: docs/decisions/2026-11-21-burned-in-text.md. A person has the last word on every box.
 */
import type { DataSet, ImageHeader, StoredFrame } from '#dicom';
import { clippedBox, mergedBoxes, withoutCrossings } from './boxes.ts';
import { planesOf } from './planes.ts';
import { textCandidates, type Candidate } from './text-candidates.ts';
import { textReasons, textScore } from './text-score.ts';
import type { TextBox, TextRisk } from './types.ts';

export interface FindTextOptions {
  /** What the header alone says; a likely image is searched with a lower threshold. */
  readonly risk?: TextRisk;
  /** Needed for palettes. */
  readonly dataset?: DataSet;
}

/** From this score on a line counts, by what the header says. */
const thresholds: Readonly<Record<TextRisk, number>> = { high: 0.3, possible: 0.45, unknown: 0.6, low: 0.75 };
/** Beside a line that counts, a weaker one in the same row counts too. */
const besideScore = 0.03;
/** More boxes than this on one frame say nothing; the best ones stay. */
const mostBoxes = 400;

/**
 * @param frame  One decoded frame, any layout that `decodeFrame` gives.
 * @param header Of the same object.
 * @returns Boxes in pixels of the frame, with a margin of about half a character, top to bottom; none when nothing looks like text.
 */
export function findBurnedInText(frame: StoredFrame, header: ImageHeader, options: FindTextOptions = {}): TextBox[] {
  const threshold = thresholds[options.risk ?? 'unknown'];
  const boxes = planesOf(frame, header, options.dataset).flatMap((plane) => textLines(textCandidates(plane), threshold));
  const clipped = boxes.flatMap((box) => {
    const inside = clippedBox(box, frame.rows, frame.columns);
    return inside === null ? [] : [{ ...box, ...inside }];
  });
  clipped.sort((a, b) => b.score - a.score);
  return mergedBoxes(withoutCrossings(clipped.slice(0, mostBoxes), (box) => box.score * box.characters).map(({ characters: _, ...box }) => box));
}

interface Scored {
  readonly candidate: Candidate;
  readonly score: number;
}

/** Lines that count by themselves, and what stands beside them in the same row. */
function textLines(candidates: readonly Candidate[], threshold: number): (TextBox & { characters: number })[] {
  const scored = candidates.map((candidate) => ({ candidate, score: textScore(candidate.figures) }));
  let newest: Scored[] = scored.filter(({ score }) => score >= threshold);
  const accepted = new Set(newest);
  const waiting = new Set(scored.filter((line) => !accepted.has(line) && (line.score >= besideScore || line.candidate.figures.characters === 2)));
  while (newest.length > 0 && accepted.size < mostBoxes) {
    const joined: Scored[] = [];
    for (const line of waiting) {
      const neighbour = newest.find(({ candidate }) => standsBeside(candidate, line.candidate));
      if (neighbour === undefined) continue;
      waiting.delete(line);
      joined.push({ ...line, score: Math.max(line.score, neighbour.score * 0.8) });
    }
    for (const line of joined) accepted.add(line);
    newest = joined;
  }
  return [...accepted].map(boxOf);
}

function extent(candidate: Candidate): { from: number; to: number; low: number; high: number } {
  return candidate.direction === 'horizontal'
    ? { from: candidate.left, to: candidate.right, low: candidate.top, high: candidate.bottom }
    : { from: candidate.top, to: candidate.bottom, low: candidate.left, high: candidate.right };
}

function standsBeside(a: Candidate, b: Candidate): boolean {
  if (a.direction !== b.direction || a.polarity !== b.polarity) return false;
  const first = extent(a);
  const second = extent(b);
  const heightA = first.high - first.low + 1;
  const heightB = second.high - second.low + 1;
  if (Math.max(heightA, heightB) > 2 * Math.min(heightA, heightB)) return false;
  if (Math.min(first.high, second.high) - Math.max(first.low, second.low) + 1 < 0.6 * Math.min(heightA, heightB)) return false;
  if (Math.abs(a.value - b.value) > 0.3 * Math.max(a.contrast, b.contrast)) return false;
  return Math.max(first.from, second.from) - Math.min(first.to, second.to) <= 2.5 * Math.max(heightA, heightB);
}

/** With a margin: dots, descenders and a first letter that touches something else are covered, too. */
function boxOf({ candidate, score }: Scored): TextBox & { characters: number } {
  const height = candidate.figures.heightPx * candidate.scale;
  const along = Math.ceil(0.9 * height);
  const across = Math.max(2, Math.ceil(0.3 * height));
  const [x, y] = candidate.direction === 'horizontal' ? [along, across] : [across, along];
  return {
    column: candidate.left - x,
    row: candidate.top - y,
    width: candidate.right - candidate.left + 1 + 2 * x,
    height: candidate.bottom - candidate.top + 1 + 2 * y,
    characters: candidate.figures.characters,
    score: Math.round(score * 1000) / 1000,
    direction: candidate.direction,
    reasons: textReasons(candidate.figures, candidate.direction, candidate.polarity),
  };
}

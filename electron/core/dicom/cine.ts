/** How fast the frames of a file are to be shown: PS3.3 C.7.6.5 (Cine Module). */
import type { DataSet } from './data-set.ts';

/** Slower than this is a mistake, not a film, ms. */
const slowestMs = 60_000;

function usable(ms: number | null): number | null {
  return ms !== null && ms > 0 && ms <= slowestMs ? ms : null;
}

/** Milliseconds a frame: what the file recommends for showing, else what it was taken with. Null when it says nothing usable. */
export function frameTimeOf(dataset: DataSet): number | null {
  const perSecond = (key: string): number | null => {
    const rate = dataset.number(key);
    return rate === null || rate <= 0 ? null : 1000 / rate;
  };
  return usable(perSecond('RecommendedDisplayFrameRate')) ?? usable(dataset.number('FrameTime')) ?? usable(meanOf(frameTimesOf(dataset) ?? [])) ?? usable(perSecond('CineRate'));
}

/**
 * How long each frame is shown, by Frame Time Vector (its first entry is 0, each other the time since the frame before), where frames differ.
 * The last frame stays as long as the mean. Null without a usable vector.
 */
export function frameTimesOf(dataset: DataSet): number[] | null {
  const frames = dataset.number('NumberOfFrames') ?? 1;
  const vector = dataset.numbers('FrameTimeVector');
  if (frames < 2 || vector.length !== frames || !vector.slice(1).every((ms) => usable(ms) !== null)) return null;
  const shown = vector.slice(1);
  return [...shown, meanOf(shown)!];
}

function meanOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

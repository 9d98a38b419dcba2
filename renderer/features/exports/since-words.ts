/** What became of an export's items since it was made. Pure. */
import type { ExportOverview } from '#contract';

/** One sentence a kind; none where all stand as they did. */
export function sinceWords(stands: Pick<ExportOverview, 'rejected' | 'unsure' | 'takenBack'> | undefined): string[] {
  if (stands === undefined) return [];
  const say = (n: number, words: string): string[] => (n === 0 ? [] : [`${n === 1 ? '1 image in it was' : `${n} images in it were`} ${words} since`]);
  return [...say(stands.rejected, 'rejected'), ...say(stands.unsure, 'put down as unsure'), ...say(stands.takenBack, 'made undecided again')];
}

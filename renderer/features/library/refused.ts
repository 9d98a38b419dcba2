/** Refused files by reason. Pure. */
import type { IngestState } from '#contract';

type Refused = IngestState['refused'][number];

export interface RefusedReason {
  readonly message: string;
  readonly hint: string | undefined;
  readonly paths: readonly string[];
}

/** Files with the same reason together, the most frequent reason first. */
export function byReason(refused: readonly Refused[]): RefusedReason[] {
  const groups = new Map<string, { message: string; hint: string | undefined; paths: string[] }>();
  for (const one of refused) {
    const key = `${one.message}\n${one.hint ?? ''}`;
    const group = groups.get(key);
    if (group) group.paths.push(one.path);
    else groups.set(key, { message: one.message, hint: one.hint, paths: [one.path] });
  }
  return [...groups.values()].sort((a, b) => b.paths.length - a.paths.length);
}

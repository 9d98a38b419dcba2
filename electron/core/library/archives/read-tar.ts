/** Members of a tar archive as its bytes come by. Nothing is written, links are not followed. */
import { Parser, type ReadEntry } from 'tar';
import { ScanloomError } from '#contract';
import { MemberCollector } from './collect-member.ts';
import type { RawMember, ReadContext } from './read-archive.ts';

const fileTypes = new Set(['File', 'OldFile', 'ContiguousFile']);
/** Longest extended header (a long name, pax attributes); those of tar programs have some hundred bytes. */
const maxMetaBytes = 1 << 16;

/** @throws ScanloomError `input/unreadable` for a damaged archive; what came before has been given */
export async function* readTar(chunks: AsyncIterable<Uint8Array>, context: ReadContext): AsyncGenerator<RawMember> {
  const whole: { name: string; collector: MemberCollector }[] = [];
  let failure: unknown = null;
  const parser = new Parser({ maxMetaEntrySize: maxMetaBytes });
  parser.on('entry', (entry: ReadEntry) => {
    try {
      context.budget.countEntry();
      const { path: name, type } = entry;
      const isFile = fileTypes.has(type);
      if (!isFile && type !== 'Directory' && type !== 'GNUDumpDir') context.onLink();
      if (isFile && !name.endsWith('/') && context.accepts(name)) {
        const collector = new MemberCollector(name);
        entry.on('data', (chunk: Buffer) => collector.push(chunk));
        entry.on('end', () => {
          // Its parent cut it off when less came than the header said.
          if (entry.remain === 0) whole.push({ name, collector });
        });
      } else {
        entry.resume();
      }
    } catch (thrown) {
      failure ??= thrown;
      entry.resume();
    }
  });
  parser.on('warn', (code: string) => {
    if (code === 'TAR_BAD_ARCHIVE' || code === 'TAR_ABORT' || code === 'TAR_ENTRY_INVALID') failure ??= damaged();
  });
  const take = function* (): Generator<RawMember> {
    for (let next = whole.shift(); next !== undefined; next = whole.shift()) {
      try {
        const bytes = next.collector.finish();
        if (bytes !== null) yield { name: next.name, bytes };
      } catch (thrown) {
        context.refuse(next.name, ScanloomError.from(thrown));
      }
    }
    if (failure !== null) throw failure;
  };
  // Each chunk is consumed before the next is asked for, so nothing piles up but the members that it completed.
  for await (const chunk of chunks) {
    parser.write(chunk);
    yield* take();
  }
  parser.end();
  yield* take();
}

export function damaged(cause?: unknown): ScanloomError {
  return new ScanloomError('input/unreadable', 'The archive is damaged or was cut off; what came before the damage was read.', { hint: 'Get the archive again from where it came from.', ...(cause === undefined ? {} : { cause }) });
}

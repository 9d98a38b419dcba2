/**
 * The files of an archive, each in memory, one after the other: zip, tar, gzip, and these within each other. Streamed and bounded
 * (`limits.archive…`); nothing is written, names are only shown, links are left out.
 */
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { Readable } from 'node:stream';
import { limits } from '#base';
import { ScanloomError } from '#contract';
import { archiveKind, headBytes, isSystemClutter, isTar, looksLikeArchive, unopenedArchive } from './archive-kind.ts';
import { MemberCollector } from './collect-member.ts';
import { badMemberName, shownMemberName } from './member-name.ts';
import { damaged, readTar } from './read-tar.ts';
import { readZip } from './read-zip.ts';
import { UnpackBudget } from './unpack-budget.ts';

export interface RawMember {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export interface ArchiveMember {
  /** Archive and place in it, forward slashes: `study.zip/series/1.dcm`. */
  readonly shown: string;
  /** In a buffer of its own. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** What the readers of the single formats are given. */
export interface ReadContext {
  readonly budget: UnpackBudget;
  /** Whether a member is to be read; one whose name is a trick is refused here. */
  accepts(name: string): boolean;
  refuse(name: string, error: ScanloomError): void;
  /** A link or device was passed over. */
  onLink(): void;
}

type Source = { readonly path: string } | { readonly bytes: Uint8Array<ArrayBuffer> };
type OnRefused = (shown: string, error: ScanloomError) => void;

/** What a file on disk is. @throws the file system's errors */
export async function archiveKindOf(file: string): Promise<ReturnType<typeof archiveKind>> {
  const handle = await open(file, 'r');
  try {
    const head = new Uint8Array(headBytes);
    const { bytesRead } = await handle.read(head, 0, headBytes, 0);
    return archiveKind(head.subarray(0, bytesRead));
  } finally {
    await handle.close();
  }
}

/**
 * Every file in the archive at `file.path`, those of archives within it too. What cannot be read is told to `onRefused`, and the rest goes on.
 *
 * @param file.shown How people know the archive; it begins the names of its members.
 */
export async function* readArchive(file: { readonly path: string; readonly shown: string; readonly sizeBytes: number }, onRefused: OnRefused): AsyncGenerator<ArchiveMember> {
  yield* readOne({ path: file.path }, file.shown, new UnpackBudget(file.sizeBytes), 1, onRefused);
}

async function* readOne(source: Source, shown: string, budget: UnpackBudget, depth: number, onRefused: OnRefused): AsyncGenerator<ArchiveMember> {
  const names = new Set<string>();
  let links = 0;
  const context: ReadContext = {
    budget,
    accepts(name) {
      if (isSystemClutter(name)) return false;
      const bad = badMemberName(name);
      const isRepeated = bad === null && names.has(shownMemberName(name));
      if (bad === null && !isRepeated) {
        names.add(shownMemberName(name));
        return true;
      }
      const words = bad ?? 'The archive holds two files of this name; the first one was read.';
      onRefused(bad === null ? `${shown}/${shownMemberName(name)}` : shown, new ScanloomError('input/unreadable', words, { hint: 'Unpack the archive with another program and open the folder, if you trust it.' }));
      return false;
    },
    refuse: (name, error) => onRefused(`${shown}/${shownMemberName(name)}`, error),
    onLink: () => void (links += 1),
  };
  try {
    for await (const { name, bytes } of membersOf(source, shown, context)) yield* expand({ shown: `${shown}/${shownMemberName(name)}`, bytes }, budget, depth, onRefused);
  } catch (thrown) {
    onRefused(shown, thrown instanceof ScanloomError ? thrown : damaged(thrown));
  }
  if (links > 0) onRefused(shown, new ScanloomError('input/unreadable', `${links} ${links === 1 ? 'link or device' : 'links or devices'} in the archive ${links === 1 ? 'was' : 'were'} left out.`, { hint: 'Only files in an archive are read.' }));
}

/** A member itself, or what is in it when it is an archive. */
async function* expand(member: ArchiveMember, budget: UnpackBudget, depth: number, onRefused: OnRefused): AsyncGenerator<ArchiveMember> {
  const unopened = unopenedArchive(member.shown);
  if (unopened !== null) {
    onRefused(member.shown, notOpened(unopened));
  } else if (!looksLikeArchive(member.shown) || archiveKind(member.bytes.subarray(0, headBytes)) === null) {
    yield member;
  } else if (depth >= limits.archiveDepth) {
    onRefused(member.shown, new ScanloomError('input/unreadable', `Archives are nested more than ${limits.archiveDepth} deep here.`, { hint: 'Unpack the inner archive and open it.' }));
  } else {
    yield* readOne({ bytes: member.bytes }, member.shown, budget, depth + 1, onRefused);
  }
}

export function notOpened(kind: string): ScanloomError {
  return new ScanloomError('dicom/unsupported', `Archives of the kind .${kind} are not opened.`, { hint: 'Unpack it with another program and open the folder. zip, tar, tar.gz and gz are opened as they are.' });
}

async function* membersOf(source: Source, shown: string, context: ReadContext): AsyncGenerator<RawMember> {
  const kind = 'path' in source ? await archiveKindOf(source.path) : archiveKind(source.bytes.subarray(0, headBytes));
  if (kind === 'zip') {
    yield* readZip(source, context);
  } else if (kind === 'tar') {
    yield* readTar(counted(chunksOf(source), context.budget), context);
  } else if (kind === 'gzip') {
    yield* readGzip(chunksOf(source), shown, context);
  }
}

function chunksOf(source: Source): Readable {
  return 'path' in source ? createReadStream(source.path, { highWaterMark: 1 << 18 }) : Readable.from([source.bytes]);
}

async function* counted(chunks: AsyncIterable<Uint8Array>, budget: UnpackBudget): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    budget.countBytes(chunk.byteLength);
    yield chunk;
  }
}

/** A gzip file holds a tar archive or one file. */
async function* readGzip(packed: Readable, shown: string, context: ReadContext): AsyncGenerator<RawMember> {
  const gunzip = createGunzip();
  packed.on('error', (error) => gunzip.destroy(error));
  packed.pipe(gunzip);
  try {
    const chunks = counted(gunzip as AsyncIterable<Uint8Array>, context.budget);
    const head: Uint8Array[] = [];
    let got = 0;
    let ended = false;
    while (got < headBytes && !ended) {
      const { value, done } = await chunks.next();
      if (done === true) ended = true;
      else {
        head.push(value);
        got += value.byteLength;
      }
    }
    const all = (async function* () {
      yield* head;
      yield* chunks;
    })();
    if (isTar(new Uint8Array(Buffer.concat(head)))) {
      yield* readTar(all, context);
      return;
    }
    const name = shown.split('/').at(-1)!.replace(/\.gz$/i, '');
    const collector = new MemberCollector(name);
    for await (const chunk of all) {
      collector.push(chunk);
      if (collector.tooLarge) break;
    }
    const bytes = collector.finish();
    if (bytes !== null) yield { name, bytes };
  } finally {
    packed.destroy();
    gunzip.destroy();
  }
}

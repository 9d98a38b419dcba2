import os from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { createMemoryLog, createWorkerPool, limits } from '#base';
import { ErrorBody, ScanloomError } from '#contract';
import { assembleSeries, type Content, type ImageHeader, type ObjectDescription } from '#dicom';
import { findFiles, sharedUidInWords, type FoundFile } from '#library';
import type { Command } from '../command.ts';
import type { InspectedFile, InspectedSeries } from '../shapes.ts';
import { inspectionInWords } from '../inspect-words.ts';

/** Made in the same program by the worker; checked as far as this command relies on it. */
const present = <T extends object>() => z.custom<T>((value) => typeof value === 'object' && value !== null);
const Described = z.object({ header: present<ImageHeader>(), object: present<ObjectDescription>().nullish(), storedValuesSha256: z.string().nullish() });
const HeadersAnswer = z.object({ answers: z.array(z.union([z.object({ error: ErrorBody }), Described])) });
const ContentAnswer = z.object({ answer: present<Content>() });
/** Headers that are asked for at once: asking costs as much as reading one. */
const filesAtOnce = 32;
/** Requests under way at once for each worker: enough to keep it busy. */
const aheadPerWorker = 2;

interface Look {
  readonly file: InspectedFile;
  readonly header: ImageHeader | null;
}

function seen(shown: string, { header, object, storedValuesSha256 }: z.infer<typeof Described>, content: Content | null): Look {
  const file: InspectedFile = {
    path: shown,
    status: header.hasPixels ? 'ok' : 'no-pixels',
    sopInstanceUid: header.sopInstanceUid,
    seriesInstanceUid: header.seriesInstanceUid,
    studyInstanceUid: header.studyInstanceUid,
    sopClassUid: header.sopClassUid,
    modality: header.modality,
    transferSyntaxUid: header.transferSyntaxUid,
    rows: header.rows,
    columns: header.columns,
    frames: header.frames,
    bitsStored: header.bitsStored,
    photometricInterpretation: header.photometricInterpretation,
    ...(object == null ? {} : { object: { kind: object.kind, what: object.what, title: object.title, date: object.date } }),
    ...(content === null ? {} : { content: [...content.lines] }),
    ...(storedValuesSha256 == null ? {} : { storedValuesSha256 }),
  };
  return { file, header };
}

function refused(shown: string, error: ScanloomError): Look {
  return { file: { path: shown, status: error.code === 'dicom/no-pixels' ? 'no-pixels' : 'refused', error: error.toBody() }, header: null };
}

export const inspect: Command = {
  name: 'inspect',
  usage: 'inspect PATH… [--hash] [--content]',
  summary: 'what a file or folder holds, without a library: objects, series, stacks, oddities',
  options: {
    hash: { kind: 'flag', help: 'SHA-256 of the stored values of every object.' },
    content: { kind: 'flag', help: 'What reports, plans, waveforms and the like say, as indented text.' },
  },
  async run({ args, out, progress, places, cwd, signal }) {
    if (args.positionals.length === 0) throw new ScanloomError('usage/invalid', 'inspect needs a file or a folder.');
    const size = Math.max(1, Math.min(8, os.availableParallelism()));
    const pool = createWorkerPool({ entry: path.join(places.entries, 'dicom-worker.js'), size, log: createMemoryLog() });
    const looks: Promise<readonly Look[]>[] = [];
    const atOnce = args.flag('hash') ? 1 : filesAtOnce;
    let done = 0;
    let underWay = 0;
    let bytesUnderWay = 0;
    let wake: () => void = () => undefined;

    const asked = ({ path: place, shown, bytes }: FoundFile): { path: string; name: string; bytes?: Uint8Array } => ({ path: place, name: shown, ...(bytes === undefined ? {} : { bytes }) });
    const described = async (file: FoundFile, answer: z.infer<typeof Described>): Promise<Look> => {
      // What lies in an archive has no place of its own to be read from again.
      const isAsked = args.flag('content') && answer.object != null && file.bytes === undefined;
      const content = isAsked ? ContentAnswer.parse(await pool.run({ op: 'object', path: file.path, question: { about: 'content' } })).answer : null;
      return seen(file.shown, answer, content);
    };
    const lookAt = async (files: readonly FoundFile[]): Promise<readonly Look[]> => {
      try {
        if (args.flag('hash')) return await Promise.all(files.map(async (file) => described(file, Described.parse(await pool.run({ op: 'hash', ...asked(file) })))));
        const { answers } = HeadersAnswer.parse(await pool.run({ op: 'headers', files: files.map(asked) }));
        return await Promise.all(answers.map((answer, index) => {
          const file = files[index]!;
          return 'error' in answer ? refused(file.shown, ScanloomError.fromBody(answer.error)) : described(file, answer).catch((thrown: unknown) => refused(file.shown, ScanloomError.from(thrown)));
        }));
      } catch (thrown) {
        // One of them stopped the reader; alone, each gets its own answer.
        if (files.length > 1) return (await Promise.all(files.map((file) => lookAt([file])))).flat();
        return files.map((file) => refused(file.shown, ScanloomError.from(thrown)));
      }
    };
    let waiting: FoundFile[] = [];
    const send = (): void => {
      const files = waiting;
      if (files.length === 0) return;
      waiting = [];
      const bytes = files.reduce((sum, file) => sum + (file.bytes?.byteLength ?? 0), 0);
      underWay += 1;
      bytesUnderWay += bytes;
      looks.push(lookAt(files).finally(() => {
        underWay -= 1;
        bytesUnderWay -= bytes;
        done += files.length;
        progress.step('Looking at files', done, 0);
        wake();
      }));
    };

    try {
      const paths = args.positionals.map((word) => path.resolve(cwd, word));
      const onRefused = (shown: string, error: ScanloomError): void => {
        send();
        looks.push(Promise.resolve([refused(path.isAbsolute(shown) ? path.basename(shown) : shown, error)]));
      };
      for await (const file of findFiles(paths, { onRefused, pool })) {
        if (signal.aborted) throw new ScanloomError('job/cancelled', 'Stopped.');
        waiting.push(file);
        // What came out of an archive is in memory and is passed on at once.
        if (waiting.length >= atOnce || file.bytes !== undefined) send();
        while (underWay >= size * aheadPerWorker || bytesUnderWay > limits.archiveAheadBytes) await new Promise<void>((resolve) => { wake = resolve; });
      }
      send();
      const all = (await Promise.all(looks)).flat();
      progress.end();
      const files = all.map(({ file }) => file);
      const series = seriesOf(all);
      const count = (status: InspectedFile['status']): number => files.filter((file) => file.status === status).length;
      const summary = { files: files.length, ok: count('ok'), noPixels: count('no-pixels'), refused: count('refused'), series: series.length };
      const patientOf = new Map(all.flatMap(({ header }) => (header === null ? [] : [[header.studyInstanceUid, header.patientId] as const])));
      out.result({ files, series, summary }, inspectionInWords({ files, series, summary }, patientOf));
      // One unreadable file among many is a finding; nothing readable at all is a failure.
      return summary.ok + summary.noPixels > 0 ? 0 : 1;
    } finally {
      await pool.close();
    }
  },
};

function seriesOf(looks: readonly Look[]): InspectedSeries[] {
  // As in the library: a series is known by its study and its own UID.
  const groups = new Map<string, ImageHeader[]>();
  const studiesOf = new Map<string, Set<string>>();
  const firstFiles = new Map<string, string>();
  for (const { header, file } of looks) {
    if (header?.hasPixels !== true) continue;
    const key = `${header.studyInstanceUid}\n${header.seriesInstanceUid}`;
    const group = groups.get(key);
    if (group === undefined) {
      groups.set(key, [header]);
      firstFiles.set(key, file.path);
    } else group.push(header);
    const studies = studiesOf.get(header.seriesInstanceUid) ?? new Set();
    studiesOf.set(header.seriesInstanceUid, studies.add(header.studyInstanceUid));
  }
  return [...groups].map(([key, members]) => {
    const { seriesInstanceUid, studyInstanceUid } = members[0]!;
    const inputs = members.flatMap((header) => Array.from({ length: Math.max(1, header.frames) }, (_, frame) => ({ id: `${header.sopInstanceUid}:${frame}`, header, frame })));
    const { stacks, oddities, notices, sourceFormat } = assembleSeries(inputs);
    return {
      seriesInstanceUid,
      studyInstanceUid,
      modality: members[0]!.modality,
      description: members[0]!.seriesDescription,
      seriesNumber: members[0]!.seriesNumber,
      firstFile: firstFiles.get(key)!,
      files: members.length,
      oddities: [...oddities],
      notices: [...(seriesInstanceUid === '' ? [] : sharedUidInWords(studiesOf.get(seriesInstanceUid)!.size - 1)), ...notices],
      ...(sourceFormat === undefined ? {} : { sourceFormat }),
      stacks: stacks.map((stack) => ({ images: stack.images.length, rows: stack.rows, columns: stack.columns, spacingMm: stack.spacingMm === null ? null : [...stack.spacingMm], volume: stack.volume, timePoints: stack.timePoints, oddities: [...stack.oddities], ...(stack.label === undefined ? {} : { label: stack.label }) })),
    };
  });
}

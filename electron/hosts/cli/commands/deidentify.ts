import path from 'node:path';
import { createMemoryLog, createWorkerPool, type WorkerPool } from '#base';
import { DeidentifyOption, ScanloomError, type CopyPlan, type DeidentificationReport, type DeidentifiedObject } from '#contract';
import { checkCopyOrder, copyDeidentified, libraryKeyFile, planCopy, readOrMakeKey } from '#exports';
import type { Command, CommandContext, ExitStatus } from '../command.ts';
import { table } from '../output.ts';

const offered = DeidentifyOption.options.join(', ');
/** Files of one reason that are listed one by one. */
const listed = 20;

export const deidentify: Command = {
  name: 'deidentify',
  usage: 'deidentify PATH… --out DIR|--plan [--option NAME …] [--key FILE]',
  summary: 'a copy without what identifies its patients (PS3.15 Basic Profile and options), with a report',
  options: {
    out: { kind: 'text', value: 'DIR', help: 'The folder of the copy; nothing may be there.' },
    option: { kind: 'many', value: 'NAME', help: `Any of ${offered}.` },
    plan: { kind: 'flag', help: 'Tells what the copy would hold and what to know before it is made (faces, writing in pixels, what can no longer be measured); writes nothing.' },
    key: { kind: 'text', value: 'FILE', help: 'The secret that pseudonyms are made from; made when it is not there. The library\'s own when left out. Keep it, and keep it apart.' },
    'accept-burned-in': { kind: 'flag', help: 'Somebody has looked: images that may have writing in their pixels are copied as they are.' },
    'accept-faces': { kind: 'flag', help: 'Somebody has looked at an earlier copy with clean-recognizable-visual-features and the same key: nobody can be recognised in it, and the copy says so of itself.' },
    dicomdir: { kind: 'flag', help: 'A DICOMDIR at the root of the copy, and file names that go on a disc. Done anyway where the input has a DICOMDIR.' },
    'show-names': { kind: 'flag', help: 'Names the original files of what is not in the copy, on standard error.' },
  },
  async run(context) {
    const { args, places } = context;
    if (args.positionals.length === 0 || (args.text('out') === undefined) === !args.flag('plan')) throw new ScanloomError('usage/invalid', 'deidentify needs a file or folder, and either --out with the folder of the copy or --plan.');
    const options = optionsOf(args.many('option'));
    if (args.flag('accept-faces') && !options.includes('clean-recognizable-visual-features')) throw new ScanloomError('usage/invalid', '--accept-faces says that somebody has looked at heads without their faces: it needs --option clean-recognizable-visual-features.');
    const pool = createWorkerPool({ entry: path.join(places.entries, 'dicom-worker.js'), size: 1, log: createMemoryLog() });
    try {
      return args.flag('plan') ? await plan(context, options, pool) : await copy(context, options, pool);
    } finally {
      await pool.close();
    }
  },
};

async function plan({ args, out, progress, places, cwd, signal, version }: CommandContext, options: DeidentifyOption[], pool: WorkerPool): Promise<ExitStatus> {
  const planned = await planCopy({ inputs: args.positionals.map((word) => path.resolve(cwd, word)), options, scanloom: version, pool, entries: places.entries, signal, onProgress: (done) => progress.step('Looking', done, 0) });
  progress.end();
  const { patients, studies, series, images, others } = planned.contents;
  out.result(planned, [`${patients} patients, ${studies} studies, ${series} series, ${images} images and ${others} other objects would go through.`, ...(options.includes('clean-pixel-data') || images === 0 ? [] : ['Pixels are not searched for writing: what the headers tell is all that is known of it. --option clean-pixel-data searches them.']), ...warningsInWords(planned.warnings)].join('\n'));
  return 0;
}

async function copy({ args, out, progress, places, cwd, signal, library, version, clock }: CommandContext, options: DeidentifyOption[], pool: WorkerPool): Promise<ExitStatus> {
  const folder = path.resolve(cwd, args.text('out')!);
  const given = args.text('key');
  const keyFile = given === undefined ? libraryKeyFile(library) : path.resolve(cwd, given);
  const inside = path.relative(folder, keyFile);
  if (inside === '' || (!inside.startsWith('..') && !path.isAbsolute(inside))) throw new ScanloomError('usage/invalid', 'The key must not lie in the copy: who has both can find the patients.');
  const inputs = args.positionals.map((word) => path.resolve(cwd, word));
  // Whatever can be wrong is said before a key is made for nothing.
  await checkCopyOrder({ inputs, target: folder, options });
  const { key, made } = await readOrMakeKey(keyFile);
  if (made) out.note(`A new key was made: ${keyFile}. Without it nothing can be added to this project later.`);
  const report = await copyDeidentified({
    inputs,
    target: folder,
    options,
    key,
    scanloom: version,
    createdAt: clock.now(),
    pool,
    entries: places.entries,
    acceptBurnedIn: args.flag('accept-burned-in'),
    acceptFaces: args.flag('accept-faces'),
    ...(args.flag('dicomdir') ? { dicomdir: true } : {}),
    signal,
    onProgress: (done) => progress.step('De-identifying', done, 0),
    onOutcome: (shown, object) => {
      if (args.flag('show-names') && object.outcome !== 'written') out.note(`${shown}: ${object.outcome}. ${object.reasons.join(' ')}`);
    },
  });
  progress.end();
  // Lists of a large folder stand in its report.
  const { attributes: _, files: __, objects, ...summary } = report;
  out.result({ folder, ...summary, objects: objects.filter((object) => object.outcome !== 'written') }, inWords(folder, report));
  // A script must see that something that was given is not in the copy.
  return report.objects.some(({ outcome }) => outcome === 'refused' || outcome === 'held-back') ? 3 : 0;
}

function warningsInWords(warnings: CopyPlan['warnings']): string[] {
  return warnings.length === 0 ? [] : ['', 'To know before you pass it on:', ...warnings.map(({ message, objects, series }) => `- ${message} (${objects} ${objects === 1 ? 'object' : 'objects'}, ${series} series)`)];
}

function optionsOf(words: readonly string[]): DeidentifyOption[] {
  const options = words.map((word) => {
    const option = DeidentifyOption.safeParse(word);
    if (!option.success) throw new ScanloomError('usage/invalid', `There is no option "${word.slice(0, 60)}".`, { hint: `There are ${offered}; several are separated by spaces.` });
    return option.data;
  });
  return [...new Set(options)];
}

function inWords(folder: string, report: DeidentificationReport): string {
  const groups = new Map<string, DeidentifiedObject[]>();
  for (const object of report.objects) {
    if (object.outcome === 'written') continue;
    const what = `${object.outcome}: ${object.reasons.join(' ')}`;
    groups.set(what, [...(groups.get(what) ?? []), object]);
  }
  const numbers = (objects: readonly DeidentifiedObject[]): string => `${objects.slice(0, listed).map(({ number }) => number).join(', ')}${objects.length > listed ? `, and ${objects.length - listed} more` : ''}`;
  return [
    ...(groups.size === 0 ? [] : [table([...groups].map(([what, objects]) => [objects.length, what, numbers(objects)]), ['files', 'not in the copy', 'which, counted in the order of names (--show-names names them)']), '']),
    ...report.faces.map(({ objects, words }) => `A series of ${objects} images of a head: ${words}`),
    ...report.summary,
    ...warningsInWords(report.warnings),
    '',
    `The copy is in ${folder}; report.html says what became of each attribute.`,
    ...(report.faces.some(({ series, seen }) => series !== null && !seen) ? ['Look at the heads in it. If nobody can be recognised, make the copy again with the same key and --accept-faces: it will be the same, and say so of itself.'] : []),
    'Look at the images before you pass them on: writing in pixels is found by likelihood, and a face can be drawn from thin slices of a head.',
  ].join('\n');
}

import path from 'node:path';
import { createMemoryLog, createWorkerPool } from '#base';
import { DeidentifyOption, ScanloomError, type DeidentificationReport, type DeidentifiedObject } from '#contract';
import { copyDeidentified, libraryKeyFile, readOrMakeKey } from '#exports';
import type { Command } from '../command.ts';
import { table } from '../output.ts';

/** Faces belong to whole volumes: the De-identify screen takes them off, not this command. */
const offered = DeidentifyOption.options.filter((option) => option !== 'clean-recognizable-visual-features').join(', ');
/** Files of one reason that are listed one by one. */
const listed = 20;

export const deidentify: Command = {
  name: 'deidentify',
  usage: 'deidentify PATH… --out DIR [--option NAME …] [--key FILE]',
  summary: 'a copy without what identifies its patients (PS3.15 Basic Profile and options), with a report',
  options: {
    out: { kind: 'text', value: 'DIR', help: 'The folder of the copy; nothing may be there.' },
    option: { kind: 'many', value: 'NAME', help: `Any of ${offered}.` },
    key: { kind: 'text', value: 'FILE', help: 'The secret that pseudonyms are made from; made when it is not there. The library\'s own when left out. Keep it, and keep it apart.' },
    'accept-burned-in': { kind: 'flag', help: 'Somebody has looked: images that may have writing in their pixels are copied as they are.' },
    'show-names': { kind: 'flag', help: 'Names the original files of what is not in the copy, on standard error.' },
  },
  async run({ args, out, progress, places, cwd, signal, library, version, clock }) {
    const [first] = args.positionals;
    const target = args.text('out');
    if (first === undefined || target === undefined) throw new ScanloomError('usage/invalid', 'deidentify needs a file or folder, and --out with the folder of the copy.');
    const options = optionsOf(args.many('option'));
    const folder = path.resolve(cwd, target);
    const given = args.text('key');
    const keyFile = given === undefined ? libraryKeyFile(library) : path.resolve(cwd, given);
    const inside = path.relative(folder, keyFile);
    if (inside === '' || (!inside.startsWith('..') && !path.isAbsolute(inside))) throw new ScanloomError('usage/invalid', 'The key must not lie in the copy: who has both can find the patients.');
    const { key, made } = await readOrMakeKey(keyFile);
    if (made) out.note(`A new key was made: ${keyFile}. Without it nothing can be added to this project later.`);
    const pool = createWorkerPool({ entry: path.join(places.entries, 'dicom-worker.js'), size: 1, log: createMemoryLog() });
    try {
      const report = await copyDeidentified({
        inputs: args.positionals.map((word) => path.resolve(cwd, word)),
        target: folder,
        options,
        key,
        scanloom: version,
        createdAt: clock.now(),
        pool,
        acceptBurnedIn: args.flag('accept-burned-in'),
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
    } finally {
      await pool.close();
    }
  },
};

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
  const { counts, attributes } = report;
  const sum = (key: 'removed' | 'replaced' | 'cleaned'): number => attributes.reduce((total, row) => total + row[key], 0);
  return [
    ...(groups.size === 0 ? [] : [table([...groups].map(([what, objects]) => [objects.length, what, numbers(objects)]), ['files', 'not in the copy', 'which, counted in the order of names (--show-names names them)']), '']),
    `${counts.written} of ${counts.files} files are in ${folder}. ${sum('removed')} attributes were removed, ${sum('replaced')} replaced, ${sum('cleaned')} cleaned; report.html says which.`,
    'Look at the images before you pass them on: writing in pixels is found by likelihood, and a face can be drawn from thin slices of a head.',
  ].join('\n');
}

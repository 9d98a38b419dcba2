import path from 'node:path';
import { ItemQuery, ScanloomError, StudyQuery, type SeriesSummary } from '#contract';
import type { Core } from '#core';
import { openPackages } from '#packages';
import type { Command, CommandContext } from '../command.ts';
import { matchId } from '../match-id.ts';
import { table } from '../output.ts';
import { parseWords } from '../parse-words.ts';
import type { Arguments } from '../arguments.ts';

interface Listing {
  readonly document: unknown;
  readonly words: string;
}
type Lister = (core: Core, args: Arguments) => Listing;

function studyQuery(args: Arguments): StudyQuery {
  return parseWords(StudyQuery, { search: args.text('search'), modality: args.text('modality'), from: args.text('from'), to: args.text('to'), provenance: args.text('provenance'), limit: args.text('limit') ?? '1000', offset: args.text('offset') });
}

const listers: Readonly<Record<string, Lister>> = {
  studies(core, args) {
    const { studies, total } = core.services.library.studies.list(studyQuery(args));
    const rows = studies.map((study) => [study.shortId, study.studyDate, study.modalities.join(','), study.series, study.images, study.patientId, study.patientName, study.description]);
    return { document: { studies, total }, words: table(rows, ['id', 'date', 'modality', 'series', 'images', 'patient id', 'patient', 'description']) };
  },
  series(core, args) {
    const { library } = core.services;
    const wanted = args.text('modality');
    const series: SeriesSummary[] = [];
    for (const study of library.studies.list(studyQuery(args)).studies) {
      for (const one of library.studies.get(study.studyInstanceUid).series) if (wanted === undefined || one.modality === wanted.toUpperCase()) series.push(one);
    }
    const rows = series.map((one) => [one.shortId, one.modality, one.images, one.stacks.length, one.oddities.join(','), one.description]);
    return { document: { series }, words: table(rows, ['id', 'modality', 'images', 'stacks', 'oddities', 'description']) };
  },
  items(core, args) {
    const job = args.text('job');
    const series = args.text('series');
    const query = parseWords(ItemQuery, {
      jobId: job === undefined ? undefined : matchId(job, core.services.jobs.list().map(({ jobId }) => jobId), 'job'),
      sourceSeriesUid: series === undefined ? undefined : core.services.library.studies.resolveSeries(series),
      provenance: args.text('provenance'),
      decision: args.text('decision'),
      limit: args.text('limit') ?? '10000',
      offset: args.text('offset'),
    });
    const items = core.services.library.items.list(query);
    const rows = items.map((item) => [item.itemId.slice(0, 8), item.provenance, item.modality, `${item.frames}×${item.rows}×${item.columns}`, item.class ?? '', item.decision ?? 'undecided', item.title]);
    return { document: { items }, words: table(rows, ['id', 'made', 'modality', 'size', 'class', 'decision', 'title']) };
  },
  jobs(core) {
    const jobs = core.services.jobs.list();
    // Synthetic images that wait for a decision; enhanced series may leave without one.
    const left = new Map(core.services.overview.runs().flatMap((run) => (run.provenance === 'synthetic' ? [[run.jobId, run.undecided] as const] : [])));
    const rows = jobs.map((job) => [job.jobId.slice(0, 8), job.state, `${job.unitsDone}/${job.unitsTotal}`, job.items, left.get(job.jobId) ?? '', job.createdAt, job.title]);
    return { document: { jobs }, words: table(rows, ['id', 'state', 'units', 'items', 'undecided', 'created', 'title']) };
  },
  exports(core) {
    const records = core.services.exports.list();
    const rows = records.map((record) => [record.exportId.slice(0, 8), record.format, record.state, record.items, record.files, record.createdAt, record.folder]);
    return { document: { exports: records }, words: table(rows, ['id', 'format', 'state', 'items', 'files', 'created', 'folder']) };
  },
};

/** Packages are there without a library, too. */
async function listPackages({ places, library }: CommandContext): Promise<Listing> {
  const packages = await openPackages([places.models, path.join(library, 'packages')]).list();
  const rows = packages.map(({ manifest, state }) => [manifest.id, manifest.version, manifest.task, state.status, manifest.title]);
  return { document: { packages }, words: table(rows, ['id', 'version', 'task', 'state', 'title']) };
}

const names = ['studies', 'series', 'items', 'jobs', 'packages', 'exports'];

export const list: Command = {
  name: 'list',
  usage: `list ${names.join('|')}`,
  summary: 'what the library holds',
  options: {
    search: { kind: 'text', value: 'TEXT', help: 'studies, series: in names, ids and descriptions.' },
    modality: { kind: 'text', value: 'CT|MR|…', help: 'studies, series: of this modality.' },
    from: { kind: 'text', value: 'YYYYMMDD', help: 'studies, series: of studies on this day or later.' },
    to: { kind: 'text', value: 'YYYYMMDD', help: 'studies, series: of studies on this day or earlier.' },
    job: { kind: 'text', value: 'JOB', help: 'items: of this job.' },
    series: { kind: 'text', value: 'SERIES', help: 'items: made from this series.' },
    provenance: { kind: 'text', value: 'source|enhanced|synthetic', help: 'items: made so; studies: with series that are so.' },
    decision: { kind: 'text', value: 'accepted|rejected|unsure|undecided', help: 'items: decided so.' },
    limit: { kind: 'text', value: 'N', help: 'At most so many.' },
    offset: { kind: 'text', value: 'N', help: 'After so many.' },
  },
  async run(context) {
    const { args, out } = context;
    const [what, ...more] = args.positionals;
    if (what === undefined || more.length > 0 || !names.includes(what)) throw new ScanloomError('usage/invalid', `list takes one of ${names.join(', ')}.`);
    // What is wrong with the words alone is said whether there is a library or not.
    if (what === 'items') parseWords(ItemQuery, { provenance: args.text('provenance'), decision: args.text('decision'), limit: args.text('limit'), offset: args.text('offset') });
    else studyQuery(args);
    const { document, words } = what === 'packages' ? await listPackages(context) : listers[what]!(await context.openCore('look'), args);
    out.result(document, words);
    return 0;
  },
};

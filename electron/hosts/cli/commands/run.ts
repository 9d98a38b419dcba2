import { ScanloomError, StartJob, TaskName, type ExportRecord, type Item, type Job } from '#contract';
import type { Core } from '#core';
import type { Arguments } from '../arguments.ts';
import type { Command, CommandContext } from '../command.ts';
import { checkTarget, dicomChoice, exportFormat, exportOptions, exportTo } from '../export-to.ts';
import { resolveSeriesInputs } from '../series-inputs.ts';
import { waitForJob } from '../wait-for-job.ts';

interface Skipped {
  readonly seriesInstanceUid: string;
  /** From 1; absent for a whole series. */
  readonly stack?: number;
  readonly reason: string;
}

/** Settings that are words; all others are numbers. */
const wordSettings: ReadonlySet<string> = new Set(['class']);

function settings(args: Arguments): Record<string, unknown> {
  return Object.fromEntries(Object.entries(args.pairs('set')).map(([name, value]) => {
    if (wordSettings.has(name)) return [name, value];
    if (value.trim() === '' || !Number.isFinite(Number(value))) throw new ScanloomError('usage/invalid', `--set ${name} takes a number, not "${value.slice(0, 40)}".`);
    return [name, Number(value)];
  }));
}

function request(task: TaskName, parts: Record<string, unknown>): StartJob {
  const parsed = StartJob.safeParse({ task, ...parts });
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  const name = issue.path.map(String).join('.');
  const message = issue.code === 'unrecognized_keys' ? `run ${task} has no setting "${issue.keys.join('", "')}".` : name === 'class' && !('class' in parts) ? `run ${task} needs --set class=….` : `${name === 'modality' || name === 'device' ? `--${name}` : `--set ${name}`}: ${issue.message}.`;
  throw new ScanloomError('usage/invalid', message, { hint: task === 'synthesize' ? '--set class=… count=… seed=… steps=… guidance=…' : '--set factor=…' });
}

/** The package that was named, or the only one there is for the task. */
async function packageFor(core: Core, task: TaskName, named: string | undefined): Promise<string> {
  if (named !== undefined) return named;
  const candidates = (await core.services.packages.list()).filter(({ manifest }) => manifest.task === task).map(({ manifest }) => manifest.id);
  if (candidates.length === 1) return candidates[0]!;
  if (candidates.length === 0) throw new ScanloomError('package/not-found', `There is no package for ${task}.`);
  throw new ScanloomError('usage/invalid', `Several packages can ${task}: ${candidates.join(', ')}.`, { hint: 'Choose one with --package.' });
}

function common(args: Arguments): Record<string, unknown> {
  const stack = args.whole('stack', { min: 1, max: 10_000 });
  return { ...(args.text('device') === undefined ? {} : { device: args.text('device') }), ...(stack === undefined ? {} : { stacks: [stack] }), ...(args.text('modality') === undefined ? {} : { modality: args.text('modality') }), ...settings(args) };
}

/** Everything that is wrong with the words alone, before a library is opened or made. */
function checkWords(task: TaskName, args: Arguments): void {
  const hasInput = args.many('input').length > 0;
  if (task === 'synthesize' && hasInput) throw new ScanloomError('usage/invalid', 'synthesize starts from noise and takes no --input.');
  if (task !== 'upscale' && args.text('stack') !== undefined) throw new ScanloomError('usage/invalid', `${task} takes no --stack.`);
  if (task !== 'synthesize' && !hasInput) throw new ScanloomError('usage/invalid', `${task} needs --input SERIES.`);
  request(task, { packageId: args.text('package') ?? 'any', ...common(args), ...(task === 'synthesize' ? {} : { seriesUids: ['1'] }) });
}

/** One job for each series; of a folder with several series those that the task cannot use are left out in words, and so are single stacks. */
async function startJobs(core: Core, context: CommandContext, task: TaskName, packageId: string): Promise<{ jobs: Job[]; skipped: Skipped[] }> {
  const { args, out } = context;
  const parts = { packageId, ...common(args) };
  if (task === 'synthesize') return { jobs: [await core.services.jobs.start(request(task, parts))], skipped: [] };
  const jobs: Job[] = [];
  const skipped: Skipped[] = [];
  const inputs = await resolveSeriesInputs(core, context, args.many('input'));
  if (inputs.length > 1 && args.text('stack') !== undefined) throw new ScanloomError('usage/invalid', `--stack counts the stacks of one series; these are ${inputs.length}.`, { hint: 'Name one series: scanloom list series shows their ids.' });
  for (const input of inputs) {
    try {
      const start = request(task, { ...parts, seriesUids: [input.seriesUid] });
      const job = await core.services.jobs.start(start);
      jobs.push(job);
      for (const { seriesUid, stack, reason } of (await core.services.jobs.preview(start)).leftOut) {
        skipped.push({ seriesInstanceUid: seriesUid, ...(stack === null ? {} : { stack }), reason });
        out.note(`Left out: ${reason}`);
      }
    } catch (thrown) {
      const error = ScanloomError.from(thrown);
      if (!input.fromFolder || error.code !== 'task/not-applicable') throw error;
      skipped.push({ seriesInstanceUid: input.seriesUid, reason: error.message });
      out.note(`Left out: ${error.message}`);
    }
  }
  if (jobs.length === 0) throw new ScanloomError('task/not-applicable', 'None of these series can be used.', { hint: skipped[0]?.reason });
  return { jobs, skipped };
}

export const run: Command = {
  name: 'run',
  usage: 'run TASK [--package ID] [--input SERIES …] [--stack N] [--set NAME=VALUE …] [--out DIR --format F]',
  summary: 'starts a job and waits; with --out exports what came out',
  options: {
    package: { kind: 'text', value: 'ID', help: 'The model package; may be left out when only one can do the task.' },
    input: { kind: 'many', value: 'SERIES', help: 'What to work on: a series, or a folder that is read on the way.' },
    set: { kind: 'many', value: 'NAME=VALUE', help: 'upscale: factor; synthesize: class, count, seed, steps, guidance.' },
    stack: { kind: 'text', value: 'N', help: 'upscale: only this stack of the series, from 1 as inspect lists them; every one that can be upscaled when left out.' },
    modality: { kind: 'text', value: 'CT|MR', help: 'upscale: what a NIfTI file is that does not say it.' },
    device: { kind: 'text', value: 'auto|cpu|webgpu|dml|coreml|cuda', help: 'Where the model runs.' },
    ...exportOptions,
  },
  async run(context) {
    const { args, out } = context;
    const [word, ...more] = args.positionals;
    const task = TaskName.safeParse(word);
    if (!task.success) throw new ScanloomError('usage/invalid', word === undefined ? 'run needs a task.' : `There is no task "${word.slice(0, 40)}".`, { hint: `Tasks: ${TaskName.options.join(', ')}.` });
    if (more.length > 0) throw new ScanloomError('usage/invalid', `run does not take "${more[0]!.slice(0, 60)}".`, { hint: 'Series are given with --input, settings with --set.' });
    const format = exportFormat(args);
    const choice = dicomChoice(args);
    const target = args.text('out');
    if (target === undefined && args.text('format') !== undefined) throw new ScanloomError('usage/invalid', '--format needs --out DIR.');

    checkWords(task.data, args);
    if (target !== undefined) await checkTarget(context.cwd, target);
    const core = await context.openCore('work');
    const { jobs: started, skipped } = await startJobs(core, context, task.data, await packageFor(core, task.data, args.text('package')));
    const jobs: Job[] = [];
    for (const job of started) jobs.push(await waitForJob(core, context, job.jobId));
    const items: Item[] = jobs.flatMap((job) => core.services.library.items.list({ jobId: job.jobId, limit: 10_000, offset: 0 }));
    let exported: ExportRecord | null = null;
    // Who names a folder wants what came out, reviewed or not; the manifest says which it is.
    if (target !== undefined && items.some((item) => item.provenance === 'synthetic' && item.decision !== 'accepted')) out.note('Nobody has reviewed these images; the manifest says so of each.');
    if (target !== undefined) exported = await exportTo(core, context, target, { format, ...choice, jobIds: jobs.map(({ jobId }) => jobId), includeUndecided: true });
    out.result({ jobs, items, skipped, export: exported }, [
      ...jobs.map((job) => `${job.title}: ${job.items} items on ${job.device?.device ?? 'no device'} (job ${job.jobId.slice(0, 8)})`),
      ...(exported === null ? [] : [`${exported.files} files in ${exported.folder}`]),
    ].join('\n'));
    return 0;
  },
};

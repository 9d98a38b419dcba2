import { ScanloomError, type Job } from '#contract';
import type { Core } from '#core';
import type { Command, CommandContext } from '../command.ts';
import { matchId } from '../match-id.ts';
import { inWords } from '../progress.ts';
import { table } from '../output.ts';
import { waitForJob } from '../wait-for-job.ts';

function inLines(job: Job): string {
  return [
    `${job.title} (${job.jobId})`,
    `  state     ${job.state}${job.error === null ? '' : `: ${job.error.message}`}`,
    `  units     ${job.unitsDone} of ${job.unitsTotal}${job.secondsLeft === null ? '' : `, about ${inWords(job.secondsLeft)} left`}`,
    `  items     ${job.items}`,
    `  package   ${job.packageId} (${job.packageSha256})`,
    `  device    ${job.device === null ? 'not chosen yet' : `${job.device.device}: ${job.device.reason}`}`,
    `  created   ${job.createdAt}${job.endedAt === null ? '' : `, ended ${job.endedAt}`}`,
    `  settings  ${JSON.stringify(job.settings)}`,
  ].join('\n');
}

function find(core: Core, word: string | undefined, verb: string): string {
  if (word === undefined) throw new ScanloomError('usage/invalid', `jobs ${verb} needs a job.`, { hint: 'scanloom jobs list shows them.' });
  return matchId(word, core.services.jobs.list().map(({ jobId }) => jobId), 'job');
}

async function goOn(context: CommandContext, verb: 'resume' | 'retry', word: string | undefined): Promise<0 | 1> {
  const core = await context.openCore('resume');
  const { jobs } = core.services;
  let jobIds: string[];
  if (word === undefined && verb === 'resume') jobIds = jobs.list().filter(({ state }) => ['paused', 'queued', 'running'].includes(state)).map(({ jobId }) => jobId);
  else jobIds = [find(core, word, verb)];
  for (const jobId of jobIds) if (verb === 'retry') jobs.retry(jobId); else jobs.resume(jobId);
  const done: Job[] = [];
  for (const jobId of jobIds) done.push(await waitForJob(core, context, jobId));
  context.out.result({ jobs: done }, done.length === 0 ? 'No job waits.' : done.map(inLines).join('\n'));
  return 0;
}

export const jobs: Command = {
  name: 'jobs',
  usage: 'jobs list|show|pause|resume|cancel|retry [JOB]',
  summary: 'the queue; resume and retry wait for the end, resume without JOB takes all that wait',
  options: {},
  async run(context) {
    const { args, out } = context;
    const [verb, word, ...more] = args.positionals;
    if (more.length > 0) throw new ScanloomError('usage/invalid', 'jobs takes one job at a time.');
    if (verb === 'resume' || verb === 'retry') return goOn(context, verb, word);
    if (verb === 'list') {
      const all = (await context.openCore('look')).services.jobs.list();
      out.result({ jobs: all }, table(all.map((job) => [job.jobId.slice(0, 8), job.state, `${job.unitsDone}/${job.unitsTotal}`, job.items, job.createdAt, job.title]), ['id', 'state', 'units', 'items', 'created', 'title']));
      return 0;
    }
    if (verb === 'show') {
      const core = await context.openCore('look');
      const job = core.services.jobs.get(find(core, word, verb));
      out.result({ job }, inLines(job));
      return 0;
    }
    if (verb === 'pause' || verb === 'cancel') {
      const core = await context.openCore('work');
      const job = core.services.jobs[verb](find(core, word, verb));
      out.result({ job }, inLines(job));
      return 0;
    }
    throw new ScanloomError('usage/invalid', 'jobs takes one of list, show, pause, resume, cancel, retry.');
  },
};

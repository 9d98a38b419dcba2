/** The Jobs screen: the queue, what each run took, and what is left to decide. */
import type { ReactNode } from 'react';
import type { Job, RunOverview } from '#contract';
import { call, live, useResource, useStore } from '../../client/index.ts';
import { Button, Empty, ErrorNote, Fact, Progress, Waiting, format, preferences, sourceWords } from '../../ui/index.ts';
import { JobActions, deviceWords, progressWords, stateWords } from '../tasks/index.ts';
import { showResult } from './show-result.ts';
import { useJobs } from './use-jobs.ts';
import './jobs.css';

function settingsWords(job: Job): string {
  const { settings } = job;
  if (settings.task === 'upscale') return `×${settings.factor}${settings.imageIds ? ` · ${format.count(settings.imageIds.length, 'slice')} only` : ''} · device ${settings.device}`;
  return `${settings.class} · ${format.count(settings.count, 'image')} · seed ${settings.seed} · ${settings.steps ?? '–'} steps · guidance ${settings.guidance ?? '–'} · device ${settings.device}`;
}

/** What is left to decide, then what was decided. */
function decidedWords({ undecided, accepted, rejected, unsure, total }: RunOverview): string {
  return undecided === total ? 'nobody has decided yet' : `${undecided > 0 ? `${undecided} left` : 'all decided'} · ✓ ${accepted} ✕ ${rejected} ? ${unsure}`;
}

function tookWords(job: Job): string {
  if (job.startedAt === null || job.endedAt === null) return '';
  return format.duration((Date.parse(job.endedAt) - Date.parse(job.startedAt)) / 1000);
}

export function JobsScreen(): ReactNode {
  const { jobs, resource } = useJobs();
  const events = useStore(live);
  const overviews = useResource((signal) => call('runOverviews', { signal }), 'overviews', events.items + events.jobsRevision);
  const of = new Map(overviews.value?.map((one) => [one.jobId, one]));
  return (
    <div className="page">
      <div className="page-head">
        <h1>Jobs</h1>
        <span className="muted">Finished units are kept: a job goes on where it was after a pause, a restart or a power cut.</span>
      </div>
      {resource.error ? <ErrorNote error={resource.error} onRetry={resource.reload} /> : null}
      {!resource.value && resource.loading ? <Waiting what="the jobs" /> : null}
      {resource.value && jobs.length === 0 ? <Empty title="No job yet"><p>Upscale a series under View or make images under Synthesize; runs and their results are listed here.</p></Empty> : null}
      <div className="job-list">
        {jobs.map((job) => <JobCard key={job.jobId} job={job} overview={of.get(job.jobId)} />)}
      </div>
    </div>
  );
}

function JobCard({ job, overview }: { job: Job; overview: RunOverview | undefined }): ReactNode {
  const tone = job.state === 'done' ? 'good' : job.state === 'failed' ? 'bad' : 'muted';
  const { hideIdentifiers } = useStore(preferences);
  const isOpen = ['queued', 'running', 'paused'].includes(job.state);
  return (
    <article className={`card job ${job.state}`} data-testid="job" data-state={job.state}>
      <div className="row">
        <h2>{job.title}</h2>
        <span className={tone}>{stateWords[job.state]}</span>
        {overview?.provenance === 'synthetic' ? <span className="muted">{decidedWords(overview)}</span> : null}
        <span className="spacer" />
        <JobActions job={job} />
        {job.items > 0 ? <Button look="quiet" onClick={() => showResult(job)}>Show {format.count(job.items, 'result')}</Button> : null}
      </div>
      {isOpen ? <Progress done={job.unitsDone} total={job.unitsTotal} label={job.title} /> : null}
      <div className="job-facts">
        <Fact name="Units"><span className="mono">{progressWords(job)}</span></Fact>
        <Fact name="Package"><span className="mono" title={job.packageSha256}>{job.packageId}</span></Fact>
        {overview && overview.sources.length > 0 ? <Fact name="Made from">{overview.sources.slice(0, 3).map((source) => sourceWords(source, hideIdentifiers)).join('; ')}{overview.sources.length > 3 ? ' …' : ''}</Fact> : null}
        <Fact name="Settings">{settingsWords(job)}</Fact>
        <Fact name="Device">{job.device ? deviceWords(job.device) : <span className="muted">not chosen yet</span>}</Fact>
        <Fact name="Asked">{format.instant(job.createdAt)}</Fact>
        <Fact name="Took"><span className="mono">{tookWords(job) || '–'}</span></Fact>
      </div>
      {job.error ? <ErrorNote error={job.error} /> : null}
    </article>
  );
}

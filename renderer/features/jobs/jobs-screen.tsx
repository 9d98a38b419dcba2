/** The Jobs screen, and the line at the bottom that says what runs. */
import type { ReactNode } from 'react';
import type { HostInfo, Job } from '#contract';
import { call, live, useResource, useStore } from '../../client/index.ts';
import { Button, Empty, ErrorNote, Fact, Progress, Waiting, format, goTo } from '../../ui/index.ts';
import { JobActions, deviceWords, progressWords, stateWords } from '../tasks/index.ts';
import { mergeJobs } from './job-order.ts';
import './jobs.css';

function useJobs(): { jobs: Job[]; resource: ReturnType<typeof useResource<Job[]>> } {
  const events = useStore(live);
  const resource = useResource((signal) => call('listJobs', { signal }), 'jobs', events.jobsRevision);
  return { jobs: mergeJobs(resource.value ?? [], events.jobs), resource };
}

function settingsWords(job: Job): string {
  const { settings } = job;
  if (settings.task === 'upscale') return `×${settings.factor}${settings.imageIds ? ` · ${format.count(settings.imageIds.length, 'slice')} only` : ''} · device ${settings.device}`;
  return `${settings.class} · ${format.count(settings.count, 'image')} · seed ${settings.seed} · ${settings.steps ?? '–'} steps · guidance ${settings.guidance ?? '–'} · device ${settings.device}`;
}

function tookWords(job: Job): string {
  if (job.startedAt === null || job.endedAt === null) return '';
  return format.duration((Date.parse(job.endedAt) - Date.parse(job.startedAt)) / 1000);
}

export function JobsScreen(): ReactNode {
  const { jobs, resource } = useJobs();
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
        {jobs.map((job) => <JobCard key={job.jobId} job={job} />)}
      </div>
    </div>
  );
}

function JobCard({ job }: { job: Job }): ReactNode {
  const tone = job.state === 'done' ? 'good' : job.state === 'failed' ? 'bad' : 'muted';
  const isOpen = ['queued', 'running', 'paused'].includes(job.state);
  return (
    <article className={`card job ${job.state}`} data-testid="job" data-state={job.state}>
      <div className="row">
        <h2>{job.title}</h2>
        <span className={tone}>{stateWords[job.state]}</span>
        <span className="spacer" />
        <JobActions job={job} />
        {job.items > 0 ? <Button look="quiet" onClick={() => show(job)}>Show {format.count(job.items, 'result')}</Button> : null}
      </div>
      {isOpen ? <Progress done={job.unitsDone} total={job.unitsTotal} label={job.title} /> : null}
      <div className="job-facts">
        <Fact name="Units"><span className="mono">{progressWords(job)}</span></Fact>
        <Fact name="Package"><span className="mono" title={job.packageSha256}>{job.packageId}</span></Fact>
        <Fact name="Settings">{settingsWords(job)}</Fact>
        <Fact name="Device">{job.device ? deviceWords(job.device) : <span className="muted">not chosen yet</span>}</Fact>
        <Fact name="Asked">{format.instant(job.createdAt)}</Fact>
        <Fact name="Took"><span className="mono">{tookWords(job) || '–'}</span></Fact>
      </div>
      {job.error ? <ErrorNote error={job.error} /> : null}
    </article>
  );
}

function show(job: Job): void {
  if (job.settings.task === 'synthesize') {
    goTo('review', [job.jobId]);
    return;
  }
  const seriesUid = job.settings.seriesUids[0];
  void call('listItems', { query: { jobId: job.jobId } }).then((items) => {
    const item = items[0];
    if (seriesUid !== undefined) goTo('view', [seriesUid], item ? { b: `item:${item.itemId}` } : {});
  });
}

/** The bottom line: what runs, with time left, and how to stop it. */
export function StatusLine({ host }: { host: HostInfo | undefined }): ReactNode {
  const { jobs } = useJobs();
  const events = useStore(live);
  const running = jobs.find((job) => job.state === 'running') ?? jobs.find((job) => job.state === 'paused');
  const waiting = jobs.filter((job) => job.state === 'queued').length;
  // Old failures are on the Jobs screen; the line tells of those that this page has seen.
  const failed = [...events.jobs.values()].filter((job) => job.state === 'failed').length;
  const reading = [...events.ingests.values()].find((ingest) => ingest.state === 'running');
  return (
    <footer className="status-line" aria-label="What is running">
      {running ? (
        <>
          <span className="status-title">{running.state === 'paused' ? 'Paused: ' : ''}{running.title}</span>
          <Progress done={running.unitsDone} total={running.unitsTotal} label={running.title} />
          <span className="mono muted" data-testid="status-progress">{progressWords(running)}</span>
          <JobActions job={running} />
        </>
      ) : reading ? (
        <>
          <span>Reading files</span>
          <Progress done={reading.filesDone} total={reading.filesFound} label="Reading files" />
          <span className="mono muted">{reading.filesDone}/{reading.filesFound}</span>
        </>
      ) : <span className="muted">Nothing is running</span>}
      <span className="spacer" />
      {events.connection === 'lost' ? <span className="bad">✕ no connection to Scanloom, trying again …</span> : null}
      {failed > 0 ? <Button look="quiet" onClick={() => goTo('jobs')}><span className="bad">✕ {format.count(failed, 'job')} failed</span></Button> : null}
      {waiting > 0 ? <Button look="quiet" onClick={() => goTo('jobs')}>{waiting} waiting</Button> : null}
      {host ? <span className="muted">{format.bytes(host.freeDiskBytes)} free</span> : null}
    </footer>
  );
}

/** The line at the bottom that says what runs, how far it is and what has ended; and the note over the page when the host does not answer. */
import { useEffect, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { ScanloomError } from '#contract';
import type { HostInfo, Job } from '#contract';
import { call, live, useResource, useStore } from '../../client/index.ts';
import { Button, Progress, format, goTo, tell } from '../../ui/index.ts';
import { JobActions, progressWords } from '../tasks/index.ts';
import { endedSince, exportsRunning } from './now-running.ts';
import type { ExportRunning } from './now-running.ts';
import { showResult } from './show-result.ts';
import { useJobs } from './use-jobs.ts';
import './jobs.css';

export function StatusLine({ host }: { host: HostInfo | undefined }): ReactNode {
  const { jobs } = useJobs();
  const events = useStore(live);
  const exports = useResource((signal) => call('listExports', { signal }), 'exports', events.exportsRevision);
  const writing = exportsRunning(exports.value ?? [], events.exports, events.exportProgress);
  const running = jobs.find((job) => job.state === 'running') ?? jobs.find((job) => job.state === 'paused');
  const waiting = jobs.filter((job) => job.state === 'queued').length;
  // Old failures are on the Jobs screen; the line tells of those that this page has seen.
  const failed = [...events.jobs.values()].filter((job) => job.state === 'failed').length;
  const reading = [...events.ingests.values()].find((ingest) => ingest.state === 'running');
  const ended = useEnded(events.jobs);
  const isIdle = !running && !reading && writing.length === 0;
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
      ) : null}
      {writing[0] ? <Writing first={writing[0]} more={writing.length - 1} /> : null}
      {isIdle && !ended ? <span className="muted">Nothing is running</span> : null}
      {ended ? (
        <Button look="quiet" data-testid="job-ended" onClick={() => (ended.state === 'done' ? showResult(ended) : goTo('jobs'))}>
          <span className={ended.state === 'done' ? 'good' : 'bad'}>{ended.state === 'done' ? '✓ finished' : '✕ failed'}</span> {ended.title} · show
        </Button>
      ) : null}
      <span className="spacer" />
      {events.connection === 'lost' || events.connection === 'locked-out' ? <span className="bad">✕ no connection to Scanloom</span> : null}
      {failed > 0 ? <Button look="quiet" onClick={() => goTo('jobs')}><span className="bad">✕ {format.count(failed, 'job')} failed</span></Button> : null}
      {waiting > 0 ? <Button look="quiet" onClick={() => goTo('jobs')}>{waiting} waiting</Button> : null}
      {host ? <span className="muted">{format.bytes(host.freeDiskBytes)} free</span> : null}
    </footer>
  );
}

/** An export that is being written: closing the program now would lose it. */
function Writing({ first, more }: { first: ExportRunning; more: number }): ReactNode {
  const { record, done, total } = first;
  const cancel = (): void => void call('cancelExport', { params: { exportId: record.exportId } }).catch((thrown: unknown) => tell(ScanloomError.from(thrown).message, 'bad'));
  return (
    <>
      <Button look="quiet" data-testid="status-export" onClick={() => goTo('export', [record.exportId])}><span className="status-title">Exporting {record.name}{more > 0 ? `, ${more} more waiting` : ''}</span></Button>
      {total > 0 ? <Progress done={done} total={total} label={`Exporting ${record.name}`} /> : null}
      <span className="mono muted">{total > 0 ? `${done}/${total}` : 'waiting …'}</span>
      <Button look="quiet" onClick={cancel}>Cancel</Button>
    </>
  );
}

/** The newest job that ended while the page was open; told in a sentence, too, and kept on the line until the next one starts. */
function useEnded(jobs: ReadonlyMap<string, Job>): Job | null {
  const before = useRef(jobs);
  const [ended, setEnded] = useState<Job | null>(null);
  useEffect(() => {
    const news = endedSince(before.current, jobs);
    before.current = jobs;
    for (const job of news) tell(job.state === 'done' ? `✓ Finished: ${job.title}` : `Failed: ${job.title}`, job.state === 'done' ? 'plain' : 'bad');
    const last = news.at(-1);
    if (last) setEnded(last);
    else if ([...jobs.values()].some((job) => job.state === 'running')) setEnded(null);
  }, [jobs]);
  return ended;
}

/** How long nobody answers before the note appears: a short gap mends itself. */
const patienceMs = 2000;

/** Over the page while the host does not answer, or no longer knows this page: what happened, and how to go on. */
export function ConnectionNote(): ReactNode {
  const { connection } = useStore(live);
  const isLost = connection === 'lost' || connection === 'locked-out';
  const [isLong, setIsLong] = useState(false);
  useEffect(() => {
    if (!isLost) return;
    const timer = setTimeout(() => setIsLong(true), patienceMs);
    return () => {
      clearTimeout(timer);
      setIsLong(false);
    };
  }, [isLost]);
  if (connection === 'locked-out') {
    return (
      <div className="note bad connection-note" role="alert" data-testid="connection-note">
        <strong>✕ Scanloom was started again, and this page still has the key of the time before.</strong>
        <span>Open the link that it printed at its start, in this browser: this page then goes on by itself, or close it and use the new one. All that was recorded is kept.</span>
      </div>
    );
  }
  return isLost && isLong ? (
    <div className="note bad connection-note" role="alert" data-testid="connection-note">
      <strong>✕ Scanloom does not answer.</strong>
      <span>Is it still running? This page tries again by itself. If you start it again, open the link that it prints then. All that was recorded is kept; nothing is recorded now.</span>
    </div>
  ) : null;
}

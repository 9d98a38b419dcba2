/** A job in one or two lines: state in a word, progress, time left, and what can be done to it. */
import type { ReactNode } from 'react';
import { ScanloomError } from '#contract';
import type { Job } from '#contract';
import { call } from '../../client/index.ts';
import { Button, ErrorNote, Progress, format, tell } from '../../ui/index.ts';

export const stateWords: Readonly<Record<Job['state'], string>> = { queued: 'waiting', running: 'running', paused: 'paused', done: '✓ done', failed: '✕ failed', cancelled: 'cancelled' };

type JobAction = 'pauseJob' | 'resumeJob' | 'cancelJob' | 'retryJob';

export function act(action: JobAction, jobId: string): void {
  call(action, { params: { jobId } }).catch((error: unknown) => tell(ScanloomError.from(error).message, 'bad'));
}

/** What can be done to a job in its state. */
export function actionsOf(state: Job['state']): readonly { action: JobAction; word: string }[] {
  switch (state) {
    case 'queued':
    case 'running':
      return [{ action: 'pauseJob', word: 'Pause' }, { action: 'cancelJob', word: 'Cancel' }];
    case 'paused':
      return [{ action: 'resumeJob', word: 'Resume' }, { action: 'cancelJob', word: 'Cancel' }];
    case 'failed':
    case 'cancelled':
      return [{ action: 'retryJob', word: 'Try again' }];
    case 'done':
      return [];
  }
}

export function progressWords(job: Job): string {
  const left = job.state === 'running' && job.secondsLeft !== null ? ` · ${format.duration(job.secondsLeft)} left` : '';
  return `${job.unitsDone}/${job.unitsTotal}${left}`;
}

export function JobActions({ job }: { job: Job }): ReactNode {
  return actionsOf(job.state).map(({ action, word }) => <Button key={action} look="quiet" onClick={() => act(action, job.jobId)}>{word}</Button>);
}

/** Why the job ran where it did; the reason alone where it already begins with the device. */
export function deviceWords(device: { device: string; reason: string }): string {
  const name = device.device.toUpperCase();
  return device.reason.toUpperCase().startsWith(name) ? device.reason : `${name} – ${device.reason}`;
}

export function JobLine({ job, titled = true }: { job: Job; titled?: boolean }): ReactNode {
  return (
    <div className="job-line" data-testid="job-line" data-state={job.state}>
      <div className="row">
        {titled ? <span>{job.title}</span> : <span className="muted" title={job.device?.reason}>{job.device ? `on ${job.device.device.toUpperCase()}` : ''}</span>}
        <span className="spacer" />
        <span className={job.state === 'done' ? 'good' : job.state === 'failed' ? 'bad' : 'muted'}>{stateWords[job.state]}</span>
      </div>
      {job.state === 'done' ? null : <Progress done={job.unitsDone} total={job.unitsTotal} label={job.title} />}
      <div className="row small">
        <span className="mono muted">{progressWords(job)}</span>
        {titled && job.device ? <span className="muted" title={job.device.reason}>{job.device.device.toUpperCase()}</span> : null}
        <span className="spacer" />
        <JobActions job={job} />
      </div>
      {job.error ? <ErrorNote error={job.error} /> : null}
    </div>
  );
}

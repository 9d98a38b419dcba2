/** What is being read in, and what was refused, in words. */
import { useState } from 'react';
import type { ReactNode } from 'react';
import type { IngestState } from '#contract';
import { call, forgetIngest } from '../../client/index.ts';
import { Button, Progress, format } from '../../ui/index.ts';
import { byReason } from './refused.ts';

export function IngestStrip({ ingests }: { ingests: readonly IngestState[] }): ReactNode {
  return ingests.slice(-3).map((ingest) => <Ingest key={ingest.ingestId} ingest={ingest} onClose={() => forgetIngest(ingest.ingestId)} />);
}

/** One sentence for the result of reading a folder. */
export function ingestWords(ingest: IngestState): string {
  const parts = [`${format.count(ingest.imagesAdded, 'new image')} in ${format.count(ingest.seriesTotal ?? ingest.seriesUids.length, 'series', 'series')}`];
  if (ingest.imagesKnown > 0) parts.push(`${ingest.imagesKnown} known already`);
  if (ingest.filesSkipped > 0) parts.push(`${format.count(ingest.filesSkipped, 'other file')} left aside`);
  if (ingest.refusedTotal > 0) parts.push(`${format.count(ingest.refusedTotal, 'file')} refused`);
  return parts.join(' · ');
}

function Ingest({ ingest, onClose }: { ingest: IngestState; onClose(): void }): ReactNode {
  const [open, setOpen] = useState(false);
  const isRunning = ingest.state === 'running';
  return (
    <div className={`note ingest ${ingest.state === 'failed' ? 'bad' : ''}`} data-testid="ingest" data-state={ingest.state}>
      <div className="row ingest-line">
        <strong>{isRunning ? 'Reading' : ingest.state === 'done' ? '✓ Read' : ingest.state === 'cancelled' ? 'Stopped' : '✕ Failed'}</strong>
        {isRunning ? <Progress done={ingest.filesDone} total={ingest.filesFound} label="Reading files" /> : null}
        <span className="mono">{isRunning ? `${ingest.filesDone} of ${format.count(ingest.filesFound, 'file')}` : ''}</span>
        <span>{ingestWords(ingest)}</span>
        <span className="spacer" />
        {ingest.refusedTotal > 0 ? <Button look="quiet" aria-expanded={open} onClick={() => setOpen(!open)}>{open ? 'Hide' : 'Show'} refused files</Button> : null}
        {isRunning ? <Button look="quiet" onClick={() => void call('cancelIngest', { params: { ingestId: ingest.ingestId } })}>Stop</Button> : <Button look="quiet" aria-label="Close" onClick={onClose}>✕</Button>}
      </div>
      {open ? (
        <ul className="refused">
          {byReason(ingest.refused).map((reason) => (
            <li key={`${reason.message} ${reason.hint ?? ''}`}>
              <span className="bad">✕ {format.count(reason.paths.length, 'file')}: {reason.message}</span>
              {reason.hint ? <span className="muted">{reason.hint}</span> : null}
              <details open={reason.paths.length <= 3}>
                <summary className="muted small">which</summary>
                {reason.paths.slice(0, 200).map((path) => <div key={path} className="mono">{path}</div>)}
                {reason.paths.length > 200 ? <div className="muted">… and {reason.paths.length - 200} more</div> : null}
              </details>
            </li>
          ))}
          {ingest.refusedTotal > ingest.refused.length ? <li className="muted">… and {ingest.refusedTotal - ingest.refused.length} more, not listed</li> : null}
        </ul>
      ) : null}
    </div>
  );
}

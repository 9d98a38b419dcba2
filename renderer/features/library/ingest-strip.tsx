/** What is being read in, and what was refused, in words. */
import { useState } from 'react';
import type { ReactNode } from 'react';
import type { IngestState } from '#contract';
import { call } from '../../client/index.ts';
import { Button, Progress, format } from '../../ui/index.ts';

export function IngestStrip({ ingests }: { ingests: readonly IngestState[] }): ReactNode {
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const shown = ingests.filter((ingest) => !closed.has(ingest.ingestId)).slice(-3);
  return shown.map((ingest) => <Ingest key={ingest.ingestId} ingest={ingest} onClose={() => setClosed((now) => new Set([...now, ingest.ingestId]))} />);
}

/** One sentence for the result of reading a folder. */
export function ingestWords(ingest: IngestState): string {
  const parts = [`${format.count(ingest.imagesAdded, 'new image')} in ${format.count(ingest.seriesUids.length, 'series', 'series')}`];
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
          {ingest.refused.slice(0, 200).map((one) => (
            <li key={one.path}>
              <span className="mono">{one.path}</span>
              <span className="bad">✕ {one.message}</span>
              {one.hint ? <span className="muted">{one.hint}</span> : null}
            </li>
          ))}
          {ingest.refusedTotal > 200 ? <li className="muted">… and {ingest.refusedTotal - 200} more</li> : null}
        </ul>
      ) : null}
    </div>
  );
}

/** After the last image: what came of it, and the ways on. No key decides here. */
import type { ReactNode } from 'react';
import type { Job } from '#contract';
import { Button, Fact } from '../../ui/index.ts';
import type { ReviewRun } from './runs.ts';
import type { ReviewModel } from './use-review.ts';

export function QueueEnd({ review, run, next, onNextRun, onExport }: { review: ReviewModel; run: Job | undefined; next: ReviewRun | null; onNextRun(): void; onExport(): void }): ReactNode {
  const { items, filter } = review;
  const of = (decision: 'accepted' | 'rejected' | 'unsure'): number => items.filter((one) => one.decision === decision).length;
  const left = items.filter((one) => one.decision === null).length;
  const isMaking = run !== undefined && ['queued', 'running', 'paused'].includes(run.state);
  return (
    <div className="review-over review-end" role="status" data-testid="queue-end">
      <strong>{filter === 'all' ? (items.length === 1 ? 'All of this run is decided.' : `All ${items.length} images of this run are decided.`) : review.queue.length === 1 ? `You are through: one image was ${filter}.` : `You are through the ${review.queue.length} images that were ${filter}.`}</strong>
      {isMaking && run?.settings.task === 'synthesize' ? <span>{run.settings.count - items.length} more are being made; they show here as they come.</span> : null}
      <div>
        <Fact name="Accepted"><span className="mono good">✓ {of('accepted')}</span></Fact>
        <Fact name="Rejected"><span className="mono bad">✕ {of('rejected')}</span></Fact>
        <Fact name="Unsure"><span className="mono">? {of('unsure')}</span></Fact>
        {left > 0 ? <Fact name="Not decided"><span className="mono">{left}</span></Fact> : null}
      </div>
      <div className="review-ways">
        {filter === 'all' ? null : <Button tabIndex={-1} onClick={() => review.choose('all')}>All images of this run</Button>}
        {of('unsure') > 0 && filter !== 'unsure' ? <Button tabIndex={-1} chord="Shift+U" onClick={() => review.choose('unsure')}>Go through the unsure ones</Button> : null}
        {next ? <Button tabIndex={-1} chord="PageDown" onClick={onNextRun}>Next run: {next.left} left in {next.job.title}</Button> : null}
        <Button tabIndex={-1} chord="Ctrl+Enter" onClick={onExport}>Export this run …</Button>
        <Button tabIndex={-1} chord="ArrowLeft" onClick={() => review.key('previous')}>Back to the last image</Button>
        <Button tabIndex={-1} chord="Home" onClick={() => review.key('first')}>Review again from the first</Button>
        <Button tabIndex={-1} chord="Ctrl+Z" onClick={review.undo}>Undo the last decision</Button>
      </div>
    </div>
  );
}

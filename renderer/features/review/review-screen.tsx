/** The Review screen: a queue, one large image, one key a decision. */
import { useEffect, useMemo, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import type { Item, Job } from '#contract';
import { call, live, urls, useResource, useStore } from '../../client/index.ts';
import { Button, Empty, ErrorNote, Key, Thumbnail, Waiting, format, goTo, useKeys } from '../../ui/index.ts';
import type { Place } from '../../ui/index.ts';
import { SingleImage } from '../viewer/index.ts';
import { DecisionPanel } from './decision-panel.tsx';
import { decisionWords } from './decision-words.ts';
import { rejectReasons } from './review-state.ts';
import { nextRun, nothingLeftWords, reviewRuns, runToOpen } from './runs.ts';
import type { ReviewRun } from './runs.ts';
import { QueueEnd } from './queue-end.tsx';
import { useReview } from './use-review.ts';
import type { Filter, ReviewModel } from './use-review.ts';
import './review.css';

export function ReviewScreen({ place }: { place: Place }): ReactNode {
  const jobId = place.rest[0] ?? '';
  const events = useStore(live);
  const jobs = useResource((signal) => call('listJobs', { signal }), 'jobs', events.jobsRevision);
  const overviews = useResource((signal) => call('runOverviews', { signal }), 'overviews', events.items + events.jobsRevision);
  const runs = useMemo(() => reviewRuns(jobs.value ?? [], overviews.value ?? []), [jobs.value, overviews.value]);
  // Chosen once: what is left changes with every decision, and the run on the screen must not.
  const [opened, setOpened] = useState('');
  const isKnown = jobs.value !== undefined && overviews.value !== undefined;
  useEffect(() => {
    if (isKnown && opened === '') setOpened(runToOpen(runs));
  }, [isKnown, opened, runs]);
  const chosen = jobId === '' ? opened : jobId;
  const error = jobs.error ?? overviews.error;
  if (error && !isKnown) return <div className="page"><ErrorNote error={error} onRetry={() => { jobs.reload(); overviews.reload(); }} /></div>;
  if (!isKnown || (chosen === '' && runs.length > 0)) return <Waiting what="the queue" />;
  if (chosen === '') {
    return (
      <Empty title="Nothing to review">
        <p>Images that a model made wait here for a decision: accept, reject with a reason, or unsure. Make some first.</p>
        <Button look="main" onClick={() => goTo('synthesize')}>Go to Synthesize</Button>
      </Empty>
    );
  }
  return <Queue key={chosen} jobId={chosen} runs={runs} first={place.query['item'] ?? null} />;
}

function Queue({ jobId, runs, first }: { jobId: string; runs: readonly ReviewRun[]; first: string | null }): ReactNode {
  const review = useReview(jobId, first);
  const { items, queue, item, state, list } = review;
  // Whoever came by a link still has the focus on it, and Enter would follow the link again instead of deciding.
  useEffect(backToImage, []);
  const run = runs.find((one) => one.job.jobId === jobId);
  const next = nextRun(runs, jobId);
  const exportRun = (): void => goTo('export', [], { job: jobId });
  const toNextRun = (): void => {
    if (next) goTo('review', [next.job.jobId]);
  };
  const digits = state.rejecting ? ['1', '2', '3', '4', '5', '6', '7', '8', '9'] : [];
  // In a series up and down go through its slices, as in the viewer; the viewport serves those keys then.
  const isSeries = item !== undefined && item.frames > 1 && !state.ended;
  const decides = { once: true, overLists: true } as const;
  useKeys([
    { keys: ['Enter'], does: 'accept, next', once: true, run: () => review.key('accept') },
    { keys: ['Backspace'], does: 'reject', ...decides, run: () => review.key('reject') },
    { keys: ['U'], does: 'unsure, next', ...decides, run: () => review.key('unsure') },
    { keys: ['Ctrl+Z'], does: 'undo', ...decides, run: review.undo },
    { keys: ['Ctrl+Shift+Z', 'Ctrl+Y'], does: 'redo', ...decides, run: review.redo },
    { keys: isSeries ? ['ArrowRight'] : ['ArrowRight', 'ArrowDown'], does: 'next', run: () => review.key('next') },
    { keys: isSeries ? ['ArrowLeft'] : ['ArrowLeft', 'ArrowUp'], does: 'previous', run: () => review.key('previous') },
    { keys: isSeries ? [] : ['Home'], does: 'first', run: () => review.key('first') },
    { keys: isSeries ? [] : ['End'], does: 'last', run: () => review.key('last') },
    { keys: ['Shift+U'], does: 'walk the unsure ones, or all', ...decides, run: () => review.choose('unsure') },
    { keys: ['Shift+R'], does: 'walk the rejected ones, or all', ...decides, run: () => review.choose('rejected') },
    { keys: ['Shift+A'], does: 'walk the accepted ones, or all', ...decides, run: () => review.choose('accepted') },
    { keys: ['PageDown'], does: 'next run with something left', ...decides, run: toNextRun },
    { keys: ['Ctrl+Enter'], does: 'export this run', ...decides, run: exportRun },
    { keys: ['Escape'], does: 'back to the image; take a rejection back', overLists: true, run: () => { backToImage(); review.key('escape'); } },
    ...digits.map((digit) => ({ keys: [digit], does: 'reason', ...decides, run: () => review.key({ digit: Number(digit) }) })),
  ]);
  return (
    <div className="review">
      <aside className="side left" aria-label="Queue">
        <h3>Queue · {items.filter((one) => one.decision !== null).length} of {items.length} decided</h3>
        <RunChoice jobId={jobId} runs={runs} />
        <FilterChoice review={review} />
        {list.error ? <ErrorNote error={list.error} onRetry={list.reload} /> : null}
        <div className="queue">
          {queue.map((one) => <QueueEntry key={one.itemId} item={one} current={one.itemId === item?.itemId} onChoose={() => review.show(one.itemId)} />)}
        </div>
        {list.value && items.length === 0 ? <p className="muted">This run has no images yet.</p> : null}
      </aside>
      <div className="review-image" data-testid="review-image" data-seen={review.isSeen}>
        <SingleImage stack={review.stack} keepAs={`run:${jobId}`} onShown={review.onShown} empty={review.detailError ? <ErrorNote error={review.detailError} /> : item === undefined ? 'No image yet.' : <Waiting what="the image" />} />
        {state.ended && item ? <QueueEnd review={review} run={run?.job} next={next} onNextRun={toNextRun} onExport={exportRun} /> : null}
        {review.problem && item ? (
          <div className="review-over bad" role="alert" data-testid="not-recorded">
            <strong>✕ Not recorded: image {item.index + 1} is still {item.decision === null ? 'undecided' : decisionWords[item.decision].word}.</strong>
            <span>{review.problem.message} {review.problem.hint ?? ''}</span>
            <span>Nothing goes on until it is recorded: press the key again.</span>
          </div>
        ) : null}
        <Strip review={review} />
      </div>
      <DecisionPanel review={review} run={run?.job} onExport={exportRun} />
    </div>
  );
}

function backToImage(): void {
  if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
}

/** Under the image, never over it: what was decided, the question for a reason, why a key did nothing. */
function Strip({ review }: { review: ReviewModel }): ReactNode {
  const { state, item, said } = review;
  if (state.rejecting) {
    return (
      <div className="review-strip rejecting" role="status" data-testid="reject-ask">
        <strong>✕ Reject – why?</strong>
        {rejectReasons.map((one, i) => <span key={one.reason}><Key chord={String(i + 1)} /> {one.words}</span>)}
        <span className="muted"><Key chord="Backspace" /> without a reason · <Key chord="Escape" /> not at all</span>
        {said === '' ? null : <span className="review-said">{said}</span>}
      </div>
    );
  }
  return (
    <div className={`review-strip ${item?.decision ?? ''}`} role="status" data-testid="review-strip">
      {item?.decision && !state.ended ? (
        <strong>{decisionWords[item.decision].mark} {decisionWords[item.decision].word}{item.reason === null ? '' : ` · ${rejectReasons.find((one) => one.reason === item.reason)?.words ?? item.reason}`}{item.note === '' ? '' : ` · “${item.note}”`}</strong>
      ) : null}
      {item && item.frames > 1 && !state.ended ? <span className="model" data-testid="slices-seen">One decision for all {item.frames} slices · {review.slicesSeen} seen · <Key chord="ArrowDown" /> <Key chord="ArrowUp" /> slice <Key chord="X" /> before/after <Key chord="Y" /> difference</span> : null}
      {said === '' ? null : <span className="review-said">{said}</span>}
    </div>
  );
}

function runWords({ job, overview, left }: ReviewRun): string {
  const state = overview === null ? 'no image yet' : left > 0 ? `${left} left` : job.task === 'synthesize' ? 'all decided' : `${overview.undecided} not decided`;
  const source = overview?.sources[0];
  return `${state} – ${job.title}${source ? ` · ${[source.modality, source.seriesDescription].filter(Boolean).join(' ')}` : ''} – ${format.instant(job.createdAt)}`;
}

function RunChoice({ jobId, runs }: { jobId: string; runs: readonly ReviewRun[] }): ReactNode {
  const elsewhere = runs.filter((run) => run.job.jobId !== jobId && run.left > 0);
  const left = elsewhere.reduce((sum, run) => sum + run.left, 0);
  const group = (task: Job['task'], label: string): ReactNode => {
    const of = runs.filter((run) => run.job.task === task);
    return of.length === 0 ? null : <optgroup label={label}>{of.map((run) => <option key={run.job.jobId} value={run.job.jobId}>{runWords(run)}</option>)}</optgroup>;
  };
  return (
    <div className="run-choices">
      <select className="input" aria-label="Run" value={jobId} onChange={(event) => { goTo('review', [event.target.value]); event.target.blur(); }}>
        {group('synthesize', 'Synthetic images')}
        {group('upscale', 'Enhanced series')}
      </select>
      <span className="muted small" data-testid="left-elsewhere">{left > 0 ? <>{format.count(left, 'image')} left in {format.count(elsewhere.length, 'other run')} <Key chord="PageDown" /></> : nothingLeftWords(runs, jobId)}</span>
    </div>
  );
}

const filters: readonly { filter: Filter; word: string; chord?: string }[] = [
  { filter: 'all', word: 'All' }, { filter: 'accepted', word: '✓', chord: 'Shift+A' }, { filter: 'rejected', word: '✕', chord: 'Shift+R' }, { filter: 'unsure', word: '?', chord: 'Shift+U' },
];

function FilterChoice({ review }: { review: ReviewModel }): ReactNode {
  return (
    <div className="choices" role="group" aria-label="Which images">
      {filters.map(({ filter, word, chord }) => (
        <button key={filter} type="button" tabIndex={-1} className="choice" aria-pressed={review.filter === filter} title={filter === 'all' ? 'All images of this run' : `Only those that are ${filter} now; walked through one by one (${chord ?? ''})`} onClick={() => review.choose(filter)}>
          {word} <span className="mono">{filter === 'all' ? review.items.length : review.items.filter((one) => one.decision === filter).length}</span>
        </button>
      ))}
    </div>
  );
}

/** Not in the row of Tab: the arrows walk the queue, and Enter must never belong to a thumbnail. */
function QueueEntry({ item, current, onChoose }: { item: Item; current: boolean; onChoose(): void }): ReactNode {
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (current) button.current?.scrollIntoView({ block: 'nearest' });
  }, [current]);
  const word = item.decision === null ? 'not decided' : decisionWords[item.decision].word;
  return (
    <button ref={button} type="button" tabIndex={-1} data-testid="queue-entry" data-decision={item.decision ?? ''} className={`queue-entry ${item.decision ?? ''} ${current ? 'current' : ''}`} aria-current={current} title={`Image ${item.index + 1}: ${word}`} onClick={onChoose}>
      <Thumbnail src={urls.itemThumbnail(item.itemId)} alt={`Image ${item.index + 1}, ${word}`} />
      {item.decision ? <span className="queue-mark">{decisionWords[item.decision].mark}</span> : null}
    </button>
  );
}

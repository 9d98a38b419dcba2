/** The Review screen: a queue, one large image, one key a decision. */
import { useEffect, useMemo, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { ScanloomError } from '#contract';
import type { Decision, Item, ItemDetail, Job } from '#contract';
import { call, live, urls, useResource, useStore } from '../../client/index.ts';
import { Button, Empty, ErrorNote, Fact, Key, Thumbnail, Waiting, format, goTo, measureWords, preferences, tell, useKeys } from '../../ui/index.ts';
import type { Place } from '../../ui/index.ts';
import { SingleImage, frames, itemPixels, stackOfItem } from '../viewer/index.ts';
import { aheadOf, press, rejectReasons } from './review-state.ts';
import type { ReviewKey, ReviewState } from './review-state.ts';
import './review.css';

export const decisionWords: Readonly<Record<Decision, { mark: string; word: string }>> = { accepted: { mark: '✓', word: 'accepted' }, rejected: { mark: '✕', word: 'rejected' }, unsure: { mark: '?', word: 'unsure' } };

/** Details of items near the one on the screen: they do not change, but for the decision, which is not read from here. */
const ready = new Map<string, ItemDetail>();
const mostReady = 200;

async function detailOf(itemId: string): Promise<ItemDetail> {
  const known = ready.get(itemId);
  if (known) return known;
  const detail = await call('getItem', { params: { itemId } });
  ready.set(itemId, detail);
  if (ready.size > mostReady) ready.delete(ready.keys().next().value as string);
  return detail;
}

export function ReviewScreen({ place }: { place: Place }): ReactNode {
  const jobId = place.rest[0] ?? '';
  const events = useStore(live);
  const jobs = useResource((signal) => call('listJobs', { signal }), 'jobs', events.jobsRevision);
  const runs = useMemo(() => (jobs.value ?? []).filter((job) => job.items > 0 || job.task === 'synthesize').sort((a, b) => b.createdAt.localeCompare(a.createdAt)), [jobs.value]);
  const newest = runs.find((job) => job.task === 'synthesize' && job.items > 0)?.jobId ?? runs[0]?.jobId ?? '';
  const chosen = jobId === '' ? newest : jobId;
  if (jobs.error && !jobs.value) return <div className="page"><ErrorNote error={jobs.error} onRetry={jobs.reload} /></div>;
  if (!jobs.value) return <Waiting what="the queue" />;
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

function Queue({ jobId, runs, first }: { jobId: string; runs: readonly Job[]; first: string | null }): ReactNode {
  const events = useStore(live);
  const { reader } = useStore(preferences);
  const list = useResource((signal) => call('listItems', { query: { jobId, limit: 10_000 }, signal }), jobId, events.items);
  const summary = useResource((signal) => call('reviewSummary', { query: { jobId }, signal }), jobId, events.items);
  const [state, setState] = useState<ReviewState>({ itemId: first, rejecting: false });
  const [mine, setMine] = useState<ReadonlyMap<string, Item>>(new Map());
  // The newest of: the list, what the host told, what was just decided here.
  const items = useMemo(() => (list.value ?? []).map((item) => mine.get(item.itemId) ?? item), [list.value, mine]);
  // What was decided here stays until a list says the same: a list asked for earlier may arrive later.
  useEffect(() => {
    const told = new Map((list.value ?? []).map((one) => [one.itemId, one]));
    setMine((now) => new Map([...now].filter(([id, own]) => told.get(id)?.decision !== own.decision || told.get(id)?.reason !== own.reason)));
  }, [list.value]);
  const index = Math.max(0, items.findIndex((item) => item.itemId === state.itemId));
  const item = items[index];
  const startAt = item && state.itemId === null ? (items.find((one) => one.decision === null) ?? item).itemId : null;
  useEffect(() => {
    if (startAt !== null) setState((now) => (now.itemId === null ? { ...now, itemId: startAt } : now));
  }, [startAt]);
  const itemId = item?.itemId ?? null;
  const detail = useResource(itemId === null ? null : () => detailOf(itemId), itemId ?? '');
  // At once where it was fetched ahead: the next image is there when the key is up.
  const known = detail.value ?? (itemId === null ? undefined : ready.get(itemId));
  const stack = useMemo(() => (known ? stackOfItem(known, null) : null), [known]);
  useEffect(() => {
    const ahead = aheadOf(items, itemId);
    // One that fails ahead of time fails again, in words, when it is looked at.
    for (const id of ahead) detailOf(id).catch(() => undefined);
    const [next, ...more] = ahead.map((id) => itemPixels(id, 0));
    if (next !== undefined) frames.focus('review-ahead', next, more);
    return () => frames.release('review-ahead');
  }, [items, itemId]);

  // One decision after the other, in the order of the keys.
  const sending = useRef(Promise.resolve());
  const decide = (decided: { itemId: string; decision: Decision; reason?: Item['reason'] & string }): void => {
    const before = items.find((one) => one.itemId === decided.itemId);
    if (before) setMine((now) => new Map(now).set(before.itemId, { ...before, decision: decided.decision, reason: decided.reason ?? null }));
    sending.current = sending.current.then(async () => {
      try {
        await call('decide', { body: { ...decided, reader } });
        summary.reload();
      } catch (error) {
        if (before) setMine((now) => new Map(now).set(before.itemId, before));
        tell(`Not recorded: ${ScanloomError.from(error).message}`, 'bad');
      }
    });
  };
  const key = (pressed: ReviewKey): void => {
    const outcome = press({ ...state, itemId }, items, pressed);
    setState(outcome.state);
    if (outcome.decide) decide(outcome.decide);
  };
  const undo = (): void => {
    sending.current = sending.current.then(async () => {
      try {
        const { item: undone } = await call('undoDecision', { body: { reader, jobId } });
        if (!undone) {
          tell('Nothing to undo.');
          return;
        }
        setMine((now) => new Map(now).set(undone.itemId, undone));
        setState({ itemId: undone.itemId, rejecting: false });
        summary.reload();
      } catch (error) {
        tell(ScanloomError.from(error).message, 'bad');
      }
    });
  };
  useKeys([
    { keys: ['Enter'], does: 'accept, next', run: () => key('accept') },
    { keys: ['Backspace'], does: 'reject', run: () => key('reject') },
    { keys: ['U'], does: 'unsure, next', run: () => key('unsure') },
    { keys: ['Ctrl+Z'], does: 'undo', run: undo },
    { keys: ['ArrowRight', 'ArrowDown'], does: 'next', run: () => key('next') },
    { keys: ['ArrowLeft', 'ArrowUp'], does: 'previous', run: () => key('previous') },
    { keys: ['Home'], does: 'first', run: () => setState({ itemId: items[0]?.itemId ?? null, rejecting: false }) },
    { keys: ['End'], does: 'last', run: () => setState({ itemId: items.at(-1)?.itemId ?? null, rejecting: false }) },
    { keys: ['Escape'], does: 'take a rejection back', run: () => key('escape') },
    ...[1, 2, 3, 4, 5, 6, 7, 8, 9].map((digit) => ({ keys: [String(digit)], does: 'reason', run: () => key({ digit }) })),
  ]);
  const run = runs.find((job) => job.jobId === jobId);
  const decided = items.filter((one) => one.decision !== null).length;
  return (
    <div className="review">
      <aside className="side left" aria-label="Queue">
        <h3>Queue · {decided} of {items.length} decided</h3>
        <select className="input" aria-label="Run" value={jobId} onChange={(event) => { goTo('review', [event.target.value]); event.target.blur(); }}>
          {runs.map((job) => <option key={job.jobId} value={job.jobId}>{job.title} – {format.instant(job.createdAt)}</option>)}
        </select>
        {list.error ? <ErrorNote error={list.error} onRetry={list.reload} /> : null}
        <div className="queue">
          {items.map((one) => <QueueEntry key={one.itemId} item={one} current={one.itemId === itemId} onChoose={() => setState({ itemId: one.itemId, rejecting: false })} />)}
        </div>
        {list.value && items.length === 0 ? <p className="muted">This run has no images yet.</p> : null}
      </aside>
      <div className="review-image">
        <SingleImage stack={stack} empty={detail.error ? <ErrorNote error={detail.error} /> : itemId === null ? 'No image yet.' : <Waiting what="the image" />} />
        {item?.decision ? <div className={`decision-mark ${item.decision}`}>{decisionWords[item.decision].mark} {decisionWords[item.decision].word}{item.reason === null ? '' : ` · ${rejectReasons.find((one) => one.reason === item.reason)?.words ?? item.reason}`}</div> : null}
        {state.rejecting ? (
          <div className="reject-ask" role="status" data-testid="reject-ask">
            <strong>✕ Reject – why?</strong>
            {rejectReasons.map((one, i) => <span key={one.reason}><Key chord={String(i + 1)} /> {one.words}</span>)}
            <span className="muted"><Key chord="Backspace" /> without a reason · <Key chord="Escape" /> not at all</span>
          </div>
        ) : null}
      </div>
      <aside className="side right" aria-label="Decision">
        <section>
          <h3>Decision</h3>
          <div className="decisions">
            <DecisionButton chord="Enter" word="Accept" note="next" onClick={() => key('accept')} />
            <DecisionButton chord="Backspace" word="Reject, with a reason" onClick={() => key('reject')} />
            <ol className="reasons">{rejectReasons.map((one) => <li key={one.reason}>{one.words}</li>)}</ol>
            <DecisionButton chord="U" word="Unsure" note="next" onClick={() => key('unsure')} />
            <DecisionButton chord="Ctrl+Z" word="Undo" onClick={undo} />
          </div>
        </section>
        <section className="card">
          <h3>This run</h3>
          <Fact name="Accepted"><span className="mono good">✓ {summary.value?.accepted ?? '–'}</span></Fact>
          <Fact name="Rejected"><span className="mono bad">✕ {summary.value?.rejected ?? '–'}</span></Fact>
          <Fact name="Unsure"><span className="mono">? {summary.value?.unsure ?? '–'}</span></Fact>
          <Fact name="Not decided"><span className="mono">{summary.value?.undecided ?? '–'}</span></Fact>
        </section>
        {item ? <MadeBy item={item} run={run} /> : null}
        <Button className="wide" onClick={() => goTo('export', [], { job: jobId })}>Export this run …</Button>
      </aside>
    </div>
  );
}

function DecisionButton({ chord, word, note, onClick }: { chord: string; word: string; note?: string; onClick(): void }): ReactNode {
  return (
    <button type="button" className="decision-button" onClick={onClick}>
      <Key chord={chord} />
      <span>{word}</span>
      {note ? <span className="muted">{note}</span> : null}
    </button>
  );
}

function QueueEntry({ item, current, onChoose }: { item: Item; current: boolean; onChoose(): void }): ReactNode {
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (current) button.current?.scrollIntoView({ block: 'nearest' });
  }, [current]);
  const word = item.decision === null ? 'not decided' : decisionWords[item.decision].word;
  return (
    <button ref={button} type="button" data-testid="queue-entry" data-decision={item.decision ?? ''} className={`queue-entry ${item.decision ?? ''} ${current ? 'current' : ''}`} aria-current={current} title={`Image ${item.index + 1}: ${word}`} onClick={onChoose}>
      <Thumbnail src={urls.itemThumbnail(item.itemId)} alt={`Image ${item.index + 1}, ${word}`} />
      {item.decision ? <span className="queue-mark">{decisionWords[item.decision].mark}</span> : null}
    </button>
  );
}

function MadeBy({ item, run }: { item: Item; run: Job | undefined }): ReactNode {
  const entry = useResource((signal) => call('getItemLedger', { params: { itemId: item.itemId }, signal }), item.itemId);
  const settings = run?.settings;
  return (
    <section className="card">
      <h3>Made by</h3>
      <Fact name="Package"><span className="model">{item.packageId} {item.packageVersion}</span></Fact>
      {item.class === null ? null : <Fact name="Condition">{item.class}</Fact>}
      {settings?.task === 'synthesize' ? <Fact name="Settings"><span className="mono">{settings.steps ?? '–'} steps, guidance {settings.guidance ?? '–'}</span></Fact> : null}
      {item.seed === null ? null : <Fact name="Seed, image"><span className="mono">{item.seed} / {item.index}</span></Fact>}
      {run?.device ? <Fact name="Device"><span title={run.device.reason}>{run.device.device.toUpperCase()}</span></Fact> : null}
      {item.measures.map((measure) => <Fact key={measure.name} name={<span title={measure.method}>{measureWords(measure.name)}</span>}><span className="mono">{format.number(measure.value, 2)} {measure.unit}</span></Fact>)}
      <Fact name="Ledger">
        <span className="mono" title={item.ledgerHash} data-testid="ledger-index">#{String(item.ledgerIndex).padStart(6, '0')} {entry.value ? (entry.value.hash === item.ledgerHash ? <span className="good">✓</span> : <span className="bad">✕ differs</span>) : ''}</span>
      </Fact>
    </section>
  );
}

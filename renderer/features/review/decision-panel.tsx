/** Right of the image: the decisions with their keys, a note, who made the image, and what its package says was seen. */
import { useRef } from 'react';
import type { ReactNode } from 'react';
import type { Item, Job } from '#contract';
import { call, useResource, useStore } from '../../client/index.ts';
import { Button, Fact, Key, format, goTo, measureWords, preferences, useKeys } from '../../ui/index.ts';
import { seenWords } from './seen-words.ts';
import { rejectReasons } from './review-state.ts';
import type { ReviewModel } from './use-review.ts';

export function DecisionPanel({ review, run, onExport }: { review: ReviewModel; run: Job | undefined; onExport(): void }): ReactNode {
  const { summary, item } = review;
  const { reader } = useStore(preferences);
  const note = useRef<HTMLInputElement>(null);
  useKeys([{ keys: ['M'], does: 'a note with the decision', run: () => note.current?.focus() }]);
  return (
    <aside className="side right" aria-label="Decision">
      <section>
        <h3>Decision</h3>
        <div className="decisions">
          <DecisionButton chord="Enter" word="Accept" note="next" onClick={() => review.key('accept')} />
          <DecisionButton chord="Backspace" word="Reject, with a reason" onClick={() => review.key('reject')} />
          <ol className="reasons">{rejectReasons.map((one) => <li key={one.reason}>{one.words}</li>)}</ol>
          <DecisionButton chord="U" word="Unsure" note="next" onClick={() => review.key('unsure')} />
          <DecisionButton chord="Ctrl+Z" word="Undo" onClick={review.undo} />
          <DecisionButton chord="Ctrl+Shift+Z" word="Redo" onClick={review.redo} />
        </div>
        <label className="row review-note">
          <Key chord="M" />
          <input
            ref={note}
            className="input"
            aria-label="Note with the decision"
            placeholder="note with the decision"
            maxLength={500}
            value={review.note}
            onChange={(event) => review.setNote(event.target.value)}
            onKeyDown={(event) => {
              if (event.key !== 'Enter' && event.key !== 'Escape') return;
              event.preventDefault();
              // Handled here: the same key press must not decide on the image.
              event.stopPropagation();
              event.currentTarget.blur();
            }}
          />
        </label>
        <div className="muted small">Recorded under <strong>{reader}</strong>. <Button look="quiet" onClick={() => goTo('settings')}>Change</Button></div>
      </section>
      <section className="card">
        <h3>This run</h3>
        <Fact name="Accepted"><span className="mono good">✓ {summary?.accepted ?? '–'}</span></Fact>
        <Fact name="Rejected"><span className="mono bad">✕ {summary?.rejected ?? '–'}</span></Fact>
        <Fact name="Unsure"><span className="mono">? {summary?.unsure ?? '–'}</span></Fact>
        <Fact name="Not decided"><span className="mono">{summary?.undecided ?? '–'}</span></Fact>
      </section>
      <Button className="wide" onClick={onExport} chord="Ctrl+Enter">Export this run …</Button>
      {item ? <WhatWasSeen item={item} /> : null}
      {item ? <MadeBy item={item} run={run} /> : null}
    </aside>
  );
}

/** Not in the row of Tab: each has its key, and Enter must mean accept wherever one is. */
function DecisionButton({ chord, word, note, onClick }: { chord: string; word: string; note?: string; onClick(): void }): ReactNode {
  return (
    <button type="button" tabIndex={-1} className="decision-button" onClick={onClick}>
      <Key chord={chord} />
      <span>{word}</span>
      {note ? <span className="muted">{note}</span> : null}
    </button>
  );
}

/** The words of the package's own card about this condition. */
function WhatWasSeen({ item }: { item: Item }): ReactNode {
  const card = useResource(item.class === null ? null : (signal) => call('getPackageCard', { params: { packageId: item.packageId }, signal }), `${item.packageId} ${item.class === null ? '' : 'card'}`);
  const words = card.value && item.class !== null ? seenWords(card.value.markdown, item.class) : '';
  return words === '' ? null : (
    <section className="card">
      <h3>{item.class}: what its card says</h3>
      <div className="small">{words}</div>
    </section>
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
      <Fact name="Image"><span className="mono">{item.index + 1} of this run</span></Fact>
      {item.seed === null ? null : <Fact name="Seed"><span className="mono">{item.seed}</span></Fact>}
      <Fact name={<span title="Its files in every export end in this">In exports</span>}><span className="mono" data-testid="item-short">…-{item.itemId.slice(0, 8)}</span></Fact>
      {run?.device ? <Fact name="Device"><span title={run.device.reason}>{run.device.device.toUpperCase()}</span></Fact> : null}
      {item.measures.map((measure) => <Fact key={measure.name} name={<span title={measure.method}>{measureWords(measure.name)}</span>}><span className="mono">{format.number(measure.value, 2)} {measure.unit}</span></Fact>)}
      <Fact name="Ledger">
        <span className="mono" title={item.ledgerHash} data-testid="ledger-index">entry {item.ledgerIndex} {entry.value ? (entry.value.hash === item.ledgerHash ? <span className="good">✓</span> : <span className="bad">✕ differs</span>) : ''}</span>
      </Fact>
    </section>
  );
}

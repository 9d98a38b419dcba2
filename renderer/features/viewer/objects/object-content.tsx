/** What an object says, as an indented text, beside the images: reports line by line, documents and waveforms by their facts. */
import type { ReactNode } from 'react';
import type { StudyObject } from '#contract';
import { call, useResource, useStore } from '../../../client/index.ts';
import { Button, ErrorNote, Waiting, format, preferences } from '../../../ui/index.ts';

/** Deeper lines are not moved further right: they would leave the panel. */
const deepest = 10;

export function ObjectContentPanel({ object, onClose }: { object: StudyObject; onClose(): void }): ReactNode {
  const content = useResource((signal) => call('getObjectContent', { params: { objectUid: object.sopInstanceUid }, signal }), object.sopInstanceUid);
  const { hideIdentifiers } = useStore(preferences);
  return (
    <aside className="side right object-content" aria-label="Content" data-testid="object-content">
      <section>
        <div className="object-head">
          <h2>{object.title || object.what}</h2>
          <Button look="quiet" onClick={onClose} aria-label="Close">✕</Button>
        </div>
        <div className="muted small">{[object.what, object.modality, hideIdentifiers ? '' : format.dicomDate(object.date)].filter(Boolean).join(' · ')}</div>
        {object.notices.map((notice) => <div key={notice} className="small">{notice}</div>)}
      </section>
      {content.error ? <ErrorNote error={content.error} onRetry={content.reload} /> : null}
      {!content.value && content.loading ? <Waiting what="the content" /> : null}
      {content.value ? (
        hideIdentifiers ? <p className="muted">Names are hidden, and a text may hold some. Press N to read it.</p> : (
          <div className="object-lines">
            {content.value.lines.map((line, i) => (
              <div key={i} className={`object-line level-${Math.min(deepest, line.level)}`} title={line.relationship}>
                {line.name === '' ? null : <span className="muted">{line.name}{line.value === '' ? '' : ': '}</span>}
                <span>{line.value}</span>
              </div>
            ))}
            {content.value.lines.length === 0 ? <p className="muted">It holds nothing that can be shown as text.</p> : null}
            {content.value.truncated ? <p className="muted">… and more than is shown here.</p> : null}
          </div>
        )
      ) : null}
    </aside>
  );
}

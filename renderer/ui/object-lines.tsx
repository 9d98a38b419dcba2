/** What an object that is no image says, as indented lines: reports item by item, documents and waveforms by their facts. */
import type { ReactNode } from 'react';
import { call, useResource, useStore } from '../client/index.ts';
import { ErrorNote, Waiting } from './controls.tsx';
import { preferences } from './preferences.ts';

/** Deeper lines are not moved further right: they would leave the panel. */
const deepest = 10;

export function ObjectLines({ objectUid }: { objectUid: string }): ReactNode {
  const content = useResource((signal) => call('getObjectContent', { params: { objectUid }, signal }), objectUid);
  const { hideIdentifiers } = useStore(preferences);
  if (content.error) return <ErrorNote error={content.error} onRetry={content.reload} />;
  if (!content.value) return <Waiting what="the content" />;
  if (hideIdentifiers) return <p className="muted">Names are hidden, and a text may hold some. Press N to read it.</p>;
  return (
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
  );
}

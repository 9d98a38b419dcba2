/** What an object says, beside the images. */
import type { ReactNode } from 'react';
import type { StudyObject } from '#contract';
import { useStore } from '../../../client/index.ts';
import { Button, ObjectLines, format, preferences } from '../../../ui/index.ts';

export function ObjectContentPanel({ object, onClose }: { object: StudyObject; onClose(): void }): ReactNode {
  const { hideIdentifiers } = useStore(preferences);
  return (
    <aside className="side right" aria-label="Content" data-testid="object-content">
      <section>
        <div className="object-head">
          <h2>{object.title || object.what}</h2>
          <Button look="quiet" onClick={onClose} aria-label="Close">✕</Button>
        </div>
        <div className="muted small">{[object.what, object.modality, hideIdentifiers ? '' : format.dicomDate(object.date)].filter(Boolean).join(' · ')}</div>
        {object.notices.map((notice) => <div key={notice} className="small">{notice}</div>)}
      </section>
      <ObjectLines objectUid={object.sopInstanceUid} />
    </aside>
  );
}

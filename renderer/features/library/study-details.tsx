/** Beside the list: the series of the chosen study and what was noticed. */
import { useState } from 'react';
import type { ReactNode } from 'react';
import type { StudySummary } from '#contract';
import { call, live, urls, useResource, useStore } from '../../client/index.ts';
import { Button, ErrorNote, ModelBadge, ObjectLines, Thumbnail, Waiting, format, goTo, inReadingOrder } from '../../ui/index.ts';

export function StudyDetails({ study, onForget }: { study: StudySummary; onForget(): void }): ReactNode {
  const events = useStore(live);
  const detail = useResource((signal) => call('getStudy', { params: { studyUid: study.studyInstanceUid }, signal }), study.studyInstanceUid, events.studies);
  return (
    <aside className="side study-details" aria-label="Series of the study">
      <h3>Series</h3>
      {detail.error ? <ErrorNote error={detail.error} onRetry={detail.reload} /> : null}
      {!detail.value && detail.loading ? <Waiting what="the series" /> : null}
      {inReadingOrder(detail.value?.series ?? []).map((series) => (
        <div key={series.seriesInstanceUid} className="card series-card">
          <button type="button" className="series-open" onClick={() => goTo('view', [series.seriesInstanceUid])}>
            <Thumbnail src={urls.seriesThumbnail(series.seriesInstanceUid)} alt={series.description} />
            <span>
              <span className="strong">{series.description || `Series ${series.seriesNumber ?? '–'}`}</span>
              <span className="muted small">
                <br />
                {series.modality} · {format.count(series.images, 'image')}
                {series.stacks.length > 1 ? ` · ${series.stacks.length} stacks` : ''}
                <br />
                {[series.manufacturer, series.model].filter(Boolean).join(' ')}
              </span>
            </span>
          </button>
          {series.provenance === 'source' ? null : <ModelBadge small>{series.provenance === 'synthetic' ? 'SYNTHETIC' : 'AI-ENHANCED'}</ModelBadge>}
          {series.oddities.length > 0 ? <div className="row">{series.oddities.map((oddity) => <span key={oddity} className="tag">{oddity}</span>)}</div> : null}
          {series.notices.map((notice) => <div key={notice} className="small muted">{notice}</div>)}
        </div>
      ))}
      <OtherObjects study={study} />
      <Button onClick={() => goTo('deidentify', [study.studyInstanceUid])} data-testid="deidentify-study">De-identify …</Button>
      <Button look="quiet" onClick={onForget}>Forget this study …</Button>
    </aside>
  );
}

/** What the study holds beside images: each is named, and read where it stands. */
function OtherObjects({ study }: { study: StudySummary }): ReactNode {
  const events = useStore(live);
  const [read, setRead] = useState<string | null>(null);
  const objects = useResource((signal) => call('listStudyObjects', { params: { studyUid: study.studyInstanceUid }, signal }), study.studyInstanceUid, events.studies);
  if (objects.error) return <ErrorNote error={objects.error} onRetry={objects.reload} />;
  if (!objects.value || objects.value.length === 0) return null;
  return (
    <section className="stack" data-testid="other-objects">
      <h3>Other objects</h3>
      {objects.value.map((object) => {
        const isRead = read === object.sopInstanceUid;
        return (
          <div key={object.sopInstanceUid}>
            <button type="button" className="object-entry" aria-expanded={isRead} aria-pressed={isRead} onClick={() => setRead(isRead ? null : object.sopInstanceUid)}>
              <span className="strong">{object.title || object.seriesDescription || object.what}</span>
              <span className="muted small">{object.what}{object.isImage ? ' · also images' : ''}</span>
            </button>
            {isRead ? <ObjectLines objectUid={object.sopInstanceUid} /> : null}
          </div>
        );
      })}
    </section>
  );
}

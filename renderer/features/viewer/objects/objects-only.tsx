/** A study without images: its reports and documents, read in place of them. */
import { useState } from 'react';
import type { ReactNode } from 'react';
import type { StudyObject } from '#contract';
import { call, live, useResource, useStore } from '../../../client/index.ts';
import { Button, Empty, ErrorNote, Waiting, format, goTo, preferences } from '../../../ui/index.ts';
import { ObjectContentPanel } from './object-content.tsx';

/** What a person opens such a study for comes first. */
const order: readonly StudyObject['kind'][] = ['report', 'document', 'key-objects', 'waveform'];

function firstOf(objects: readonly StudyObject[]): StudyObject | undefined {
  const rank = ({ kind }: StudyObject): number => (order.includes(kind) ? order.indexOf(kind) : order.length);
  return [...objects].sort((a, b) => rank(a) - rank(b))[0];
}

export function ObjectsOnly({ studyUid }: { studyUid: string }): ReactNode {
  const { studies } = useStore(live);
  const { hideIdentifiers } = useStore(preferences);
  const [chosen, setChosen] = useState<string | null>(null);
  const study = useResource((signal) => call('getStudy', { params: { studyUid }, signal }), studyUid, studies);
  const objects = useResource((signal) => call('listStudyObjects', { params: { studyUid }, signal }), studyUid, studies);
  if (study.error) return <div className="page"><ErrorNote error={study.error} onRetry={study.reload} /></div>;
  if (objects.error) return <div className="page"><ErrorNote error={objects.error} onRetry={objects.reload} /></div>;
  if (!objects.value || !study.value) return <div className="page"><Waiting what="the study" /></div>;
  const all = objects.value;
  const read = all.find((one) => one.sopInstanceUid === chosen) ?? firstOf(all);
  const about = study.value.study;
  if (read === undefined) return <Empty title="This study holds no images and no reports"><Button onClick={() => goTo('studies')}>Go to studies</Button></Empty>;
  return (
    <div className="view objects-only" data-testid="objects-only">
      <aside className="side left" aria-label="Objects of the study">
        <section>
          <h3>Study</h3>
          <div className="small" data-testid="study-heading">
            <div>{hideIdentifiers ? '•••••' : format.personName(about.patientName) || about.patientId || about.shortId}</div>
            <div className="muted">{[about.description, hideIdentifiers ? '' : format.dicomDate(about.studyDate)].filter(Boolean).join(' · ')}</div>
          </div>
          <div className="small muted">This study holds no images.</div>
        </section>
        <section data-testid="study-objects">
          <h3>Objects</h3>
          {all.map((object) => (
            <button key={object.sopInstanceUid} type="button" className="object-entry" aria-pressed={object === read} onClick={() => setChosen(object.sopInstanceUid)}>
              <span className="strong">{object.title || object.seriesDescription || object.what}</span>
              <span className="muted small">{object.what}</span>
            </button>
          ))}
        </section>
      </aside>
      <ObjectContentPanel key={read.sopInstanceUid} object={read} onClose={() => goTo('studies')} />
    </div>
  );
}

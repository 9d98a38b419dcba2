/** Under the series of the study: another study of the library, whose series can be opened in a viewport beside. Those of the same patient come first. */
import type { ReactNode } from 'react';
import type { StudySummary } from '#contract';
import { call, live, urls, useResource, useStore } from '../../client/index.ts';
import { ErrorNote, Thumbnail, Waiting, format, goTo, preferences } from '../../ui/index.ts';
import type { Place } from '../../ui/index.ts';
import type { PaneState } from './pane/pane-state.ts';

interface Props {
  readonly place: Place;
  readonly studyUid: string | undefined;
  readonly patientId: string;
  readonly shown: PaneState;
  onOpen(spec: string): void;
}

const mostListed = 200;

export function OtherStudy({ place, studyUid, patientId, shown, onOpen }: Props): ReactNode {
  const { studies } = useStore(live);
  const { hideIdentifiers } = useStore(preferences);
  const chosen = place.query['with'] ?? '';
  const list = useResource((signal) => call('listStudies', { query: { limit: mostListed }, signal }), 'beside', studies);
  const detail = useResource(chosen === '' ? null : (signal) => call('getStudy', { params: { studyUid: chosen }, signal }), chosen, studies);
  const others = (list.value?.studies ?? []).filter((study) => study.studyInstanceUid !== studyUid);
  if (others.length === 0) return null;
  const isOwn = (study: StudySummary): boolean => study.patientId !== '' && study.patientId === patientId;
  const words = (study: StudySummary): string =>
    [hideIdentifiers ? study.shortId : format.personName(study.patientName) || study.patientId || study.shortId, study.description, study.modalities.join(' '), hideIdentifiers ? '' : format.dicomDate(study.studyDate)].filter(Boolean).join(' · ');
  const choose = (uid: string): void => {
    goTo('view', place.rest, { ...place.query, with: uid === '' ? undefined : uid });
  };
  const option = (study: StudySummary): ReactNode => <option key={study.studyInstanceUid} value={study.studyInstanceUid}>{words(study)}</option>;
  const [own, foreign] = [others.filter(isOwn), others.filter((study) => !isOwn(study))];
  return (
    <section data-testid="other-study">
      <h3>Compare with</h3>
      <select className="input" aria-label="Another study" value={chosen} onChange={(event) => { choose(event.target.value); event.target.blur(); }}>
        <option value="">another study …</option>
        {own.length > 0 ? <optgroup label="The same patient">{own.map(option)}</optgroup> : null}
        {foreign.length > 0 ? <optgroup label="Other patients">{foreign.map(option)}</optgroup> : null}
      </select>
      {detail.error ? <ErrorNote error={detail.error} /> : null}
      {chosen !== '' && !detail.value && detail.loading ? <Waiting what="its series" /> : null}
      <div className="series-list">
        {(chosen === '' ? [] : detail.value?.series ?? []).flatMap((one) => one.stacks.map((stack, i) => {
          const spec = `series:${one.seriesInstanceUid}:${i}`;
          return (
            <button key={spec} type="button" className="series-entry" data-testid="beside-entry" aria-pressed={shown.stack?.spec === spec} onClick={() => onOpen(spec)}>
              <Thumbnail src={urls.seriesThumbnail(one.seriesInstanceUid, one.stacks.length > 1 ? i : undefined)} alt={one.description} />
              <span>
                <span className="series-title">{one.description || `Series ${one.seriesNumber ?? '–'}`}</span>
                <span className="series-facts">{one.modality} · {format.count(stack.images, 'image')}{one.stacks.length > 1 ? ` · ${stack.label ?? `stack ${i + 1}`}` : ''}</span>
              </span>
            </button>
          );
        }))}
      </div>
    </section>
  );
}

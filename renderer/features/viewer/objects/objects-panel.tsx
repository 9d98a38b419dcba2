/** Left of the images: what can be laid over this series, how somebody wanted it shown, and what the study holds beside images. */
import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { ScanloomError } from '#contract';
import type { SegmentationDetail, SeriesObject, StructureSetDetail, StudyObject } from '#contract';
import { call, live, useResource, useStore } from '../../../client/index.ts';
import { Choices, ErrorNote, Key, tell } from '../../../ui/index.ts';
import type { Pane } from '../pane/pane.ts';
import { objectStore } from './object-store.ts';
import { changeOverlays, overlays, segmentKey, toggleObject, toggleSegment } from './overlay-state.ts';
import type { OverlayStyle } from './overlay-state.ts';
import { useSeriesObjects } from './series-objects.ts';

interface Props {
  readonly pane: Pane;
  readonly studyUid: string | undefined;
  /** The object whose content is read beside the images, if one is. */
  readonly read: string | null;
  onRead(object: StudyObject | null): void;
}

export function ObjectsPanel({ pane, studyUid, read, onRead }: Props): ReactNode {
  const state = useStore(pane.store);
  const { studies } = useStore(live);
  const view = useStore(overlays);
  const seriesUid = state.stack?.series?.seriesInstanceUid ?? null;
  const mine = useSeriesObjects(seriesUid);
  const all = useResource(studyUid === undefined ? null : (signal) => call('listStudyObjects', { params: { studyUid }, signal }), studyUid ?? '', studies);
  const areas = mine.filter(({ object }) => object.kind === 'segmentation' || object.kind === 'structure-set');
  const states = mine.filter(({ object }) => object.kind === 'presentation-state');
  const hasPlanes = state.stack?.images.some(({ meta }) => meta.more?.includes('overlays')) === true;
  const presented = state.presentation?.object.sopInstanceUid ?? null;
  const present = async (uid: string | null): Promise<void> => {
    try {
      pane.present(uid === null ? null : await objectStore.presentationState(uid));
    } catch (thrown) {
      tell(ScanloomError.from(thrown).message, 'bad');
    }
  };
  return (
    <>
      {areas.length > 0 || hasPlanes ? (
        <section data-testid="overlays">
          <h3>Overlays {view.hidden ? '· hidden' : ''} <Key chord="O" /></h3>
          {areas.map((one) => seriesUid === null ? null : <AreaObject key={one.object.sopInstanceUid} one={one} seriesUid={seriesUid} pane={pane} />)}
          {hasPlanes ? (
            <label className="choice-line small"><input type="checkbox" checked={view.planes} onChange={(event) => changeOverlays({ planes: event.target.checked })} /> <span>Overlay planes of the images</span></label>
          ) : null}
          {areas.some(({ object }) => view.on.has(object.sopInstanceUid)) ? (
            <>
              <Choices<OverlayStyle> label="How areas are drawn" value={view.style} onChange={(style) => changeOverlays({ style })} options={[{ value: 'both', label: 'Both' }, { value: 'outline', label: 'Outline' }, { value: 'fill', label: 'Fill' }]} />
              <label className="row small">Opacity <input type="range" min={0} max={100} value={Math.round(view.opacity * 100)} aria-label="Opacity of areas" onChange={(event) => changeOverlays({ opacity: Number(event.target.value) / 100 })} /><span className="mono">{Math.round(view.opacity * 100)} %</span></label>
            </>
          ) : null}
        </section>
      ) : null}
      {states.length > 0 ? (
        <section data-testid="presentations">
          <h3>Presentation</h3>
          <label className="choice-line small"><input type="radio" name="presentation" checked={presented === null} onChange={() => void present(null)} /> <span>None: as the images come</span></label>
          {states.map(({ object }) => (
            <label key={object.sopInstanceUid} className="choice-line small">
              <input type="radio" name="presentation" checked={presented === object.sopInstanceUid} onChange={() => void present(object.sopInstanceUid)} />
              <span>{object.title || object.seriesDescription || object.what}</span>
            </label>
          ))}
          {state.presentation?.notices.map((notice) => <div key={notice} className="small muted">{notice}</div>)}
        </section>
      ) : null}
      {all.error ? <ErrorNote error={all.error} onRetry={all.reload} /> : null}
      {all.value && all.value.length > 0 ? (
        <section data-testid="study-objects">
          <h3>Other objects</h3>
          {all.value.map((object) => (
            <button key={object.sopInstanceUid} type="button" className="object-entry" aria-pressed={read === object.sopInstanceUid} onClick={() => onRead(read === object.sopInstanceUid ? null : object)} title={object.notices.join(' ')}>
              <span className="strong">{object.title || object.seriesDescription || object.what}</span>
              <span className="muted small">{object.what}{object.isImage ? ' · also images' : ''}</span>
            </button>
          ))}
        </section>
      ) : null}
    </>
  );
}

type Detail = { readonly notices: readonly string[]; readonly parts: readonly { readonly number: number; readonly name: string; readonly more: string; readonly colour: readonly number[] }[]; readonly images: readonly { readonly imageId: string; readonly numbers: readonly number[]; readonly how: string }[] };

function ofSegmentation(detail: SegmentationDetail): Detail {
  return {
    notices: detail.notices, images: detail.images,
    parts: detail.segments.map((segment) => ({ number: segment.number, name: segment.label || `Segment ${segment.number}`, more: [segment.description === segment.label ? '' : segment.description, segment.type?.meaning ?? '', segment.algorithm.toLowerCase()].filter(Boolean).join(' · '), colour: segment.colour })),
  };
}
function ofStructureSet(detail: StructureSetDetail): Detail {
  return { notices: detail.notices, images: detail.images, parts: detail.rois.map((roi) => ({ number: roi.number, name: roi.name || `Structure ${roi.number}`, more: [roi.interpretedType, `${roi.contours} contours`].filter(Boolean).join(' · '), colour: roi.colour })) };
}

/** One segmentation or structure set: on or off, and its parts. */
function AreaObject({ one: { object, relation }, seriesUid, pane }: { one: SeriesObject; seriesUid: string; pane: Pane }): ReactNode {
  const view = useStore(overlays);
  const uid = object.sopInstanceUid;
  const isOn = view.on.has(uid);
  const [detail, setDetail] = useState<Detail | null>(null);
  const [error, setError] = useState<ScanloomError | null>(null);
  useEffect(() => {
    if (!isOn) return;
    let isOver = false;
    (object.kind === 'segmentation' ? objectStore.segmentation(uid, seriesUid).then(ofSegmentation) : objectStore.structureSet(uid, seriesUid).then(ofStructureSet)).then(
      (found) => {
        if (!isOver) setDetail(found);
      },
      (thrown: unknown) => {
        if (!isOver) setError(ScanloomError.from(thrown));
      },
    );
    return () => {
      isOver = true;
    };
  }, [isOn, object.kind, seriesUid, uid]);
  /** The slice in the middle of those on which a part lies. */
  const goToPart = (number: number): void => {
    const ids = new Set(detail?.images.filter((image) => image.numbers.includes(number)).map((image) => image.imageId));
    const places = (pane.state.stack?.images ?? []).flatMap((image, i) => (ids.has(image.meta.imageId) ? [i] : []));
    const middle = places[Math.floor(places.length / 2)];
    if (middle === undefined) tell('It lies on no image of this stack.');
    else pane.goTo(middle);
  };
  return (
    <div className="area-object" data-testid="area-object">
      <label className="row">
        <input type="checkbox" checked={isOn} onChange={() => toggleObject(uid)} />
        <span>
          <span className="strong">{object.title || object.seriesDescription || object.what}</span>
          <span className="muted small"><br />{object.what}{relation === 'same-space' ? ' · by its place only' : ''}</span>
        </span>
      </label>
      {isOn && error ? <ErrorNote error={error} /> : null}
      {isOn && detail ? (
        <>
          {detail.parts.map((part) => (
            <div key={part.number} className="area-part">
              <label className="row small" title={part.more}>
                <input type="checkbox" checked={!view.off.has(segmentKey(uid, part.number))} onChange={() => toggleSegment(uid, part.number)} />
                <svg className="swatch" width="12" height="12" aria-hidden="true"><rect width="12" height="12" rx="3" fill={`rgb(${part.colour.join(' ')})`} /></svg>
                <span>{part.name}</span>
              </label>
              <button type="button" className="area-go" onClick={() => goToPart(part.number)} title="Go to the middle of it" aria-label={`Go to ${part.name}`}>→</button>
            </div>
          ))}
          {detail.images.length === 0 ? <div className="small muted">It marks no image of this series.</div> : null}
          {detail.notices.map((notice) => <div key={notice} className="small muted">{notice}</div>)}
        </>
      ) : null}
      {!isOn ? object.notices.map((notice) => <div key={notice} className="small muted">{notice}</div>) : null}
    </div>
  );
}

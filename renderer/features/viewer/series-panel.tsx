/** Left of the images: what the study holds, what was noticed, the windows. */
import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import type { ImageDisplay, Item, SeriesSummary, StudySummary } from '#contract';
import { urls, useStore } from '../../client/index.ts';
import { Button, Choices, Key, Thumbnail, format, preferences } from '../../ui/index.ts';
import type { PaneState } from './pane/pane-state.ts';
import { listedSpec } from './image-stack.ts';
import { stackMadeFrom } from './made-from.ts';
import { imageAt, tableOf, windowOf } from './pane/pane-state.ts';
import { applyPreset, presetsFor } from './view-keys.ts';
import type { ViewSession } from './view-session.ts';
import { marks } from './measure/marks.ts';
import { mosaicWords } from './measure/ruler.ts';
import { objectStore } from './objects/object-store.ts';
import { colourMapNames, colourMaps } from './window/tone.ts';
import type { ColourMap } from './window/tone.ts';

interface Props {
  readonly study: StudySummary | undefined;
  readonly series: readonly SeriesSummary[];
  readonly items: readonly Item[];
  readonly session: ViewSession;
  readonly shown: PaneState;
  /** Another study to compare with. */
  readonly beside: ReactNode;
  /** What lies beside and over the images. */
  readonly objects: ReactNode;
  onOpen(spec: string): void;
  /** Another plane of what the active viewport shows. */
  onPlane(spec: string): void;
}

function spacingWords(series: SeriesSummary, stackIndex: number): string {
  const stack = series.stacks[stackIndex];
  if (!stack) return '';
  const spacing = stack.spacingMm;
  return spacing === null ? `${stack.columns} × ${stack.rows}` : `${format.millimetres(spacing[2])} × ${format.millimetres(spacing[1])}${spacing[0] === null ? '' : ` × ${format.millimetres(spacing[0])}`} mm`;
}

export function SeriesPanel({ study, series, items, session, shown, beside, objects, onOpen, onPlane }: Props): ReactNode {
  const { hideIdentifiers } = useStore(preferences);
  const current = shown.stack?.series;
  const sheet = mosaicWords(imageAt(shown)?.meta);
  const notices = [...(sheet === null ? [] : [sheet]), ...(current?.notices ?? [])];
  const listed = listedSpec(shown.stack?.spec);
  // Of the viewport that the notices and the task panel speak of: another study may lie in it.
  const heading = shown.stack?.study ?? study;
  return (
    <aside className="side left" aria-label="Series">
      <section>
        <h3>Study</h3>
        {heading ? (
          <div className="small" data-testid="study-heading">
            <div>{hideIdentifiers ? '•••••' : format.personName(heading.patientName) || heading.patientId || heading.shortId}</div>
            <div className="muted">{[heading.description, hideIdentifiers ? '' : format.dicomDate(heading.studyDate)].filter(Boolean).join(' · ')}</div>
          </div>
        ) : null}
      </section>
      <section>
        <h3>Series</h3>
        <div className="series-list">
          {series.flatMap((one) =>
            one.stacks.map((stack, stackIndex) => {
              const spec = `series:${one.seriesInstanceUid}:${stackIndex}`;
              const made = items.filter((item) => item.sourceSeriesUid === one.seriesInstanceUid && stackMadeFrom(one, item) === stackIndex);
              return (
                <div key={spec} className="series-list">
                  <button type="button" className="series-entry" aria-pressed={listed === spec} onClick={() => onOpen(spec)} title={[`Series ${one.seriesNumber ?? ''}: ${one.description}`, stack.label].filter(Boolean).join(' · ')}>
                    <Thumbnail src={urls.seriesThumbnail(one.seriesInstanceUid, one.stacks.length > 1 ? stackIndex : undefined)} alt={one.description} />
                    <span>
                      <span className="series-title">{one.description || `Series ${one.seriesNumber ?? '–'}`}</span>
                      {one.stacks.length > 1 ? <span className="stack-label" data-testid="stack-label">{stack.label ?? `stack ${stackIndex + 1}`}</span> : null}
                      <span className="series-facts">
                        {one.modality} · {format.count(stack.images, 'image')}
                        <br />
                        {spacingWords(one, stackIndex)}
                        {one.oddities.includes('localizer') ? ' · localizer' : ''}
                        {one.sources ? <span className="bad"><br />✕ {[one.sources.missing > 0 ? `${one.sources.missing} missing` : '', one.sources.changed > 0 ? `${one.sources.changed} changed` : ''].filter(Boolean).join(', ')}</span> : null}
                      </span>
                    </span>
                  </button>
                  {made.map((item) => (
                    <button key={item.itemId} type="button" className="series-entry enhanced" data-testid="enhanced-entry" aria-pressed={shown.stack?.spec === `item:${item.itemId}`} onClick={() => onOpen(`item:${item.itemId}`)} title={item.title}>
                      <Thumbnail src={urls.itemThumbnail(item.itemId)} alt={item.title} />
                      <span>
                        <span className="model">AI-enhanced</span>
                        <span className="series-facts">
                          {item.columns} × {item.rows} · {format.count(item.frames, 'image')}
                          <br />
                          {item.packageId} · {format.instant(item.createdAt)}
                        </span>
                      </span>
                    </button>
                  ))}
                </div>
              );
            }),
          )}
        </div>
      </section>
      {shown.stack && listed !== null && shown.stack.planes.length > 0 ? (
        <section data-testid="planes">
          <h3>Plane</h3>
          <Choices<string> label="Plane" value={shown.stack.spec} onChange={onPlane} options={[{ value: listed, label: 'As taken' }, ...shown.stack.planes.map(({ name, spec }) => ({ value: spec, label: capital(name) }))]} />
        </section>
      ) : null}
      {beside}
      {current ? (
        <section>
          <h3>Noticed</h3>
          {notices.length === 0 ? <div className="muted small">Nothing unusual about this series.</div> : notices.map((notice) => <div key={notice} className="small">{notice}</div>)}
        </section>
      ) : null}
      {shown.stack && (shown.shown?.frame.samples ?? 1) === 1 ? (
        <section>
          <h3>Window</h3>
          <div className="choices">
            {presetsFor(shown).map((preset) => {
              const voi = windowOf(shown);
              const isOn = tableOf(shown) === null && (preset.voi ? voi.center === preset.voi.center && voi.width === preset.voi.width : preset.key === '0' && shown.voi === null && shown.presentation === null);
              return (
                <button key={preset.key} type="button" className="choice small" aria-pressed={isOn} title={preset.voi ? `W ${format.number(preset.voi.width)} L ${format.number(preset.voi.center)}` : preset.key === '0' ? 'As the file says' : '1st to 99th percentile of this image'} onClick={() => applyPreset(session, preset.key)}>
                  {preset.key} {preset.name}
                </button>
              );
            })}
            <FileWindows state={shown} session={session} />
          </div>
          <SuvNote state={shown} />
          {canColour(shown) ? (
            <Choices<ColourMap> label="Colours" value={shown.colourMap} onChange={(colourMap) => session.active.change((state) => ({ ...state, colourMap }))} options={colourMapNames.map((value) => ({ value, label: colourMaps[value].name }))} />
          ) : null}
        </section>
      ) : null}
      <KeyImages state={shown} session={session} />
      {objects}
      <section>
        <Button look="quiet" title="Keys" onClick={() => window.dispatchEvent(new KeyboardEvent('keydown', { key: '?', bubbles: true }))}>
          Keys <Key chord="?" />
        </Button>
      </section>
    </aside>
  );
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** Maps of figures and PET can be read in colours; anatomy stays grey. */
function canColour(state: PaneState): boolean {
  const image = imageAt(state);
  if (!image || image.meta.samplesPerPixel > 1 || image.meta.photometricInterpretation === 'PALETTE COLOR') return false;
  const values = state.shown?.frame.values;
  const isMap = state.stack?.provenance === 'source' && (values instanceof Float32Array || values instanceof Float64Array);
  return isMap || ['PT', 'NM', 'RTDOSE'].includes(state.stack?.modality ?? '') || !['', 'HU', 'OD'].includes(image.meta.unit);
}

/** The windows and tables that the image's file names beside its first window. */
function FileWindows({ state, session }: { state: PaneState; session: ViewSession }): ReactNode {
  const image = imageAt(state);
  const imageId = image?.meta.imageId;
  const hasMore = image?.meta.more?.some((kind) => kind === 'windows' || kind === 'voi-table') === true && image.source === null;
  const [display, setDisplay] = useState<ImageDisplay | null>(null);
  useEffect(() => {
    if (!hasMore || imageId === undefined) return;
    let isOver = false;
    // A file whose tables cannot be read still has its window.
    objectStore.display(imageId).then((found) => {
      if (!isOver) setDisplay(found);
    }, () => undefined);
    return () => {
      isOver = true;
    };
  }, [hasMore, imageId]);
  if (!hasMore || display?.imageId !== imageId || !display) return null;
  const now = windowOf(state);
  const table = tableOf(state);
  // Files name windows twice, and the first is the file's own already.
  const own = image.meta.window;
  const seen = new Set([`${own.center} ${own.width} ${own.function ?? 'LINEAR'}`]);
  return display.voi.map((voi, i) => {
    if ('table' in voi) {
      const isOn = table?.explanation === voi.table.explanation && table.first === voi.table.first && table.values.length === voi.table.values.length;
      return <button key={i} type="button" className="choice small" aria-pressed={isOn} title="A table of the file" onClick={() => session.active.change((before) => ({ ...before, voi: null, table: voi.table }))}>{voi.table.explanation || 'Table'}</button>;
    }
    const { center, width, explanation, function: shape } = voi.window;
    const name = `${center} ${width} ${shape ?? 'LINEAR'}`;
    if (seen.has(name)) return null;
    seen.add(name);
    const isOn = table === null && now.center === center && now.width === width && (now.function ?? 'LINEAR') === (shape ?? 'LINEAR');
    return <button key={i} type="button" className="choice small" aria-pressed={isOn} title={`Of the file: W ${width} L ${center}${shape === undefined || shape === 'LINEAR' ? '' : `, ${shape.toLowerCase()}`}`} onClick={() => session.active.change((before) => ({ ...before, table: null, voi: { center, width, ...(shape === undefined ? {} : { function: shape }) } }))}>{explanation || `${format.number(width)} / ${format.number(center)}`}</button>;
  });
}

/** Why PET values have no SUV, or what it was made from. */
function SuvNote({ state }: { state: PaneState }): ReactNode {
  const suv = imageAt(state)?.meta.suv;
  return suv === undefined ? null : <div className="small muted" data-testid="suv-note">{suv.factor === null ? suv.reason : `SUV by body weight. ${suv.reason}`}</div>;
}

/** The key images of this stack, and the images that carry measurements: each leads to its image. */
function KeyImages({ state, session }: { state: PaneState; session: ViewSession }): ReactNode {
  const { keyImages, marks: drawn } = useStore(marks.store);
  const places = (state.stack?.images ?? []).flatMap((image, index) => {
    const isKey = keyImages.some((one) => one.pixels === image.pixels);
    const count = drawn.filter((mark) => mark.pixels === image.pixels).length;
    return isKey || count > 0 ? [{ index, isKey, count }] : [];
  });
  if (places.length === 0) return null;
  return (
    <section data-testid="marked-images">
      <h3>Marked images</h3>
      <div className="choices">
        {places.slice(0, 60).map(({ index, isKey, count }) => (
          <button key={index} type="button" className="choice small" aria-pressed={index === state.index} title={[isKey ? 'key image' : '', count > 0 ? format.count(count, 'measurement') : ''].filter(Boolean).join(', ')} onClick={() => session.active.goTo(index)}>
            {isKey ? '★ ' : ''}{index + 1}
          </button>
        ))}
      </div>
    </section>
  );
}

/** Left of the images: what the study holds, what was noticed, the windows. */
import type { ReactNode } from 'react';
import type { Item, SeriesSummary, StudySummary } from '#contract';
import { urls, useStore } from '../../client/index.ts';
import { Button, Key, Thumbnail, format, preferences } from '../../ui/index.ts';
import type { PaneState } from './pane/pane-state.ts';
import { windowOf } from './pane/pane-state.ts';
import { applyPreset, presetsFor } from './view-keys.ts';
import type { ViewSession } from './view-session.ts';
import { ctPresets } from './window/window.ts';

interface Props {
  readonly study: StudySummary | undefined;
  readonly series: readonly SeriesSummary[];
  readonly items: readonly Item[];
  readonly session: ViewSession;
  readonly shown: PaneState;
  onOpen(spec: string): void;
}

function spacingWords(series: SeriesSummary, stackIndex: number): string {
  const stack = series.stacks[stackIndex];
  if (!stack) return '';
  const spacing = stack.spacingMm;
  return spacing === null ? `${stack.columns} × ${stack.rows}` : `${format.number(spacing[2], 2)} × ${format.number(spacing[1], 2)}${spacing[0] === null ? '' : ` × ${format.number(spacing[0], 2)}`} mm`;
}

export function SeriesPanel({ study, series, items, session, shown, onOpen }: Props): ReactNode {
  const { hideIdentifiers } = useStore(preferences);
  const current = shown.stack?.series;
  const notices = current?.notices ?? [];
  return (
    <aside className="side left" aria-label="Series">
      <section>
        <h3>Study</h3>
        {study ? (
          <div className="small">
            <div>{hideIdentifiers ? '•••••' : format.personName(study.patientName) || study.patientId}</div>
            <div className="muted">{[study.description, hideIdentifiers ? '' : format.dicomDate(study.studyDate)].filter(Boolean).join(' · ')}</div>
          </div>
        ) : null}
      </section>
      <section>
        <h3>Series</h3>
        <div className="series-list">
          {series.flatMap((one) =>
            one.stacks.map((stack, stackIndex) => {
              const spec = `series:${one.seriesInstanceUid}:${stackIndex}`;
              const made = stackIndex === 0 ? items.filter((item) => item.sourceSeriesUid === one.seriesInstanceUid) : [];
              return (
                <div key={spec} className="series-list">
                  <button type="button" className="series-entry" aria-pressed={shown.stack?.spec === spec} onClick={() => onOpen(spec)} title={`Series ${one.seriesNumber ?? ''}: ${one.description}`}>
                    <Thumbnail src={urls.seriesThumbnail(one.seriesInstanceUid)} alt={one.description} />
                    <span>
                      <span className="series-title">{one.description || `Series ${one.seriesNumber ?? '–'}`}</span>
                      <span className="series-facts">
                        {one.modality} · {format.count(stack.images, 'image')}
                        {one.stacks.length > 1 ? ` · stack ${stackIndex + 1}` : ''}
                        <br />
                        {spacingWords(one, stackIndex)}
                        {one.oddities.includes('localizer') ? ' · localizer' : ''}
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
      {current ? (
        <section>
          <h3>Noticed</h3>
          {notices.length === 0 ? <div className="muted small">Nothing unusual about this series.</div> : notices.map((notice) => <div key={notice} className="small">{notice}</div>)}
        </section>
      ) : null}
      {shown.stack ? (
        <section>
          <h3>Window</h3>
          <div className="choices">
            {presetsFor(shown.stack.modality).map((preset) => {
              const ct = ctPresets.find((one) => one.key === preset.key && shown.stack?.modality === 'CT');
              const voi = windowOf(shown);
              const isOn = ct ? voi.center === ct.center && voi.width === ct.width : preset.key === '0' && shown.voi === null;
              return (
                <button key={preset.key} type="button" className="choice small" aria-pressed={isOn} title={ct ? `W ${ct.width} L ${ct.center}` : preset.key === '0' ? 'As the file says' : '1st to 99th percentile of this image'} onClick={() => applyPreset(session, preset.key)}>
                  {preset.key} {preset.name}
                </button>
              );
            })}
          </div>
        </section>
      ) : null}
      <section>
        <Button look="quiet" title="Keys" onClick={() => window.dispatchEvent(new KeyboardEvent('keydown', { key: '?', bubbles: true }))}>
          Keys <Key chord="?" />
        </Button>
      </section>
    </aside>
  );
}

/** The View screen: series left, one or two viewports, what can be done right. */
import { useEffect, useMemo } from 'react';
import type { ReactNode } from 'react';
import type { SeriesDetail } from '#contract';
import { call, live, useResource, useStore } from '../../client/index.ts';
import { Button, Empty, ErrorNote, Fact, ModelBadge, Waiting, format, goTo, measureWords, tell, useKeys } from '../../ui/index.ts';
import type { Place } from '../../ui/index.ts';
import type { ImageStack } from './image-stack.ts';
import { imageAt } from './pane/pane-state.ts';
import { PaneView } from './pane/pane-view.tsx';
import { SeriesPanel } from './series-panel.tsx';
import { useSpace } from './use-space.ts';
import { usePaneStack } from './use-stacks.ts';
import { resetActive, toggleCompare, toolKeys, viewKeys } from './view-keys.ts';
import { session } from './view-session.ts';

/** What the task panel beside the images may know and do. */
export interface TaskContext {
  readonly series: SeriesDetail;
  /** The image of the source series that is on the screen, where it is one. */
  readonly currentImageId: string | null;
  /** Shows an item in the second viewport, linked. */
  showItem(itemId: string): void;
}

interface Props {
  readonly place: Place;
  readonly taskPanel: (context: TaskContext) => ReactNode;
}

const lastSeen = { series: '', query: {} as Readonly<Record<string, string>> };

export function ViewScreen({ place, taskPanel }: Props): ReactNode {
  const seriesUid = place.rest[0] ?? '';
  useEffect(() => {
    if (seriesUid !== '') {
      lastSeen.series = seriesUid;
      lastSeen.query = place.query;
    } else if (lastSeen.series !== '') goTo('view', [lastSeen.series], lastSeen.query);
  }, [seriesUid, place.query]);
  if (seriesUid === '') {
    return (
      <Empty title="No study is open">
        <p>Choose one in the list of studies; its images show here.</p>
        <p><Button look="main" onClick={() => goTo('studies')}>Go to studies</Button></p>
      </Empty>
    );
  }
  return <OpenStudy seriesUid={seriesUid} place={place} taskPanel={taskPanel} />;
}

function OpenStudy({ seriesUid, place, taskPanel }: Props & { seriesUid: string }): ReactNode {
  const view = useStore(session.store);
  const events = useStore(live);
  const left = place.query['a'] ?? `series:${seriesUid}:0`;
  const right = place.query['b'] ?? null;
  const detail = useResource((signal) => call('getSeries', { params: { seriesUid }, signal }), seriesUid, events.studies);
  const studyUid = detail.value?.study.studyInstanceUid;
  const study = useResource(studyUid === undefined ? null : (signal) => call('getStudy', { params: { studyUid }, signal }), studyUid ?? '', events.studies);
  const items = useResource((signal) => call('listItems', { query: { provenance: 'enhanced' }, signal }), 'enhanced', events.items);
  const stackA = usePaneStack(session.panes[0], left, session);
  const stackB = usePaneStack(session.panes[1], right, session);
  useEffect(() => {
    if (right !== null) session.set({ two: true });
  }, [right]);
  // Another study begins with one viewport.
  useEffect(() => {
    if (session.state.openedSeries === seriesUid) return;
    session.set({ openedSeries: seriesUid, ...(right === null ? { two: false, active: 0 as const } : {}) });
  }, [seriesUid, right]);

  const specs = useMemo(() => study.value?.series.flatMap((one) => one.stacks.map((_stack, i) => `series:${one.seriesInstanceUid}:${i}`)) ?? [], [study.value]);
  const open = (spec: string): void => {
    const into = view.two && view.active === 1 ? { a: place.query['a'], b: spec } : { a: spec, b: place.query['b'] };
    goTo('view', [seriesUid], into);
  };
  const showItem = (itemId: string): void => {
    session.set({ two: true, linked: true });
    goTo('view', [seriesUid], { a: place.query['a'], b: `item:${itemId}` });
  };
  const space = useSpace(() => resetActive(session));
  useKeys(
    viewKeys(session, (step) => {
      const now = specs.indexOf(session.active.state.stack?.spec ?? '');
      const next = specs[now + step];
      if (next === undefined) tell(step > 0 ? 'This is the last series.' : 'This is the first series.');
      else open(next);
    }),
  );
  const activePane = useStore(session.panes[view.two ? view.active : 0].store);
  const otherPane = useStore(session.panes[view.two && view.active === 0 ? 1 : 0].store);
  const current = imageAt(activePane);
  const item = activePane.stack?.item ?? (view.two ? otherPane.stack?.item : null) ?? null;
  const sourceImageId = current && activePane.stack?.provenance === 'source' ? current.meta.imageId : current?.source ? current.source.pixels.replace('scanloom:image/', '') : null;

  if (detail.error && !detail.value) return <div className="page"><ErrorNote error={detail.error} onRetry={detail.reload} /></div>;
  const paneEmpty = (error: typeof stackA.error, stack: ImageStack | null | undefined): ReactNode => (error ? <ErrorNote error={error} /> : stack === null ? 'Choose a series on the left.' : <Waiting what="the series" />);
  const linkWords = !view.two || activePane.stack === null || otherPane.stack === null ? null : !view.linked ? 'not linked' : view.linkTrouble === null ? 'linked' : `not linked: ${view.linkTrouble}`;
  const showTask = !view.full && detail.value !== undefined;
  return (
    <div className={`view ${showTask ? '' : 'no-task'}`}>
      {view.full ? <div /> : <SeriesPanel study={study.value?.study} series={study.value?.series ?? (detail.value ? [detail.value.series] : [])} items={items.value ?? []} session={session} shown={activePane} onOpen={open} />}
      <div className="view-middle">
        <Toolbar />
        <div className="panes">
          {session.panes.slice(0, view.two ? 2 : 1).map((pane, i) => (
            <PaneView
              key={pane.name}
              pane={pane}
              tool={view.tool}
              active={view.two && view.active === i}
              hideMarks={view.hideMarks}
              linked={linkWords}
              empty={i === 0 ? paneEmpty(stackA.error, stackA.value) : right === null ? 'Choose a series on the left to show it here.' : paneEmpty(stackB.error, stackB.value)}
              isSpaceHeld={space.isHeld}
              onSpaceUsed={space.used}
              onActivate={() => {
                if (session.state.active !== i) session.set({ active: i as 0 | 1 });
              }}
              onDoubleClick={() => session.set({ full: !session.state.full })}
              onNext={() => {
                if (!session.state.two) return false;
                session.set({ active: i === 0 ? 1 : 0 });
                document.querySelector<HTMLElement>(`[data-testid="pane-${session.panes[i === 0 ? 1 : 0].name}"]`)?.focus();
                return true;
              }}
            />
          ))}
        </div>
        {item && !view.full ? (
          <section className="measures" aria-label="What the enhancement did">
            <h3>What the enhancement did <ModelBadge small>AI-ENHANCED</ModelBadge></h3>
            {item.measures.length === 0 ? <span className="muted">No figures came with it.</span> : item.measures.map((measure) => (
              <Fact key={measure.name} name={<span title={measure.method}>{measureWords(measure.name)}</span>}><span className="mono">{format.number(measure.value, Math.abs(measure.value) >= 100 ? 0 : 2)} {measure.unit}</span></Fact>
            ))}
            <Fact name="Ledger"><span className="mono" title={item.ledgerHash}>#{String(item.ledgerIndex).padStart(6, '0')}</span></Fact>
          </section>
        ) : null}
      </div>
      {showTask && detail.value ? taskPanel({ series: detail.value, currentImageId: sourceImageId, showItem }) : null}
    </div>
  );
}

/** Tools and comparisons for the mouse; each shows its key. */
function Toolbar(): ReactNode {
  const view = useStore(session.store);
  useStore(session.panes[0].store);
  useStore(session.panes[1].store);
  const { comparable } = session;
  const compare = comparable?.state.compare ?? 'none';
  const nothing = comparable ? undefined : 'Upscale this series first, or choose an AI-enhanced one on the left.';
  return (
    <div className="toolbar" role="toolbar" aria-label="Tools">
      {toolKeys.map(({ tool, key, name }) => (
        <Button key={tool} pressed={view.tool === tool} onClick={() => session.set({ tool })} chord={key}>{name}</Button>
      ))}
      <span className="gap" />
      <Button pressed={compare === 'swipe'} disabledBecause={nothing} onClick={() => toggleCompare(session, 'swipe')} chord="X">Swipe</Button>
      <Button pressed={compare === 'difference'} disabledBecause={nothing} onClick={() => toggleCompare(session, 'difference')} chord="Y">Difference</Button>
      <Button pressed={view.linked} disabledBecause={view.two ? undefined : 'There is one viewport.'} onClick={() => session.toggleLink()} chord="L">Link</Button>
      <Button pressed={view.two} onClick={() => session.set({ two: !view.two, active: 0 })} chord="V" title="One or two viewports">Two</Button>
      <span className="spacer" />
      <Button onClick={() => resetActive(session)} chord="Space">Reset</Button>
    </div>
  );
}

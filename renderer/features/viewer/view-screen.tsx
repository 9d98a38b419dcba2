/** The View screen: series left, one or two viewports, what can be done right. */
import { useEffect, useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import type { ScanloomError, SeriesDetail, StudyObject } from '#contract';
import { call, live, useResource, useStore } from '../../client/index.ts';
import { Button, Empty, ErrorNote, Fact, ModelBadge, Waiting, format, goTo, inReadingOrder, measureWords, tell, useKeys } from '../../ui/index.ts';
import type { Place } from '../../ui/index.ts';
import { listedSpec, parseSpec } from './image-stack.ts';
import type { ImageStack } from './image-stack.ts';
import { stackMadeFrom } from './made-from.ts';
import { imageAt, imageDrawn } from './pane/pane-state.ts';
import type { PaneState } from './pane/pane-state.ts';
import type { NamedLine } from './pane/marks.tsx';
import { crossLine } from './geometry/cross-reference.ts';
import type { Pane } from './pane/pane.ts';
import { PaneView } from './pane/pane-view.tsx';
import { ObjectContentPanel } from './objects/object-content.tsx';
import { ObjectsOnly } from './objects/objects-only.tsx';
import { ObjectsPanel } from './objects/objects-panel.tsx';
import { OtherStudy } from './other-study.tsx';
import { SeriesPanel } from './series-panel.tsx';
import { useSpace } from './use-space.ts';
import { usePaneStack } from './use-stacks.ts';
import { resetActive, toggleCompare, toolKeys, viewKeys } from './view-keys.ts';
import { paneNames, session } from './view-session.ts';
import type { Layout, ViewSession, ViewState } from './view-session.ts';

/** What the task panel beside the images may know and do. */
export interface TaskContext {
  readonly series: SeriesDetail;
  /** Which of its stacks is on the screen, from 0; null where it is none of them. */
  readonly stack: number | null;
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
  // `#/view/study/UID` is a study without images.
  const bareStudy = place.rest[0] === 'study' ? (place.rest[1] ?? '') : null;
  const seriesUid = bareStudy === null ? (place.rest[0] ?? '') : '';
  useEffect(() => {
    if (bareStudy !== null) return;
    if (seriesUid !== '') {
      lastSeen.series = seriesUid;
      lastSeen.query = place.query;
    } else if (lastSeen.series !== '') goTo('view', [lastSeen.series], lastSeen.query);
  }, [bareStudy, seriesUid, place.query]);
  if (bareStudy !== null && bareStudy !== '') return <ObjectsOnly key={bareStudy} studyUid={bareStudy} />;
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
  const [read, setRead] = useState<StudyObject | null>(null);
  const detail = useResource((signal) => call('getSeries', { params: { seriesUid }, signal }), seriesUid, events.studies);
  const studyUid = detail.value?.study.studyInstanceUid;
  const study = useResource(studyUid === undefined ? null : (signal) => call('getStudy', { params: { studyUid }, signal }), studyUid ?? '', events.studies);
  const items = useResource((signal) => call('listItems', { query: { provenance: 'enhanced' }, signal }), 'enhanced', events.items);
  // Beside what was made from a stack stands that stack.
  const beside = parseSpec(place.query['b']);
  const made = beside?.kind === 'item' ? items.value?.find((one) => one.itemId === beside.itemId && one.sourceSeriesUid === seriesUid) : undefined;
  const firstStack = made && detail.value ? stackMadeFrom(detail.value.series, made) : 0;
  const shown = paneNames.map((name, i) => place.query[name] ?? (i === 0 ? `series:${seriesUid}:${firstStack}` : null));
  const [left, right, third, fourth] = shown as [string, string | null, string | null, string | null];
  const stacks = [usePaneStack(session, 0, left), usePaneStack(session, 1, right), usePaneStack(session, 2, third), usePaneStack(session, 3, fourth)];
  // As many viewports as the address fills; another study begins with that many.
  const filled: Layout = third !== null || fourth !== null ? 4 : right !== null ? 2 : 1;
  useEffect(() => {
    if (session.state.openedSeries !== seriesUid) {
      session.set({ openedSeries: seriesUid });
      session.setLayout(filled);
    } else if (filled > session.state.layout) session.setLayout(filled);
  }, [seriesUid, filled]);

  const inOrder = useMemo(() => inReadingOrder(study.value?.series ?? (detail.value ? [detail.value.series] : [])), [detail.value, study.value]);
  const specs = useMemo(() => inOrder.flatMap((one) => one.stacks.map((_stack, i) => `series:${one.seriesInstanceUid}:${i}`)), [inOrder]);
  // Two by two begins with what comes next in the study.
  const fourNow = view.layout === 4;
  const planesHere = stacks[0]?.value?.planes.map((plane) => plane.spec).join(' ') ?? '';
  const place4 = JSON.stringify(place.query);
  useEffect(() => {
    if (!fourNow) return;
    const query = JSON.parse(place4) as Record<string, string>;
    const taken = new Set([...Object.values(query), left]);
    // After the other series, the other planes of what is looked at.
    const more = [...specs, ...planesHere.split(' ')].filter((spec) => spec !== '' && !taken.has(spec));
    const empty = paneNames.filter((name, i) => i > 0 && query[name] === undefined).slice(0, more.length);
    if (empty.length > 0) goTo('view', [seriesUid], { ...query, ...Object.fromEntries(empty.map((name, i) => [name, more[i]])) });
  }, [fourNow, left, place4, planesHere, seriesUid, specs]);
  const open = (spec: string): void => {
    // An empty viewport asks to be filled; else the active one changes.
    const empty = paneNames.findIndex((_name, i) => i < view.layout && shown[i] === null);
    const into = empty < 0 ? view.active : empty;
    session.set({ active: into });
    focusPane(into);
    goTo('view', [seriesUid], { ...place.query, [paneNames[into] as string]: spec });
  };
  /** Another view of what the active viewport shows takes its place. */
  const openHere = (spec: string): void => goTo('view', [seriesUid], { ...place.query, [paneNames[view.active] as string]: spec });
  /** A series of another study never takes the place of what is looked at: with one viewport a second one opens. */
  const openBeside = (spec: string): void => {
    if (session.state.layout !== 1) {
      open(spec);
      return;
    }
    session.setLayout(2);
    session.set({ active: 1 });
    goTo('view', [seriesUid], { ...place.query, b: spec });
  };
  const showItem = (itemId: string): void => {
    if (session.state.layout === 1) session.setLayout(2);
    session.set({ linked: true });
    goTo('view', [seriesUid], { ...place.query, b: `item:${itemId}` });
  };
  /** More viewports begin with what belongs there: beside an AI-enhanced series its original. */
  const setLayout = (layout: Layout): void => {
    session.setLayout(layout);
    const { stack } = session.active.state;
    if (layout === 2 && right === null && stack?.item?.sourceSeriesUid) goTo('view', [seriesUid], { ...place.query, b: `series:${stack.item.sourceSeriesUid}:${stack.series ? stackMadeFrom(stack.series, stack.item) : 0}` });
    focusPane(session.state.active);
  };
  // The keyboard is with the images from the start, unless a control has it.
  const hasImage = detail.value !== undefined;
  useEffect(() => {
    if (hasImage && (document.activeElement === null || document.activeElement === document.body || document.activeElement.closest('.topbar') !== null)) focusPane(session.state.active);
  }, [hasImage, seriesUid]);
  const space = useSpace(() => resetActive(session));
  useKeys(
    viewKeys(session, setLayout, (step) => {
      const now = specs.indexOf(listedSpec(session.active.state.stack?.spec) ?? '');
      const next = specs[now + step];
      if (next === undefined) tell(step > 0 ? 'This is the last series.' : 'This is the first series.');
      else open(next);
    }, (name) => {
      const { stack } = session.active.state;
      if (!stack) return;
      const across = stack.planes.find((one) => one.name === name);
      // What no plane across them shows, the slices themselves do.
      const to = stack.planes.length === 0 ? null : (across?.spec ?? listedSpec(stack.spec));
      if (to === null) tell('This stack is no even volume: there are no planes across it.');
      else if (to !== stack.spec) openHere(to);
    }),
  );
  const states = usePaneStates(session);
  const activePane = states[view.active] as PaneState;
  const visible = states.slice(0, view.layout);
  // What can be done is done to what is on the screen: the series of the active viewport, not the one that the study was opened by.
  const onScreen = activePane.stack?.series?.seriesInstanceUid ?? null;
  const own = useResource(onScreen === null || onScreen === seriesUid ? null : (signal) => call('getSeries', { params: { seriesUid: onScreen }, signal }), onScreen ?? '', events.studies);
  const subject = onScreen === null || onScreen === seriesUid ? detail.value : own.value;
  const spec = parseSpec(activePane.stack?.spec);
  const stackOnScreen = spec === null || spec.kind === 'item' ? null : spec.stack;
  const current = imageAt(activePane);
  const item = activePane.stack?.item ?? visible.find((state) => state.stack?.item)?.stack?.item ?? null;
  const sourceImageId = activePane.stack?.plane != null ? null : current && activePane.stack?.provenance === 'source' ? current.meta.imageId : current?.source ? current.source.pixels.replace('scanloom:image/', '') : null;

  if (detail.error && !detail.value) return <div className="page"><ErrorNote error={detail.error} onRetry={detail.reload} /></div>;
  const paneEmpty = (error: ScanloomError | undefined, stack: ImageStack | null | undefined): ReactNode => (error ? <ErrorNote error={error} /> : stack === null ? 'Choose a series on the left.' : <Waiting what="the series" />);
  const linkWords = (i: number): string | null => {
    if (visible.filter((state) => state.stack !== null).length < 2 || visible[i]?.stack === null) return null;
    if (!view.linked) return 'not linked';
    // The active viewport leads; with two, it says too why the other stays behind.
    const trouble = view.linkTroubles[i] ?? (i === view.active && view.layout === 2 ? (view.linkTroubles[1 - i] ?? null) : null);
    return trouble === null ? 'linked' : `not linked: ${trouble}`;
  };
  const showTask = !view.full && (detail.value !== undefined || read !== null);
  return (
    <div className={`view ${view.full ? 'full' : showTask ? '' : 'no-task'}`}>
      {view.full ? null : <SeriesPanel beside={<OtherStudy place={place} studyUid={studyUid} patientId={study.value?.study.patientId ?? ''} shown={activePane} onOpen={openBeside} />} study={study.value?.study} series={inOrder} items={items.value ?? []} session={session} shown={activePane} onOpen={open} onPlane={openHere} objects={<ObjectsPanel pane={session.panes[view.active] as Pane} studyUid={studyUid} read={read?.sopInstanceUid ?? null} onRead={setRead} />} />}
      <div className="view-middle">
        {view.full ? null : <Toolbar onTwo={() => setLayout(view.layout === 2 ? 1 : 2)} onFour={() => setLayout(view.layout === 4 ? 1 : 4)} />}
        <div className={`panes of-${view.layout}`}>
          {session.panes.slice(0, view.layout).map((pane, i) => (
            <PaneView
              key={pane.name}
              pane={pane}
              tool={view.tool}
              active={view.layout > 1 && view.active === i}
              lines={crossLines(states, i, view)}
              hideMarks={view.hideMarks}
              linked={linkWords(i)}
              empty={shown[i] === null ? 'Choose a series on the left to show it here.' : paneEmpty(stacks[i]?.error, stacks[i]?.value)}
              isSpaceHeld={space.isHeld}
              onSpaceUsed={space.used}
              onActivate={() => {
                if (session.state.active !== i) session.set({ active: i });
              }}
              onDoubleClick={() => session.set({ full: !session.state.full })}
              onNext={() => {
                const next = (i + 1) % session.state.layout;
                if (next === i) return false;
                session.set({ active: next });
                document.querySelector<HTMLElement>(`[data-testid="pane-${paneNames[next] ?? ''}"]`)?.focus();
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
            <Fact name="Ledger"><span className="mono" title={item.ledgerHash}>entry {item.ledgerIndex}</span></Fact>
          </section>
        ) : null}
      </div>
      {!view.full && read && read.studyInstanceUid === studyUid ? <ObjectContentPanel key={read.sopInstanceUid} object={read} onClose={() => setRead(null)} /> : showTask ? subject ? taskPanel({ series: subject, stack: stackOnScreen, currentImageId: sourceImageId, showItem }) : <aside className="side right"><Waiting what="the series" /></aside> : null}
    </div>
  );
}

function focusPane(index: number): void {
  document.querySelector<HTMLElement>(`[data-testid="pane-${paneNames[index] ?? ''}"]`)?.focus({ preventScroll: true });
}

/** All viewports' states, always four: hooks want the same number each time. */
function usePaneStates({ panes }: ViewSession): readonly PaneState[] {
  const [a, b, c, d] = panes as readonly [Pane, Pane, Pane, Pane];
  return [useStore(a.store), useStore(b.store), useStore(c.store), useStore(d.store)];
}

/** Cross-reference lines on viewport `on`: where the images of the other viewports of its frame of reference cut it. */
function crossLines(states: readonly PaneState[], on: number, view: ViewState): readonly NamedLine[] {
  const mine = imageDrawn(states[on] as PaneState);
  if (!mine || !view.linked) return [];
  return states.slice(0, view.layout).flatMap((state, i) => {
    const other = i === on ? null : imageDrawn(state);
    const line = other && crossLine(mine.meta, other.meta);
    return line ? [{ ...line, name: paneNames[i] as string, strong: i === view.active }] : [];
  });
}

/** Tools and comparisons for the mouse; each shows its key. */
function Toolbar({ onTwo, onFour }: { onTwo(): void; onFour(): void }): ReactNode {
  const view = useStore(session.store);
  usePaneStates(session);
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
      <Button pressed={view.linked} disabledBecause={view.layout > 1 ? undefined : 'There is one viewport.'} onClick={() => session.toggleLink()} chord="L">Link</Button>
      <Button pressed={view.layout === 2} onClick={onTwo} chord="V" title="One or two viewports">Two</Button>
      <Button pressed={view.layout === 4} onClick={onFour} chord="Q" title="Two by two viewports">Four</Button>
      <span className="spacer" />
      <Button onClick={() => resetActive(session)} chord="Space">Reset</Button>
    </div>
  );
}

/** One viewport on the screen: the image, its corners, letters, scale, marks and the badge that nothing hides. */
import { useEffect, useRef } from 'react';
import type { ReactNode } from 'react';
import type { ImageMeta } from '#contract';
import { useStore } from '../../../client/index.ts';
import { ErrorNote, ModelBadge, Waiting, preferences } from '../../../ui/index.ts';
import { number } from '../../../ui/format.ts';
import { differenceColour } from '../frames/difference.ts';
import { pxPerMm } from '../geometry/fit.ts';
import { edgeLetters, namedLetters } from '../geometry/orientation.ts';
import type { Cosines } from '../geometry/orientation.ts';
import { scaleBar } from '../geometry/scale-bar.ts';
import { windowDigits } from '../window/window.ts';
import { cornersOf } from './corners.ts';
import { listen } from './gestures.ts';
import type { HandSettings } from './gestures.ts';
import { marks as book } from '../measure/marks.ts';
import { scaleBetween, tileSize } from '../measure/ruler.ts';
import { Marks } from './marks.tsx';
import type { NamedLine } from './marks.tsx';
import { OverlayCanvas, useLayers } from '../objects/overlay-canvas.tsx';
import { colourMaps, paletteOf } from '../window/tone.ts';
import type { ColourMap } from '../window/tone.ts';
import { imageDrawn, modalityStep, ownerOf, presentationOf, windowOf } from './pane-state.ts';
import type { Tool } from './pane-state.ts';
import type { Pane } from './pane.ts';

interface Props {
  readonly pane: Pane;
  readonly tool: Tool;
  readonly active: boolean;
  readonly hideMarks: boolean;
  /** Where other viewports' images cut this one. */
  readonly lines?: readonly NamedLine[];
  /** Words of the link to the other viewport, or null. */
  readonly linked: string | null;
  readonly empty: ReactNode;
  readonly isSpaceHeld: () => boolean;
  readonly onSpaceUsed: () => void;
  readonly onActivate: () => void;
  readonly onDoubleClick?: () => void;
  /** Tab inside the viewport; true when it went to another one. */
  readonly onNext?: () => boolean;
}

export function PaneView({ pane, tool, active, hideMarks, lines = [], linked, empty, isSpaceHeld, onSpaceUsed, onActivate, onDoubleClick, onNext }: Props): ReactNode {
  const state = useStore(pane.store);
  useStore(pane.drawn);
  const marked = useStore(book.store);
  const over = useLayers(pane);
  const chosen = useStore(preferences);
  const box = useRef<HTMLDivElement>(null);
  const after = useRef<HTMLDivElement>(null);
  const before = useRef<HTMLDivElement>(null);
  const hand = useRef<HandSettings>({ tool, isSpaceHeld, onSpaceUsed, reverseWindowDrag: chosen.reverseWindowDrag, marksShown: !hideMarks });
  useEffect(() => {
    hand.current = { tool, isSpaceHeld, onSpaceUsed, reverseWindowDrag: chosen.reverseWindowDrag, marksShown: !hideMarks };
  });
  useEffect(() => {
    if (!after.current || !before.current || !box.current) return;
    const detach = pane.attach(after.current, before.current);
    const stop = listen(box.current, pane, () => hand.current);
    return () => {
      stop();
      detach();
    };
  }, [pane]);

  const image = imageDrawn(state);
  const { surface } = pane;
  const scale = surface?.scale ?? 0;
  const isSwiping = state.compare === 'swipe' && image?.source != null;
  const isDifference = image?.source != null && state.shown?.pixels === image.source.difference;
  // Pixels of what was here before must never stand under the words of something else.
  const isDrawn = state.shown !== null;
  const corners = cornersOf(tool === 'probe' ? state : { ...state, probe: null }, { hideIdentifiers: chosen.hideIdentifiers, scale, linked, limit: pane.limit });
  const letters = image?.meta.orientation ? edgeLetters(image.meta.orientation as Cosines, state) : image?.meta.patientOrientation ? namedLetters(image.meta.patientOrientation, state) : null;
  const bar = image && scale > 0 ? scaleBar(pxPerMm(scale, { spacingMm: image.meta.pixelSpacingMm }), Math.min(barRoom(image.meta, scale), 160, (box.current?.clientWidth ?? 400) * 0.25)) : null;
  const marks = marked.marks.filter((mark) => mark.pixels === state.shown?.pixels);
  // Names of the areas under the probe.
  const grid = image?.source ?? image?.meta;
  const at = tool === 'probe' && state.probe && image && grid ? { x: (state.probe.x * grid.columns) / image.meta.columns, y: (state.probe.y * grid.rows) / image.meta.rows } : null;
  const under = at ? (over.shown?.layers ?? []).flatMap((layer) => (layer.kind === 'area' && layer.contains(at.x, at.y) ? [layer.name] : [])) : [];
  const isKey = marked.keyImages.some((one) => one.pixels === state.shown?.pixels);
  const isUnkept = marked.unkept.includes(ownerOf(state));
  return (
    // Drawing order: image, marks and letters, corners, badge.
    <div
      ref={box}
      className={`pane ${active ? 'active' : ''} ${state.stack?.badge ? 'with-badge' : ''} ${state.stack?.modality === 'PT' || presentationOf(state, null).invert ? 'on-white' : ''} tool-${tool}`}
      tabIndex={0}
      role="img"
      aria-label={image ? `${state.stack?.title ?? 'Image'}, image ${(state.shown?.index ?? state.index) + 1} of ${state.stack?.images.length ?? 0}` : 'Empty viewport'}
      data-testid={`pane-${pane.name}`}
      data-shown={state.shown?.pixels ?? ''}
      data-index={state.shown?.index ?? ''}
      onPointerDown={onActivate}
      onFocus={onActivate}
      onDoubleClick={onDoubleClick}
      onKeyDown={(event) => {
        if (event.key === 'Tab' && !event.shiftKey && !event.ctrlKey && onNext?.()) event.preventDefault();
      }}
    >
      <div ref={before} className="surface" style={{ visibility: isSwiping && isDrawn ? 'visible' : 'hidden' }} />
      <div ref={after} className="surface" style={{ visibility: isDrawn ? 'visible' : 'hidden', clipPath: isSwiping ? `inset(0 0 0 ${state.swipe * 100}%)` : 'none' }} />
      {state.stack === null ? <div className="pane-empty">{empty}</div> : null}
      {hideMarks || !isDrawn ? null : <OverlayCanvas pane={pane} shown={over.shown} />}
      {image && state.shown && surface && !hideMarks ? <Marks marks={marks} selected={marked.selected} lines={lines} frame={state.shown.frame} scaleOf={(points) => scaleBetween(image.meta, points)} unit={image.meta.unit} suvFactor={image.meta.unit === 'SUV' || isDifference ? null : (image.meta.suv?.factor ?? null)} atDetector={image.meta.spacingAtDetector === true} width={box.current?.clientWidth ?? Infinity} toScreen={(point) => surface.toScreen(point)} /> : null}
      {image && !hideMarks ? (
        <>
          <div className="corner top left">
            <Lines of={corners.topLeft} />
            {under.length > 0 ? <div className="under">{under.join(' · ')}</div> : null}
            {isKey ? <div className="key-image" data-testid="key-image">★ key image</div> : null}
            {isUnkept ? <div className="bad" data-testid="marks-unkept">! marks of this series are not kept yet</div> : null}
          </div>
          <div className="corner top right"><Lines of={corners.topRight} /></div>
          <div className="corner bottom left"><Lines of={corners.bottomLeft} /></div>
          <div className="corner bottom right"><Lines of={corners.bottomRight} /></div>
          {letters ? (
            <>
              <span className="letter at-top">{letters.top}</span>
              <span className="letter at-right">{letters.right}</span>
              <span className="letter at-bottom">{letters.bottom}</span>
              <span className="letter at-left">{letters.left}</span>
            </>
          ) : null}
          {bar ? (
            <div className="scale-bar" style={{ width: `${bar.lengthPx}px` }}>
              <span>{bar.label}</span>
            </div>
          ) : null}
        </>
      ) : null}
      {over.error ? <div className="pane-note"><ErrorNote error={over.error} /></div> : null}
      {image && state.colourMap !== 'grey' && !isDifference && !hideMarks ? <ColourScale map={state.colourMap} voi={windowOf(state)} unit={modalityStep(state, image)?.unit ?? image.meta.unit} suvFactor={image.meta.unit === 'SUV' ? null : (image.meta.suv?.factor ?? null)} inverted={presentationOf(state, null).invert} /> : null}
      {isDifference ? <DifferenceScale limit={pane.limit ?? 0} unit={image.meta.unit} /> : null}
      {isSwiping ? <SwipeHandle pane={pane} share={state.swipe} /> : null}
      {state.stack?.badge ? (
        <div className="pane-badge">
          <ModelBadge>{state.stack.badge}</ModelBadge>
        </div>
      ) : null}
      {state.error ? (
        <div className="pane-note">
          <ErrorNote error={state.error} />
        </div>
      ) : state.stack && !state.shown ? (
        <div className="pane-note">
          <Waiting what="the image" />
        </div>
      ) : null}
    </div>
  );
}

/** Screen pixels that one scale holds for: a bar over the edge of a mosaic's tile, or over regions of an ultrasound screen, would measure nothing. */
function barRoom(meta: ImageMeta, scale: number): number {
  if (meta.regions !== undefined) return 0;
  return meta.mosaic === undefined ? Infinity : (tileSize(meta)?.columns ?? 0) * scale;
}

function Lines({ of }: { of: readonly string[] }): ReactNode {
  return of.map((line, i) => <div key={`${i} ${line}`}>{line}</div>);
}

function SwipeHandle({ pane, share }: { pane: Pane; share: number }): ReactNode {
  return (
    <div
      className="swipe-handle"
      style={{ left: `${share * 100}%` }}
      role="slider"
      aria-label="Before and after"
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(share * 100)}
      tabIndex={-1}
      onPointerDown={(event) => {
        event.preventDefault();
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={(event) => {
        if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
        const box = event.currentTarget.parentElement?.getBoundingClientRect();
        if (!box) return;
        const swipe = Math.max(0, Math.min(1, (event.clientX - box.left) / box.width));
        pane.change((state) => ({ ...state, swipe }));
      }}
    >
      <span className="swipe-word before">before</span>
      <span className="swipe-grip">◂▸</span>
      <span className="swipe-word after">after</span>
    </div>
  );
}

/** The colours of a map with the values at its ends and in its middle, of PET in SUV too. */
function ColourScale({ map, voi, unit, suvFactor, inverted }: { map: ColourMap; voi: { readonly center: number; readonly width: number }; unit: string; suvFactor: number | null; inverted: boolean }): ReactNode {
  const palette = paletteOf(map);
  const stops = Array.from({ length: 17 }, (_v, i) => {
    const at = Math.round(((inverted ? 16 - i : i) / 16) * 255) * 3;
    return `rgb(${palette[at] ?? 0} ${palette[at + 1] ?? 0} ${palette[at + 2] ?? 0})`;
  });
  const digits = windowDigits(voi.width);
  return (
    <div className="difference-scale" data-testid="colour-scale">
      <div>{colourMaps[map].name}</div>
      <div className="difference-bar" style={{ background: `linear-gradient(to right, ${stops.join(', ')})` }} />
      <div className="difference-ends">
        <span>{number(voi.center - voi.width / 2, digits)}</span>
        <span>{number(voi.center, digits)}</span>
        <span>{number(voi.center + voi.width / 2, digits)}{unit === '' ? '' : ` ${unit}`}</span>
      </div>
      {suvFactor === null ? null : (
        <div className="difference-ends" data-testid="suv-scale">
          <span>{number((voi.center - voi.width / 2) * suvFactor, 1)}</span>
          <span>{number(voi.center * suvFactor, 1)}</span>
          <span>{number((voi.center + voi.width / 2) * suvFactor, 1)} SUVbw</span>
        </div>
      )}
    </div>
  );
}

/** Digits that two figures of a limit need. */
function limitDigits(limit: number): number {
  return limit >= 10 || limit === 0 ? 0 : Math.max(0, 1 - Math.floor(Math.log10(limit)));
}

/** The colours of a difference with their values. */
function DifferenceScale({ limit, unit }: { limit: number; unit: string }): ReactNode {
  const stops = Array.from({ length: 33 }, (_v, i) => {
    const [red, green, blue] = differenceColour((i / 32) * 2 - 1, 1);
    return `rgb(${red} ${green} ${blue})`;
  });
  const u = unit === '' ? '' : ` ${unit}`;
  return (
    <div className="difference-scale" aria-label={`Difference scale, minus ${limit} to plus ${limit}${u}`}>
      <div>AI − bicubic of the original</div>
      <div className="difference-bar" style={{ background: `linear-gradient(to right, ${stops.join(', ')})` }} />
      <div className="difference-ends">
        <span>≤ {number(-limit, limitDigits(limit))}</span>
        <span>0</span>
        <span>≥ +{number(limit, limitDigits(limit))}{u}</span>
      </div>
    </div>
  );
}

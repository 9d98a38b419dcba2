/** What the Review screen knows: the queue of one run, the image on the screen, and how decisions reach the host. */
import { useEffect, useMemo, useRef, useState } from 'react';
import { ScanloomError } from '#contract';
import type { Decision, Item, ItemDetail, ReviewSummary, SeriesDetail } from '#contract';
import { call, live, useResource, useStore } from '../../client/index.ts';
import type { Resource } from '../../client/index.ts';
import { preferences, tell } from '../../ui/index.ts';
import { frames, itemPixels, stackOfItem } from '../viewer/index.ts';
import { advance, aheadOf, askedForSlices, press, seenMs } from './review-state.ts';
import type { Decided, ReviewKey, ReviewState } from './review-state.ts';

export type Filter = 'all' | Decision;

/** Details of items near the one on the screen: they do not change, but for the decision, which is not read from here. */
const ready = new Map<string, Made>();
const mostReady = 200;
/** Slices of each item that were on the screen; the newest items are remembered. */
const slicesSeen = new Map<string, Set<number>>();

interface Made {
  readonly detail: ItemDetail;
  /** What an enhanced series was made from, for comparing; null where it cannot be had. */
  readonly source: SeriesDetail | null;
}

async function detailOf(itemId: string): Promise<Made> {
  const known = ready.get(itemId);
  if (known) return known;
  const detail = await call('getItem', { params: { itemId } });
  const seriesUid = detail.item.sourceSeriesUid;
  // A study may have been forgotten since: what was made from it is still reviewed.
  const source = seriesUid === null ? null : await call('getSeries', { params: { seriesUid } }).catch(() => null);
  const made = { detail, source };
  ready.set(itemId, made);
  if (ready.size > mostReady) ready.delete(ready.keys().next().value as string);
  return made;
}

function remember(itemId: string, slice: number): number {
  const seen = slicesSeen.get(itemId) ?? new Set<number>();
  slicesSeen.set(itemId, seen.add(slice));
  if (slicesSeen.size > mostReady) slicesSeen.delete(slicesSeen.keys().next().value as string);
  return seen.size;
}

/** A decision of this page that was taken back, for redo. */
interface Undone extends Decided {
  readonly note: string;
}

export interface ReviewModel {
  /** All of the run. */
  readonly items: readonly Item[];
  /** What is walked through: all, or those that stood so when the filter was chosen. */
  readonly queue: readonly Item[];
  readonly list: Resource<Item[]>;
  readonly summary: ReviewSummary | undefined;
  readonly state: ReviewState;
  readonly item: Item | undefined;
  readonly stack: ReturnType<typeof stackOfItem> | null;
  readonly detailError: ScanloomError | undefined;
  readonly filter: Filter;
  /** The image has been on the screen long enough to be decided on. */
  readonly isSeen: boolean;
  /** How many slices of a series were on the screen. */
  readonly slicesSeen: number;
  /** Why the last key did nothing. */
  readonly said: string;
  /** A decision on the image shown that the host did not record. */
  readonly problem: ScanloomError | null;
  readonly note: string;
  setNote(note: string): void;
  key(pressed: ReviewKey): void;
  undo(): void;
  redo(): void;
  show(itemId: string): void;
  /** The same filter again shows all. */
  choose(filter: Filter): void;
  onShown(pixels: string): void;
}

export function useReview(jobId: string, first: string | null): ReviewModel {
  const events = useStore(live);
  const { reader } = useStore(preferences);
  const list = useResource((signal) => call('listItems', { query: { jobId, limit: 10_000 }, signal }), jobId, events.items);
  const summary = useResource((signal) => call('reviewSummary', { query: { jobId }, signal }), jobId, events.items);
  const [state, setState] = useState<ReviewState>({ itemId: first, rejecting: false, ended: false });
  const [walked, setWalked] = useState<{ filter: Filter; ids: ReadonlySet<string> }>({ filter: 'all', ids: new Set() });
  const [mine, setMine] = useState<ReadonlyMap<string, Item>>(new Map());
  const [seenItem, setSeenItem] = useState<string | null>(null);
  const [said, setSaid] = useState('');
  const [problem, setProblem] = useState<{ itemId: string; error: ScanloomError } | null>(null);
  const [note, setNote] = useState<{ itemId: string | null; text: string }>({ itemId: null, text: '' });
  const undone = useRef<Undone[]>([]);
  const [seenCount, setSeenCount] = useState<{ itemId: string; slices: number } | null>(null);
  /** The series that an Enter too early has been answered for. */
  const asked = useRef<string | null>(null);
  const isSending = useRef(false);

  // The newest of: the list, what was just decided here.
  const items = useMemo(() => (list.value ?? []).map((item) => mine.get(item.itemId) ?? item), [list.value, mine]);
  // What was decided here stays until a list says the same: a list asked for earlier may arrive later.
  useEffect(() => {
    const told = new Map((list.value ?? []).map((one) => [one.itemId, one]));
    setMine((now) => new Map([...now].filter(([id, own]) => told.get(id)?.decision !== own.decision || told.get(id)?.reason !== own.reason || told.get(id)?.note !== own.note)));
  }, [list.value]);
  const queue = useMemo(() => (walked.filter === 'all' ? items : items.filter((item) => walked.ids.has(item.itemId))), [items, walked]);
  const index = Math.max(0, queue.findIndex((item) => item.itemId === state.itemId));
  const item = queue[index];
  const open = items.find((one) => one.decision === null)?.itemId;
  // Where to begin; and after the end, when images came that nobody has decided.
  const isLost = item !== undefined && state.itemId === null;
  const goesOn = state.ended && walked.filter === 'all' && open !== undefined;
  const startAt = isLost || goesOn ? (open ?? item?.itemId ?? null) : null;
  const endsAtOnce = isLost && open === undefined;
  useEffect(() => {
    if (startAt !== null) setState((now) => (now.itemId === null || now.ended ? { itemId: startAt, rejecting: false, ended: endsAtOnce } : now));
  }, [startAt, endsAtOnce]);

  const itemId = item?.itemId ?? null;
  const detail = useResource(itemId === null ? null : () => detailOf(itemId), itemId ?? '');
  // At once where it was fetched ahead: the next image is there when the key is up.
  const known = detail.value ?? (itemId === null ? undefined : ready.get(itemId));
  const stack = useMemo(() => (known ? stackOfItem(known.detail, known.source) : null), [known]);
  useEffect(() => {
    const ahead = aheadOf(queue, itemId);
    // One that fails ahead of time fails again, in words, when it is looked at.
    for (const id of ahead) detailOf(id).catch(() => undefined);
    const [next, ...more] = ahead.map((id) => itemPixels(id, 0));
    if (next !== undefined) frames.focus('review-ahead', next, more);
    return () => frames.release('review-ahead');
  }, [queue, itemId]);

  const seenTimer = useRef<ReturnType<typeof setTimeout> | null>(null);
  useEffect(() => () => clearTimeout(seenTimer.current ?? undefined), []);
  const onShown = (pixels: string): void => {
    clearTimeout(seenTimer.current ?? undefined);
    const [, shown, slice] = /^scanloom:(?:item|difference)\/([0-9a-f-]{36})\/(\d+)/.exec(pixels) ?? [];
    if (shown !== undefined) setSeenCount({ itemId: shown, slices: remember(shown, Number(slice)) });
    // The count it named is no longer true.
    if (shown !== undefined && asked.current === shown) setSaid('');
    if (shown !== undefined) seenTimer.current = setTimeout(() => setSeenItem(shown), seenMs);
  };
  const isSeen = itemId !== null && seenItem === itemId;
  const ofSlices = seenCount !== null && seenCount.itemId === itemId ? seenCount.slices : 0;
  // What was written with a decision stays when the decision changes.
  const noteText = note.itemId === itemId ? note.text : (item?.note ?? '');

  /** One thing after the other: nothing else is decided or undone until the host has answered. */
  const alone = async (work: () => Promise<void>): Promise<void> => {
    if (isSending.current) return;
    isSending.current = true;
    try {
      await work();
    } finally {
      isSending.current = false;
    }
  };
  const record = async (decided: Decided, withNote: string): Promise<boolean> => {
    let isRecorded = false;
    await alone(async () => {
      const before = queue;
      try {
        const answer = await call('decide', { body: { ...decided, note: withNote, reader } });
        setMine((now) => new Map(now).set(answer.itemId, answer));
        isRecorded = true;
        setProblem(null);
        // Only now: what is on the screen next is what the host has recorded the one before of.
        setState((now) => (now.itemId === decided.itemId ? advance(now, before, decided, walked.filter !== 'all') : now));
        summary.reload();
      } catch (thrown) {
        setProblem({ itemId: decided.itemId, error: ScanloomError.from(thrown) });
      }
    });
    return isRecorded;
  };
  const key = (pressed: ReviewKey): void => {
    const ask = pressed === 'accept' && item && !state.rejecting && !state.ended && isSeen && asked.current !== itemId ? askedForSlices(item.frames, ofSlices) : null;
    if (ask !== null) {
      asked.current = itemId;
      setSaid(ask);
      return;
    }
    const outcome = press({ ...state, itemId }, queue, pressed, isSeen);
    setSaid(outcome.say ?? '');
    if (outcome.decide === null) {
      setState(outcome.state);
      return;
    }
    if (isSending.current) return;
    setState(outcome.state);
    undone.current = [];
    void record(outcome.decide, noteText);
  };
  const show = (id: string): void => {
    setSaid('');
    setState({ itemId: id, rejecting: false, ended: false });
  };
  const showOutsideFilter = (id: string): void => {
    if (!queue.some((one) => one.itemId === id)) setWalked({ filter: 'all', ids: new Set() });
    show(id);
  };
  const undo = (): void =>
    void alone(async () => {
      try {
        const { item: answer } = await call('undoDecision', { body: { reader, jobId } });
        if (!answer) {
          tell('Nothing to undo.');
          return;
        }
        const before = items.find((one) => one.itemId === answer.itemId);
        if (before?.decision) undone.current.push({ itemId: before.itemId, decision: before.decision, ...(before.reason === null ? {} : { reason: before.reason }), note: before.note });
        if (before && before.note !== '') setNote({ itemId: before.itemId, text: before.note });
        setMine((now) => new Map(now).set(answer.itemId, answer));
        setProblem(null);
        showOutsideFilter(answer.itemId);
        summary.reload();
      } catch (thrown) {
        tell(ScanloomError.from(thrown).message, 'bad');
      }
    });
  const redo = (): void => {
    const again = undone.current.at(-1);
    if (!again) {
      tell('Nothing to redo.');
      return;
    }
    const { note: withNote, ...decided } = again;
    showOutsideFilter(decided.itemId);
    void record(decided, withNote).then((isRecorded) => isRecorded && undone.current.pop());
  };
  const choose = (wanted: Filter): void => {
    const filter = wanted === walked.filter ? 'all' : wanted;
    const ids = items.filter((one) => one.decision === filter).map((one) => one.itemId);
    if (filter !== 'all' && ids.length === 0) {
      setSaid(`No image of this run is ${filter}.`);
      return;
    }
    setSaid('');
    setWalked({ filter, ids: new Set(ids) });
    setState({ itemId: filter === 'all' ? itemId : (ids[0] ?? null), rejecting: false, ended: false });
  };
  return {
    items, queue, list, summary: summary.value, state, item, stack, detailError: detail.error, filter: walked.filter, isSeen, slicesSeen: ofSlices, said, note: noteText,
    problem: problem !== null && problem.itemId === itemId ? problem.error : null,
    setNote: (text) => setNote({ itemId, text }),
    key, undo, redo, show, choose, onShown,
  };
}

/** A study before it is passed on: every object is searched for writing and faces, behind the answer; what was found waits for a person. */
import { randomUuid, type Log } from '#base';
import { ScanloomError, type FaceWarning, type ImageAtRisk, type PixelSearch } from '#contract';
import type { Library } from '#library';
import { faceRiskOfSeries } from '#privacy';

export interface PixelReview {
  /** Answers at once; objects are searched behind, a few at a time. A running search of the same study is given back instead. @throws ScanloomError `request/not-found` */
  start(studyUid: string): PixelSearch;
  /** @throws ScanloomError `request/not-found` */
  get(searchId: string): PixelSearch;
  /** By SOP Instance UID, of all searches that are remembered: whether something looks like writing. What could not be searched is not in it. */
  searched(studyUid: string): ReadonlyMap<string, boolean>;
  /** What was found so far stays. */
  cancel(searchId: string): PixelSearch;
  close(): void;
}

/** Objects that workers search at the same time; one worker stays free for whoever looks at images meanwhile. */
const atOnce = 3;
/** Finished searches that are remembered; they can be made again. */
const mostSearches = 20;

interface Search {
  state: PixelSearch;
  /** By SOP Instance UID: something looks like writing. */
  readonly searched: Map<string, boolean>;
  readonly controller: AbortController;
}

export function createPixelReview({ library, log }: { library: Library; log: Log }): PixelReview {
  const searches = new Map<string, Search>();

  function find(searchId: string): Search {
    const search = searches.get(searchId);
    if (search === undefined) throw new ScanloomError('request/not-found', 'There is no such search.', { hint: 'Start it again; searches are not kept when Scanloom ends.' });
    return search;
  }

  async function run(search: Search, seriesUids: readonly string[]): Promise<void> {
    const { signal } = search.controller;
    const change = (part: Partial<PixelSearch>): void => {
      search.state = { ...search.state, ...part };
    };
    try {
      for (const seriesUid of seriesUids) {
        const { series, stacks } = library.studies.series(seriesUid);
        const objects = [...new Set(stacks.flatMap((stack) => stack.images.map((image) => image.sopInstanceUid)))];
        const face = faceWarning(library, seriesUid, series.description, objects);
        if (face !== null) change({ faces: [...search.state.faces, face] });
        const waiting = objects.values();
        const work = async (): Promise<void> => {
          for (const sopInstanceUid of waiting) {
            if (signal.aborted) return;
            const image = await lookAt(library, sopInstanceUid, seriesUid, series.description);
            if (image?.error == null) search.searched.set(sopInstanceUid, image !== null && image.boxes.length > 0);
            change({ done: search.state.done + 1, images: image === null ? search.state.images : [...search.state.images, image] });
          }
        };
        await Promise.all(Array.from({ length: atOnce }, work));
        if (signal.aborted) break;
      }
      change({ state: signal.aborted ? 'cancelled' : 'done' });
    } catch (thrown) {
      const error = ScanloomError.from(thrown);
      if (error.code === 'internal') log.error('pixel-search-failed', { cause: String((thrown as Error).stack ?? thrown).slice(0, 2000) });
      change({ state: 'failed', error: error.toBody() });
    }
  }

  return {
    start(studyUid) {
      for (const { state } of searches.values()) if (state.studyInstanceUid === studyUid && state.state === 'running') return state;
      // A model's images hold nothing that a scanner drew into them, and are no part of a copy.
      const seriesUids = library.studies.get(studyUid).series.filter(({ provenance, images }) => provenance === 'source' && images > 0).map(({ seriesInstanceUid }) => seriesInstanceUid);
      const total = seriesUids.reduce((sum, uid) => sum + new Set(library.studies.series(uid).stacks.flatMap((stack) => stack.images.map((image) => image.sopInstanceUid))).size, 0);
      const search: Search = { controller: new AbortController(), searched: new Map(), state: { searchId: randomUuid(), studyInstanceUid: studyUid, state: 'running', done: 0, total, images: [], faces: [], error: null } };
      for (const [id, { state }] of searches) if (searches.size >= mostSearches && state.state !== 'running') searches.delete(id);
      searches.set(search.state.searchId, search);
      void run(search, seriesUids);
      return search.state;
    },
    get: (searchId) => find(searchId).state,
    searched: (studyUid) => new Map([...searches.values()].filter(({ state }) => state.studyInstanceUid === studyUid).flatMap(({ searched }) => [...searched])),
    cancel(searchId) {
      const search = find(searchId);
      search.controller.abort();
      return search.state;
    },
    close() {
      for (const { controller } of searches.values()) controller.abort();
    },
  };
}

function faceWarning(library: Library, seriesInstanceUid: string, seriesDescription: string, objects: readonly string[]): FaceWarning | null {
  const { level, reasons } = faceRiskOfSeries(objects.map((uid) => library.images.header(uid)));
  return level === 'none' ? null : { seriesInstanceUid, seriesDescription, level, reasons: [...reasons] };
}

/** What a person should see of one object; null when neither header nor pixels give cause. */
async function lookAt(library: Library, sopInstanceUid: string, seriesInstanceUid: string, seriesDescription: string): Promise<ImageAtRisk | null> {
  const { rows, columns, frames } = library.images.header(sopInstanceUid);
  const base = { sopInstanceUid, seriesInstanceUid, seriesDescription, rows, columns, frames };
  const imageIdOf = (frame: number): string => (frames > 1 ? `${sopInstanceUid}:${frame}` : sopInstanceUid);
  try {
    const found = await library.images.searchText(sopInstanceUid);
    if (found.boxes.length === 0 && found.risk === 'low') return null;
    return { ...base, imageId: imageIdOf(found.shownFrame), framesLooked: found.framesLooked, risk: found.risk, reasons: [...found.reasons], boxes: found.boxes.map((box) => ({ ...box, reasons: [...box.reasons] })), error: null };
  } catch (thrown) {
    const error = ScanloomError.from(thrown);
    // A disk that is gone is no matter of one image.
    if (error.code === 'internal') throw thrown;
    return { ...base, imageId: imageIdOf(0), framesLooked: 0, risk: 'high', reasons: ['Its pixels could not be searched.'], boxes: [], error: error.message };
  }
}

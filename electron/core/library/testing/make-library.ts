/** A library as a large hospital's research group would have it, made of rows alone: for measuring lists and searches, not for looking at. */
import { describeImage, parseDicom, type ImageHeader } from '#dicom';
import { StudyStore } from '../study-store.ts';
import type { Library } from '../types.ts';
import { tinyDicom } from './tiny-dicom.ts';

/** Numbers from 0 to 1 that are the same every time (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const syllables = ['an', 'ber', 'cor', 'da', 'el', 'fi', 'gor', 'hau', 'is', 'jo', 'ka', 'li', 'mar', 'no', 'or', 'pe', 'qui', 'ro', 'sten', 'ta', 'ul', 'ver', 'wes', 'xa', 'yil', 'zu'];
const regions = ['head', 'neck', 'thorax', 'abdomen', 'pelvis', 'knee', 'shoulder', 'spine', 'wrist', 'hip'];
/** Modality, its share of the studies, series a study and images a series (from, to). */
const kinds = [
  { modality: 'CT', share: 0.4, series: [2, 4], images: [8, 50] },
  { modality: 'MR', share: 0.3, series: [3, 7], images: [4, 24] },
  { modality: 'DX', share: 0.2, series: [1, 2], images: [1, 2] },
  { modality: 'US', share: 0.05, series: [1, 1], images: [5, 30] },
  { modality: 'PT', share: 0.05, series: [1, 2], images: [60, 120] },
] as const;

export interface MadeLibrary {
  readonly studies: number;
  readonly series: number;
  readonly images: number;
  /** Words that are in it, for searching. */
  readonly names: readonly string[];
  readonly ids: readonly string[];
}

/**
 * Fills an empty library through its own store: each image put, each series assembled. About fifty images a study.
 *
 * @param seconds No study is begun after so long; what was made is told.
 */
export function makeLibrary(library: Library, images: number, seconds = Infinity): MadeLibrary {
  // Nobody misses it when the power fails.
  library.db.get('PRAGMA synchronous = OFF');
  const until = performance.now() + seconds * 1000;
  const random = seededRandom(20_260);
  const store = new StudyStore(library.db);
  const template = describeImage(parseDicom(tinyDicom({ sop: '2.25.1', window: { center: 40, width: 400 } })));
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!;
  const between = ([low, high]: readonly [number, number]): number => low + Math.floor(random() * (high - low + 1));
  const made = { studies: 0, series: 0, images: 0, names: [] as string[], ids: [] as string[] };
  while (made.images < images && performance.now() < until) {
    library.db.transaction(() => {
      for (let studies = 0; studies < 50 && made.images < images; studies += 1) {
        let share = random();
        const kind = kinds.find((candidate) => (share -= candidate.share) < 0) ?? kinds[0];
        const word = (count: number): string => Array.from({ length: count }, () => pick(syllables)).join('');
        const patientName = `${word(3)}^${word(2)}`;
        const patientId = `H${String(Math.floor(random() * 1e8)).padStart(8, '0')}`;
        const day = new Date(Date.UTC(2010, 0, 1) + Math.floor(random() * 5800) * 86_400_000).toISOString().slice(0, 10).replaceAll('-', '');
        made.studies += 1;
        if (made.studies % 20 === 1) {
          made.names.push(patientName);
          made.ids.push(patientId);
        }
        const studyInstanceUid = `1.2.826.0.1.3680043.8.498.${made.studies}`;
        const seriesCount = between(kind.series);
        for (let series = 1; series <= seriesCount; series += 1) {
          made.series += 1;
          const seriesInstanceUid = `${studyInstanceUid}.${series}`;
          const count = between(kind.images);
          const isMade = random() < 0.02;
          for (let number = 1; number <= count; number += 1) {
            made.images += 1;
            const sopInstanceUid = `${seriesInstanceUid}.${number}`;
            const header: ImageHeader = {
              ...template, sopInstanceUid, seriesInstanceUid, studyInstanceUid, modality: kind.modality, patientName, patientId, studyDate: day, seriesDate: day, accessionNumber: `A${made.studies}`,
              studyDescription: `${kind.modality} ${pick(regions)} ${pick(['routine', 'follow-up', 'contrast', 'trauma'])}`, seriesDescription: `${pick(regions)} ${series}`, seriesNumber: series, instanceNumber: number,
              position: [0, 0, number * 2.5], ...(isMade ? { syntheticData: 'YES', imageType: ['DERIVED', 'SECONDARY'] } : {}),
            };
            store.putImage({ path: `/archive/${day}/${seriesInstanceUid}/${number}.dcm`, shown: '', sizeBytes: 526_000, mtimeMs: 1, sha256: 'a'.repeat(64), header }, '2026-01-01T00:00:00.000Z');
          }
          store.assemble(seriesInstanceUid);
        }
      }
    });
  }
  return made;
}

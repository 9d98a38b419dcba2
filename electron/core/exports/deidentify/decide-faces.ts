/** The Clean Recognizable Visual Features Option (PS3.15 E.3.2) over a whole input: which heads lose their face, what may say that it shows nobody, what waits for a person. */
import type { WorkerPool } from '#base';
import { ScanloomError, type DeidentificationReport, type DeidentifiedObject, type DeidentifyOption } from '#contract';
import type { ImageHeader } from '#dicom';
import { findFiles, type FoundFile } from '#library';
import { createProject, faceRiskOfSeries, type CopyFacts, type FaceCut } from '#privacy';
import type { CopyWorkers } from './copy-workers.ts';
import type { LookAnswer } from './messages.ts';

/** What is done about the face that a file may show. */
export interface FaceDecision {
  readonly cut: FaceCut | null;
  /** Recognizable Visual Features (0028,0302) NO, and the option's code. */
  readonly saysNoFeatures: boolean;
  readonly face: DeidentifiedObject['face'];
  /** Why it is not copied; null when it is. */
  readonly heldBack: string | null;
  /** For De-identification Method. */
  readonly remarks: readonly string[];
}

export const noFaceDecision: FaceDecision = { cut: null, saysNoFeatures: false, face: 'untouched', heldBack: null, remarks: [] };
export const skinReason = 'It has the outline of the skin, from which a face can be drawn where it goes over a head: a person must look.';
/** At most 64 characters. */
export const unseenRemark = 'Face set to air by a program; nobody has looked at it yet';

export type FaceRow = DeidentificationReport['faces'][number];

export interface FaceDecisions {
  /** By the file's path; a file that is not in it is left alone. */
  readonly byPath: ReadonlyMap<string, FaceDecision>;
  readonly rows: readonly FaceRow[];
}

export interface FaceQuestions {
  readonly inputs: readonly string[];
  readonly pool: WorkerPool;
  readonly workers: CopyWorkers;
  readonly options: readonly DeidentifyOption[];
  readonly key: Uint8Array;
  readonly scanloom: string;
  /** A person has looked at all heads that were cut, and at all that may show a face. */
  readonly accepted: boolean;
  /** Files that somebody else decides of. */
  readonly decided: ReadonlySet<string>;
  readonly signal?: AbortSignal | undefined;
}

interface Looked {
  readonly file: FoundFile;
  readonly sopInstanceUid: string;
  readonly header: ImageHeader | null;
  readonly facts: CopyFacts;
}

/** Devices whose images show the inside of a body. Ultrasound draws faces of the unborn, endoscopes are held to mouths, cameras to everything. */
const inside = new Set(['CT', 'MR', 'PT', 'NM', 'CR', 'DX', 'MG', 'XA', 'RF', 'RG', 'IO', 'PX', 'BMD', 'SEG', 'RTDOSE', 'RTIMAGE', 'SM', 'IVUS', 'IVOCT', 'OCT', 'OPT', 'ECG', 'REG', 'PLAN']);

/** Looks at every file once, then cuts the heads. Nothing is written. @throws ScanloomError `job/cancelled`, `internal` */
export async function decideFaces(questions: FaceQuestions): Promise<FaceDecisions> {
  const series = new Map<string, Looked[]>();
  const waiting: { file: FoundFile; answer: Promise<LookAnswer> }[] = [];
  const take = async (): Promise<void> => {
    const { file, answer } = waiting.shift()!;
    const looked = await answer.catch((thrown: unknown) => {
      const error = ScanloomError.from(thrown);
      if (['internal', 'job/cancelled'].includes(error.code)) throw thrown;
      // The copy itself says what is wrong with it.
      return null;
    });
    if (looked?.kind !== 'object') return;
    const { bytes: _, ...place } = file;
    const one: Looked = { file: place, sopInstanceUid: looked.sopInstanceUid, header: looked.header, facts: looked.facts };
    const others = series.get(looked.originalSeries);
    if (others === undefined) series.set(looked.originalSeries, [one]);
    else others.push(one);
  };
  for await (const file of findFiles(questions.inputs, { onRefused: () => undefined, pool: questions.pool })) {
    if (questions.decided.has(file.path)) continue;
    const answer = questions.workers.look({ path: file.path, bytes: file.bytes, options: [...questions.options], key: questions.key, scanloom: questions.scanloom });
    answer.catch(() => undefined);
    waiting.push({ file, answer });
    if (waiting.length > questions.workers.size) await take();
  }
  while (waiting.length > 0) await take();
  const byPath = new Map<string, FaceDecision>();
  const rows: FaceRow[] = [];
  for (const [uid, looked] of series) await decideSeries(uid, looked, questions, byPath, rows);
  return { byPath, rows };
}

async function decideSeries(uid: string, looked: readonly Looked[], questions: FaceQuestions, byPath: Map<string, FaceDecision>, rows: FaceRow[]): Promise<void> {
  const { accepted } = questions;
  const slices = looked.filter(({ header }) => header !== null);
  for (const { file, facts, header } of looked) if (header === null || facts.outlinesSkin) byPath.set(file.path, decideOther(facts, null, accepted));
  if (slices.length === 0) return;
  const risk = faceRiskOfSeries(slices.map(({ header }) => header!));
  const decide = (make: (one: Looked) => FaceDecision): void => {
    for (const one of slices) if (!byPath.has(one.file.path)) byPath.set(one.file.path, make(one));
  };
  if (risk.level === 'none') return decide(({ facts, header }) => decideOther(facts, header!.modality, accepted));
  // One object in two files is one slice; both lose the face.
  const unique = [...new Map(slices.map((one) => [one.sopInstanceUid, one])).values()];
  const outcome = await questions.workers.face({ files: await withBytes(unique.map(({ file }) => file), questions), seed: createProject(questions.key).seed('face', uid), picture: false });
  if (outcome.kind === 'refused') {
    // It was in no earlier copy that somebody could have looked at. What is said to be a head is never passed as it is.
    const isPassed = risk.level === 'possible' && !risk.saysHead && accepted;
    const words = `${risk.reasons.join(' ')} Its face could not be taken off: ${outcome.reason}`;
    if (!isPassed) rows.push({ series: null, objects: slices.length, words: `Held back. ${words}`, seen: false });
    return decide(() => (isPassed ? noFaceDecision : { ...noFaceDecision, heldBack: words }));
  }
  rows.push({ series: slices[0]!.facts.series, objects: slices.length, words: outcome.description, seen: accepted });
  const cuts = new Map(unique.map(({ sopInstanceUid }, at) => [sopInstanceUid, outcome.cuts[at] ?? null]));
  decide(({ sopInstanceUid }) => {
    const cut = cuts.get(sopInstanceUid) ?? null;
    return { cut, saysNoFeatures: accepted, face: cut === null ? 'untouched' : accepted ? 'cut-and-seen' : 'cut', heldBack: null, remarks: accepted ? [] : [unseenRemark] };
  });
}

/** What is no head in slices. @param modality Null for what is no slice. */
function decideOther(facts: CopyFacts, modality: string | null, accepted: boolean): FaceDecision {
  if (accepted) return { ...noFaceDecision, saysNoFeatures: true };
  if (facts.outlinesSkin) return { ...noFaceDecision, heldBack: skinReason };
  if (facts.showsFaces === 'photograph') return { ...noFaceDecision, heldBack: 'A photograph may show a face: a person must look.' };
  if (facts.showsFaces === 'screen') return noFaceDecision;
  return { ...noFaceDecision, saysNoFeatures: !facts.hasPixels || inside.has(modality ?? facts.modality) };
}

/** Members of archives are read again: their bytes were not kept. */
async function withBytes(files: readonly FoundFile[], { pool }: FaceQuestions): Promise<{ path: string; bytes?: Uint8Array | undefined }[]> {
  const archives = [...new Set(files.flatMap(({ archive }) => archive ?? []))];
  const members = new Map<string, Uint8Array>();
  const wanted = new Set(files.flatMap(({ path, archive }) => (archive === undefined ? [] : path)));
  for await (const member of archives.length === 0 ? [] : findFiles(archives, { onRefused: () => undefined, pool })) if (member.bytes !== undefined && wanted.has(member.path)) members.set(member.path, member.bytes);
  return files.map(({ path }) => ({ path, bytes: members.get(path) }));
}

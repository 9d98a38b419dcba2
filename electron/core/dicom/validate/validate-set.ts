/**
 * Checks of several objects together: what they inherit from their sources, whether what they name is there, whether a series is one
 * (PS3.3 A.1.2, C.7.3.1, C.7.6.1.1.5, C.12.1, C.12.4). Only a digest of each object is kept, so that a folder of any size can be checked.
 */
import type { DataSet } from '../data-set.ts';
import { dot } from '../geometry.ts';
import type { DicomFile, Finding, Orientation, Vector3 } from '../types.ts';
import { transferSyntaxes } from '../transfer-syntaxes.ts';
import { derivationsOf } from './derivation.ts';
import { framePlacesOf, frameSourcesOf, isSamePlace, placeOf, type FrameSource, type Place } from './frame-places.ts';

/** One object that another names. */
export interface SetReference {
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  /** Named as what this object was made from. */
  readonly isSource: boolean;
  /** Largest Referenced Frame Number, null when none is named. */
  readonly frame: number | null;
  /** Spatial Locations Preserved YES. */
  readonly sameGrid: boolean;
}

/** What the checks keep of an object. */
export interface SetMember {
  readonly path: string;
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  readonly studyInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly patientId: string;
  readonly modality: string;
  readonly frameOfReferenceUid: string;
  readonly synthetic: string;
  readonly qualification: string;
  readonly lossy: boolean;
  readonly frames: number;
  readonly rows: number;
  readonly columns: number;
  readonly place: Place | null;
  /** Of multi-frame objects, a frame each. */
  readonly framePlaces: readonly (Place | null)[] | null;
  readonly frameSources: readonly FrameSource[];
  readonly references: readonly SetReference[];
}

export interface SetFinding extends Finding {
  readonly path: string;
}

function references(dataset: DataSet): SetReference[] {
  const found = new Map<string, SetReference>();
  const add = (item: DataSet, isSource: boolean): void => {
    const sopInstanceUid = item.string('ReferencedSOPInstanceUID');
    if (sopInstanceUid === '') return;
    const frames = item.numbers('ReferencedFrameNumber').filter(Number.isInteger);
    // Two places that name one object differently are two references.
    const key = `${sopInstanceUid} ${item.string('ReferencedSOPClassUID')}`;
    const before = found.get(key);
    const frame = frames.reduce((largest, number) => Math.max(largest, number), before?.frame ?? 0);
    found.set(key, {
      sopClassUid: item.string('ReferencedSOPClassUID'),
      sopInstanceUid,
      isSource: isSource || before?.isSource === true,
      frame: frame === 0 ? null : frame,
      sameGrid: item.string('SpatialLocationsPreserved') === 'YES' || before?.sameGrid === true,
    });
  };
  for (const derivation of derivationsOf(dataset)) for (const item of derivation.sequence('SourceImageSequence')) add(item, true);
  for (const series of dataset.sequence('ReferencedSeriesSequence')) for (const item of series.sequence('ReferencedInstanceSequence')) add(item, false);
  for (const item of dataset.sequence('ReferencedImageSequence')) add(item, false);
  return [...found.values()];
}

/** The digest of one object. `path` is how findings name it. */
export function setMemberOf(file: DicomFile, path: string): SetMember {
  const { dataset } = file;
  return {
    path,
    sopClassUid: dataset.string('SOPClassUID'),
    sopInstanceUid: dataset.string('SOPInstanceUID'),
    studyInstanceUid: dataset.string('StudyInstanceUID'),
    seriesInstanceUid: dataset.string('SeriesInstanceUID'),
    patientId: dataset.string('PatientID'),
    modality: dataset.string('Modality'),
    frameOfReferenceUid: dataset.string('FrameOfReferenceUID'),
    synthetic: dataset.string('SyntheticData'),
    qualification: dataset.string('ContentQualification'),
    lossy: dataset.string('LossyImageCompression') === '01' || transferSyntaxes[file.transferSyntaxUid]?.lossy === 'only',
    frames: dataset.number('NumberOfFrames') ?? 1,
    rows: dataset.number('Rows') ?? 0,
    columns: dataset.number('Columns') ?? 0,
    place: placeOf(dataset),
    framePlaces: framePlacesOf(dataset),
    frameSources: frameSourcesOf(dataset),
    references: references(dataset),
  };
}

/** Findings about objects as a set, errors first. What an object is in itself is for `validateFile`. */
export function validateSet(members: readonly SetMember[]): SetFinding[] {
  const findings: SetFinding[] = [];
  const byUid = new Map<string, SetMember>();
  for (const member of members) {
    const add = (level: Finding['level'], code: string, tag: string, message: string): void => void findings.push({ path: member.path, level, code, tag, message });
    const twin = byUid.get(member.sopInstanceUid);
    if (member.sopInstanceUid !== '' && twin !== undefined) add('error', 'duplicate-instance', '00080018', `Another file has the same SOP Instance UID: ${twin.path}.`);
    else byUid.set(member.sopInstanceUid, member);
  }
  for (const member of members) {
    const report = (level: Finding['level'], code: string, tag: string, message: string): void => void findings.push({ path: member.path, level, code, tag, message });
    for (const reference of member.references) checkReference(member, reference, byUid.get(reference.sopInstanceUid), report);
    checkFrames(member, byUid, report);
    const named = [...new Set(member.references.map(({ sopInstanceUid }) => sopInstanceUid))];
    const missing = named.filter((uid) => !byUid.has(uid)).length;
    if (missing > 0) report('warning', 'reference-missing', '00081155', `${missing} of ${named.length} objects that it names are not here.`);
  }
  checkSeries(members, findings);
  return findings.sort((a, b) => Number(a.level === 'warning') - Number(b.level === 'warning'));
}

type Report = (level: Finding['level'], code: string, tag: string, message: string) => void;

function checkReference(member: SetMember, reference: SetReference, target: SetMember | undefined, report: Report): void {
  if (target === undefined || target === member) return;
  if (reference.sopClassUid !== target.sopClassUid) report('error', 'reference-class', '00081150', `It names ${target.path} with another SOP class than that object has.`);
  if (reference.frame !== null && reference.frame > target.frames) report('error', 'reference-frame', '00081160', `It names frame ${reference.frame} of ${target.path}, which has ${target.frames}.`);
  if (!reference.isSource) return;
  if (target.synthetic === 'YES' && member.synthetic !== 'YES') report('error', 'synthetic-not-inherited', '0008001c', `Its source ${target.path} is synthetic, but it does not say so of itself.`);
  if (target.lossy && !member.lossy) report('error', 'lossy-not-inherited', '00282110', `Its source ${target.path} was compressed with loss, but it does not say so of itself.`);
  if (['RESEARCH', 'SERVICE'].includes(target.qualification) && member.qualification === 'PRODUCT') report('error', 'qualification-not-inherited', '00189004', `Its source ${target.path} is marked ${target.qualification}, but it calls itself PRODUCT.`);
  if (target.patientId !== member.patientId) report('error', 'source-of-another-patient', '00100020', `Its source ${target.path} is of another patient.`);
  else if (target.studyInstanceUid !== member.studyInstanceUid) report('warning', 'source-of-another-study', '0020000d', `Its source ${target.path} is of another study.`);
  checkPlace(member, reference, target, report);
}

/** On the same grid all is the same; on another grid over the same field of view, its corner and its plane are. */
function checkPlace(member: SetMember, { sameGrid }: SetReference, target: SetMember, report: Report): void {
  const [own, source] = [member.place, target.place];
  if (own === null || source === null || member.frameOfReferenceUid !== target.frameOfReferenceUid) return;
  const pixel = Math.min(...source.spacingMm);
  const parallel = own.orientation.every((cosine, index) => Math.abs(cosine - source.orientation[index]!) < 1e-3);
  const apart = (a: Vector3, b: Vector3): number => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
  if (sameGrid) {
    if (member.rows !== target.rows || member.columns !== target.columns || !isSamePlace(own, source)) report('error', 'geometry-differs', '0028135a', `It says that its pixels lie where those of ${target.path} do, but its grid is another.`);
    return;
  }
  const field = ({ rows, columns }: SetMember, spacing: readonly [number, number]): readonly [number, number] => [rows * spacing[0], columns * spacing[1]];
  const [mine, theirs] = [field(member, own.spacingMm), field(target, source.spacingMm)];
  const isSameField = mine.every((length, axis) => Math.abs(length - theirs[axis]!) < 0.5 * pixel);
  const normalShift = Math.abs(dot([own.position[0] - source.position[0], own.position[1] - source.position[1], own.position[2] - source.position[2]], normal(source.orientation)));
  if (!parallel || !isSameField || normalShift > 0.5 * pixel) return;
  if (apart(corner(own), corner(source)) > 0.1 * pixel) report('error', 'geometry-shifted', '00200032', `It covers the field of view of ${target.path}, but lies ${apart(corner(own), corner(source)).toFixed(3)} mm beside it.`);
}

/** Frames that say they lie pixel on pixel with a source frame of the same space. */
function checkFrames(member: SetMember, byUid: ReadonlyMap<string, SetMember>, report: Report): void {
  const wrong = member.frameSources.filter(({ frame, sopInstanceUid, sourceFrame }) => {
    const target = byUid.get(sopInstanceUid);
    const [own, source] = [member.framePlaces?.[frame] ?? null, target === undefined ? null : (target.framePlaces?.[sourceFrame] ?? target.place)];
    if (target === undefined || own === null || source === null || target.frameOfReferenceUid !== member.frameOfReferenceUid) return false;
    return member.rows !== target.rows || member.columns !== target.columns || !isSamePlace(own, source);
  });
  if (wrong.length > 0) report('error', 'geometry-differs', '0028135a', `${wrong.length === 1 ? 'Frame' : `${wrong.length} frames, the first of them frame`} ${wrong[0]!.frame + 1}: said to lie where the source’s pixels do, but the grid is another.`);
}

function normal([a, b, c, d, e, f]: Orientation): Vector3 {
  return [b * f - c * e, c * d - a * f, a * e - b * d];
}

/** Outer corner of the first pixel. */
function corner({ position, orientation, spacingMm }: NonNullable<SetMember['place']>): Vector3 {
  const at = (axis: 0 | 1 | 2): number => position[axis] - 0.5 * spacingMm[1] * orientation[axis] - 0.5 * spacingMm[0] * orientation[axis + 3]!;
  return [at(0), at(1), at(2)];
}

/** One patient, study and modality a series, and one frame of reference (A.1.2.3, C.7.3.1, C.7.4.1). */
function checkSeries(members: readonly SetMember[], findings: SetFinding[]): void {
  const first = new Map<string, SetMember>();
  const said = new Set<string>();
  for (const member of members) {
    if (member.seriesInstanceUid === '') continue;
    const other = first.get(member.seriesInstanceUid);
    if (other === undefined) {
      first.set(member.seriesInstanceUid, member);
      continue;
    }
    const differ = (key: 'patientId' | 'studyInstanceUid' | 'modality' | 'frameOfReferenceUid', what: string, level: Finding['level'], tag: string): void => {
      if (member[key] === other[key] || said.has(`${member.seriesInstanceUid} ${key}`)) return;
      said.add(`${member.seriesInstanceUid} ${key}`);
      findings.push({ path: member.path, level, code: 'series-mixed', tag, message: `It is of the same series as ${other.path}, but of another ${what}.` });
    };
    differ('patientId', 'patient', 'error', '00100020');
    differ('studyInstanceUid', 'study', 'error', '0020000d');
    differ('modality', 'modality', 'error', '00080060');
    // De-identified collections often name a new one in each file: said, but no reason to refuse them.
    differ('frameOfReferenceUid', 'frame of reference', 'warning', '00200052');
  }
}

/** What somebody should know before a copy is made, and who passes it on: from the facts of all its objects. */
import type { CopyContents, CopyWarning, DeidentifyOption } from '#contract';
import type { CopyFacts } from './copy-facts.ts';
import type { FaceRisk } from './face/types.ts';

/** Patients, studies, series and objects of a copy. */
export function contentsOf(facts: readonly CopyFacts[]): CopyContents {
  const count = (key: 'patient' | 'study' | 'series'): number => new Set(facts.map((one) => one[key])).size;
  const images = facts.filter(({ hasPixels }) => hasPixels).length;
  return { patients: count('patient'), studies: count('study'), series: count('series'), images, others: facts.length - images };
}

/** The risk that a face can be drawn from a series, by the stand-in of its UID. */
export type FaceRisks = ReadonlyMap<string, Pick<FaceRisk, 'level' | 'reasons'>>;

export interface WarnedOptions {
  readonly options: ReadonlySet<DeidentifyOption>;
  /** Series whose faces are taken off, so that nobody need be warned of them. */
  readonly defaced?: ReadonlySet<string>;
}

/** In the order of how much harm is done by not knowing. */
export function copyWarnings(facts: readonly CopyFacts[], faces: FaceRisks, { options, defaced = new Set() }: WarnedOptions): CopyWarning[] {
  const warnings: CopyWarning[] = [];
  const add = (code: CopyWarning['code'], which: readonly CopyFacts[], message: string): void => {
    if (which.length > 0) warnings.push({ code, message, series: new Set(which.map(({ series }) => series)).size, objects: which.length });
  };
  const hasFace = (one: CopyFacts): boolean => (faces.get(one.series)?.level ?? 'none') !== 'none' && !defaced.has(one.series);
  const isHigh = (one: CopyFacts): boolean => faces.get(one.series)?.level === 'high';
  if (!options.has('clean-recognizable-visual-features')) {
    add('face', facts.filter((one) => hasFace(one) && isHigh(one)), 'A face can be drawn from these images of a head, and be recognised. Take the face off (Clean Recognizable Visual Features), or pass them on only to whom you would show a photograph.');
    add('face', facts.filter((one) => hasFace(one) && !isHigh(one)), 'These images may show a head in which a face can be seen. Look at them.');
    add('face', facts.filter((one) => one.showsFaces === 'photograph'), 'Photographs may show a face. Look at each.');
  }
  add('face-outline', facts.filter((one) => one.outlinesSkin), 'The outline of the skin is in a structure set or a segmentation: where it goes over a head, a face can be drawn from it, whatever is done to the images.');
  if (!options.has('clean-pixel-data')) add('burned-in', facts.filter((one) => one.burnedIn === 'high'), 'Writing in the pixels is likely in these images: names, dates and numbers often stand there. They are held back until somebody has looked, or until writing is blacked out (Clean Pixel Data).');
  add('uids-kept', options.has('retain-uids') ? facts : [], 'UIDs are kept: whoever has the originals can find each of them by its UID. Such a copy is a pseudonym, not anonymous.');
  add('dates-kept', options.has('retain-full-dates') ? facts.filter((one) => one.hadDate) : [], 'Dates are kept as they were: together with a place or a modality they can tell who was examined on that day.');
  add('places-kept', options.has('retain-institution-identity') ? facts : [], 'The hospital is named. With a date or a rare disease that can be enough to know a patient.');
  add('suv-lost', facts.filter((one) => one.losesSuv), `PET loses its standardised uptake values (SUV): they need the patient's weight and the times of injection and scan. Keep patient characteristics (Retain Patient Characteristics) and dates (shifted ones are enough) if anybody is to measure.`);
  add('b-values-lost', facts.filter((one) => one.losesBValue), 'The diffusion weighting (b-value) stands in private attributes alone, which go. Keep the private attributes that are known to be safe (Retain Safe Private) if anybody is to compute with it.');
  const studies = new Map<string, Set<string>>();
  for (const { patient, study, hadDate } of facts) if (hadDate) studies.set(patient, (studies.get(patient) ?? new Set()).add(study));
  const hasDates = options.has('retain-full-dates') || options.has('retain-modified-dates');
  add('dates-lost', hasDates ? [] : facts.filter(({ patient }) => (studies.get(patient)?.size ?? 0) > 1), 'There are several examinations of one patient, and without dates nobody can tell which came first. Shifted dates (Retain Longitudinal, Modified Dates) keep their order and distance.');
  add('content-emptied', facts.filter((one) => one.emptied === 'document'), 'Documents keep their place but not their page: nobody can clean what a PDF says.');
  add('content-emptied', facts.filter((one) => one.emptied === 'report'), 'Structured reports lose all that they say, measurements too. Clean Structured Content keeps what is measured and coded.');
  add('graphics-lost', facts.filter((one) => one.losesGraphics || one.emptied === 'annotations'), 'What was drawn or written over images (overlays, annotations) goes, and with it perhaps a marked finding. Clean Graphics keeps lines and regions without writing.');
  add('private-lost', facts.filter((one) => one.losesPrivate && !one.losesBValue), options.has('retain-safe-private') ? 'Private attributes that are not known to be safe go; some makers keep there what their own software needs.' : 'All private attributes go; some makers keep there what their own software needs. Retain Safe Private keeps those that are known to be safe.');
  return warnings;
}

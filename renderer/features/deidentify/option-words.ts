/** Options of the copy in words; the codes stand in the report. */
import type { DeidentifyOption } from '#contract';

export interface OptionWords {
  readonly option: DeidentifyOption;
  readonly label: string;
  readonly words: string;
}

/** What can be ticked on its own. Dates are one choice of three beside it. The compiler cannot ask for a line here: a new option has one when it can be had from the page. */
export const optionWords: readonly OptionWords[] = [
  { option: 'clean-pixel-data', label: 'Black out writing in pixels', words: 'Images nobody has confirmed are searched once more and blacked out where something looks like writing, or held back where it lies on anatomy; those you confirmed are blacked out as you decided.' },
  { option: 'clean-descriptors', label: 'Keep known words of descriptions', words: 'Series and study descriptions keep words that name body parts, sequences and protocols; all others go.' },
  { option: 'retain-patient-characteristics', label: 'Keep age, sex, size and weight', words: 'What studies of a disease usually need, and SUV of a PET (with dates shifted or kept); rare values can still tell who it is.' },
  { option: 'retain-device-identity', label: 'Keep which device it was', words: 'Serial number, station and device identifiers stay (maker and model stay in any case); a rare device may tell the hospital.' },
  { option: 'retain-institution-identity', label: 'Keep the institution', words: 'Name and address of the hospital stay.' },
  { option: 'retain-safe-private', label: 'Keep private values known to be safe', words: 'Diffusion values and the like, by the list of the standard; all other private values go.' },
  { option: 'clean-graphics', label: 'Keep drawings without text', words: 'Lines and areas of presentation states stay; what is written beside them goes.' },
  { option: 'clean-structured-content', label: 'Keep measurements of reports', words: 'Codes and numbers of structured reports stay; free text and names go.' },
];

export const dateWords = [
  { value: 'remove', label: 'Remove', option: null, words: 'No date is left.' },
  { value: 'shift', label: 'Shift', option: 'retain-modified-dates', words: 'All dates of a patient move by the same number of days: intervals stay true.' },
  { value: 'keep', label: 'Keep', option: 'retain-full-dates', words: 'Dates stay as they are: with a list of appointments, persons can be found.' },
] as const satisfies readonly { value: string; label: string; option: DeidentifyOption | null; words: string }[];
export type DateChoice = (typeof dateWords)[number]['value'];

export function chosenOptions(ticked: ReadonlySet<DeidentifyOption>, dates: DateChoice): DeidentifyOption[] {
  const ofDates = dateWords.find(({ value }) => value === dates)?.option ?? null;
  return [...optionWords.map(({ option }) => option).filter((option) => ticked.has(option)), ...(ofDates === null ? [] : [ofDates])];
}

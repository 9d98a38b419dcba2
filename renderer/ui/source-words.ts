/** A series that something was made from, in words. */
import type { SourceNamed } from '#contract';
import { personName } from './format.ts';

/** `Doe, Peter · CT Se 4 Lung`; without the person's name and number when they are hidden. */
export function sourceWords(source: SourceNamed, hideIdentifiers: boolean): string {
  const who = hideIdentifiers ? '•••••' : personName(source.patientName) || source.patientId;
  const what = [source.modality, source.seriesNumber === null ? '' : `Se ${source.seriesNumber}`, source.seriesDescription].filter(Boolean).join(' ');
  return [who, what].filter(Boolean).join(' · ') || 'a study that the library has forgotten';
}

/** The persons behind a list of series, each once. */
export function personsOf(sources: readonly SourceNamed[]): SourceNamed[] {
  return [...new Map(sources.filter((one) => one.patientId !== '' || one.patientName !== '').map((one) => [`${one.patientId}\n${one.patientName}`, one])).values()];
}

/** The words that a DICOM object says about how it was made, and whom a synthetic one shows. */
import { ScanloomError, type StartJob } from '#contract';
import type { Equipment } from '#dicom';
import { label } from '../marks.ts';
import { sourceFormatOf } from '../source-stack.ts';
import type { ExportSource } from '../types.ts';

export interface EnhancementWords {
  /** Pixels of the result for one of the source, along a side; 1 where the grid is the source's own. */
  readonly factor: number;
  /** Stands before the source's Series Description (0008,103E). */
  readonly seriesPrefix: string;
  /** Derivation Code Sequence (0008,9215), CID 7203. */
  readonly codes: readonly { readonly value: string; readonly scheme: string; readonly meaning: string }[];
}

/** What a task did to a source's images. @throws ScanloomError `export/invalid` for a task that has no source */
export function enhancementWords(settings: StartJob): EnhancementWords {
  switch (settings.task) {
    case 'upscale':
      return { factor: settings.factor, seriesPrefix: `AI x${settings.factor}`, codes: [{ value: '113085', scheme: 'DCM', meaning: 'Spatial resampling' }] };
    case 'synthesize':
      throw new ScanloomError('export/invalid', 'A synthetic image has no source that it could be derived from.');
    default:
      return withoutWords(settings);
  }
}

/** The compiler stops here when a task is new: no object may be described with another task's words. */
function withoutWords(settings: never): never {
  throw new ScanloomError('export/invalid', 'DICOM has no words yet for what this task does.', { hint: 'Export as PNG or NIfTI.', details: { task: (settings as { readonly task: string }).task } });
}

/** What was done and how, in a sentence or two that begin with the mark. */
function deedOf({ item, settings }: ExportSource): string[] {
  switch (settings.task) {
    case 'upscale': {
      const consistency = item.measures.find((measure) => measure.name === 'consistency-rmse');
      return [
        `${label.enhanced}: x${settings.factor} in-plane upscaling by a generative network, which may show detail that is not there.`,
        consistency === undefined ? '' : `Shrunk back it differs from the source by ${consistency.value.toPrecision(3)} ${consistency.unit === '' ? 'units' : consistency.unit} RMS.`,
      ];
    }
    case 'synthesize':
      return [`${label.synthetic}: made from noise by a diffusion model, class ${settings.class}, seed ${item.seed ?? settings.seed}, ${settings.steps ?? 'default'} steps, guidance ${settings.guidance ?? 'default'}. It shows no patient.`];
    default:
      return withoutWords(settings);
  }
}

/** Said of an object whose source was no DICOM object; `verify` looks for it. */
export const niftiWords = 'The source is a NIfTI file: patient, study and scanner are not known, identifiers were made from the file.';

/** Derivation Description (0008,2111), ST: at most 1024 characters. ASCII, so that no character set is needed. */
export function derivationText(source: ExportSource, scanloom: string): string {
  const { item } = source;
  return [...deedOf(source), sourceFormatOf(source.ledgerEntry.body) === 'nifti' ? niftiWords : '', `Package ${item.packageId} ${item.packageVersion} SHA-256 ${source.packageSha256}.`, `Scanloom ${scanloom}, ledger entry ${item.ledgerIndex} SHA-256 ${item.ledgerHash}.`, 'For research only, not for diagnosis.']
    .filter((part) => part !== '')
    .join(' ')
    .slice(0, 1024);
}

/** The program and the package, as the maker of a new object (PS3.3 C.7.5.1). */
export function equipmentOf({ item }: ExportSource, scanloom: string): Equipment {
  return { manufacturer: 'Scanloom', model: `${item.packageId} ${item.packageVersion}`, softwareVersions: [`Scanloom ${scanloom}`, `${item.packageId} ${item.packageVersion}`] };
}

/** Patient ID and name of someone who does not exist: one for each item, recognisable at a glance. */
export function subjectOf(itemId: string): { id: string; name: string } {
  return { id: `SYNTHETIC-${itemId}`, name: `Synthetic^Subject^${itemId.slice(0, 8)}` };
}

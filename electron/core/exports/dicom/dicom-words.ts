/** The words that a DICOM object says about how it was made, and whom a synthetic one shows. */
import type { ExportSource } from '../types.ts';

/** Derivation Description (0008,2111), ST: at most 1024 characters. ASCII, so that no character set is needed. */
export function derivationText(source: ExportSource, scanloom: string): string {
  const { item, settings } = source;
  const consistency = item.measures.find((measure) => measure.name === 'consistency-rmse');
  const parts =
    settings.task === 'upscale'
      ? [
          `AI-ENHANCED: x${settings.factor} in-plane upscaling by a generative network, which may show detail that is not there.`,
          consistency === undefined ? '' : `Shrunk back it differs from the source by ${consistency.value.toPrecision(3)} ${consistency.unit === '' ? 'units' : consistency.unit} RMS.`,
        ]
      : [`SYNTHETIC: made from noise by a diffusion model, class ${settings.class}, seed ${item.seed ?? settings.seed}, ${settings.steps ?? 'default'} steps, guidance ${settings.guidance ?? 'default'}. It shows no patient.`];
  return [...parts, `Package ${item.packageId} ${item.packageVersion} SHA-256 ${source.packageSha256}.`, `Scanloom ${scanloom}, ledger entry ${item.ledgerIndex} SHA-256 ${item.ledgerHash}.`, 'For research only, not for diagnosis.']
    .filter((part) => part !== '')
    .join(' ')
    .slice(0, 1024);
}

/** Patient ID and name of someone who does not exist: one for each item, recognisable at a glance. */
export function subjectOf(itemId: string): { id: string; name: string } {
  return { id: `SYNTHETIC-${itemId}`, name: `Synthetic^Subject^${itemId.slice(0, 8)}` };
}

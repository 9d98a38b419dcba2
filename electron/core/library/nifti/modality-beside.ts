/** The modality that a sidecar (`brain.json` beside `brain.nii.gz`, as BIDS and dcm2niix write it) states: NIfTI itself has no word for it. */
import { readFile, stat } from 'node:fs/promises';
import { z } from 'zod';

const Sidecar = z.object({ Modality: z.enum(['MR', 'CT', 'PT']) });
/** Sidecars have some kilobytes; per-slice timings make them longer. */
const mostBytes = 4 << 20;

/** `OT` (other) where nothing is stated: nothing is guessed from a name. */
export async function modalityBeside(file: string): Promise<string> {
  const sidecar = file.replace(/\.nii(\.gz)?$/i, '.json');
  if (sidecar === file) return 'OT';
  try {
    const found = await stat(sidecar);
    if (!found.isFile() || found.size > mostBytes) return 'OT';
    const parsed = Sidecar.safeParse(JSON.parse(await readFile(sidecar, 'utf8')));
    return parsed.success ? parsed.data.Modality : 'OT';
  } catch {
    return 'OT';
  }
}

/** What was typed on the Synthesize screen, read strictly against the package's ranges. Pure. */
import type { DeviceChoice, SynthesizeManifest } from '#contract';

export interface SettingsText {
  readonly class: string;
  readonly count: string;
  readonly seed: string;
  readonly steps: string;
  readonly guidance: string;
}
type NumberName = 'count' | 'seed' | 'steps' | 'guidance';

export interface ReadSettings {
  /** null while anything is out of range. */
  readonly start: { task: 'synthesize'; packageId: string; device: DeviceChoice; class: string; count: number; seed: number; steps: number; guidance: number } | null;
  readonly errors: Readonly<Partial<Record<NumberName, string>>>;
}

export function readSettings(text: SettingsText, manifest: Pick<SynthesizeManifest, 'id' | 'synthesize'>, device: DeviceChoice): ReadSettings {
  const { limits, classes } = manifest.synthesize;
  const errors: Partial<Record<NumberName, string>> = {};
  const read = (name: NumberName, [from, to]: readonly [number, number], whole: boolean): number => {
    const value = text[name].trim() === '' ? Number.NaN : Number(text[name]);
    if (!Number.isFinite(value)) errors[name] = 'a number, please';
    else if (whole && !Number.isInteger(value)) errors[name] = 'a whole number, please';
    else if (value < from || value > to) errors[name] = `${from} to ${to}`;
    return value;
  };
  const count = read('count', limits.count, true);
  const seed = read('seed', [0, 2 ** 32 - 1], true);
  const steps = read('steps', limits.steps, true);
  const guidance = read('guidance', limits.guidance, false);
  const isGood = Object.keys(errors).length === 0 && classes.includes(text.class);
  return { errors, start: isGood ? { task: 'synthesize', packageId: manifest.id, device, class: text.class, count, seed, steps, guidance } : null };
}

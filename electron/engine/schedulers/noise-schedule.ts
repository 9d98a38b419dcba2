/**
 * Noise schedules: ᾱₜ, the share of signal power left at training step t, computed in float64 from a formula's few numbers.
 */
import assert from 'node:assert/strict';
import type { SynthesizeWork } from '#contract/engine';

export type Schedule = SynthesizeWork['schedule'];

/**
 * ᾱ of every training step, `[trainSteps]`, each in (0, 1), falling.
 *
 * - `cosine`: f(u) = cos²((u + s)/(1 + s) · π/2); βₜ = min(1 − f((t+1)/T) / f(t/T), betaMax); ᾱₜ = Π_{i≤t} (1 − βᵢ).
 * - `scaled-linear`: βₜ = (√betaStart + (√betaEnd − √betaStart) · t/(T − 1))²; ᾱₜ as above.
 *
 * @see Nichol, Dhariwal 2021, arXiv:2102.09672, eq. 17 (cosine; their clip is 0.999) and Rombach et al. 2022, arXiv:2112.10752 (scaled linear)
 */
export function alphaBars(schedule: Schedule): Float64Array {
  const steps = schedule.trainSteps;
  const beta = (t: number): number => {
    if (schedule.type === 'cosine') {
      const f = (u: number): number => Math.cos(((u + schedule.s) / (1 + schedule.s)) * (Math.PI / 2)) ** 2;
      return Math.min(1 - f((t + 1) / steps) / f(t / steps), schedule.betaMax);
    }
    const from = Math.sqrt(schedule.betaStart);
    const to = Math.sqrt(schedule.betaEnd);
    return (from + (steps === 1 ? 0 : ((to - from) * t) / (steps - 1))) ** 2;
  };
  const out = new Float64Array(steps);
  let product = 1;
  for (let t = 0; t < steps; t += 1) {
    product *= 1 - beta(t);
    out[t] = product;
  }
  assert.ok(out.every((value, t) => value > 0 && value < 1 && (t === 0 || value < out[t - 1]!)), 'ᾱ falls from just under 1 to just over 0');
  return out;
}

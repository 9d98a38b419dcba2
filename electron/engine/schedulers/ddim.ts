/**
 * The deterministic DDIM sampler (η = 0): where it steps, and one step. Pure; float64 inside, float32 between steps.
 */
import assert from 'node:assert/strict';

/**
 * Training steps that a sampling run visits, noisiest first: tᵢ = ⌊T − i·T/steps + ½⌋ − 1 for i = 0 … steps − 1.
 *
 * Evenly spaced from the end ("trailing"): the first is always T − 1, where the latent is pure noise as in training; after the last one
 * comes ᾱ = 1. The bundled package's figures were measured with exactly these.
 *
 * @see Lin et al. 2024, arXiv:2305.08891, section 3.3, Table 2
 */
export function ddimTimesteps(steps: number, trainSteps: number): number[] {
  assert.ok(Number.isInteger(steps) && steps >= 1 && steps <= trainSteps, 'from 1 to as many steps as were trained');
  return Array.from({ length: steps }, (_, i) => Math.floor(trainSteps - (i * trainSteps) / steps + 0.5) - 1);
}

/**
 * What the network predicts, as clean image and noise, one value at a time:
 *
 *     epsilon:  ε̂ = p,                          x̂₀ = (xₜ − √(1 − ᾱₜ) · ε̂) / √ᾱₜ
 *     v:        ε̂ = √(1 − ᾱₜ) · xₜ + √ᾱₜ · p,    x̂₀ = √ᾱₜ · xₜ − √(1 − ᾱₜ) · p
 *
 * @see Salimans, Ho 2022, arXiv:2202.00512, appendix D (v prediction)
 */
export function splitPrediction(kind: 'epsilon' | 'v', sample: number, prediction: number, alphaBar: number): { clean: number; noise: number } {
  const signal = Math.sqrt(alphaBar);
  const sigma = Math.sqrt(1 - alphaBar);
  if (kind === 'epsilon') return { clean: (sample - sigma * prediction) / signal, noise: prediction };
  return { clean: signal * sample - sigma * prediction, noise: sigma * sample + signal * prediction };
}

/**
 * One deterministic DDIM step (η = 0), from noise level `t` to the cleaner level `s`:
 *
 *     xₛ  = √ᾱₛ · x̂₀ + √(1 − ᾱₛ) · ε̂
 *
 * with x̂₀ and ε̂ from `splitPrediction`.
 *
 * @param sample     xₜ, `[channel, row, column]`, model units (not HU). Untouched.
 * @param prediction The network's answer for it, same shape: ε̂ or v̂, as `kind` says.
 * @param alphaBar   ᾱₜ and ᾱₛ: share of signal power, 0 < from ≤ to ≤ 1, no unit.
 * @returns xₛ, new array, same shape.
 * @see Song, Meng, Ermon 2021, arXiv:2010.02502, eq. 12 (their α is our ᾱ)
 */
export function ddimStep(sample: Float32Array, prediction: Float32Array, kind: 'epsilon' | 'v', alphaBar: { readonly from: number; readonly to: number }): Float32Array {
  assert.ok(alphaBar.from > 0, 'there is some signal to begin with');
  assert.ok(alphaBar.from <= alphaBar.to, 'a step goes towards less noise');
  assert.ok(alphaBar.to <= 1, 'ᾱ is a share');
  assert.equal(sample.length, prediction.length, 'the prediction has the shape of the sample');
  const signal = Math.sqrt(alphaBar.to);
  const sigma = Math.sqrt(1 - alphaBar.to);
  const out = new Float32Array(sample.length);
  for (let i = 0; i < out.length; i += 1) {
    const { clean, noise } = splitPrediction(kind, sample[i]!, prediction[i]!, alphaBar.from);
    out[i] = signal * clean + sigma * noise;
  }
  return out;
}

/**
 * Classifier-free guidance: p = p_null + g · (p_class − p_null). g = 1 is the class alone, g = 0 nothing asked for, g > 1 exaggerates.
 *
 * @see Ho, Salimans 2022, arXiv:2207.12598, eq. 6, with w + 1 = g
 */
export function guide(withoutClass: Float32Array, withClass: Float32Array, guidance: number): Float32Array {
  assert.equal(withoutClass.length, withClass.length, 'both predictions have one shape');
  return withClass.map((value, i) => withoutClass[i]! + guidance * (value - withoutClass[i]!));
}

/** Discrete Fourier transform of any length: radix 2 where it can, Bluestein's chirp otherwise. Complex numbers are two float64 arrays. */

export interface Complex {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

/** In place, length a power of two. `sign` −1 forward, +1 backward without the 1/n. */
function radix2({ re, im }: Complex, sign: -1 | 1): void {
  const n = re.length;
  for (let i = 1, j = 0; i < n; i += 1) {
    let bit = n >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) {
      [re[i], re[j]] = [re[j]!, re[i]!];
      [im[i], im[j]] = [im[j]!, im[i]!];
    }
  }
  for (let length = 2; length <= n; length <<= 1) {
    const half = length >> 1;
    for (let k = 0; k < half; k += 1) {
      const angle = (sign * 2 * Math.PI * k) / length;
      const cos = Math.cos(angle);
      const sin = Math.sin(angle);
      for (let start = k; start < n; start += length) {
        const other = start + half;
        const tre = re[other]! * cos - im[other]! * sin;
        const tim = re[other]! * sin + im[other]! * cos;
        re[other] = re[start]! - tre;
        im[other] = im[start]! - tim;
        re[start] = re[start]! + tre;
        im[start] = im[start]! + tim;
      }
    }
  }
}

/** Bluestein 1970: a transform of any length as a convolution of a power of two. */
function chirp(input: Complex, sign: -1 | 1): Complex {
  const n = input.re.length;
  let m = 1;
  while (m < 2 * n - 1) m <<= 1;
  const cos = new Float64Array(n);
  const sin = new Float64Array(n);
  for (let i = 0; i < n; i += 1) {
    // i² is taken modulo 2n first: the angle stays small and exact.
    const angle = (sign * Math.PI * ((i * i) % (2 * n))) / n;
    cos[i] = Math.cos(angle);
    sin[i] = Math.sin(angle);
  }
  const a = { re: new Float64Array(m), im: new Float64Array(m) };
  const b = { re: new Float64Array(m), im: new Float64Array(m) };
  for (let i = 0; i < n; i += 1) {
    a.re[i] = input.re[i]! * cos[i]! - input.im[i]! * sin[i]!;
    a.im[i] = input.re[i]! * sin[i]! + input.im[i]! * cos[i]!;
    b.re[i] = cos[i]!;
    b.im[i] = -sin[i]!;
    if (i > 0) {
      b.re[m - i] = cos[i]!;
      b.im[m - i] = -sin[i]!;
    }
  }
  radix2(a, -1);
  radix2(b, -1);
  for (let i = 0; i < m; i += 1) {
    const re = a.re[i]! * b.re[i]! - a.im[i]! * b.im[i]!;
    a.im[i] = a.re[i]! * b.im[i]! + a.im[i]! * b.re[i]!;
    a.re[i] = re;
  }
  radix2(a, 1);
  const out = { re: new Float64Array(n), im: new Float64Array(n) };
  for (let i = 0; i < n; i += 1) {
    const re = a.re[i]! / m;
    const im = a.im[i]! / m;
    out.re[i] = re * cos[i]! - im * sin[i]!;
    out.im[i] = re * sin[i]! + im * cos[i]!;
  }
  return out;
}

/** X[k] = Σ x[n] · exp(∓2πi·kn/N): forward with `sign` −1; backward with +1, without the 1/N. The input is left alone. */
export function dft(input: Complex, sign: -1 | 1): Complex {
  const n = input.re.length;
  if ((n & (n - 1)) !== 0) return chirp(input, sign);
  const copy = { re: input.re.slice(), im: input.im.slice() };
  radix2(copy, sign);
  return copy;
}

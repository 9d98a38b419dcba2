/** Discrete Fourier transform of any length: radix 2 where it can, Bluestein's chirp otherwise. Complex numbers are two float64 arrays. */

export interface Complex {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

/** X[k] = Σ x[n] · exp(∓2πi·kn/N). The input is left alone. */
export type Dft = (input: Complex) => Complex;

function complex(length: number): { re: Float64Array; im: Float64Array } {
  return { re: new Float64Array(length), im: new Float64Array(length) };
}

/** In place, for one power of two. What depends on the length alone is made once for all lines of an image. */
function radix2(n: number, sign: -1 | 1): (values: Complex) => void {
  // Swaps of the bit reversal, two by two; then the sines and cosines of each stage one after the other, as they are read.
  const swaps: number[] = [];
  for (let i = 1, j = 0; i < n; i += 1) {
    let bit = n >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) swaps.push(i, j);
  }
  const pairs = Int32Array.from(swaps);
  const cos = new Float64Array(n);
  const sin = new Float64Array(n);
  for (let reach = 1; reach < n; reach <<= 1) {
    for (let k = 0; k < reach; k += 1) {
      cos[reach + k] = Math.cos((Math.PI * k) / reach);
      sin[reach + k] = sign * Math.sin((Math.PI * k) / reach);
    }
  }
  return ({ re, im }) => {
    for (let p = 0; p < pairs.length; p += 2) {
      const i = pairs[p]!;
      const j = pairs[p + 1]!;
      const r = re[i]!;
      const s = im[i]!;
      re[i] = re[j]!;
      im[i] = im[j]!;
      re[j] = r;
      im[j] = s;
    }
    for (let reach = 1; reach < n; reach <<= 1) {
      for (let start = 0; start < n; start += 2 * reach) {
        for (let k = 0; k < reach; k += 1) {
          const a = start + k;
          const b = a + reach;
          const c = cos[reach + k]!;
          const s = sin[reach + k]!;
          const tre = re[b]! * c - im[b]! * s;
          const tim = re[b]! * s + im[b]! * c;
          re[b] = re[a]! - tre;
          im[b] = im[a]! - tim;
          re[a] = re[a]! + tre;
          im[a] = im[a]! + tim;
        }
      }
    }
  };
}

/** Bluestein 1970: a transform of any length as a convolution of a power of two. */
function chirp(n: number, sign: -1 | 1): Dft {
  let m = 1;
  while (m < 2 * n - 1) m <<= 1;
  const forward = radix2(m, -1);
  const backward = radix2(m, 1);
  const cos = new Float64Array(n);
  const sin = new Float64Array(n);
  const filter = complex(m);
  for (let i = 0; i < n; i += 1) {
    // i² is taken modulo 2n first: the angle stays small and exact.
    const angle = (sign * Math.PI * ((i * i) % (2 * n))) / n;
    cos[i] = Math.cos(angle);
    sin[i] = Math.sin(angle);
    for (const place of i === 0 ? [0] : [i, m - i]) {
      filter.re[place] = cos[i]!;
      filter.im[place] = -sin[i]!;
    }
  }
  forward(filter);
  const work = complex(m);
  return (input) => {
    work.re.fill(0, n);
    work.im.fill(0, n);
    for (let i = 0; i < n; i += 1) {
      work.re[i] = input.re[i]! * cos[i]! - input.im[i]! * sin[i]!;
      work.im[i] = input.re[i]! * sin[i]! + input.im[i]! * cos[i]!;
    }
    forward(work);
    for (let i = 0; i < m; i += 1) {
      const re = work.re[i]! * filter.re[i]! - work.im[i]! * filter.im[i]!;
      work.im[i] = work.re[i]! * filter.im[i]! + work.im[i]! * filter.re[i]!;
      work.re[i] = re;
    }
    backward(work);
    const out = complex(n);
    for (let i = 0; i < n; i += 1) {
      const re = work.re[i]! / m;
      const im = work.im[i]! / m;
      out.re[i] = re * cos[i]! - im * sin[i]!;
      out.im[i] = re * sin[i]! + im * cos[i]!;
    }
    return out;
  };
}

/** A transform for lines of one length: forward with `sign` −1; backward with +1, without the 1/N. */
export function planDft(length: number, sign: -1 | 1): Dft {
  if ((length & (length - 1)) !== 0) return chirp(length, sign);
  const transform = radix2(length, sign);
  return (input) => {
    const copy = { re: input.re.slice(), im: input.im.slice() };
    transform(copy);
    return copy;
  };
}

/** RLE: PackBits segments and byte planes (PS3.5 Annex G). The host (rle.ts) checks the header and lays out the memory. */

/** The first byte that the constants of this kernel do not take. */
export const room: usize = __heap_base;

/** Expands one segment (PS3.5 G.3.1) into a plane of `size` bytes; gives back how many bytes the segment had for it. */
export function expand(from: usize, end: usize, plane: usize, size: usize): usize {
  let to = plane;
  const full = plane + size;
  while (from < end && to < full) {
    const control: u32 = load<u8>(from);
    from += 1;
    if (control < 128) {
      const count = min(min(<usize>control + 1, end - from), full - to);
      // Most literal runs are short: a loop is quicker than a copy for those.
      if (count > 24) memory.copy(to, from, count);
      else for (let i: usize = 0; i < count; i++) store<u8>(to + i, load<u8>(from + i));
      from += count;
      to += count;
    } else if (control > 128 && from < end) {
      const count = min(<usize>(257 - control), full - to);
      const value = load<u8>(from);
      if (count > 24) memory.fill(to, value, count);
      else for (let i: usize = 0; i < count; i++) store<u8>(to + i, value);
      from += 1;
      to += count;
    }
  }
  return to - plane;
}

/**
 * Puts byte planes of `pixels` bytes each, which follow one another, together: sample after sample of each pixel, little endian.
 * Planes come sample by sample with the most significant byte first (PS3.5 G.2).
 */
export function join(planes: usize, pixels: usize, samples: i32, sampleBytes: i32, out: usize): void {
  if (samples == 1 && sampleBytes == 2) {
    join16(planes, pixels, out);
    return;
  }
  if (samples == 3 && sampleBytes == 1) {
    joinColour(planes, pixels, out);
    return;
  }
  const stride = <usize>(samples * sampleBytes);
  for (let plane = 0; plane < samples * sampleBytes; plane++) {
    const sample = plane / sampleBytes;
    let to = out + <usize>(sample * sampleBytes + sampleBytes - 1 - (plane % sampleBytes));
    const from = planes + <usize>plane * pixels;
    for (let i: usize = 0; i < pixels; i++) {
      store<u8>(to, load<u8>(from + i));
      to += stride;
    }
  }
}

function join16(high: usize, pixels: usize, out: usize): void {
  const low = high + pixels;
  let i: usize = 0;
  for (; i + 16 <= pixels; i += 16) {
    const h = v128.load(high + i);
    const l = v128.load(low + i);
    v128.store(out + 2 * i, i8x16.shuffle(l, h, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23));
    v128.store(out + 2 * i, i8x16.shuffle(l, h, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31), 16);
  }
  for (; i < pixels; i++) store<u16>(out + 2 * i, (<u16>load<u8>(high + i) << 8) | load<u8>(low + i));
}

/** Three planes of one byte, 16 pixels at a time: first red and green to their places, then blue between them. */
function joinColour(red: usize, pixels: usize, out: usize): void {
  const green = red + pixels;
  const blue = green + pixels;
  let i: usize = 0;
  let to = out;
  for (; i + 16 <= pixels; i += 16) {
    const r = v128.load(red + i);
    const g = v128.load(green + i);
    const b = v128.load(blue + i);
    v128.store(to, i8x16.shuffle(i8x16.shuffle(r, g, 0, 16, 0, 1, 17, 0, 2, 18, 0, 3, 19, 0, 4, 20, 0, 5), b, 0, 1, 16, 3, 4, 17, 6, 7, 18, 9, 10, 19, 12, 13, 20, 15));
    v128.store(to, i8x16.shuffle(i8x16.shuffle(r, g, 21, 0, 6, 22, 0, 7, 23, 0, 8, 24, 0, 9, 25, 0, 10, 26), b, 0, 21, 2, 3, 22, 5, 6, 23, 8, 9, 24, 11, 12, 25, 14, 15), 16);
    v128.store(to, i8x16.shuffle(i8x16.shuffle(r, g, 0, 11, 27, 0, 12, 28, 0, 13, 29, 0, 14, 30, 0, 15, 31, 0), b, 26, 1, 2, 27, 4, 5, 28, 7, 8, 29, 10, 11, 30, 13, 14, 31), 32);
    to += 48;
  }
  for (; i < pixels; i++) {
    store<u8>(to, load<u8>(red + i));
    store<u8>(to, load<u8>(green + i), 1);
    store<u8>(to, load<u8>(blue + i), 2);
    to += 3;
  }
}

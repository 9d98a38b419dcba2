/**
 * Dates moved by whole days (PS3.15 E.3.6). Times of day stay, so that what happens around midnight keeps its distance in date and time together.
 *
 * A date that is not given to the day is taken for the middle of its month or year, moved, and given to the same precision again: it may be off
 * by one of its own units, and not by more.
 */

const dayMs = 86_400_000;

/** A day as a number since 1970, null when there is no such day. Proleptic Gregorian, years 1 to 9999. */
function dayNumber(year: number, month: number, day: number): number | null {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (year < 1 || date.getUTCFullYear() !== year || date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return null;
  return Math.round(date.getTime() / dayMs);
}

function digits(dayOf1970: number): readonly [string, string, string] | null {
  const date = new Date(dayOf1970 * dayMs);
  const year = date.getUTCFullYear();
  if (!(year >= 1 && year <= 9999)) return null;
  return [String(year).padStart(4, '0'), String(date.getUTCMonth() + 1).padStart(2, '0'), String(date.getUTCDate()).padStart(2, '0')];
}

/** Moves `YYYY`, `YYYYMM` or `YYYYMMDD`; null for what is no date. */
function shiftedDigits(text: string, days: number): string | null {
  const match = /^(\d{4})(\d{2})?(\d{2})?$/.exec(text);
  if (match === null) return null;
  const [, year, month, day] = match;
  const number = dayNumber(Number(year), month === undefined ? 7 : Number(month), day === undefined ? (month === undefined ? 2 : 15) : Number(day));
  const moved = number === null ? null : digits(number + days);
  return moved === null ? null : moved.slice(0, day !== undefined ? 3 : month !== undefined ? 2 : 1).join('');
}

/**
 * One value of DA: `YYYYMMDD`, the `YYYY.MM.DD` of ACR-NEMA (PS3.5 6.2), a range, or a date that stops early.
 *
 * @returns The value in the same form, `''` for an empty one, null for what is no date.
 */
export function shiftDate(value: string, days: number): string | null {
  const text = value.trim();
  if (text === '') return '';
  const range = /^(\d{8})?-(\d{8})?$/.exec(text);
  if (range !== null) {
    const ends = [range[1], range[2]].map((end) => (end === undefined ? '' : shiftedDigits(end, days)));
    return ends.includes(null) ? null : ends.join('-');
  }
  const old = /^(\d{4})\.(\d{2})\.(\d{2})$/.exec(text);
  if (old === null) return shiftedDigits(text, days);
  const moved = shiftedDigits(`${old[1]}${old[2]}${old[3]}`, days);
  return moved === null ? null : `${moved.slice(0, 4)}.${moved.slice(4, 6)}.${moved.slice(6)}`;
}

/** One value of DT: the date is moved; hours, fractions and the offset from UTC stay. */
export function shiftDateTime(value: string, days: number): string | null {
  const text = value.trim();
  if (text === '') return '';
  const match = /^(\d{4}(?:\d{2}){0,2})((?:\d{2}){0,3}(?:\.\d{1,6})?)([+-]\d{4})?$/.exec(text);
  if (match === null) return null;
  const [, date, time, offset] = match;
  if (time !== '' && date!.length !== 8) return null;
  const moved = shiftedDigits(date!, days);
  return moved === null ? null : `${moved}${time}${offset ?? ''}`;
}

export function isTime(value: string): boolean {
  return /^$|^([01]\d|2[0-3])(:?[0-5]\d(:?([0-5]\d|60)(\.\d{1,6})?)?)?$/.test(value.trim());
}

/** Whether a value of DA, DT or TM is one. */
export function isTemporal(vr: string, value: string): boolean {
  return vr === 'TM' ? isTime(value) : vr === 'DT' ? shiftDateTime(value, 0) !== null : shiftDate(value, 0) !== null;
}

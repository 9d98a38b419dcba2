/** Figures and dates as people read them. */

const minus = '\u2212';

/** A number with a true minus sign and at most `digits` decimals. */
export function number(value: number, digits = 0): string {
  if (!Number.isFinite(value)) return '–';
  const text = value.toFixed(digits);
  const clean = /^-0(\.0+)?$/.test(text) ? text.slice(1) : text;
  return clean.replace('-', minus);
}

/** Millimetres to a hundredth, and smaller ones (microscopy) to two figures that count. */
export function millimetres(value: number): string {
  return value !== 0 && Math.abs(value) < 0.1 ? String(Number(value.toPrecision(2))).replace('-', minus) : number(value, 2);
}

/** Bytes in the largest unit that keeps it readable; powers of 1000, as disks are sold. */
export function bytes(value: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let unit = 0;
  let left = value;
  while (left >= 1000 && unit < units.length - 1) {
    left /= 1000;
    unit += 1;
  }
  return `${left.toFixed(unit === 0 || left >= 100 ? 0 : 1)} ${units[unit]}`;
}

/** Seconds as a person would say them: "4 s", "2 min 10 s", "1 h 05 min". */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
  return `${Math.floor(whole / 3600)} h ${String(Math.floor((whole % 3600) / 60)).padStart(2, '0')} min`;
}

/** DICOM DA (`20000101`) in the system's short form; other text as it is. */
export function dicomDate(value: string): string {
  const match = /^(\d{4})(\d{2})(\d{2})$/.exec(value);
  if (!match) return value;
  const date = new Date(Number(match[1]), Number(match[2]) - 1, Number(match[3]));
  return Number.isNaN(date.getTime()) ? value : date.toLocaleDateString(undefined, { day: 'numeric', month: 'short', year: 'numeric' });
}

/** DICOM PN (`Doe^Peter`) as `Doe, Peter`; the first component group only. */
export function personName(value: string): string {
  const [family = '', given = '', middle = ''] = (value.split('=')[0] ?? '').split('^');
  const rest = [given, middle].filter((part) => part !== '').join(' ');
  return rest === '' ? family : `${family}, ${rest}`;
}

export function instant(value: string): string {
  const date = new Date(value);
  return Number.isNaN(date.getTime()) ? value : date.toLocaleString(undefined, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });
}

/** "1 slice", "20 slices". */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${n.toLocaleString()} ${n === 1 ? one : many}`;
}

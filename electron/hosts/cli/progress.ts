/** How far the work is, on standard error. */
import type { Writable } from 'node:stream';
import { ScanloomError } from '#contract';

export interface Progress {
  /** A step of the command begins or moves. `total` 0 means unknown. */
  step(what: string, done: number, total: number, secondsLeft?: number | null): void;
  /** The step in hand is over; the bar's line is kept. */
  end(): void;
}

const barWidth = 30;
/** Without a terminal a line is written at most so often. */
const quietMs = 10_000;

/** @throws {ScanloomError} `usage/invalid` for an unknown mode. */
export function createProgress({ stderr, terminal, mode, now = Date.now }: { readonly stderr: Writable; readonly terminal: boolean; readonly mode: string; readonly now?: () => number }): Progress {
  if (mode === 'none') return { step: () => undefined, end: () => undefined };
  if (mode === 'json') return jsonEvents(stderr);
  if (mode === 'auto') return terminal ? bar(stderr) : lines(stderr, now);
  throw new ScanloomError('usage/invalid', `--progress is auto, json or none, not "${mode.slice(0, 40)}".`);
}

/** One event a line: `{"event":"progress","what":…,"done":…,"total":…,"secondsLeft":…}`, and `{"event":"step-ended","what":…}`. */
function jsonEvents(stderr: Writable): Progress {
  let current: string | null = null;
  return {
    step(what, done, total, secondsLeft) {
      current = what;
      stderr.write(`${JSON.stringify({ event: 'progress', what, done, total, secondsLeft: secondsLeft ?? null })}\n`);
    },
    end() {
      if (current !== null) stderr.write(`${JSON.stringify({ event: 'step-ended', what: current })}\n`);
      current = null;
    },
  };
}

function describe(what: string, done: number, total: number, secondsLeft: number | null | undefined): string {
  const counted = total > 0 ? ` ${done} of ${total}` : done > 0 ? ` ${done}` : '';
  return `${what}${counted}${secondsLeft == null ? '' : `, about ${inWords(secondsLeft)} left`}`;
}

export function inWords(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 90) return `${whole} s`;
  return whole < 5400 ? `${Math.round(whole / 60)} min` : `${Math.round(whole / 3600)} h`;
}

function bar(stderr: Writable): Progress {
  let open = false;
  return {
    step(what, done, total, secondsLeft) {
      const filled = total > 0 ? Math.round((barWidth * Math.min(done, total)) / total) : 0;
      stderr.write(`\r\u001b[2K${total > 0 ? `[${'#'.repeat(filled)}${'.'.repeat(barWidth - filled)}] ` : ''}${describe(what, done, total, secondsLeft)}`);
      open = true;
    },
    end() {
      if (open) stderr.write('\n');
      open = false;
    },
  };
}

function lines(stderr: Writable, now: () => number): Progress {
  let lastAt = -Infinity;
  let lastWhat = '';
  let last: string | null = null;
  return {
    step(what, done, total, secondsLeft) {
      last = describe(what, done, total, secondsLeft);
      if (what === lastWhat && now() - lastAt < quietMs) return;
      lastAt = now();
      lastWhat = what;
      stderr.write(`${last}\n`);
      last = null;
    },
    end() {
      if (last !== null) stderr.write(`${last}\n`);
      last = null;
      lastWhat = '';
    },
  };
}

/** JSON lines for whoever has to find out what happened. No patient data: callers log codes, counts, ids of jobs and items, never names or paths of studies. */
import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import path from 'node:path';
import { systemClock, type Clock } from './clock.ts';
import { limits } from './limits.ts';

export type LogFacts = Readonly<Record<string, string | number | boolean | null | undefined>>;

export interface Log {
  info(event: string, facts?: LogFacts): void;
  warn(event: string, facts?: LogFacts): void;
  error(event: string, facts?: LogFacts): void;
}

export interface LogLine extends LogFacts {
  readonly at: string;
  readonly level: 'info' | 'warn' | 'error';
  readonly event: string;
}

export interface MemoryLog extends Log {
  readonly lines: readonly LogLine[];
}

function logInto(write: (line: LogLine) => void, clock: Clock): Log {
  const at = (level: LogLine['level']) => (event: string, facts: LogFacts = {}): void => write({ ...facts, at: clock.now().toISOString(), level, event });
  return { info: at('info'), warn: at('warn'), error: at('error') };
}

/** Appends to `scanloom.log` in `dir`; a full file becomes `scanloom.1.log`. A log that cannot be written never stops the work. */
export function createFileLog(dir: string, clock: Clock = systemClock): Log {
  const file = path.join(dir, 'scanloom.log');
  return logInto((line) => {
    try {
      mkdirSync(dir, { recursive: true });
      if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > limits.logFileBytes) renameSync(file, path.join(dir, 'scanloom.1.log'));
      appendFileSync(file, `${JSON.stringify(line)}\n`);
    } catch {
      // The disk may be full, which is just when the work itself must go on.
    }
  }, clock);
}

/** Keeps the lines, for tests and for programs without a place to write. */
export function createMemoryLog(clock: Clock = systemClock): MemoryLog {
  const lines: LogLine[] = [];
  return { ...logInto((line) => void lines.push(line), clock), lines };
}

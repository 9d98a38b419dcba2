/** What a command is, and what it is given. A new command is one file in commands/, one line in its table and its shape in shapes.ts. */
import type { Core } from '#core';
import type { Clock } from '#base';
import type { LaunchEngine } from '#engine-link';
import type { Arguments, OptionTable } from './arguments.ts';
import type { Output } from './output.ts';
import type { Progress } from './progress.ts';
import type { Places } from '../places/index.ts';

/** 0 done, 1 failed, 2 wrong usage, 3 refused (policy, integrity, verification). */
export type ExitStatus = 0 | 1 | 2 | 3;

export interface CommandContext {
  readonly args: Arguments;
  readonly out: Output;
  readonly progress: Progress;
  readonly places: Places;
  readonly clock: Clock;
  /** Where relative paths start. */
  readonly cwd: string;
  readonly version: string;
  /** Aborted by Ctrl-C and by a request to end. */
  readonly signal: AbortSignal;
  /** The library's folder: --library, SCANLOOM_LIBRARY, or the system's place. */
  readonly library: string;
  readonly launchEngine: LaunchEngine;
  /**
   * Opens the library and everything above it; closed when the command ends.
   * `look` works beside a running owner and changes nothing; `work` owns the library and leaves waiting jobs alone; `resume` lets them go on.
   *
   * @param library Another folder than `library`.
   */
  openCore(mode: 'look' | 'work' | 'resume', library?: string): Promise<Core>;
}

export interface Command {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** Without the program's name, e.g. `ingest PATH…`. */
  readonly usage: string;
  readonly options: OptionTable;
  run(context: CommandContext): Promise<ExitStatus>;
}

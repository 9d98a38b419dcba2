/** From words to an exit status: finds the command, parses its words, gives it what it needs, and closes everything at the end. */
import path from 'node:path';
import type { Writable } from 'node:stream';
import { createFileLog, defaultLibraryDir, systemClock } from '#base';
import { ScanloomError } from '#contract';
import { createCore, type Core } from '#core';
import { launchNodeEngine } from '#engine-link';
import { findPlaces } from '../places/index.ts';
import { commonOptions, parseArguments, type OptionTable } from './arguments.ts';
import type { Command, CommandContext, ExitStatus } from './command.ts';
import { commands, shorthands } from './commands/index.ts';
import { createOutput } from './output.ts';
import { createProgress } from './progress.ts';

export interface CliSurroundings {
  readonly stdout: Writable;
  readonly stderr: Writable & { readonly isTTY?: boolean };
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** `import.meta.url` of the built entry. */
  readonly entryUrl: string;
  readonly signal: AbortSignal;
}

export async function runCli(words: readonly string[], around: CliSurroundings): Promise<ExitStatus> {
  // An error in the words themselves is answered as JSON when JSON was asked for.
  const out = createOutput({ ...around, json: words.includes('--json') });
  const opened: Core[] = [];
  try {
    const places = findPlaces(around.entryUrl);
    const [first, ...rest] = words;
    if (first === undefined || first === '--help' || first === '-h' || first === 'help') {
      out.result({ version: places.version, commands: commands.map(({ name, usage, summary }) => ({ name, usage, summary })) }, overview(places.version));
      return first === undefined ? 2 : 0;
    }
    if (first === '--version') {
      out.result({ version: places.version }, places.version);
      return 0;
    }
    const short = shorthands.includes(first);
    const command = commands.find(({ name }) => name === (short ? 'run' : first));
    if (command === undefined) throw new ScanloomError('usage/invalid', `Scanloom has no command "${first.slice(0, 40)}".`, { hint: '`scanloom --help` lists them.' });
    const args = parseArguments(short ? [first, ...rest] : rest, { ...commonOptions, ...command.options });
    if (args.flag('help')) {
      out.result({ name: command.name, usage: command.usage, summary: command.summary }, help(command));
      return 0;
    }
    const library = path.resolve(around.cwd, args.text('library') ?? defaultLibraryDir(around.env));
    const launchEngine = launchNodeEngine(path.join(places.entries, 'engine-process.js'));
    const context: CommandContext = {
      args, out, places, library, launchEngine,
      clock: systemClock,
      cwd: around.cwd,
      version: places.version,
      signal: around.signal,
      progress: createProgress({ stderr: around.stderr, terminal: around.stderr.isTTY === true, mode: args.text('progress') ?? 'auto' }),
      async openCore(mode, folder = library) {
        const core = await createCore({
          paths: { library: folder, packages: [places.models], entries: places.entries, page: places.page },
          clock: systemClock,
          log: createFileLog(path.join(folder, 'logs')),
          launchEngine,
          host: { kind: 'loopback' },
          version: places.version,
          readOnly: mode === 'look',
          resumeJobs: mode === 'resume',
        });
        opened.push(core);
        return core;
      },
    };
    return await command.run(context);
  } catch (thrown) {
    return out.failure(thrown);
  } finally {
    for (const core of opened) await core.close();
  }
}

function overview(version: string): string {
  const width = Math.max(...commands.map(({ usage }) => usage.length));
  const lines = commands.map(({ usage, summary }) => `  ${usage.padEnd(width)}  ${summary}`);
  return [
    `Scanloom ${version}: opens DICOM studies, improves them, makes synthetic images, has them reviewed and exports training sets. For research only.`,
    '',
    'scanloom COMMAND [ARG…] [--library DIR] [--json]',
    '',
    ...lines,
    '',
    `${shorthands.map((name) => `\`${name} …\``).join(' and ')} are short for \`run ${shorthands[0]} …\` and so on.`,
    'SERIES is a Series Instance UID, a short id from `scanloom list series`, or a folder.',
    'Exit status: 0 done, 1 failed, 2 wrong usage, 3 refused (integrity, verification).',
  ].join('\n');
}

function help(command: Command): string {
  const all: OptionTable = { ...command.options, ...commonOptions };
  const left = Object.entries(all).map(([name, spec]) => `--${name}${spec.value === undefined ? '' : ` ${spec.value}`}${spec.kind === 'many' ? ' …' : ''}`);
  const width = Math.max(...left.map((word) => word.length));
  return [`scanloom ${command.usage}`, '', command.summary, '', ...Object.values(all).map((spec, at) => `  ${left[at]!.padEnd(width)}  ${spec.help}`)].join('\n');
}

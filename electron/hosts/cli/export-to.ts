/** `--format F --out DIR`: an export whose own folder is DIR. */
import { access, constants, stat } from 'node:fs/promises';
import path from 'node:path';
import { DicomExportOptions, ExportFormat, ScanloomError, StartExport, type ExportRecord, type StartExportInput } from '#contract';
import type { Core } from '#core';
import type { Arguments } from './arguments.ts';
import type { CommandContext } from './command.ts';

export const exportOptions = {
  format: { kind: 'text', value: ExportFormat.options.join('|'), help: 'What the export holds.' },
  out: { kind: 'text', value: 'DIR', help: 'The folder of the export; made by it, so it must not be there yet.' },
  'transfer-syntax': { kind: 'text', value: DicomExportOptions.shape.transferSyntax.unwrap().options.join('|'), help: 'DICOM only: how pixels are stored, always without loss; explicit (uncompressed) when left out.' },
  dicomdir: { kind: 'flag', help: 'DICOM only: a file-set with DICOMDIR and file names of eight upper case characters.' },
  'difference-maps': { kind: 'flag', help: 'DICOM only: beside each enhanced series a Parametric Map of what the model added.' },
} as const;

/** @throws {ScanloomError} `usage/invalid` */
export function exportFormat(args: Arguments): ExportFormat {
  const given = args.text('format');
  const parsed = ExportFormat.safeParse(given ?? 'dicom');
  if (!parsed.success) throw new ScanloomError('usage/invalid', `--format is one of ${ExportFormat.options.join(', ')}, not "${given ?? ''}".`);
  return parsed.data;
}

/**
 * What was chosen for DICOM files; nothing for other formats.
 *
 * @throws {ScanloomError} `usage/invalid` for a transfer syntax that is none, or a choice that another format does not have
 */
export function dicomChoice(args: Arguments): { dicom?: DicomExportOptions } {
  const transferSyntax = args.text('transfer-syntax');
  const given = transferSyntax !== undefined || args.flag('dicomdir') || args.flag('difference-maps');
  if (!given) return {};
  if (exportFormat(args) !== 'dicom') throw new ScanloomError('usage/invalid', '--transfer-syntax, --dicomdir and --difference-maps are for --format dicom.');
  const parsed = DicomExportOptions.safeParse({ transferSyntax, fileSet: args.flag('dicomdir'), differenceMaps: args.flag('difference-maps') });
  if (!parsed.success) throw new ScanloomError('usage/invalid', `--transfer-syntax is one of ${DicomExportOptions.shape.transferSyntax.unwrap().options.join(', ')}, not "${(transferSyntax ?? '').slice(0, 40)}".`);
  return { dicom: parsed.data };
}

/**
 * Looks at the target before hours of work, not after them.
 *
 * @throws {ScanloomError} `export/exists`; `disk/failed` when its folder cannot be written to
 */
export async function checkTarget(cwd: string, out: string): Promise<void> {
  const target = path.resolve(cwd, out);
  if ((await stat(target).catch(() => null)) !== null) throw new ScanloomError('export/exists', `${target} is there already.`, { hint: 'Name a folder that does not exist yet.' });
  let above = path.dirname(target);
  while ((await stat(above).catch(() => null)) === null && path.dirname(above) !== above) above = path.dirname(above);
  const writable = await access(above, constants.W_OK).then(() => true, () => false);
  if (!writable) throw new ScanloomError('disk/failed', `Nothing can be written in ${above}.`, { hint: 'It is read-only or belongs to somebody else; choose another folder for --out.' });
}

/** @throws {ScanloomError} why the export failed. Nothing is left at the target then. */
export async function exportTo(core: Core, context: Pick<CommandContext, 'cwd' | 'progress'>, out: string, request: Omit<StartExportInput, 'name' | 'folderHandle'>): Promise<ExportRecord> {
  const target = path.resolve(context.cwd, out);
  const parsed = StartExport.safeParse({ ...request, name: path.basename(target) });
  if (!parsed.success) {
    throw new ScanloomError('usage/invalid', `"${path.basename(target)}" cannot be the name of an export.`, { hint: 'Letters, digits, dots, dashes and underscores, at most 80.' });
  }
  context.progress.step(`Exporting ${parsed.data.format}`, 0, 0);
  const { record, done } = core.services.exports.start({ ...parsed.data, folder: path.dirname(target) });
  const result = await done;
  context.progress.end();
  if (result.state !== 'done') throw new ScanloomError('export/invalid', result.error ?? 'The export failed.', { details: { exportId: record.exportId } });
  return result;
}

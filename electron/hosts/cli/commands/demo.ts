import { existsSync, readdirSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { ensureDir, writeFileAtomic } from '#base';
import { DeviceChoice, ExportFormat, ScanloomError, StartJob, type ExportRecord, type Item, type Job, type SynthesizeManifest, type VerifyReport } from '#contract';
import type { Core } from '#core';
import { decisionCounts, enhancedPart, ledgerRows, librarySource, packageParts, syntheticParts, verifyFolder, writeReport, type ExportSource } from '#exports';
import type { Command, CommandContext } from '../command.ts';
import { exportTo } from '../export-to.ts';
import { ingestPaths } from '../ingest-paths.ts';
import { parseWords } from '../parse-words.ts';
import { waitForJob } from '../wait-for-job.ts';

const upscalePackage = 'sr-gan-x2';
const synthesizePackage = 'brain-t1c-diffusion';
const reader = 'demo';
/** The same images at every run, on the CPU to the last bit. */
const firstSeed = 1;
const countDefault = 4;

/** `scanloom-demo`, or the first of `scanloom-demo-2`, `-3`, … that is free. */
function freeFolder(cwd: string): string {
  for (let n = 1; ; n += 1) {
    const folder = path.join(cwd, n === 1 ? 'scanloom-demo' : `scanloom-demo-${n}`);
    if (!existsSync(folder)) return folder;
  }
}

async function ingestPhantoms(core: Core, context: CommandContext): Promise<readonly string[]> {
  const { testData } = context.places;
  if (!existsSync(testData)) throw new ScanloomError('input/not-found', 'The phantoms that come with Scanloom are missing.', { hint: `They belong in ${testData}.` });
  // Copied, so that the library stays whole when it is carried elsewhere.
  const state = await ingestPaths(core, context, [testData], { copy: true });
  if (context.signal.aborted) throw new ScanloomError('job/cancelled', 'Stopped.');
  if (state.seriesUids.length === 0) throw new ScanloomError('input/empty', 'The phantoms that come with Scanloom cannot be read.', { hint: state.refused[0]?.message });
  return state.seriesUids;
}

async function synthesize(core: Core, context: CommandContext, manifest: SynthesizeManifest, count: number, device: Record<string, unknown>): Promise<Job[]> {
  const jobs: Job[] = [];
  for (const [n, name] of manifest.synthesize.classes.entries()) {
    // Each class from noise of its own: the same seed gives every class the same head.
    const job = await core.services.jobs.start(StartJob.parse({ task: 'synthesize', packageId: synthesizePackage, class: name, count, seed: firstSeed + n, ...device }));
    jobs.push(await waitForJob(core, context, job.jobId));
  }
  return jobs;
}

interface Exported {
  readonly record: ExportRecord;
  readonly verified: VerifyReport;
}

async function exportAll(core: Core, context: CommandContext, out: string, jobs: readonly Job[]): Promise<Exported[]> {
  const exported: Exported[] = [];
  for (const format of ExportFormat.options) {
    const record = await exportTo(core, context, path.join(out, format), { format, jobIds: jobs.map(({ jobId }) => jobId) });
    exported.push({ record, verified: await verifyFolder(record.folder) });
  }
  return exported;
}

async function report(core: Core, context: CommandContext, jobs: readonly Job[], items: readonly Item[], exported: readonly Exported[], seconds: number): Promise<string> {
  const { library, packages } = core.services;
  const sources: ExportSource[] = [];
  for (const { itemId } of items) sources.push(await librarySource(library, packages, itemId));
  const enhanced = sources.filter(({ item }) => item.provenance === 'enhanced');
  const synthetic = sources.filter(({ item }) => item.provenance === 'synthetic');
  const entries = [...library.ledger.all()];
  const checked = library.ledger.verify();
  const manifests = await Promise.all(exported.map(async ({ record }) => ({ record, manifest: await core.services.exports.manifest(record.exportId) })));
  return writeReport({
    title: 'Scanloom demo',
    lead: `Two phantoms, opened, upscaled and exported, and ${synthetic.length} synthetic images, made, accepted and exported. Nobody looked at any of them: the program itself, as the reader "${reader}", accepted every synthetic image to show the way to an export.`,
    facts: [
      ['Made', `${context.clock.now().toISOString()} by Scanloom ${context.version}, in ${Math.round(seconds)} s`],
      ['Device', [...new Set(jobs.map((job) => (job.device === null ? 'none' : `${job.device.device} (${job.device.reason})`)))].join('; ')],
      ['Exports', exported.map(({ record, verified }) => `${record.format}: ${record.files} files, ${verified.ok ? 'verified' : 'NOT what was exported'}`).join('; ')],
      ['Ledger', checked.ok ? `${checked.entries} entries, chain unbroken` : `BROKEN at entry ${checked.brokenAt ?? '?'}`],
      ['Library', 'library/, beside this file'],
    ],
    enhanced: await Promise.all(enhanced.map((source) => enhancedPart(source, true))),
    synthetic: await syntheticParts(synthetic),
    decisions: decisionCounts(items, entries),
    packages: packageParts(sources),
    ledger: ledgerRows(entries),
    files: manifests.flatMap(({ record, manifest }) => manifest.files.map((file) => ({ ...file, path: `${record.format}/${file.path}` }))),
  });
}

export const demo: Command = {
  name: 'demo',
  usage: 'demo [--out DIR]',
  summary: 'the whole main job on the shipped phantoms; leaves exports and a report with pictures',
  options: {
    out: { kind: 'text', value: 'DIR', help: 'A new folder for library, exports and report; scanloom-demo when left out.' },
    count: { kind: 'text', value: 'N', help: `Synthetic images of each class; ${countDefault} when left out.` },
    device: { kind: 'text', value: 'auto|cpu|webgpu|dml|coreml|cuda', help: 'Where the models run.' },
  },
  async run(context) {
    const { args, out, clock } = context;
    if (args.positionals.length > 0) throw new ScanloomError('usage/invalid', `demo does not take "${args.positionals[0]!}".`);
    const count = args.whole('count', { min: 1, max: 100 }) ?? countDefault;
    const given = args.text('out');
    const folder = given === undefined ? freeFolder(context.cwd) : path.resolve(context.cwd, given);
    if (existsSync(folder) && readdirSync(folder).length > 0) throw new ScanloomError('export/exists', `${folder} is there already.`, { hint: 'Name a folder that is not there yet with --out.' });
    const { device: named } = parseWords(z.object({ device: DeviceChoice.optional() }), { device: args.text('device') });
    const device = named === undefined ? {} : { device: named };
    const startedAt = clock.now().getTime();
    await ensureDir(folder);
    const library = args.text('library') === undefined ? path.join(folder, 'library') : context.library;
    await mkdir(library, { recursive: true });

    const core = await context.openCore('work', library);
    const { manifest } = await core.services.packages.get(synthesizePackage);
    if (manifest.task !== 'synthesize') throw new ScanloomError('package/invalid', `The package ${synthesizePackage} does not synthesize.`);
    const seriesUids = await ingestPhantoms(core, context);
    const jobs: Job[] = [];
    for (const seriesUid of seriesUids) {
      const job = await core.services.jobs.start(StartJob.parse({ task: 'upscale', packageId: upscalePackage, seriesUids: [seriesUid], ...device }));
      jobs.push(await waitForJob(core, context, job.jobId));
    }
    const synthetic = await synthesize(core, context, manifest, count, device);
    for (const { jobId } of synthetic) {
      for (const { itemId } of core.services.library.items.list({ jobId, limit: 10_000, offset: 0 })) {
        core.services.review.decide({ itemId, decision: 'accepted', note: 'Accepted by the demo; nobody looked at it.', reader });
      }
    }
    jobs.push(...synthetic);
    const items = jobs.flatMap(({ jobId }) => core.services.library.items.list({ jobId, limit: 10_000, offset: 0 }));
    const exported = await exportAll(core, context, folder, jobs);
    const reportFile = path.join(folder, 'report.html');
    await writeFileAtomic(reportFile, new TextEncoder().encode(await report(core, context, jobs, items, exported, (clock.now().getTime() - startedAt) / 1000)));

    const ok = exported.every(({ verified }) => verified.ok);
    const folders = exported.map(({ record, verified }) => `  ${record.folder}: ${record.files} files, ${verified.ok ? 'verified' : 'NOT what was exported'}`);
    out.result(
      { ok, folder, report: reportFile, library, jobs: jobs.length, items: items.length, exports: exported.map(({ record, verified }) => ({ ...record, verified: verified.ok, findings: verified.findings })) },
      [`${items.length} items of ${jobs.length} jobs in ${Math.round((clock.now().getTime() - startedAt) / 1000)} s; nobody looked at them.`, ...folders, `Report with pictures: ${reportFile}`].join('\n'),
    );
    return ok ? 0 : 3;
  },
};

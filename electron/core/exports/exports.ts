/** The service: accepts exports, runs one at a time, remembers them. */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { randomUuid, sha256File, sha256Hex, type Clock, type Log } from '#base';
import { ExportManifest, ExportRecord, ScanloomError, type DicomExportOptions, type Item } from '#contract';
import type { Database, Library } from '#library';
import type { Packages } from '#packages';
import { librarySource } from './library-source.ts';
import { selectItems } from './select-items.ts';
import { existsError, somethingAt, stagePath } from './stage.ts';
import { verifyFolder } from './verify/verify-folder.ts';
import { manifestName, writeExport } from './write-export.ts';
import type { Exports, ExportSource } from './types.ts';

export interface ExportsOptions {
  readonly library: Library;
  readonly packages: Packages;
  readonly clock: Clock;
  readonly log: Log;
  /** Scanloom's version. */
  readonly version: string;
}

const Row = z
  .object({ export_id: z.string(), format: z.string(), name: z.string(), folder: z.string(), state: z.string(), files: z.number(), items: z.number(), error: z.string().nullable(), created_at: z.string() })
  .transform((row) => ({ exportId: row.export_id, format: row.format, name: row.name, folder: row.folder, state: row.state, files: row.files, items: row.items, error: row.error, createdAt: row.created_at }))
  .pipe(ExportRecord);
/** Progress is for people: more often than this nobody sees. */
const tellEveryMs = 250;
const columns = 'export_id, format, name, folder, state, files, items, error, created_at';

export function createExports({ library, packages, clock, log, version }: ExportsOptions): Exports {
  const { db, events, ledger } = library;
  let last: Promise<unknown> = Promise.resolve();
  /** Exports that wait or run, by id. */
  const stops = new Map<string, AbortController>();
  if (!library.readOnly) finishInterrupted();

  function get(exportId: string): ExportRecord {
    const row = db.get(`SELECT ${columns} FROM exports WHERE export_id = ?`, [exportId]);
    if (row === undefined) throw new ScanloomError('request/not-found', 'There is no such export.', { hint: 'scanloom list exports shows what there is.' });
    return Row.parse(row);
  }

  function announced(exportId: string): ExportRecord {
    const record = get(exportId);
    events.publish({ type: 'export-changed', export: record });
    return record;
  }

  /** What makes an export count: its record and its ledger entry, in one transaction with `publish`. */
  function commit(tx: Database, exportId: string, manifest: ExportManifest, manifestSha256: string, publish: () => void): void {
    ledger.append(tx, 'export', { exportId, format: manifest.format, manifestSha256, counts: manifest.counts, items: manifest.items.map((item) => item.itemId) });
    tx.run(`UPDATE exports SET state = 'done', files = ?, error = NULL WHERE export_id = ?`, [manifest.files.length, exportId]);
    publish();
  }

  function fail(exportId: string, sentence: string, state: 'failed' | 'cancelled' = 'failed'): void {
    db.run(`UPDATE exports SET state = ?, error = ? WHERE export_id = ?`, [state, sentence, exportId]);
  }

  async function run(record: ExportRecord, items: readonly Item[], signal: AbortSignal, dicom: DicomExportOptions | undefined): Promise<ExportRecord> {
    const { exportId } = record;
    let toldAt = -Infinity;
    try {
      signal.throwIfAborted();
      const sources: ExportSource[] = [];
      for (const item of items) sources.push(await librarySource(library, packages, item.itemId));
      const { manifest } = await writeExport({
        exportId,
        format: record.format,
        dicom,
        target: record.folder,
        createdAt: new Date(record.createdAt),
        scanloom: version,
        sources,
        signal,
        onProgress: (imagesDone, imagesTotal) => {
          const now = clock.now().getTime();
          if (now - toldAt < tellEveryMs) return;
          toldAt = now;
          events.publish({ type: 'export-progressed', exportId, imagesDone, imagesTotal });
        },
        ledger: ledger.all(Math.min(...sources.map((source) => source.item.ledgerIndex))),
        commit: (written, publish) => db.transaction((tx) => commit(tx, exportId, written.manifest, written.manifestSha256, publish)),
      });
      log.info('export-done', { exportId, format: record.format, files: manifest.files.length });
    } catch (thrown) {
      const error = ScanloomError.from(thrown);
      const state = error.code === 'job/cancelled' && signal.aborted ? 'cancelled' : 'failed';
      log[state === 'cancelled' ? 'info' : 'error'](`export-${state}`, { exportId, code: error.code, cause: error.cause instanceof Error ? error.cause.message : undefined });
      try {
        fail(exportId, error.hint === undefined ? error.message : `${error.message} ${error.hint}`, state);
      } catch {
        // The library's own disk may be full, too; the next start then finds the record and says that it was interrupted.
        return { ...record, state, error: error.message };
      }
    } finally {
      stops.delete(exportId);
    }
    return announced(exportId);
  }

  /** Digest of the manifest that was published at a folder, by the ledger's word; null for what this library did not export there. */
  function manifestDigestOf(folder: string): string | null {
    const row = db.get(`SELECT ${columns} FROM exports WHERE folder = ? AND state = 'done' ORDER BY created_at DESC, rowid DESC LIMIT 1`, [folder]);
    if (row === undefined) return null;
    const { exportId } = Row.parse(row);
    for (const { kind, body } of ledger.all()) if (kind === 'export' && body['exportId'] === exportId) return String(body['manifestSha256']);
    return null;
  }

  /** After a crash: what was published is counted as done, what was not is cleared away. */
  function finishInterrupted(): void {
    for (const raw of db.all(`SELECT ${columns} FROM exports WHERE state = 'running'`)) {
      const record = Row.parse(raw);
      const published = publishedManifest(record);
      if (published !== null) db.transaction((tx) => commit(tx, record.exportId, published.manifest, published.sha256, () => undefined));
      else {
        rmSync(stagePath(record.folder, record.exportId), { recursive: true, force: true });
        fail(record.exportId, 'Scanloom ended before this export was finished. Nothing was published; export again.');
      }
      announced(record.exportId);
    }
  }

  return {
    start(request) {
      const items = selectItems(library, request);
      const folder = path.join(path.resolve(request.folder ?? path.join(library.dir, 'exports')), request.name);
      const running = db.all(`SELECT ${columns} FROM exports WHERE state = 'running'`).map((row) => Row.parse(row));
      if (somethingAt(folder) || running.some((other) => other.folder === folder)) throw existsError(folder);
      const exportId = randomUuid();
      db.run(`INSERT INTO exports (export_id, format, name, folder, state, items, created_at) VALUES (?, ?, ?, ?, 'running', ?, ?)`, [exportId, request.format, request.name, folder, items.length, clock.now().toISOString()]);
      const record = announced(exportId);
      const stop = new AbortController();
      stops.set(exportId, stop);
      const done = last.then(() => run(record, items, stop.signal, request.dicom));
      last = done;
      return { record, done };
    },
    cancel(exportId) {
      const record = get(exportId);
      if (record.state !== 'running') throw new ScanloomError('job/wrong-state', 'This export has ended already.');
      stops.get(exportId)?.abort(new ScanloomError('job/cancelled', 'The export was cancelled.', { hint: 'Nothing was published; what had been written is removed.' }));
      return record;
    },
    list: () => db.all(`SELECT ${columns} FROM exports ORDER BY created_at DESC, rowid DESC`).map((row) => Row.parse(row)),
    get,
    async manifest(exportId) {
      const { folder } = get(exportId);
      try {
        return ExportManifest.parse(JSON.parse(await readFile(path.join(folder, manifestName), 'utf8')));
      } catch {
        throw new ScanloomError('export/invalid', 'The folder of this export is gone or has no readable manifest.', { hint: 'Look at the folder, or export again.' });
      }
    },
    async verify(folder) {
      const report = await verifyFolder(folder);
      const named = manifestDigestOf(report.folder);
      if (named === null || !existsSync(path.join(report.folder, manifestName)) || (await sha256File(path.join(report.folder, manifestName))) === named) return report;
      return { ...report, ok: false, findings: [...report.findings, { level: 'error', code: 'manifest-replaced', path: manifestName, message: 'The manifest is not the one that this library’s ledger names.' }] };
    },
  };
}

/** The manifest at an export's place, if it is this export's. */
function publishedManifest(record: ExportRecord): { manifest: ExportManifest; sha256: string } | null {
  try {
    const text = readFileSync(path.join(record.folder, manifestName), 'utf8');
    const manifest = ExportManifest.parse(JSON.parse(text));
    return manifest.exportId === record.exportId ? { manifest, sha256: sha256Hex(text) } : null;
  } catch {
    return null;
  }
}

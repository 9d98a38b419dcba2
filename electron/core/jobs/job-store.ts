/**
 * Jobs and their units in the database. Rows are parsed again when they are read: a library may have been written by another version.
 */
import { z } from 'zod';
import { canonicalJson, Json } from '#base';
import type { Job} from '#contract';
import { DeviceUsed, ErrorBody, JobState, ScanloomError, StartJob, TaskName } from '#contract';
import type { Database } from '#library';
import type { DoneUnit, FrozenJob, RunningJob } from './job-kind.ts';

const parsedText = <Schema extends z.ZodType>(schema: Schema) => z.string().transform((text): unknown => JSON.parse(text)).pipe(schema);

const JobRow = z.object({
  job_id: z.string(),
  task: TaskName,
  title: z.string(),
  package_id: z.string(),
  package_sha256: z.string(),
  state: JobState,
  settings: parsedText(StartJob),
  inputs: parsedText(z.array(z.strictObject({ imageId: z.string(), sha256: z.string() }))),
  created_at: z.string(),
  started_at: z.string().nullable(),
  ended_at: z.string().nullable(),
  error: parsedText(ErrorBody).nullable(),
  device: parsedText(DeviceUsed).nullable(),
  units_total: z.number(),
  units_done: z.number(),
  items: z.number(),
});
type JobRow = z.infer<typeof JobRow>;

const UnitRow = z.object({ unit_index: z.number(), item_index: z.number(), plan: parsedText(Json), blob: z.string().nullable(), meta: parsedText(Json).nullable() });

const select = `SELECT j.*, (SELECT count(*) FROM units u WHERE u.job_id = j.job_id) AS units_total,
  (SELECT count(*) FROM units u WHERE u.job_id = j.job_id AND u.state = 'done') AS units_done,
  (SELECT count(*) FROM items i WHERE i.job_id = j.job_id) AS items FROM jobs j`;

export interface PendingUnit {
  readonly unitIndex: number;
  readonly itemIndex: number;
  readonly plan: Json;
}

export class JobStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** One transaction: after it returns, the job survives anything. */
  insert(jobId: string, frozen: FrozenJob, createdAt: string): void {
    this.#db.transaction(() => {
      const { seq } = z.object({ seq: z.number() }).parse(this.#db.get('SELECT coalesce(max(seq), 0) + 1 AS seq FROM jobs', []));
      this.#db.run(
        `INSERT INTO jobs (job_id, task, title, package_id, package_sha256, state, settings, inputs, created_at, priority, seq) VALUES (?, ?, ?, ?, ?, 'queued', ?, ?, ?, 0, ?)`,
        [jobId, frozen.settings.task, frozen.title, frozen.packageId, frozen.packageSha256, canonicalJson(frozen.settings), JSON.stringify(frozen.inputs), createdAt, seq],
      );
      frozen.units.forEach((unit, index) => {
        this.#db.run(`INSERT INTO units (job_id, unit_index, item_index, plan, state) VALUES (?, ?, ?, ?, 'pending')`, [jobId, index, unit.itemIndex, JSON.stringify(unit.plan)]);
      });
    });
  }

  get(jobId: string): Job {
    const row = this.#db.get(`${select} WHERE j.job_id = ?`, [jobId]);
    if (row === undefined) throw new ScanloomError('request/not-found', 'There is no such job.', { hint: 'It may belong to another library.' });
    const parsed = JobRow.safeParse(row);
    if (!parsed.success) throw new ScanloomError('library/newer', 'This job was made by another version of Scanloom, which this one cannot read.', { hint: 'Open the library with the newer version.' });
    return toJob(parsed.data);
  }

  list(): Job[] {
    // A row that this version cannot read (a task of a later one) must not hide the others.
    return this.#db.all(`${select} ORDER BY j.seq DESC`, []).flatMap((row) => {
      const parsed = JobRow.safeParse(row);
      return parsed.success ? [toJob(parsed.data)] : [];
    });
  }

  running(jobId: string): RunningJob {
    const row = JobRow.parse(this.#db.get(`${select} WHERE j.job_id = ?`, [jobId]));
    return { jobId, settings: row.settings, packageId: row.package_id, packageSha256: row.package_sha256, inputs: row.inputs };
  }

  /** The oldest job that waits and whose task this version knows, or null. */
  nextQueued(): string | null {
    const known = TaskName.options.map((task) => `'${task}'`).join(', ');
    const row = this.#db.get(`SELECT job_id FROM jobs WHERE state = 'queued' AND task IN (${known}) ORDER BY priority DESC, seq LIMIT 1`, []);
    return row === undefined ? null : z.object({ job_id: z.string() }).parse(row).job_id;
  }

  /** A job that was running when the program ended waits again: its recorded units stay recorded. */
  requeueInterrupted(): number {
    return this.#db.run(`UPDATE jobs SET state = 'queued' WHERE state = 'running'`, []).changes;
  }

  /** Changes the state only from one of `from`. @throws ScanloomError `job/wrong-state` */
  move(jobId: string, from: readonly JobState[], to: JobState, fields: { startedAt?: string; endedAt?: string | null; error?: ErrorBody | null } = {}): void {
    const current = this.get(jobId);
    if (!from.includes(current.state)) throw new ScanloomError('job/wrong-state', `The job is ${current.state}; this needs one that is ${from.join(' or ')}.`);
    this.#db.run(`UPDATE jobs SET state = ?, started_at = coalesce(started_at, ?), ended_at = ?, error = ? WHERE job_id = ?`, [
      to,
      fields.startedAt ?? null,
      fields.endedAt ?? null,
      fields.error == null ? null : JSON.stringify(fields.error),
      jobId,
    ]);
  }

  nextPending(jobId: string): PendingUnit | null {
    const row = this.#db.get(`SELECT unit_index, item_index, plan, blob, meta FROM units WHERE job_id = ? AND state = 'pending' ORDER BY unit_index LIMIT 1`, [jobId]);
    if (row === undefined) return null;
    const unit = UnitRow.parse(row);
    return { unitIndex: unit.unit_index, itemIndex: unit.item_index, plan: unit.plan };
  }

  recordUnit(jobId: string, unitIndex: number, result: { blob: string; meta: Json; device: DeviceUsed }, at: string): void {
    this.#db.transaction(() => {
      this.#db.run(`UPDATE units SET state = 'done', blob = ?, meta = ?, done_at = ? WHERE job_id = ? AND unit_index = ? AND state = 'pending'`, [result.blob, JSON.stringify(result.meta), at, jobId, unitIndex]);
      this.#db.run(`UPDATE jobs SET device = ? WHERE job_id = ?`, [JSON.stringify(result.device), jobId]);
    });
  }

  /** Items whose units are all recorded and that were not made yet, lowest first. */
  itemsToMake(jobId: string): number[] {
    return this.#db
      .all(
        `SELECT item_index FROM units WHERE job_id = ? GROUP BY item_index HAVING sum(state = 'pending') = 0
         EXCEPT SELECT item_index FROM items WHERE job_id = ? ORDER BY item_index`,
        [jobId, jobId],
      )
      .map((row) => z.object({ item_index: z.number() }).parse(row).item_index);
  }

  doneUnits(jobId: string, itemIndex: number): DoneUnit[] {
    return this.#db.all(`SELECT unit_index, item_index, plan, blob, meta FROM units WHERE job_id = ? AND item_index = ? AND state = 'done' ORDER BY unit_index`, [jobId, itemIndex]).map((row) => {
      const unit = UnitRow.parse(row);
      return { unitIndex: unit.unit_index, plan: unit.plan, blob: unit.blob ?? '', meta: unit.meta };
    });
  }

  /** Median milliseconds per unit of the last finished units of a package, or null when it has never run here. */
  paceMs(packageId: string): { msPerPixel: number } | null {
    const rows = this.#db.all(
      `SELECT u.meta AS meta FROM units u JOIN jobs j ON j.job_id = u.job_id WHERE j.package_id = ? AND u.state = 'done' ORDER BY u.done_at DESC LIMIT 25`,
      [packageId],
    );
    const Pace = z.object({ meta: parsedText(z.object({ totalMs: z.number(), pixels: z.number().positive() })) });
    const paces = rows.map((row) => Pace.safeParse(row)).flatMap((parsed) => (parsed.success ? [parsed.data.meta.totalMs / parsed.data.meta.pixels] : [])).sort((a, b) => a - b);
    const median = paces[Math.floor(paces.length / 2)];
    return median === undefined ? null : { msPerPixel: median };
  }
}

function toJob(row: JobRow): Job {
  return {
    jobId: row.job_id,
    task: row.task,
    title: row.title,
    packageId: row.package_id,
    packageSha256: row.package_sha256,
    state: row.state,
    unitsTotal: row.units_total,
    unitsDone: row.units_done,
    secondsLeft: null,
    items: row.items,
    createdAt: row.created_at,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    device: row.device,
    error: row.error,
    settings: row.settings,
  };
}

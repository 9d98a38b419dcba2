/** The built command line as another program sees it: words in, standard output, standard error and exit status out. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { appendFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { tokenHeader } from '#contract';
import { shapes } from './shapes.ts';

// Whole jobs, each in a process of its own.
vi.setConfig({ testTimeout: 240_000 });

const root = path.resolve(import.meta.dirname, '..', '..', '..');
const cli = path.join(root, 'dist', 'node', 'cli.js');
const phantoms = path.join(root, 'test-data');

let folder: string;
let library: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'scanloom-cli-'));
  library = path.join(folder, 'library');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Result {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function scanloom(...words: string[]): Result {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...words], { cwd: folder, encoding: 'utf8', maxBuffer: 1e8, env: { ...process.env, SCANLOOM_LIBRARY: library } });
  return { status, stdout, stderr };
}

/** With --json there is one document of the published shape, whatever happens. */
function json<T = Record<string, unknown>>(...words: string[]): { status: number | null; document: T; stderr: string } {
  const { status, stdout, stderr } = scanloom(...words, '--json');
  const printed: unknown = JSON.parse(stdout);
  const command = ['upscale', 'synthesize'].includes(words[0]!) ? 'run' : (words[0] as keyof typeof shapes);
  (typeof printed === 'object' && printed !== null && 'error' in printed && command !== 'inspect' ? shapes.failure : shapes[command]).parse(printed);
  return { status, document: JSON.parse(stdout) as T, stderr };
}

describe('words', () => {
  test('help lists every command of the table', () => {
    const { status, stdout } = scanloom('--help');
    expect(status).toBe(0);
    for (const name of ['demo', 'inspect', 'ingest', 'list', 'render', 'run', 'jobs', 'review', 'export', 'verify', 'models', 'serve', 'doctor']) expect(stdout).toMatch(new RegExp(`^  ${name} `, 'm'));
    expect(scanloom('run', '--help').stdout).toContain('--device');
  });

  test.each([
    { words: [], says: 'scanloom COMMAND' },
    { words: ['nonsense'], says: 'no command "nonsense"' },
    { words: ['list'], says: 'list takes one of' },
    { words: ['list', 'studies', '--nonsense'], says: "Unknown option '--nonsense'" },
    { words: ['run', 'nonsense'], says: 'no task "nonsense"' },
    { words: ['upscale'], says: 'needs --input' },
    { words: ['synthesize', '--set', 'colour=1', 'class=glioma'], says: 'no setting "colour"' },
    { words: ['synthesize'], says: 'needs --set class' },
    { words: ['upscale', '--input', 'x', '--format', 'dicom'], says: '--format needs --out' },
    { words: ['export', '--format', 'nonsense', '--out', 'x'], says: '--format is one of' },
    { words: ['serve', '--port', '99999'], says: 'whole number from 0 to 65535' },
    { words: ['inspect', 'x', '--progress', 'loud'], says: '--progress is auto, json or none' },
    { words: ['render', 'x', '--out', 'x.jpg'], says: '--out F.png' },
    { words: ['demo', '--device', 'abacus'], says: '--device: ' },
    { words: ['list', 'studies', '--limit', '0'], says: '--limit: ' },
  ])('$words is wrong usage', ({ words, says }) => {
    const { status, stdout, stderr } = scanloom(...words);
    expect(status).toBe(2);
    expect(stdout + stderr).toContain(says);
    expect(existsSync(library)).toBe(false);
  });

  test('a failure is one JSON document, too, and a sentence for people', () => {
    const { status, document, stderr } = json<{ error: { code: string; message: string } }>('list', 'studies', '--library', path.join(folder, 'nowhere'));
    expect(status).toBe(1);
    expect(document.error.code).toBe('input/not-found');
    expect(stderr).toContain(document.error.message);
    expect(existsSync(path.join(folder, 'nowhere'))).toBe(false);
  });
});

describe('inspect', () => {
  test('says what a folder holds, in the published shape, without a library', () => {
    const { status, document } = json<{ files: Record<string, unknown>[]; series: { modality: string; stacks: Record<string, unknown>[]; oddities: unknown[] }[]; summary: unknown }>('inspect', path.join(phantoms, 'phantom-mr'), '--hash');
    expect(status).toBe(0);
    expect(document.summary).toEqual({ files: 8, ok: 8, noPixels: 0, refused: 0, series: 1 });
    expect(Object.keys(document.files[0]!).sort()).toEqual(['bitsStored', 'columns', 'frames', 'modality', 'path', 'photometricInterpretation', 'rows', 'seriesInstanceUid', 'sopClassUid', 'sopInstanceUid', 'status', 'storedValuesSha256', 'studyInstanceUid', 'transferSyntaxUid']);
    expect(document.files.map((file) => file['path'])).toContain('slice-01.dcm');
    expect(new Set(document.files.map((file) => file['storedValuesSha256'])).size).toBe(8);
    const [series] = document.series;
    expect(series!.modality).toBe('MR');
    expect(series!.stacks).toHaveLength(1);
    expect(series!.stacks[0]).toMatchObject({ images: 8, volume: true, timePoints: 1 });
    expect(existsSync(library)).toBe(false);
  });

  test('refuses file by file: a text named .dcm, a truncated image', () => {
    const bad = path.join(folder, 'bad');
    mkdirSync(bad);
    writeFileSync(path.join(bad, 'letter.dcm'), 'Dear colleague, …');
    const whole = readFileSync(path.join(phantoms, 'phantom-ct', 'slice-01.dcm'));
    writeFileSync(path.join(bad, 'cut.dcm'), whole.subarray(0, whole.length - 5000));
    writeFileSync(path.join(bad, 'good.dcm'), whole);
    const { status, document } = json<{ files: { path: string; status: string; error?: { code: string } }[] }>('inspect', bad, '--hash');
    expect(status).toBe(0);
    const by = Object.fromEntries(document.files.map((file) => [file.path, file]));
    expect(by['letter.dcm']).toMatchObject({ status: 'refused', error: { code: 'dicom/not-dicom' } });
    expect(by['cut.dcm']!.status).toBe('refused');
    expect(by['cut.dcm']!.error!.code).toMatch(/^dicom\//);
    expect(by['good.dcm']).toMatchObject({ status: 'ok' });
    expect(scanloom('inspect', path.join(bad, 'letter.dcm')).status).toBe(1);
    expect(json<{ files: { error: { code: string } }[] }>('inspect', path.join(folder, 'absent')).document.files[0]!.error.code).toBe('input/not-found');
  });
});

describe('the main job', () => {
  test('ingest, list, render', () => {
    const { status, document } = json<{ imagesAdded: number; seriesUids: string[] }>('ingest', phantoms);
    expect(status).toBe(0);
    expect(document.imagesAdded).toBe(20);
    const { document: listed } = json<{ series: { shortId: string; modality: string }[] }>('list', 'series', '--modality', 'MR');
    expect(listed.series).toHaveLength(1);
    const picture = path.join(folder, 'mr.png');
    const { document: drawn } = json<{ mark: string | null; rows: number }>('render', listed.series[0]!.shortId, '--out', picture);
    // A phantom is synthetic, and says so in its files.
    expect(drawn.mark).toBe('SYNTHETIC - research');
    expect([...readFileSync(picture).subarray(0, 4)]).toEqual([0x89, 0x50, 0x4e, 0x47]);
    expect(scanloom('render', 'ffffffff', '--out', picture).status).toBe(1);
  });

  test('a folder as input is read, upscaled and exported; verify agrees, and finds a changed byte', () => {
    const out = path.join(folder, 'enhanced');
    const { status, document, stderr } = json<{ jobs: { state: string; unitsDone: number }[]; items: { itemId: string; provenance: string }[]; export: { files: number } }>('upscale', '--input', path.join(phantoms, 'phantom-mr'), '--device', 'cpu', '--out', out, '--format', 'dicom', '--progress', 'json');
    expect(status, stderr).toBe(0);
    expect(document.jobs).toMatchObject([{ state: 'done', unitsDone: 8 }]);
    const events = stderr.trim().split('\n').map((line) => JSON.parse(line) as { event: string });
    expect(events.length).toBeGreaterThan(3);
    expect(new Set(events.map(({ event }) => event))).toEqual(new Set(['progress', 'step-ended']));
    expect(scanloom('verify', out).status).toBe(0);
    expect(json<{ mark: string }>('render', document.items[0]!.itemId, '--out', path.join(folder, 'x.png')).document.mark).toContain('AI-ENHANCED');
    expect(json<{ error: { code: string } }>('export', '--format', 'png', '--out', out)).toMatchObject({ status: 1, document: { error: { code: 'export/exists' } } });
    const own = readdirSync(out, { recursive: true, encoding: 'utf8' }).find((name) => name.endsWith('.dcm'))!;
    expect(json<{ mark: string }>('render', path.join(out, own), '--out', path.join(folder, 'x.png')).document.mark).toContain('AI-ENHANCED');
    const victim = readdirSync(out, { recursive: true, encoding: 'utf8' }).find((name) => name.endsWith('.dcm'))!;
    appendFileSync(path.join(out, victim), 'x');
    const { status: refused, document: report } = json<{ ok: boolean; findings: { path: string }[] }>('verify', out);
    expect(refused).toBe(3);
    expect(report.ok).toBe(false);
    expect(report.findings.some((finding) => victim.replaceAll(path.sep, '/').endsWith(finding.path))).toBe(true);
  });

  test('synthesize, review with undo, export of what was accepted', () => {
    const { document } = json<{ items: { itemId: string }[]; jobs: { jobId: string }[] }>('synthesize', '--set', 'class=glioma', 'count=2', 'seed=3', 'steps=3', '--device', 'cpu');
    const [first, second] = document.items.map(({ itemId }) => itemId);
    const job = document.jobs[0]!.jobId.slice(0, 8);
    expect(scanloom('review', 'accept', first!, '--reader', 'me').status).toBe(0);
    expect(scanloom('review', 'reject', second!, '--reason', 'artefact', '--reader', 'me').status).toBe(0);
    expect(json<{ summary: unknown }>('review', 'list', '--job', job).document.summary).toEqual({ total: 2, accepted: 1, rejected: 1, unsure: 0, undecided: 0 });
    expect(scanloom('review', 'undo', '--reader', 'me').status).toBe(0);
    expect(json<{ summary: unknown }>('review', 'list', '--job', job).document.summary).toEqual({ total: 2, accepted: 1, rejected: 0, unsure: 0, undecided: 1 });
    expect(scanloom('review', 'reject', second!, '--reason', 'nonsense').status).toBe(2);
    const out = path.join(folder, 'accepted');
    const { status, document: exported, stderr } = json<{ export: { items: number } }>('export', '--format', 'png', '--select', `job=${job}`, '--out', out);
    expect(status, stderr).toBe(0);
    expect(exported.export.items).toBe(1);
    expect(scanloom('verify', out).status).toBe(0);
  });

  test('models are verified byte by byte; a package with a wrong byte is refused', () => {
    const { status, document } = json<{ ok: boolean; packages: { id: string; state: { status: string } }[] }>('models', 'verify');
    expect(status).toBe(0);
    expect(document.packages.map(({ id }) => id)).toEqual(['brain-t1c-diffusion', 'sr-gan-x2']);
    const broken = path.join(library, 'packages', 'broken');
    cpSync(path.join(root, 'models', 'sr-gan-x2'), broken, { recursive: true });
    writeFileSync(path.join(broken, 'manifest.json'), readFileSync(path.join(broken, 'manifest.json'), 'utf8').replace('"id": "sr-gan-x2"', '"id": "broken"'));
    appendFileSync(path.join(broken, 'generator.onnx'), 'x');
    const after = json<{ packages: { id: string; state: { status: string } }[] }>('models', 'verify');
    expect(after.status).toBe(3);
    expect(after.document.packages.filter(({ state }) => state.status === 'damaged').map(({ id }) => id)).toEqual(['broken']);
    rmSync(broken, { recursive: true });
  });

  test('doctor names versions and devices', () => {
    const { document } = json<{ node: string; onnxruntime: string; devices: { device: string; usable: boolean }[] }>('doctor');
    expect(document.node).toBe(process.versions.node);
    expect(document.onnxruntime).toMatch(/^\d+\.\d+/);
    expect(document.devices.find(({ device }) => device === 'cpu')!.usable).toBe(true);
  });
});

/** Starts the command line and waits until `ready` says so of what it wrote. */
function started(words: readonly string[], ready: (stdout: string, stderr: string) => boolean): Promise<{ child: ChildProcess; stdout: () => string; ended: Promise<number | null> }> {
  const child = spawn(process.execPath, [cli, ...words], { cwd: folder, env: { ...process.env, SCANLOOM_LIBRARY: library } });
  let stdout = '';
  let stderr = '';
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  return new Promise((resolve, reject) => {
    const look = (): void => {
      if (ready(stdout, stderr)) resolve({ child, stdout: () => stdout, ended });
    };
    child.stdout.on('data', (chunk: Buffer) => { stdout += chunk.toString(); look(); });
    child.stderr.on('data', (chunk: Buffer) => { stderr += chunk.toString(); look(); });
    void ended.then((code) => reject(new Error(`ended with ${code} before it was ready: ${stderr}`)));
  });
}

describe.skipIf(process.platform === 'win32')('a process that is asked to end', () => {
  test('serve prints one line, lets only its token in, and leaves the library usable for those who look', async () => {
    const { child, stdout, ended } = await started(['serve', '--json'], (text) => text.includes('\n'));
    const { url } = JSON.parse(stdout()) as { url: string };
    const { origin, searchParams } = new URL(url);
    expect((await fetch(`${origin}/api/host`)).status).toBe(401);
    const host = (await (await fetch(`${origin}/api/host`, { headers: { [tokenHeader]: searchParams.get('token')! } })).json()) as { host: string; library: string };
    expect(host).toMatchObject({ host: 'loopback', library });
    const page = await fetch(`${origin}/`, { headers: { [tokenHeader]: searchParams.get('token')! } });
    expect(await page.text()).toContain('<div id="root">');
    expect(json<{ total: number }>('list', 'studies').document.total).toBe(2);
    expect(json<{ error: { code: string } }>('ingest', phantoms)).toMatchObject({ status: 1, document: { error: { code: 'library/locked' } } });
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    expect(scanloom('ingest', phantoms).status).toBe(0);
  });

  test('Ctrl-C in a job keeps what is finished, and resume does the rest', async () => {
    const running = await started(['upscale', '--input', path.join(phantoms, 'phantom-ct'), '--device', 'cpu', '--json', '--progress', 'json'], (_, stderr) => /Upscale[^}]*"done":[1-9]/.test(stderr));
    running.child.kill('SIGINT');
    expect(await running.ended).toBe(1);
    const { error } = JSON.parse(running.stdout()) as { error: { code: string; hint: string; details: { jobId: string } } };
    expect(error.code).toBe('job/cancelled');
    expect(error.hint).toContain('jobs resume');
    const before = json<{ job: { unitsDone: number } }>('jobs', 'show', error.details.jobId).document.job.unitsDone;
    expect(before).toBeGreaterThan(0);
    expect(before).toBeLessThan(12);
    const { status, document, stderr } = json<{ jobs: { state: string; unitsDone: number; items: number }[] }>('jobs', 'resume', error.details.jobId);
    expect(status, stderr).toBe(0);
    expect(document.jobs).toMatchObject([{ state: 'done', unitsDone: 12, items: 1 }]);
  });
});

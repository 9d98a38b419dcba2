/**
 * Other people's readers, for the conformance tests: dcmdump (DCMTK), dciodvfy (dicom3tools) and a Python with pydicom, highdicom, nibabel and Pillow.
 * Installed in continuous integration only; on a person's machine the tests use what is there and say what they left out.
 */
import { existsSync, mkdirSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { say } from './prepare.mjs';
import { runProgram } from './run-node.mjs';

const installLimitMs = 300_000;
const pythonPackages = ['pydicom==3.0.2', 'highdicom==0.28.2', 'numpy', 'nibabel', 'pillow', 'pylibjpeg', 'pylibjpeg-libjpeg', 'pylibjpeg-openjpeg', 'pylibjpeg-rle', 'pyjpegls'];
const stdio = ['ignore', 'ignore', 'inherit'];

async function installed(program, args) {
  return (await runProgram(program, args, { stdio: 'ignore' }).catch(() => 127)) === 0;
}

/** Installs what is missing where that is allowed. A reader that cannot be had is no failure here: its tests say that they were left out. */
export async function obtainReaders() {
  if (!process.env.CI || process.platform !== 'linux') return;
  const mayInstall = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
  if (mayInstall && !(existsSync('/usr/bin/dcmdump') && existsSync('/usr/bin/dciodvfy'))) {
    say('Installing DCMTK and dicom3tools for the conformance tests …');
    const env = { DEBIAN_FRONTEND: 'noninteractive' };
    await runProgram('/usr/bin/apt-get', ['update', '-qq'], { env, stdio, timeoutMs: installLimitMs });
    await runProgram('/usr/bin/apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'dcmtk', 'dicom3tools'], { env, stdio, timeoutMs: installLimitMs });
  }
  if (process.env.SCANLOOM_PYTHON !== undefined) return;
  const folder = path.join(os.tmpdir(), 'scanloom-readers');
  const python = path.join(folder, 'bin', 'python');
  const check = ['-c', 'import pydicom, nibabel, numpy, PIL'];
  if (!(await installed(python, ['-c', `${check[1]}, highdicom`]))) {
    say('Installing pydicom, highdicom and nibabel for the conformance tests …');
    mkdirSync(folder, { recursive: true });
    if ((await runProgram('python3', ['-m', 'venv', folder], { stdio, timeoutMs: installLimitMs }).catch(() => 127)) === 0) {
      await runProgram(python, ['-m', 'pip', 'install', '-q', '--disable-pip-version-check', ...pythonPackages], { stdio, timeoutMs: installLimitMs });
    }
  }
  if (await installed(python, check)) process.env.SCANLOOM_PYTHON = python;
}

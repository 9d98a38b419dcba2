import os from 'node:os';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { createMemoryLog, freeDiskBytes } from '#base';
import { ScanloomError, type DeviceReport } from '#contract';
import { createEngineLink } from '#engine-link';
import { openPackages } from '#packages';
import type { Command } from '../command.ts';

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;

export const doctor: Command = {
  name: 'doctor',
  usage: 'doctor',
  summary: 'devices, versions, what is missing and how to get it',
  options: {},
  async run({ args, out, places, library, version, clock, launchEngine, progress }) {
    if (args.positionals.length > 0) throw new ScanloomError('usage/invalid', `doctor does not take "${args.positionals[0]!}".`);
    const missing: { what: string; how: string }[] = [];
    progress.step('Trying the devices', 0, 0);
    const engine = createEngineLink({ launch: launchEngine, log: createMemoryLog(), clock });
    let devices: DeviceReport[] = [];
    try {
      devices = await engine.devices();
    } catch (thrown) {
      const error = ScanloomError.from(thrown);
      missing.push({ what: error.message, how: error.hint ?? 'Install again: npm ci' });
    }
    const onnxruntime = engine.version();
    await engine.close();
    progress.end();

    const packages = await openPackages([places.models, path.join(library, 'packages')]).list();
    for (const { manifest, state } of packages) if (state.status === 'damaged') missing.push({ what: `The package ${manifest.id} is damaged: ${state.message}`, how: 'Get it again from where Scanloom came from.' });
    if (packages.length === 0) missing.push({ what: 'There is no model package.', how: `The bundled ones belong in ${places.models}.` });
    const disk = await freeDiskBytes(library).catch(() => null);
    if (disk !== null && disk < 2e9) missing.push({ what: `Only ${gigabytes(disk)} are free where the library lies.`, how: 'Free some space or choose another place with --library.' });

    const facts = {
      scanloom: version,
      node: process.versions.node,
      system: `${os.type()} ${os.release()} ${process.arch}`,
      processors: os.availableParallelism(),
      memoryBytes: os.totalmem(),
      freeMemoryBytes: os.freemem(),
      onnxruntime,
      devices,
      packages: packages.map(({ manifest, state }) => ({ id: manifest.id, version: manifest.version, task: manifest.task, state: state.status })),
      library: { folder: library, exists: existsSync(path.join(library, 'scanloom.db')), freeDiskBytes: disk },
      missing,
    };
    out.result(facts, [
      `Scanloom ${version}, Node ${facts.node}, ONNX Runtime ${onnxruntime}`,
      `${facts.system}, ${facts.processors} processors, ${gigabytes(facts.memoryBytes)} memory (${gigabytes(facts.freeMemoryBytes)} free)`,
      ...devices.map(({ device, usable, reason }) => `  ${device.padEnd(7)} ${usable ? 'can be used' : 'cannot be used'}: ${reason}`),
      ...facts.packages.map((one) => `  ${one.id} ${one.version} (${one.task}): ${one.state}`),
      `Library: ${library}${facts.library.exists ? '' : ' (not made yet)'}${disk === null ? '' : `, ${gigabytes(disk)} free`}`,
      missing.length === 0 ? 'Nothing is missing.' : missing.map(({ what, how }) => `${what}\n  ${how}`).join('\n'),
    ].join('\n'));
    return missing.length === 0 ? 0 : 1;
  },
};

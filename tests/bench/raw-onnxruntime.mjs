/**
 * ONNX Runtime and nothing else, in a process of its own: the yardstick for what the engine adds. Gets one message with graphs, options and
 * shapes, runs each step once for warmth and then `repeats` times, and answers with the milliseconds of every repeat and its peak memory.
 */
import { readFileSync } from 'node:fs';
import ort from 'onnxruntime-node';

const peakMemoryBytes = () => {
  try {
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) * 1024;
  } catch {
    return process.resourceUsage().maxRSS * 1024;
  }
};

process.once('message', async ({ steps, options, repeats }) => {
  const sessions = new Map();
  for (const { graph } of steps) if (!sessions.has(graph)) sessions.set(graph, await ort.InferenceSession.create(readFileSync(graph), options));
  const feeds = steps.map(({ inputs }) => Object.fromEntries(Object.entries(inputs).map(([name, { type, data, shape }]) => [name, new ort.Tensor(type, data, shape)])));
  const once = async () => {
    for (const [index, { graph }] of steps.entries()) await sessions.get(graph).run(feeds[index]);
  };
  await once();
  const ms = [];
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    const started = performance.now();
    await once();
    ms.push(performance.now() - started);
  }
  process.send({ ms, peakMemoryBytes: peakMemoryBytes() }, () => process.kill(process.pid, 'SIGKILL'));
});

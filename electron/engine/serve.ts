/** The engine's side of the conversation: parses every message, does one piece of work at a time, answers with a result or an error. */
import { HostMessage, type EngineMessage, type EngineOutput, type EngineWork } from '#contract/engine';
import { ScanloomError } from '#contract/errors';
import type { PipelineContext, PipelineResult } from './pipelines/pipeline.ts';
import { synthesize } from './pipelines/synthesize.ts';
import { upscale } from './pipelines/upscale.ts';
import { createDevices } from './runtime/devices.ts';
import { loadOnnxRuntime } from './runtime/onnx-runtime.ts';
import { peakMemoryBytes } from './runtime/process-memory.ts';
import { createSessions } from './runtime/sessions.ts';

/** The channel to the host: `process.send` under Node, `process.parentPort` in Electron's utility process. */
export interface EnginePort {
  post(message: EngineMessage): void;
  onMessage(callback: (message: unknown) => void): void;
}

/**
 * Loads ONNX Runtime, says that it is ready and answers until the process ends.
 *
 * @throws {ScanloomError} `engine/unavailable` before anything is said, when ONNX Runtime may not or cannot be loaded.
 */
export async function serveEngine(port: EnginePort, environment: Readonly<Record<string, string | undefined>>): Promise<void> {
  const ort = await loadOnnxRuntime(environment);
  const sessions = createSessions(ort);
  const devices = createDevices(ort, sessions);

  const work = async (requestId: number, task: EngineWork): Promise<EngineOutput> => {
    const started = performance.now();
    sessions.takeRuntimeMs();
    const context: PipelineContext = { ort, sessions, devices, onProgress: (done, total) => port.post({ type: 'progress', requestId, done, total }) };
    const result = await run(task, context);
    return { ...result, runtimeMs: sessions.takeRuntimeMs(), totalMs: performance.now() - started, peakMemoryBytes: peakMemoryBytes() };
  };

  let last = Promise.resolve();
  port.onMessage((raw) => {
    // One at a time: a second run beside the first would only share the same cores and double the memory.
    last = last.then(async () => {
      const parsed = HostMessage.safeParse(raw);
      if (!parsed.success) {
        const requestId = (raw as { requestId?: unknown } | null)?.requestId;
        const reason = parsed.error.issues.slice(0, 3).map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
        const error = new ScanloomError('request/invalid', 'The engine did not understand a message.', { details: { reason: reason.slice(0, 500) } });
        port.post({ type: 'error', requestId: Number.isInteger(requestId) ? (requestId as number) : -1, error: error.toBody() });
        return;
      }
      const { requestId } = parsed.data;
      try {
        port.post({ type: 'result', requestId, output: await work(requestId, parsed.data.work) });
      } catch (thrown) {
        const error = ScanloomError.from(thrown);
        // The host's log keeps the tail of this stream; the message that crosses has no stack.
        if (error.code === 'internal') console.error(thrown);
        port.post({ type: 'error', requestId, error: error.toBody() });
      }
    });
  });
  port.post({ type: 'ready', protocol: 1, onnxruntime: ort.env.versions.node ?? ort.env.versions.common, pid: process.pid });
}

async function run(task: EngineWork, context: PipelineContext): Promise<PipelineResult & { devices?: EngineOutput['devices'] }> {
  switch (task.kind) {
    case 'upscale':
      return upscale(task, context);
    case 'synthesize':
      return synthesize(task, context);
    case 'probe': {
      const [chosen] = await context.devices.candidates('auto');
      return { tensors: [], device: chosen!, devices: await context.devices.reports() };
    }
  }
}

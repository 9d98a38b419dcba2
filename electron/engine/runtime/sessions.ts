/** Sessions: graphs loaded once, kept by digest and options, the longest unused released first. */
import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import type { DeviceName, GraphRef } from '#contract/engine';
import { ScanloomError } from '#contract/errors';
import type { OnnxRuntime } from './onnx-runtime.ts';
import { runtimeError } from './runtime-errors.ts';

/** One file of a package; the manifest allows no more either. */
const maxGraphBytes = 2 ** 31 - 1;
/** Enough for a denoiser with its decoder and a generator; each keeps its weights and an arena. */
const maxSessions = 4;

export interface SessionOptions {
  readonly device: DeviceName;
  /** Threads inside an operator; 0 leaves the choice to ONNX Runtime. */
  readonly threads: number;
  /**
   * Whether the CPU arena keeps what it once allocated. It halves the time for shapes that come again and again, as tiles do; for single
   * huge shapes it would keep all that memory.
   */
  readonly arena: boolean;
}

export interface RunSession {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  /** Runs once. Synchronous inside ONNX Runtime: nothing else happens in this process meanwhile. */
  run(feeds: Readonly<Record<string, Tensor>>): Promise<Readonly<Record<string, Tensor>>>;
}

export interface Sessions {
  open(graph: GraphRef, options: SessionOptions): Promise<RunSession>;
  /** A session of bytes that the program carries itself; not kept. The caller releases it. */
  create(bytes: Uint8Array, options: SessionOptions): Promise<InferenceSession>;
  /** Milliseconds spent inside ONNX Runtime's run since the last call. */
  takeRuntimeMs(): number;
}

export function createSessions(ort: OnnxRuntime): Sessions {
  const kept = new Map<string, InferenceSession>();
  let runtimeMs = 0;

  const create = (bytes: Uint8Array, options: SessionOptions): Promise<InferenceSession> => ort.InferenceSession.create(bytes, sessionOptions(options));

  return {
    create,
    async open(graph, options) {
      const key = `${graph.sha256} ${options.device} ${options.threads} ${options.arena}`;
      let session = kept.get(key);
      if (session === undefined) {
        const bytes = await readVerified(graph);
        try {
          session = await create(bytes, options);
        } catch (thrown) {
          throw runtimeError(thrown, 'loading a graph');
        }
      }
      // Put in again, so that the first key is always the longest unused.
      kept.delete(key);
      kept.set(key, session);
      for (const [oldest, unused] of kept) {
        if (kept.size <= maxSessions) break;
        kept.delete(oldest);
        await unused.release();
      }
      const opened = session;
      return {
        inputNames: opened.inputNames,
        outputNames: opened.outputNames,
        async run(feeds) {
          const started = performance.now();
          try {
            return await opened.run(feeds);
          } catch (thrown) {
            throw runtimeError(thrown, 'running a graph');
          } finally {
            runtimeMs += performance.now() - started;
          }
        },
      };
    },
    takeRuntimeMs() {
      const taken = runtimeMs;
      runtimeMs = 0;
      return taken;
    },
  };
}

/** What every session has in common. Half precision stays off: graphs take and give float32, and results stay comparable. */
export function sessionOptions({ device, threads, arena }: SessionOptions): InferenceSession.SessionOptions {
  return {
    executionProviders: [device],
    graphOptimizationLevel: 'all',
    executionMode: 'sequential',
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    enableCpuMemArena: arena,
    // A memory plan per shape costs a second block beside the arena (+70 MB for a tile of 302²) and was not faster.
    enableMemPattern: false,
    logSeverityLevel: 3,
    // Idle threads sleep instead of spinning: the rest of the machine belongs to the user.
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  };
}

/** The file's bytes, once they are known to be the ones that were asked for; what is hashed is what is loaded. */
async function readVerified(graph: GraphRef): Promise<Uint8Array> {
  let bytes: Uint8Array;
  try {
    const file = await open(graph.path, 'r');
    try {
      const { size } = await file.stat();
      if (size > maxGraphBytes) throw new ScanloomError('package/invalid', 'A graph file is larger than 2 GiB.', { hint: 'Such a file cannot be loaded from memory.' });
      bytes = await file.readFile();
    } finally {
      await file.close();
    }
  } catch (thrown) {
    if (thrown instanceof ScanloomError) throw thrown;
    throw new ScanloomError('package/invalid', 'A graph file of the package cannot be read.', { hint: 'Check it with "scanloom models verify".', cause: thrown });
  }
  const digest = createHash('sha256').update(bytes).digest('hex');
  if (digest !== graph.sha256) {
    throw new ScanloomError('package/hash-mismatch', 'A graph file is not the one that the manifest names.', { hint: 'The file changed or is damaged; install the package again.', details: { expected: graph.sha256, found: digest } });
  }
  return bytes;
}

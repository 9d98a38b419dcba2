"""Seconds of the exported graphs on the CPU: generator 512 x 512 -> 1024 x 1024, one sample of the synthesis package."""
import argparse
import json
import os
import time

os.environ["ORT_DISABLE_TELEMETRY"] = "1"

import numpy as np

from diffusion_model import LATENT_CHANNELS
from measure_upscale import session
from philox import normal
from sample_brain import open_graphs, sample


def best_seconds(f, repeats):
    """Shortest of some runs, and the processor time of a run over all threads: other work on the machine disturbs both less."""
    f()
    spent = []
    for _ in range(repeats):
        start, used = time.perf_counter(), time.process_time()
        f()
        spent.append((time.perf_counter() - start, time.process_time() - used))
    return [float(min(s[i] for s in spent)) for i in (0, 1)]


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--upscale", required=True, help="package folder")
    p.add_argument("--synthesize", required=True, help="package folder")
    p.add_argument("--threads", type=int, default=2)
    p.add_argument("--out", required=True)
    a = p.parse_args()
    g = session(os.path.join(a.upscale, "generator.onnx"), a.threads)
    feeds = {"image": np.random.default_rng(0).normal(0, 0.3, (1, 1, 512, 512)).astype(np.float32), "modality": np.ones(1, np.float32)}
    graphs, noise = open_graphs(a.synthesize, a.threads), normal(0, 0, LATENT_CHANNELS * 256).reshape(1, LATENT_CHANNELS, 16, 16)
    result = {"threads": a.threads, "upscale512": best_seconds(lambda: g.run(None, feeds), 8),
              "sample30": best_seconds(lambda: sample(graphs, noise, np.array([0]), 30, 2.0), 5), "load": os.getloadavg()[0]}
    with open(a.out, "w") as f:
        json.dump(result, f, indent=1)
    print(result)


if __name__ == "__main__":
    main()

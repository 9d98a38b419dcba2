"""Draws images from the exported graphs with the program's own random numbers (Philox, seed and item) and DDIM.

Writes one .npz: images uint8 [n,128,128], latents, labels, seed, steps, guidance. This is what the program would make.
With --redecode FILE the latents of an earlier run are only decoded again (after another training of the decoder alone).
"""
import argparse
import os

os.environ["ORT_DISABLE_TELEMETRY"] = "1"

import numpy as np
import onnxruntime as ort

from diffusion_model import LATENT_CHANNELS, NULL_CLASS, alpha_bar, ddim_timesteps
from philox import normal


def open_graphs(package, threads):
    o = ort.SessionOptions()
    o.intra_op_num_threads = threads
    return [ort.InferenceSession(os.path.join(package, n + ".onnx"), o, providers=["CPUExecutionProvider"]) for n in ("denoiser", "decoder")]


def sample(graphs, noise, labels, steps, guidance):
    """Noise [b,9,16,16] and labels [b] -> (latent, image [b,1,128,128])."""
    denoiser, decoder = graphs
    bar, times, x = alpha_bar().numpy(), ddim_timesteps(steps), noise.astype(np.float32)
    both = np.concatenate([labels, np.full_like(labels, NULL_CLASS)]).astype(np.int64)
    for i, t in enumerate(times):
        a, b = bar[t], bar[times[i + 1]] if i + 1 < steps else 1.0
        v = denoiser.run(None, {"sample": np.concatenate([x, x]), "timestep": np.full(2 * len(x), t, np.float32), "class": both})[0]
        v = v[len(x):] + guidance * (v[: len(x)] - v[len(x):])
        clean, eps = np.sqrt(a) * x - np.sqrt(1 - a) * v, np.sqrt(1 - a) * x + np.sqrt(a) * v
        x = (np.sqrt(b) * clean + np.sqrt(1 - b) * eps).astype(np.float32)
    return x, decoder.run(None, {"latent": x})[0]


def to_grey(image):
    """[b,1,128,128] in 0..1 -> uint8 [b,128,128]."""
    return np.rint(image[:, 0] * 255).astype(np.uint8)


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--package", required=True)
    p.add_argument("--out", required=True)
    p.add_argument("--counts", type=int, nargs=3, default=[390, 180, 240], help="images per class")
    p.add_argument("--seed", type=int, default=7)
    p.add_argument("--first", type=int, default=0, help="first item, to share the work between processes")
    p.add_argument("--every", type=int, default=1)
    p.add_argument("--steps", type=int, default=30)
    p.add_argument("--guidance", type=float, default=2.0)
    p.add_argument("--threads", type=int, default=1)
    p.add_argument("--batch", type=int, default=8)
    p.add_argument("--redecode")
    a = p.parse_args()
    if a.redecode:
        old = dict(np.load(a.redecode))
        decoder = open_graphs(a.package, a.threads)[1]
        z = old["latents"]
        old["images"] = np.concatenate([to_grey(decoder.run(None, {"latent": z[i : i + 16]})[0]) for i in range(0, len(z), 16)])
        np.savez(a.out, **old)
        return
    graphs = open_graphs(a.package, a.threads)
    labels = np.repeat(np.arange(3), a.counts)
    items = np.arange(len(labels))[a.first :: a.every]
    images, latents = [], []
    for i in range(0, len(items), a.batch):
        part = items[i : i + a.batch]
        noise = np.stack([normal(a.seed, int(k), LATENT_CHANNELS * 256).reshape(LATENT_CHANNELS, 16, 16) for k in part])
        latent, image = sample(graphs, noise, labels[part], a.steps, a.guidance)
        latents.append(latent)
        images.append(to_grey(image))
    np.savez(a.out, images=np.concatenate(images), latents=np.concatenate(latents), labels=labels[items], items=items, seed=a.seed, steps=a.steps, guidance=a.guidance)


if __name__ == "__main__":
    main()

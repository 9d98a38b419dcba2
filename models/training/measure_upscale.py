"""Figures of the x2 package: PSNR and SSIM per volume, sharpness, data consistency.

Degradation, kernels, PSNR and SSIM come from the project's measuring tool (--tool measure_sr.py), so the figures are
its figures. `--generator` and `--twin` are ONNX graphs of the shape of generator.onnx. Writes one JSON file.

Sharpness: power of the spectrum above the low-resolution Nyquist frequency (what the source cannot hold), divided by
that of the reference, over whole slices with a Hann window; 1 means as much fine detail as the reference. Intervals are
the 2.5th and 97.5th percentile of 10,000 bootstrap draws of volumes; with 3 CT volumes they are coarse.
"""
import argparse
import importlib.util
import json
import os
import zlib

os.environ["ORT_DISABLE_TELEMETRY"] = "1"

import numpy as np
import onnxruntime as ort

CT_UNIT_HU, CT_LOW_HU, NET_HU = 4095.0, 1024.0, 1000.0


def load_tool(path):
    spec = importlib.util.spec_from_file_location("measure_sr", path)
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    return tool


def session(path, threads):
    o = ort.SessionOptions()
    o.intra_op_num_threads = threads
    return ort.InferenceSession(path, o, providers=["CPUExecutionProvider"])


def apply(s, low, modality):
    """The tool's units (0..1) -> network units -> graph -> the tool's units."""
    ct = modality == "CT"
    x = (low * CT_UNIT_HU - CT_LOW_HU) / NET_HU if ct else low
    y = s.run(None, {"image": x[None, None].astype(np.float32), "modality": np.array([0 if ct else 1], np.float32)})[0][0, 0]
    return (y * NET_HU + CT_LOW_HU) / CT_UNIT_HU if ct else y


def high_band_power(image):
    """Power above half of the Nyquist frequency (either axis), Hann window, mean removed."""
    h, w = image.shape
    window = np.outer(np.hanning(h), np.hanning(w))
    p = np.abs(np.fft.fft2((image - image.mean()) * window)) ** 2
    fy, fx = np.abs(np.fft.fftfreq(h))[:, None], np.abs(np.fft.fftfreq(w))[None]
    return float(p[np.maximum(fy, fx) > 0.25].sum())


def gradient(image):
    return float(np.abs(np.diff(image, axis=0)).mean() + np.abs(np.diff(image, axis=1)).mean())


def bootstrap(values, draws=10000, seed=0):
    """Mean and percentile interval over volumes."""
    v = np.asarray(values, float)
    m = v[np.random.default_rng(seed).integers(len(v), size=(draws, len(v)))].mean(1)
    return {"mean": float(v.mean()), "interval": [float(np.percentile(m, 2.5)), float(np.percentile(m, 97.5))], "volumes": len(v)}


def detail(tool, root, split, methods):
    """Per method and volume: high-band power and gradient relative to the reference, residual of data consistency."""
    out = {}
    for name, modality, slices in tool.slices(root, split):
        for i, high in slices:
            low = tool.degrade(high, modality, 2, zlib.crc32(f"{name}/{i}".encode()), 5.0)
            for key, f in methods.items():
                y = f(low, modality, name, i)
                if y is None:
                    continue
                c = (slice(2, -2),) * 2
                again = tool.degrade(np.clip(y, 0, 1) if modality == "CT" else y, modality, 2, 0, 0.0)
                row = out.setdefault((modality, key), {}).setdefault(name, [])
                row.append((high_band_power(y[c]) / high_band_power(high[c]), gradient(y[c]) / gradient(high[c]),
                            float(np.sqrt(np.mean((again - low) ** 2)))))
    return {k: {n: np.mean(r, 0).tolist() for n, r in v.items()} for k, v in out.items()}


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("data", "tool", "generator", "twin", "out"):
        p.add_argument("--" + name, required=True)
    p.add_argument("--split", default="val")
    p.add_argument("--threads", type=int, default=2)
    a = p.parse_args()
    tool = load_tool(a.tool)
    nets = {"gan": session(a.generator, a.threads), "l1": session(a.twin, a.threads)}
    methods = {k: (lambda lr, m, n, i, k=k: tool.upsample(lr, 2, k)) for k in ("bicubic", "lanczos3")}
    methods["zero-filling"] = lambda lr, m, n, i: tool.upsample(lr, 2, "fourier") if m == "MR" else None
    for k, s in nets.items():
        methods[k] = lambda lr, m, n, i, s=s: apply(s, lr, m)
    mean, per = tool.evaluate(a.data, a.split, 2, methods)
    fine = detail(tool, a.data, a.split, methods)
    result = {"split": a.split, "per_volume": {}, "summary": {}}
    for (modality, k), volumes in per.items():
        base = per[modality, "bicubic"]
        result["per_volume"][f"{modality}/{k}"] = {
            n: dict(m, highBand=fine[modality, k][n][0], gradient=fine[modality, k][n][1], consistency=fine[modality, k][n][2])
            for n, m in volumes.items()}
        s = {q: bootstrap([m[q] for m in volumes.values()]) for q in next(iter(volumes.values()))}
        for q in ("psnr", "ssim") + (("psnr_w",) if modality == "CT" else ()):
            s["gain_" + q] = bootstrap([volumes[n][q] - base[n][q] for n in volumes])
        s["worst_gain_psnr"] = min(volumes[n]["psnr"] - base[n]["psnr"] for n in volumes)
        for j, q in enumerate(("highBand", "gradient", "consistency")):
            s[q] = bootstrap([v[j] for v in fine[modality, k].values()])
        result["summary"][f"{modality}/{k}"] = s
        print(f"{modality} {k:13s} psnr {s['psnr']['mean']:.2f} gain {s['gain_psnr']['mean']:+.2f} (worst {s['worst_gain_psnr']:+.2f}) ssim {s['ssim']['mean']:.4f} "
              f"high band {s['highBand']['mean']:.2f} gradient {s['gradient']['mean']:.3f} consistency {s['consistency']['mean']:.5f}")
    with open(a.out, "w") as f:
        json.dump(result, f, indent=1)


if __name__ == "__main__":
    main()

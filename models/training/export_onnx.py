"""Checkpoints -> ONNX graphs of a package, checked against PyTorch, with a manifest whose figures come from elsewhere.

  python export_onnx.py upscale    --generator GAN.pt --package ../sr-gan-x2
  python export_onnx.py synthesize --autoencoder AE.pt --latents latents.pt --denoiser D.pt --package ../brain-t1c-diffusion

Each graph is one file without external data, opset 18, float32 in and out. Figures already in the manifest are kept
only if the graphs did not change; make_card.py puts new ones in.
"""
import argparse
import hashlib
import json
import os

os.environ["ORT_DISABLE_TELEMETRY"] = "1"

import numpy as np
import onnx
import onnxruntime as ort
import torch

from data import BRAIN_CLASSES, CT_CLIP_HU, CT_SCALE_HU, DEV_VOLUMES, MR_PERCENTILE
from diffusion_model import COSINE_S, LATENT_CHANNELS, MAX_BETA, NULL_CLASS, TRAIN_STEPS, Autoencoder, Decoder, Denoiser
from sr_model import Generator

OPSET = 18


def export(module, inputs, names, output, dynamic, path):
    """Writes one self-contained graph; names of source files and lines do not get into it."""
    module = module.eval().cpu()
    axes = {n: dict(enumerate(d)) if isinstance(d, (list, tuple)) else d for n, d in dynamic.items()}
    torch.onnx.export(module, inputs, path, input_names=names, output_names=[output], dynamic_axes=axes,
                      opset_version=OPSET, dynamo=False, do_constant_folding=True)
    model = onnx.load(path)
    for node in model.graph.node:
        node.doc_string = ""
        del node.metadata_props[:]
    model.graph.doc_string = model.doc_string = ""
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, path)


def run(path, feeds):
    o = ort.SessionOptions()
    o.intra_op_num_threads = 1
    return ort.InferenceSession(path, o, providers=["CPUExecutionProvider"]).run(None, feeds)[0]


def compare(path, module, feeds, tolerance):
    """Largest difference between the graph and PyTorch on the same input; stops when above `tolerance`."""
    with torch.no_grad():
        want = module(*[torch.from_numpy(v) for v in feeds.values()]).numpy()
    error = float(np.abs(run(path, feeds) - want).max())
    assert error < tolerance, f"{path}: graph and PyTorch differ by {error}"
    return error


def file_entry(path):
    with open(path, "rb") as f:
        data = f.read()
    return {"file": os.path.basename(path), "sha256": hashlib.sha256(data).hexdigest(), "sizeBytes": len(data)}


def average(path):
    """Averaged weights and facts of a checkpoint."""
    s = torch.load(path, map_location="cpu")
    return s["average"], s


def check_tiles(path, radius, seed=0):
    """A tile cut with `radius` around it gives the same pixels as the whole image."""
    x = np.random.default_rng(seed).normal(0, 0.5, (1, 1, 96, 112)).astype(np.float32)
    m = np.ones(1, np.float32)
    whole = run(path, {"image": x, "modality": m})
    y0, y1, x0, x1 = 34, 60, 30, 71
    tile = run(path, {"image": x[:, :, y0 - radius : y1 + radius, x0 - radius : x1 + radius], "modality": m})
    cut = tile[:, :, 2 * radius : -2 * radius, 2 * radius : -2 * radius]
    return float(np.abs(cut - whole[:, :, 2 * y0 : 2 * y1, 2 * x0 : 2 * x1]).max())


def write_manifest(folder, manifest):
    path = os.path.join(folder, "manifest.json")
    if os.path.exists(path):
        with open(path) as f:
            old = json.load(f)
        if old["graphs"] == manifest["graphs"]:
            manifest["figures"] = old["figures"]
    with open(path, "w") as f:
        json.dump(manifest, f, indent=2, ensure_ascii=False)
        f.write("\n")


def common(package_id, version, title, task, summary, graphs, parameters, data, seed, steps):
    return {
        "schema": 1, "id": package_id, "version": version, "title": title, "task": task, "licence": "Apache-2.0",
        "summary": summary, "researchOnly": True, "graphs": graphs, "parameters": parameters, "figures": [],
        "training": {"data": data, "recipe": "models/training", "seed": seed, "torch": torch.__version__.split("+")[0],
                     "steps": steps, "date": "2026-11-21"},
        "card": "CARD.md", "samples": "samples.png",
    }


def export_upscale(a):
    weights, state = average(a.generator)
    g = Generator(**state["settings"]).eval()
    g.load_state_dict(weights)
    path = os.path.join(a.package, "generator.onnx")
    size = {0: "batch", 2: "rows", 3: "columns"}
    export(g, (torch.zeros(1, 1, 64, 64), torch.zeros(1)), ["image", "modality"], "upscaled",
           {"image": size, "modality": {0: "batch"}, "upscaled": {0: "batch", 2: "rows2", 3: "columns2"}}, path)
    rng = np.random.default_rng(0)
    for b, h, w in ((1, 64, 64), (3, 37, 50), (1, 128, 90)):
        feeds = {"image": rng.normal(0, 0.5, (b, 1, h, w)).astype(np.float32), "modality": (np.arange(b) % 2).astype(np.float32)}
        print(f"generator {b}x{h}x{w}: graph against PyTorch {compare(path, g, feeds, 1e-4):.2e}")
    print(f"tile against whole, overlap {g.radius}: {check_tiles(path, g.radius):.2e}; overlap {g.radius - 1}: {check_tiles(path, g.radius - 1):.2e}")
    manifest = common(
        "sr-gan-x2", "0.1.0", "Super-resolution x2 for CT and MR slices (GAN)", "upscale",
        "Doubles the in-plane resolution of CT and MR slices: a small adversarially trained residual network over bicubic interpolation. "
        "Detail beyond the source's resolution is the model's guess. Research use only.",
        {"generator": file_entry(path)}, sum(p.numel() for p in g.parameters()),
        ["volumes, split train: 6 CT volumes, 16 single CT slices and 22 MR volumes of public collections (507 slices; CARD.md names them)",
         "kept out of training and used for choices: " + ", ".join(DEV_VOLUMES)], state["seed"], a.total_steps or state["step"])
    manifest["inputDomain"] = {"ct": {"unit": "HU", "offset": 0, "scale": CT_SCALE_HU, "clip": list(CT_CLIP_HU)},
                               "mr": {"method": "percentile-of-volume", "percentile": MR_PERCENTILE}}
    manifest["upscale"] = {
        "factor": 2, "modalities": ["CT", "MR"], "receptiveFieldRadius": g.radius,
        "border": "Inside the graph: edge replicated for bicubic, zeros for the network's convolutions. Give the whole slice, or tiles with "
                  "at least receptiveFieldRadius input pixels of true image around them; pad nothing at the slice's own border."}
    write_manifest(a.package, manifest)


def export_synthesize(a):
    weights, ae_state = average(a.autoencoder)
    autoencoder = Autoencoder().eval()
    autoencoder.load_state_dict(weights)
    bank = torch.load(a.latents)
    decoder = Decoder(autoencoder, bank["mean"], bank["std"]).eval()
    weights, state = average(a.denoiser)
    denoiser = Denoiser().eval()
    denoiser.load_state_dict(weights)
    rng = np.random.default_rng(0)
    paths = {n: os.path.join(a.package, n + ".onnx") for n in ("denoiser", "decoder")}
    b = {0: "batch"}
    z = torch.randn(2, LATENT_CHANNELS, 16, 16)
    export(denoiser, (z, torch.tensor([10.0, 20.0]), torch.tensor([0, 3])), ["sample", "timestep", "class"], "prediction",
           {n: b for n in ("sample", "timestep", "class", "prediction")}, paths["denoiser"])
    export(decoder, (z,), ["latent"], "image", {"latent": b, "image": b}, paths["decoder"])
    for n in (1, 5):
        x = rng.normal(0, 1, (n, LATENT_CHANNELS, 16, 16)).astype(np.float32)
        feeds = {"sample": x, "timestep": rng.uniform(0, 999, n).astype(np.float32), "class": rng.integers(0, 4, n)}
        print(f"batch {n}: denoiser against PyTorch {compare(paths['denoiser'], denoiser, feeds, 1e-3):.2e}, "
              f"decoder {compare(paths['decoder'], decoder, {'latent': x}, 1e-3):.2e}")
    count = lambda m: sum(p.numel() for p in m.parameters())
    manifest = common(
        "brain-t1c-diffusion", "0.3.0", "Axial T1 post-contrast brain slices with a tumour (latent diffusion)", "synthesize",
        "Makes 128 x 128 axial T1 post-contrast brain slices with glioma, meningioma or pituitary tumour: a class-conditional latent "
        "diffusion model trained on 717 slices. Smoother than real scans; a tumour can be seen in most images, but not in all; left and right mean nothing. Research use only.",
        {n: file_entry(p) for n, p in paths.items()}, count(denoiser) + count(decoder),
        ["brain_t1c, split train: 313 glioma, 169 meningioma, 235 pituitary slices (Cheng et al., figshare; BRISC 2025), CC BY 4.0",
         "autoencoder also: 92 slices of class none"], state["seed"], a.total_steps or state["step"])
    manifest["synthesize"] = {
        "rows": 128, "columns": 128, "pixelSpacingMm": 1.96, "modality": "MR", "bodyPart": "BRAIN", "contrast": "T1 post contrast",
        "plane": "axial", "classes": list(BRAIN_CLASSES), "nullClass": NULL_CLASS, "latent": {"channels": LATENT_CHANNELS, "rows": 16, "columns": 16},
        "schedule": {"type": "cosine", "trainSteps": TRAIN_STEPS, "s": COSINE_S, "betaMax": MAX_BETA}, "prediction": "v",
        "defaults": {"steps": 30, "guidance": a.guidance, "sampler": "ddim"},
        "limits": {"steps": [1, 1000], "guidance": [0, 15], "count": [1, 10000]}}
    write_manifest(a.package, manifest)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    sub = p.add_subparsers(dest="task", required=True)
    u = sub.add_parser("upscale")
    u.add_argument("--generator", required=True)
    u.add_argument("--total-steps", type=int, default=0, help="steps of all phases together, for the manifest")
    s = sub.add_parser("synthesize")
    for name in ("autoencoder", "latents", "denoiser"):
        s.add_argument("--" + name, required=True)
    s.add_argument("--guidance", type=float, default=1.5)
    s.add_argument("--total-steps", type=int, default=0, help="steps of the denoiser's trainings together, for the manifest")
    for q in (u, s):
        q.add_argument("--package", required=True)
    a = p.parse_args()
    os.makedirs(a.package, exist_ok=True)
    (export_upscale if a.task == "upscale" else export_synthesize)(a)


if __name__ == "__main__":
    main()

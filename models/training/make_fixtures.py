"""Reference values for the program's own sampler and random numbers, computed by PyTorch and NumPy.

fixtures/ddim-reference.json: one image, explicit first latent, five DDIM steps, guidance 2, class 0, with the final
latent and probes of the decoded image; it names the graphs (SHA-256) it belongs to.
fixtures/philox-reference.json: the published vectors and the first normal values of some (seed, item).
"""
import argparse
import json
import os

import torch

from data import BRAIN_CLASSES
from diffusion_model import LATENT_CHANNELS, Autoencoder, Decoder, Denoiser, alpha_bar, ddim, ddim_timesteps
from export_onnx import average, file_entry
from philox import KNOWN, normal

STEPS, GUIDANCE, LABEL, SEED = 5, 2.0, 0, 20261121


def write(path, value):
    with open(path, "w") as f:
        json.dump(value, f, indent=1)
        f.write("\n")


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("autoencoder", "latents", "denoiser", "package"):
        p.add_argument("--" + name, required=True)
    a = p.parse_args()
    folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), "fixtures")
    autoencoder, denoiser, bank = Autoencoder(), Denoiser().eval(), torch.load(a.latents)
    autoencoder.load_state_dict(average(a.autoencoder)[0])
    denoiser.load_state_dict(average(a.denoiser)[0])
    decoder = Decoder(autoencoder, bank["mean"], bank["std"]).eval()
    noise = torch.randn(1, LATENT_CHANNELS, 16, 16, generator=torch.Generator().manual_seed(SEED))
    latent = ddim(denoiser, noise, torch.tensor([LABEL]), STEPS, GUIDANCE)
    with torch.no_grad():
        image = decoder(latent)[0, 0]
    probes = [(r, c) for r in (20, 48, 76, 104) for c in (30, 52, 74, 96)]
    times = ddim_timesteps(STEPS)
    write(os.path.join(folder, "ddim-reference.json"), {
        "made by": "models/training/make_fixtures.py, PyTorch " + torch.__version__.split("+")[0],
        "graphs": {n: file_entry(os.path.join(a.package, n + ".onnx"))["sha256"] for n in ("denoiser", "decoder")},
        "class": LABEL, "className": BRAIN_CLASSES[LABEL], "steps": STEPS, "guidance": GUIDANCE, "eta": 0, "prediction": "v",
        "timesteps": times, "alphaBar": [alpha_bar()[t].item() for t in times], "alphaBarPastLast": 1,
        "initialLatent": noise.flatten().tolist(), "finalLatent": latent.flatten().tolist(),
        "image": {"rows": 128, "columns": 128, "mean": image.double().mean().item(), "std": image.double().std(unbiased=False).item(),
                  "probes": [{"row": r, "column": c, "value": image[r, c].item()} for r, c in probes]}})
    write(os.path.join(folder, "philox-reference.json"), {
        "knownAnswers": [{"counter": list(c), "key": list(k), "result": list(r)} for c, k, r in KNOWN],
        "normal": [{"seed": s, "item": i, "values": [float(v) for v in normal(s, i, 10)]} for s, i in ((0, 0), (1, 0), (1, 1), (42, 7), (4294967295, 4294967295))]})


if __name__ == "__main__":
    main()

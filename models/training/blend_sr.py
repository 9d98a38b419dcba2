"""Blends the weights of the L1 twin and of the adversarially trained generator; the share is chosen on DEV_VOLUMES.

Straight lines between weights trained from one another trade fidelity for sharpness evenly (Wang et al. 2018, ESRGAN). The
largest share is taken whose loss of PSNR against the twin stays within --budget dB on each kept-out volume.
"""
import argparse
import json

import numpy as np
import torch

from measure_upscale import high_band_power
from sr_model import Generator
from train_loop import save
from train_sr import dev_gain, dev_pairs


@torch.no_grad()
def fine_detail(model, pairs):
    """Power above the source's Nyquist frequency relative to the reference, per volume."""
    out = {}
    for name, modality, items in pairs:
        m = torch.full((1,), float(modality == "MR"))
        out[name] = float(np.mean([high_band_power(model(low, m, True)[0, 0].numpy()) / high_band_power(high[0, 0].numpy()) for low, high in items]))
    return out


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("data", "twin", "gan", "out"):
        p.add_argument("--" + name, required=True)
    p.add_argument("--shares", type=float, nargs="+", default=[0.3, 0.45, 0.6, 0.8])
    p.add_argument("--budget", type=float, default=0.25)
    p.add_argument("--every", type=int, default=10, help="every so many slices of a volume")
    a = p.parse_args()
    torch.set_num_threads(1)
    twin, gan = (torch.load(x, map_location="cpu") for x in (a.twin, a.gan))
    pairs, model = dev_pairs(a.data, a.every), Generator(**gan["settings"]).eval()
    chosen, base = None, None
    for share in [0.0] + a.shares:
        weights = {k: (1 - share) * twin["average"][k] + share * v for k, v in gan["average"].items()}
        model.load_state_dict(weights)
        gain, detail = dev_gain(model, pairs, "cpu"), fine_detail(model, pairs)
        base = base or gain
        loss = max(base[n] - gain[n] for n in gain)
        print(f"share {share:.2f} loss {loss:.3f} gain {json.dumps({n: round(v, 2) for n, v in gain.items()})} fine detail {json.dumps({n: round(v, 3) for n, v in detail.items()})}", flush=True)
        if share and loss <= a.budget:
            chosen = (share, weights)
    assert chosen, "no share stays within the budget: train the adversarial phase more gently"
    print("chosen share", chosen[0])
    save(a.out, average=chosen[1], settings=gan["settings"], seed=gan["seed"], step=twin["step"] + gan["step"], share=chosen[0])


if __name__ == "__main__":
    main()

"""Trains the x2 generator: `--phase l1` (the twin), then `--phase gan --start TWIN.pt` (the shipped one).

Both phases draw the same kind of patches from `train` without DEV_VOLUMES; figures printed on the way are on
DEV_VOLUMES. Body in bfloat16, head and tail in float32.
"""
import json
import os

import numpy as np
import torch
import torch.nn.functional as F

from data import CT_NOISE_HU, CT_SCALE_HU, SrPatches, block_mean, crop_spectrum, load_volumes
from sr_model import Discriminator, Generator
from train_loop import MovingAverage, Progress, arguments, cosine, log, prepare, save


def dev_pairs(root, every=6):
    """Whole-slice pairs of DEV_VOLUMES by volume, with the fixed noise that measuring uses for CT."""
    rng = np.random.default_rng(0)
    out = []
    for name, modality, v in load_volumes(root, "dev"):
        pairs = []
        for s in v[::every]:
            low = crop_spectrum(s) if modality == "MR" else block_mean(s)
            if modality == "CT":
                low = low + rng.normal(0, CT_NOISE_HU / CT_SCALE_HU, low.shape).astype(np.float32)
            pairs.append((torch.from_numpy(low)[None, None], torch.from_numpy(s)[None, None]))
        out.append((name, modality, pairs))
    return out


@torch.no_grad()
def dev_gain(model, pairs, device):
    """Gain in PSNR over bicubic (dB) per volume: mean over slices of the difference."""
    gains = {}
    for name, modality, items in pairs:
        g = []
        for low, high in items:
            low, high = low.to(device), high.to(device)
            m = torch.full((1,), float(modality == "MR"), device=device)
            cut = (..., slice(2, -2), slice(2, -2))
            lo, hi = (-1.024, 3.071) if modality == "CT" else (0.0, 1.0)
            error = [F.mse_loss(y.clamp(lo, hi)[cut], high.clamp(lo, hi)[cut]) for y in (model.bicubic(low), model(low, m, True))]
            g.append(10 * torch.log10(error[0] / error[1]).item())
        gains[name] = float(np.mean(g))
    return gains


def main():
    p = arguments(__doc__, lr=8e-4)
    p.add_argument("--phase", choices=["l1", "gan"], default="l1")
    p.add_argument("--channels", type=int, default=48)
    p.add_argument("--blocks", type=int, default=8)
    p.add_argument("--patch", type=int, default=48)
    p.add_argument("--adversarial", type=float, default=0.5, help="norm of the judge's gradient as a share of that of L1")
    p.add_argument("--matching", type=float, default=1.0, help="weight of feature matching beside the judge's score")
    a = p.parse_args()
    device = prepare(a)
    g = Generator(a.channels, a.blocks).to(device, memory_format=torch.channels_last)
    d = Discriminator().to(device, memory_format=torch.channels_last) if a.phase == "gan" else None
    if a.start:
        g.load_state_dict(torch.load(a.start, map_location=device)["average"])
    average = MovingAverage(g)
    opt_g = torch.optim.Adam(g.parameters(), a.lr, betas=(0.9, 0.99))
    opt_d = torch.optim.Adam(d.parameters(), 2e-4, betas=(0.5, 0.99)) if d else None
    progress, path = Progress(a), os.path.join(a.out, "last.pt")
    if a.resume and os.path.exists(path):
        s = torch.load(path, map_location=device)
        g.load_state_dict(s["generator"]); average.module.load_state_dict(s["average"]); opt_g.load_state_dict(s["opt_g"])
        if d:
            d.load_state_dict(s["discriminator"]); opt_d.load_state_dict(s["opt_d"])
        progress.step, progress.spent = s["step"], s["spent"]
    patches = SrPatches(load_volumes(a.data, "train"), a.patch, seed=a.seed * 1000003 + progress.step)
    pairs = dev_pairs(a.data)

    def checkpoint():
        save(path, generator=g.state_dict(), average=average.module.state_dict(), opt_g=opt_g.state_dict(), settings=g.settings,
             discriminator=d.state_dict() if d else None, opt_d=opt_d.state_dict() if d else None,
             step=progress.step, spent=progress.spent, seed=a.seed, phase=a.phase)

    log(a, f"{a.phase}: {sum(x.numel() for x in g.parameters())} parameters, "
           f"{ {k: sum(map(len, v)) for k, v in patches.pairs.items()} } slices, device {device}")
    sums = np.zeros(4)
    while progress.share() < 1:
        low, high, m = (torch.from_numpy(x).to(device) for x in patches.batch(a.batch))
        for o, base in ((opt_g, a.lr), (opt_d, 2e-4)):
            if o:
                o.param_groups[0]["lr"] = base * cosine(progress.share(), progress.step)
        y = g(low, m, True)
        l1 = F.l1_loss(y, high)
        if d is None:
            loss = l1
        else:
            bicubic = g.bicubic(low)
            # Relativistic average hinge: real must score above the mean fake, and the other way round.
            d.requires_grad_(True)
            real, _ = d(high, low, bicubic, m)
            fake, _ = d(y.detach(), low, bicubic, m)
            loss_d = 0.5 * (F.relu(1 - (real - fake.mean())).mean() + F.relu(1 + (fake - real.mean())).mean())
            opt_d.zero_grad(set_to_none=True); loss_d.backward(); opt_d.step()
            d.requires_grad_(False)
            # The judge's pull on the output is scaled to a fixed share of that of L1, whose gradient has norm N ** -0.5:
            # so the trade of fidelity against sharpness does not drift while the judge learns.
            with torch.no_grad():
                real, seen = d(high, low, bicubic, m)
            z = y.detach().requires_grad_(True)
            fake, made = d(z, low, bicubic, m)
            loss_a = 0.5 * (F.relu(1 + (real - fake.mean())).mean() + F.relu(1 - (fake - real.mean())).mean())
            match = sum(F.l1_loss(x.float(), r.float()) for x, r in zip(made, seen)) / len(made)
            pull, = torch.autograd.grad(loss_a + a.matching * match, z)
            pull *= a.adversarial * z.numel() ** -0.5 / pull.norm().clamp(min=1e-12)
            loss = l1 + (pull * y).sum()
            sums[1:] += loss_d.item(), loss_a.item(), match.item()
        opt_g.zero_grad(set_to_none=True); loss.backward()
        torch.nn.utils.clip_grad_norm_(g.parameters(), 1.0)
        opt_g.step(); average.update(g, progress.step); progress.tick()
        sums[0] += l1.item()
        if progress.step % 100 == 0:
            log(a, f"step {progress.step} share {progress.share():.3f} l1 {sums[0] / 100:.5f} d {sums[1] / 100:.3f} adv {sums[2] / 100:.3f} match {sums[3] / 100:.3f}")
            sums[:] = 0
        if progress.step % (500 if d is None else 250) == 0:
            checkpoint()
            log(a, "dev gain " + json.dumps({k: round(v, 3) for k, v in dev_gain(average.module, pairs, device).items()}))
    checkpoint()
    log(a, "done, dev gain " + json.dumps({k: round(v, 3) for k, v in dev_gain(average.module, pairs, device).items()}))


if __name__ == "__main__":
    main()

"""Trains the class-conditional denoiser on cached latents: cosine schedule, v prediction, min-SNR weights, EMA.

An error where the tumour is counts more: tumours cover a few per cent of the image, and are what it is made for.

The class is dropped in a tenth of the examples (classifier-free guidance). Fixed length; no image of `val` is read.
"""
import os

import numpy as np
import torch

from brain_augment import load_train_256, visibility
from data import load_brain
from diffusion_model import NULL_CLASS, TRAIN_STEPS, Denoiser, alpha_bar
from train_loop import MovingAverage, Progress, arguments, cosine, log, prepare, save, start_from


def main():
    p = arguments(__doc__, lr=4e-4, minutes=70)
    p.add_argument("--latents", required=True, help="latents.pt written by train_autoencoder.py")
    p.add_argument("--drop", type=float, default=0.1)
    p.add_argument("--gamma", type=float, default=5.0, help="min-SNR weight (Hang et al. 2023)")
    p.add_argument("--tumour-weight", type=float, default=6.0, help="how much more an error at a position full of tumour counts")
    p.add_argument("--visible", type=float, default=3.0, help="images whose tumour is less visible than this are drawn more rarely (0: not)")
    a = p.parse_args()
    device = prepare(a)
    bank = torch.load(a.latents)
    z = ((bank["latents"] - bank["mean"].reshape(1, -1, 1, 1)) / bank["std"].reshape(1, -1, 1, 1)).to(device)
    labels, cover = bank["labels"].to(device), bank["latents"][:, -1:].to(device)
    # Rare classes are drawn more often: weight of an image is count ** -0.5 of its class.
    count = torch.bincount(labels, minlength=3).float()
    images, _, patients, _ = load_brain(a.data, "train")
    chance = torch.ones(len(images))
    if a.visible > 0:  # Asked for a tumour, the model should draw one that can be seen.
        chance = (visibility(load_train_256(a.data, with_none=False, with_masks=True)[0]) / a.visible).clamp(max=1).square()
    # A patient with many plain slices would be learned by heart: a patient counts as the root of what the slices would.
    group = torch.from_numpy(np.unique(patients, return_inverse=True)[1])
    chance = chance * torch.bincount(group, weights=chance)[group].clamp(min=1e-6) ** -0.5
    chance = chance.float().repeat(len(labels) // len(chance)).to(device)
    for c in range(3):
        chance[labels == c] *= count[c] ** 0.5 / chance[labels == c].sum()
    model = Denoiser().to(device, memory_format=torch.channels_last)
    average = MovingAverage(model, 0.999)
    if a.start:
        start_from(a.start, model, average, device)
    opt = torch.optim.AdamW(model.parameters(), a.lr, betas=(0.9, 0.99), weight_decay=0.01)
    progress, path = Progress(a), os.path.join(a.out, "last.pt")
    if a.resume and os.path.exists(path):
        s = torch.load(path, map_location=device)
        model.load_state_dict(s["model"]); average.module.load_state_dict(s["average"]); opt.load_state_dict(s["opt"])
        progress.step, progress.spent = s["step"], s["spent"]
    torch.manual_seed(a.seed * 1000003 + progress.step)
    bar = alpha_bar().float().to(device)
    snr = bar / (1 - bar)
    weight = torch.minimum(snr, torch.tensor(a.gamma, device=device)) / (snr + 1)  # for v prediction
    log(a, f"denoiser: {sum(x.numel() for x in model.parameters())} parameters, {len(z)} latents, classes {count.int().tolist()}")

    def checkpoint():
        save(path, model=model.state_dict(), average=average.module.state_dict(), opt=opt.state_dict(),
             step=progress.step, spent=progress.spent, seed=a.seed)

    total = torch.zeros(2)
    while progress.share() < 1:
        pick = torch.multinomial(chance, a.batch)
        x, y = z[pick], labels[pick]
        y = torch.where(torch.rand(a.batch, device=device) < a.drop, NULL_CLASS, y)
        # One timestep from each of `batch` equal parts: less variance than independent draws.
        t = ((torch.arange(a.batch, device=device) + torch.rand(a.batch, device=device)) * TRAIN_STEPS / a.batch).long().clamp(max=TRAIN_STEPS - 1)
        eps, ab = torch.randn_like(x), bar[t].reshape(-1, 1, 1, 1)
        noisy, target = ab.sqrt() * x + (1 - ab).sqrt() * eps, ab.sqrt() * eps - (1 - ab).sqrt() * x
        opt.param_groups[0]["lr"] = a.lr * cosine(progress.share(), progress.step, 300)
        with torch.autocast(device.type, torch.bfloat16):
            v = model(noisy, t.float(), y)
        square = (v.float() - target).square()
        error = square.mean((1, 2, 3))
        care = 1 + a.tumour_weight * cover[pick]
        loss = (weight[t] * (care * square).mean((1, 2, 3))).mean()
        opt.zero_grad(set_to_none=True); loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        opt.step(); average.update(model, progress.step); progress.tick()
        total += torch.tensor([loss.item(), error.mean().item()])
        if progress.step % 200 == 0:
            log(a, f"step {progress.step} share {progress.share():.3f} loss {total[0] / 200:.4f} plain {total[1] / 200:.4f}")
            total.zero_()
        if progress.step % 1000 == 0:
            checkpoint()
    checkpoint()
    log(a, "done")


if __name__ == "__main__":
    main()

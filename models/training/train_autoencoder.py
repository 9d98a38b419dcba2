"""Trains the autoencoder (L1, gradients, small KL; a patch judge for the second part), then caches latents.

With --decoder-only START.pt the encoder stays as it is in START.pt, so that latents already cached (and a denoiser trained
on them) stay valid, and only the decoder goes on, on slightly noisy latents and with the judge from the beginning.

Writes last.pt and, at the end, latents.pt: `copies` augmented encodings of every training image of the three tumour
classes with the tumour's coverage as last channel, and mean and standard deviation per channel. Fixed length; no image of `val` is read.
"""
import os

import torch
import torch.nn.functional as F

from brain_augment import augment, load_train_256
from diffusion_model import Autoencoder, PatchJudge
from train_loop import MovingAverage, Progress, arguments, cosine, log, prepare, save, start_from


def gradients(x):
    return x[..., 1:, :] - x[..., :-1, :], x[..., :, 1:] - x[..., :, :-1]


@torch.no_grad()
def cache_latents(model, images, labels, copies, generator, strength):
    """Encodings [copies * n,9,16,16] (posterior means, then the share of each position that the tumour covers), labels,
    and statistics per channel."""
    out = []
    for _ in range(copies):
        for i in range(0, len(images), 64):
            x = augment(images[i : i + 64], generator, strength)
            with torch.autocast("cpu", torch.bfloat16):
                mean = model.encode(x[:, :1])[0].float()
            out.append(torch.cat([mean, F.avg_pool2d(x[:, 1:], 8)], 1))
    z = torch.cat(out)
    return {"latents": z, "labels": labels.repeat(copies), "mean": z.mean((0, 2, 3)), "std": z.std((0, 2, 3))}


def main():
    p = arguments(__doc__, lr=1e-3, minutes=20)
    p.add_argument("--copies", type=int, default=24)
    p.add_argument("--judge-from", type=float, default=0.45, help="share of training after which the judge joins")
    p.add_argument("--judge-weight", type=float, default=0.01, help="weight of the judge; with --decoder-only its share of the gradient of L1")
    p.add_argument("--decoder-only", metavar="START.pt")
    p.add_argument("--tumour-weight", type=float, default=2.0, help="how much more an error inside the tumour counts")
    p.add_argument("--latent-noise", type=float, default=0.05, help="with --decoder-only: noise on latents, as a share of their sd")
    a = p.parse_args()
    device = prepare(a)
    images, labels = load_train_256(a.data, with_none=True, with_masks=True)
    model = Autoencoder().to(device, memory_format=torch.channels_last)
    if a.decoder_only:
        model.load_state_dict(torch.load(a.decoder_only, map_location=device)["average"])
        model.encoder.requires_grad_(False)
        a.judge_from = -1.0
    judge = PatchJudge().to(device, memory_format=torch.channels_last)
    average = MovingAverage(model, 0.998)
    if a.start:
        start_from(a.start, model, average, device)
    opt = torch.optim.Adam([w for w in model.parameters() if w.requires_grad], a.lr, betas=(0.9, 0.99))
    opt_j = torch.optim.Adam(judge.parameters(), 3e-4, betas=(0.5, 0.99))
    progress, path = Progress(a), os.path.join(a.out, "last.pt")
    if a.resume and os.path.exists(path):
        s = torch.load(path, map_location=device)
        model.load_state_dict(s["model"]); average.module.load_state_dict(s["average"]); opt.load_state_dict(s["opt"])
        judge.load_state_dict(s["judge"]); opt_j.load_state_dict(s["opt_j"])
        progress.step, progress.spent = s["step"], s["spent"]
    generator = torch.Generator().manual_seed(a.seed * 1000003 + progress.step)
    log(a, f"autoencoder: {sum(x.numel() for x in model.parameters())} parameters, {len(images)} images")

    def checkpoint():
        save(path, model=model.state_dict(), average=average.module.state_dict(), opt=opt.state_dict(),
             judge=judge.state_dict(), opt_j=opt_j.state_dict(), step=progress.step, spent=progress.spent, seed=a.seed)

    sums = [0.0] * 4
    while progress.share() < 1:
        pick = torch.randint(len(images), (a.batch,), generator=generator)
        x, mask = augment(images[pick], generator).to(device).split(1, 1)
        care = 1 + a.tumour_weight * mask
        opt.param_groups[0]["lr"] = a.lr * cosine(progress.share(), progress.step)
        with torch.autocast(device.type, torch.bfloat16):
            mean, logvar = model.encode(x)
            sd = a.latent_noise * mean.std((0, 2, 3), keepdim=True) if a.decoder_only else torch.exp(0.5 * logvar)
            y = model.decode(mean + sd * torch.randn_like(mean))
        y, mean, logvar = y.float(), mean.float(), logvar.float()
        l1 = (care * (y - x).abs()).mean()
        edge = sum(F.l1_loss(m, n) for m, n in zip(gradients(y), gradients(x)))
        kl = 0.5 * (mean**2 + logvar.exp() - 1 - logvar).mean()
        loss = l1 + edge + 2e-5 * kl
        if progress.share() > a.judge_from:
            with torch.autocast(device.type, torch.bfloat16):
                judge.requires_grad_(True)
                real, fake = judge(x)[0], judge(y.detach())[0]
                loss_j = 0.5 * (F.relu(1 - real).mean() + F.relu(1 + fake).mean())
                opt_j.zero_grad(set_to_none=True); loss_j.backward(); opt_j.step()
                judge.requires_grad_(False)
                with torch.no_grad():
                    seen = judge(x)[1]
                # With --decoder-only the judge's pull is a fixed share of the gradient of L1 (norm N ** -0.5), strong enough to
                # give texture back; while the encoder still learns it is only a light weight.
                z = y.detach().requires_grad_(True) if a.decoder_only else y
                score, made = judge(z)
            match = sum(F.l1_loss(m.float(), n.float()) for m, n in zip(made, seen)) / len(made)
            if a.decoder_only:
                pull, = torch.autograd.grad(2 * match - score.mean(), z)
                pull *= a.judge_weight * z.numel() ** -0.5 / pull.norm().clamp(min=1e-12)
                loss = loss + (pull * y).sum()
            else:
                loss = loss - a.judge_weight * score.mean() + 5 * a.judge_weight * match
            sums[3] += loss_j.item()
        opt.zero_grad(set_to_none=True); loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        opt.step(); average.update(model, progress.step); progress.tick()
        for i, v in enumerate((l1, edge, kl)):
            sums[i] += v.item()
        if progress.step % 100 == 0:
            log(a, f"step {progress.step} share {progress.share():.3f} l1 {sums[0] / 100:.4f} edge {sums[1] / 100:.4f} kl {sums[2] / 100:.2f} judge {sums[3] / 100:.3f}")
            sums = [0.0] * 4
        if progress.step % 500 == 0:
            checkpoint()
    checkpoint()
    if a.decoder_only:
        return
    tumour = labels < 3
    bank = cache_latents(average.module.cpu(), images[tumour], labels[tumour], a.copies, generator, 0.6)
    save(os.path.join(a.out, "latents.pt"), **bank)
    log(a, f"cached {len(bank['latents'])} latents, mean {bank['mean'].tolist()}, std {bank['std'].tolist()}")


if __name__ == "__main__":
    main()

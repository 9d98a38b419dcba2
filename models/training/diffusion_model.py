"""Latent diffusion at 128 x 128: autoencoder (latent 8 x 16 x 16) and class-conditional denoiser.

The denoiser works on one more channel than the autoencoder: how much of each latent position the tumour covers. The
model thereby decides where the tumour is and draws it there; the decoder reads the autoencoder's channels only.
"""
import math

import torch
import torch.nn.functional as F
from torch import nn

TRAIN_STEPS = 1000
COSINE_S = 0.008
MAX_BETA = 0.999
NULL_CLASS = 3
IMAGE_CHANNELS = 8
LATENT_CHANNELS = IMAGE_CHANNELS + 1


def alpha_bar(steps=TRAIN_STEPS, s=COSINE_S, max_beta=MAX_BETA):
    """Cumulative signal share of the cosine schedule (Nichol & Dhariwal 2021), float64 [steps].

    f(u) = cos^2((u + s) / (1 + s) * pi / 2); beta_t = min(1 - f((t+1)/T) / f(t/T), max_beta); alpha_bar_t is the
    product of (1 - beta) from 0 to t.
    """
    f = lambda u: math.cos((u + s) / (1 + s) * math.pi / 2) ** 2
    beta = [min(1 - f((t + 1) / steps) / f(t / steps), max_beta) for t in range(steps)]
    return torch.cumprod(1 - torch.tensor(beta, dtype=torch.float64), 0)


class Residual(nn.Module):
    """Norm, SiLU, convolution, twice; with an embedding it is scaled and shifted between the two."""

    def __init__(self, cin, cout, embedding=0, dropout=0.0):
        super().__init__()
        self.norm1, self.conv1 = nn.GroupNorm(8, cin), nn.Conv2d(cin, cout, 3, padding=1)
        self.norm2, self.conv2 = nn.GroupNorm(8, cout), nn.Conv2d(cout, cout, 3, padding=1)
        self.emb = nn.Linear(embedding, 2 * cout) if embedding else None
        self.drop = nn.Dropout(dropout)
        self.skip = nn.Conv2d(cin, cout, 1) if cin != cout else nn.Identity()
        nn.init.zeros_(self.conv2.weight)
        nn.init.zeros_(self.conv2.bias)

    def forward(self, x, e=None):
        h = self.norm2(self.conv1(F.silu(self.norm1(x))))
        if self.emb is not None:
            scale, shift = self.emb(e)[:, :, None, None].chunk(2, 1)
            h = h * (1 + scale) + shift
        return self.skip(x) + self.conv2(self.drop(F.silu(h)))


class Attention(nn.Module):
    """Self-attention over all positions, four heads."""

    def __init__(self, channels, heads=4):
        super().__init__()
        self.heads, self.norm = heads, nn.GroupNorm(8, channels)
        self.qkv, self.out = nn.Conv2d(channels, 3 * channels, 1), nn.Conv2d(channels, channels, 1)
        nn.init.zeros_(self.out.weight)
        nn.init.zeros_(self.out.bias)

    def forward(self, x):
        b, c, h, w = x.shape
        q, k, v = self.qkv(self.norm(x)).reshape(b, 3, self.heads, c // self.heads, h * w).unbind(1)
        weight = torch.softmax((q * (c // self.heads) ** -0.5).transpose(-1, -2) @ k, -1)
        return x + self.out((v @ weight.transpose(-1, -2)).reshape(b, c, h, w))


class Up(nn.Module):
    """Nearest x2, then a convolution."""

    def __init__(self, cin, cout):
        super().__init__()
        self.conv = nn.Conv2d(cin, cout, 3, padding=1)

    def forward(self, x):
        return self.conv(F.interpolate(x, scale_factor=2.0, mode="nearest"))


class Autoencoder(nn.Module):
    """image [b,1,128,128] in [0,1] <-> latent [b,8,16,16] (raw; Decoder holds the scaling to unit variance)."""

    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(
            nn.PixelUnshuffle(2), nn.Conv2d(4, 32, 3, padding=1), Residual(32, 32),
            nn.Conv2d(32, 64, 3, stride=2, padding=1), Residual(64, 64),
            nn.Conv2d(64, 96, 3, stride=2, padding=1), Residual(96, 96),
            nn.GroupNorm(8, 96), nn.SiLU(), nn.Conv2d(96, 2 * IMAGE_CHANNELS, 3, padding=1),
        )
        self.decoder = nn.Sequential(
            nn.Conv2d(IMAGE_CHANNELS, 96, 3, padding=1), Residual(96, 96), Residual(96, 96),
            Up(96, 64), Residual(64, 64), Up(64, 32), Residual(32, 32),
            nn.GroupNorm(8, 32), nn.SiLU(), nn.Conv2d(32, 4, 3, padding=1), nn.PixelShuffle(2),
        )

    def encode(self, image):
        """-> mean and log-variance, each [b,8,16,16]."""
        mean, logvar = self.encoder(2 * image - 1).chunk(2, 1)
        return mean, logvar.clamp(-12, 4)

    def decode(self, latent):
        """-> image, not clamped."""
        return 0.5 + 0.5 * self.decoder(latent)


class Decoder(nn.Module):
    """What is shipped: unit-variance latent [b,9,16,16] -> image clamped to [0,1]; the tumour's channel is not read."""

    def __init__(self, autoencoder, mean, std):
        super().__init__()
        self.decoder = autoencoder.decoder
        self.register_buffer("mean", mean[:IMAGE_CHANNELS].reshape(1, -1, 1, 1).clone())
        self.register_buffer("std", std[:IMAGE_CHANNELS].reshape(1, -1, 1, 1).clone())

    def forward(self, latent):
        return (0.5 + 0.5 * self.decoder(latent[:, :IMAGE_CHANNELS] * self.std + self.mean)).clamp(0, 1)


class PatchJudge(nn.Module):
    """Small discriminator for the autoencoder's last phase: scores patches of about 30 pixels."""

    def __init__(self, c=32):
        super().__init__()
        sn = nn.utils.parametrizations.spectral_norm
        self.layers = nn.ModuleList([
            sn(nn.Conv2d(4, c, 3, padding=1)), sn(nn.Conv2d(c, 2 * c, 4, stride=2, padding=1)),
            sn(nn.Conv2d(2 * c, 3 * c, 4, stride=2, padding=1)), sn(nn.Conv2d(3 * c, 3 * c, 3, padding=1)),
        ])
        self.score = sn(nn.Conv2d(3 * c, 1, 3, padding=1))

    def forward(self, image):
        x, features = F.pixel_unshuffle(2 * image - 1, 2), []
        for layer in self.layers:
            x = F.leaky_relu(layer(x), 0.2)
            features.append(x)
        return self.score(x).float(), features


class Denoiser(nn.Module):
    """sample [b,9,16,16], timestep [b] float32 (0..999), class [b] int64 (0..2, 3 = none given) -> v [b,9,16,16]."""

    def __init__(self, base=64, dropout=0.05):
        super().__init__()
        c1, c2, e = base, 2 * base, 4 * base
        self.settings = {"base": base}
        self.base = base
        self.time = nn.Sequential(nn.Linear(base, e), nn.SiLU(), nn.Linear(e, e))
        self.label = nn.Embedding(NULL_CLASS + 1, e)
        block = lambda i, o: Residual(i, o, e, dropout)
        self.inp = nn.Conv2d(LATENT_CHANNELS, c1, 3, padding=1)
        self.d1, self.d2 = block(c1, c1), block(c1, c1)
        self.down = nn.Conv2d(c1, c1, 3, stride=2, padding=1)
        self.d3, self.a3, self.d4, self.a4 = block(c1, c2), Attention(c2), block(c2, c2), Attention(c2)
        self.m1, self.am, self.m2 = block(c2, c2), Attention(c2), block(c2, c2)
        self.u1, self.b1, self.u2, self.b2 = block(2 * c2, c2), Attention(c2), block(2 * c2, c2), Attention(c2)
        self.up = Up(c2, c1)
        self.u3, self.u4 = block(2 * c1, c1), block(2 * c1, c1)
        self.norm, self.out = nn.GroupNorm(8, c1), nn.Conv2d(c1, LATENT_CHANNELS, 3, padding=1)
        frequency = torch.exp(-math.log(10000.0) * torch.arange(base // 2) / (base // 2))
        self.register_buffer("frequency", frequency[None], persistent=False)
        nn.init.zeros_(self.out.weight)
        nn.init.zeros_(self.out.bias)

    def forward(self, sample, timestep, label):
        angle = timestep.reshape(-1, 1) * self.frequency
        e = F.silu(self.time(torch.cat([angle.sin(), angle.cos()], 1)) + self.label(label))
        x0 = self.inp(sample)
        x1 = self.d1(x0, e)
        x2 = self.d2(x1, e)
        x3 = self.a3(self.d3(self.down(x2), e))
        x4 = self.a4(self.d4(x3, e))
        h = self.m2(self.am(self.m1(x4, e)), e)
        h = self.b1(self.u1(torch.cat([h, x4], 1), e))
        h = self.b2(self.u2(torch.cat([h, x3], 1), e))
        h = self.up(h)
        h = self.u3(torch.cat([h, x2], 1), e)
        h = self.u4(torch.cat([h, x1], 1), e)
        return self.out(F.silu(self.norm(h)))


def ddim_timesteps(steps, train_steps=TRAIN_STEPS):
    """Trailing spacing: round(T - i T / steps) - 1 for i = 0..steps-1; the first is T - 1."""
    return [int(math.floor(train_steps - i * train_steps / steps + 0.5)) - 1 for i in range(steps)]


@torch.no_grad()
def ddim(denoiser, noise, label, steps=30, guidance=2.0):
    """Deterministic DDIM (eta = 0) with v prediction and classifier-free guidance.

    Guided v = v_null + guidance (v_class - v_null). Past the last timestep alpha_bar is 1. Returns the latent.
    """
    bar, x = alpha_bar(), noise
    times = ddim_timesteps(steps)
    null = torch.full_like(label, NULL_CLASS)
    for i, t in enumerate(times):
        a = bar[t].item()
        b = bar[times[i + 1]].item() if i + 1 < steps else 1.0
        at = torch.full((len(x),), float(t), device=x.device)
        if guidance == 1.0:
            v = denoiser(x, at, label)
        else:
            v, v0 = denoiser(torch.cat([x, x]), torch.cat([at, at]), torch.cat([label, null])).chunk(2)
            v = v0 + guidance * (v - v0)
        clean, eps = a**0.5 * x - (1 - a) ** 0.5 * v, (1 - a) ** 0.5 * x + a**0.5 * v
        x = b**0.5 * clean + (1 - b) ** 0.5 * eps
    return x

"""The x2 generator and its discriminator.

All of the generator's work is done at low resolution; a sub-pixel head adds a residual to bicubic interpolation
(Keys, a = -0.5, half-pixel centres, edges replicated), which is part of the graph.
"""
import torch
import torch.nn.functional as F
from torch import nn


def keys(x, a=-0.5):
    """Cubic convolution kernel (Keys 1981)."""
    x = abs(x)
    if x < 1:
        return (a + 2) * x**3 - (a + 3) * x**2 + 1
    return a * (x**3 - 5 * x**2 + 8 * x - 4) if x < 2 else 0.0


class Bicubic2(nn.Module):
    """Bicubic x2 as a fixed 5 x 5 convolution into four sub-pixels: runs alike on every execution provider."""

    def __init__(self):
        super().__init__()
        # Sub-pixels lie at -0.25 and +0.25 of the low-resolution pixel; taps at -2..2.
        taps = torch.tensor([[keys(t + 0.25) for t in range(-2, 3)], [keys(t - 0.25) for t in range(-2, 3)]])
        kernel = torch.stack([torch.outer(taps[i], taps[j]) for i in (0, 1) for j in (0, 1)])[:, None]
        self.register_buffer("kernel", kernel, persistent=False)

    def forward(self, x):
        """[b,1,h,w] -> [b,1,2h,2w]."""
        return F.pixel_shuffle(F.conv2d(F.pad(x, (2, 2, 2, 2), mode="replicate"), self.kernel), 2)


class Block(nn.Module):
    """Residual block of two 3 x 3 convolutions, no normalisation (tiles must equal the whole)."""

    def __init__(self, channels):
        super().__init__()
        self.a = nn.Conv2d(channels, channels, 3, padding=1)
        self.b = nn.Conv2d(channels, channels, 3, padding=1)
        nn.init.kaiming_normal_(self.a.weight, nonlinearity="relu")
        nn.init.normal_(self.b.weight, std=0.1 * (9 * channels) ** -0.5)
        nn.init.zeros_(self.a.bias)
        nn.init.zeros_(self.b.bias)

    def forward(self, x):
        return x + self.b(F.relu(self.a(x)))


class Generator(nn.Module):
    """image [b,1,h,w] in network units, modality [b] (0 CT, 1 MR) -> [b,1,2h,2w] in the same units."""

    def __init__(self, channels=48, blocks=8):
        super().__init__()
        self.settings = {"channels": channels, "blocks": blocks}
        self.bicubic = Bicubic2()
        self.head = nn.Conv2d(1, channels, 3, padding=1)
        self.modality = nn.Parameter(0.1 * torch.randn(1, channels, 1, 1))
        self.body = nn.Sequential(*[Block(channels) for _ in range(blocks)], nn.Conv2d(channels, channels, 3, padding=1))
        self.tail = nn.Conv2d(channels, 4, 3, padding=1)
        nn.init.normal_(self.tail.weight, std=1e-3)
        nn.init.zeros_(self.tail.bias)
        # Radius in input pixels beyond which nothing reaches an output pixel.
        self.radius = 1 + 2 * blocks + 1 + 1

    def forward(self, image, modality, low_precision=False):
        h = F.relu(self.head(image) + modality.reshape(-1, 1, 1, 1) * self.modality)
        if low_precision:
            with torch.autocast(image.device.type, torch.bfloat16):
                y = self.body(h)
            y = y.float()
        else:
            y = self.body(h)
        return self.bicubic(image) + F.pixel_shuffle(self.tail(h + y), 2)


class Discriminator(nn.Module):
    """Judges high-resolution patches given their low-resolution source; returns a map of scores and its features.

    The patch is folded to low resolution (four sub-pixels as channels), beside the source and the modality.
    """

    def __init__(self, channels=48):
        super().__init__()
        c, sn = channels, nn.utils.parametrizations.spectral_norm
        self.layers = nn.ModuleList([
            sn(nn.Conv2d(10, c, 3, padding=1)),
            sn(nn.Conv2d(c, c, 3, padding=1)),
            sn(nn.Conv2d(c, 2 * c, 4, stride=2, padding=1)),
            sn(nn.Conv2d(2 * c, 2 * c, 3, padding=1)),
            sn(nn.Conv2d(2 * c, 2 * c, 4, stride=2, padding=1)),
        ])
        self.score = sn(nn.Conv2d(2 * c, 1, 3, padding=1))

    def forward(self, high, low, bicubic, modality):
        m = modality.reshape(-1, 1, 1, 1).expand_as(low)
        # The detail over bicubic is small beside the image; it is shown apart and enlarged.
        x = torch.cat([F.pixel_unshuffle(high, 2), 10 * F.pixel_unshuffle(high - bicubic, 2), low, m], 1)
        features = []
        with torch.autocast(high.device.type, torch.bfloat16):
            for layer in self.layers:
                x = F.leaky_relu(layer(x), 0.2)
                features.append(x)
            s = self.score(x)
        return s.float(), features

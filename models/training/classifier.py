"""Classifier of the three tumour classes, for measuring only: it is not shipped.

Trained on `train` (augmented), fixed length; `val` is read once at the end to state how well it reads real images.
"""
import os

import torch
import torch.nn.functional as F
from torch import nn

from brain_augment import augment, load_train_256
from data import BRAIN_CLASSES, load_brain
from train_loop import MovingAverage, Progress, arguments, cosine, log, prepare, save


class Classifier(nn.Module):
    """image [b,1,128,128] in [0,1] -> logits [b,3]; `features` gives the pooled layer before them [b,160]."""

    def __init__(self):
        super().__init__()
        layers, cin = [nn.PixelUnshuffle(2)], 4
        for cout, stride in ((32, 1), (48, 2), (64, 1), (96, 2), (96, 1), (160, 2), (160, 1)):
            layers += [nn.Conv2d(cin, cout, 3, stride=stride, padding=1, bias=False), nn.BatchNorm2d(cout), nn.ReLU()]
            cin = cout
        self.body, self.head = nn.Sequential(*layers), nn.Linear(cin, len(BRAIN_CLASSES))

    def features(self, image):
        return self.body(2 * image - 1).mean((2, 3))

    def forward(self, image):
        return self.head(F.dropout(self.features(image), 0.3, self.training))


def load_classifier(path):
    model = Classifier().eval()
    model.load_state_dict(torch.load(path, map_location="cpu")["model"])
    return model


def main():
    a = arguments(__doc__, lr=2e-3, minutes=5).parse_args()
    device = prepare(a)
    images, labels = load_train_256(a.data, with_none=False)
    model = Classifier().to(device, memory_format=torch.channels_last)
    opt = torch.optim.AdamW(model.parameters(), a.lr, weight_decay=0.05)
    progress, generator = Progress(a), torch.Generator().manual_seed(a.seed)
    weight = torch.bincount(labels).float() ** -0.5
    while progress.share() < 1:
        pick = torch.multinomial(weight[labels], a.batch, generator=generator)
        x, y = augment(images[pick], generator, 1.5).to(device), labels[pick].to(device)
        opt.param_groups[0]["lr"] = a.lr * cosine(progress.share(), progress.step, 50)
        with torch.autocast(device.type, torch.bfloat16):
            out = model(x)
        loss = F.cross_entropy(out.float(), y, label_smoothing=0.05)
        opt.zero_grad(set_to_none=True); loss.backward(); opt.step(); progress.tick()
        if progress.step % 100 == 0:
            log(a, f"step {progress.step} share {progress.share():.3f} loss {loss.item():.3f}")
    model.eval().cpu()
    save(os.path.join(a.out, "classifier.pt"), model=model.state_dict(), step=progress.step, seed=a.seed)
    x, y, _, _ = load_brain(a.data, "val")
    with torch.no_grad():
        right = (model(torch.from_numpy(x)[:, None]).argmax(1).numpy() == y)
    log(a, f"{sum(p.numel() for p in model.parameters())} parameters; val accuracy {right.mean():.3f}, "
           + ", ".join(f"{c} {right[y == i].mean():.3f}" for i, c in enumerate(BRAIN_CLASSES)))


if __name__ == "__main__":
    main()

"""What the training scripts share: arguments, seeds, schedule, moving average, checkpoints, clock."""
import argparse
import copy
import math
import os
import random
import time

import numpy as np
import torch


def arguments(description, **defaults):
    """Parser with the options that every training script takes."""
    p = argparse.ArgumentParser(description=description)
    p.add_argument("--data", required=True, help="folder with volumes/ and brain_t1c/")
    p.add_argument("--out", required=True, help="folder for checkpoints and log")
    p.add_argument("--start", metavar="START.pt", help="begin with the weights of an earlier training wherever shapes agree")
    p.add_argument("--resume", action="store_true", help="go on from the last checkpoint in --out")
    p.add_argument("--device", default="auto", choices=["auto", "cpu", "cuda"])
    p.add_argument("--steps", type=int, default=0, help="length in steps (0: use --minutes)")
    p.add_argument("--minutes", type=float, default=defaults.pop("minutes", 30.0), help="length in minutes of training")
    p.add_argument("--threads", type=int, default=1)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--batch", type=int, default=16)
    p.add_argument("--lr", type=float, default=defaults.pop("lr", 1e-3))
    return p


def prepare(a):
    """Seeds, threads, output folder; returns the device."""
    random.seed(a.seed)
    np.random.seed(a.seed)
    torch.manual_seed(a.seed)
    torch.set_num_threads(a.threads)
    os.makedirs(a.out, exist_ok=True)
    name = a.device if a.device != "auto" else ("cuda" if torch.cuda.is_available() else "cpu")
    return torch.device(name)


class Progress:
    """Share of the training done, by steps or by minutes spent; survives a resume."""

    def __init__(self, a):
        self.steps, self.seconds = a.steps, a.minutes * 60
        self.step, self.spent, self.mark = 0, 0.0, time.monotonic()

    def tick(self):
        now = time.monotonic()
        self.spent, self.mark, self.step = self.spent + now - self.mark, now, self.step + 1

    def share(self):
        return min(1.0, self.step / self.steps if self.steps else self.spent / self.seconds)


def cosine(share, step, warmup=100, floor=0.01):
    """Factor of the learning rate: linear warm-up, then half a cosine down to `floor`."""
    return min(1.0, (step + 1) / warmup) * (floor + (1 - floor) * 0.5 * (1 + math.cos(math.pi * share)))


class MovingAverage:
    """Exponential moving average of a module's parameters; the average is what is shipped."""

    def __init__(self, module, decay=0.999):
        self.decay, self.module = decay, copy.deepcopy(module).eval().requires_grad_(False)

    @torch.no_grad()
    def update(self, module, step):
        d = min(self.decay, (1 + step) / (10 + step))
        for mine, new in zip(self.module.parameters(), module.parameters()):
            mine.lerp_(new.detach(), 1 - d)


def start_from(path, model, average, device):
    """Begins with the averaged weights of an earlier training wherever names and shapes agree."""
    own, other = model.state_dict(), torch.load(path, map_location=device)["average"]
    model.load_state_dict({k: other[k] if k in other and other[k].shape == v.shape else v for k, v in own.items()})
    average.module.load_state_dict(model.state_dict())


def save(path, **state):
    """Writes a checkpoint beside its place, then renames: a kill leaves the old one whole."""
    torch.save(state, path + ".part")
    os.replace(path + ".part", path)


def log(a, text):
    line = f"{time.strftime('%H:%M:%S')} {text}"
    print(line, flush=True)
    with open(os.path.join(a.out, "log.txt"), "a") as f:
        f.write(line + "\n")

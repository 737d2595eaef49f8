"""Writes a folder in the exact format of NATS-tss-v1_0-3ffb9-simple, with made-up curves.

    python3 generate.py <folder> [--architectures 15625] [--jobs 2]

One bz2 file an architecture (a pickle, protocol 4: an OrderedDict of '12' and '200') and meta.pickle.pbz2. The same call
writes the same bytes on any machine with the same Python. Only the standard library is used: what the real files hold as
numpy scalars is written under numpy's names by stand-ins.
"""

import argparse
import bz2
import collections
import io
import itertools
import math
import multiprocessing
import os
import pickle
import random
import struct
import sys
import types

OPERATIONS = ["none", "skip_connect", "nor_conv_1x1", "nor_conv_3x3", "avg_pool_3x3"]
# Of the 15,625 architectures so many have the third seed, as in the real file.
WITH_THIRD_SEED = 8169
COUNT = 15625
SHARE = {"cifar10-valid": 1, "cifar10": 2, "cifar100": 2, "ImageNet16-120": 6.068}
IMAGES = {"cifar10-valid": 25000, "cifar10": 50000, "cifar100": 50000, "ImageNet16-120": 151700}
CLASSES = {"cifar10-valid": 10, "cifar10": 10, "cifar100": 100, "ImageNet16-120": 120}
# Split, images, and whether the long recipe has it at every epoch.
SPLITS = {
    "cifar10-valid": [("x-valid", 25000, True), ("ori-test", 10000, False)],
    "cifar10": [("ori-test", 10000, True)],
    "cifar100": [("ori-test", 10000, True), ("x-valid", 5000, False), ("x-test", 5000, False)],
    "ImageNet16-120": [("ori-test", 6000, True), ("x-valid", 3000, False), ("x-test", 3000, False)],
}


def official_order():
    """All architectures in the order of their index (AutoDL-Projects, exps/NATS-Bench/tss-collect.py)."""
    cells = []
    for a, b, c, d, e, f in itertools.product(OPERATIONS, repeat=6):
        cells.append(f"|{a}~0|+|{b}~0|{c}~1|+|{d}~0|{e}~1|{f}~2|")
    state = random.Random(88)
    state.shuffle(cells)
    return cells


def scalar(dtype, value):
    raise NotImplementedError("a name only")


scalar.__module__ = "numpy.core.multiarray"
scalar.__qualname__ = "scalar"


class Dtype:
    """Pickles as numpy.dtype('float64') does."""

    def __reduce__(self):
        return (Dtype, ("f8", False, True), (3, "<", None, None, None, -1, -1, 0))


Dtype.__module__ = "numpy"
Dtype.__qualname__ = "dtype"

for name, content in [("numpy", {"dtype": Dtype}), ("numpy.core", {}), ("numpy.core.multiarray", {"scalar": scalar})]:
    module = types.ModuleType(name)
    module.__dict__.update(content)
    sys.modules[name] = module

FLOAT64 = Dtype()


class Scalar:
    """Pickles as a numpy.float64 does."""

    def __init__(self, value):
        self.value = value

    def __reduce__(self):
        return (scalar, (FLOAT64, struct.pack("<d", self.value)))


def sizes(cell, dataset):
    """Parameters and multiply-accumulates in millions (the formula of the benchmark's network)."""
    n1, n3 = cell.count("nor_conv_1x1"), cell.count("nor_conv_3x3")
    classes = CLASSES[dataset]
    width = 4 if dataset == "ImageNet16-120" else 1
    params = 0.073306 + 0.028 * n1 + 0.24304 * n3 + 65 * (classes - 10) / 1e6
    head = 65 * classes / 1e6
    flops = (7.78305 - 0.00065 + 3.93216 * n1 + 35.38944 * n3) / width + head
    return params, flops


# How far a cosine schedule is after each epoch, from 0 to 1.
PROGRESS = {epochs: [(1 - math.cos(math.pi * (epoch + 1) / epochs)) / 2 for epoch in range(epochs)] for epochs in (12, 200)}


def curve(uniform, epochs, first, last, images):
    """Accuracies in percent that rise from first to last, in steps of an image, with noise; and losses that fall."""
    accuracies, losses = {}, {}
    for epoch, share in enumerate(PROGRESS[epochs]):
        accuracy = first + (last - first) * share + (4 * uniform() - 2) * (1 - share)
        accuracies[epoch] = round(min(100, max(0, accuracy)) / 100 * images) * 100 / images
        losses[epoch] = 4 - 3.5 * share + uniform() / 5
    return accuracies, losses


def trial(cell, dataset, seed, epochs, epoch_seconds, sample_seconds, latency, quality):
    state = random.Random(f"{cell} {dataset} {seed} {epochs}")
    train_accuracies, train_losses = curve(state.random, epochs, 100 / CLASSES[dataset], quality, IMAGES[dataset])
    top5 = {epoch: min(100.0, value * 1.5) for epoch, value in train_accuracies.items()} if epochs == 12 else None
    accuracies, losses, times = {}, {}, {}
    for split, images, is_whole in SPLITS[dataset]:
        own_accuracies, own_losses = curve(state.random, epochs, 100 / CLASSES[dataset], quality * 0.95, images)
        for epoch in range(epochs):
            times[f"{split}@{epoch}"] = sample_seconds * images
            if epochs == 12 or is_whole or epoch == epochs - 1:
                accuracies[f"{split}@{epoch}"] = own_accuracies[epoch]
                losses[f"{split}@{epoch}"] = own_losses[epoch]
    params, flops = sizes(cell, dataset)
    seconds = epoch_seconds * SHARE[dataset]
    return {
        "name": dataset,
        "train_acc1es": train_accuracies,
        "train_acc5es": top5,
        "train_losses": train_losses,
        "train_times": collections.OrderedDict((epoch, seconds) for epoch in range(epochs)),
        "arch_config": {"channel": 16, "num_cells": 5, "arch_str": cell, "class_num": CLASSES[dataset]},
        "params": Scalar(params),
        "flop": flops,
        "seed": f"{seed:04d}",
        "epochs": epochs,
        "latency": [Scalar(latency)],
        "eval_names": [split for split, _, _ in SPLITS[dataset]],
        "eval_acc1es": accuracies,
        "eval_times": times,
        "eval_losses": losses,
        "net_state_dict": None,
    }


def results(index, cell, seeds, epochs):
    state = random.Random(f"{cell} cost")
    n1, n3 = cell.count("nor_conv_1x1"), cell.count("nor_conv_3x3")
    epoch_seconds = 4 + n1 + 2 * n3 + state.random()
    sample_seconds = (0.5 + 0.1 * n1 + 0.2 * n3 + state.random() / 10) / 10000
    latency = 0.01 + 0.001 * n3 + state.random() / 1000
    all_results = {}
    for dataset, own in seeds.items():
        quality = 30 + 60 * random.Random(f"{cell} {dataset} quality").random()
        for seed in own:
            all_results[(dataset, seed)] = trial(
                cell, dataset, seed, epochs, epoch_seconds, sample_seconds, latency, quality
            )
    return {
        "arch_index": index,
        "arch_str": cell,
        "all_results": all_results,
        "dataset_seed": {dataset: list(own) for dataset, own in seeds.items()},
        "clear_net_done": True,
    }


def packed(value):
    buffer = io.BytesIO()
    pickle.Pickler(buffer, protocol=4).dump(value)
    return bz2.compress(buffer.getvalue())


def write(task):
    folder, index, cell = task
    file = os.path.join(folder, f"{index:06d}.pickle.pbz2")
    if os.path.exists(file):
        return
    short = {dataset: [111, 777] if dataset == "cifar10-valid" else [111] for dataset in SPLITS}
    has_third = index * WITH_THIRD_SEED % COUNT < WITH_THIRD_SEED
    long = {dataset: [777, 888, 999] if has_third else [777, 888] for dataset in SPLITS}
    value = collections.OrderedDict()
    value["12"] = results(index, cell, short, 12)
    value["200"] = results(index, cell, long, 200)
    with open(f"{file}.tmp", "wb") as out:
        out.write(packed(value))
    os.replace(f"{file}.tmp", file)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("--architectures", type=int, default=COUNT, help="the first so many")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    given = parser.parse_args()
    os.makedirs(given.folder, exist_ok=True)
    cells = official_order()
    meta = {"meta_archs": cells, "total_archs": COUNT, "arch2infos": None, "evaluated_indexes": set()}
    with open(os.path.join(given.folder, "meta.pickle.pbz2"), "wb") as out:
        out.write(packed(meta))
    tasks = [(given.folder, index, cells[index]) for index in range(given.architectures)]
    with multiprocessing.get_context("fork").Pool(given.jobs) as pool:
        for done, _ in enumerate(pool.imap_unordered(write, tasks, chunksize=20), 1):
            if done % 500 == 0 or done == len(tasks):
                print(f"{done}/{len(tasks)} files", file=sys.stderr)


if __name__ == "__main__":
    main()

"""
Writes full-form files of NAS-Bench-201 and NATS-Bench as their authors' scripts would, with real networks of PyTorch, and
what these networks answer to given images. Reads one JSON document on stdin:
{"folder": path, "images": number, "cells": [{"index": number, "architecture": text, "trials": [[recipe, dataset, seed], ...]}]}
and writes to the folder: images.npy, nats/NNNNNN.pickle.pbz2, legacy/NNNNNN-FULL.pth, zip/NNNNNN-FULL.pth, and for each
trial NNNNNN-<recipe>-<dataset>-<seed>.npy with the logits.
"""
import bz2
import json
import os
import pickle
import sys
from collections import OrderedDict

import numpy
import torch
from tiny_network import random_network

CLASSES = {"cifar10-valid": 10, "cifar10": 10, "cifar100": 100, "ImageNet16-120": 120}
SPLITS = {"cifar10-valid": ["x-valid", "ori-test"], "cifar10": ["ori-test"]}


def series(epochs, value):
    return {epoch: value + epoch for epoch in range(epochs)}


def trial_result(architecture, dataset, seed, epochs, state):
    """The 16 fields of one trial. Only the weights matter here; curves are made up."""
    names = SPLITS.get(dataset, ["x-valid", "x-test", "ori-test"])
    at = {f"{name}@{epochs - 1}": 50.0 for name in names}
    return {
        "name": dataset,
        "train_acc1es": series(epochs, 10.0),
        "train_acc5es": series(epochs, 20.0) if epochs == 12 else None,
        "train_losses": series(epochs, 1.0),
        "train_times": OrderedDict(series(epochs, 5.0)),
        "arch_config": {"channel": 16, "num_cells": 5, "arch_str": architecture, "class_num": CLASSES[dataset]},
        "params": numpy.float64(0.8),
        "flop": 113.95,
        "seed": f"{seed:04d}",
        "epochs": epochs,
        "latency": [numpy.float64(0.02)],
        "eval_names": names,
        "eval_acc1es": dict(at),
        "eval_times": dict(at),
        "eval_losses": dict(at),
        "net_state_dict": state,
    }


def arch_results(index, architecture, trials):
    seeds = {}
    for dataset, seed in sorted(trials):
        seeds.setdefault(dataset, []).append(seed)
    return {
        "arch_index": index,
        "arch_str": architecture,
        "all_results": {
            (dataset, seed): trial_result(architecture, dataset, seed, epochs, state)
            for (dataset, seed), (epochs, state) in trials.items()
        },
        "dataset_seed": seeds,
        "clear_net_done": False,
    }


def views_of_one_storage(state):
    """The same tensors, all of them parts of one storage, and convolutions with strides that are not the usual ones."""
    floats = [value for value in state.values() if value.dtype == torch.float32]
    flat = torch.empty(sum(value.numel() for value in floats) + 7)
    views, at = OrderedDict(), 7
    for name, value in state.items():
        if value.dtype == torch.float32:
            part = flat[at : at + value.numel()]
            at += value.numel()
            part = part.view(value.shape[::-1]).permute(*reversed(range(value.dim()))) if value.dim() > 1 else part
            part.copy_(value)
            value = part
        views[name] = value
    return views


def main():
    job = json.load(sys.stdin)
    folder = job["folder"]
    for name in ("nats", "legacy", "zip"):
        os.makedirs(os.path.join(folder, name), exist_ok=True)
    torch.manual_seed(0)
    torch.set_num_threads(1)
    images = torch.randn(job["images"], 3, 32, 32)
    numpy.save(os.path.join(folder, "images.npy"), images.numpy())
    for cell in job["cells"]:
        index, architecture = cell["index"], cell["architecture"]
        recipes = OrderedDict([("12", {}), ("200", {})])
        for recipe, dataset, seed in cell["trials"]:
            network = random_network(architecture, CLASSES[dataset], 1000 * index + seed + int(recipe))
            recipes[recipe][dataset, seed] = (int(recipe), network.state_dict())
            with torch.no_grad():
                logits = network(images).numpy()
            numpy.save(os.path.join(folder, f"{index:06d}-{recipe}-{dataset}-{seed}.npy"), logits)
        record = OrderedDict((recipe, arch_results(index, architecture, trials)) for recipe, trials in recipes.items())
        with bz2.BZ2File(os.path.join(folder, "nats", f"{index:06d}.pickle.pbz2"), "w") as file:
            pickle.dump(record, file, protocol=4)
        archive = {"less": record["12"], "full": record["200"]}
        for trials in archive.values():
            for result in trials["all_results"].values():
                result["net_state_dict"] = views_of_one_storage(result["net_state_dict"])
        for form in ("legacy", "zip"):
            path = os.path.join(folder, form, f"{index:06d}-FULL.pth")
            torch.save(archive, path, _use_new_zipfile_serialization=form == "zip")


if __name__ == "__main__":
    main()

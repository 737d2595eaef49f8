/** The calls of nats_bench that the guide's scripts make, on made-up values. */
export const STAND_IN = `
import sys, types
from nas_harness import Space

space = Space()

class Api:
    def __init__(self):
        self.used_time = 0
        self.trace = []
        self.arch2infos_dict = {}

    def __len__(self):
        return space.size

    def arch(self, index):
        return space.format(index)

    def query_index_by_arch(self, arch):
        return space.parse(arch)

    def str2lists(self, text):
        nodes = [node.strip("|").split("|") for node in text.split("+")]
        return [tuple((part.split("~")[0], int(part.split("~")[1])) for part in node) for node in nodes]

    def random(self):
        import random
        return random.randint(0, len(self) - 1)

    def reset_time(self):
        self.used_time = 0

    def simulate_train_eval(self, arch, dataset, iepoch=None, hp="12", account_time=True):
        assert (dataset, hp) == ("cifar10", "12")
        cost = given["seconds"][arch % 50]
        self.used_time += cost
        self.trace.append(arch)
        return arch * 7919 % 9973 / 100, 0.01, cost, self.used_time

    def get_more_info(self, index, dataset, iepoch=None, hp="12", is_random=True):
        assert is_random is False
        self.arch2infos_dict[index] = hp
        assert len(self.arch2infos_dict) == 1
        names = ["cifar10-valid", "cifar10", "cifar100", "ImageNet16-120"]
        base = 10 + (index * 7 + names.index(dataset) * 100 + int(hp)) % 8000 / 100
        info = {"train-per-time": 10 + index / 1000, "test-accuracy": base + 1}
        if dataset != "cifar10":
            info["valid-accuracy"] = base
        return info

nats_bench = types.ModuleType("nats_bench")
nats_bench.create = lambda *_, **__: Api()
sys.modules["nats_bench"] = nats_bench
`;

/** Script and Python port on the same draws, rewards and costs. */
export const THREE_TRACES = `${STAND_IN}
import random, runpy
from nas_harness import Budget, Evaluation
from types import SimpleNamespace

class Scripted:
    def __init__(self):
        self.draws = iter(given["draws"])
    def randrange(self, count):
        return next(self.draws) % count
    def choice(self, items):
        return items[self.randrange(len(items))]
    def randint(self, low, high):
        return low + self.randrange(high - low + 1)

def port():
    search = runpy.run_path(given["port"])["search"]
    budget = Budget("simulated-ms", given["budget"] * 1000)
    context = SimpleNamespace(space=space, random=Scripted(), max_epochs=12, budget=budget)
    generator, spent, trace = search(context), 0, []
    try:
        proposal = next(generator)
        while True:
            assert proposal.epochs == 12
            cell = proposal.architecture
            cost = given["seconds"][cell % 50] * 1000
            spent += cost
            budget._remaining = budget.limit - spent
            trace.append(cell)
            proposal = generator.send(Evaluation(cell * 7919 % 9973 / 100, cost, spent, budget._remaining))
    except StopIteration:
        return trace

def script():
    scripted = Scripted()
    random.randrange, random.randint = scripted.randrange, scripted.randint
    api = Api()
    best = runpy.run_path(given["script"])["search"](api, "cifar10", given["budget"])
    return api.trace, best

ported = port()
trace, best = script()
print(json.dumps({"port": ported, "script": trace, "best": best}))
`;

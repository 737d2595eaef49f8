"""Search methods for nas-harness in Python: one file, standard library only, Python 3.9 or newer.

A method is a generator function. It yields proposals and receives evaluations; what it returns is its answer:

    from nas_harness import propose, run

    def search(context):
        while context.budget.affords(context.max_epochs):
            architecture = context.space.sample(context.random)
            evaluation = yield propose(architecture, context.max_epochs)
        # None, or no return at all: the answer is the evaluation with the highest accuracy.

    if __name__ == "__main__":
        run(search)

The harness starts the program that the plugin's manifest names ("runtime": "process", "command": ["python3",
"search.py"]) and speaks docs/wire-protocol.md with it on stdin and stdout. print() is safe: it goes to stderr.
Several runs may be in progress at once in one process, so keep nothing in global variables.
"""

import base64
import copy
import json
import operator
import os
import random
import sys
import time
import traceback
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Callable, Generator, List, Mapping, Optional, Sequence, Tuple

__all__ = [
    "Budget",
    "Constraints",
    "Context",
    "Evaluation",
    "Limit",
    "Proposal",
    "Simulation",
    "Space",
    "propose",
    "run",
    "simulate",
]

WIRE_VERSION = 1
_CHUNK_BYTES = 65_536
_LONGEST_MESSAGE = 2_000
_SIMULATED_EPOCHS = 12
_SIMULATED_COST_MS = 1_000


@dataclass(frozen=True)
class Proposal:
    """What a method asks the harness to evaluate."""

    architecture: int
    """Official index of the architecture, 0 to 15624."""
    epochs: int
    """Epochs of training: one of the context's fidelities."""


@dataclass(frozen=True)
class Evaluation:
    """What the harness answers to a proposal."""

    valid_accuracy: float
    """Validation accuracy in percent, 0 to 100, a multiple of 1e-4."""
    cost_ms: float
    """What the evaluation cost, in simulated milliseconds."""
    spent_ms: float
    """Simulated milliseconds that the run has spent, this evaluation included."""
    remaining: float
    """What is left of the budget, in the budget's unit; negative after a kept crossing."""


def propose(architecture: int, epochs: int) -> Proposal:
    """A proposal: train this architecture for so many epochs."""
    return Proposal(architecture, epochs)


class Budget:
    """The run's budget."""

    def __init__(self, kind: str, limit: float):
        self.kind = kind
        """What is counted: "simulated-ms", "evaluations" or "epochs"."""
        self.limit = limit
        """How much of it a run may spend."""
        self._remaining = limit

    def affords(self, epochs: int) -> bool:
        """False once a proposal at these epochs can't fit any more.

        Where prices are known beforehand (budgets in evaluations or epochs), proposing in spite of it breaks the contract;
        in simulated time it turns false only when nothing is left.
        """
        if self.kind == "simulated-ms":
            return self._remaining > 0
        return (1 if self.kind == "evaluations" else epochs) <= self._remaining


@dataclass(frozen=True)
class Limit:
    """One constraint: what a column of a cost table may be at most."""

    costs: str
    """Id of the cost table."""
    column: str
    """Its column."""
    dataset: Optional[str]
    """Dataset of the column; None where the table has one value for all."""
    at_most: float
    """Largest value that is allowed."""
    unit: str
    """Its unit."""


class Constraints:
    """The run's constraints: only an architecture that they allow may be proposed or answered."""

    def __init__(self, message: Optional[Mapping[str, Any]] = None):
        self.limits: Tuple[Limit, ...] = ()
        """The constraints, for people; empty under a protocol without any."""
        self._bits: Optional[bytes] = None
        if message is not None:
            self._bits = base64.b64decode(message["allowed"])
            self.limits = tuple(
                Limit(one["costs"], one["column"], one["dataset"], one["atMost"], one["unit"])
                for one in message["limits"]
            )

    def allows(self, architecture: int) -> bool:
        """Whether an architecture may be proposed. True for all of them under a protocol without constraints."""
        index = operator.index(architecture)
        if not 0 <= index < Space.size:
            return False
        return self._bits is None or bool(self._bits[index >> 3] >> (index & 7) & 1)


class Space:
    """The cell space of NAS-Bench-201. An architecture is its official index, an integer from 0 to size - 1.

    Under a protocol with constraints, what the space draws and lists keeps to them: sample is uniform over the
    architectures that are allowed, a mutation is drawn from those that lead to one (a uniform sample if none does), and
    neighbours_of lists those that are allowed.
    """

    size = 15_625
    """Number of architectures."""
    operations = ("none", "skip_connect", "nor_conv_1x1", "nor_conv_3x3", "avg_pool_3x3")
    """The five operations; a choice is a position in this tuple."""
    edges = ((0, 1), (0, 2), (1, 2), (0, 3), (1, 3), (2, 3))
    """(from node, to node) of the six edges, in the order of choices."""
    _edges_into_node = ((0,), (1, 2), (3, 4, 5))

    def __init__(self) -> None:
        # The authors enumerated the space, first edge slowest, and shuffled it with this seed (tss-collect.py).
        self._codes = list(range(self.size))
        random.Random(88).shuffle(self._codes)
        self._indices = [0] * self.size
        for index, code in enumerate(self._codes):
            self._indices[code] = index
        self._constraints: Optional[Constraints] = None
        self._allowed: Sequence[int] = range(self.size)

    def _constrained(self, constraints: Constraints) -> "Space":
        """The same space, keeping to constraints."""
        if not constraints.limits:
            return self
        space = copy.copy(self)
        space._constraints = constraints
        space._allowed = [index for index in range(self.size) if constraints.allows(index)]
        return space

    def choices_of(self, architecture: int) -> List[int]:
        """The choices of an architecture: six integers from 0 to 4."""
        try:
            index = operator.index(architecture)  # numpy's integers are integers, too
        except TypeError:
            index = -1
        if not 0 <= index < self.size:
            raise ValueError(f"{architecture!r} is no architecture: an integer from 0 to {self.size - 1}")
        code = self._codes[index]
        return [code // weight % 5 for weight in (3125, 625, 125, 25, 5, 1)]

    def from_choices(self, choices: Sequence[int]) -> int:
        """The architecture with these six choices."""
        if len(choices) != 6 or any(choice not in range(5) for choice in choices):
            raise ValueError(f"{list(choices)!r} are not six integers from 0 to 4")
        code = 0
        for choice in choices:
            code = code * 5 + int(choice)
        return self._indices[code]

    def operations_of(self, architecture: int) -> List[str]:
        """The operation names of an architecture, six of them."""
        return [self.operations[choice] for choice in self.choices_of(architecture)]

    def format(self, architecture: int) -> str:
        """The string of an architecture, such as |nor_conv_3x3~0|+|none~0|avg_pool_3x3~1|+|...|."""
        names = self.operations_of(architecture)
        parts = [f"{names[edge]}~{self.edges[edge][0]}" for edge in range(6)]
        return "+".join("|" + "|".join(parts[edge] for edge in into) + "|" for into in self._edges_into_node)

    def parse(self, text: str) -> int:
        """The architecture of a string."""
        nodes = [[part.partition("~") for part in node.strip("|").split("|")] for node in text.split("+")]
        wanted = [[str(self.edges[edge][0]) for edge in into] for into in self._edges_into_node]
        if [[source for _, _, source in node] for node in nodes] != wanted:
            raise ValueError(f"{text!r} is not of the form |op~0|+|op~0|op~1|+|op~0|op~1|op~2|")
        architecture = self.from_choices([self.operations.index(name) for node in nodes for name, _, _ in node])
        if self.format(architecture) != text:
            raise ValueError(f"{text!r} has bars too many or too few: {self.format(architecture)!r} is meant")
        return architecture

    def sample(self, generator: random.Random) -> int:
        """A uniformly random architecture, of those that are allowed."""
        return self._allowed[generator.randrange(len(self._allowed))]

    def neighbours_of(self, architecture: int) -> List[int]:
        """The 24 architectures that differ on one edge, without those that constraints forbid."""
        choices = self.choices_of(architecture)
        changed = [choices[:edge] + [choice] + choices[edge + 1 :] for edge in range(6) for choice in range(5)]
        others = [self.from_choices(other) for other in changed if other != choices]
        return others if self._constraints is None else [other for other in others if self._constraints.allows(other)]

    def mutate(self, architecture: int, generator: random.Random) -> int:
        """The authors' mutation: node, then input edge, then another operation, each uniformly."""
        return self._mutated(architecture, lambda: generator.choice(generator.choice(self._edges_into_node)), generator)

    def mutate_edge_uniform(self, architecture: int, generator: random.Random) -> int:
        """A uniformly random neighbour."""
        return self._mutated(architecture, lambda: generator.randrange(6), generator)

    def _mutated(self, architecture: int, draw_edge: Callable[[], int], generator: random.Random) -> int:
        if self._constraints is not None and not self.neighbours_of(architecture):
            return self.sample(generator)
        while True:
            child = self._with_other_choice(architecture, draw_edge(), generator)
            if self._constraints is None or self._constraints.allows(child):
                return child

    def _with_other_choice(self, architecture: int, edge: int, generator: random.Random) -> int:
        choices = self.choices_of(architecture)
        choices[edge] = generator.choice([choice for choice in range(5) if choice != choices[edge]])
        return self.from_choices(choices)


@dataclass(frozen=True)
class Context:
    """Everything that a method gets; a new one for each run."""

    space: Space
    """The search space; where there are constraints, what it draws and lists keeps to them."""
    constraints: Constraints
    """What the protocol allows by hardware costs: everything, unless it has constraints."""
    random: random.Random
    """The run's generator: the only allowed source of randomness."""
    seed: str
    """Where `random` comes from: 32 hexadecimal digits, to seed other generators (numpy.random.default_rng(int(seed, 16)))."""
    fidelities: Tuple[int, ...]
    """Epochs that a proposal may name, ascending."""
    max_epochs: int
    """The largest of the fidelities: a full training."""
    budget: Budget
    """The run's budget."""
    options: Mapping[str, Any]
    """The plugin's options, complete."""
    protocol: Mapping[str, str]
    """id, search and dataset that the run belongs to."""


Search = Callable[[Context], Generator[Proposal, Evaluation, Optional[int]]]


class _Run:
    """One run of a search: a message in, a message out."""

    def __init__(self, search: Search, space: Space, start: Mapping[str, Any]):
        self._number = start["run"]
        self._budget = Budget(start["budget"]["kind"], start["budget"]["limit"])
        constraints = Constraints(start.get("constraints"))
        self._context = Context(
            space=space._constrained(constraints),
            constraints=constraints,
            random=random.Random(int(start["seed"], 16)),
            seed=start["seed"],
            fidelities=tuple(start["fidelities"]),
            max_epochs=start["maxEpochs"],
            budget=self._budget,
            options=MappingProxyType(start["options"]),
            protocol=MappingProxyType(start["protocol"]),
        )
        self._search = search
        self._generator: Optional[Generator[Proposal, Evaluation, Optional[int]]] = None
        self._seconds = 0.0
        self._last: Optional[Evaluation] = None

    def handle(self, message: Mapping[str, Any]) -> Optional[Mapping[str, Any]]:
        """The reply to start, tell or finish; None if there is none."""
        before = time.process_time()
        try:
            reply = self._reply(message)
        except Exception as error:  # whatever a method throws is its run's failure
            traceback.print_exc()
            text = f"{type(error).__name__}: {error}".encode("utf-8", "replace").decode("utf-8")[:_LONGEST_MESSAGE]
            step = {"start": "ask", "tell": "ask", "finish": "answer"}[message["type"]]
            return {"type": "error", "run": self._number, "step": step, "message": text}
        self._seconds += time.process_time() - before
        return reply

    def _reply(self, message: Mapping[str, Any]) -> Optional[Mapping[str, Any]]:
        kind = message["type"]
        if kind == "tell":
            self._budget._remaining = message["remaining"]
            self._last = Evaluation(
                message["validAccuracy"], message["costMs"], message["spentMs"], message["remaining"]
            )
            # finish follows: the generator is not resumed, as its next proposal would not be taken.
            if message["over"]:
                return None
        if kind == "finish":
            self._generator.close()
            return self._answer(None)
        try:
            if kind == "start":
                self._generator = self._search(self._context)
                proposal = next(self._generator)
            else:
                proposal = self._generator.send(self._last)
        except StopIteration as stop:
            return self._answer(stop.value)
        if not isinstance(proposal, Proposal):
            raise TypeError(f"the search yielded {proposal!r}; it must yield propose(architecture, epochs)")
        architecture = proposal.architecture
        if not isinstance(architecture, str):
            architecture = int(architecture)  # numpy's integers are none for json
        return {"type": "ask", "run": self._number, "architecture": architecture, "epochs": int(proposal.epochs)}

    def _answer(self, architecture: Optional[int]) -> Mapping[str, Any]:
        if architecture is not None and not isinstance(architecture, str):
            architecture = int(architecture)
        return {"type": "answer", "run": self._number, "architecture": architecture, "cpuSeconds": self._seconds}


@dataclass(frozen=True)
class Simulation:
    """What a search did in a run of simulate()."""

    trace: Tuple[Tuple[Proposal, Evaluation], ...]
    """The evaluations, in their order."""
    answer: int
    """The architecture that the run would be judged by."""


def simulate(
    search: Search,
    accuracy: Callable[[int], float],
    options: Optional[Mapping[str, Any]] = None,
    seed: int = 0,
    evaluations: int = 100,
) -> Simulation:
    """One run of a search in this process, on a made-up benchmark: for tests of it.

    `accuracy` gives the validation accuracy of an architecture in percent. The run may make so many evaluations, all at
    12 epochs. Whatever the search throws goes on to the caller; ValueError says that it broke the contract.
    """
    message = {
        "type": "start",
        "run": 0,
        "seed": f"{seed:032x}",
        "budget": {"kind": "evaluations", "limit": evaluations},
        "fidelities": [_SIMULATED_EPOCHS],
        "maxEpochs": _SIMULATED_EPOCHS,
        "options": dict(options or {}),
        "protocol": {"id": "simulated", "search": "simulated", "dataset": "simulated"},
    }
    space = Space()
    own = _Run(search, space, message)
    trace: List[Tuple[Proposal, Evaluation]] = []
    while True:
        reply = own._reply(message)
        if reply["type"] == "answer":
            break
        proposal = Proposal(reply["architecture"], reply["epochs"])
        space.choices_of(proposal.architecture)  # throws if it is none
        if proposal.epochs != _SIMULATED_EPOCHS:
            raise ValueError(f"{proposal.epochs} epochs were proposed; context.fidelities are ({_SIMULATED_EPOCHS},)")
        if len(trace) == evaluations:
            raise ValueError("the search proposed what its budget can't pay for; ask context.budget.affords first")
        done = len(trace) + 1
        message = {
            "type": "tell",
            "run": 0,
            "validAccuracy": round(accuracy(proposal.architecture), 4),
            "costMs": _SIMULATED_COST_MS,
            "spentMs": _SIMULATED_COST_MS * done,
            "remaining": evaluations - done,
            "over": False,
        }
        told = (message[key] for key in ("validAccuracy", "costMs", "spentMs", "remaining"))
        trace.append((proposal, Evaluation(*told)))
    answer = reply["architecture"]
    if answer is None:
        if not trace:
            raise ValueError("the search ended without an evaluation and without an answer")
        answer = max(trace, key=lambda step: step[1].valid_accuracy)[0].architecture
    space.choices_of(answer)
    return Simulation(tuple(trace), answer)


def _write(descriptor: int, messages: Sequence[Mapping[str, Any]]) -> None:
    data = "".join(json.dumps(message) + "\n" for message in messages).encode("utf-8")
    while data:
        data = data[os.write(descriptor, data) :]


def run(search: Search) -> None:
    """Serves the harness on stdin and stdout until it says stop. Call it as the last line of the program."""
    if sys.stdin.isatty():
        sys.exit("This program is started by nas-harness: nas-harness run <the plugin's folder>")
    # stdout belongs to the protocol. What anything prints goes to stderr, for people.
    out = os.dup(1)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    space = Space()
    runs = {}
    rest = b""
    while True:
        chunk = os.read(0, _CHUNK_BYTES)
        if not chunk:
            return
        *lines, rest = (rest + chunk).split(b"\n")
        replies = []
        for line in lines:
            message = json.loads(line)
            kind = message["type"]
            if kind == "stop":
                return
            if kind == "hello":
                if WIRE_VERSION not in message["versions"]:
                    sys.exit(f"this client speaks version {WIRE_VERSION}, the harness {message['versions']}")
                client = f"nas_harness.py on Python {sys.version.split()[0]}"
                replies.append({"type": "ready", "version": WIRE_VERSION, "client": client})
                continue
            if kind == "start":
                runs[message["run"]] = _Run(search, space, message)
            if kind == "cancel":
                runs.pop(message["run"], None)
                continue
            reply = runs[message["run"]].handle(message)
            if reply is None:
                continue
            replies.append(reply)
            if reply["type"] != "ask":
                del runs[message["run"]]
        if replies:
            _write(out, replies)

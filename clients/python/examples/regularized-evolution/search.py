"""Regularized evolution (Real et al. 2019) with the mutation of the authors of NAS-Bench-201."""

from collections import deque

from nas_harness import propose, run


def search(context):
    space, generator, epochs = context.space, context.random, context.max_epochs
    population = deque()
    while context.budget.affords(epochs):
        if len(population) < context.options["populationSize"]:
            architecture = space.sample(generator)
        else:
            tournament = [generator.choice(population) for _ in range(context.options["tournamentSize"])]
            accuracy, parent = max(tournament, key=lambda member: member[0])
            architecture = space.mutate(parent, generator)
        evaluation = yield propose(architecture, epochs)
        population.append((evaluation.valid_accuracy, architecture))
        if len(population) > context.options["populationSize"]:
            population.popleft()


if __name__ == "__main__":
    run(search)

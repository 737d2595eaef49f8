"""Random search: the smallest method there is."""

from nas_harness import propose, run


def search(context):
    while context.budget.affords(context.max_epochs):
        yield propose(context.space.sample(context.random), context.max_epochs)


if __name__ == "__main__":
    run(search)

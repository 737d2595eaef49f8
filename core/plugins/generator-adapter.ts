import type { Evaluation, Proposal, Searcher, SearchGenerator } from "./algorithm.ts";

/**
 * A generator search in ask/tell form: each `ask` resumes it with the last evaluation; `answer` gives what it returned, after
 * its `finally` blocks ran.
 */
export function fromGenerator(search: SearchGenerator): Searcher {
  let told: Evaluation | null = null;
  let ended = false;
  let returned: number | null = null;
  return {
    ask() {
      if (ended) return null;
      // The first `next` takes no value: nothing was proposed yet.
      const step = told === null ? search.next(undefined as unknown as Evaluation) : search.next(told);
      if (!step.done) return step.value;
      ended = true;
      returned = step.value ?? null;
      return null;
    },
    tell(_proposal: Proposal, evaluation: Evaluation) {
      told = evaluation;
    },
    answer() {
      // The budget may have ended the run at a yield: the generator's `finally` blocks run now.
      if (!ended) {
        const closing = search.return(null);
        if (!closing.done) throw new Error("the search goes on proposing after the end of its run");
        returned = closing.value ?? null;
      }
      return returned;
    },
  };
}

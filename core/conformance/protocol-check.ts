import type { Protocol, ProtocolSearch } from "../../schemas/generated/protocol.ts";
import { isConstrained } from "../costs/constraints.ts";
import { protocolOfDataset } from "../plugins/dataset-protocol.ts";
import type { LoadedTablePlan } from "../plugins/table-plan-file.ts";
import { builtInProtocols, loadProtocol } from "../protocols/protocol-file.ts";
import { meanEvaluationMs } from "../training/evaluation-cost.ts";
import type { DatasetSubject } from "./dataset-subject.ts";
import type { Check } from "./finding.ts";
import { faultOf } from "./harness-faults.ts";
import { readPlan } from "./recipe-check.ts";

/** What a search asks for that the plan's table will not have. */
function searchFaults(search: ProtocolSearch, dataset: string, { recipes }: LoadedTablePlan): string[] {
  const asked = [
    ...search.fidelities.map((epoch) => ({ dataset: search.dataset, recipe: search.recipe, epoch, of: "it searches" })),
    ...search.report.map(({ column, ...rest }) => ({ ...rest, of: `column ${column} reports` })),
  ];
  const faults = asked.flatMap(({ dataset: named, recipe: id, epoch, of }) => {
    if (named !== dataset) return [`${of} the dataset ${named}, not ${dataset}`];
    const recipe = recipes.find((one) => one.id === id);
    if (recipe === undefined)
      return [`${of} the recipe ${id}; the plan has ${recipes.map((one) => one.id).join(", ")}`];
    return epoch <= recipe.epochs ? [] : [`${of} epoch ${epoch} of the recipe ${id}, which has ${recipe.epochs}`];
  });
  return [...new Set(faults)].map((fault) => `search ${search.id}: ${fault}`);
}

/** How far a budget goes: evaluations of mean cost at the last epoch. None where the plan's cost model does not decide it. */
function budgetFindings(search: ProtocolSearch, subject: DatasetSubject, { plan, recipes }: LoadedTablePlan) {
  const { budget, fidelities, cost } = search;
  const recipe = recipes.find(({ id }) => id === search.recipe);
  if (recipe === undefined || budget.kind !== "simulated-ms" || cost.validation !== "recorded")
    return { faults: [], remarks: [] };
  const { size, channels, classes, ...counts } = subject.plugin.manifest.images;
  const shape = { ...recipe.network, imageSize: size, imageChannels: channels, classes };
  const epochs = Math.max(...fidelities);
  const mean = meanEvaluationMs(recipe, shape, counts, plan.cost, epochs);
  const text = `search ${search.id}: the budget pays for ${(budget.limit / mean).toFixed(1)} evaluations of mean cost at epoch ${epochs} (${mean.toFixed(1)} ms each)`;
  return budget.limit < mean ? { faults: [text], remarks: [] } : { faults: [], remarks: [text] };
}

function protocolFaults(protocol: Protocol, { plugin }: DatasetSubject, plan: LoadedTablePlan): string[] {
  const { benchmark } = plan.plan.table;
  const faults = protocol.searches.flatMap((search) => searchFaults(search, plugin.manifest.name, plan));
  return [
    ...(protocol.table === benchmark ? [] : [`it names the table ${protocol.table}, the plan ${benchmark}`]),
    ...(isConstrained(protocol) ? ["it has constraints, whose cost table does not come with a dataset"] : []),
    ...faults,
  ];
}

/** The check of the protocol that a dataset's manifest names, against the plan of its table. */
export const PROTOCOL_CHECK: Check<DatasetSubject> = {
  name: "protocol",
  title: "the protocol is valid, and asks for what the plan's table will have",
  find: (subject) => {
    const place = protocolOfDataset(subject.plugin);
    if (place === null) return { skipped: "the manifest names no protocol" };
    let protocol: Protocol;
    try {
      protocol = loadProtocol(place);
    } catch (error) {
      return { faults: [faultOf(error)] };
    }
    const builtIn = builtInProtocols();
    const taken =
      !builtIn.includes(place) && builtIn.includes(protocol.id)
        ? [`its id ${protocol.id} is that of a built-in protocol: results of the two could not be told apart`]
        : [];
    const read = readPlan(subject.plugin.folder);
    if (read === null) return { faults: taken, remarks: ["there is no plan to compare it with"] };
    if ("fault" in read)
      return taken.length > 0
        ? { faults: taken }
        : { skipped: "it is valid, but the plan that it should fit can't be read" };
    const faults = [...taken, ...protocolFaults(protocol, subject, read.plan)];
    if (faults.length > 0) return { faults };
    const budgets = protocol.searches.map((search) => budgetFindings(search, subject, read.plan));
    return {
      faults: budgets.flatMap((budget) => budget.faults),
      remarks: budgets.flatMap((budget) => budget.remarks),
    };
  },
};

import path from "node:path";
import { REPOSITORY } from "./shared-data.ts";
import { type Action, readYaml, type Step, type Workflow } from "./workflow.ts";

const workflowNamed = (name: string) => readYaml<Workflow>(path.join(REPOSITORY, `.github/workflows/${name}.yml`));

/** The first stage: a pull request is verified. */
export const verifying = workflowNamed("verify-submission");
/** The second stage: its report becomes a comment. */
export const commenting = workflowNamed("comment-verification");
/** After a merge: statements are written. */
export const recording = workflowNamed("record-verification");
/** The action that verifies. */
export const action = readYaml<Action>(path.join(REPOSITORY, ".github/actions/verify/action.yml"));
/** All workflows, by what they do. */
export const WORKFLOWS = { verifying, commenting, recording };

const stepsOf = (workflow: Workflow) => Object.values(workflow.jobs).flatMap(({ steps }) => steps);
/** Every step of the workflows and of the action. */
export const allSteps: Step[] = [...Object.values(WORKFLOWS).flatMap(stepsOf), ...action.runs.steps];

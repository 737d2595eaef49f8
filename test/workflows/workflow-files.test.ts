import { describe, expect, test } from "vitest";
import { expressionsIn } from "../helpers/workflow-expression.ts";
import { action, allSteps, commenting, verifying, WORKFLOWS } from "../helpers/workflow-files.ts";

describe("the workflows' files", () => {
  test("give each job the least rights", () => {
    const rights = Object.values(WORKFLOWS).map(({ permissions, jobs }) => [
      permissions,
      ...Object.values(jobs).map((job) => job.permissions),
    ]);
    expect(rights).toEqual([
      [{ contents: "read" }, undefined],
      [{}, { actions: "read", contents: "read", "pull-requests": "write" }],
      [{}, { contents: "read" }, { contents: "write" }],
    ]);
  });

  test("put no expression into a script", () => {
    const scripts = allSteps.flatMap(({ run }) => run ?? []);
    expect(scripts.length).toBeGreaterThan(10);
    expect(scripts.flatMap(expressionsIn)).toEqual([]);
  });

  test("name in expressions nothing that others word, except in variables", () => {
    const named = allSteps.flatMap((step) => expressionsIn(JSON.stringify({ ...step, env: undefined })));
    const allowed =
      /^(runner\.temp|github\.(run_attempt|token|event\.(pull_request\.base\.ref|repository\.default_branch|workflow_run\.(run_attempt|id)))|inputs\.\w+|steps\.(range|due)\.outputs\.\w+)$/;
    const conditions = allSteps.flatMap((step) => (step.if === undefined ? [] : expressionsIn(step.if)));
    expect(named.filter((one) => !allowed.test(one) && !conditions.includes(one))).toEqual([]);
    expect(conditions.filter((one) => one.includes("github."))).toEqual([]);
  });

  test("give tokens to steps that call GitHub only, and secrets to none", () => {
    expect(JSON.stringify(WORKFLOWS)).not.toContain("secrets");
    const withToken = allSteps.filter((step) => JSON.stringify(step).includes("github.token"));
    for (const { run, uses } of withToken) expect(run ?? uses).toMatch(/\bgh (api|pr|auth)|actions\/download-artifact/);
    expect(JSON.stringify([verifying, action])).not.toContain("github.token");
  });

  test("check out trusted branches only, and leave no token behind", () => {
    const checkouts = allSteps.filter(({ uses }) => uses?.startsWith("actions/checkout@"));
    expect(checkouts).toHaveLength(4);
    for (const step of checkouts) expect(step.with?.["persist-credentials"]).toBe(false);
    expect(checkouts.map((step) => step.with?.ref)).toEqual([
      expect.stringMatching(/^..\{ github\.event\.pull_request\.base\.ref \}\}$/),
      expect.stringMatching(/^..\{ github\.event\.repository\.default_branch \}\}$/),
      "main",
      "main",
    ]);
    const scripts = allSteps.map(({ run }) => run ?? "").join("\n");
    expect(scripts).not.toMatch(/git (checkout|switch|restore|worktree|merge|reset|read-tree)\b/);
  });

  test("use GitHub's own actions only, and start by the events that they must", () => {
    for (const { uses } of allSteps) {
      if (uses !== undefined)
        expect(uses).toMatch(/^(actions\/[a-z-]+@(v\d+|[0-9a-f]{40})|\.\/\.github\/actions\/verify)$/);
    }
    expect(Object.values(WORKFLOWS).map(({ on }) => Object.keys(on))).toEqual([
      ["pull_request"],
      ["workflow_run"],
      ["push", "workflow_dispatch"],
    ]);
    expect(commenting.on.workflow_run).toMatchObject({ workflows: [verifying.name] });
  });
});

import { describe, expect, test } from "vitest";
import {
  defineExtension,
  type EvaluatedEvent,
  type ExtraColumn,
  HOOK_NAMES,
  type HookName,
  HookTable,
} from "../../core/plugins/hooks.ts";
import { harnessErrorOf } from "../helpers/harness-error-of.ts";

const run = () => ({ protocol: "nas-bench-201", search: "cifar10", method: "rs", runIndex: 0 });
const proposed = () => ({ run: run(), proposal: Object.freeze({ architecture: 6111, epochs: 12 }) });
const evaluated = (): EvaluatedEvent => ({
  run: run(),
  architecture: 6111,
  epochs: 12,
  validAccuracy: 84.5,
  costMs: 156_000,
  spentMs: 156_000,
});
const column = (name: string): ExtraColumn => ({ name, title: name, cell: () => null });

describe("the handle that extensions get", () => {
  test("can tap and nothing else", () => {
    const handle = new HookTable().forExtensions();
    expect(Reflect.ownKeys(handle)).toEqual(["tap"]);
    expect(Object.getPrototypeOf(handle)).toBe(Object.prototype);
    expect(Object.isFrozen(handle)).toBe(true);
    for (const name of ["intercept", "hooks", "call", "taps", "untap", "for"]) expect(name in handle).toBe(false);
  });

  test("reaches no raw hook through the table either", () => {
    const table = new HookTable();
    expect(Reflect.ownKeys(table)).toEqual([]);
    for (const name of HOOK_NAMES) expect(name in table).toBe(false);
  });

  test("gives nothing back for a tap", () => {
    expect(new HookTable().forExtensions().tap("runStarted", "a", () => {})).toBeUndefined();
  });
});

describe("a tap is refused", () => {
  const tap = (...words: unknown[]) => {
    const handle = new HookTable().forExtensions() as { tap: (...words: unknown[]) => void };
    return harnessErrorOf(() => handle.tap(...words));
  };

  test.each(["beforeRun", "", "constructor", "__proto__", "intercept"])("on the unknown hook %j", (hook) => {
    const error = tap(hook, "a", () => {});
    expect(error.code).toBe("NAS_HOOK");
    expect(error.exitCode).toBe(3);
    expect(error.details.what).toBe(`there is no hook "${hook}"`);
    expect(error.details.allowed).toBe(HOOK_NAMES.join(", "));
  });

  test.each([["", "  ", undefined, null, 5, {}]].flat())("with the name %j", (name) => {
    expect(tap("evaluated", name, () => {}).details.what).toBe("a tap needs a name");
  });

  test.each([[undefined, null, "f", {}, []]].flat())("with the listener %j", (listener) => {
    expect(tap("evaluated", "a", listener).details.what).toBe("a tap needs a function");
  });

  test("where its name has tapped that hook already", () => {
    const handle = new HookTable().forExtensions();
    handle.tap("evaluated", "a", () => {});
    handle.tap("proposed", "a", () => undefined);
    handle.tap("evaluated", "b", () => {});
    const error = harnessErrorOf(() => handle.tap("evaluated", "a", () => {}));
    expect(error.details.what).toBe('"a" has tapped this hook already');
    expect(error.details.where).toContain('tap("evaluated", "a"');
  });

  test("also through another handle of the same table, and it leaves no trace", () => {
    const table = new HookTable();
    const heard: string[] = [];
    table.forExtensions().tap("runStarted", "a", () => heard.push("first"));
    harnessErrorOf(() => table.forExtensions().tap("runStarted", "a", () => heard.push("second")));
    table.call("runStarted", run());
    expect(heard).toEqual(["first"]);
  });
});

describe("observing", () => {
  test("every hook reaches its taps in the order of tapping, and only its own", () => {
    const observing = HOOK_NAMES.filter((name) => name !== "proposed" && name !== "leaderboardColumns");
    for (const hook of observing) {
      const table = new HookTable();
      const heard: string[] = [];
      for (const name of observing) {
        for (const tap of ["a", "b"]) table.forExtensions().tap(name, tap, () => void heard.push(`${name}/${tap}`));
      }
      table.call(hook as "runStarted", run());
      expect(heard).toEqual([`${hook}/a`, `${hook}/b`]);
    }
  });

  test("a hook is in use once it is tapped", () => {
    const table = new HookTable();
    const used = () => HOOK_NAMES.filter((name) => table.isUsed(name));
    expect(used()).toEqual([]);
    table.forExtensions().tap("evaluated", "a", () => {});
    expect(used()).toEqual(["evaluated"]);
  });

  test("gets the event, which it can't change: neither the event nor the run", () => {
    const table = new HookTable();
    const events: EvaluatedEvent[] = [];
    table.forExtensions().tap("evaluated", "a", (event) => {
      events.push(event);
      expect(Reflect.set(event, "validAccuracy", 100)).toBe(false);
      expect(Reflect.set(event.run, "method", "mine")).toBe(false);
    });
    table.call("evaluated", evaluated());
    expect(events).toEqual([evaluated()]);
  });

  test("what an observer returns is nothing to anybody", () => {
    const table = new HookTable();
    const heard: string[] = [];
    table.forExtensions().tap("evaluated", "a", (() => "no more") as () => void);
    table.forExtensions().tap("evaluated", "b", () => void heard.push("b"));
    table.call("evaluated", evaluated());
    expect(heard).toEqual(["b"]);
  });

  test.each(HOOK_NAMES)("a tap of %s that throws is named, with its hook", (hook) => {
    const table = new HookTable();
    const listener = () => {
      throw new RangeError("odd");
    };
    table.forExtensions().tap(hook as HookName, "careless", listener as never);
    const error = harnessErrorOf(() => {
      if (hook === "proposed") table.refusalOf(proposed());
      else if (hook === "leaderboardColumns") table.extraColumns();
      else table.call(hook as "runStarted", run());
    });
    expect(error.code).toBe("NAS_HOOK");
    expect(error.details.what).toBe(`extension "careless" threw in hook ${hook}: odd`);
    expect(error.cause).toBeInstanceOf(RangeError);
  });

  test("an async tap is refused, and its own failure goes unheard", async () => {
    const table = new HookTable();
    const listener = async () => {
      throw new Error("later");
    };
    table.forExtensions().tap("runStarted", "slow", listener as unknown as () => void);
    const error = harnessErrorOf(() => table.call("runStarted", run()));
    expect(error.details.what).toContain('extension "slow" returned');
    expect(error.details.allowed).toContain("synchronous");
    await new Promise(setImmediate);
  });
});

describe("refusing a proposal", () => {
  test("nobody refuses: it passes", () => {
    const table = new HookTable();
    expect(table.refusalOf(proposed())).toBeUndefined();
    table.forExtensions().tap("proposed", "a", () => undefined);
    expect(table.refusalOf(proposed())).toBeUndefined();
  });

  test("the first who refuses is named, and later ones are not asked", () => {
    const table = new HookTable();
    const asked: string[] = [];
    const tap = (name: string, answer: string | undefined) =>
      table.forExtensions().tap("proposed", name, () => {
        asked.push(name);
        return answer;
      });
    tap("a", undefined);
    tap("b", "too many parameters");
    tap("c", "never asked");
    expect(table.refusalOf(proposed())).toEqual({ by: "b", reason: "too many parameters" });
    expect(asked).toEqual(["a", "b"]);
  });

  test.each([[true, false, null, 0, 1, "", "  ", {}, ["reason"]]].flat())(
    "a guard that returns %j seems to refuse and does not: an error",
    (answer) => {
      const table = new HookTable();
      table.forExtensions().tap("proposed", "vague", (() => answer) as unknown as () => undefined);
      const error = harnessErrorOf(() => table.refusalOf(proposed()));
      expect(error.code).toBe("NAS_HOOK");
      expect(error.details.what).toContain('extension "vague" returned');
    },
  );

  test("a tap can't change the proposal", () => {
    const table = new HookTable();
    table.forExtensions().tap("proposed", "a", (event) => {
      (event.proposal as { architecture: number }).architecture = 0;
      return undefined;
    });
    expect(harnessErrorOf(() => table.refusalOf(proposed())).details.what).toContain(
      'extension "a" threw in hook proposed',
    );
  });
});

describe("the leaderboard's columns", () => {
  test("are collected one after another", () => {
    const table = new HookTable();
    expect(table.extraColumns()).toEqual([]);
    const [first, second] = [column("first"), column("second")];
    table.forExtensions().tap("leaderboardColumns", "a", (columns) => [...columns, first]);
    table.forExtensions().tap("leaderboardColumns", "silent", (() => undefined) as never);
    table.forExtensions().tap("leaderboardColumns", "b", (columns) => [second, ...columns]);
    expect(table.extraColumns()).toEqual([second, first]);
    expect(table.extraColumns()).toEqual([second, first]);
  });

  test.each<[string, (columns: readonly ExtraColumn[]) => unknown]>([
    ["no list", () => "columns"],
    ["null", () => null],
    ["a list without an earlier column", () => [column("mine")]],
    ["an empty list", () => []],
  ])("%s is an error", (_, listener) => {
    const table = new HookTable();
    table.forExtensions().tap("leaderboardColumns", "a", (columns) => [...columns, column("first")]);
    table.forExtensions().tap("leaderboardColumns", "b", listener as never);
    const error = harnessErrorOf(() => table.extraColumns());
    expect(error.code).toBe("NAS_HOOK");
    expect(error.details.what).toContain('extension "b"');
  });

  test("the list that a tap gets can't be changed in place", () => {
    const table = new HookTable();
    table.forExtensions().tap("leaderboardColumns", "a", (columns) => {
      (columns as ExtraColumn[]).push(column("mine"));
      return columns;
    });
    expect(harnessErrorOf(() => table.extraColumns()).details.what).toContain('extension "a" threw');
  });
});

test("an extension is frozen and says what it is", () => {
  const extension = defineExtension({ name: "size-limit", apply() {} });
  expect(extension).toMatchObject({ kind: "nas-harness/extension", name: "size-limit" });
  expect(Object.isFrozen(extension)).toBe(true);
});

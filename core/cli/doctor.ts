import { installCommand, NATIVE_BACKENDS, nativePackageFolder } from "../training/native-backend.ts";
import { checkBackendApart } from "../training/self-check/backend-check-process.ts";
import type { Check } from "../training/self-check/check.ts";
import { checkDatasets, checkTables } from "./doctor-data.ts";
import { describeMachine, formatMachine } from "./doctor-machine.ts";
import { columns, print, printJson, remark } from "./terminal.ts";

const ENVIRONMENT = 4;

/** Checks of the backends that a user may install. */
async function checkNativeBackends(): Promise<Check[]> {
  const checks: Check[] = [];
  for (const name of NATIVE_BACKENDS) {
    if (nativePackageFolder(name) !== null) {
      checks.push(...(await checkBackendApart(name, false)));
      continue;
    }
    const says = `optional and not installed: ${installCommand(name)}`;
    checks.push({ name: `backend ${name}`, status: "missing", needed: false, says, facts: {} });
  }
  return checks;
}

function formatChecks(checks: readonly Check[]): string {
  const rows = checks.flatMap(({ status, name, says, next }) => [
    [status, name, says],
    ...(next === undefined ? [] : [["", "", `next: ${next}`]]),
  ]);
  return columns([["status", "check", "found"], ...rows]);
}

/** The action of `doctor`; returns the exit code. */
export async function doctorCommand(flags: { json?: true }): Promise<number> {
  if (flags.json !== true) remark("checking; this takes about ten seconds");
  // The wasm backend computes in a process of its own while this one reads files.
  const wasm = checkBackendApart("wasm", true);
  const data = [...(await checkDatasets()), ...checkTables()];
  const checks = [...(await wasm), ...(await checkNativeBackends()), ...data];
  const machine = describeMachine();
  const broken = checks.filter(({ needed, status }) => needed && status !== "ok");
  const ok = broken.length === 0;
  if (flags.json === true) printJson({ ok, machine, backend: "wasm", checks });
  else {
    const verdict = ok
      ? "all that is needed works; training runs on the backend wasm"
      : `does not work: ${broken.map(({ name }) => name).join(", ")}`;
    print(`${formatMachine(machine)}\n\n${formatChecks(checks)}\n\n${verdict}`);
  }
  return ok ? 0 : ENVIRONMENT;
}

/** Entry of a checking process: checks the backend that it is sent and reports each check. */
import type { BackendName } from "../backend.ts";
import { checkBackend } from "./backend-checks.ts";

process.on("disconnect", () => process.exit(0));
process.on("message", async (name: BackendName) => {
  await checkBackend(name, (check) => process.send?.(check));
  process.send?.("done", undefined, undefined, () => process.disconnect());
});

import path from "node:path";
import { type IsolationMode, isolationOf } from "../../core/isolation/isolation-mode.ts";
import { resolveOptions } from "../../core/plugins/options.ts";
import { locateAlgorithm } from "../../core/plugins/plugin-location.ts";
import { loadProtocol } from "../../core/protocols/protocol-file.ts";
import { runSession, type SessionOptions, type SessionResult } from "../../core/records/session.ts";
import { openSearchView } from "../../core/tables/search-view.ts";
import type { Protocol } from "../../schemas/generated/protocol.ts";

/** What a test's session differs in from two runs of rs and rea on the generated table. */
export type SessionChanges = Partial<Omit<SessionOptions, "methods" | "table">> & {
  readonly tableFolder: string;
  /** Names or folders of methods. */
  readonly methods?: readonly string[];
  /** How those that are not built in are kept apart; unless given, they run inside the workers. */
  readonly isolation?: IsolationMode;
  /** In MB; 512 unless given. */
  readonly memoryLimitMb?: number;
};

/** Runs a session for a test; results go to `<output>/<protocol>/<method>`. */
export function runTestSession(
  output: string,
  { tableFolder, methods, isolation = "none", memoryLimitMb = 512, ...changes }: SessionChanges,
): Promise<SessionResult> {
  const protocol: Protocol = changes.protocol ?? loadProtocol("nas-bench-201");
  return runSession({
    protocol,
    methods: (methods ?? ["rs", "rea"]).map((name) => {
      const plugin = locateAlgorithm(name);
      const { guest } = isolationOf(plugin, isolation, memoryLimitMb);
      return { plugin, options: resolveOptions(plugin.manifest, protocol), guest };
    }),
    output,
    table: openSearchView(tableFolder),
    runs: 12,
    jobs: 1,
    runLimitSeconds: 60,
    shard: null,
    extensions: [],
    mode: "new",
    ...changes,
  });
}

/** Path of a method's file below an output folder. */
export function resultFile(output: string, method: string, name: string, protocol = "nas-bench-201"): string {
  return path.join(output, protocol, method, name);
}

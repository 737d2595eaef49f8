import { existsSync, mkdirSync } from "node:fs";
import path from "node:path";
import { runProcess } from "./process.ts";

/** The platforms whose Node.js the npm registry has as a package that runs on them. */
const PLATFORMS = ["linux-x64", "linux-arm64"] as const;

/** A platform as in the names of those packages. */
export type RuntimePlatform = (typeof PLATFORMS)[number];

/** This machine's platform, or null where other versions of Node.js can't be installed for it. */
export const runtimePlatform: RuntimePlatform | null =
  PLATFORMS.find((platform) => platform === `${process.platform}-${process.arch}`) ?? null;

/**
 * Installs a Node.js from the npm registry below a folder; nothing else changes.
 * @param range which versions are meant, e.g. `22` (the newest of these)
 * @param platform what it runs on; may be another one than this machine's
 * @returns path of its binary
 * @throws Error if npm fails
 */
export async function installNode(folder: string, range: string, platform: RuntimePlatform): Promise<string> {
  const prefix = path.join(folder, `${platform}-${range}`);
  mkdirSync(prefix, { recursive: true });
  const [os = "", cpu = ""] = platform.split("-");
  const words = ["install", "--prefix", prefix, "--no-save", "--no-audit", "--no-fund", "--loglevel=error"];
  // --force: npm refuses packages of another platform otherwise, and says so; it installs what is named.
  const foreign = platform === runtimePlatform ? [] : ["--force", `--os=${os}`, `--cpu=${cpu}`];
  const { exitCode, stderr } = await runProcess("npm", [...words, ...foreign, `node-${platform}@${range}`], {
    cwd: prefix,
  });
  const binary = path.join(prefix, "node_modules", `node-${platform}`, "bin", "node");
  if (exitCode !== 0 || !existsSync(binary)) throw new Error(`npm can't install Node.js ${range}: ${stderr}`);
  return binary;
}

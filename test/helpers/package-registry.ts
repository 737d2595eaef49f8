import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll } from "vitest";
import type { NpmPackage, PythonFile } from "./made-up-packages.ts";

/** A registry of npm packages and an index of Python packages on this machine. */
export interface PackageRegistry {
  /** Address of the npm registry. */
  readonly npm: () => string;
  /** Address of the simple index that pip takes. */
  readonly python: () => string;
  /** Paths that were asked for so far. */
  readonly asked: readonly string[];
}

function packument(base: string, { name, manifest, integrity }: NpmPackage): string {
  const { version } = manifest;
  const dist = { integrity, tarball: `${base}/npm/${name}/-/${name}-${version}.tgz` };
  const hasInstallScript = manifest.scripts !== undefined;
  const versions = { [version]: { ...manifest, hasInstallScript, dist } };
  return JSON.stringify({ name, "dist-tags": { latest: version }, versions });
}

/** Serves packages while a file or `describe` block runs. Call it outside of tests. */
export function servePackages(npm: readonly NpmPackage[], python: readonly PythonFile[]): PackageRegistry {
  const asked: string[] = [];
  let base = "";
  const server = createServer((request, response) => {
    const place = decodeURIComponent(request.url ?? "");
    asked.push(place);
    const [, kind, name = "", , file] = place.split("/");
    const found = npm.find((one) => one.name === name);
    const files = python.filter(({ project }) => project === name);
    const links = files.map((one) => `<a href="/files/${one.name}">${one.name}</a>`).join("\n");
    if (kind === "npm" && found !== undefined)
      response.end(file === undefined ? packument(base, found) : found.archive);
    else if (kind === "simple" && files.length > 0) response.setHeader("content-type", "text/html").end(links);
    else if (kind === "files") response.end(python.find((one) => one.name === name)?.bytes);
    else response.writeHead(404).end("{}");
  });
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  return { npm: () => `${base}/npm/`, python: () => `${base}/simple/`, asked };
}

import { writeFileSync } from "node:fs";
import path from "node:path";
import {
  DEPENDENCY_FIELDS,
  type Dependencies,
  dependenciesOf,
  type Fields,
  isFields,
} from "../plugins/npm-dependencies.ts";
import type { NpmLock } from "../plugins/npm-lock.ts";
import type { Installer } from "./installer-process.ts";

/** Folder below the plugin's in which npm puts packages. */
export const NPM_PACKAGES = "node_modules";

/** What npm needs of an entry besides its dependencies: which package it is, and for which machines. */
const TEXTS = ["name", "version", "integrity"] as const;
const FLAGS = ["optional", "devOptional", "peer"] as const;
const LISTS = ["os", "cpu", "libc"] as const;

const isTexts = (value: unknown) => Array.isArray(value) && value.every((one) => typeof one === "string");

/** Names of the peers that a package can do without. */
function optionalPeers({ peerDependenciesMeta: meta }: Fields): string[] {
  if (!isFields(meta)) return [];
  return Object.keys(meta).filter((name) => (meta[name] as { optional?: unknown } | null)?.optional === true);
}

/** The dependencies of a package.json or an entry, without the harness. */
function dependencyFields(fields: Fields): Record<string, Dependencies | Record<string, { optional: true }>> {
  const meta = optionalPeers(fields).map((name) => [name, { optional: true }] as const);
  return {
    ...Object.fromEntries(DEPENDENCY_FIELDS.map((field) => [field, dependenciesOf(fields, field)])),
    peerDependenciesMeta: Object.fromEntries(meta),
  };
}

function picked(entry: Fields): Record<string, unknown> {
  const names = [
    ...TEXTS.filter((name) => typeof entry[name] === "string"),
    ...FLAGS.filter((name) => entry[name] === true),
    ...LISTS.filter((name) => isTexts(entry[name])),
  ];
  return { ...Object.fromEntries(names.map((name) => [name, entry[name]])), ...dependencyFields(entry) };
}

/**
 * The package.json and package-lock.json that npm is given in place of the plugin's: what they need to say and no more. So
 * no script, workspace or field that a newer npm may know comes from the plugin; the harness, which brings itself, is not
 * looked for in the registry; and without `resolved` npm asks its own registry for every archive, no other address.
 */
export function npmDocuments({ manifest, packages }: NpmLock): { manifest: object; lock: object } {
  const root = { name: "plugin", version: "0.0.0", ...dependencyFields(manifest) };
  const entries = [...packages].map(([place, entry]) => [place, picked(entry)]);
  const all = { "": root, ...Object.fromEntries(entries) };
  return { manifest: root, lock: { lockfileVersion: 3, requires: true, packages: all } };
}

/**
 * How npm installs a lock. Its own words on the command line count more than anybody's settings.
 * @param folder an empty folder; the packages are below {@link NPM_PACKAGES} in it afterwards
 * @throws the system's error if the documents can't be written
 */
export function npmInstaller(lock: NpmLock, folder: string): Installer {
  const documents = npmDocuments(lock);
  writeFileSync(path.join(folder, "package.json"), JSON.stringify(documents.manifest));
  writeFileSync(path.join(folder, "package-lock.json"), JSON.stringify(documents.lock));
  return {
    title: "npm ci",
    program: "npm",
    args: [
      "ci",
      // A package.json further up that calls this folder its workspace would make its .npmrc count.
      ...["--prefix", folder, "--location=project"],
      // No code of a package runs, and no git, whose repositories have scripts of their own.
      ...["--ignore-scripts", "--git=no-git-for-plugins"],
      // A search is a module or a program with a path; nothing calls a package's program by its name.
      "--no-bin-links",
      ...["--omit=dev", "--install-strategy=hoisted", "--no-audit", "--no-fund", "--no-update-notifier"],
      ...["--no-progress", "--no-color"],
    ],
    env: {},
    missing: "npm comes with Node.js; put it into $PATH",
  };
}

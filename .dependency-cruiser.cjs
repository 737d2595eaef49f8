/**
 * Import directions of docs/architecture.md. Each layer may import itself and the layers below it, nothing above.
 */
const layers = [
  { name: "foundations", path: "^core/(errors|random|space|files|downloads)/" },
  { name: "tables-and-protocols", path: "^core/(tables|costs|protocols)/" },
  { name: "importers-and-training", path: "^core/(importers|exporters|training)/" },
  { name: "plugins-isolation-scaffold", path: "^core/(plugins|isolation|scaffold)/" },
  { name: "runner", path: "^core/runner/" },
  { name: "results", path: "^core/(records|statistics|verify|conformance)/" },
  { name: "leaderboard", path: "^leaderboard/" },
  { name: "cli", path: "^core/cli/" },
];

const upward = layers.slice(0, -1).map((layer, at) => ({
  name: `${layer.name}-imports-nothing-above`,
  comment:
    "Data goes one way: space, random, errors <- tables, protocols <- importers, training <- plugins, isolation, scaffold <- runner <- records, statistics, conformance, verify <- leaderboard <- cli.",
  severity: "error",
  from: { path: layer.path },
  to: {
    path: layers
      .slice(at + 1)
      .map(({ path }) => path)
      .join("|"),
  },
}));

const between = (name, from, to, comment) => ({
  name,
  severity: "error",
  comment,
  from: { path: from },
  to: { path: to },
});

module.exports = {
  forbidden: [
    ...upward,
    between(
      "space-needs-only-errors-and-random",
      "^core/space/",
      "^core/(files|downloads)/",
      "The space knows no files.",
    ),
    between(
      "files-fetch-nothing",
      "^core/files/",
      "^core/downloads/",
      "Downloads write files, not the other way round.",
    ),
    between(
      "errors-import-nothing",
      "^core/errors/",
      "^core/(random|space|files|downloads)/",
      "Every other folder imports errors.",
    ),
    between(
      "records-know-no-statistics",
      "^core/records/",
      "^core/(statistics|verify)/",
      "Statistics read records, not the other way round.",
    ),
    between(
      "statistics-know-no-verification",
      "^core/statistics/",
      "^core/verify/",
      "Verification recomputes statistics.",
    ),
    {
      name: "test-values-stay-away-from-queries",
      severity: "error",
      comment: "Test values never enter a process that answers queries (decision 3).",
      from: {
        path: "^core/(plugins|isolation|runner|protocols)/|^core/training/(?!build/)|^core/records/(session|record|record-file)\\.ts$|^plugins/",
      },
      to: { path: "^core/tables/(test-view|reported-values)\\.ts$", reachable: true },
    },
    {
      name: "plugins-import-only-the-public-entry",
      severity: "error",
      comment: "The reference methods use nothing that a third party could not.",
      from: { path: "^plugins/" },
      to: { path: "^(core|schemas|leaderboard)/", pathNot: "^core/(public-entry|testing-entry)\\.ts$" },
    },
    {
      name: "no-cycles",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "no-orphans",
      severity: "error",
      from: {
        orphan: true,
        pathNot:
          "(worker|reveal-process|node-guest|dataset-guest|dataset-digest-process|generate|build|bin|parity)\\.(ts|js)$|\\.d\\.ts$|generated/",
      },
      to: {},
    },
    { name: "resolvable", severity: "error", from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^leaderboard/submissions/|^schemas/generated/|^core/training/kernels/assembly/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default"],
      extensions: [".ts", ".js", ".cjs"],
    },
  },
};

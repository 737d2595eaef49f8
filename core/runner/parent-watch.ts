import { Worker } from "node:worker_threads";

// A thread of its own: a method that never returns holds the main one. As a text, so that it costs no loading of sources.
const WATCH = `
const { workerData: parent } = require("node:worker_threads");
setInterval(() => {
  let gone = process.ppid !== parent;
  try {
    process.kill(parent, 0);
  } catch (error) {
    gone ||= error.code === "ESRCH";
  }
  if (gone) process.kill(process.pid, "SIGKILL");
}, 1000);
`;

/**
 * Ends this process within about a second once its parent is gone, whatever it is doing. Without it a run that never
 * returns would go on for ever after a kill of the command that started it: nobody is left to enforce its limit.
 */
export function endWithParent(): void {
  new Worker(WATCH, { eval: true, workerData: process.ppid }).unref();
}

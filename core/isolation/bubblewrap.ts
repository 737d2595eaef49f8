import { spawnSync } from "node:child_process";
import { existsSync, lstatSync, readlinkSync } from "node:fs";

/** What a box shows. */
export interface BoxView {
  /** Files and folders that are shown, read-only, under their own paths. */
  readonly readable: readonly string[];
  /** Folders that are empty even if the system's folders hold them, but for what is readable: an installed harness. */
  readonly hidden?: readonly string[];
  /** Working directory. */
  readonly cwd: string;
}

const SYSTEM_FOLDERS = ["/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"];
const SYSTEM_FILES = [
  "/etc/ld.so.cache",
  "/etc/ld.so.conf",
  "/etc/ld.so.conf.d",
  "/etc/alternatives",
  "/etc/localtime",
];

/** What a box may write to. It lies in memory, where no limit of a process counts it. */
const SMALL_FOLDERS = ["/tmp", "/dev/shm"];
const SMALL_FOLDER_BYTES = 67_108_864;
/**
 * bubblewrap leaves these writable: /dev as a file system in memory without a limit, and in /proc the kernel's settings, which
 * are the whole machine's and belong to root, in a box too.
 */
const LOCKED_MOUNTS = ["/dev", "/proc", "/"];

/** The system's programs and libraries; on most systems /bin and /lib are links into /usr. */
function systemBinds(): string[] {
  const folders = SYSTEM_FOLDERS.filter((folder) => existsSync(folder)).flatMap((folder) =>
    lstatSync(folder).isSymbolicLink() ? ["--symlink", readlinkSync(folder), folder] : ["--ro-bind", folder, folder],
  );
  return ["--ro-bind", "/usr", "/usr", ...folders, ...SYSTEM_FILES.flatMap((file) => ["--ro-bind-try", file, file])];
}

/**
 * Arguments of `bwrap` before the program: no network, no other processes in sight, an empty home, nothing writable that
 * outlives the box, nothing readable but the system and what the view names.
 */
export function boxArguments({ readable, hidden = [], cwd }: BoxView): string[] {
  const masked = hidden.filter((folder) => folder.startsWith("/usr/"));
  return [
    ...["--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL"],
    ...systemBinds(),
    ...["--proc", "/proc", "--dev", "/dev"],
    ...SMALL_FOLDERS.flatMap((folder) => ["--size", `${SMALL_FOLDER_BYTES}`, "--tmpfs", folder]),
    ...masked.flatMap((folder) => ["--tmpfs", folder]),
    ...readable.flatMap((path) => ["--ro-bind", path, path]),
    ...[...masked, ...LOCKED_MOUNTS].flatMap((mount) => ["--remount-ro", mount]),
    ...["--chdir", cwd],
  ];
}

let lack: string | null | undefined;

/** Why this machine makes no boxes, or null if it does; tried once. */
export function whyNoBox(): string | null {
  if (lack !== undefined) return lack;
  const { status, stderr, error } = spawnSync("bwrap", [...boxArguments({ readable: [], cwd: "/" }), "true"], {
    encoding: "utf8",
    timeout: 20_000,
  });
  if (status === 0) lack = null;
  else if ((error as NodeJS.ErrnoException | undefined)?.code === "ENOENT") lack = "the program bwrap is not installed";
  else lack = `bwrap can't make one: ${(stderr || error?.message || `exit code ${status}`).trim().split("\n")[0]}`;
  return lack;
}

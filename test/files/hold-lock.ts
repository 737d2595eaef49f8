/** A process that takes a folder's lock, says so, and keeps it until it is killed. Its one argument is the folder. */
import { lockFolder } from "../../core/files/folder-lock.ts";

lockFolder(process.argv[2] as string);
process.stdout.write("held\n");
setInterval(() => {}, 1000);

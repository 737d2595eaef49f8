import { type MessagePort, parentPort } from "node:worker_threads";
import { blockDecoder } from "./block-decoder.ts";

/** A block to unpack; answered in order by its content, or by a text that says why it is broken. */
export interface BlockRequest {
  readonly bytes: Uint8Array;
  readonly level: number;
}

const port = parentPort as MessagePort;
const decoder = await blockDecoder();

port.on("message", ({ bytes, level }: BlockRequest) => {
  const content = decoder.decode(bytes, level);
  port.postMessage(content, typeof content === "string" ? [] : [content.buffer]);
});

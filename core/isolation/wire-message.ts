import * as validators from "../../schemas/generated/validators.cjs";
import type {
  WireAnswer,
  WireAsk,
  WireCancel,
  WireError,
  WireFinish,
  WireHello,
  WireReady,
  WireStart,
  WireStop,
  WireTell,
} from "../../schemas/generated/wire-message.ts";
import { HarnessError, messageOf } from "../errors/harness-error.ts";
import { explainFaults } from "../files/schema-faults.ts";

/** The version of the wire protocol that this harness speaks. */
export const WIRE_VERSION = 1;

/** What the harness sends. */
export type HostMessage = WireHello | WireStart | WireTell | WireFinish | WireCancel | WireStop;

/** What a method's process sends. */
export type GuestMessage = WireReady | WireAsk | WireAnswer | WireError;

const GUEST_VALIDATORS = {
  ready: validators.wireReady,
  ask: validators.wireAsk,
  answer: validators.wireAnswer,
  error: validators.wireError,
} as const;

const HOST_VALIDATORS = {
  hello: validators.wireHello,
  start: validators.wireStart,
  tell: validators.wireTell,
  finish: validators.wireFinish,
  cancel: validators.wireCancel,
  stop: validators.wireStop,
} as const;

/** A text of bounded length that may be stored and shown: nothing in it may move a terminal's cursor. */
function harmless(text: string): string {
  return messageOf(text.replace(/\p{Cc}/gu, (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, "0")}`));
}

/** The start of a line, for messages. */
function shown(line: string): string {
  const cut = line.length > 120 ? `${line.slice(0, 117)}...` : line;
  return harmless(JSON.stringify(cut.toWellFormed()));
}

function explained(validator: validators.Validator): string {
  try {
    return harmless(explainFaults(validator.errors ?? []).join("; "));
  } catch (thrown) {
    if (!(thrown instanceof RangeError)) throw thrown;
    // Parsing takes any depth, but a value thousands deep overflows the stack when it is shown.
    return "a value is nested too deeply";
  }
}

function faulty(line: string, what: string): HarnessError {
  return new HarnessError("NAS_GUEST_MESSAGE", {
    what,
    where: shown(line),
    allowed: "one JSON document a line, as schemas/wire-message.schema.json describes them",
    next: "docs/wire-protocol.md shows each message; what a method prints for people belongs on stderr",
  });
}

type Validators = Readonly<Record<string, validators.Validator>>;

function read(line: string, known: Validators, sender: string): unknown {
  let message: unknown;
  try {
    message = JSON.parse(line);
  } catch {
    throw faulty(line, `${sender} sent a line that is no JSON`);
  }
  const type = (message as { type?: unknown } | null)?.type;
  const validator = typeof type === "string" && Object.hasOwn(known, type) ? known[type] : undefined;
  if (validator === undefined) {
    const kinds = Object.keys(known).join(", ");
    throw faulty(line, `${sender} sent a message that is of none of the types ${kinds}`);
  }
  if (validator(message)) return message;
  throw faulty(line, `${sender} sent a faulty message "${type}": ${explained(validator)}`);
}

/** Reads a line that a method's process sent. @throws NAS_GUEST_MESSAGE */
export function readGuestMessage(line: string): GuestMessage {
  return read(line, GUEST_VALIDATORS, "the method") as GuestMessage;
}

/** Reads a line that the harness sent. @throws NAS_GUEST_MESSAGE */
export function readHostMessage(line: string): HostMessage {
  return read(line, HOST_VALIDATORS, "the harness") as HostMessage;
}

/** A message as a line, with its line feed. */
export function formatMessage(message: HostMessage | GuestMessage): string {
  return `${JSON.stringify(message)}\n`;
}

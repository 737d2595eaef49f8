import { HarnessError } from "../errors/harness-error.ts";
import { CODE_OF_INDEX, INDEX_OF_CODE } from "./official-order.ts";
import { ARCHITECTURE_COUNT, EDGES, OPERATIONS, type Operation } from "./operations.ts";

/** An architecture: its official index, an integer from 0 to 15624, the same in NAS-Bench-201 and NATS-Bench (tss). */
export type Architecture = number;

/** One digit of an enumeration code is worth this much, by edge. */
export const CODE_WEIGHTS: readonly number[] = [3125, 625, 125, 25, 5, 1];

const FORM = "|op~0|+|op~0|op~1|+|op~0|op~1|op~2|";
const LONGEST_SHOWN = 200;
const LONGEST_NAME = 40;

/** Text for a message: control characters as one visible character each, so that a caret stays below its place. */
function visible(text: string, longest: number): string {
  const cut = text.length > longest ? `${text.slice(0, longest)}...` : text;
  return cut.replace(/\p{Cc}/gu, (control) => String.fromCharCode(0x2400 + (control.charCodeAt(0) % 0x21)));
}

/** The choice on an edge of an enumeration code: 0 to 4, a position in {@link OPERATIONS}. */
export function digitOfCode(code: number, edge: number): number {
  return Math.trunc(code / (CODE_WEIGHTS[edge] as number)) % OPERATIONS.length;
}

/** True for an integer from 0 to 15624. */
export function isArchitecture(value: unknown): value is Architecture {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value < ARCHITECTURE_COUNT;
}

/**
 * The choices of an architecture, one integer from 0 to 4 an edge (shape [6]; a position in {@link OPERATIONS}).
 * @throws NAS_ARCHITECTURE_INDEX
 */
export function choicesOf(architecture: Architecture): number[] {
  const code = CODE_OF_INDEX[checkedIndex(architecture)] as number;
  return CODE_WEIGHTS.map((_, edge) => digitOfCode(code, edge));
}

/**
 * The architecture with these choices, one integer from 0 to 4 an edge (shape [6]).
 * @throws NAS_ARCHITECTURE_INDEX
 */
export function fromChoices(choices: ArrayLike<number>): Architecture {
  let code = 0;
  for (let edge = 0; edge < EDGES.length; edge++) {
    const choice = choices[edge] as number;
    if (choices.length !== EDGES.length || !Number.isInteger(choice) || choice < 0 || choice >= OPERATIONS.length) {
      throw new HarnessError("NAS_ARCHITECTURE_INDEX", {
        what: `choices [${Array.from(choices).join(", ")}] do not name an architecture`,
        allowed: `${EDGES.length} integers from 0 to ${OPERATIONS.length - 1}, in the edge order 1<-0, 2<-0, 2<-1, 3<-0, 3<-1, 3<-2`,
      });
    }
    code += choice * (CODE_WEIGHTS[edge] as number);
  }
  return INDEX_OF_CODE[code] as number;
}

/** The operations of an architecture by name, shape [6]. @throws NAS_ARCHITECTURE_INDEX */
export function operationsOf(architecture: Architecture): Operation[] {
  return choicesOf(architecture).map((choice) => OPERATIONS[choice] as Operation);
}

/** The architecture string, e.g. `|nor_conv_3x3~0|+|none~0|nor_conv_3x3~1|+|…|`. @throws NAS_ARCHITECTURE_INDEX */
export function formatArchitecture(architecture: Architecture): string {
  const operations = operationsOf(architecture);
  return [1, 2, 3]
    .map((node) => {
      const parts = EDGES.flatMap((edge, at) => (edge.to === node ? [`${operations[at]}~${edge.from}`] : []));
      return `|${parts.join("|")}|`;
    })
    .join("+");
}

/**
 * Reads an architecture string strictly: no other spelling, spacing or order of the same cell is accepted, because a
 * string that two tools read differently is two architectures.
 * @throws NAS_ARCHITECTURE_SYNTAX with a caret under the first wrong character
 */
export function parseArchitecture(text: string): Architecture {
  let at = 0;
  const choices: number[] = [];
  const fail = (what: string, allowed: string): never => {
    throw new HarnessError("NAS_ARCHITECTURE_SYNTAX", {
      what: `${what} (character ${at + 1})`,
      where: `${visible(text, Math.max(LONGEST_SHOWN, at + 1))}\n${" ".repeat(at)}^`,
      allowed,
      next: `the form is ${FORM} with op one of ${OPERATIONS.join(", ")}`,
    });
  };
  const refuseSpace = () => {
    if (/\s/.test(text[at] ?? "")) fail("a space does not belong here", "no white space at all");
  };
  const expect = (literal: string) => {
    refuseSpace();
    if (!text.startsWith(literal, at)) {
      fail(`expected "${literal}", found ${at < text.length ? `"${text[at]}"` : "the end"}`, `"${literal}"`);
    }
    at += literal.length;
  };
  for (const [position, edge] of EDGES.entries()) {
    const opensNode = position === 0 || EDGES[position - 1]?.to !== edge.to;
    if (opensNode && position > 0) expect("+");
    if (opensNode) expect("|");
    const name = /^[^~|+]*/.exec(text.slice(at))?.[0] ?? "";
    const choice = OPERATIONS.indexOf(name as Operation);
    if (choice < 0) {
      if (/\s/.test(name)) at += name.search(/\s/);
      refuseSpace();
      fail(`unknown operation "${visible(name, LONGEST_NAME)}"`, OPERATIONS.join(", "));
    }
    choices.push(choice);
    at += name.length;
    expect("~");
    refuseSpace();
    const node = /^\d+/.exec(text.slice(at))?.[0] ?? "";
    if (node !== String(edge.from)) {
      fail(
        `wrong input node "${visible(node || (text[at] ?? ""), LONGEST_NAME)}"`,
        `node ${edge.from} (this is edge ${edge.to}<-${edge.from})`,
      );
    }
    at += node.length;
    expect("|");
  }
  refuseSpace();
  if (at < text.length)
    fail(`unexpected "${visible(text.slice(at), LONGEST_NAME)}" after the cell`, "the end of the string");
  return fromChoices(choices);
}

/**
 * What a user typed for an architecture: a string of the space or an index in digits.
 * @throws NAS_ARCHITECTURE_SYNTAX, NAS_ARCHITECTURE_INDEX
 */
export function parseArchitectureOrIndex(text: string): Architecture {
  if (/^[+-]?\d[\d.eE+-]*$/.test(text)) return checkedIndex(/^\d{1,9}$/.test(text) ? Number(text) : Number.NaN, text);
  return parseArchitecture(text);
}

/** Returns the index, or throws NAS_ARCHITECTURE_INDEX. */
export function checkedIndex(index: number, shown: unknown = index): Architecture {
  if (isArchitecture(index)) return index;
  throw new HarnessError("NAS_ARCHITECTURE_INDEX", {
    what: `${String(shown)} is not an architecture index`,
    allowed: `an integer from 0 to ${ARCHITECTURE_COUNT - 1}`,
    next: `give an index, or a string of the form ${FORM}`,
  });
}

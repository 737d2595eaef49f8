/** What an expression of a workflow can give here. */
export type Value = string | number | boolean | null | { readonly [name: string]: Value };

/** The contexts that expressions of a step may name, and how the steps before it ended. */
export interface ExpressionScope {
  readonly contexts: { readonly [name: string]: Value };
  readonly hasFailed: boolean;
}

const TOKEN = /\s*(?:('(?:[^']|'')*')|(==|!=|&&|\|\||[!().,])|([A-Za-z_][\w-]*)|(\d+))/y;

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (match === null) throw new SyntaxError(`expression "${text}", character ${at}`);
    tokens.push(match[0].trim());
  }
  return tokens;
}

const isTrue = (value: Value) => value !== null && value !== "" && value !== false && value !== 0;

/** Evaluates the part of GitHub's expressions that the workflows use; anything else is an error, never a guess. */
class Parser {
  readonly #tokens: readonly string[];
  readonly #scope: ExpressionScope;
  #at = 0;

  constructor(text: string, scope: ExpressionScope) {
    this.#tokens = tokensOf(text);
    this.#scope = scope;
  }

  whole(): Value {
    const value = this.#or();
    if (this.#at < this.#tokens.length) throw new SyntaxError(`"${this.#tokens[this.#at]}" in an expression`);
    return value;
  }

  #take(token: string): boolean {
    if (this.#tokens[this.#at] !== token) return false;
    this.#at++;
    return true;
  }

  #demand(token: string): void {
    if (!this.#take(token)) throw new SyntaxError(`"${token}" is missing in an expression`);
  }

  #or(): Value {
    let value = this.#and();
    while (this.#take("||")) {
      const right = this.#and();
      value = isTrue(value) ? value : right;
    }
    return value;
  }

  #and(): Value {
    let value = this.#comparison();
    while (this.#take("&&")) {
      const right = this.#comparison();
      value = isTrue(value) ? right : value;
    }
    return value;
  }

  #comparison(): Value {
    const left = this.#unary();
    for (const sign of ["==", "!="]) {
      if (this.#take(sign)) {
        // GitHub takes what is not there for an empty text.
        return ((left ?? "") === (this.#unary() ?? "")) === (sign === "==");
      }
    }
    return left;
  }

  #unary(): Value {
    if (this.#take("!")) return !isTrue(this.#unary());
    if (this.#take("(")) {
      const value = this.#or();
      this.#demand(")");
      return value;
    }
    const token = this.#tokens[this.#at++] ?? "";
    if (token.startsWith("'")) return token.slice(1, -1).replaceAll("''", "'");
    if (/^\d/.test(token)) return Number(token);
    if (token === "true" || token === "false") return token === "true";
    return this.#take("(") ? this.#status(token) : this.#property(token);
  }

  #status(name: string): boolean {
    this.#demand(")");
    if (name === "always") return true;
    if (name === "cancelled") return false;
    if (name === "success") return !this.#scope.hasFailed;
    if (name === "failure") return this.#scope.hasFailed;
    throw new SyntaxError(`function ${name} in an expression`);
  }

  #property(context: string): Value {
    if (!Object.hasOwn(this.#scope.contexts, context)) throw new SyntaxError(`context ${context} in an expression`);
    let value = this.#scope.contexts[context] ?? null;
    while (this.#take(".")) {
      const name = this.#tokens[this.#at++] ?? "";
      value = typeof value === "object" && value !== null && Object.hasOwn(value, name) ? (value[name] ?? null) : null;
    }
    return value;
  }
}

/** The value of an expression. @throws SyntaxError for what is not understood here */
export function evaluate(text: string, scope: ExpressionScope): Value {
  return new Parser(text, scope).whole();
}

/** Every `${{ … }}` of a text. */
export function expressionsIn(text: string): string[] {
  return Array.from(text.matchAll(/\$\{\{(.*?)\}\}/gs), ([, inner]) => (inner ?? "").trim());
}

/** A text with its `${{ … }}` replaced by their values. */
export function interpolate(text: string, scope: ExpressionScope): string {
  return text.replace(/\$\{\{(.*?)\}\}/gs, (_, inner: string) => {
    const value = evaluate(inner, scope);
    if (typeof value === "object" && value !== null) throw new TypeError(`${inner} is no plain value`);
    return `${value ?? ""}`;
  });
}

/** Whether a step or job with this condition runs: without a function of status it needs success. */
export function holds(condition: string | undefined, scope: ExpressionScope): boolean {
  if (condition === undefined) return !scope.hasFailed;
  const [whole] = expressionsIn(condition);
  const inner = whole !== undefined && condition.trim() === `\${{ ${whole} }}` ? whole : condition;
  const hasStatus = /\b(always|cancelled|success|failure)\(/.test(inner);
  return (hasStatus || !scope.hasFailed) && isTrue(evaluate(inner, scope));
}

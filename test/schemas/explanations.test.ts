import { Ajv } from "ajv";
import { expect, test } from "vitest";
import { explainFaults } from "../../core/files/schema-faults.ts";

function explain(schema: object, data: unknown, at?: string): string[] {
  const validate = new Ajv({ strict: false, allErrors: true, verbose: true }).compile(schema);
  return validate(data) ? [] : explainFaults(validate.errors ?? [], at);
}

const properties = (fields: object) => ({ type: "object", additionalProperties: false, properties: fields });

test.each<[string, object, unknown, string[]]>([
  ["type", { type: "integer" }, "ten", ['the document: "ten" is not of type integer']],
  ["one of two types", { type: ["integer", "null"] }, true, ["the document: true is not of type integer or null"]],
  ["minimum", properties({ a: { minimum: 2 } }), { a: 1 }, ["a: 1 is less than 2"]],
  ["maximum", properties({ a: { maximum: 2 } }), { a: 3 }, ["a: 3 is more than 2"]],
  ["exclusiveMinimum", properties({ a: { exclusiveMinimum: 0 } }), { a: 0 }, ["a: 0 is not more than 0"]],
  ["exclusiveMaximum", properties({ a: { exclusiveMaximum: 1 } }), { a: 1 }, ["a: 1 is not less than 1"]],
  ["an empty text", properties({ a: { minLength: 1 } }), { a: "" }, ['a: "" is empty']],
  ["a short text", properties({ a: { minLength: 3 } }), { a: "ab" }, ['a: "ab" has fewer characters than 3']],
  ["a long text", properties({ a: { maxLength: 1 } }), { a: "ab" }, ['a: "ab" has more characters than 1']],
  ["an empty list", properties({ a: { minItems: 1 } }), { a: [] }, ["a: [] is empty"]],
  ["a long list", properties({ a: { maxItems: 1 } }), { a: [1, 2] }, ["a: [1,2] has more entries than 1"]],
  ["uniqueItems", properties({ a: { uniqueItems: true } }), { a: [1, 1] }, ["a: [1,1] names an entry twice"]],
  ["too few fields", properties({ a: { minProperties: 2 } }), { a: {} }, ["a: {} has fewer fields than 2"]],
  [
    "too many fields",
    properties({ a: { maxProperties: 1 } }),
    { a: { b: 1, c: 2 } },
    ['a: {"b":1,"c":2} has more fields than 1'],
  ],
  [
    "pattern",
    properties({ a: { pattern: "^x", description: "A word with x." } }),
    { a: "y" },
    ['a: "y" is not of the form ^x (A word with x)'],
  ],
  ["enum", properties({ a: { enum: ["x", 1] } }), { a: "y" }, ['a: "y" is not allowed; one of "x", 1']],
  ["const", properties({ a: { const: 1 } }), { a: 2 }, ["a: 2 is not allowed; it must be 1"]],
  ["required", { required: ["a"] }, {}, ['the document: the field "a" is missing']],
  ["unknown field", properties({ a: {}, b: {} }), { c: 1 }, ['the document: unknown field "c"; allowed are a, b']],
  ["unknown field where none is allowed", properties({}), { c: 1 }, ['the document: unknown field "c"']],
  [
    "a keyword without words of its own",
    properties({ a: { multipleOf: 2 } }),
    { a: 3 },
    ["a: 3 must be multiple of 2"],
  ],
])("%s", (_, schema, data, sentences) => {
  expect(explain(schema, data)).toEqual(sentences);
});

test("all faults are told, in order and without repeats", () => {
  const item = { type: "object", required: ["n"], properties: { n: { type: "integer" } } };
  const schema = { ...properties({ list: { items: item }, name: { minLength: 1 } }), required: ["id"] };
  const twice = { allOf: [schema, schema] };
  expect(explain(twice, { list: [{}, { n: 1.5 }], name: "", extra: 0 })).toEqual([
    'the document: the field "id" is missing',
    'the document: unknown field "extra"; allowed are list, name',
    'list[0]: the field "n" is missing',
    "list[1].n: 1.5 is not of type integer",
    'name: "" is empty',
  ]);
});

test("a fraction that is also out of range is one fault", () => {
  expect(explain({ type: "integer", minimum: 1 }, 0.5)).toEqual(["the document: 0.5 is not of type integer"]);
});

test("of alternatives, the one whose kind of value was given is explained", () => {
  const share = { type: "object", required: ["share"], properties: { share: { maximum: 1 } } };
  for (const keyword of ["oneOf", "anyOf"]) {
    const schema = properties({ cost: { [keyword]: [{ const: "recorded" }, share] } });
    expect(explain(schema, { cost: { share: 2 } })).toEqual(["cost.share: 2 is more than 1"]);
    expect(explain(schema, { cost: {} })).toEqual(['cost: the field "share" is missing']);
    expect(explain(schema, { cost: "free" })).toEqual([
      'cost: "free" is not allowed; it must be "recorded" or of type object',
    ]);
  }
});

test("two alternatives that both fit are told", () => {
  const [sentence, ...others] = explain({ oneOf: [{ minimum: 0 }, { maximum: 9 }] }, 5);
  expect(others).toEqual([]);
  expect(sentence).toMatch(/^the document: 5 /);
});

test("paths are readable", () => {
  const schema = { additionalProperties: { items: { additionalProperties: { type: "null" } } } };
  expect(explain(schema, { "a.b": [{ c: 1 }], "d/e~f": [{}, { g: 1 }] })).toEqual([
    '["a.b"][0].c: 1 is not of type null',
    '["d/e~f"][1].g: 1 is not of type null',
  ]);
  expect(explain({ required: ["x"] }, {}, "/settings/nats-bench")).toEqual([
    'settings.nats-bench: the field "x" is missing',
  ]);
});

test("long values are cut", () => {
  const [sentence] = explain({ type: "null" }, "x".repeat(1000));
  expect(sentence?.length).toBeLessThan(120);
});

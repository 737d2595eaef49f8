import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { groupedNumber, signedText } from "../../leaderboard/generator/figures.ts";
import { html } from "../../leaderboard/generator/html.ts";
import { csvField, escapeHtml, escapeLatex, escapeMarkdown, plainText } from "../../leaderboard/generator/text.ts";

const anyText = fc.string({ unit: "grapheme", maxLength: 40 });

describe("text of others", () => {
  test("loses control characters, line ends, overrides of direction and halves of pairs", () => {
    expect(plainText("a\u0000b\u001b[31mc\nd\u2028e\u202ef\ud800g")).toBe(
      "a\uFFFDb\uFFFD[31mc\uFFFDd\uFFFDe\uFFFDf\uFFFDg",
    );
    expect(plainText("Größe – 模型 ✓")).toBe("Größe – 模型 ✓");
  });

  test("is no HTML, wherever a template puts it", () => {
    expect(html`<p title="${`"'<&`}">${"<script>"}</p>`.text).toBe(
      '<p title="&quot;&#39;&lt;&amp;">&lt;script&gt;</p>',
    );
    expect(html`${["<", html`<b>${">"}</b>`, null, 5]}`.text).toBe("&lt;<b>&gt;</b>5");
    fc.assert(
      fc.property(anyText, (text) => {
        expect(escapeHtml(text)).not.toMatch(/[<>"']|&(?!(amp|lt|gt|quot|#39);)/);
      }),
    );
  });

  test("is no Markdown: no emphasis, link, code, cell border or HTML", () => {
    expect(escapeMarkdown("a|b *c* _d_ `e` [f](g) <h> ~i~ \\")).toBe(
      "a\\|b \\*c\\* \\_d\\_ \\`e\\` \\[f\\](g) &lt;h&gt; \\~i\\~ \\\\",
    );
    expect(escapeMarkdown("# a")).toBe("\\# a");
    expect(escapeMarkdown("0.02 (+0.01)")).toBe("0.02 (+0.01)");
  });

  test("is no LaTeX: every sign that means something is written as itself", () => {
    expect(escapeLatex("\\a{b}$c&d#e_f%g~h^i")).toBe(
      "\\textbackslash{}a\\{b\\}\\$c\\&d\\#e\\_f\\%g\\textasciitilde{}h\\textasciicircum{}i",
    );
    expect(escapeLatex("91.15 ± 0.41 [91, 92] −0.1")).toBe("91.15 $\\pm$ 0.41 {[}91, 92{]} $-$0.1");
  });

  test("comes back from CSV as it was, unless a spreadsheet would take it for a formula", () => {
    fc.assert(
      fc.property(anyText, anyText, (first, second) => {
        const [record] = parse(`${csvField(first)},${csvField(second)}\r\n`) as string[][];
        const expected = [first, second].map((text) => (/^[=+\-@]/.test(text) ? `'${text}` : text));
        expect(record ?? ["", ""]).toEqual(expected);
      }),
    );
    expect(csvField("=HYPERLINK(1)")).toBe("'=HYPERLINK(1)");
    expect([csvField(-1.5), csvField(null), csvField("")]).toEqual(["-1.5", "", ""]);
  });
});

describe("figures", () => {
  test("have groups of three digits and a sign only where they differ from nothing", () => {
    expect([groupedNumber(35_781.8, 2), groupedNumber(999, 0), groupedNumber(1_234_567.891, 1)]).toEqual([
      "35,781.80",
      "999",
      "1,234,567.9",
    ]);
    expect([0.024, -0.126, 0.004, -0.004].map(signedText)).toEqual(["+0.02", "−0.13", "0.00", "0.00"]);
  });
});

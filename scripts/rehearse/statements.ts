/** Statements of a file of ours: each ends with its line, and a trigger with its `END;`. */
export function statementsOf(sql: string): string[] {
  const statements: string[] = [];
  let open = "";
  for (const whole of sql.split("\n")) {
    const line = whole.replace(/\s*--.*$/, "");
    if (line.trim() === "") continue;
    open += `${line}\n`;
    const isEnd = /^\s*CREATE TRIGGER/i.test(open) ? /^END;/i : /;\s*$/;
    if (!isEnd.test(line)) continue;
    statements.push(open);
    open = "";
  }
  return open.trim() === "" ? statements : [...statements, open];
}

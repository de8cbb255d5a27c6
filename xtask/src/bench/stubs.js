// Stands in front of the worker on workerd alone: bindings that know the link and forget the click.
// KV knows one link; D1 takes every other code for the same.

import Worker from "./index.js";

const kept = __KEPT__;

const rows = (sql) => (sql.startsWith("-- links::find") ? [JSON.parse(kept["code:ada"])] : []);

function prepare(sql) {
  const statement = { bind: () => statement, all: async () => ({ results: rows(sql) }) };
  return statement;
}

const bindings = {
  CLICKS: { send: async () => {} },
  DB: { prepare, batch: async () => [] },
  INSTALLATION_SECRET: "A".repeat(43),
  LINKS: { get: async (key) => kept[key] ?? null, put: async () => {} },
  PUBLIC_URL: "http://127.0.0.1",
};

export default class extends Worker {
  constructor(context) {
    super(context, bindings);
  }
}

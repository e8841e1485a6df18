// Holds the OpenAPI and AsyncAPI documents of these vendors, in this folder, against the specifications: node validate.mjs VENDOR...

import { Parser } from "@asyncapi/parser";
import { Validator } from "@seriousme/openapi-schema-validator";
import { readFileSync } from "node:fs";

const ERROR = 0;
const WARNING = 1;

for (const vendor of process.argv.slice(2)) {
  for (const kind of ["openapi", "receiver"]) {
    const { valid, errors } = await new Validator().validate(JSON.parse(readFileSync(`${vendor}.${kind}.json`, "utf8")));
    if (!valid) throw new Error(`${vendor}.${kind}.json: ${JSON.stringify(errors)}`);
  }
  const { document, diagnostics } = await new Parser().parse(readFileSync(`${vendor}.asyncapi.json`, "utf8"));
  const wrong = diagnostics.filter(({ severity }) => [ERROR, WARNING].includes(severity));
  if (!document || wrong.length > 0) throw new Error(`${vendor}.asyncapi.json: ${JSON.stringify(wrong)}`);
}

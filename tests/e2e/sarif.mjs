// sarif.mjs FILE: exit 0 if the schema of SARIF 2.1.0 accepts it; else says what is wrong, exit 1.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import Ajv from "ajv-draft-04";
import addFormats from "ajv-formats";

const require = createRequire(import.meta.url);
const schema = JSON.parse(await readFile(require.resolve("@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json"), "utf8"));
// Patterns of draft 4 were written before regular expressions knew Unicode.
const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
addFormats(ajv);
const validate = ajv.compile(schema);
const document = JSON.parse(await readFile(process.argv[2], "utf8"));
if (!validate(document)) {
    validate.errors.forEach((error) => console.error(`${error.instancePath}: ${error.message}`));
    process.exitCode = 1;
}

// openapi.mjs FILE: exit 0 if it is a valid OpenAPI document and all of its references lead somewhere; else says what is wrong, exit 1.
import { readFile } from "node:fs/promises";
import { Validator } from "@seriousme/openapi-schema-validator";

const document = JSON.parse(await readFile(process.argv[2], "utf8"));
const validator = new Validator({ strict: false });
const { valid, errors } = await validator.validate(structuredClone(document));
const problems = valid ? [] : [errors].flat().map((error) => (typeof error === "string" ? error : JSON.stringify(error)));

const operationIds = new Set();
function visit(value) {
    if (value === null || typeof value !== "object") return;
    if (typeof value.$ref === "string") {
        const target = value.$ref.replace(/^#\//, "").split("/").reduce((at, name) => at?.[name], document);
        if (target === undefined) problems.push(`${value.$ref} leads nowhere`);
    }
    if (typeof value.operationId === "string") {
        if (operationIds.has(value.operationId)) problems.push(`two operations are called ${value.operationId}`);
        operationIds.add(value.operationId);
    }
    Object.values(value).forEach(visit);
}
visit(document);

if (validator.version !== "3.1") problems.push(`version ${validator.version} instead of 3.1`);
problems.forEach((problem) => console.error(problem));
process.exitCode = problems.length === 0 ? 0 : 1;

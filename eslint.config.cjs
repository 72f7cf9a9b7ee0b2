// What core's own linter refuses (test_lint), in eslint's present format.
const js = require("@eslint/js");
const globals = require("globals");

const missingStatic = (name) => ({
    selector: `ClassDeclaration[superClass.name='Component']:not(:has(ClassBody.body > PropertyDefinition[key.name='${name}'][static='true']))`,
    message: `A component declares static ${name}.`,
});

module.exports = [
    js.configs.recommended,
    {
        files: ["addons/*/static/**/*.js", "tests/*/static/**/*.js"],
        languageOptions: {
            ecmaVersion: 2022,
            sourceType: "module",
            globals: { ...globals.browser, luxon: "readonly", odoo: "readonly" },
        },
        linterOptions: { reportUnusedDisableDirectives: "error" },
        rules: {
            curly: "error",
            eqeqeq: ["error", "always", { null: "ignore" }],
            "no-console": "error",
            "no-duplicate-imports": "error",
            "no-restricted-globals": ["error", "event", "self"],
            "no-restricted-syntax": [
                "error",
                "PrivateIdentifier",
                missingStatic("props"),
                missingStatic("template"),
                {
                    selector: "CallExpression[callee.name='_t'] > :first-child[value=/(.*%s){2,}/]",
                    message: "Name the placeholders: translators reorder them.",
                },
            ],
            "no-unused-vars": ["error", { args: "none", caughtErrors: "all" }],
            "no-var": "error",
            "prefer-const": "error",
        },
    },
];

// require() lets ./store lint keep the plugin outside the checkout (NODE_PATH).
module.exports = {
    plugins: [require.resolve("@prettier/plugin-xml")],
    printWidth: 100,
    tabWidth: 4,
    trailingComma: "es5",
    overrides: [
        {
            files: "*.xml",
            options: { xmlWhitespaceSensitivity: "strict", xmlSelfClosingSpace: true },
        },
    ],
};

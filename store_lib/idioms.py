"""Our own rules that no linter knows: idioms Odoo 19 dropped, methods too long to read."""

import ast
import re

LONGEST = 40  # lines of a method, its docstring included
_LOADED = ("data", "report", "security", "views", "wizards")

# (files, pattern, what to write instead); patterns see one line at a time.
_RULES = [
    ("py", r"\b_sql_constraints\b", "models.Constraint or models.UniqueIndex"),
    ("py xml", r"\bgroups_id\b", "group_ids"),
    ("xml", r"<tree\b", "<list>"),
    ("py", r"""\btype=(['"])json\1""", "type='jsonrpc'"),
    ("py", r"(?<!_)\bread_group\(", "_read_group or formatted_read_group"),
    ("py", r"\bname_get\b", "_compute_display_name"),
    ("py", r"\bodoo\.osv\b", "odoo.fields.Domain"),
    ("py", r"\bself\._(cr|uid|context)\b", "self.env.cr, self.env.uid, self.env.context"),
    ("py", r"\bcr\.commit\(", "leave the transaction to Odoo; a cron has _commit_progress"),
    ("py", r"@unittest\.skip|\bskipTest\(", "a test that runs everywhere"),
    ("py xml js", r"\b(TODO|FIXME|XXX)\b", "do it, or leave it out"),
    ("xml", r"\bt-(raw|esc)=", "t-out"),
    ("xml", r"""\bposition=(['"])replace\1""", "an attribute or an insertion"),
]


def check_unused(modules):
    """Data and view files that neither the manifest nor any program of the module names."""
    findings = []
    for module in modules:
        text = "".join(path.read_text() for path in module.rglob("*.py"))
        findings += [
            f"{path}: nothing loads it"
            for folder in _LOADED
            for path in sorted(module.glob(f"{folder}/**/*"))
            if path.suffix in (".xml", ".csv") and path.name not in text
        ]
    return findings


def check(files):
    """Findings over the files, each `path:line: what`."""
    findings = []
    for path in files:
        text = path.read_text()
        findings += _match_lines(path, text)
        if path.suffix == ".py":
            findings += _find_long_methods(path, text)
    return findings


def _match_lines(path, text):
    rules = [
        (re.compile(rule), hint) for kinds, rule, hint in _RULES if path.suffix[1:] in kinds.split()
    ]
    return [
        f"{path}:{number}: write {hint}: {line.strip()}"
        for number, line in enumerate(text.splitlines(), 1)
        for rule, hint in rules
        if rule.search(line)
    ]


def _find_long_methods(path, text):
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, functions) and node.end_lineno - node.lineno >= LONGEST:
            yield f"{path}:{node.lineno}: {node.name} is longer than {LONGEST} lines"

"""defer_imports.py FOLDER FILE LINE…: moves import statements of a module into the functions that use them.

Prints JSON: for each line the rewritten file, or the reason why it isn't certain that the function would do the same;
under "together" the file with all of those moved. It parses; it never runs what it reads.

A statement is moved only if every name that it binds is used inside of functions alone, is bound nowhere else, and
isn't what another module of the folder takes from here.
"""

import ast
import json
import os
import sys
import symtable

LARGEST_BYTES = 1024 * 1024
MOST_FILES = 2000
SEES_EVERYTHING = {"globals", "vars", "locals", "eval", "exec", "dir"}
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


class Stays(Exception):
    """Why a statement isn't moved, as a sentence."""


def bound_name(alias):
    return alias.asname or alias.name.split(".")[0]


def find_statement(tree, line):
    for node in tree.body:
        if isinstance(node, (ast.Import, ast.ImportFrom)) and node.lineno <= line <= node.end_lineno:
            return node
    raise Stays("the statement isn't at the top level of the module, or stands in a condition")


def check_form(node, source_lines):
    if isinstance(node, ast.ImportFrom) and (node.module == "__future__" or any(a.name == "*" for a in node.names)):
        raise Stays("what it binds isn't said in the statement")
    text = source_lines[node.lineno - 1]
    last = source_lines[node.end_lineno - 1]
    if text[: node.col_offset].strip() or last[node.end_col_offset :].split("#")[0].strip():
        raise Stays("another statement stands on its line")


def outermost_functions(tree):
    """Those that no other function is around, methods among them."""
    found = []

    def walk(node):
        for child in ast.iter_child_nodes(node):
            if isinstance(child, FUNCTIONS):
                found.append(child)
            elif not isinstance(child, ast.Lambda):
                walk(child)

    walk(tree)
    return found


def uses_outside_of_bodies(tree, functions, names):
    """Lines on which a name is used when the module is loaded: decorators, defaults and annotations among them."""
    inside = set()
    for function in functions:
        for statement in function.body:
            inside.update(id(node) for node in ast.walk(statement))
    return [node.lineno for node in ast.walk(tree)
            if isinstance(node, ast.Name) and node.id in names and id(node) not in inside]


def table_of(tables, function):
    for table in tables:
        if table.get_type() == "function" and table.get_name() == function.name and table.get_lineno() in (
                function.lineno, *(d.lineno for d in function.decorator_list)):
            return table
    return None


def all_tables(table):
    for child in table.get_children():
        yield child
        yield from all_tables(child)


def takes_from_module(table, name):
    """Does this function, or one within it, mean the module's own name?"""
    for scope in (table, *all_tables(table)):
        try:
            symbol = scope.lookup(name)
        except KeyError:
            continue
        if symbol.is_declared_global():
            raise Stays(f"a function declares {name} global")
        if symbol.is_global() and symbol.is_referenced():
            return True
    return False


def check_bindings(tree, node, names):
    for other in ast.walk(tree):
        if isinstance(other, (ast.Import, ast.ImportFrom)) and other is not node:
            again = names & {bound_name(alias) for alias in other.names}
            if again and other in tree.body:
                raise Stays(f"{sorted(again)[0]} is imported by another statement too")
        if isinstance(other, ast.Name) and other.id in names and not isinstance(other.ctx, ast.Load):
            raise Stays(f"{other.id} is assigned to elsewhere")
        if isinstance(other, ast.Name) and other.id in SEES_EVERYTHING:
            raise Stays(f"the module uses {other.id}(), which sees all of its names")
        if isinstance(other, ast.Constant) and isinstance(other.value, str) and other.value in names:
            raise Stays(f"the name {other.value} stands in a text, as in __all__")


def own_sources(folder, without):
    count = 0
    for place, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if name not in ("node_modules", "site-packages", "__pycache__", ".git")]
        for name in files:
            path = os.path.join(place, name)
            count += 1
            if count > MOST_FILES:
                raise Stays("the function has too many files to look through")
            if name.endswith(".py") and path != without and not os.path.islink(path) and os.path.getsize(path) <= LARGEST_BYTES:
                yield path


def check_others(folder, path, names):
    """Another module may take a name from here, as mod.name or by `from mod import name`."""
    relative = os.path.relpath(path, folder)[: -len(".py")].replace(os.sep, ".")
    module = (relative[: -len(".__init__")] if relative.endswith(".__init__") else relative).rpartition(".")[2]
    for other in own_sources(folder, path):
        try:
            with open(other, encoding="utf-8") as file:
                tree = ast.parse(file.read())
        except (OSError, ValueError, SyntaxError):
            continue
        imports_it = False
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom):
                taken = {alias.name for alias in node.names}
                if (node.module or "").rpartition(".")[2] == module and (taken & names or "*" in taken):
                    raise Stays(f"{os.path.relpath(other, folder)} takes it from here")
                imports_it |= module in taken
            elif isinstance(node, ast.Import):
                imports_it |= any(alias.name.rpartition(".")[2] == module for alias in node.names)
        if imports_it and any(isinstance(n, ast.Attribute) and n.attr in names for n in ast.walk(tree)):
            raise Stays(f"{os.path.relpath(other, folder)} may take it from here")


def statement_for(node, aliases):
    if isinstance(node, ast.Import):
        moved = ast.Import(names=aliases)
    else:
        moved = ast.ImportFrom(module=node.module, names=aliases, level=node.level)
    return ast.unparse(ast.fix_missing_locations(moved))


def contains(node, names):
    return any(isinstance(inner, ast.Name) and inner.id in names for inner in ast.walk(node))


def only_branch(statement, names):
    """The branch of a condition, or the block of a `with`, in which alone names are used; None: it is used elsewhere."""
    if isinstance(statement, ast.If):
        blocks, head = [statement.body, statement.orelse], [statement.test]
    elif isinstance(statement, (ast.With, ast.AsyncWith)):
        blocks, head = [statement.body], statement.items
    else:
        return None
    used = [block for block in blocks if any(contains(inner, names) for inner in block)]
    if len(used) != 1 or any(contains(part, names) for part in head):
        return None
    # Nothing can stand before an elif, nor before what follows a colon on its line.
    first = used[0][0]
    is_elif = isinstance(first, ast.If) and first.col_offset == statement.col_offset
    return None if is_elif or first.lineno == statement.lineno else used[0]


def first_use(block, names):
    """The statement before which names are bound in time for all that use them, and as late as can be."""
    using = [statement for statement in block if contains(statement, names)]
    if len(using) == 1:
        branch = only_branch(using[0], names)
        if branch is not None:
            return first_use(branch, names)
    return using[0]


def place_in(function, names, source_lines):
    """(line, indentation) before which a statement is put."""
    place = first_use(function.body, names)
    line = min([place.lineno, *(d.lineno for d in getattr(place, "decorator_list", []))])
    indentation = source_lines[line - 1][: len(source_lines[line - 1]) - len(source_lines[line - 1].lstrip())]
    text = source_lines[line - 1].encode()
    column = place.col_offset - (1 if text[: place.col_offset].endswith(b"@") else 0)
    if text[:column].strip() and not text[:column].strip().startswith(b"@"):
        raise Stays(f"line {line} has more than one statement")
    return line, indentation


def plan_edit(tree, tables, source_lines, node):
    """(first and last line to leave out, {line: [statement, …]})"""
    names = {bound_name(alias) for alias in node.names}
    functions = outermost_functions(tree)
    check_bindings(tree, node, names)
    outside = uses_outside_of_bodies(tree, functions, names)
    if outside:
        raise Stays(f"line {outside[0]} uses it when the module is loaded")
    inserts = {}
    for function in functions:
        table = table_of(tables, function)
        if table is None:
            raise Stays(f"{function.name} can't be told from another function")
        aliases = [alias for alias in node.names if takes_from_module(table, bound_name(alias))]
        if aliases:
            line, indentation = place_in(function, {bound_name(alias) for alias in aliases}, source_lines)
            inserts.setdefault(line, []).append(indentation + statement_for(node, aliases) + "\n")
    return (node.lineno, node.end_lineno), inserts


def apply_edits(source_lines, edits):
    gone = set()
    inserts = {}
    for (first, last), more in edits:
        gone.update(range(first, last + 1))
        for line, statements in more.items():
            inserts.setdefault(line, []).extend(statements)
    out = []
    for number, line in enumerate(source_lines, 1):
        out += inserts.get(number, [])
        if number not in gone:
            out.append(line)
    text = "".join(out)
    ast.parse(text)
    return text


def defer(folder, path, lines):
    if os.path.getsize(path) > LARGEST_BYTES:
        raise Stays("the file is too large")
    with open(path, encoding="utf-8", newline="") as file:
        source = file.read()
    tree = ast.parse(source)
    source_lines = source.splitlines(keepends=True)
    tables = list(all_tables(symtable.symtable(source, path, "exec")))
    result, edits = {}, []
    for line in lines:
        try:
            node = find_statement(tree, line)
            check_form(node, source_lines)
            edit = plan_edit(tree, tables, source_lines, node)
            check_others(folder, path, {bound_name(alias) for alias in node.names})
            result[str(line)] = {"source": apply_edits(source_lines, [edit])}
            if edit not in edits:
                edits.append(edit)
        except Stays as reason:
            result[str(line)] = {"reason": str(reason)}
    return {"lines": result, "together": apply_edits(source_lines, edits) if edits else None}


def main(folder, file, *lines):
    sys.setrecursionlimit(5000)
    try:
        answer = defer(folder, os.path.join(folder, file), [int(line) for line in lines])
    except (Stays, OSError, ValueError, SyntaxError, RecursionError, MemoryError) as error:
        answer = {"lines": {line: {"reason": str(error)} for line in lines}, "together": None}
    print(json.dumps(answer))


if __name__ == "__main__":
    main(*sys.argv[1:])

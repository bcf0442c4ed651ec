"""An import contract: a room is entered by its front door, ``__init__.py``; what is inside is its own affair."""

from __future__ import annotations

from grimp import ImportGraph  # noqa: TC002 - read at run time by import-linter
from importlinter import Contract, ContractCheck, output


class FrontDoors(Contract):
    """Breaks for an import that reaches past a package's ``__init__`` from outside the package."""

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """Look at every import of the graph."""
        packages = {module for module in graph.modules if graph.find_children(module)}
        reached = [
            (importer, imported)
            for importer in sorted(graph.modules)
            for imported in sorted(graph.find_modules_directly_imported_by(importer))
            if imported not in packages and not _is_inside(importer, imported.rpartition(".")[0])
        ]
        return ContractCheck(kept=not reached, metadata={"reached": reached})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Name every import that reaches past a front door."""
        for importer, imported in check.metadata["reached"]:
            room = imported.rpartition(".")[0]
            output.print_error(f"{importer} imports {imported}: take what {room} names in its __init__.py")


def _is_inside(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")

"""A graph of CASE/UCO objects as JSON-LD (CASE 1.5, UCO 1.5): nodes with names that are the same in every export.

An object's name is a UUID made of the ledger and of what it stands for (RFC 9562, section 5.5).
"""

import re
from collections.abc import Mapping
from typing import TypeAlias
from uuid import NAMESPACE_URL, uuid5

from casedb.records import Instant
from report.escape import visible

Node: TypeAlias = dict[str, object]

CONTEXT = {
    "case-investigation": "https://ontology.caseontology.org/case/investigation/",
    "uco-action": "https://ontology.unifiedcyberontology.org/uco/action/",
    "uco-core": "https://ontology.unifiedcyberontology.org/uco/core/",
    "uco-identity": "https://ontology.unifiedcyberontology.org/uco/identity/",
    "uco-location": "https://ontology.unifiedcyberontology.org/uco/location/",
    "uco-observable": "https://ontology.unifiedcyberontology.org/uco/observable/",
    "uco-tool": "https://ontology.unifiedcyberontology.org/uco/tool/",
    "uco-types": "https://ontology.unifiedcyberontology.org/uco/types/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_HEX = re.compile(r"(?:[0-9a-fA-F]{2})+")
_METHODS = {"md5": "MD5", "sha1": "SHA1", "sha256": "SHA256", "sha512": "SHA512"}


class CaseGraph:
    """The objects of one export, each once."""

    def __init__(self, ledger_id: str) -> None:
        self._ledger_id = ledger_id
        self._nodes: dict[str, Node] = {}

    def add(self, key: str, kind: str, properties: Mapping[str, object]) -> Node:
        """Add an object of this class (`prefix:Name`) and give what refers to it; what is empty is left out.

        `key` says what it stands for; a second object of the same key is the first one.
        """
        name = self._name(key)
        if name not in self._nodes:
            kept = {label: value for label, value in properties.items() if value not in (None, [], "")}
            self._nodes[name] = {"@id": name, "@type": kind, **kept}
        return {"@id": name}

    def known(self, key: str) -> Node | None:
        """What refers to the object of this key, None where there is none."""
        name = self._name(key)
        return {"@id": name} if name in self._nodes else None

    def _name(self, key: str) -> str:
        """The name of what this key says; halves of characters are spelled out."""
        spelled = f"diskwitness:{self._ledger_id}/{key}".encode("utf-8", "backslashreplace")
        return f"urn:uuid:{uuid5(NAMESPACE_URL, spelled.decode())}"

    def hashes(self, key: str, digests: Mapping[str, str]) -> list[Node]:
        """Digests as hashes; what is no hexadecimal text is none."""
        return [
            self.add(
                f"{key}/hash/{name}",
                "uco-types:Hash",
                {
                    "uco-types:hashMethod": _METHODS.get(name, visible(name)),
                    "uco-types:hashValue": {"@type": "xsd:hexBinary", "@value": value.upper()},
                },
            )
            for name, value in digests.items()
            if _HEX.fullmatch(value)
        ]

    def note(self, key: str, name: str, statements: list[str], about: list[Node]) -> Node:
        """What is said of other objects and has no property of its own."""
        said = {
            "uco-core:name": visible(name),
            "uco-core:statement": [visible(item) for item in statements],
            "uco-core:object": about,
        }
        return self.add(key, "uco-core:Annotation", said)

    @property
    def nodes(self) -> list[Node]:
        """All objects, in the order in which they were added."""
        return list(self._nodes.values())

    @property
    def references(self) -> list[Node]:
        """What refers to every object that can stand for itself: hashes and facets belong to others."""
        apart = ("Facet", ":Hash", ":Investigation")
        return [{"@id": node["@id"]} for node in self.nodes if not str(node["@type"]).endswith(apart)]


def moment(instant: Instant | None) -> Node | None:
    """An instant as a literal, with its offset."""
    return None if instant is None else {"@type": "xsd:dateTime", "@value": str(instant)}


def shown(text: str | None) -> str | None:
    """A text as it is printed, None where there is none."""
    return visible(text) if text and text.strip() else None

"""What may be added to an issued report by signing it, in the terms of pyHanko's difference analysis.

The analysis is made for what comes behind a signature, where there is a form already. A report may be issued
without one: then the whole form is new, and its rules begin with an empty one.
"""

from collections.abc import Iterable

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import HistoricalResolver, RawPdfPath
from pyhanko.sign.diff_analysis import (
    CatalogModificationRule,
    DocInfoRule,
    DSSCompareRule,
    FormUpdatingRule,
    GenericFieldModificationRule,
    MetadataUpdateRule,
    ModificationLevel,
    ObjectStreamRule,
    SigFieldCreationRule,
    SigFieldModificationRule,
    StandardDiffPolicy,
    SuspiciousModification,
    XrefStreamRule,
)
from pyhanko.sign.diff_analysis.commons import compare_key_refs
from pyhanko.sign.diff_analysis.constants import (
    ACROFORM_EXEMPT_STRICT_COMPARISON,
    ROOT_EXEMPT_STRICT_COMPARISON,
)
from pyhanko.sign.diff_analysis.form_rules_api import FieldComparisonContext, FieldComparisonSpec, FormUpdate

from report.signing.objects import entry, items

FORM = "/AcroForm"
PERMISSIONS = "/Perms"
"""Names the signature that certifies; it is put in with it (ISO 32000-1, table 258)."""

SIGNED = "/SigFlags"
"""Says that the form holds signatures (ISO 32000-1, table 219)."""

FORM_KEYS = frozenset({"/Fields", SIGNED, "/DR", "/DA"})


class IssuedFormRule(FormUpdatingRule):
    """The form of an issued report: fields for signatures may be added and filled."""

    def apply(
        self, old: HistoricalResolver, new: HistoricalResolver
    ) -> Iterable[tuple[ModificationLevel, FormUpdate]]:
        """What of the form's changes is explained.

        Raises:
            SuspiciousModification: a change that no signature needs.
        """
        if FORM in old.root:
            yield from super().apply(old, new)
        elif FORM in new.root:
            yield from self._added(old, new)

    def _added(
        self, old: HistoricalResolver, new: HistoricalResolver
    ) -> Iterable[tuple[ModificationLevel, FormUpdate]]:
        """A form where there was none."""
        form = new.root[FORM]
        if not isinstance(form, generic.DictionaryObject) or not set(form) <= FORM_KEYS:
            raise SuspiciousModification("a form was added that is more than signatures need")
        for holder, key in ((new.root, FORM), (form, "/Fields"), (form, "/DR")):
            for reference in compare_key_refs(key, old, generic.DictionaryObject(), holder):
                yield ModificationLevel.LTA_UPDATES, FormUpdate(updated_ref=reference, field_name=None)
        context = FieldComparisonContext(dict(_fields(form)), old, new)
        for rule in self.field_rules:
            yield from rule.apply(context)


def _fields(form: generic.DictionaryObject) -> Iterable[tuple[str, FieldComparisonSpec]]:
    """The fields of a new form, each new."""
    fields = items(form, "/Fields")
    for index in range(len(fields)):
        raw = fields.raw_get(index)
        field = raw.get_object()
        if not isinstance(raw, generic.IndirectObject) or not isinstance(field, generic.DictionaryObject):
            raise SuspiciousModification("a field was added that is none")
        name = str(entry(field, "/T") or "")
        yield name, FieldComparisonSpec(str(entry(field, "/FT") or ""), None, raw.reference, _path(index))


def _path(index: int) -> RawPdfPath:
    """Where a field stands in the form."""
    return RawPdfPath("/Root", FORM, "/Fields", index)


_AT_LAST = ModificationLevel.LTA_UPDATES
_RULES = (DocInfoRule(), XrefStreamRule(), ObjectStreamRule(), DSSCompareRule(), MetadataUpdateRule())

POLICY = StandardDiffPolicy(
    global_rules=[
        CatalogModificationRule(ROOT_EXEMPT_STRICT_COMPARISON | {PERMISSIONS}),
        *(rule.as_qualified(_AT_LAST) for rule in _RULES),
    ],
    form_rule=IssuedFormRule(
        [SigFieldCreationRule(), SigFieldModificationRule(), GenericFieldModificationRule()],
        ACROFORM_EXEMPT_STRICT_COMPARISON | {SIGNED},
    ),
)
"""pyHanko's default rules; beside them the name of the certifying signature, and a form where there was none."""

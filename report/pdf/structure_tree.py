"""The structure of a document as the objects that a PDF keeps it in (ISO 32000-1, 14.7.2 to 14.7.4, 12.7.4.5)."""

from collections.abc import Sequence

from pikepdf import Array, Dictionary, Name, Object, Pdf, String

from report.pdf.structure import Box, Element, Mark, SignatureField

_PRINTED = 4


def add_structure(
    pdf: Pdf, root: Element, marks: Sequence[Sequence[Element]], fields: Sequence[SignatureField]
) -> None:
    """Give the document its structure; `marks` holds for each page the elements of its marked content."""
    writer = _TreeWriter(pdf)
    tree = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
    tree.K = writer.element(root, tree)
    numbers = Array()
    for index, (page, elements) in enumerate(zip(pdf.pages, marks, strict=False)):
        page.obj.StructParents = index
        page.obj.Tabs = Name.S
        numbers.append(index)
        numbers.append(pdf.make_indirect(Array([writer.made[element] for element in elements])))
    for index, field in enumerate(fields, start=len(pdf.pages)):
        numbers.append(index)
        numbers.append(writer.made[field.element])
        writer.add_field(field, index)
    tree.ParentTree = pdf.make_indirect(Dictionary(Nums=numbers))
    tree.ParentTreeNextKey = len(pdf.pages) + len(fields)
    pdf.Root.StructTreeRoot = tree
    pdf.Root.MarkInfo = Dictionary(Marked=True)


class _TreeWriter:
    """Makes the objects of one document; `made` finds that of each element."""

    def __init__(self, pdf: Pdf) -> None:
        self._pdf = pdf
        self._pages = [page.obj for page in pdf.pages]
        self.made: dict[Element, Object] = {}

    def element(self, element: Element, parent: Object) -> Object:
        """The object of an element and of all below it; those that hold nothing are left out, cells excepted."""
        made = self._pdf.make_indirect(Dictionary(S=Name("/" + element.tag), P=parent))
        self.made[element] = made
        page = next((kid.page_index for kid in element.kids if isinstance(kid, Mark)), None)
        if page is not None:
            made.Pg = self._pages[page]
        kids = [kid for item in element.kids if (kid := self._kid(item, made, page)) is not None]
        if kids:
            made.K = kids[0] if len(kids) == 1 else Array(kids)
        if element.alternative is not None:
            made.Alt = String(element.alternative)
        attributes = _attributes(element)
        if attributes is not None:
            made.A = attributes
        return made

    def _kid(self, kid: Element | Mark, parent: Object, page: int | None) -> Object | int | None:
        """What stands for a child in its parent's list."""
        if isinstance(kid, Element):
            return self.element(kid, parent) if _holds_something(kid) else None
        if kid.page_index == page:
            return kid.number
        return Dictionary(Type=Name.MCR, Pg=self._pages[kid.page_index], MCID=kid.number)

    def add_field(self, field: SignatureField, number: int) -> None:
        """An empty signature field with its place on the page."""
        page = self._pages[field.page_index]
        widget = self._pdf.make_indirect(_widget(self._pdf, field, number))
        widget.P = page
        self._append(page, "/Annots", widget)
        if "/AcroForm" not in self._pdf.Root:
            self._pdf.Root.AcroForm = self._pdf.make_indirect(Dictionary(Fields=Array()))
        self._pdf.Root.AcroForm.Fields.append(widget)
        form = self.made[field.element]
        form.Pg = page
        form.K = Dictionary(Type=Name.OBJR, Obj=widget)

    def _append(self, page: Object, key: str, value: Object) -> None:
        """Put a value at the end of a list of the page."""
        if key not in page:
            page[key] = Array()
        page[key].append(value)


def _holds_something(element: Element) -> bool:
    """Whether an element belongs into the tree."""
    return bool(element.kids) or element.tag in {"TD", "TH", "Form"}


def _attributes(element: Element) -> Dictionary | None:
    """For which cells a head speaks, or where a figure stands."""
    if element.scope is not None:
        return Dictionary(O=Name.Table, Scope=Name("/" + element.scope.value))
    if element.box is not None:
        return Dictionary(O=Name.Layout, BBox=_rectangle(element.box), Placement=Name.Block)
    return None


def _widget(pdf: Pdf, field: SignatureField, number: int) -> Dictionary:
    """The field and its place in one object, empty until somebody signs."""
    left, lower, right, upper = field.box
    look = pdf.make_stream(
        b"", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, right - left, upper - lower])
    )
    look.Resources = Dictionary()
    return Dictionary(
        Type=Name.Annot,
        Subtype=Name.Widget,
        FT=Name.Sig,
        T=String(field.name),
        TU=String(field.tooltip),
        F=_PRINTED,
        Rect=_rectangle(field.box),
        AP=Dictionary(N=look),
        StructParent=number,
    )


def _rectangle(box: Box) -> Array:
    """Edges as a PDF array, to a thousandth of a point."""
    return Array([_number(edge) for edge in box])


def _number(value: float) -> Object:
    """A length."""
    return Object.parse(f"{value:.3f}".encode())

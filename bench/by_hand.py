"""The same work with a web form, a spreadsheet and a mail program, step by step.

Assumed is somebody practised, with good tools: a form service that fills a sheet, a mail merge that
sends one mail to each line, a word processor; nothing is done in a roundabout way, and scrolling,
looking and switching windows cost nothing. A click is a link, button, menu entry, ticked box,
selected cell or range, or paste; a typed field is one cell or one field, whatever its length. What
isn't done there at all (a mail that proves the address, a notice of the decision, a trace of
who decided) is not added up, but named in `LEFT_OUT`.
"""

from bench.person import Effort

STEPS: dict[str, list[tuple[str, int, int]]] = {
    "invite": [
        ("open the mail merge, choose the sheet and the column of addresses", 3, 0),
        ("write subject and text with the link to the form", 0, 2),
        ("look at the preview, send, say yes", 3, 0),
    ],
    "sign": [
        ("open the link in the mail", 1, 0),
        ("organisation, website, name, role, e-mail", 0, 5),
        ("country from a list, authority ticked, send", 3, 0),
    ],
    "approve one": [
        ("open the website to see whether the address is theirs", 1, 0),
        ("look for the name in the sheet: is it there twice?", 0, 1),
        ("mark the line as approved", 1, 1),
        ("tell the signer: open a template, choose the address, send", 3, 0),
    ],
    "approve 100": [
        ("open 100 websites to see whether the addresses are theirs", 100, 0),
        ("let a formula mark names that are there twice", 2, 1),
        ("mark the lines as approved: write once, fill down", 2, 1),
        ("tell the signers by mail merge: choose template and filter, send, say yes", 4, 0),
    ],
    "who has not answered": [
        ("a column in the sheet of invitees looks each address up among the answers", 2, 1),
        ("filter by what it did not find", 3, 0),
        ("who answered from another address: five of a hundred found by name and marked", 15, 15),
    ],
    "chase": [
        ("open the mail merge on the filtered lines, choose column and template", 4, 0),
        ("subject and text of the reminder", 0, 2),
        ("look at the preview, send, say yes", 3, 0),
    ],
    "final PDF": [
        ("filter the approved lines, sort by name, select, copy", 5, 0),
        ("paste without format, set two columns, a style for the list", 5, 0),
        ("save as PDF with a name", 3, 1),
    ],
}

LEFT_OUT = (
    "No mail proves that a signer's address is theirs.",
    "Promises and refusals by mail are entered by hand: not counted.",
    "Names are corrected in the document by hand: not counted.",
    "Reminders leave only when somebody thinks of them.",
)


def effort(*names: str) -> Effort:
    steps = [step for name in names for step in STEPS[name]]
    return Effort(sum(step[1] for step in steps), sum(step[2] for step in steps))

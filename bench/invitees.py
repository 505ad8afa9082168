"""The 500 invitees of the campaign: their names and addresses, and what each of them will do."""

from io import BytesIO

import xlsxwriter

COUNTRIES = ("Norway", "Germany", "Georgia", "Poland", "Tunisia", "Ukraine", "France", "Sweden")
# Named so that no two look alike to the duplicate finder.
PLACES = ("Ardal", "Borun", "Celje", "Dovre", "Elva", "Fjord", "Gdov", "Horten", "Ilza", "Jelsa")
CAUSES = (
    *("Radio", "Water", "Forest", "Prison", "School", "Harbour", "Market", "Bridge", "Archive"),
    *("Theatre", "Hospital", "Railway", "Village", "Women", "Youth", "Farmers", "Miners"),
    *("Teachers", "Lawyers", "Doctors", "Writers", "Printers", "Sailors", "Weavers", "Bakers"),
    *("Painters", "Drivers", "Nurses", "Tenants", "Students", "Hunters", "Bees", "Rivers"),
    *("Mountains", "Islands", "Marsh", "Coast", "Valley", "Border", "Language", "Memory"),
    *("Music", "Chess", "Cinema", "Football", "Climate", "Energy", "Housing", "Privacy", "Peace"),
)
BAD_ROWS = (
    ("No Address", "", "Norway", ""),
    ("Not An Address", "vera at valley.example", "Norway", ""),
    ("Two Addresses", "a@two.example, b@two.example", "Norway", ""),
    ("Radio Ardal 000", "office@org000.example", "Norway", ""),
)

# Who of the 500 does what; the rest never answers.
BOUNCE = range(20)
PRESS_ONCE = range(20, 220)
PROMISE = range(220, 260)
KEPT = PROMISE[: len(PROMISE) * 3 // 4]
DECLINE = range(260, 300)
FREE_MAIL = range(300, 330)
AFTER_BY_HAND = range(330, 380)
AFTER_REMINDER = range(380, 430)
SILENT = range(430, 500)
INVITED = range(500)
UNKNOWN = range(500, 510)  # found the public page by themselves


def name(number: int) -> str:
    return f"{CAUSES[number // 10 % len(CAUSES)]} {PLACES[number % 10]} {number:03}"


def address(number: int) -> str:
    return f"office@org{number:03}.example"


def free_address(number: int) -> str:
    return f"person{number:03}@gmail.com"


def spreadsheet() -> bytes:
    """500 invitees as a coalition's circulation list has them, and some lines with mistakes."""
    kept = BytesIO()
    with xlsxwriter.Workbook(kept) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ("Organisation", "E-mail", "Country", "Website", "Name", "Role"))
        rows = [
            (name(n), address(n), COUNTRIES[n % len(COUNTRIES)], f"https://org{n:03}.example")
            for n in INVITED
        ]
        for line, row in enumerate([*rows, *BAD_ROWS], start=1):
            sheet.write_row(line, 0, (*row, f"Person {line - 1}", "Director"))
    return kept.getvalue()
